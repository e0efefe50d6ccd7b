"""Schulze's beatpaths, with winning votes as the strength of a link.

Source: M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and
Condorcet-consistent single-winner election method", Social Choice and Welfare 36 (2011) 267-303.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from itertools import permutations

from agenda.tally.options import verdict
from agenda.tally.rankings import Ranking, lead, named
from agenda.tally.records import Ballot, Number, Verdict, plain

Pairs = dict[str, dict[str, Number]]


def decide(ballots: Sequence[Ballot], bar: Fraction | None) -> Verdict:
    """The options that no other beats by a path."""
    options = sorted(named(ballots))
    if not options:
        return verdict((), (), (), lead)
    pairs = preferences(ballots, options)
    paths = strongest_paths(pairs)
    winners = unbeaten(paths, options)
    runners_up = unbeaten(paths, [option for option in options if option not in winners])
    return verdict(winners, runners_up, ({"pairs": _told(pairs), "paths": _told(paths)},), lead)


def preferences(ballots: Sequence[Ballot], options: Sequence[str]) -> Pairs:
    """pairs[a][b]: the weight of ballots that rank a above b."""
    pairs: Pairs = {a: {b: 0 for b in options if b != a} for a in options}
    for ballot in ballots:
        places = _places(ballot.choice, options)
        for a, b in permutations(options, 2):
            if places[a] < places[b]:
                pairs[a][b] += ballot.weight
    return pairs


def _places(choice: Ranking, options: Sequence[str]) -> dict[str, int]:
    places = dict.fromkeys(options, len(choice))
    places.update((option, number) for number, place in enumerate(choice) for option in place)
    return places


def strongest_paths(pairs: Pairs) -> Pairs:
    """paths[a][b]: the weakest link of the strongest path from a to b; 0 without a path.

    Only a pair that is won is a link, as strong as the votes that win it (Floyd and Warshall).
    """
    paths: Pairs = {
        a: {b: votes if votes > pairs[b][a] else 0 for b, votes in row.items()}
        for a, row in pairs.items()
    }
    for via, a, b in permutations(paths, 3):
        paths[a][b] = max(paths[a][b], min(paths[a][via], paths[via][b]))
    return paths


def unbeaten(paths: Pairs, among: Collection[str]) -> list[str]:
    """Those of `among` to whom no other of them has a stronger path than back."""
    return [a for a in among if all(paths[a][b] >= paths[b][a] for b in among if b != a)]


def _told(pairs: Pairs) -> dict[str, dict[str, int | str]]:
    return {option: plain(row) for option, row in pairs.items()}
