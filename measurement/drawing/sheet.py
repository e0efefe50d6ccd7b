"""The public cells as a CSV file: exactly those of the page's table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ciforum.people.cells import harmless
from measurement.models.indicators import Measure
from measurement.showing import printing, wording
from measurement.showing.derived import of
from measurement.showing.symbols import UNRELIABLE

if TYPE_CHECKING:
    from measurement.showing.derived import Derived
    from measurement.showing.shown import Cell, Shown

COLUMNS = (
    *("indicator", "definition", "place_code", "place", "period", "period_start", "period_end"),
    *("group_code", "group", "numerator", "denominator", "denominator_is_approximate"),
    *("rate", "rate_per", "low_95", "high_95", "precision", "evidence", "sample_size"),
    *("standard_error", "population_weight", "added_up", "release", "released_on"),
)


def sheet(source: Derived | Shown) -> bytes:
    """UTF-8 with a byte order mark, without which Excel garbles every accent.

    Numbers have a point and no grouping. A hidden number is `[c]`, a missing one its sign, and an
    unreliable rate is `[u]` without its interval; `precision` says present, review or suppress.
    """
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows(rows(of(source)))
    return file.getvalue().encode("utf-8-sig")


def rows(derived: Derived) -> Iterator[list[str]]:
    for cell in derived.shown.cells:
        yield [
            *map(harmless, _about(derived.shown, cell)),
            *_numbers(derived, cell),
            *_trust(derived, cell),
            "" if cell.weight is None else f"{cell.weight.normalize():f}",
            cell.rolled_up,
            *map(harmless, _origin(cell)),
        ]


def _about(shown: Shown, cell: Cell) -> Iterable[str]:
    place = shown.place
    return (
        *(str(shown.indicator.name), str(cell.version.number)),
        *(place.code if place else "", str(place or ""), str(cell.period)),
        *(cell.period.start.isoformat(), cell.period.end.isoformat()),
        *(cell.series.key, wording.series_name(cell.series)),
    )


def _numbers(derived: Derived, cell: Cell) -> Iterable[str]:
    if cell.version.measure == Measure.COUNT:
        return (_count(cell.numerator, wording.sign_of(cell)), "", "", "", "")
    texts = wording.cell_texts(cell)
    near = "" if cell.denominator is None else "yes" if cell.is_near else "no"
    rate = texts.rate if cell.rate is None else f"{cell.rate:.4f}"
    if printing.is_unreliable(derived, cell):
        rate = UNRELIABLE.sign
    return (
        _count(cell.numerator, texts.numerator),
        _count(cell.denominator, texts.denominator),
        *(near, rate, str(cell.version.scale)),
    )


def _trust(derived: Derived, cell: Cell) -> Iterable[str]:
    """Interval, what the standard says, its grade, how many were asked, its error."""
    found = derived.precision(cell)
    if found is None:
        return "", "", "", "", "", ""
    is_told = found.is_shown and found.has_interval
    ends = (f"{found.low:.4f}", f"{found.high:.4f}") if is_told else ("", "")
    asked = "" if cell.sample_size is None else str(cell.sample_size)
    error = "" if cell.standard_error is None else f"{cell.standard_error:.6f}"
    return *ends, found.decision, cell.grade, asked, error


def _count(number: int | None, sign: str) -> str:
    return sign if number is None else str(number)


def _origin(cell: Cell) -> Iterable[str]:
    day = cell.release.published_at
    return str(cell.release.number), day.date().isoformat() if day else ""
