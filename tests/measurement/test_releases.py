"""A release at its gate: held with all that is missing, opened by each remedy, then for good."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.urls import reverse

from ciforum.people import clock
from ciforum.people.models import Initiative, Job
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from equity.gates import GateClosed, publish_release
from equity.models import LedgerEntry, Policy, Waiver
from measurement.models import Published, Release, ReleaseCell
from tests.asking_building import escalated
from tests.builders import (
    STORY,
    a_dimension,
    a_member,
    a_release,
    a_request,
    an_indicator,
    an_initiative,
    approved,
    handed_in,
    not_looked_into,
)

pytestmark = pytest.mark.django_db(transaction=True)

EVERY_GROUP = {
    (2020, "Here"): (70, 900),
    (2020, "Here", "race:white"): (45, 600),
    (2020, "Here", "race:black"): (21, 220),
    (2020, "Here", "race:other"): (4, 80),
}
NO_GROUP = {(2020, "Here"): (70, 900)}


@pytest.fixture
def race(initiative):
    return a_dimension(initiative)


@pytest.fixture
def indicator(initiative, race):
    return an_indicator(initiative, required=[race])


@pytest.fixture
def draft(indicator, partner, backbone):
    """A draft that lacks everything: groups, protection, story."""
    approved(indicator, partner, backbone, NO_GROUP)
    return a_release(indicator, backbone)


@pytest.fixture
def ready(indicator, partner, backbone):
    """A draft that lacks nothing."""
    approved(indicator, partner, backbone, EVERY_GROUP)
    return a_release(indicator, backbone, ready=True)


def held(release, by) -> list[str]:
    """The codes of what keeps it; [] once it is out."""
    try:
        release.publish(by=by.user)
    except GateClosed as closed:
        return [unmet.code for unmet in closed.unmet]
    return []


def url(name, release):
    return reverse(f"measurement:{name}", args=[release.initiative.slug, release.uid])


# --- the gate


def test_all_that_is_missing_is_said_at_once(draft, backbone):
    assert held(draft, backbone) == ["groups_missing", "protection_none", "story_missing"]


def test_each_remedy_takes_away_its_own_objection(draft, backbone, race):
    a_request(draft.indicator, race, backbone)
    assert held(draft, backbone) == ["protection_none", "story_missing"]

    draft.protect(draft.work_out_protection(), by=backbone.user)
    assert held(draft, backbone) == ["story_missing"]

    draft.tell(story=STORY, by=backbone.user)
    assert held(draft, backbone) == []


def test_a_story_that_is_too_short_counts_its_words(draft, backbone):
    draft.tell(story=Words(en="Three short words"), by=backbone.user)

    with pytest.raises(GateClosed) as closed:
        draft.publish(by=backbone.user)

    story = next(unmet for unmet in closed.value.unmet if unmet.code == "story_missing")
    assert story.params == {"written": 3, "words": 25}


def test_a_hold_changes_nothing_and_is_in_the_ledger(draft, backbone):
    held(draft, backbone)

    draft.refresh_from_db()
    assert draft.state == Release.State.DRAFT
    assert not ReleaseCell.objects.exists()
    entry = LedgerEntry.objects.about(draft).get()
    assert (entry.kind, entry.by_uid) == ("hold", backbone.user.uid)
    assert {answer["rule"] for answer in entry.answers if answer["outcome"] == "unmet"} == {
        *("groups", "small_cells", "story")
    }


def test_a_passage_names_the_evidence_it_passed_on(ready, backbone):
    ready.publish(by=backbone.user)

    entry = LedgerEntry.objects.about(ready).get()
    assert entry.kind == "pass"
    assert ready.passed == entry
    evidence = {answer["rule"]: answer["params"] for answer in entry.answers}
    assert evidence["small_cells"] == {"state": "sound", "threshold": 11, "rows": 4, "hidden": 2}


def test_a_group_its_holder_hid_as_too_small_counts_as_counted(indicator, partner, backbone):
    approved(
        indicator, partner, backbone, {**EVERY_GROUP, (2020, "Here", "race:other"): "too_small"}
    )

    assert held(a_release(indicator, backbone, ready=True), backbone) == []


def test_a_group_nobody_collected_does_not(indicator, partner, backbone):
    approved(
        indicator, partner, backbone, {**EVERY_GROUP, (2020, "Here", "race:other"): "not_collected"}
    )

    assert held(a_release(indicator, backbone, ready=True), backbone) == ["groups_missing"]


def test_groups_of_an_old_year_do_not_fill_the_newest(indicator, partner, backbone):
    approved(indicator, partner, backbone, {**EVERY_GROUP, (2021, "Here"): (80, 900)})

    assert held(a_release(indicator, backbone, ready=True), backbone) == ["groups_missing"]


def test_numbers_of_an_old_version_of_a_dimension_still_count(indicator, partner, backbone, race):
    approved(indicator, partner, backbone, EVERY_GROUP)
    race.revise(by=backbone.user)

    assert held(a_release(indicator, backbone, ready=True), backbone) == []


# --- data requests


def test_a_request_opens_the_gate_until_its_date_and_not_after(indicator, partner, backbone, race):
    approved(indicator, partner, backbone, NO_GROUP)
    request = a_request(indicator, race, backbone, days=60)
    draft = a_release(indicator, backbone, ready=True)

    with clock.at(request.due + timedelta(seconds=1)):
        assert held(draft, backbone) == ["request_overdue"]
    with clock.at(request.due):
        assert held(draft, backbone) == []


def test_an_overdue_request_opens_it_again_once_it_is_taken_further(
    indicator, partner, backbone, race
):
    approved(indicator, partner, backbone, NO_GROUP)
    request = a_request(indicator, race, backbone, days=60)
    draft = a_release(indicator, backbone, ready=True)

    with clock.at(request.due + timedelta(days=1)):
        escalated(request, backbone)
        assert held(draft, backbone) == []


def test_a_refused_request_holds(indicator, partner, backbone, race):
    approved(indicator, partner, backbone, NO_GROUP)
    a_request(indicator, race, backbone).record_answer(
        outcome="refused", answer="They say it is too much work.", by=backbone.user
    )

    assert held(a_release(indicator, backbone, ready=True), backbone) == ["request_refused"]


def test_shared_data_that_did_not_arrive_holds_as_if_nobody_had_asked(
    indicator, partner, backbone, race
):
    approved(indicator, partner, backbone, NO_GROUP)
    a_request(indicator, race, backbone).record_answer(
        outcome="shared", answer="They send it in May.", by=backbone.user
    )

    assert held(a_release(indicator, backbone, ready=True), backbone) == ["groups_missing"]


# --- waivers and thresholds


def test_a_waiver_lets_a_missing_story_through_and_never_a_small_group(
    indicator, partner, backbone, resident
):
    approved(indicator, partner, backbone, EVERY_GROUP)
    not_looked_into(indicator, backbone)
    draft = a_release(indicator, backbone)
    reason = "The residents' council meets next week and wants to write it itself."
    waiver = Waiver.ask(
        gate=publish_release, record=draft, code="story", reason=reason, days=30, by=backbone.user
    )
    waiver.agree(by=resident.user)

    with pytest.raises(ValidationError):
        Waiver.ask(
            gate=publish_release,
            record=draft,
            code="small_cells",
            reason=reason,
            days=30,
            by=backbone.user,
        )
    assert held(draft, backbone) == ["protection_none"]


def test_a_stricter_limit_asks_for_new_protection(ready, backbone):
    Policy.of(ready.initiative).tighten(by=backbone.user, small_count=20)

    assert held(ready, backbone) == ["protection_weak"]


# --- for good


def test_what_is_published_cannot_be_changed_or_removed(ready, backbone):
    ready.publish(by=backbone.user)

    for change in (
        lambda: Release.objects.filter(pk=ready.pk).update(story={"en": "x"}),
        lambda: Release.objects.filter(pk=ready.pk).delete(),
        lambda: ReleaseCell.objects.filter(release=ready).update(numerator=1),
        lambda: ReleaseCell.objects.filter(release=ready).delete(),
        lambda: ReleaseCell.objects.filter(release=ready).first().delete(),
    ):
        with pytest.raises(DatabaseError):
            change()


def test_no_shell_can_publish_around_the_gate(ready):
    with pytest.raises(DatabaseError):
        Release.objects.filter(pk=ready.pk).update(state="published", published_at=clock.now())


def test_no_other_passage_serves(ready, indicator, backbone, initiative):
    ready.publish(by=backbone.user)
    other = an_indicator(initiative)
    forged = Release.objects.create(
        initiative=initiative,
        indicator=other,
        version=other.current,
        number=1,
        drafted_by=backbone.user,
    )

    with pytest.raises(DatabaseError):
        Release.objects.filter(pk=forged.pk).update(
            state="published", published_at=clock.now(), passed=ready.passed
        )


def test_nobody_publishes_twice(ready, backbone):
    stale = Release.objects.get(pk=ready.pk)
    ready.publish(by=backbone.user)

    with pytest.raises((StateChanged, GateClosed)):
        stale.publish(by=backbone.user)
    assert LedgerEntry.objects.about(ready).filter(kind="pass").count() == 1


def test_a_restated_period_is_read_from_the_newest_release(ready, indicator, partner, backbone):
    ready.publish(by=backbone.user)
    approved(
        indicator,
        partner,
        backbone,
        {(2020, "Here"): (71, 901), (2020, "Here", "race:white"): (46, 601)},
        reason="Late records came in.",
    )
    again = a_release(indicator, backbone, ready=True)
    again.publish(by=backbone.user)

    assert again.number == 2
    assert Published.objects.get(version=again.version).release == again
    assert ready.cells.get(stratum__key="").numerator == 70
    assert again.cells.get(stratum__key="").numerator == 71


def test_preparing_it_twice_goes_on_with_the_same_draft(draft, backbone):
    assert Release.draft(indicator=draft.indicator, by=backbone.user) == draft


def test_a_draft_that_is_gone_is_not_protected_and_nobody_sees_an_error(draft, backbone, run_jobs):
    draft.start_protecting(by=backbone.user)
    gone = Release.objects.get(pk=draft.pk)
    gone.discard(by=backbone.user)

    run_jobs()

    assert Job.objects.get(kind="measurement.protect").state == Job.State.DONE
    with pytest.raises(StateChanged):
        draft.start_protecting(by=backbone.user)


def test_nothing_new_makes_no_release(ready, indicator, backbone):
    ready.publish(by=backbone.user)

    with pytest.raises(ValidationError):
        Release.draft(indicator=indicator, by=backbone.user)


def test_publishing_bumps_the_public_version(ready, backbone):
    before = Initiative.objects.get(pk=ready.initiative_id).public_version

    ready.publish(by=backbone.user)

    assert Initiative.objects.get(pk=ready.initiative_id).public_version == before + 1


def test_no_number_slips_in_while_the_gate_is_asked(ready, indicator, partner, backbone):
    """An approval that runs against a publication comes before it or after it, never between."""
    late = handed_in(indicator, partner, {(2020, "Here"): (75, 900)}, reason="Recounted.")
    start = threading.Barrier(2)
    outcomes = {}

    def publish():
        start.wait()
        outcomes["held"] = held(Release.objects.get(pk=ready.pk), backbone)
        connection.close()

    def approve():
        start.wait()
        late.approve(by=backbone.user)
        connection.close()

    threads = [threading.Thread(target=each) for each in (publish, approve)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=20)

    shown = list(ReleaseCell.objects.filter(stratum__key="").values_list("numerator", flat=True))
    assert (outcomes["held"], shown) in [([], [70]), (["protection_stale"], [])]


# --- pages


def test_the_held_page_lists_everything_with_ways_to_mend_it(draft, backbone, login):
    page = login(backbone.user).post(url("release_publish", draft), follow=True)

    body = page.content.decode()
    assert page.redirect_chain == [(f"{draft.get_absolute_url()}?held=1", 302)]
    assert "3 things are missing" in body
    for name, args in (
        ("request_new", [draft.initiative.slug, draft.indicator.slug]),
        ("release_story", [draft.initiative.slug, draft.uid]),
    ):
        assert reverse(f"measurement:{name}", args=args) in body
    assert url("release", draft) + "#protection" in body
    assert "rule=groups" in body


def test_the_rules_are_said_before_anybody_tries(draft, backbone, login):
    page = login(backbone.user).get(url("release", draft))

    assert page.status_code == 200
    assert "3 things are missing" in page.content.decode()
    assert not LedgerEntry.objects.about(draft).exists()


def test_the_director_walks_from_new_numbers_to_a_public_page(
    indicator, partner, backbone, login, run_jobs, client
):
    approved(indicator, partner, backbone, EVERY_GROUP)
    browser = login(backbone.user)
    slug = indicator.initiative.slug

    browser.post(reverse("measurement:release_new", args=[slug, indicator.slug]))
    draft = Release.objects.get()
    held = browser.post(url("release_publish", draft), follow=True)
    assert "Held: not yet ready" in held.content.decode()
    browser.post(url("release_protect", draft))
    browser.post(url("release_protect", draft))
    assert "Looking for numbers" in browser.get(url("release", draft)).content.decode()
    run_jobs()
    assert "What everybody will see" in browser.get(url("release", draft)).content.decode()
    browser.post(url("release_story", draft), {"story_en": STORY["en"], "story_es": ""})
    held = browser.post(url("release_publish", draft), follow=True)
    assert "The numbers differ between groups, and nothing says why." in held.content.decode()
    not_looked_into(indicator, backbone)
    answer = browser.post(url("release_publish", draft))

    assert answer.status_code == 302
    assert client.get(answer.url).status_code == 200
    assert client.get(answer.url).content.decode().count("[c]") >= 4


def test_asking_how_far_it_is_answers_a_fragment_and_then_the_whole_page(
    draft, backbone, login, run_jobs
):
    browser = login(backbone.user)
    browser.post(url("release_protect", draft))
    ask = url("release", draft) + "?part=progress"

    waiting = browser.get(ask, headers={"HX-Request": "true"})
    run_jobs()
    done = browser.get(ask, headers={"HX-Request": "true"})

    assert b"<progress" in waiting.content
    assert b"<html" not in waiting.content
    assert done.headers["HX-Refresh"] == "true"


def test_the_rehearsal_shows_no_hidden_number(ready, backbone, login):
    page = login(backbone.user).get(url("release", ready)).content.decode()

    assert page.count("[c]") >= 4
    assert ">21<" not in page


def test_members_without_the_right_read_and_cannot_act(ready, resident, login):
    browser = login(resident.user)

    page = browser.get(url("release", ready))

    assert page.status_code == 200
    assert "What everybody will see" not in page.content.decode()
    for name in ("publish", "protect", "renew", "discard", "story"):
        assert browser.post(url(f"release_{name}", ready)).status_code == 403


def test_a_stranger_is_not_told_that_it_exists(ready, login):
    stranger = a_member(an_initiative(), "backbone")
    browser = login(stranger.user)

    assert browser.get(url("release", ready)).status_code == 404
    assert browser.post(url("release_publish", ready)).status_code == 404
    other = reverse("measurement:release", args=[stranger.initiative.slug, ready.uid])
    assert browser.get(other).status_code == 404


def test_a_draft_can_be_discarded_and_a_release_cannot(ready, backbone, login):
    browser = login(backbone.user)
    ready.publish(by=backbone.user)

    browser.post(url("release_discard", ready))

    assert Release.objects.filter(pk=ready.pk).exists()


def test_new_periods_can_be_taken_in(ready, indicator, partner, backbone, login):
    approved(indicator, partner, backbone, {(2021, "Here"): (80, 950)})
    browser = login(backbone.user)
    assert "1 more period has new numbers." in browser.get(url("release", ready)).content.decode()

    browser.post(url("release_renew", ready))

    assert [str(period) for period in ready.periods.all()] == ["2020", "2021"]
    assert held(Release.objects.get(pk=ready.pk), backbone) == [
        *("groups_missing", "protection_none")
    ]


def test_asking_for_the_held_page_again_shows_the_release(draft, backbone, login):
    browser = login(backbone.user)
    browser.post(url("release_publish", draft))

    assert browser.get(url("release_publish", draft)).url == draft.get_absolute_url()
