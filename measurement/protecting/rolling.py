"""Adding counts up, so that more people are seen: to the group above them, to two years together.

Plain values in and out, no query. A sum is made only where nothing stands yet and every part
of it is counted: of all direct parts of a group that puts each person in one of them, or of two
years that follow each other. Parts have one definition in common, because they are rows of one
version of an indicator, and the same groups, because a group that comes to mean other people is
another group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from measurement.models.observations import RolledUp
from measurement.protecting.hierarchy import Groups, Hierarchy, Span

Key = tuple[int, int, Groups]  # period, place, groups
# Kinds of period, as in `Period.Kind`, of which two make two years.
YEARS = ("year", "school_year", "fiscal_year")


@dataclass(frozen=True, slots=True)
class Counted:
    """One row as it stands. numerator: None where it says why there is no number.

    id: of its observation; below zero for a sum that is only thought of.
    """

    id: int
    period: int
    place: int
    groups: Groups
    numerator: int | None
    denominator: int | None
    is_derived: bool = False
    sample_size: int | None = None
    weight: Decimal | None = None
    grade: str = ""
    se: Decimal | None = None

    @property
    def key(self) -> Key:
        return self.period, self.place, self.groups


@dataclass(frozen=True, slots=True)
class Sum:
    """Parts that make a whole."""

    way: RolledUp
    period: int
    place: int
    groups: Groups
    parts: tuple[Counted, ...]

    @property
    def numerator(self) -> int:
        return sum(part.numerator or 0 for part in self.parts)

    @property
    def denominator(self) -> int | None:
        """None where the parts have none: a count without a whole."""
        known = [part.denominator for part in self.parts if part.denominator is not None]
        return sum(known) if known else None

    @property
    def is_derived(self) -> bool:
        return any(part.is_derived for part in self.parts)

    @property
    def sample_size(self) -> int | None:
        """People asked. Where only some parts are samples, the others were asked in full."""
        if all(part.sample_size is None for part in self.parts):
            return None
        return sum(_asked(part) for part in self.parts)

    @property
    def weight(self) -> Decimal | None:
        known = [part.weight for part in self.parts if part.weight is not None]
        return sum(known, Decimal(0)) if len(known) == len(self.parts) else None

    @property
    def se(self) -> Decimal | None:
        """Of parts that were asked independently: √Σ(n·se)² / Σn; √Σse² where there is no whole.

        None where a part has none. Source: Lohr, Sampling (2019), ch. 3, stratified sampling.
        """
        known = [part.se for part in self.parts if part.se is not None]
        if len(known) != len(self.parts) or self.denominator == 0:
            return None
        sizes = [
            Decimal(1 if each.denominator is None else each.denominator) for each in self.parts
        ]
        squares = ((size * se) ** 2 for size, se in zip(sizes, known, strict=True))
        whole = Decimal(1 if self.denominator is None else self.denominator)
        return round(sum(squares, Decimal(0)).sqrt() / whole, 12)


def _asked(part: Counted) -> int:
    found = (part.sample_size, part.denominator, part.numerator)
    return next((number for number in found if number is not None), 0)


def adds_up(parts: Iterable[Counted]) -> bool:
    """Every part is counted, and all of them or none has a whole."""
    listed = list(parts)
    wholes = {part.denominator is None for part in listed}
    return len(listed) > 1 and len(wholes) == 1 and all(p.numerator is not None for p in listed)


def to_parents(tree: Hierarchy, rows: Iterable[Counted]) -> Iterator[Sum]:
    """The groups just above those that are counted; ask again with these for the next ones up."""
    taken: set[Key] = set()
    families: dict[tuple[Key, int], dict[int, Counted]] = defaultdict(dict)
    for row in rows:
        taken.add(row.key)
        for group in row.groups & tree.exclusive.keys():
            if parent := tree.parents.get(group):
                whole = row.groups - {group} | {parent}
                families[(row.period, row.place, whole), parent][group] = row
    for (whole_key, parent), family in families.items():
        is_all = family.keys() == tree.parts.get(parent)
        if is_all and whole_key not in taken and adds_up(family.values()):
            taken.add(whole_key)
            yield Sum(RolledUp.PARENT, *whole_key, tuple(family.values()))


def to_two_years(rows: Iterable[Counted], pairs: Mapping[int, tuple[int, int]]) -> Iterator[Sum]:
    """What both years of a pair count. pairs: the period of both → its two years."""
    by_period: dict[int, dict[tuple[int, Groups], Counted]] = defaultdict(dict)
    for row in rows:
        by_period[row.period][row.place, row.groups] = row
    for whole, (first, second) in pairs.items():
        for (place, groups), row in by_period[first].items():
            other = by_period[second].get((place, groups))
            if other and (place, groups) not in by_period[whole] and adds_up((row, other)):
                yield Sum(RolledUp.TWO_YEARS, whole, place, groups, (row, other))


def neighbours(
    tree: Hierarchy, kinds: Mapping[int, str], new: set[int], standing: Iterable[Span]
) -> list[tuple[int, int]]:
    """Years that follow each other and may be put together, no year twice.

    kinds: period → its kind. new: those of which a pair has at least one. standing: spans of two
    years that have rows already. Pairs go on from these; where there are none, the newest year is
    in the first pair.
    """
    found: list[tuple[int, int]] = []
    for kind in YEARS:
        own = sorted((pk for pk in kinds if kinds[pk] == kind), key=lambda pk: tree.spans[pk])
        begins = {tree.spans[pk][0] for pk in own}
        used = [span for span in standing if span[0] in begins]
        steps = [
            pair
            for pair in pairwise(own)
            if tree.spans[pair[0]][1] == tree.spans[pair[1]][0] and new.intersection(pair)
        ]
        for pair in steps if used else reversed(steps):
            span = (tree.spans[pair[0]][0], tree.spans[pair[1]][1])
            if span in used or not any(_overlap(span, other) for other in used):
                found.append(pair)
                used.append(span)
    return found


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
