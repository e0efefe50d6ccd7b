"""The pages of systems change: what each reader sees, and what she can do there."""

from __future__ import annotations

import csv
import io

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from agenda import when
from ciforum.people.models import Place
from ciforum.people.words import Words
from measurement.models import SystemsShift
from measurement.shifting import shift_log
from tests import builders
from tests import shifts_building as building


@pytest.fixture
def claim(initiative, backbone):
    return building.a_claim(initiative, backbone, level="relational", kind="power")


@pytest.fixture
def seat(initiative):
    return building.a_resident_seat(initiative)


def url(name, initiative, *args):
    return reverse(f"measurement:{name}", args=[initiative.slug, *args])


def text(response):
    return response.content.decode()


# --- who reads what


def test_what_is_hoped_for_is_for_members(client, login, initiative, backbone, resident):
    shift = building.a_shift(initiative, backbone)
    page = url("shift", initiative, shift.uid)

    assert client.get(page).status_code == 404
    assert "Doulas" not in text(client.get(url("shifts", initiative)))
    assert "Doulas" not in text(client.get(url("shifts_csv", initiative)))
    assert "Doulas" not in text(client.get(url("shift_timeline", initiative)))
    assert login(resident.user).get(page).status_code == 200
    assert "Doulas" in text(login(resident.user).get(url("shifts", initiative)))


def test_a_claim_is_public_and_says_that_it_is_not_confirmed(client, initiative, claim):
    page = text(client.get(url("shift", initiative, claim.uid)))

    assert "Claimed, not yet confirmed" in page
    assert "Only those who could pay had a doula." in page
    assert "The state pays every doula" in page


def test_a_disagreement_stands_on_the_public_page_with_its_answer(
    client, initiative, claim, seat, backbone
):
    seat.prefer(by=seat.holder.user, shown_as="A mother of two", channel="email", language="en")
    said = building.says(claim, seat, "no", "The nurses still decide alone.")
    said.reply(answer=Words(en="The ward was left out; it is next."), by=backbone.user)

    page = text(client.get(url("shift", initiative, claim.uid)))

    assert "The nurses still decide alone." in page
    assert "A mother of two" in page
    assert seat.holder.user.name not in page
    assert "The ward was left out" in page


def test_a_withdrawn_shift_leaves_the_reason_and_no_words(
    client, login, initiative, claim, backbone
):
    claim.withdraw(reason=Words(en="It was a pilot that ended."), by=backbone.user)
    page = url("shift", initiative, claim.uid)

    outside = text(client.get(page))

    assert "It was a pilot that ended." in outside
    assert "doula" not in outside.lower()
    assert "doula" in text(login(backbone.user).get(page)).lower()
    assert "Doulas" not in text(client.get(url("shifts", initiative)))


def test_only_public_measures_are_named_outside(client, login, initiative, claim, backbone):
    hidden = builders.an_indicator(initiative, name="A secret measure")
    claim.aim(indicators=[hidden], by=backbone.user)
    page = url("shift", initiative, claim.uid)

    assert "A secret measure" not in text(client.get(page))
    assert "A secret measure" not in text(client.get(url("shifts", initiative)))
    assert "A secret measure" in text(login(backbone.user).get(page))


def test_the_ledger_of_the_gate_is_for_members(client, login, initiative, claim, backbone):
    page = url("shift", initiative, claim.uid)

    assert "What the rules say now" not in text(client.get(page))
    assert "What the rules say now" in text(login(backbone.user).get(page))


# --- grid, list, timeline, file


def test_the_grid_counts_by_strategy_and_level_and_links_the_list(client, initiative, backbone):
    building.confirmed(initiative, backbone, level="relational", strategies=[2, 3])
    building.a_claim(initiative, backbone, level="relational", strategies=[3])
    building.a_shift(initiative, backbone, level="transformative", strategies=[3])
    disputed = building.a_claim(initiative, backbone, strategies=[1])
    disputed.dispute(reason=Words(en="Not so."), by=backbone.user)

    counted = {
        (row.strategy, box.level): (box.confirmed, box.claimed, box.heat)
        for row in shift_log.grid(initiative)
        for box in row.boxes
        if box.total
    }

    assert counted == {(2, "relational"): (1, 0, 3), (3, "relational"): (1, 1, 6)}
    page = text(client.get(url("shifts", initiative)))
    assert "?strategy=3&amp;level=relational#list" in page
    assert "1 confirmed, 1 claimed" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("level=relational", {"Trust"}),
        ("kind=policy", {"Rule"}),
        ("strategy=3", {"Trust"}),
        ("strategy=2&level=structural", {"Rule"}),
        ("state=claimed", {"Rule", "Trust"}),
        ("state=confirmed", set()),
        ("year=2020", {"Rule"}),
        ("place=eastgate", {"Trust"}),
        ("indicator=births", {"Rule"}),
        ("level=nonsense&year=abc", {"Rule", "Trust"}),
        ("state=hoped_for", {"Rule", "Trust"}),  # no choice of hers, so not asked
    ],
)
def test_filters_narrow_list_timeline_and_file(client, initiative, backbone, partner, query, found):
    indicator = builders.an_indicator(initiative, slug="births")
    builders.approved(indicator, partner, backbone, {(2020, "Eastgate"): (620, 10510)})
    builders.a_release(indicator, backbone, ready=True).publish(by=backbone.user)
    place = Place.objects.get(initiative=initiative, code="eastgate")
    building.a_claim(
        initiative, backbone, title=Words(en="Rule"), since=when.read("2020"),
        indicators=[indicator],
    )  # fmt: skip
    building.a_claim(
        initiative, backbone, title=Words(en="Trust"), level="relational", kind="relationship",
        strategies=[3], since=when.read("2022"), places=[place],
    )  # fmt: skip

    for name in ("shifts", "shift_timeline", "shifts_csv"):
        page = text(client.get(url(name, initiative) + f"?{query}"))
        shown = {w for w in ("Rule", "Trust") if f">{w}</a>" in page or f"\n{w}," in page}
        assert shown == found, name


def test_the_file_has_a_row_for_each_and_no_formula(client, initiative, backbone, seat):
    shift = building.a_claim(initiative, backbone, title=Words(en="=cmd()"), level="relational")
    building.evidence(shift, backbone)
    building.says(shift, seat)

    rows = list(
        csv.reader(
            io.StringIO(client.get(url("shifts_csv", initiative)).content.decode("utf-8-sig"))
        )
    )

    assert len(rows) == 2
    assert rows[1][0] == "'=cmd()"
    assert rows[1][7] == "2024"
    assert "Documented: The rule in force." in rows[1]
    assert seat.public_name not in ",".join(rows[1])


def test_the_timeline_goes_by_year_newest_first(initiative, backbone):
    for year in ("2019", "2022-05", "2022"):
        building.a_claim(initiative, backbone, since=when.read(year))
    building.a_shift(initiative, backbone, since=None)

    found = shift_log.found(initiative, backbone, shift_log.Asked())
    years = shift_log.years(found)

    assert [(each.year, len(each.shifts)) for each in years if each.year] == [(2022, 2), (2019, 1)]
    assert sum(each.year is None for each in years) == 1


def test_lists_ask_as_many_questions_for_three_as_for_one(
    client, initiative, backbone, django_assert_max_num_queries
):
    def asked(name):
        with django_assert_max_num_queries(60) as seen:
            client.get(url(name, initiative))
        return len(seen)

    building.a_claim(initiative, backbone)
    before = {name: asked(name) for name in ("shifts", "shift_timeline", "shifts_csv")}
    for _each in range(2):
        building.evidence(building.a_claim(initiative, backbone), backbone)

    assert {name: asked(name) for name in before} == before


# --- doing


def test_from_writing_it_down_to_a_confirmation(login, initiative, backbone, seat):
    member = builders.a_member(initiative, "partner")
    writes, staff, resident = login(member.user), login(backbone.user), login(seat.holder.user)
    committee = login(builders.a_member(initiative, "committee").user)
    filled = {
        "title_en": "Residents choose the clinic's hours", "level": "relational", "kind": "power",
        "strategies": ["3", "4"], "before_en": "The hospital set them.", "since": "2024-03",
        "after_en": "A council of residents sets them.",
    }  # fmt: skip
    assert writes.post(url("shift_new", initiative), {"title_en": "x"}).status_code == 422
    assert writes.post(url("shift_new", initiative), filled).status_code == 302
    shift = SystemsShift.objects.get()
    at = [initiative, shift.uid]
    assert writes.post(url("shift_claim", *at)).status_code == 403

    staff.post(url("shift_claim", *at))
    held = committee.post(url("shift_confirm", *at), follow=True)
    assert "Held: not yet ready to confirm this shift" in text(held)
    assert "No community seat has said that it changed" in text(held)
    evidence = {"words_en": "Minutes of the council", "grade": "documented", "link": ""}
    assert staff.post(url("shift_evidence", *at), evidence).status_code == 302
    voice = {"seat": seat.pk, "stance": "no", "words_en": ""}
    assert resident.post(url("shift_voice", *at), voice).status_code == 422
    resident.post(url("shift_voice", *at), {**voice, "words_en": "Only on paper."})
    said = shift.voices.get()
    staff.post(url("shift_answer", *at, said.uid), {"answer_en": "Since May in fact."})
    resident.post(url("shift_voice", *at), {**voice, "stance": "yes"})
    done = committee.post(url("shift_confirm", *at), follow=True)

    shift.refresh_from_db()
    assert shift.state == "confirmed"
    assert "It is confirmed." in text(done)
    assert "On what it was confirmed" in text(done)


def test_a_member_without_a_seat_speaks_for_none(login, initiative, claim, resident, seat):
    member = login(resident.user)

    answer = member.post(
        url("shift_voice", initiative, claim.uid), {"seat": seat.pk, "stance": "yes"}
    )

    assert answer.status_code == 403
    assert claim.voices.count() == 0


def test_a_seat_holder_speaks_for_her_own_seat_only(login, initiative, claim, seat):
    other = building.a_resident_seat(initiative)

    answer = login(seat.holder.user).post(
        url("shift_voice", initiative, claim.uid), {"seat": other.pk, "stance": "yes"}
    )

    assert answer.status_code == 422
    assert claim.voices.count() == 0


def test_a_writer_edits_until_it_is_claimed(login, initiative, backbone):
    writer = builders.a_member(initiative, "funder")
    shift = building.a_shift(initiative, writer)
    page = url("shift_edit", initiative, shift.uid)
    assert login(writer.user).get(page).status_code == 200

    shift.claim(by=backbone.user)

    assert login(writer.user).get(page).status_code == 403


def test_evidence_may_cite_our_history_and_the_event_names_the_shift(
    client, login, initiative, claim, backbone
):
    event = builders.an_event(initiative, title="The ward closed")
    login(backbone.user).post(
        url("shift_evidence", initiative, claim.uid),
        {"words_en": "It reopened", "grade": "several", "record": f"event:{event.uid}"},
    )

    assert "The ward closed" in text(client.get(url("shift", initiative, claim.uid)))
    assert "Doulas are paid" in text(client.get(event.get_absolute_url()))


def test_the_equity_pages_show_what_is_confirmed(initiative, backbone):
    empty = shift_log.confirmed_by_community(initiative, None)
    building.confirmed(initiative, backbone, level="transformative")
    building.a_claim(initiative, backbone)

    found = shift_log.confirmed_by_community(initiative, None)

    assert (empty.count, found.count) == (0, 1)
    assert found.sentence == (
        "One systems shift is confirmed. Residents confirmed one change of relations or beliefs. "
        "One more is claimed and waits."
    )


def test_what_is_meant_to_move_a_measure_is_named_as_far_as_it_is_public(
    rf, initiative, backbone, resident
):
    indicator = builders.an_indicator(initiative)
    building.a_shift(initiative, backbone, indicators=[indicator])
    claim = building.a_claim(initiative, backbone, indicators=[indicator])
    gone = building.a_claim(initiative, backbone, indicators=[indicator])
    gone.withdraw(reason=Words(en="Not so."), by=backbone.user)

    outside, inside = (shift_log.aiming_at(indicator, who) for who in (None, resident))

    assert (outside["aims"], outside["hoped"]) == ([claim], 1)
    assert (len(inside["aims"]), inside["hoped"]) == (2, 0)
    request = rf.get("/")
    request.initiative = initiative
    page = render_to_string("measurement/shifts/_beside.html", outside, request=request)
    assert "Doulas are paid by Medicaid" in page
    assert "1 change is hoped for and not public yet." in page
