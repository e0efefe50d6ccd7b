"""Counting a stored result again, from the ballots under it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from agenda import record, shares
from agenda.tally import Ballot as Cast
from agenda.tally import Result, tally

if TYPE_CHECKING:
    from agenda.models import Outcome, Round


def trouble(outcome: Outcome, back: set[int]) -> str:
    """What of the stored count does not follow from its ballots; "" if all does.

    back: keys of the seats that stood back. The rules are those of the round's paper.
    """
    round = outcome.round
    if outcome.seats != _seats(round, back):
        return _("the seats that may vote are not those of the count.")
    try:
        found = _of_secret(outcome) if round.paper["secret"] else _of_open(outcome)
    except ValueError as error:
        return _("its ballots cannot be counted: %(error)s") % {"error": error}
    wrong = next((key for key, value in found.items() if outcome.result.get(key) != value), "")
    if wrong:
        return _("its result does not follow from its ballots: “%(part)s”.") % {"part": wrong}
    if outcome.outcome != outcome.result["outcome"]:
        return _("its outcome is not that of its result.")
    return ""


def _seats(round: Round, back: set[int]) -> dict[str, int]:
    named = (set(round.paper["quorum"]) | set(round.paper["threshold"])) - {shares.ALL}
    seats: Counter[str] = Counter(dict.fromkeys(named, 0))
    for elector in round.electors.all():
        seats[elector.seat_class] += elector.seat_id not in back
    return dict(seats)


def _of_open(outcome: Outcome) -> dict[str, Any]:
    effective = [each for each in outcome.round.ballots.all() if each.is_current]
    cast = [Cast(str(each.seat_id), each.seat_class, each.choice) for each in effective]
    paper = outcome.round.paper
    result = tally(
        paper["method"],
        cast,
        seats=outcome.seats,
        quorum=shares.read(paper["quorum"]),
        threshold=shares.read(paper["threshold"]),
    )
    return record.result_face(result, cast, secret=False)


def _of_secret(outcome: Outcome) -> dict[str, Any]:
    """All that the ballots tell without their classes.

    The whole is counted from the ballots, turnout and quorums from the seats that voted. Whether
    a class met its threshold, and counts by class, stand as they were found at the count.
    """
    stored = outcome.result
    turnout = _turnout(outcome)
    short = _short(outcome, turnout)
    whole = _whole(outcome)
    unmet = [] if short else list(whole.unmet)
    if not short:
        unmet += [
            f"threshold:{name}"
            for name, row in sorted(stored["by_class"].items())
            if name != shares.ALL and (row.get("threshold") or {}).get("met") is False
        ]
    outcome_now = "failed" if unmet else whole.outcome
    winners = [] if unmet else list(whole.winners)
    found = {"turnout": turnout, "unmet": short or unmet}
    if short:
        return {**found, "outcome": "no quorum", "winners": [], "rounds": []}
    row = {**whole.by_class["all"], "quorum": stored["by_class"]["all"]["quorum"]}
    by_class = {**stored["by_class"], "all": row}
    return {
        **found,
        "outcome": outcome_now,
        "winners": winners,
        "rounds": list(whole.rounds),
        "by_class": by_class,
    }


def _whole(outcome: Outcome) -> Result:
    """The ballots as if all seats were of one class."""
    paper, threshold = outcome.round.paper, shares.read(outcome.round.paper["threshold"])
    cast = [Cast(each.code, "one", each.choice) for each in outcome.round.counted_ballots.all()]
    return tally(
        paper["method"],
        cast,
        seats={"one": sum(outcome.seats.values())},
        quorum={},
        threshold={name: share for name, share in threshold.items() if name == shares.ALL},
    )


def _turnout(outcome: Outcome) -> dict[str, dict[str, int]]:
    classes = {each.seat_id: each.seat_class for each in outcome.round.electors.all()}
    cast = Counter(classes[each.seat_id] for each in outcome.round.voted.all())
    seats: dict[str, int] = outcome.seats
    every = {"cast": sum(cast.values()), "seats": sum(seats.values())}
    return {
        shares.ALL: every,
        **{name: {"cast": cast[name], "seats": number} for name, number in seats.items()},
    }


def _short(outcome: Outcome, turnout: dict[str, dict[str, int]]) -> list[str]:
    """The quorums that were not reached, as the tally says them: the whole first, then by name."""
    needed = shares.read(outcome.round.paper["quorum"])
    names = [shares.ALL, *sorted(set(turnout) - {shares.ALL})]
    return [
        f"quorum:{name}"
        for name in names
        if (name in needed and turnout[name]["cast"] < needed[name] * turnout[name]["seats"])
        or (name in needed and not turnout[name]["seats"])
    ]
