"""Which classes' counts of a secret ballot may be told, beside the count of the whole.

The whole is public: every ballot stands in the list under its code. A class is told only if it
has at least `SMALLEST` voters who were not of one mind. That is not enough: what is withheld can be
subtracted from the whole, and *that* it is withheld tells why. So:

- Classes below `SMALLEST` stand together as one; while they are too few, the smallest other class
  stands with them. This depends on how many voted, which is public.
- All of these are told, or none: none, if one of them was of one mind.
- Where "none" would give away which one it was and how it voted, none is told whatever the ballots
  say. This depends on the count of the whole, which is public too.

So from all that is told, nobody can work out the count of a class that is too small or of one
mind, unless the count of the whole tells it alone: of five ballots that all agree, everybody
agreed. Rankings and points are not told by class: one of them can be as good as a signature.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

SMALLEST = 5

Choices = Mapping[str, Sequence[Hashable]]
Value = tuple[tuple[str, int], ...]


def tellable(choices: Choices) -> set[str]:
    """The classes whose counts may be told. choices: by class, those who voted; any order."""
    parts = _parts({name: len(cast) for name, cast in choices.items() if cast})
    whole = Counter(choice for cast in choices.values() for choice in cast)
    if not _keeps_quiet(whole, [sum(len(choices[name]) for name in part) for part in parts]):
        return set()
    for part in parts:
        together = {choice for name in part for choice in choices[name]}
        if len(together) < 2:
            return set()
    return {part[0] for part in parts if len(part) == 1 and len(choices[part[0]]) >= SMALLEST}


def _parts(voters: Mapping[str, int]) -> list[list[str]]:
    """Classes that are told apart; those that cannot be are in one part."""
    order = sorted(voters, key=lambda name: (voters[name], name))
    together = [name for name in order if voters[name] < SMALLEST]
    others = [name for name in order if voters[name] >= SMALLEST]
    while together and others and sum(voters[name] for name in together) < SMALLEST:
        together.append(others.pop(0))
    return [[name] for name in others] + ([together] if together else [])


def _keeps_quiet(whole: Counter[Hashable], sizes: Sequence[int]) -> bool:
    """Whether "none is told, for one was of one mind" leaves each part at least two counts."""
    if any(size < SMALLEST for size in sizes):
        return False
    if len(sizes) < 2:
        return True  # the whole is the only part
    of_one_mind = [
        (part, choice)
        for part, size in enumerate(sizes)
        for choice, number in whole.items()
        if number >= size
    ]
    for part, size in enumerate(sizes):
        found: set[object] = set()
        for other, choice in of_one_mind:
            found |= _values(whole, sizes, part, other, choice)
        if len(found) == 1 and _is_open(whole, size):
            return False
    return True


def _values(
    whole: Counter[Hashable], sizes: Sequence[int], part: int, other: int, choice: Hashable
) -> set[object]:
    """Counts that `part` can have if all of `other` chose `choice`; two stand for many."""
    if part == other:
        return {(choice,)}
    rest = whole - Counter({choice: sizes[other]})
    if len(rest) == 1:
        return {tuple(rest)}
    if len(sizes) == 2:
        return {frozenset(rest.items())}
    return {"one", "another"}


def _is_open(whole: Counter[Hashable], size: int) -> bool:
    """Whether the whole alone leaves a part of this size more than one count."""
    return len(whole) > 1 and size < whole.total()
