"""Reads a table file through its mapping: one row per number, one problem per fault.

Totals are rows of their own and never computed; nothing is interpolated, averaged or summed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from measurement.reading.catalogue import GroupName
from measurement.reading.checks import (
    falling_counts,
    few_of_a_kind,
    whole_and_parts,
    without_duplicates,
)
from measurement.reading.errors import Problem, Severity
from measurement.reading.folding import tidy, words
from measurement.reading.grades import grade_of
from measurement.reading.mapping import EVERYONE, IGNORE, KEEP, NEW, UNKNOWN, Mapping
from measurement.reading.numbers import NumberReader, Numbers, ScaleEvidence, fits
from measurement.reading.periods import BadPeriod, PeriodSpec, parse_period
from measurement.reading.plan import Labelled, Plan, Series, bind
from measurement.reading.rows import Row, TableReading
from measurement.reading.source import Record, Source
from measurement.reading.values import is_reason


def read_table(
    source: Source, mapping: Mapping, *, groups: Sequence[GroupName] = ()
) -> TableReading:
    """Every row that can be read and every problem, in the file's order.

    groups: what the caller knows of its groups; lets parts be checked against their whole.
    Raises BadMapping (the mapping does not fit the file) or Unreadable (the file broke off).
    """
    reader = _TableReader(source, mapping, groups)
    rows = list(reader.rows())
    rows, repeated = without_duplicates(rows)
    problems = [*source.warnings, *reader.problems, *reader.about_scale(), *repeated]
    problems += whole_and_parts(rows, groups)
    problems += falling_counts(rows)
    problems.sort(key=lambda problem: problem.line or 0)
    return TableReading(
        rows, few_of_a_kind(problems), reader.lines, reader.left_out, tuple(reader.notes)
    )


class _Skip(Exception):
    """This line is out: a problem was reported, or the mapping ignores it."""


class _TableReader:
    def __init__(self, source: Source, mapping: Mapping, groups: Sequence[GroupName]) -> None:
        self.source = source
        self.mapping = mapping
        self.plan: Plan = bind(source, mapping)
        self.numbers = NumberReader(mapping)
        self.exclusive = {group.key: group.dimension for group in groups if group.exclusive}
        self.strata: dict[frozenset[str], frozenset[str]] = {}
        self.problems: list[Problem] = []
        self.notes: list[tuple[int, str]] = list(source.preamble)
        self.lines = 0
        self.left_out = 0
        self.evidence: dict[int, ScaleEvidence] = {}
        self.disagreeing: list[Problem] = []

    def rows(self) -> Iterator[Row]:
        for record in self.source.records(self.problems.append, self.notes.append):
            self.lines += 1
            try:
                yield from self._rows_of(record)
            except _Skip:
                continue

    def _rows_of(self, record: Record) -> Iterator[Row]:
        record = self._with_reasons(record)
        cells = record.cells
        if any(each.labels(cells[each.at]) != KEEP for each in self.plan.filters):
            self.left_out += 1
            return
        place = self._place(record)
        period = None if self.plan.period is None else self._period(record, self.plan.period)
        groups = self._groups(record)
        for series in self.plan.series:
            try:
                yield self._row(record, series, place, period, groups)
            except _Skip:
                continue

    def _with_reasons(self, record: Record) -> Record:
        """Where a count is blank, the word beside it says why; a word nobody knows says nothing."""
        at = self.plan.why
        if at is None or not is_reason(reason := record.cells[at]):
            return record
        cells = list(record.cells)
        for series in self.plan.series:
            cells[series.main] = cells[series.main] if tidy(cells[series.main]) else reason
        return Record(record.line, tuple(cells))

    def _row(
        self, record: Record, series: Series, place: str | None, period: PeriodSpec | None,
        groups: frozenset[str],
    ) -> Row:  # fmt: skip
        where = series.place or place or self.mapping.place
        when = self._fixed(record, series.period) if series.period else period
        if not where:
            raise self._problem(record, series.main, "no_place")
        if when is None:
            when = self._fixed(record, self.mapping.period)
        stratum = self._together(record, series, groups | series.groups)
        numbers = self.numbers.read(record.cells, series)
        self._report(record, series, numbers)
        return Row(
            record.line, where, when, stratum, numbers.numerator, numbers.denominator,
            numbers.missing, numbers.rate, numbers.denominator_derived, numbers.numerator_derived,
            numbers.sample_size, numbers.low, numbers.high, numbers.text, numbers.weight,
            self._grade(record), numbers.se,
        )  # fmt: skip

    def _grade(self, record: Record) -> str:
        """What the line says of itself, else what was said of the whole file."""
        at = self.plan.grade
        if at is None or not tidy(text := record.cells[at]):
            return self.mapping.grade
        if (grade := grade_of(text)) is None:
            raise self._problem(record, at, "unknown_grade", text=text[:80])
        return grade

    def _place(self, record: Record) -> str | None:
        column = self.plan.place
        if column is None:
            return None
        key = self._label(record, column, blank="no_place")
        return f"{NEW}:{tidy(record.cells[column.at])}" if key == NEW else key

    def _label(self, record: Record, column: Labelled, blank: str = "unknown_label") -> str:
        text = record.cells[column.at]
        key = column.labels(text)
        if key is None:
            code = "unknown_label" if tidy(text) else blank
            raise self._problem(record, column.at, code, text=text[:80])
        if key in (IGNORE, UNKNOWN):
            self.left_out += 1
            raise _Skip
        return key

    def _groups(self, record: Record) -> frozenset[str]:
        keys = [self._label(record, column) for column in self.plan.groups]
        return frozenset(key for key in keys if key != EVERYONE)

    def _together(self, record: Record, series: Series, keys: frozenset[str]) -> frozenset[str]:
        """At most one group per exclusive dimension: nobody is in two of them."""
        dimensions = [self.exclusive[key] for key in keys if key in self.exclusive]
        if len(set(dimensions)) < len(dimensions):
            raise self._problem(record, series.main, "two_groups")
        keys -= {EVERYONE}
        return self.strata.setdefault(keys, keys)  # one object per stratum, not per line

    def _period(self, record: Record, at: int) -> PeriodSpec:
        try:
            return parse_period(record.cells[at], self.plan.rules)
        except BadPeriod as error:
            raise self._problem(record, at, error.code, text=record.cells[at][:80]) from error

    def _fixed(self, record: Record, text: str) -> PeriodSpec:
        try:
            return parse_period(text, self.plan.rules)
        except BadPeriod as error:
            raise self._problem(record, None, error.code, text=text[:80]) from error

    def _problem(self, record: Record, at: int | None, code: str, **params: Any) -> _Skip:
        self.problems.append(self._told(record, at, code, params, "error"))
        return _Skip()

    def _told(
        self, record: Record, at: int | None, code: str, params: dict[str, Any], severity: Severity
    ) -> Problem:
        name = None if at is None else self.source.header[at]
        return Problem(record.line, name, code, params, severity)

    def _report(self, record: Record, series: Series, numbers: Numbers) -> None:
        for at, code, params in numbers.warnings:
            self.problems.append(self._told(record, at, code, params, "warning"))
        for at, code, params in numbers.errors:
            self.problems.append(self._told(record, at, code, params, "error"))
        self._compare(record, series, numbers)
        if numbers.errors:
            raise _Skip

    def _compare(self, record: Record, series: Series, numbers: Numbers) -> None:
        """Where counts and rate stand side by side they are checked against each other."""
        count, whole, rate = numbers.numerator, numbers.denominator, numbers.rate
        derived = numbers.denominator_derived or numbers.numerator_derived
        if derived or not whole or count is None or rate is None or series.rate is None:
            return
        self.evidence.setdefault(series.rate, ScaleEvidence()).add(count, whole, rate)
        if not fits(count, whole, rate, self.mapping.scale):
            params = {"rate": rate, "numerator": count, "denominator": whole}
            params["scale"] = self.mapping.scale
            told = self._told(record, series.rate, "rate_disagrees", params, "warning")
            self.disagreeing.append(told)

    def about_scale(self) -> Iterator[Problem]:
        """One problem per rate column that counts out of something else; else its odd lines."""
        scale, wrong = self.mapping.scale, set()
        for at, evidence in self.evidence.items():
            if best := evidence.other_than(scale):
                name = self.source.header[at]
                wrong.add(name)
                params = {
                    "scale": best, "given": scale,
                    "agree": evidence.agree[best], "compared": evidence.compared,
                }  # fmt: skip
                yield Problem(None, name, "scale_is_other", params)
        yield from (problem for problem in self.disagreeing if problem.column not in wrong)
        yield from self._odd_names(wrong)

    def _odd_names(self, known: set[str]) -> Iterator[Problem]:
        """A column called "percent" that is mapped as a rate per 1,000: right or a slip?"""
        said = {"percent": 100, "pct": 100, "porcentaje": 100, "percentage": 100}
        for at in {series.rate for series in self.plan.series if series.rate is not None}:
            name = self.source.header[at]
            percent = any(word in said for word in words(name)) or "%" in name
            if percent and self.mapping.scale != 100 and name not in known:
                params = {"scale": self.mapping.scale}
                yield Problem(None, name, "named_percent", params, "warning")
