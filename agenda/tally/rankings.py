"""A ranking: options in places, best first, equals together, the unranked last."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Any

from agenda.tally.checking import is_name
from agenda.tally.records import Ballot, Number

Ranking = Sequence[Sequence[str]]


def named(ballots: Sequence[Ballot]) -> frozenset[str]:
    """Every option that some ballot ranks."""
    return frozenset(option for ballot in ballots for place in ballot.choice for option in place)


def lead(choice: Ranking, option: str, rival: str | None) -> int:
    """How many places the option stands above the rival; unranked options are equally last."""
    places = {name: number for number, place in enumerate(choice) for name in place}
    return places.get(rival or "", len(choice)) - places.get(option, len(choice))


def standing(choice: Ranking, left: Collection[str]) -> list[str]:
    """The best of the options left that the ballot ranks: one, several equals, or none."""
    for place in choice:
        if still := [option for option in place if option in left]:
            return still
    return []


def first_places(ballots: Sequence[Ballot]) -> dict[str, Number]:
    """Weight by first place; equals share it evenly. Options that are never first have 0."""
    return places(ballots, named(ballots))[0]


def places(ballots: Sequence[Ballot], left: Collection[str]) -> tuple[dict[str, Number], Number]:
    """The same among the options left, and the weight of ballots that rank none of them."""
    counts: dict[str, Number] = dict.fromkeys(left, 0)
    exhausted: Number = 0
    for ballot in ballots:
        still = standing(ballot.choice, left)
        if not still:
            exhausted += ballot.weight
            continue
        part = ballot.weight if len(still) == 1 else Fraction(ballot.weight) / len(still)
        for option in still:
            counts[option] += part
    return counts, exhausted


def fault(choice: Any) -> str | None:
    """What is wrong with a ranking. A place may be empty: it was skipped."""
    if not isinstance(choice, list | tuple):
        return f"a list of lists of options is needed, not {choice!r}"
    ranked: set[str] = set()
    for place in choice:
        if not isinstance(place, list | tuple):
            return f"each place must be a list of options, not {place!r}"
        for option in place:
            if not is_name(option):
                return f"an option cannot be named {option!r}"
            if option in ranked:
                return f"it ranks {option!r} twice"
            ranked.add(option)
    return None
