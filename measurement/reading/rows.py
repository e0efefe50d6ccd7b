"""What a reading hands over: plain rows, whatever the file looked like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from measurement.reading.errors import Problem
from measurement.reading.periods import PeriodSpec

Key = tuple[str, PeriodSpec, frozenset[str]]


class Row(NamedTuple):
    """One number for one place, period and set of groups.

    line: physical line, None for counts made from a people file.
    place: the caller's place key, or `new:<label>` where the mapping said "new".
    groups: the caller's group keys; empty means everyone.
    numerator, denominator: whole counts. Where the numerator is None, `missing` says why.
    missing: a code of `values.MISSING`; a missing number is never 0.
    rate: as the file gives it, per the mapping's scale; never used instead of the counts.
    denominator_derived, numerator_derived: worked out from the other count and the rate.
    low, high: what a hidden number (`<10`, `GE95`) still says about itself; never a midpoint.
    text: the number's cell as it stood in the file.
    sample_size: people asked. weight: people they stand for. Never one used for the other.
    grade: how it is known, a value of `Grade`; "" where the file does not say.
    se: standard error of a survey: of a share as a part of one, of a bare count in people.
    """

    line: int | None
    place: str
    period: PeriodSpec
    groups: frozenset[str]
    numerator: int | None = None
    denominator: int | None = None
    missing: str | None = None
    rate: Decimal | None = None
    denominator_derived: bool = False
    numerator_derived: bool = False
    sample_size: int | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    text: str = ""
    weight: Decimal | None = None
    grade: str = ""
    se: Decimal | None = None

    @property
    def key(self) -> Key:
        return self.place, self.period, self.groups


@dataclass(frozen=True, slots=True)
class TableReading:
    """rows that may be handed in, every problem, and how many lines stood in the file.

    lines: data lines read, good and bad. left_out: lines the mapping said to ignore.
    notes: footnotes and titles found around the table, as (line, text).
    """

    rows: list[Row]
    problems: list[Problem]
    lines: int = 0
    left_out: int = 0
    notes: tuple[tuple[int, str], ...] = ()

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity == "error"]


@dataclass(frozen=True, slots=True)
class PeopleReading:
    """Counts made from a file of persons; no person is in it.

    rows: every margin of the mapped dimensions (everyone, each group, each intersection).
    persons: lines read. counted: persons inside the "everyone" denominators.
    left_out: persons not counted, by code of the reason.
    unknown: dimension → counted persons whose group in it is not known.
    """

    rows: list[Row]
    problems: list[Problem]
    persons: int = 0
    counted: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    unknown: Mapping[str, int] = field(default_factory=dict)

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity == "error"]
