"""Writes a file again with one more column, without changing what stands in its cells.

What was marked before loses its old marks. Every line of the table has as many cells as the
header, so that the marked file, mended, can be brought again.

Nothing in it can run: texts go into workbooks as texts, never as formulas, and in a text file a
cell that a spreadsheet would take for a formula gets an apostrophe.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from xlsxwriter import Workbook

from measurement.reading.errors import Unreadable
from measurement.reading.headings import is_mark
from measurement.reading.odsstyles import MONTH, PERCENT, YEAR
from measurement.reading.source import Source, open_source, open_text
from measurement.reading.workbook import Book

_RUNS = re.compile(r"\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20\t\r\n]")
_NUMBER = re.compile(r"\s*[-+]?[\d.,\s]*\d[\d.,]*\s*%?\s*|\s*[-\u2013]{1,3}\s*|\s*[*†‡%]+\s*")


@dataclass(frozen=True)
class Marks:
    """title: the new column's name. lines: line of the reading → what to say there.

    sheets: (name, first line, that line's row) of a workbook's sheets that were read.
    """

    title: str
    lines: Mapping[int, str]
    sheets: tuple[tuple[str, int, int], ...] = ()


def mark(path: Path | str, out: str, marks: Marks, *, names: Sequence[str] = ()) -> None:
    """Write the file at `path` with its marks to `out`. names: the sheets of a workbook."""
    if names:
        _mark_workbook(Path(path), out, marks)
    else:
        _mark_text(open_source(path), out, marks)


def harmless(cell: str) -> str:
    """The text, so that no spreadsheet runs it; numbers and signs for missing ones stay."""
    return f"'{cell}" if _RUNS.match(cell) and not _NUMBER.fullmatch(cell) else cell


def _mark_text(source: Source, out: str, marks: Marks) -> None:
    with (
        open_text(source.path, source.encoding) as file,
        Path(out).open("w", encoding=source.encoding, newline="", errors="replace") as copy,
    ):
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=source.delimiter, skipinitialspace=source.spaced)
        while (begin := reader.line_num + 1) and (cells := _next(reader)) is not None:
            raw = lines.taken()
            said = marks.title if reader.line_num == source.header_line else ""
            said = said or marks.lines.get(begin, "")
            of_table = reader.line_num >= source.header_line
            copy.write(_line(raw, cells, said, source, is_row=of_table and _is_row(cells, source)))


def _is_row(cells: list[str], source: Source) -> bool:
    """A line of the table, not a note or an empty line: as many cells as the header has names."""
    return any(cells) and len(cells) >= len(source.header) and not any(cells[len(source.header) :])


class _Lines:
    """Hands lines to the csv reader and remembers them as they stand."""

    def __init__(self, file: IO[str]) -> None:
        self.file = file
        self.held: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self.file)
        self.held.append(line)
        return line

    def taken(self) -> str:
        text, self.held = "".join(self.held), []
        return text


def _next(reader: Any) -> list[str] | None:
    try:
        found: list[str] = next(reader)
        return found
    except StopIteration:
        return None
    except csv.Error:
        return []


def _line(raw: str, cells: list[str], said: str, source: Source, *, is_row: bool) -> str:
    """The line as it stands where nothing in it can run; else its cells written anew."""
    width = len(source.header) - is_mark(source.header[-1])
    body = raw.rstrip("\r\n")
    end = raw[len(body) :] or ("\n" if said else "")
    kept = cells[:width] if is_row else cells
    safe = [harmless(cell) for cell in kept]
    if safe != cells:
        body = _written(safe, source.delimiter)
    cells = kept
    if not said:
        return body + (source.delimiter if is_row else "") + end
    gap = source.delimiter * max(1, width - len(cells) + 1)
    return f"{body}{gap}{_written([_fits(harmless(said), source.encoding)], source.delimiter)}{end}"


def _written(cells: list[str], delimiter: str) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="").writerow(cells)
    return line.getvalue()


def _fits(text: str, encoding: str) -> str:
    """Quotes and dashes that the file's letters do not have, in plainer ones."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate({ord("“"): '"', ord("”"): '"', ord("’"): "'", ord("–"): "-"})
    return text


def _mark_workbook(path: Path, out: str, marks: Marks) -> None:
    book = Book(path)
    options = {"constant_memory": True, "in_memory": False, "strings_to_formulas": False}
    with Workbook(out, {**options, "strings_to_urls": False}) as copy:
        formats = _Formats(copy)
        for name in book.hidden:
            sheet = copy.add_worksheet(name)
            if book.hidden[name]:
                sheet.hide()
            _copy_sheet(book, name, sheet, formats, marks)


class _Formats:
    """The few formats that change what a number says."""

    def __init__(self, copy: Any) -> None:
        self.day = copy.add_format({"num_format": "yyyy-mm-dd"})
        self.mend = copy.add_format({"bold": True})
        self.known = {
            PERCENT: copy.add_format({"num_format": "0.0###%"}),
            YEAR: copy.add_format({"num_format": "yyyy"}),
            MONTH: copy.add_format({"num_format": "yyyy-mm"}),
        }
        self.copy = copy

    def of(self, mark: str | None) -> Any:
        if mark and mark not in self.known:
            self.known[mark] = self.copy.add_format({"num_format": mark})
        return self.known.get(mark or "")


def _copy_sheet(book: Book, name: str, sheet: Any, formats: _Formats, marks: Marks) -> None:
    said = _by_row(marks, name)
    try:
        scan = book.scan(name)
        rows = list(book.rows(name, as_it_stands=True))
    except Unreadable:
        return  # a sheet that was not read and cannot be: it stays empty
    header = _header_row(rows, said) if name in {each[0] for each in marks.sheets} else None
    column = _column_of_marks(rows, header, scan.last[1] + 1)
    for number, row, _scan in rows:
        for at, value in enumerate(row[:column]):
            mark = scan.marks.get((number - 1) << 14 | at)
            _write(sheet, (number - 1, at), value, mark, formats)
        if text := marks.title if number == header else said.get(number):
            sheet.write_string(number - 1, column, text, formats.mend)


def _column_of_marks(rows: Sequence[Any], header: int | None, after: int) -> int:
    """Where a former marking stands at the end, else after everything."""
    names = next((row[1] for row in rows if row[0] == header), ())
    last = next((str(cell) for cell in reversed(names) if cell not in ("", None)), "")
    return after - 1 if last and len(names) == after and is_mark(last) else after


def _header_row(rows: Sequence[Any], said: Mapping[int, str]) -> int:
    """The fullest row above the first mark: names of columns."""
    above = [row for row in rows if row[0] < min(said, default=1 << 30)][:40]
    full = max((_filled(row[1]) for row in above), default=0)
    return next((row[0] for row in above if _filled(row[1]) >= 0.6 * full), 1)


def _filled(cells: Sequence[Any]) -> int:
    return sum(1 for cell in cells if cell not in ("", None))


def _by_row(marks: Marks, name: str) -> dict[int, str]:
    """Row of this sheet → what to say there."""
    ordered = sorted(marks.sheets, key=lambda each: each[1])
    found: dict[int, str] = {}
    for line, text in marks.lines.items():
        at = [each for each in ordered if each[1] <= line]
        if at and at[-1][0] == name:
            found[line - at[-1][1] + at[-1][2]] = text
    return found


def _write(
    sheet: Any, at: tuple[int, int], value: Any, mark: str | None, formats: _Formats
) -> None:
    match value:
        case None | "":
            return
        case bool():
            sheet.write_boolean(*at, value)
        case int() | float():
            sheet.write_number(*at, value, formats.of(mark))
        case datetime() | date() if value.year >= 1900:
            sheet.write_datetime(*at, value, formats.of(mark) or formats.day)
        case _:
            sheet.write_string(*at, str(value))
