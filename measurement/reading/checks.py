"""What rows say about each other: twice the same, parts above their whole, an unlikely scale."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal

from measurement.reading.catalogue import GroupName
from measurement.reading.errors import Problem
from measurement.reading.mapping import SCALES
from measurement.reading.mapping import Mapping as ColumnMapping
from measurement.reading.rows import Key, Row

MOST = 2_000  # warnings of one kind; nobody reads more


def few_of_a_kind(problems: Sequence[Problem], most: int = MOST) -> list[Problem]:
    """All errors, and the first warnings of each kind; how many more there are is said last."""
    kept: list[Problem] = []
    seen: Counter[str] = Counter()
    for problem in problems:
        if problem.severity == "warning":
            seen[problem.code] += 1
        if problem.severity == "error" or seen[problem.code] <= most:
            kept.append(problem)
    for count in (count - most for count in seen.values() if count > most):
        kept.append(Problem(None, None, "more_warnings", {"count": count}, "warning"))
    return kept


def without_duplicates(rows: Sequence[Row]) -> tuple[list[Row], list[Problem]]:
    """Rows that agree are kept once; of rows that disagree none is kept, and both lines named."""
    by_key: defaultdict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        by_key[row.key].append(row)
    kept: list[Row] = []
    problems: list[Problem] = []
    for same in by_key.values():
        if len(same) > 1 and len({_said(row) for row in same}) > 1:
            problems += _twice(same, "disagree", "error")
            continue
        kept.append(same[0])
        problems += _twice(same, "agree", "warning") if len(same) > 1 else []
    return kept, problems


def _said(row: Row) -> tuple[Any, ...]:
    return (
        *(row.numerator, row.denominator, row.missing, row.rate, row.low, row.high),
        *(row.sample_size, row.weight, row.grade, row.se),
    )


def _twice(
    same: Sequence[Row], how: Literal["agree", "disagree"], severity: Literal["error", "warning"]
) -> Iterator[Problem]:
    """On every line that is left out: of rows that agree, the first one stays."""
    first, second = same[0], same[1]
    if how == "disagree":
        params = {"first": first.line, "second": second.line}
        yield Problem(first.line, None, "duplicates_disagree", params, severity)
    for row in same[1:]:
        params = {"first": first.line, "second": row.line}
        yield Problem(row.line, None, f"duplicates_{how}", params, severity)


GROWING = 0.9  # so many of the steps from day to day go up or stay: then the count only grows
STEPS = 10


def falling_counts(rows: Sequence[Row]) -> Iterator[Problem]:
    """A count that grows from day to day, as counts so far do, and then is less than before."""
    series: defaultdict[tuple[str, frozenset[str]], list[Row]] = defaultdict(list)
    for row in rows:
        if row.period.kind == "day" and row.numerator is not None:
            series[row.place, row.groups].append(row)
    for same in series.values():
        same.sort(key=lambda row: row.period.start)
        steps = [(a, b) for a, b in pairwise(same) if a.numerator is not None]
        fell = [(a, b) for a, b in steps if (b.numerator or 0) < (a.numerator or 0)]
        if len(steps) < STEPS or len(fell) > (1 - GROWING) * len(steps):
            continue
        for before, now in fell:
            params = {"now": now.numerator, "before": before.numerator}
            yield Problem(now.line, None, "count_fell", params, "warning")


@dataclass(slots=True)
class _Parts:
    total: int = 0
    count: int = 0


def whole_and_parts(rows: Sequence[Row], groups: Sequence[GroupName]) -> Iterator[Problem]:
    """Groups that exceed the whole they belong to, one by one or added up.

    Added up are only groups of one exclusive dimension with the same parent. Numbers worked out
    from a rounded rate are not compared.
    """
    known = {group.key: group for group in groups}
    by_key = {row.key: row for row in rows}
    sums: defaultdict[tuple[Key, str, str], _Parts] = defaultdict(_Parts)
    for row in rows:
        for key in row.groups:
            group = known.get(key)
            if group is None:
                continue
            whole = by_key.get(_whole(row, group))
            if whole is None:
                continue
            yield from _one_part(row, whole)
            for field in ("numerator", "denominator") if group.exclusive else ():
                if (number := _exact(row, field)) is not None:
                    parts = sums[whole.key, group.dimension, field]
                    parts.total, parts.count = parts.total + number, parts.count + 1
    yield from _sums(by_key, sums)


def _whole(row: Row, group: GroupName) -> Key:
    """The row this one is a part of: the same without the group, or with its parent."""
    rest = row.groups - {group.key}
    return row.place, row.period, rest | {group.parent} if group.parent else rest


def _exact(row: Row, field: str) -> int | None:
    return None if getattr(row, f"{field}_derived") else getattr(row, field)


def _one_part(row: Row, whole: Row) -> Iterator[Problem]:
    for field in ("numerator", "denominator"):
        part, total = _exact(row, field), _exact(whole, field)
        if part is not None and total is not None and part > total:
            params = {"part": part, "total": total, "line": whole.line or 0}
            yield Problem(row.line, None, f"group_above_total_{field}", params, "warning")


def _sums(
    by_key: Mapping[Key, Row], sums: Mapping[tuple[Key, str, str], _Parts]
) -> Iterator[Problem]:
    for (key, dimension, field), parts in sums.items():
        whole = by_key[key]
        total = _exact(whole, field)
        if total is not None and parts.count > 1 and parts.total > total:
            params = {"sum": parts.total, "total": total, "dimension": dimension}
            yield Problem(whole.line, None, f"parts_above_total_{field}", params, "warning")


def against_known(
    rows: Sequence[Row], known: Mapping[Key, int], scale: int, *, column: str | None = None
) -> Problem | None:
    """A wrong scale shows when worked-out denominators are 10, 100 … times those known elsewhere.

    Count and rate alone cannot tell per 100 from per 1,000. known: denominators of the same
    place, period and groups from another source, such as births behind another indicator.
    """
    ratios = [
        known[row.key] / row.denominator
        for row in rows
        if row.denominator_derived and row.denominator and known.get(row.key)
    ]
    for other in SCALES:
        agree = sum(1 for ratio in ratios if abs(scale * ratio / other - 1) <= 0.25)
        if other != scale and len(ratios) >= 3 and agree >= 0.6 * len(ratios):
            params = {"scale": other, "given": scale, "agree": agree, "compared": len(ratios)}
            return Problem(None, column, "scale_against_known", params)
    return None


@dataclass(frozen=True, slots=True)
class Example:
    """One row as a sentence of `messages`, for a person to confirm what the columns mean."""

    code: str
    params: Mapping[str, Any]


def example(mapping: ColumnMapping, row: Row) -> Example | None:
    """None when the row has no count to speak of."""
    if row.numerator is None:
        return None
    if not row.denominator:
        return Example("example_count", {"numerator": row.numerator})
    rate = row.rate
    if rate is None or row.denominator_derived is False:
        rate = _rounded(row.numerator, row.denominator, mapping.scale)
    params = {
        "numerator": row.numerator, "denominator": row.denominator,
        "rate": rate, "scale": mapping.scale,
    }  # fmt: skip
    return Example("example_about" if row.denominator_derived else "example_exact", params)


def _rounded(numerator: int, denominator: int, scale: int) -> Decimal:
    value = Decimal(numerator) * scale / Decimal(denominator)
    return round(value, 1 if scale > 1 else 3)
