"""The pages of equity: what each reader finds on them."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ciforum.people.models import User
from ciforum.people.words import Words
from equity.gates import Gate, GateClosed, publish_release
from equity.models import Dimension, LedgerEntry, Policy, Waiver
from equity.models.policy import THRESHOLDS
from tests import builders, deciding

REASON = "The hospital closed for two weeks, and the county needs the numbers for its budget."


@pytest.fixture
def release(initiative, backbone, partner):
    """A release that lacks its story and its protection."""
    indicator = builders.an_indicator(initiative)
    builders.approved(indicator, partner, backbone, {(2020, "here"): (30, 300)})
    return builders.a_release(indicator, backbone)


@pytest.fixture
def held(release, backbone):
    """The same, held once."""
    with pytest.raises(GateClosed):
        release.publish(by=backbone.user)
    return release


@pytest.fixture
def read(initiative, login):
    """Open a page as a member, or signed out: `read("ledger", resident)`."""

    def get(name, member=None, *args, **query):
        client = login(member.user) if member else Client()
        return client.get(reverse(f"equity:{name}", args=[initiative.slug, *args]), query)

    return get


@pytest.fixture
def send(initiative, login):
    def post(name, member, *args, query="", **data):
        client = login(member.user) if member else Client()
        address = reverse(f"equity:{name}", args=[initiative.slug, *args])
        return client.post(address + query, data)

    return post


def waiver_of(release, by, code="story"):
    return Waiver.ask(
        gate=publish_release, record=release, code=code, reason=REASON, days=30, by=by.user
    )


# --- strategies


def test_everybody_reads_every_rule_and_whether_it_is_in_force(read, initiative):
    answer = read("strategies").content.decode()

    for rule in publish_release.rules:
        assert str(rule.promise).replace("'", "&#x27;") in answer
    waiting = [rule for gate in Gate.all.values() for rule in gate.rules if not rule.in_force]
    assert answer.count("Not yet in force") == len(waiting)
    assert "score" in answer  # only to say that there is none


def test_evidence_counts_what_happened(read, held, initiative):
    builders.a_dimension(initiative)

    answer = read("strategies").content.decode()

    assert "steps were held once and let through 0 times" in answer
    assert "We can tell 3 groups apart, in one dimension." in answer


# --- ledger


def test_who_is_signed_out_reads_counts_and_no_names(read, held, backbone):
    answer = read("ledger").content.decode()

    assert "How often, month by month" in answer
    assert backbone.user.name not in answer
    assert "Babies born small" not in answer


def test_members_read_who_what_and_why(read, held, backbone, resident):
    answer = read("ledger", resident).content.decode()

    assert f"Publish a release · {backbone.user.name}" in answer
    assert "The story behind the numbers is not written yet. It needs at least 25 words." in answer


def test_the_ledger_shows_who_took_a_seat_under_the_name_she_chose(
    read, initiative, backbone, resident
):
    committee = deciding.a_committee(initiative, backbone)
    seat = deciding.a_seat(committee, shown_as="Doña Lupe")

    answer = read("ledger", resident).content.decode()

    assert "Doña Lupe" in answer
    assert seat.holder.user.name not in answer


def test_the_ledger_is_read_in_the_readers_language(read, initiative, backbone, partner, resident):
    race = builders.a_dimension(initiative, groups=[])
    Dimension.objects.filter(pk=race.pk).update(name=Words(en="Race", es="Raza"))
    race.add_group(code="black", name=Words(en="Black", es="Negra"), by=None)
    indicator = builders.an_indicator(initiative, required=[race])
    builders.approved(indicator, partner, backbone, {(2020, "here"): (30, 300)})
    with pytest.raises(GateClosed):
        builders.a_release(indicator, backbone).publish(by=backbone.user)
    User.objects.filter(pk=resident.user.pk).update(language="es")

    answer = read("ledger", resident).content.decode()

    assert "Raza" in answer
    assert "Negra" in answer


def test_a_person_who_is_gone_is_a_former_member(read, held, backbone, resident):
    User.objects.filter(pk=backbone.user.pk).update(name="", email="gone@example.org")

    answer = read("ledger", resident).content.decode()

    assert "former member" in answer
    assert "gone@example.org" not in answer


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "hold"}, 1),
        ({"kind": "pass"}, 0),
        ({"kind": "nonsense"}, 0),
        ({"gate": "measurement.release.publish"}, 1),
        ({"record": "6f8d1a55-3b0e-4a2f-9d1c-0123456789ab"}, 0),
        ({"record": "not a uid"}, 0),
        ({"page": "999"}, 1),
        ({"page": "x"}, 1),
    ],
)
def test_entries_are_filtered(read, held, resident, query, found):
    answer = read("ledger", resident, **query)

    assert answer.status_code == 200
    assert len(answer.context["shown"]) == found


def test_the_ledger_asks_as_often_for_many_entries_as_for_one(held, backbone, resident, login):
    client = login(resident.user)
    address = reverse("equity:ledger", args=[held.initiative.slug])

    def queries():
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return len(seen)

    for_one = queries()
    for _again in range(3):
        with pytest.raises(GateClosed):
            held.publish(by=backbone.user)

    assert queries() == for_one


def test_an_entry_shows_every_rule_and_what_happened_next(read, held, backbone, resident):
    entry = LedgerEntry.objects.get()
    held.tell(story=builders.STORY, by=backbone.user)
    held.protect(held.work_out_protection(), by=backbone.user)
    held.publish(by=backbone.user)

    answer = read("ledger_entry", resident, entry.uid)

    assert [each.entry.kind for each in answer.context["after"]] == ["pass"]
    assert answer.content.decode().count("rule--unmet") == 2


def test_an_entry_outlives_its_record(read, held, backbone, resident):
    held.discard(by=backbone.user)

    answer = read("ledger_entry", resident, LedgerEntry.objects.get().uid)

    assert "it is no longer there" in answer.content.decode()


def test_an_entry_of_another_initiative_is_not_there(read, resident, login):
    elsewhere = builders.an_initiative()
    there = builders.a_member(elsewhere, "backbone")
    partner = builders.a_member(
        elsewhere, "partner", organization=builders.an_organization(elsewhere)
    )
    indicator = builders.an_indicator(elsewhere)
    builders.approved(indicator, partner, there, {(2020, "here"): (30, 300)})
    with pytest.raises(GateClosed):
        builders.a_release(indicator, there).publish(by=there.user)

    assert read("ledger_entry", resident, LedgerEntry.objects.get().uid).status_code == 404


def test_the_table_for_members_cannot_run_as_a_formula(read, initiative, backbone, partner):
    indicator = builders.an_indicator(initiative, name="=cmd|'/c calc'!A1")
    builders.approved(indicator, partner, backbone, {(2020, "here"): (30, 300)})
    with pytest.raises(GateClosed):
        builders.a_release(indicator, backbone).publish(by=backbone.user)

    answer = read("ledger_csv", backbone)
    header, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))

    assert header[:4] == ["When", "What happened", "Step", "About"]
    assert row[1:4] == ["Held", "Publish a release", "'=cmd|'/c calc'!A1"]


# --- dimensions


def test_the_backbone_adds_a_dimension_and_its_groups(send, read, initiative, backbone):
    send(
        "dimension_new", backbone, name_en="Language at home", name_es="Idioma", kind="overlapping"
    )
    send("group_new", backbone, "language-at-home", name_en="Hmong", code="hmong")
    hmong = Dimension.objects.get().groups.get()
    send("group_new", backbone, "language-at-home", name_en="White Hmong", parent=hmong.pk)

    answer = read("dimension", None, "language-at-home").content.decode()

    assert "Hmong" in answer
    assert Dimension.objects.get().groups.get(code="white-hmong").parent == hmong


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"name_en": "東京", "kind": "exclusive"}, "no letters from a to z"),
        ({"name_en": "New", "kind": "exclusive"}, "used by the site"),
        ({"name_en": "", "kind": "exclusive"}, "Write this in at least one language."),
        ({"name_en": "Race", "kind": "exclusive"}, "a dimension with this code already"),
    ],
)
def test_a_dimension_that_cannot_be_is_refused_with_words(send, initiative, backbone, data, said):
    builders.a_dimension(initiative)

    answer = send("dimension_new", backbone, **data)

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_revision_says_what_it_means_and_is_done_by_its_button(send, read, initiative, backbone):
    builders.a_dimension(initiative)
    assert "This cannot be undone." in read("dimension_revise", backbone, "race").content.decode()
    assert Dimension.objects.count() == 1

    send("dimension_revise", backbone, "race")

    answer = read("dimension", None, "race").content.decode()
    assert "Version 2" in answer
    assert "Version 1, until" in answer


def test_others_read_dimensions_and_change_none(send, read, initiative, resident):
    builders.a_dimension(initiative)

    assert "Add a dimension" not in read("dimensions", resident).content.decode()
    for name, args in (
        ("dimension_new", []),
        ("group_new", ["race"]),
        ("dimension_revise", ["race"]),
    ):
        assert read(name, resident, *args).status_code == 403
        assert send(name, resident, *args).status_code == 403


# --- thresholds


def _now(initiative):
    """Every threshold as it is, as the form sends it."""
    return {name: Policy.of(initiative).threshold(name) for name in THRESHOLDS}


def test_the_backbone_makes_thresholds_stricter(send, read, initiative, backbone):
    send("policy", backbone, **{**_now(initiative), "small_count": 20}, understood="on")

    assert Policy.of(initiative).small_count == 20
    assert "Counts from 1 to 19 are never shown" in read("policy").content.decode()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"small_count": 10}, "takes a decision of the community"),
        ({"waiver_days": 91}, "takes a decision of the community"),
        ({"small_count": 1100}, "100"),
        ({"understood": ""}, "This field is required."),
    ],
)
def test_a_looser_threshold_is_refused_with_the_sentence(send, initiative, backbone, values, said):
    answer = send("policy", backbone, **{**_now(initiative), "understood": "on", **values})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Policy.of(initiative).small_count == 11


def test_others_read_thresholds_and_change_none(send, read, resident):
    assert "Make them stricter" not in read("policy", resident).content.decode()
    assert send("policy", resident, small_count=20).status_code == 403
    assert send("policy", None, small_count=20).status_code == 302


# --- waivers


def test_a_waiver_is_asked_for_from_the_held_step(send, release, backbone):
    query = f"?record={release.uid}&gate=measurement.release.publish&rule=story"

    send("waiver_new", backbone, query=query, reason=REASON, days=20)

    waiver = Waiver.objects.get()
    assert (waiver.record_uid, waiver.code, waiver.asked_by) == (
        release.uid,
        "story",
        backbone.user,
    )


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?record=nonsense&gate=measurement.release.publish&rule=story",
        "?record={uid}&gate=no.such.gate&rule=story",
        "?record={uid}&gate=measurement.release.publish&rule=nonsense",
        "?record=6f8d1a55-3b0e-4a2f-9d1c-0123456789ab&gate=measurement.release.publish&rule=story",
    ],
)
def test_a_waiver_of_nothing_is_not_there(send, release, backbone, query):
    answer = send("waiver_new", backbone, query=query.format(uid=release.uid), reason=REASON)

    assert answer.status_code == 404


def test_a_record_of_another_initiative_is_not_found(login, release, initiative):
    elsewhere = builders.an_initiative()
    stranger = builders.a_member(elsewhere, "backbone")
    query = f"?record={release.uid}&gate=measurement.release.publish&rule=story"

    answer = login(stranger.user).get(reverse("equity:waiver_new", args=[elsewhere.slug]) + query)

    assert answer.status_code == 404


def test_a_rule_that_is_never_waived_offers_no_form(read, release, backbone):
    answer = read(
        "waiver_new",
        backbone,
        record=release.uid,
        gate="measurement.release.publish",
        rule="small_cells",
    ).content.decode()

    assert "cannot be waived" in answer
    assert "<textarea" not in answer


def test_a_resident_agrees_and_everybody_reads_it(send, read, release, backbone, resident):
    waiver = waiver_of(release, backbone)

    send("waiver_agree", resident, waiver.uid)

    answer = read("waivers").content.decode()
    assert REASON in read("waiver", None, waiver.uid).content.decode()
    assert f"Agreed by {resident.user.name}" in answer
    assert "1, of which 1 is in force now" in answer


def test_a_resident_refuses(send, read, release, backbone, resident):
    waiver = waiver_of(release, backbone)

    send("waiver_refuse", resident, waiver.uid)

    assert f"Refused by {resident.user.name}" in read("waivers").content.decode()


def test_who_comes_second_is_told_so(send, login, release, backbone, resident):
    waiver = waiver_of(release, backbone)
    send("waiver_refuse", resident, waiver.uid)
    client = login(resident.user)

    answer = client.post(
        reverse("equity:waiver_agree", args=[release.initiative.slug, waiver.uid]), follow=True
    )

    assert "Somebody else changed this a moment ago" in answer.content.decode()
    waiver.refresh_from_db()
    assert waiver.state == "refused"


def test_others_see_a_waiver_and_do_not_decide(send, read, release, backbone, partner):
    waiver = waiver_of(release, backbone)

    assert "Agree: it may go ahead" not in read("waiver", partner, waiver.uid).content.decode()
    assert send("waiver_agree", partner, waiver.uid).status_code == 403
    assert send("waiver_refuse", backbone, waiver.uid).status_code == 403
    assert read("waiver_new", partner).status_code == 403


@pytest.mark.parametrize("name", ["strategies", "ledger", "dimensions", "policy", "waivers"])
def test_an_initiative_with_nothing_in_it_says_so(read, name):
    answer = read(name)

    assert answer.status_code == 200
