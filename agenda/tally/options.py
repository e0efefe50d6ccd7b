"""What the methods that choose among options share: a winner, her runners-up, a tie."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from fractions import Fraction
from typing import Any

from agenda.tally.records import Ballot, Share, Verdict, support

Lead = Callable[[Any, str, str | None], int]
"""lead(choice, option, rival): above 0 if the ballot puts the option higher, below 0 if lower.
Rival None: an option no ballot names."""


def verdict(
    winners: Collection[str],
    runners_up: Collection[str],
    rounds: tuple[Mapping[str, Any], ...],
    lead: Lead,
) -> Verdict:
    """One winner, to be asked for thresholds; or a tie; or nothing to choose from."""
    if not winners:
        return Verdict(None, ("threshold:all",), rounds=rounds)
    if len(winners) > 1:
        return Verdict(None, tied=True, winners=tuple(sorted(winners)), rounds=rounds)
    (winner,) = winners
    return Verdict(_lowest(winner, runners_up, lead), winners=(winner,), rounds=rounds)


def _lowest(winner: str, runners_up: Collection[str], lead: Lead) -> Share:
    """The share of those who prefer the winner, against whichever runner-up it is lowest."""
    rivals: Collection[str | None] = runners_up or [None]
    shares = [_against(winner, rival, lead) for rival in rivals]

    def share(ballots: Iterable[Ballot]) -> Fraction | None:
        ballots = list(ballots)
        measured = [found for one in shares if (found := one(ballots)) is not None]
        return min(measured) if len(measured) == len(shares) else None

    return share


def _against(winner: str, rival: str | None, lead: Lead) -> Share:
    return support(lambda choice: lead(choice, winner, rival))
