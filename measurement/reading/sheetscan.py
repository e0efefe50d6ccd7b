"""What stands where in a sheet, before a library unfolds it into a rectangle.

A lone cell in the last corner makes a rectangle of seventeen billion cells. And the library gives
values without their format: 0.719 may be shown as 71.9 %, 1234 as 01234, a day as its year.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.parsers import expat

from measurement.reading.errors import Unreadable
from measurement.reading.odsstyles import MONTH, PERCENT, YEAR, OdsStyles
from measurement.reading.zipguard import pieces, whole

CELLS = 3_000_000  # filled cells of one sheet
AREA = 6_000_000  # cells of the rectangle around them
COLUMNS = 2_000
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"


@dataclass
class Scan:
    """The filled cells of one sheet; rows and columns count from 0.

    marks: (row << 14 | column) → how its number is shown: `%`, `y`, `m`, or as many zeros as it
    has digits. merged: (first row, column, last row, last column).
    """

    name: str
    cells: int = 0
    first: tuple[int, int] = (1 << 30, 1 << 30)
    last: tuple[int, int] = (-1, -1)
    farthest: tuple[int, int] = (0, 0)
    marks: dict[int, str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def add(self, row: int, column: int, times: int = 1, rows: int = 1) -> None:
        self.cells += times * rows
        self.first = min(self.first[0], row), min(self.first[1], column)
        end = row + rows - 1, column + times - 1
        if end[0] > self.last[0] or end[1] > self.last[1]:
            self.farthest = end
        self.last = max(self.last[0], end[0]), max(self.last[1], end[1])

    def check(self) -> None:
        """Raises Unreadable where unfolding would not be safe, naming the cell that is to blame."""
        if self.cells > CELLS:
            raise Unreadable("too_many_cells", sheet=self.name, limit=CELLS)
        if not self.cells:
            return
        height = self.last[0] - self.first[0] + 1
        width = self.last[1] - self.first[1] + 1
        if width > COLUMNS or height * width > AREA:
            raise Unreadable("stray_cell", sheet=self.name, cell=cell_name(*self.farthest))


def cell_name(row: int, column: int) -> str:
    """(0, 27) → AB1."""
    letters, left = "", column + 1
    while left:
        left, digit = divmod(left - 1, 26)
        letters = chr(65 + digit) + letters
    return f"{letters}{row + 1}"


_CELL = re.compile(
    rb'<(?:\w+:)?(?:(row)(?=[\s>/])([^>]*)|c(?:\s+r="([A-Z]{1,3})(\d{1,7})")?((?:\s[^>]*)?))>'
)
_REF = re.compile(rb'\sr="([A-Z]{1,3})(\d{1,7})"')
_ROW = re.compile(rb'\sr="(\d{1,7})"')
_STYLE = re.compile(rb'\ss="(\d{1,6})"')


def scan_xlsx(book: zipfile.ZipFile, name: str, part: str, styles: dict[bytes, str]) -> Scan:
    """styles: index of a cell's style → its mark. Raises Unreadable past the limits."""
    scan = Scan(name)
    row = column = -1
    for found in _tokens(book, part):
        if found[1]:
            told = _ROW.search(found[2])
            row, column = int(told[1]) - 1 if told else row + 1, -1
            continue
        rest: bytes = found[5]
        ref = (found[3], found[4]) if found[3] else _own_ref(rest)
        if ref:
            row, column = int(ref[1]) - 1, _column(ref[0])
        else:
            row, column = max(row, 0), column + 1
        if rest.endswith(b"/"):
            continue  # a format without a value
        scan.add(row, column)
        if styles and (style := _STYLE.search(rest)) and (mark := styles.get(style[1])):
            scan.marks[row << 14 | column] = mark
        if scan.cells > CELLS:
            break
    scan.check()
    return scan


def _own_ref(rest: bytes) -> tuple[bytes, bytes] | None:
    found = _REF.search(rest)
    return (found[1], found[2]) if found else None


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _tokens(book: zipfile.ZipFile, part: str) -> Iterator[re.Match[bytes]]:
    held = b""
    for piece in pieces(book, part):
        text = held + piece
        cut = text.rfind(b"<")
        cut = cut if cut >= 0 else len(text)
        # A tag that never ends must not make every piece longer than the last one.
        held, text = (text[cut:], text[:cut]) if len(text) - cut < 1 << 16 else (b"", text)
        yield from _CELL.finditer(text)
    yield from _CELL.finditer(held)


def xlsx_parts(book: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → the part that holds it."""
    links = {
        each.get("Id", ""): each.get("Target", "")
        for each in _tree(book, "xl/_rels/workbook.xml.rels")
    }
    found = {}
    for tag in (_MAIN, _STRICT):
        for sheet in _tree(book, "xl/workbook.xml").iter(f"{tag}sheet"):
            target = links.get(next((v for k, v in sheet.items() if k.endswith("}id")), ""), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            found[sheet.get("name", "")] = part
    return found


def _tree(book: zipfile.ZipFile, part: str) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(whole(book, part))  # noqa: S314 - types and entities refused
    except (ElementTree.ParseError, UnicodeDecodeError, LookupError, ValueError) as error:
        raise Unreadable("is_broken_workbook") from error


_BUILT_IN = {9: PERCENT, 10: PERCENT, 17: MONTH}


def xlsx_styles(book: zipfile.ZipFile) -> dict[bytes, str]:
    """Index of a cell's style → its mark, where its numbers are shown in a way that matters."""
    if "xl/styles.xml" not in book.namelist():
        return {}
    tree = _tree(book, "xl/styles.xml")
    tag = _STRICT if tree.tag.startswith(_STRICT) else _MAIN
    codes = {each.get("numFmtId"): each.get("formatCode", "") for each in tree.iter(f"{tag}numFmt")}
    marks: dict[bytes, str] = {}
    for number, xf in enumerate(tree.findall(f"{tag}cellXfs/{tag}xf")):
        told = xf.get("numFmtId", "0")
        built_in = _BUILT_IN.get(int(told)) if told.isdigit() else None
        if mark := mark_of(codes[told]) if told in codes else built_in:
            marks[str(number).encode()] = mark
    return marks


def mark_of(code: str) -> str | None:
    """What a number format means for the number: `0.0%`, `yyyy`, `mmm yyyy`, `00000`."""
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", code).split(";")[0].strip().lower()
    if "%" in bare:
        return PERCENT
    if re.fullmatch(r"0{2,}", bare):
        return bare
    if re.fullmatch(r"[ymd/\-., ]+", bare) and "y" in bare and "d" not in bare:
        return MONTH if "m" in bare else YEAR
    return None


def scan_ods(book: zipfile.ZipFile) -> dict[str, Scan]:
    """Every table of an OpenDocument spreadsheet. Raises Unreadable past the limits."""
    styles = OdsStyles()
    reader = _Ods(styles)
    if "styles.xml" in book.namelist():
        _walk(book, "styles.xml", styles.start, styles.end)
    _walk(book, "content.xml", reader.start, reader.end)
    for scan in reader.scans.values():
        scan.check()
    return reader.scans


def _walk(
    book: zipfile.ZipFile,
    part: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        for piece in pieces(book, part):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Unreadable("is_broken_workbook") from error


class _Ods:
    """Walks tables, rows and cells; what is repeated counts as often as it is."""

    def __init__(self, styles: OdsStyles) -> None:
        self.styles = styles
        self.scans: dict[str, Scan] = {}
        self.scan = Scan("")
        self.row = self.column = self.rows = 0
        self.columns: list[tuple[int, str]] = []  # the column after the last, and their style
        self.of_row = ""

    def start(self, tag: str, told: dict[str, str]) -> None:
        if tag == "table:table":
            self.scan = self.scans.setdefault(told.get("table:name", ""), Scan(""))
            self.scan.name = told.get("table:name", "")
            self.row, self.columns = 0, []
        elif tag == "table:table-column":
            before = self.columns[-1][0] if self.columns else 0
            after = before + _times(told, "table:number-columns-repeated")
            self.columns.append((after, told.get("table:default-cell-style-name", "")))
        elif tag == "table:table-row":
            self.rows, self.column = _times(told, "table:number-rows-repeated"), 0
            self.of_row = told.get("table:default-cell-style-name", "")
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self._cell(told)
        else:
            self.styles.start(tag, told)

    def end(self, tag: str) -> None:
        if tag == "table:table-row":
            self.row += self.rows
        else:
            self.styles.end(tag)

    def _cell(self, told: dict[str, str]) -> None:
        times = _times(told, "table:number-columns-repeated")
        kind = told.get("office:value-type")
        if kind:
            self.scan.add(self.row, self.column, times, self.rows)
            if (mark := self._mark_of(kind, told)) and self.scan.cells <= CELLS:
                self._mark(times, mark)
            down = _times(told, "table:number-rows-spanned")
            across = _times(told, "table:number-columns-spanned")
            if down > 1 or across > 1:
                end = self.row + down - 1, self.column + across - 1
                self.scan.merged.append((self.row, self.column, *end))
        self.column += times

    def _mark_of(self, kind: str, told: dict[str, str]) -> str | None:
        """Only a number or a day is shown in a way that matters; a percent says so itself."""
        if kind == "percentage":
            return PERCENT
        if kind not in ("float", "date"):
            return None
        own = told.get("table:style-name") or self.of_row or self._of_column()
        mark = self.styles.mark(own)
        return mark if mark and (mark in (YEAR, MONTH)) == (kind == "date") else None

    def _of_column(self) -> str:
        return next((style for after, style in self.columns if self.column < after), "")

    def _mark(self, times: int, mark: str) -> None:
        for row in range(self.row, self.row + self.rows):
            for column in range(self.column, self.column + times):
                self.scan.marks[row << 14 | column] = mark


def _times(told: dict[str, str], name: str) -> int:
    text = told.get(name, "1")
    return min(int(text), 1 << 21) if text.isdigit() and len(text) < 12 else 1
