"""Committees and decisions at any stage, brought there by the verbs people use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from agenda.models import Decision, Input, Method
from ciforum.people import clock
from ciforum.people.models import Membership, Notice
from ciforum.people.words import Words
from equity.models import Committee, Seat, SeatClass
from tests import builders

LIVED = SeatClass.LIVED


def a_committee(initiative: Any, by: Membership, **fields: Any) -> Committee:
    number = next(builders._numbers)
    return Committee.found(
        initiative=initiative,
        by=by.user,
        **{"slug": f"committee-{number}", "name": Words(en=f"Committee {number}"), **fields},
    )


def a_seat(committee: Committee, seat_class: str = LIVED, **fields: Any) -> Seat:
    """A seat that is taken: chosen by two residents where it is one for lived experience."""
    initiative = committee.initiative
    roles = {
        LIVED: ["community"],
        SeatClass.GRASSROOTS: ["community"],
        SeatClass.FUNDER: ["funder"],
        SeatClass.BACKBONE: ["backbone"],
    }.get(seat_class, ["partner"])
    organization = None
    if seat_class in (SeatClass.INSTITUTION, SeatClass.FUNDER, SeatClass.GRASSROOTS):
        led = seat_class == SeatClass.GRASSROOTS
        organization = builders.an_organization(initiative, community_led=led)
    holder = fields.pop("holder", None) or builders.a_member(
        initiative, *roles, organization=organization
    )
    seat = Seat.offer(
        committee=committee,
        holder=holder,
        by=holder.user,
        seat_class=seat_class,
        **{"organization": holder.organization, **fields},
    )
    if seat_class == LIVED:
        for _ in range(2):
            seat.choose(by=builders.a_member(initiative, "community"))
    seat.take(by=holder.user)
    return Seat.objects.get(pk=seat.pk)


def a_body(initiative: Any, by: Membership, lived: int = 2, others: tuple[str, ...] = ()) -> Any:
    """A committee with `lived` seats for lived experience, then the others: (committee, seats)."""
    committee = a_committee(initiative, by)
    classes = [LIVED] * lived + list(others or (SeatClass.INSTITUTION, SeatClass.FUNDER))
    return committee, [a_seat(committee, each) for each in classes]


def a_decision(committee: Committee, by: Membership, **fields: Any) -> Decision:
    """A complete draft that affects one group, which is being asked."""
    options = fields.pop("options", None)
    values = {
        "title": Words(en="Open the clinic on Saturdays"),
        "purpose": Words(en="Mothers who work cannot come on weekdays."),
        "can_change": Words(en="The hours, and how it is paid for."),
        "text": Words(en="The clinic opens on Saturdays from 9 to 1."),
        "method": Method.MAJORITY,
        "input_until": clock.now() + timedelta(days=8),
    }
    decision = Decision.propose(committee=committee, by=by, **{**values, **fields})
    dimension = committee.initiative and _groups(committee.initiative, by)
    decision.describe(
        by=by.user,
        groups={dimension: Words(en="At the parents' table, each Tuesday.")},
        options=options,
    )
    return decision


def _groups(initiative: Any, by: Membership) -> Any:
    from equity.models import Group  # noqa: PLC0415

    found = Group.objects.for_initiative(initiative).first()
    return found or builders.a_dimension(initiative, by=by.user).groups.first()


def in_input(decision: Decision, by: Membership) -> Decision:
    decision.open_input(by=by.user)
    return decision


def in_deliberation(decision: Decision, by: Membership) -> Any:
    """Open for input, then over: (decision, the moment at which that is so)."""
    in_input(decision, by)
    moment = clock.now() + timedelta(days=9)
    with clock.at(moment):
        decision.end_input()
    return moment


def in_last_word(decision: Decision, by: Membership) -> Any:
    """Its text is frozen: the moment at which it opened."""
    moment = in_deliberation(decision, by)
    with clock.at(moment):
        decision.open_last_word(by=by.user)
        mailed()
    return moment


def mailed() -> None:
    """What waits to be mailed has gone out, now."""
    Notice.objects.filter(sent_at=None).update(sent_at=clock.now())


def all_spoken(decision: Decision) -> None:
    for seat in decision.lived_seats():
        decision.speak(seat=seat, choice="support", by=seat.holder.user)


def in_vote(decision: Decision, by: Membership) -> Any:
    """Everybody spoke last, the vote is open: the moment at which it opened."""
    moment = in_last_word(decision, by) + timedelta(hours=1)
    with clock.at(moment):
        all_spoken(decision)
        decision.open_voting(by=by.user)
    return moment


def counted(decision: Decision, by: Membership, choices: Any) -> Any:
    """Seats vote as `choices` says ({seat: choice}), and the vote is over."""
    moment = in_vote(decision, by)
    with clock.at(moment):
        for seat, choice in choices.items():
            decision.cast(seat=seat, choice=choice, by=seat.holder.user)
    later = moment + timedelta(days=decision.voting_days + 1, minutes=1)
    with clock.at(later):
        decision.end_voting()
    return later


def closed(decision: Decision, by: Membership, choices: Any) -> Any:
    later = counted(decision, by, choices)
    with clock.at(later):
        decision.give_reasons(reasons=Words(en="Because mothers asked for it."), by=by.user)
        decision.close(by=by.user)
    return later


def a_room(initiative: Any, by: Membership) -> dict[str, Any]:
    """Decisions open for input, at the last word and closed, as arguments of addresses."""
    committee = a_committee(initiative, by, institutions_follow=True)
    lived = [a_seat(committee) for _each in range(2)]
    follower = a_seat(committee, SeatClass.INSTITUTION)
    open_now, at_last, over = (a_decision(committee, by) for _each in range(3))
    in_input(open_now, by)
    said, _key = Input.give(decision=open_now, words="And the bus?", member=by, language="en")
    in_last_word(at_last, by)
    closed(over, by, dict.fromkeys(lived, "agree"))
    return {
        "decision": open_now.uid,
        "said": said.uid,
        "last_word_decision": at_last.uid,
        "lived_seat": lived[0].uid,
        "tried": at_last.round.tries.first().uid,
        "closed_decision": over.uid,
        "follower_seat": follower.uid,
    }
