"""A waiver is asked for in the open, agreed by a resident, and ends."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from ciforum.people import clock
from ciforum.people.models import Duty, Notice
from ciforum.people.transitions import StateChanged
from equity.gates import GateClosed, publish_release
from equity.models import LedgerEntry, Waiver
from tests import builders

REASON = "The hospital closed for two weeks, and the county needs the numbers for its budget."


@pytest.fixture
def held(initiative, backbone, partner):
    """A release without a story: everything else is met."""
    indicator = builders.an_indicator(initiative)
    builders.approved(indicator, partner, backbone, {(2020, "here"): (30, 300)})
    release = builders.a_release(indicator, backbone)
    release.protect(release.work_out_protection(), by=backbone.user)
    return release


def ask(release, by, code="story", days=30, reason=REASON):
    return Waiver.ask(
        gate=publish_release, record=release, code=code, reason=reason, days=days, by=by.user
    )


def codes(closed):
    return [unmet.code for unmet in closed.value.unmet]


def test_what_was_asked_holds_until_a_resident_agrees(held, backbone, resident):
    waiver = ask(held, backbone)
    with pytest.raises(GateClosed) as closed:
        held.publish(by=backbone.user)
    assert codes(closed) == ["story_missing"]

    waiver.agree(by=resident.user)
    held.publish(by=backbone.user)

    assert held.state == "published"
    story = next(answer for answer in held.passed.answers if answer["rule"] == "story")
    assert (story["outcome"], story["params"]["waived_until"][:10]) == (
        "waived",
        waiver.expires_at.date().isoformat(),
    )


def test_the_agreement_stands_in_the_ledger_with_reason_and_name(held, backbone, resident):
    waiver = ask(held, backbone)

    waiver.agree(by=resident.user)

    entry = LedgerEntry.objects.get(kind="waiver")
    assert waiver.entry == entry
    assert (entry.record_uid, entry.by_uid) == (held.uid, resident.user.uid)
    assert entry.answers[0]["params"]["reason"] == REASON


def test_a_refused_waiver_lets_nothing_through(held, backbone, resident):
    ask(held, backbone).refuse(by=resident.user)

    with pytest.raises(GateClosed) as closed:
        held.publish(by=backbone.user)

    assert codes(closed) == ["story_missing"]


def test_a_waiver_ends_on_its_day(held, backbone, resident):
    ask(held, backbone, days=30).agree(by=resident.user)

    with clock.at(clock.now() + timedelta(days=31)), pytest.raises(GateClosed) as closed:
        held.publish(by=backbone.user)

    assert codes(closed) == ["story_missing"]


def test_what_was_asked_for_too_long_ago_cannot_be_agreed_to(held, backbone, resident):
    waiver = ask(held, backbone, days=30)

    with clock.at(clock.now() + timedelta(days=31)), pytest.raises(ValidationError, match="over"):
        waiver.agree(by=resident.user)


def test_a_waiver_of_one_record_says_nothing_of_another(
    held, initiative, backbone, partner, resident
):
    ask(held, backbone).agree(by=resident.user)
    indicator = builders.an_indicator(initiative)
    builders.approved(indicator, partner, backbone, {(2020, "here"): (30, 300)})
    other = builders.a_release(indicator, backbone)
    other.protect(other.work_out_protection(), by=backbone.user)

    with pytest.raises(GateClosed) as closed:
        other.publish(by=backbone.user)

    assert codes(closed) == ["story_missing"]


@pytest.mark.parametrize("code", ["small_cells", "values", "structural_cause", "no_such_rule"])
def test_a_rule_that_keeps_people_safe_cannot_be_waived(held, backbone, code):
    with pytest.raises(ValidationError, match="cannot be waived"):
        ask(held, backbone, code=code)


def test_a_waiver_written_by_hand_for_such_a_rule_has_no_effect(held, backbone, resident):
    waiver = ask(held, backbone)
    Waiver.objects.filter(pk=waiver.pk).update(code="small_cells")
    waiver.refresh_from_db()
    waiver.agree(by=resident.user)
    type(held).objects.filter(pk=held.pk).update(protected={})

    with pytest.raises(GateClosed) as closed:
        held.publish(by=backbone.user)

    assert codes(closed) == ["protection_none", "story_missing"]


def test_a_rule_that_is_met_needs_no_waiver(held, backbone):
    held.tell(story=builders.STORY, by=backbone.user)

    with pytest.raises(ValidationError, match="No waiver is needed"):
        ask(held, backbone)


@pytest.mark.parametrize(("days", "fits"), [(0, False), (1, True), (90, True), (91, False)])
def test_a_waiver_lasts_as_long_as_the_policy_lets_it(held, backbone, days, fits):
    if fits:
        assert ask(held, backbone, days=days).state == "asked"
    else:
        with pytest.raises(ValidationError, match="1 to 90 days"):
            ask(held, backbone, days=days)


def test_a_waiver_needs_a_reason(held, backbone):
    with pytest.raises(ValidationError, match="reason"):
        ask(held, backbone, reason="please")


def test_the_same_is_asked_once(held, backbone):
    ask(held, backbone)

    with pytest.raises(ValidationError, match="asked for already"):
        ask(held, backbone)


def test_nobody_agrees_to_her_own(held, initiative):
    both = builders.a_member(initiative, "backbone", "community")
    waiver = ask(held, both)

    with pytest.raises(ValidationError, match="Somebody else"):
        waiver.agree(by=both.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Waiver.objects.filter(pk=waiver.pk).update(
            state="refused", decided_by=both.user, decided_at=clock.now()
        )


@pytest.mark.parametrize(
    "roles", [["backbone"], ["backbone", "community"], ["partner"], ["committee"], ["funder"]]
)
def test_only_residents_agree_who_do_not_work_for_the_backbone(held, initiative, backbone, roles):
    waiver = ask(held, backbone)
    other = builders.a_member(initiative, *roles)

    with pytest.raises(ValidationError, match="community member decides"):
        waiver.agree(by=other.user)


def test_a_resident_of_another_initiative_does_not_decide(held, backbone):
    stranger = builders.a_member(builders.an_initiative(), "community")

    with pytest.raises(ValidationError, match="community member decides"):
        ask(held, backbone).agree(by=stranger.user)


def test_a_resident_who_left_does_not_decide(held, backbone, resident):
    resident.end(by=backbone.user)

    with pytest.raises(ValidationError, match="community member decides"):
        ask(held, backbone).agree(by=resident.user)


def test_agreeing_by_writing_the_state_is_refused_by_the_database(held, backbone, resident):
    waiver = ask(held, backbone)

    with pytest.raises(IntegrityError, match="stands in the ledger"), transaction.atomic():
        Waiver.objects.filter(pk=waiver.pk).update(
            state="agreed", decided_by=resident.user, decided_at=clock.now()
        )


def test_a_decided_waiver_stays_and_none_is_removed(held, backbone, resident):
    waiver = ask(held, backbone)
    waiver.agree(by=resident.user)
    rows = Waiver.objects.filter(pk=waiver.pk)

    for change in (lambda: rows.update(expires_at=clock.now() + timedelta(days=900)), rows.delete):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            change()


def test_residents_hear_of_it_and_the_asker_of_their_answer(held, backbone, resident):
    waiver = ask(held, backbone)
    owed = Duty.objects.filter(about=waiver.uid, done_at=None)
    assert list(owed.values_list("owner", "kind")) == [(resident.pk, "waiver.decide")]

    waiver.refuse(by=resident.user)

    assert not owed.exists()
    assert sorted(Notice.objects.filter(about=waiver.uid).values_list("to", "kind")) == sorted(
        [(resident.user.pk, "waiver.decide"), (backbone.user.pk, "waiver.refused")]
    )


@pytest.mark.django_db(transaction=True)
def test_of_two_residents_at_once_one_decides(held, backbone, resident, initiative):
    waiver = ask(held, backbone)
    other = builders.a_member(initiative, "community")
    both_here = threading.Barrier(2)
    ended: dict[str, str] = {}

    def decide(name, verb, by):
        both_here.wait(10)
        try:
            getattr(Waiver.objects.get(pk=waiver.pk), verb)(by=by.user)
            ended[name] = "decided"
        except StateChanged:
            ended[name] = "too late"
        finally:
            connection.close()

    residents = [
        threading.Thread(target=decide, args=("first", "agree", resident)),
        threading.Thread(target=decide, args=("second", "refuse", other)),
    ]
    for each in residents:
        each.start()
    for each in residents:
        each.join(20)

    assert sorted(ended.values()) == ["decided", "too late"]
    agreed = Waiver.objects.get(pk=waiver.pk).state == "agreed"
    assert LedgerEntry.objects.filter(kind="waiver").count() == int(agreed)
