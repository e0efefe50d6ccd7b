"""Decisions of the demonstration: closed, at last word, open for voting, open for input.

They are lived through by the verbs people use, each at its own time. Everything is invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from agenda import secrecy
from agenda.models import Decision, Goal, Input, InputLink, Method
from ciforum.demo import agenda_papers as papers
from ciforum.demo.people import Cast
from ciforum.people import clock
from ciforum.people.models import Membership, Notice
from ciforum.people.words import Words
from equity.models import Committee, Group, Seat

Said = Mapping[Seat, Any]


def days_ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def decide_charter(cast: Cast, committee: Committee, version_uid: str) -> Decision:
    """The charter, adopted with a last word that everybody gave."""
    with clock.at(days_ago(128)):
        decision = _propose(
            cast,
            committee,
            papers.CHARTER,
            method=Method.TWO_THIRDS,
            threshold={"lived_experience": "1/2"},
            effect="charter.adopt",
            effect_params={"version": version_uid},
            review_on=(timezone.now() + timedelta(days=237)).date(),
        )
        decision.open_input(by=cast.user("director"))
    with clock.at(days_ago(124)):
        said, _key = Input.give(
            decision=decision, words=papers.CHARTER_INPUT, member=cast.members["partner"]
        )
    with clock.at(days_ago(118)):
        decision.end_input()
        said.answer(reply=papers.CHARTER_REPLY, by=cast.user("director"))
    with clock.at(days_ago(116)):
        decision.open_last_word(by=cast.user("director"))
    with clock.at(days_ago(112)):
        _all_support(decision, papers.CHARTER_LAST_WORDS)
    with clock.at(days_ago(110)):
        decision.open_voting(by=cast.user("director"))
    with clock.at(days_ago(107)):
        _vote(decision, _all(decision, "agree"))
    _end(decision, 102, papers.CHARTER_REASONS, cast)
    return decision


def decide_goal(cast: Cast, committee: Committee, goal: Goal) -> Decision:
    """A goal, adopted before the charter that names it."""
    director = cast.user("director")
    with clock.at(days_ago(180)):
        decision = _propose(
            cast,
            committee,
            papers.for_goal(goal.name),
            effect="goal.adopt",
            effect_params={"goal": str(goal.uid)},
        )
        decision.open_input(by=director)
    with clock.at(days_ago(171)):
        decision.end_input()
        decision.open_last_word(by=director)
    with clock.at(days_ago(168)):
        _all_support(decision, {})
        decision.open_voting(by=director)
    with clock.at(days_ago(165)):
        _vote(decision, _all(decision, "agree"))
    _end(decision, 160, papers.GOAL_REASONS, cast)
    return decision


def decide_with_a_send_back(cast: Cast, committee: Committee) -> Decision:
    """Where doulas meet mothers: sent back once, changed, and then agreed."""
    director = cast.user("director")
    with clock.at(days_ago(90)):
        decision = _propose(cast, committee, papers.DOULAS, method=Method.CONSENT)
        decision.open_input(by=director)
        link, _token = InputLink.make(
            decision=decision, label="Eastgate laundromat, poster", by=director
        )
    with clock.at(days_ago(86)):
        first, _key = Input.give(decision=decision, words=papers.DOULAS_INPUT, link=link)
        second, _key = Input.give(
            decision=decision, words=papers.DOULAS_INPUT_ES, link=link, language="Español"
        )
    with clock.at(days_ago(80)):
        decision.end_input()
        for said, reply in (
            (first, papers.DOULAS_REPLY),
            (second, papers.DOULAS_REPLY_ES),
        ):
            said.answer(reply=reply, by=director)
    with clock.at(days_ago(78)):
        decision.open_last_word(by=director)
    with clock.at(days_ago(76)):
        seats = decision.lived_seats()
        decision.speak(seat=seats[0], choice="support", by=seats[0].holder.user)
        decision.speak(
            seat=seats[1],
            choice="send_back",
            words=papers.DOULAS_SENT_BACK,
            is_public=True,
            by=seats[1].holder.user,
        )
    with clock.at(days_ago(70)):
        decision.describe(by=director, text=papers.DOULAS_CHANGED)
        decision.open_last_word(by=director)
    with clock.at(days_ago(67)):
        _all_support(decision, {1: papers.DOULAS_LAST_WORD})
    with clock.at(days_ago(66)):
        decision.open_voting(by=director)
    with clock.at(days_ago(63)):
        choices = _all(decision, "agree")
        choices[next(iter(reversed(choices)))] = "abstain"
        _vote(decision, choices)
    _end(decision, 58, papers.DOULAS_REASONS, cast)
    return decision


def decide_in_secret(cast: Cast, committee: Committee) -> Decision:
    """Who speaks for the network, by secret ballot and instant runoff."""
    director = cast.user("director")
    with clock.at(days_ago(54)):
        decision = _propose(
            cast, committee, papers.SPEAKER, method=Method.IRV, secret=True, options=papers.SPEAKERS
        )
        decision.open_input(by=director)
    with clock.at(days_ago(45)):
        decision.end_input()
        decision.open_last_word(by=director)
    with clock.at(days_ago(43)):
        _all_support(decision, {})
        decision.open_voting(by=director)
    with clock.at(days_ago(40)):
        rankings = papers.RANKINGS
        for number, seat in enumerate(_voters(decision)):
            decision.cast_in_secret(
                seat=seat,
                choice=rankings[number % len(rankings)],
                receipt=secrecy.new_receipt(),
                by=seat.holder.user,
            )
    _end(decision, 35, papers.SPEAKER_REASONS, cast)
    return decision


def at_last_word(cast: Cast, committee: Committee) -> Decision:
    """The clinic's Saturdays: two have spoken, one is being reached by phone."""
    director = cast.user("director")
    with clock.at(days_ago(16)):
        decision = _propose(cast, committee, papers.SATURDAYS, method=Method.GRADIENTS)
        decision.open_input(by=director)
    with clock.at(days_ago(14)):
        said, _key = Input.give(
            decision=decision, words=papers.SATURDAYS_INPUT, member=cast.members["resident"]
        )
    with clock.at(days_ago(7)):
        decision.end_input()
        said.answer(reply=papers.SATURDAYS_REPLY, by=director)
        Input.give(
            decision=decision,
            words=papers.SATURDAYS_REMARK,
            member=cast.members["committee"],
        )
    with clock.at(days_ago(3)):
        decision.open_last_word(by=director)
        # The mails of that day went out on that day.
        Notice.objects.filter(about=decision.uid, sent_at=None).update(sent_at=clock.now())
    seats = decision.lived_seats()
    own = cast.user("resident")
    waiting = [seat for seat in seats if seat.holder.user_id != own.pk]
    with clock.at(days_ago(2)):
        decision.speak(
            seat=waiting[0],
            choice="changes",
            words=papers.SATURDAYS_LAST_WORD,
            is_public=True,
            by=waiting[0].holder.user,
        )
        for seat in waiting[1:]:
            decision.log_try(
                seat=seat,
                by=director,
                channel=seat.channel,
                language=seat.language,
                delivered=False,
            )
    return decision


def in_voting(cast: Cast, committee: Committee) -> Decision:
    """Which street the nurses visit first: the vote is open, and some have voted."""
    director = cast.user("director")
    with clock.at(days_ago(26)):
        decision = _propose(
            cast,
            committee,
            papers.ROUTES,
            method=Method.SCORE,
            points=5,
            options=papers.STREETS,
            voting_days=10,
        )
        decision.open_input(by=director)
    with clock.at(days_ago(17)):
        decision.end_input()
        decision.open_last_word(by=director)
    with clock.at(days_ago(12)):
        _all_support(decision, {0: papers.ROUTES_LAST_WORD})
    with clock.at(days_ago(3)):
        decision.open_voting(by=director)
    with clock.at(days_ago(1)):
        shown = {cast.user("resident").pk, cast.user("committee").pk}
        others = [seat for seat in _voters(decision) if seat.holder.user_id not in shown]
        _vote(decision, dict(zip(others[:3], papers.SCORES, strict=False)))
    return decision


def for_input(cast: Cast, committee: Committee) -> Decision:
    """What the families' council puts first this year: open for everybody's input."""
    director = cast.user("director")
    with clock.at(days_ago(4)):
        decision = _propose(
            cast,
            committee,
            papers.PRIORITIES,
            method=Method.DOT,
            points=6,
            options=papers.PRIORITY_OPTIONS,
            input_days=17,
        )
        decision.open_input(by=director)
    with clock.at(days_ago(2)):
        Input.give(
            decision=decision, words=papers.PRIORITIES_INPUT, member=cast.members["resident"]
        )
    return decision


# --- steps that several share


def _propose(
    cast: Cast,
    committee: Committee,
    paper: papers.Paper,
    *,
    options: Iterable[tuple[str, Words]] | None = None,
    input_days: int = 8,
    **rules: Any,
) -> Decision:
    decision = Decision.propose(
        committee=committee,
        by=_proposer(cast, paper),
        title=paper.title,
        purpose=paper.purpose,
        can_change=paper.can_change,
        text=paper.text,
        input_until=clock.now() + timedelta(days=input_days),
        **rules,
    )
    groups = Group.objects.for_initiative(cast.initiative)
    affected = {groups.get(code=code): how for code, how in paper.groups.items()}
    decision.describe(by=cast.user("director"), options=options, groups=affected)
    return decision


def _proposer(cast: Cast, paper: papers.Paper) -> Membership:
    return cast.members[paper.proposed_by]


def _all_support(decision: Decision, words: Mapping[int, str]) -> None:
    for number, seat in enumerate(decision.lived_seats()):
        decision.speak(
            seat=seat,
            choice="support",
            words=words.get(number, ""),
            is_public=number in words,
            by=seat.holder.user,
        )


def _voters(decision: Decision) -> list[Seat]:
    round = decision.round
    if round is None:
        return []
    electors = round.electors.select_related("seat__holder__user").order_by("seat")
    return [each.seat for each in electors]


def _all(decision: Decision, choice: Any) -> dict[Seat, Any]:
    return dict.fromkeys(_voters(decision), choice)


def _vote(decision: Decision, choices: Said) -> None:
    for seat, choice in choices.items():
        decision.cast(
            seat=seat,
            choice=choice,
            reason=papers.REASONS.get(str(choice), "") if seat.is_lived else "",
            by=seat.holder.user,
        )


def _end(decision: Decision, day: float, reasons: Words, cast: Cast) -> None:
    """Count when the time is over, write the reasons, close."""
    with clock.at(days_ago(day)):
        decision.end_voting()
    with clock.at(days_ago(day - 2)):
        decision.give_reasons(reasons=reasons, by=cast.user("director"))
        decision.close(by=cast.user("director"))
