"""Public numbers as files: CSV, XLSX, Parquet, SVG, PNG. All from `Shown`: from releases only."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.text import slugify
from django.utils.translation import get_language

from measurement.drawing import sheet
from measurement.drawing.workbooks_out import figures_of, workbook
from measurement.showing import wording
from measurement.showing.columns import NOTHING, to_parquet
from measurement.showing.derived import of

if TYPE_CHECKING:
    from measurement.showing.derived import Derived
    from measurement.showing.shown import Cell, Shown

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "svg": "image/svg+xml",
    "png": "image/png",
}
NUMBERS, PICTURES = ("csv", "xlsx", "parquet"), ("svg", "png")
DPI = 200
_COLUMNS = (
    *("indicator", "definition", "place_code", "place", "period", "period_start", "period_end"),
    *("group_code", "group", "numerator", "denominator", "denominator_is_approximate"),
    *("rate", "rate_per", "low_95", "high_95", "sign", "sample_size", "standard_error"),
    *("population_weight", "evidence_grade", "added_up", "release", "released_on"),
)


def numbers(kind: str, found: Sequence[Shown]) -> bytes:
    """All cells of these tables as a file. kind: one of NUMBERS; found: at least one."""
    return {"csv": _csv, "xlsx": workbook, "parquet": _parquet}[kind](found)


def picture(kind: str, shown: Shown, drawing: str) -> bytes:
    """A picture that can stand alone: title, sentence, source, date and signs are in it.

    kind: one of PICTURES. drawing: one of `pictures_many.DRAWINGS`. In the reader's language.
    """
    from measurement.drawing import pictures_many  # noqa: PLC0415 - draws with matplotlib
    from measurement.drawing.pictures import plain_svg  # noqa: PLC0415

    figure, title, sentence = pictures_many.alone(shown, drawing, get_language() or "en")
    if kind == "svg":
        return plain_svg(figure, title, sentence)
    file = io.BytesIO()
    metadata = {"Software": None, "Title": _latin(title), "Description": _latin(sentence)}
    figure.savefig(file, format="png", dpi=DPI, metadata=metadata)
    return file.getvalue()


def _latin(text: str) -> str:
    """What PNG's own text chunks can hold."""
    return text.encode("latin-1", "replace").decode("latin-1")


def safe_name(*parts: str) -> str:
    """A file's name without its ending: ASCII letters, digits and hyphens, never empty."""
    return slugify("-".join(filter(None, parts)))[:100] or "numbers"


def disposition(name: str, kind: str) -> str:
    return f'attachment; filename="{name}.{kind}"'


def _csv(found: Sequence[Shown]) -> bytes:
    if len(found) == 1:
        return sheet.sheet(found[0])
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(sheet.COLUMNS)
    for shown in found:
        writer.writerows(sheet.rows(of(shown)))
    return file.getvalue().encode("utf-8-sig")


def _parquet(found: Sequence[Shown]) -> bytes:
    """Typed columns; a hidden or missing number is NULL, with its sign beside it."""
    with tempfile.TemporaryDirectory() as folder:
        plain, path = Path(folder) / "numbers.csv", Path(folder) / "numbers.parquet"
        with plain.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(
                [NOTHING if value is None else value for value in _values(derived, cell)]
                for derived in map(of, found)
                for cell in derived.shown.cells
            )
        to_parquet(plain, _COLUMNS, path)
        return path.read_bytes()


def _values(derived: Derived, cell: Cell) -> Iterator[Any]:
    shown, version = derived.shown, cell.version
    day = cell.release.published_at
    facts = figures_of(derived, cell)
    yield from (str(shown.indicator.name), version.number)
    yield from ((shown.place.code, shown.place.name) if shown.place else (None, None))
    yield from (str(cell.period), cell.period.start, cell.period.end)
    yield from (cell.series.key, wording.series_name(cell.series))
    yield from (cell.numerator, cell.denominator)
    yield None if cell.denominator is None else cell.is_near
    yield from (facts.rate, facts.per, facts.low, facts.high, facts.sign)
    yield cell.sample_size
    yield None if cell.standard_error is None else float(cell.standard_error)
    yield None if cell.weight is None else float(cell.weight)
    yield from (cell.grade or None, cell.rolled_up)
    yield from (cell.release.number, day.date() if day else None)
