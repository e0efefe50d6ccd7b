"""Instant runoff, in which a tie for last place is followed every way it could go.

The work grows with the sets of options that ties can leave: two seconds for 16 options in one
perfect circle, the worst case known; milliseconds for elections as they happen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from agenda.tally.options import verdict
from agenda.tally.rankings import lead, named, places
from agenda.tally.records import Ballot, Number, Verdict, plain

Left = frozenset[str]
Ends = Mapping[str, frozenset[str]]  # possible winners → the runners-up each could have


def decide(ballots: Sequence[Ballot], bar: Fraction | None) -> Verdict:
    """The winner of the runoff, or all who win it in some order of ties."""
    options = named(ballots)
    if not options:
        return verdict((), (), (), lead)
    runoff = Runoff(ballots)
    ends = runoff.ends(options)
    runners_up = frozenset().union(*ends.values())
    return verdict(ends.keys(), runners_up, tuple(runoff.rounds(options)), lead)


class Runoff:
    """Each set of options left is counted once, however many orders lead to it."""

    def __init__(self, ballots: Sequence[Ballot]) -> None:
        self.ballots = ballots
        self._ends: dict[Left, Ends] = {}

    def ends(self, left: Left) -> Ends:
        """Who can win from here, against whom."""
        if left not in self._ends:
            self._ends[left] = self._follow(left)
        return self._ends[left]

    def _follow(self, left: Left) -> Ends:
        counts, _ = places(self.ballots, left)
        out = goes_out(counts)
        while len(out) == 1:
            left -= out[0]
            counts, _ = places(self.ballots, left)
            out = goes_out(counts)
        return self._fork(left, out) if out else _end(counts)

    def _fork(self, left: Left, out: Sequence[Left]) -> Ends:
        ends: dict[str, frozenset[str]] = {}
        for loser in out:
            for winner, runners_up in self.ends(left - loser).items():
                ends[winner] = ends.get(winner, frozenset()) | runners_up
            if 1 < len(ends) == len(left):
                break  # all can win: no other order adds to that
        return ends

    def rounds(self, left: Left) -> list[dict[str, Any]]:
        """Each round as `Result.rounds` has it, up to the last or to the first open order."""
        told: list[dict[str, Any]] = []
        while True:
            counts, exhausted = places(self.ballots, left)
            out = goes_out(counts)
            told.append(self._round(left, counts, exhausted, out))
            if len(out) != 1:
                return told
            left -= out[0]

    def _round(
        self, left: Left, counts: Mapping[str, Number], exhausted: Number, out: Sequence[Left]
    ) -> dict[str, Any]:
        open_order = out if len(out) > 1 else []
        return {
            "counts": plain(counts),
            **plain({"exhausted": exhausted}),
            "out": sorted(out[0]) if len(out) == 1 else [],
            "tied": {min(loser): sorted(self.ends(left - loser)) for loser in open_order},
        }


def goes_out(counts: Mapping[str, Number]) -> list[Left]:
    """Who leaves next: nobody once it is decided, one set, or one of several.

    Options tied for last are one set if all their ballots together stay below the next option:
    none of them could have outlived it, whatever their order. Otherwise each is a set of its own.
    """
    if len(counts) == 1 or 2 * max(counts.values()) > sum(counts.values()):
        return []
    fewest = min(counts.values())
    last = frozenset(option for option, number in counts.items() if number == fewest)
    above = [number for number in counts.values() if number > fewest]
    if above and fewest * len(last) < min(above):
        return [last]
    return [frozenset([option]) for option in sorted(last)]


def _end(counts: Mapping[str, Number]) -> Ends:
    """The winner of a decided round, and who came second in it."""
    winner = max(counts, key=counts.__getitem__)
    rest = {option: number for option, number in counts.items() if option != winner}
    second = max(rest.values(), default=0)
    return {winner: frozenset(option for option, number in rest.items() if number == second)}
