"""Systems shifts: what holds a confirmation back, and what nobody can go around."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from agenda import when
from ciforum.people import clock
from ciforum.people.models import Citation, Duty, Notice
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from equity.gates import GateClosed
from equity.models import LedgerEntry
from measurement.models import ShiftEvidence, ShiftVoice, SystemsShift
from tests import builders
from tests import shifts_building as building

WHY = Words(en="The rule was never put in practice.")


@pytest.fixture
def committee_member(initiative):
    return builders.a_member(initiative, "committee")


@pytest.fixture
def seat(initiative):
    return building.a_resident_seat(initiative)


@pytest.fixture
def claim(initiative, backbone):
    """A relational claim with good evidence, on which no seat has spoken."""
    shift = building.a_claim(initiative, backbone, level="relational", kind="power")
    building.evidence(shift, backbone)
    return shift


def held_by(shift, by):
    """The codes that hold the confirmation, [] when it goes through."""
    try:
        shift.confirm(by=by.user)
    except GateClosed as closed:
        return [unmet.code for unmet in closed.unmet]
    return []


def refused(change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


# --- the gate


@pytest.mark.parametrize("seat_class", ["lived_experience", "grassroots"])
@pytest.mark.parametrize("level", ["relational", "transformative"])
def test_a_community_seat_confirms_what_people_feel(
    initiative, backbone, committee_member, level, seat_class
):
    shift = building.a_claim(initiative, backbone, level=level)
    building.evidence(shift, backbone)
    assert held_by(shift, committee_member) == ["no_community_voice"]

    building.says(shift, building.a_resident_seat(initiative, seat_class))

    assert held_by(shift, committee_member) == []
    assert (shift.state, shift.confirmed_by) == ("confirmed", committee_member.user)
    assert [(a["rule"], a["outcome"]) for a in shift.passed.answers] == [
        ("disagreement_answered", "met"),
        ("community_confirms", "met"),
        ("evidence_graded", "met"),
        ("another_confirms", "met"),
    ]


def test_a_structural_change_needs_no_seat(initiative, backbone, committee_member):
    shift = building.a_claim(initiative, backbone)
    building.evidence(shift, backbone)

    assert held_by(shift, committee_member) == []


@pytest.mark.parametrize("seat_class", ["institution", "funder", "backbone"])
def test_other_seats_confirm_nothing_that_people_feel(
    initiative, claim, committee_member, seat_class
):
    holder = builders.a_member(initiative, "committee")
    building.says(claim, builders.a_seat(builders.a_committee(initiative), holder, seat_class))

    assert held_by(claim, committee_member) == ["no_community_voice"]


def test_the_seat_of_who_wrote_it_does_not_confirm_it(initiative, seat, backbone, committee_member):
    shift = building.a_shift(initiative, seat.holder, level="transformative", kind="narrative")
    shift.claim(by=backbone.user)
    building.evidence(shift, backbone)
    building.says(shift, seat)

    assert shift.community_voices()["own"] == 1
    assert held_by(shift, committee_member) == ["no_community_voice"]


def test_nor_does_the_seat_of_who_edited_or_claimed_it(
    initiative, seat, backbone, committee_member
):
    shift = building.a_shift(initiative, backbone, level="relational")
    shift.claim(by=seat.holder.user)
    building.evidence(shift, backbone)
    building.says(shift, seat)

    assert held_by(shift, committee_member) == ["no_community_voice"]


def test_nor_a_seat_for_which_a_writer_speaks_as_alternate(initiative, seat, committee_member):
    writer = builders.a_member(initiative, "community")
    seat.name_alternate(alternate=writer, by=seat.holder.user)
    shift = building.a_claim(initiative, writer, level="relational")
    building.evidence(shift, writer)
    building.says(shift, seat)

    assert held_by(shift, committee_member) == ["no_community_voice"]


def test_nobody_confirms_her_own_claim(initiative, backbone, committee_member):
    shift = building.a_shift(initiative, committee_member)
    shift.claim(by=backbone.user)
    building.evidence(shift, backbone)

    assert held_by(shift, committee_member) == ["own_claim"]
    assert held_by(shift, backbone) == ["own_claim"]


def test_a_waiver_lets_no_unconfirmed_change_through():
    from equity.steps import confirm_shift  # noqa: PLC0415 - read here alone

    assert [rule.code for rule in confirm_shift.rules if rule.waivable] == []


@pytest.mark.parametrize(
    ("grades", "codes"),
    [
        ([], ["evidence_missing"]),
        (["unknown"], ["evidence_ungraded"]),
        (["unknown", "one"], []),
    ],
)
def test_evidence_is_graded(initiative, backbone, committee_member, grades, codes):
    shift = building.a_claim(initiative, backbone)
    for grade in grades:
        building.evidence(shift, backbone, grade)

    assert held_by(shift, committee_member) == codes


def test_a_disagreement_is_answered_before_it_is_confirmed(
    initiative, claim, seat, backbone, committee_member
):
    building.says(claim, seat)
    other = building.says(claim, building.a_resident_seat(initiative), "partly")
    assert held_by(claim, committee_member) == ["disagreement_unanswered"]

    other.reply(answer=Words(en="We take the bus line up with the county."), by=backbone.user)

    assert held_by(claim, committee_member) == []
    assert claim.voices.get(pk=other.pk).answer == {
        "en": "We take the bus line up with the county."
    }


def test_more_no_than_yes_is_no_confirmation(initiative, claim, seat, backbone, committee_member):
    building.says(claim, seat)
    for _each in range(2):
        said = building.says(claim, building.a_resident_seat(initiative), "no")
        said.reply(answer=Words(en="We hear you."), by=backbone.user)

    assert held_by(claim, committee_member) == ["community_contradicts"]


def test_a_hold_is_written_down_and_the_claim_stays(claim, committee_member):
    held_by(claim, committee_member)

    claim.refresh_from_db()
    assert claim.state == "claimed"
    assert LedgerEntry.objects.about(claim).get().kind == "hold"


# --- what a seat says


def test_a_seat_changes_its_mind_and_what_it_said_is_kept(claim, seat, committee_member):
    building.says(claim, seat)
    building.says(claim, seat, "no")

    assert [each.stance for each in claim.voices.standing()] == ["no"]
    assert claim.voices.count() == 2
    assert "no_community_voice" in held_by(claim, committee_member)


def test_only_who_holds_the_seat_speaks_for_it(claim, seat, backbone):
    with pytest.raises(ValidationError):
        ShiftVoice.say(shift=claim, seat=seat, stance="yes", by=backbone.user)


def test_a_seat_whose_term_is_over_is_silent(claim, initiative):
    holder = builders.a_member(initiative, "community")
    ended = builders.a_seat(
        builders.a_committee(initiative), holder, term_ends=clock.now() + timedelta(days=1)
    )

    with clock.at(clock.now() + timedelta(days=2)), pytest.raises(ValidationError):
        building.says(claim, ended)


def test_a_no_needs_words(claim, seat):
    with pytest.raises(ValidationError):
        ShiftVoice.say(shift=claim, seat=seat, stance="no", by=seat.holder.user)


def test_a_seat_of_another_initiative_is_silent_here(claim):
    elsewhere = building.a_resident_seat(builders.an_initiative())

    with pytest.raises(ValidationError):
        building.says(claim, elsewhere)


def test_nobody_speaks_once_it_is_confirmed(claim, seat, committee_member):
    building.says(claim, seat)
    claim.confirm(by=committee_member.user)

    with pytest.raises(StateChanged):
        building.says(claim, seat, "no")


def test_community_seats_are_asked_and_are_done_when_they_spoke(initiative, seat, backbone):
    shift = building.a_claim(initiative, backbone, level="relational")
    mine = Duty.objects.filter(owner=seat.holder, kind="shift.speak")
    assert mine.get().done_at is None
    assert Notice.objects.filter(to=seat.holder.user, kind="shift.speak").count() == 1

    building.says(shift, seat, "no")

    assert mine.get().done_at is not None
    assert Notice.objects.filter(to=backbone.user, kind="shift.disagreed").count() == 1


# --- from state to state


def test_a_claim_says_since_when(initiative, backbone):
    shift = building.a_shift(initiative, backbone, since=None)

    with pytest.raises(ValidationError):
        shift.claim(by=backbone.user)


def test_it_cannot_hold_since_tomorrow(initiative, backbone):
    with pytest.raises(ValidationError):
        building.a_shift(initiative, backbone, since=when.read("2999"))


@pytest.mark.parametrize("strategies", [[], [6], [0, 1]])
def test_it_belongs_to_a_strategy(initiative, backbone, strategies):
    with pytest.raises(ValidationError):
        building.a_shift(initiative, backbone, strategies=strategies)


def test_a_claim_keeps_its_words(claim, backbone):
    with pytest.raises(StateChanged):
        claim.edit(by=backbone.user, title=Words(en="More than that"))


def test_a_disputed_one_is_taken_up_again_and_every_seat_is_asked_afresh(
    claim, seat, backbone, committee_member
):
    building.says(claim, seat)
    claim.confirm(by=committee_member.user)
    claim.dispute(reason=WHY, by=seat.holder.user)
    assert (claim.state, claim.reason) == ("disputed", WHY)

    claim.take_up_again(by=backbone.user)
    claim.edit(by=backbone.user, since=when.read("2023"), title=Words(en="Less than that"))
    claim.claim(by=backbone.user)

    assert held_by(claim, committee_member) == ["no_community_voice"]


def test_a_dispute_and_a_withdrawal_say_why(claim, backbone):
    for verb in (claim.dispute, claim.withdraw):
        with pytest.raises(ValidationError):
            verb(reason=Words(), by=backbone.user)


def test_what_cites_a_withdrawn_shift_says_so(initiative, backbone, committee_member):
    shift = building.confirmed(initiative, backbone)
    other = building.a_shift(initiative, backbone)
    row = building.evidence(other, backbone, kind="shift", uid=shift.uid)

    shift.refresh_from_db()
    shift.withdraw(reason=WHY, by=backbone.user)

    row.citation.citable.refresh_from_db()
    assert row.citation.citable.withdrawn_at is not None


def test_evidence_cites_a_record_once_and_lets_go_of_it(initiative, backbone):
    shift = building.a_shift(initiative, backbone)
    event = builders.an_event(initiative)
    row = building.evidence(shift, backbone, kind="event", uid=event.uid)
    with pytest.raises(ValidationError):
        building.evidence(shift, backbone, kind="event", uid=event.uid)

    row.drop(by=backbone.user)

    assert Citation.objects.of(shift).count() == 0


def test_evidence_of_elsewhere_and_of_itself_is_none(initiative, backbone):
    shift = building.a_claim(initiative, backbone)
    elsewhere = builders.an_event(builders.an_initiative())

    for kind, uid in (("event", elsewhere.uid), ("shift", shift.uid), ("nothing", shift.uid)):
        with pytest.raises(ValidationError):
            building.evidence(shift, backbone, kind=kind, uid=uid)


def test_places_and_measures_are_of_this_initiative(initiative, backbone):
    foreign = builders.an_indicator(builders.an_initiative())
    shift = building.a_shift(initiative, backbone)

    with pytest.raises(ValidationError):
        shift.aim(indicators=[foreign], by=backbone.user)
    with pytest.raises(ValidationError):
        building.a_shift(initiative, backbone, indicators=[foreign])


# --- behind the verbs


def test_nobody_writes_that_it_is_confirmed(claim, backbone, committee_member, seat, initiative):
    mine = SystemsShift.objects.filter(pk=claim.pk)
    elsewhere = building.confirmed(initiative, backbone)
    also = {"confirmed_at": clock.now(), "confirmed_by": committee_member.user}

    refused(lambda: mine.update(state="confirmed", **also))
    refused(lambda: mine.update(state="confirmed", passed=elsewhere.passed, **also))


def test_nobody_changes_a_claim_below_its_verbs(claim):
    mine = SystemsShift.objects.filter(pk=claim.pk)

    refused(lambda: mine.update(level="structural"))
    refused(lambda: mine.update(after=Words(en="Everything is well.")))
    refused(lambda: mine.update(state="disputed"))


def test_nobody_changes_what_a_seat_said(claim, seat, committee_member):
    said = building.says(claim, seat, "no")
    mine = ShiftVoice.objects.filter(pk=said.pk)

    refused(lambda: mine.update(stance="yes"))
    refused(mine.delete)
    mine.update(ended_at=clock.now())
    refused(lambda: mine.update(ended_at=None))


def test_evidence_of_a_confirmed_shift_stays(initiative, backbone):
    shift = building.confirmed(initiative, backbone)
    row = shift.evidence.get()

    with pytest.raises(ValidationError):
        row.drop(by=backbone.user)
    refused(lambda: ShiftEvidence.objects.filter(pk=row.pk).update(grade="unknown"))
    refused(ShiftEvidence.objects.filter(pk=row.pk).delete)


def test_a_withdrawn_shift_stays_so(claim, backbone):
    claim.withdraw(reason=WHY, by=backbone.user)

    refused(lambda: SystemsShift.objects.filter(pk=claim.pk).update(state="claimed"))
    with pytest.raises(StateChanged):
        claim.withdraw(reason=WHY, by=backbone.user)
