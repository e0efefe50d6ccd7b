"""The rules a release is protected by, and which counts they hide for their own sake.

Plain values: what an initiative's thresholds and its named preset come to (`rules_of` in
`protection` reads them). No preset makes anything looser than the smallest count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, NamedTuple

from measurement.reliability.bands import BANDS

Range = tuple[int, int]


@dataclass(frozen=True)
class Rules:
    """What is hidden, beyond what it takes that no small count can be worked out.

    small_count: counts of 1 to small_count - 1, of people counted or of the others.
    population: rows about fewer people than this. next_smallest: beside a small group, the next
    smallest one of the same breakdown. totals: totals of which a part is small. zeros: that nobody
    is counted. unanimous: that everybody is. extremes: percents within BANDS of 0 or 100.
    reliable_count: rates resting on fewer are called unreliable; that hides nothing.
    """

    small_count: int
    population: int = 0
    next_smallest: bool = False
    totals: bool = False
    zeros: bool = False
    unanimous: bool = False
    extremes: bool = False
    reliable_count: int = 0
    preset: str = ""
    version: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Rules:
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})

    def usual(self) -> Range:
        """What a small count must look like it could be."""
        return (0 if self.zeros else 1, self.small_count - 1)

    def around(self, value: int) -> Range:
        """What a number must look like it could be that is kept whatever its size.

        At least a fifth to each side, and the smallest count: nobody else may come closer.
        Source: the p% rule with p = 20; Willenborg & de Waal, Elements of Statistical Disclosure
        Control (2001), ch. 6.
        """
        apart = max(self.small_count, -(-value // 5))
        return max(0, value - apart), value + apart

    def margin(self, denominator: int) -> int:
        """Up to which count the percent is extreme, of so many people; -1 where none is."""
        if not self.extremes:
            return -1
        percent = max((band for band in BANDS if denominator >= band[0]), default=(0, 0))[1]
        return denominator * percent // 100


class Counts(NamedTuple):
    """One row as the rules see it. x: counted, n: of how many, c: the others; None unknown."""

    x: int | None
    n: int | None
    c: int | None


def own_ranges(row: Counts, rules: Rules) -> dict[str, Range]:
    """Which of x, n and c are hidden for their own sake, and within which range each must seem.

    Beyond the small counts, which every table hides: people of a small group, and extremes.
    """
    found: dict[str, Range] = {}
    if row.n is not None and row.n < rules.population:
        for what, value in (("x", row.x), ("n", row.n)):
            if value is not None:
                found[what] = (min(rules.usual()[0], value), max(rules.population - 1, value))
    if row.x == 0 and rules.zeros:
        found["x"] = (0, max(rules.usual()[1], found.get("x", (0, 0))[1]))
    if row.c == 0 and rules.unanimous:
        found["c"] = (0, rules.usual()[1])
    if row.x is not None and row.n and row.c is not None:
        end = rules.margin(row.n)
        if row.c <= end:
            found.setdefault("x", (row.x, row.x))
            found["c"] = (0, max(end, rules.usual()[1]))
        if row.x <= end:
            found["x"] = (0, max(end, rules.usual()[1], found.get("x", (0, 0))[1]))
    return found


def next_smallest(siblings: Iterable[tuple[str, int, bool]]) -> str | None:
    """The smallest group of a breakdown that is not hidden yet, where another one is.

    siblings: name, people and whether it is hidden, of groups that add up.
    Source: New York State Education Department, report cards.
    """
    known = sorted(siblings, key=lambda each: (each[1], each[0]))
    if not any(is_hidden for _name, _people, is_hidden in known):
        return None
    return next((name for name, _people, is_hidden in known if not is_hidden), None)
