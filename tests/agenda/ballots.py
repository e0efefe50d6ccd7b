"""Ballots in one line each, for the tests of the tally."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from agenda.tally import Ballot, Result, tally


def votes(**classes: str) -> list[Ballot]:
    """`votes(community="agree agree block")`: a ballot for each word (or step, 1 to 8)."""
    choices = [(name, word) for name, words in classes.items() for word in words.split()]
    return [
        Ballot(f"{name} {number}", name, int(word) if word.isdigit() else word)
        for number, (name, word) in enumerate(choices)
    ]


def rankings(*lines: str, seat_class: str = "community") -> list[Ballot]:
    """`rankings("42 M>N>C=K", "3 K")`: so many ballots of each ranking; `=` ranks equally."""
    ballots = []
    for line in lines:
        number, _, ranking = line.partition(" ")
        choice = [place.split("=") for place in ranking.split(">")] if ranking else []
        ballots += [
            Ballot(f"{seat_class} {line} {n}", seat_class, choice) for n in range(int(number))
        ]
    return ballots


def points(*choices: Mapping[str, int], seat_class: str = "community") -> list[Ballot]:
    """One ballot for each dict of points."""
    return [Ballot(f"{seat_class} {n}", seat_class, choice) for n, choice in enumerate(choices)]


def count(
    method: str,
    ballots: Iterable[Ballot],
    *,
    seats: Mapping[str, int] | None = None,
    quorum: Mapping[str, Any] | None = None,
    threshold: Mapping[str, Any] | None = None,
) -> Result:
    """The tally; unless said otherwise, all seats voted and nothing is asked. "2/3" is a share."""
    ballots = list(ballots)
    present = Counter(ballot.seat_class for ballot in ballots)
    return tally(
        method,
        ballots,
        seats=present if seats is None else seats,
        quorum={name: Fraction(share) for name, share in (quorum or {}).items()},
        threshold={name: Fraction(share) for name, share in (threshold or {}).items()},
    )
