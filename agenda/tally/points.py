"""Points for options: score and dot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from agenda.tally.checking import is_name, is_whole
from agenda.tally.options import verdict
from agenda.tally.records import Ballot, Method, Number, Verdict, plain


def totals(ballots: Sequence[Ballot]) -> dict[str, Number]:
    """Points by option, times weights. A ballot that does not name an option adds 0."""
    sums: dict[str, Number] = {}
    for ballot in ballots:
        for option, points in ballot.choice.items():
            sums[option] = sums.get(option, 0) + points * ballot.weight
    return sums


def decide(ballots: Sequence[Ballot], bar: Fraction | None) -> Verdict:
    """The options with the greatest sum."""
    sums = totals(ballots)
    winners = _most(sums)
    runners_up = _most({option: sums[option] for option in sums.keys() - winners})
    return verdict(winners, runners_up, ({"totals": plain(sums)},), lead)


def _most(sums: dict[str, Number]) -> set[str]:
    most = max(sums.values(), default=0)
    return {option for option, points in sums.items() if points == most}


def lead(choice: Mapping[str, int], option: str, rival: str | None) -> int:
    return choice.get(option, 0) - (choice.get(rival, 0) if rival else 0)


def fault(choice: Any) -> str | None:
    if not isinstance(choice, Mapping):
        return f"points by option are needed, not {choice!r}"
    for option, points in choice.items():
        if not is_name(option):
            return f"an option cannot be named {option!r}"
        if not is_whole(points):
            return f"{points!r} points for {option!r} are no whole number"
    return None


def dot_fault(choice: Any) -> str | None:
    if wrong := fault(choice):
        return wrong
    below = sorted(option for option, dots in choice.items() if dots < 0)
    return f"fewer than 0 dots for {below[0]!r}" if below else None


POINTS = {"score": Method(fault, totals, decide), "dot": Method(dot_fault, totals, decide)}
