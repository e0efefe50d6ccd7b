"""Opens a partner's file: its encoding, separator, header and lines, whatever wrote it.

Nothing is shifted or dropped in silence: a line with too few or too many cells, broken quotes or
a lone cell in the middle of the table is a problem with its line number; titles above and notes
below the table are handed over as notes.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import IO, Any

from measurement.reading import dialect
from measurement.reading.decoding import examine
from measurement.reading.errors import Problem, Unreadable
from measurement.reading.folding import fold
from measurement.reading.headings import is_mark

Report = Callable[[Problem], object]
Note = tuple[int, str]
SAMPLE = 20
HEAD = 1 << 21  # characters looked at to find separator and header
_RULE = re.compile(r"[-_=*\u2013\u2014]{3,}")
_NOTE = re.compile(
    r"(?:foot)?notes?\b|sources?\b|suggested citation|citation\b|caveats?\b|dataset\b|query\b"
    r"|notas?\b|fuentes?\b|data (?:from|source|as of)|prepared by|retrieved|accessed|last updated"
    r"|group by|show (?:totals|zero|suppressed)|calculate rates|help:|\*+ ?\S|[†‡§] ?\S|\[\d+\]"
    r"|\(\d+\) \S",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may be at most; past it the file is refused, with the limit in the sentence."""

    bytes: int = 1 << 30
    columns: int = 2_000
    line: int = 1 << 20
    field: int = 32_768


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Record:
    """One data line: as many cells as the header has, spaces and all."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """A readable table.

    header_line: the header's last physical line. first_record: records above the header.
    warnings: about the whole file.
    """

    path: Path
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    header_line: int
    size: int
    mixed_ends: bool
    first_record: int
    spaced: bool
    limits: Limits
    warnings: tuple[Problem, ...] = ()
    preamble: tuple[Note, ...] = ()

    @property
    def layout_signature(self) -> str:
        """The same for the same header names in any order, case and spacing.

        A marked file has the layout of the file that was marked.
        """
        own = [name for name in self.header if not is_mark(name)]
        names = "\x1f".join(sorted(fold(name) or name for name in own))
        return hashlib.sha256(names.encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def sample(self) -> tuple[Record, ...]:
        return tuple(islice(self.records(), SAMPLE))

    @cached_property
    def row_count(self) -> int:
        """Good data lines. Reads the file once."""
        return sum(1 for _ in self.records())

    def index(self, name: str) -> int | None:
        """Where this header stands; case and spacing do not matter."""
        if name in self.header:
            return self.header.index(name)
        wanted = fold(name) or name
        found = [place for place, each in enumerate(self.header) if (fold(each) or each) == wanted]
        return found[0] if len(found) == 1 else None

    def records(self, report: Report | None = None, note: Any = None) -> Iterator[Record]:
        """Every good data line in order. report gets a Problem per bad one, note each (line, text).

        Raises Unreadable when a quote is never closed or a cell is longer than the limit.
        """
        keep = _Sorter(len(self.header), report or _ignore, note or _ignore)
        with open_text(self.path, self.encoding) as file:
            for line, cells, broken in _lines(file, self.delimiter, self.limits, self.spaced):
                if line <= self.header_line:
                    continue
                if broken:
                    keep.broken(line, broken)
                elif (record := keep.sort(line, cells)) is not None:
                    yield record
        keep.finish()


def _ignore(_: object) -> None:
    return None


def open_text(path: Path, encoding: str) -> IO[str]:
    """Undecodable bytes were excluded by `examine`; line ends are left to the csv reader."""
    return path.open(encoding=encoding, newline="", errors="strict")


def open_source(path: Path | str, *, limits: Limits = LIMITS) -> Source:
    """Find out how the file is written. Raises Unreadable with a code for the person's sentence.

    Reads the bytes once and parses the first lines only.
    """
    path = Path(path)
    text = examine(path, max_bytes=limits.bytes, max_line=limits.line)
    with open_text(path, text.encoding) as file:
        lines = list(_head(file))
    layout = dialect.find_layout(lines)
    line, cells, preamble = _find_header(path, text.encoding, layout, limits)
    width = dialect.trimmed(cells)
    if width > limits.columns:
        raise Unreadable("too_many_columns", columns=width, limit=limits.columns)
    names, repeated, blank = dialect.header_names(cells, width)
    source = Source(
        path, text.encoding, layout.delimiter, names, line, text.size, text.mixed_ends,
        layout.header, layout.spaced, limits,
        warnings=tuple(_warnings(text, names, line, repeated, blank, preamble)), preamble=preamble,
    )  # fmt: skip
    _refuse_without_rows(source)
    return source


def _refuse_without_rows(source: Source) -> None:
    if source.sample:
        return
    problems: list[Problem] = []
    for _ in source.records(problems.append):
        break
    if not problems:
        raise Unreadable("no_rows")
    first = problems[0]
    raise Unreadable("no_good_rows", line=first.line, columns=len(source.header), **first.params)


def _head(file: IO[str]) -> Iterator[str]:
    length = 0
    for line in islice(file, dialect.LINES_LOOKED_AT):
        length += len(line)
        if length > HEAD:
            return
        yield line


def _find_header(
    path: Path, encoding: str, layout: dialect.Layout, limits: Limits
) -> tuple[int, list[str], tuple[Note, ...]]:
    above: list[Note] = []
    with open_text(path, encoding) as file:
        for number, (line, cells, _) in enumerate(
            _lines(file, layout.delimiter, limits, layout.spaced)
        ):
            if number == layout.header:
                return _last_line(line, cells), cells, tuple(above)
            if (text := _joined(cells)) and not text.casefold().startswith("sep="):
                above.append((line, text))
    raise Unreadable("empty")


def _last_line(line: int, cells: list[str]) -> int:
    """A header cell may hold line breaks; the data begin after the last of them."""
    return line + sum(len(re.findall(r"\r\n|\r|\n", cell)) for cell in cells)


def _warnings(
    text: Any, names: tuple[str, ...], line: int, repeated: list[str], blank: list[int],
    preamble: tuple[Note, ...],
) -> Iterator[Problem]:  # fmt: skip
    def warn(code: str, **params: Any) -> Problem:
        return Problem(line, None, code, params, "warning")

    if text.guessed:
        name = {"cp1252": "Windows-1252", "latin-1": "Latin-1"}.get(text.encoding, text.encoding)
        yield Problem(None, None, "encoding_guessed", {"encoding": name}, "warning")
    if preamble:
        yield Problem(preamble[0][0], None, "title_skipped", {"text": preamble[0][1]}, "warning")
    for name in dict.fromkeys(repeated):
        yield warn("header_repeated", name=name)
    for place in blank:
        yield warn("header_blank", place=place)
    if dialect.looks_like_data(names):
        yield warn("header_looks_like_data")


Broken = tuple[str, dict[str, Any]]


def _lines(
    file: IO[str], delimiter: str, limits: Limits, spaced: bool
) -> Iterator[tuple[int, list[str], Broken | None]]:
    """(first physical line, cells, None), or (line, [], what is broken) for an unreadable line."""
    csv.field_size_limit(limits.field)
    reader = csv.reader(file, delimiter=delimiter, strict=True, skipinitialspace=spaced)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader), None
        except StopIteration:
            return
        except csv.Error as error:
            if "field larger" in str(error):
                raise Unreadable("field_too_long", line=line, limit=limits.field) from error
            if "unexpected end" in str(error):
                raise Unreadable("quote_never_closed", line=line) from error
            yield line, [], ("broken_quotes", {"last": reader.line_num})


class _Sorter:
    """Tells data lines from blank lines, ragged lines and notes."""

    def __init__(self, width: int, report: Report, note: Callable[[Note], object]) -> None:
        self.width = width
        self.report = report
        self.note = note
        self.waiting: list[Note] = []  # lone cells: notes if nothing but notes follows
        self.ended = False

    def sort(self, line: int, cells: list[str]) -> Record | None:
        width = self.width
        if len(cells) == width and width > 1 and not self.ended and cells[0] and cells[1]:
            self._flush()
            return Record(line, tuple(cells))  # the usual line, without further questions
        filled = dialect.trimmed(cells)
        if not filled:
            return None
        if self._is_note(cells, filled):
            self.waiting.append(
                (line, cells[filled - 1].strip() if filled == 1 else _joined(cells))
            )
            return None
        self._flush()
        if filled > width or len(cells) < width:
            params = {"cells": max(filled, len(cells)), "expected": width}
            self.report(Problem(line, None, "ragged_line", params))
            return None
        return Record(line, tuple(cells[:width]))

    def _is_note(self, cells: list[str], filled: int) -> bool:
        """A rule of dashes ends the table; a lone first cell is a note when it reads like one."""
        first = cells[0].strip()
        alone = filled == 1
        if alone and _RULE.fullmatch(first) and (self.width > 1 or first[0] in "-_="):
            self.ended = True
            return True
        if self.ended and (len(cells) != self.width or alone):
            return True
        if self.width == 1:
            return False
        if alone and first and len(cells) < self.width:
            return self.width > 2 or bool(_NOTE.match(first)) or len(first) > 60
        if _NOTE.match(first) and (alone or len(cells) < self.width):
            return True
        return alone and bool(first) and len(first) > 60

    def _flush(self) -> None:
        """Data follow after all: what looked like a note stood in the middle of the table."""
        for line, text in self.waiting:
            self.report(Problem(line, None, "lone_cell", {"text": text[:80]}))
        self.waiting.clear()

    def broken(self, line: int, broken: Broken) -> None:
        code, params = broken
        self.report(Problem(line, None, code, params))

    def finish(self) -> None:
        for note in self.waiting:
            self.note(note)


def _joined(cells: list[str]) -> str:
    return " ".join(cell.strip() for cell in cells if cell.strip())
