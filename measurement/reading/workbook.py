"""A workbook's sheets as plain tables: one line of the copy for one row of the sheet.

Read in a child process only. A cell is written as the person sees it: 22.0 as 22, a percent as
71.9%, a day as 2020-04-12. Nothing is half read: a sheet that cannot be read refuses the whole.
"""

from __future__ import annotations

import csv
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from measurement.reading import sheetscan
from measurement.reading.errors import Unreadable
from measurement.reading.folding import fold
from measurement.reading.odsstyles import MONTH, PERCENT, YEAR
from measurement.reading.source import Source, open_source
from measurement.reading.zipguard import kind_of

SHEETS = 200
SHEET_COLUMN = "Sheet"
Row = list[Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as a person chooses it. trouble, params: why it cannot be read, as in Refusal."""

    name: str
    rows: int = 0
    header: tuple[str, ...] = ()
    signature: str = ""
    hidden: bool = False
    looks_like_data: bool = False
    trouble: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Chosen:
    """The chosen sheets as one table. sheets: {"name", "line", "row"} as Submission keeps them."""

    source: Source
    sheets: list[dict[str, Any]]


class Book:
    """An opened workbook that was found safe to unfold."""

    def __init__(self, path: Path) -> None:
        self.kind = kind_of(path)
        self.path = path
        try:
            # By what is in it: a stored file has no ending, and a name may lie.
            with path.open("rb") as file:
                self.book = CalamineWorkbook.from_filelike(file)
            found = self.book.sheets_metadata
        except CalamineError as error:
            raise Unreadable("is_broken_workbook") from error
        worksheets = [each for each in found if each.typ == SheetTypeEnum.WorkSheet]
        if len(worksheets) > SHEETS:
            raise Unreadable("too_many_sheets", count=len(worksheets), limit=SHEETS)
        self.hidden = {each.name: each.visible != SheetVisibleEnum.Visible for each in worksheets}
        self._scans: dict[str, sheetscan.Scan] = {}

    def scan(self, name: str) -> sheetscan.Scan:
        """What stands where. Raises Unreadable when the sheet is not safe to unfold."""
        if name not in self._scans:
            with zipfile.ZipFile(self.path) as book:
                if self.kind == "ods":
                    self._scans |= sheetscan.scan_ods(book)
                else:
                    self._scans[name] = self._scan_xlsx(book, name)
        if name not in self._scans:
            raise Unreadable("no_such_sheet", sheet=name)
        return self._scans[name]

    def _scan_xlsx(self, book: zipfile.ZipFile, name: str) -> sheetscan.Scan:
        part = sheetscan.xlsx_parts(book).get(name)
        if part is None or part not in book.namelist():
            raise Unreadable("is_broken_workbook")
        return sheetscan.scan_xlsx(book, name, part, sheetscan.xlsx_styles(book))

    def rows(
        self, name: str, *, as_it_stands: bool = False
    ) -> Iterator[tuple[int, Row, sheetscan.Scan]]:
        """(number of the row from 1, its values, what is known of formats), in order.

        as_it_stands: leave merged labels where they are.
        """
        scan = self.scan(name)
        if not scan.cells:
            return
        try:
            sheet = self.book.get_sheet_by_name(name)
            values = sheet.to_python(skip_empty_area=False)
            merged = scan.merged or [(*a, *b) for a, b in sheet.merged_cell_ranges or []]
        except CalamineError as error:
            raise Unreadable("broken_sheet", sheet=name) from error
        if not as_it_stands:
            _fill_merged(values, merged)
        for number, row in enumerate(values, start=1):
            yield number, row, scan


def _fill_merged(values: list[Row], merged: Sequence[tuple[int, int, int, int]]) -> None:
    """A label that spans several rows stands for each of them; a number never does.

    A label that spans columns is a heading above them: it goes before the names below it.
    """
    heads: dict[int, list[tuple[int, int]]] = {}
    for top, left, bottom, right in merged:
        if top >= len(values) or left >= len(values[top]):
            continue
        if right > left:
            heads.setdefault(bottom, []).append((left, right))
            continue
        label = values[top][left]
        if isinstance(label, str) and label.strip():
            for row in values[top + 1 : bottom + 1]:
                if row[left] in ("", None):
                    row[left] = label
    if heads:
        _join_headings(values, heads)


def _join_headings(values: list[Row], heads: dict[int, list[tuple[int, int]]]) -> None:
    """Two lines of column names become one: `2023` above `births` is `2023 births`."""
    at = max((row for row, spans in heads.items() if len(spans) > 1), default=-1)
    if not 0 <= at < len(values) - 1:
        return
    above, below = values[at], values[at + 1]
    if sum(1 for cell in below if str(cell).strip()) < 2:
        return
    for left, right in heads[at]:
        for column in range(left + 1, min(right + 1, len(above))):
            above[column] = above[left]
    for column, name in enumerate(above):
        words = [_text(name, None), _text(below[column], None)]
        below[column] = " ".join(dict.fromkeys(word for word in words if word))
    values[at] = [""] * len(above)


def _text(value: Any, mark: str | None) -> str:
    """A value as it is shown."""
    match value:
        case None | "":
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return _number(value, mark)
        case datetime() | date():
            return _day(value, mark)
        case _:
            return " ".join(str(value).replace("\x00", "").split())


def _number(value: float, mark: str | None) -> str:
    exact = Decimal(format(value, ".15g"))
    if not exact.is_finite():
        return ""
    if mark == PERCENT:
        return f"{_plain(exact * 100)}%"
    text = _plain(exact)
    return text.zfill(len(mark)) if mark and mark[0] == "0" and text.isdigit() else text


def _plain(number: Decimal) -> str:
    """22 for 22.0, and no powers: 0.00001, not 1E-5."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(value: date | datetime, mark: str | None) -> str:
    if mark == YEAR:
        return f"{value.year:04}"
    if mark == MONTH:
        return f"{value.year:04}-{value.month:02}"
    if isinstance(value, datetime):
        midnight = not (value.hour or value.minute or value.second or value.microsecond)
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    return value.isoformat()


def texts(number: int, row: Row, scan: sheetscan.Scan) -> list[str]:
    """A row's cells as texts. A lone first cell stays alone, as titles and footnotes are."""
    marks, start = scan.marks, (number - 1) << 14
    cells = [_text(value, marks.get(start | at)) for at, value in enumerate(row)]
    filled = [at for at, cell in enumerate(cells) if cell]
    return cells[: filled[-1] + 1] if len(filled) < 2 and filled else cells if filled else []


def write_sheet(book: Book, name: str, path: Path) -> int:
    """The sheet as CSV in UTF-8; line n is row n. Answers how many rows have anything in them."""
    filled = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for number, row, scan in book.rows(name):
            cells = texts(number, row, scan)
            filled += bool(cells)
            writer.writerow(cells)
    return filled


def sheets(path: Path | str) -> list[Sheet]:
    """Every sheet with its column names, in the workbook's order."""
    book = Book(Path(path))
    with tempfile.TemporaryDirectory(prefix="reading-") as folder:
        return [_look(book, name, Path(folder) / "sheet.csv") for name in book.hidden]


def _look(book: Book, name: str, copy: Path) -> Sheet:
    hidden, rows = book.hidden[name], 0
    try:
        rows = write_sheet(book, name, copy)
        source = open_source(copy)
    except Unreadable as trouble:
        params = trouble.params
        return Sheet(name, rows, hidden=hidden, trouble=trouble.code, params=params)
    odd = any(warning.code == "header_looks_like_data" for warning in source.warnings)
    return Sheet(name, rows, source.header, source.layout_signature, hidden, odd)


def choose(path: Path | str, names: Sequence[str]) -> Chosen:
    """These sheets as one table, in a copy that lives as long as the child."""
    copy = Path(tempfile.mkdtemp(prefix="sheets-")) / "table.csv"
    told = to_table(Path(path), names, copy)
    return Chosen(open_source(copy), told)


def to_table(path: Path, names: Sequence[str], copy: Path) -> list[dict[str, Any]]:
    """Write these sheets below each other, with their names in a column of their own.

    Raises Unreadable when one of them is missing, or has other columns than the first.
    """
    book = Book(path)
    for name in names:
        if name not in book.hidden:
            raise Unreadable("no_such_sheet", sheet=name)
    if len(names) == 1:
        write_sheet(book, names[0], copy)
        return [{"name": names[0], "line": 1, "row": 1}]
    return _Joined(book, copy).write(names)


class _Joined:
    """Several sheets with the same columns, one below the other."""

    def __init__(self, book: Book, copy: Path) -> None:
        self.book = book
        self.copy = copy
        self.header: tuple[str, ...] = ()
        self.line = 0

    def write(self, names: Sequence[str]) -> list[dict[str, Any]]:
        with self.copy.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            return [self._add(name, writer) for name in names]

    def _add(self, name: str, writer: Any) -> dict[str, Any]:
        part = self.copy.with_name("part.csv")
        write_sheet(self.book, name, part)
        try:
            source = open_source(part)
        except Unreadable as trouble:
            raise Unreadable("sheet_unreadable", sheet=name) from trouble
        order = self._order(name, source)
        notes: list[tuple[int, str]] = list(source.preamble)
        for _ in source.records(note=notes.append):
            pass
        left_out = {line for line, _ in notes}
        first = not self.line
        told = {"name": name, "line": self.line + 1, "row": 1 if first else source.header_line + 1}
        if first:
            self._head(writer, source)
        with part.open(encoding="utf-8", newline="") as file:
            for line, cells in enumerate(csv.reader(file), start=1):
                if line > source.header_line:
                    told_here = [] if line in left_out else cells
                    self._row(writer, told_here, order, name)
        return told

    def _head(self, writer: Any, source: Source) -> None:
        for _ in range(source.header_line - 1):
            writer.writerow([])
        writer.writerow([*source.header, SHEET_COLUMN])
        self.line = source.header_line

    def _row(self, writer: Any, cells: list[str], order: list[int], name: str) -> None:
        """A row in the first sheet's order. Cells beyond the header are kept: they are told."""
        self.line += 1
        if not any(cells):
            writer.writerow([])
            return
        padded = [*cells, *[""] * len(order)]
        beyond = [cell for cell in cells[len(order) :] if cell]
        writer.writerow([*(padded[at] for at in order), name, *beyond])

    def _order(self, name: str, source: Source) -> list[int]:
        """Where each column of the first sheet stands in this one."""
        if not self.header:
            self.header = source.header
        places = {fold(each) or each: at for at, each in enumerate(source.header)}
        order = [places.get(fold(each) or each) for each in self.header]
        if None in order or len(source.header) != len(self.header):
            raise Unreadable("sheet_differs", sheet=name, columns=_difference(self.header, source))
        return [at for at in order if at is not None]


def _difference(header: Sequence[str], source: Source) -> str:
    mine, theirs = ({fold(each) or each: each for each in names} for names in
                    (header, source.header))  # fmt: skip
    odd = [each for key, each in {**mine, **theirs}.items() if (key in mine) != (key in theirs)]
    return ", ".join(odd[:5]) or ", ".join(source.header[:5])
