"""How a text file's cells are separated, and which line names the columns.

Decided by consistency over the first lines, not by frequency: a separator is right when it cuts
most lines into the same number of cells.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from measurement.reading.errors import Unreadable
from measurement.reading.folding import tidy
from measurement.reading.missing import MISSING_WORDS

DELIMITERS = (",", "\t", ";", "|")
LINES_LOOKED_AT = 400
_NUMERIC = re.compile(r"[<>]?[-+]?[\d.,\u00a0 ]*\d[\d.,]*%?")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Layout:
    """header: how many records stand above the header. width: its number of cells.

    spaced: a space stands between separator and quote (`1, "a, b"`), which is not part of the cell.
    """

    delimiter: str
    header: int
    width: int
    spaced: bool


def find_layout(lines: Sequence[str]) -> Layout:
    """lines: the start of the file, each with its line end. Raises Unreadable: empty."""
    found = [_try(lines, delimiter) for delimiter in _told_by_excel(lines) or DELIMITERS]
    ranked = [(score - rank / 1000, layout) for rank, (score, layout) in enumerate(found)]
    return max(ranked, key=lambda each: each[0])[1]


def _try(lines: Sequence[str], delimiter: str) -> tuple[float, Layout]:
    """How well this separator explains the lines, and what they would be with it."""
    spaced = any(f'{delimiter} "' in line for line in lines)
    records = _records(lines, delimiter, spaced=spaced)
    filled = [record for record in records if any(map(str.strip, record))]
    if not filled:
        raise Unreadable("empty")
    width, share = _usual_width(filled)
    score = share + (min(width, 100) / 10_000 if width > 1 else -1)
    return score, Layout(delimiter, _header(records, width), width, spaced)


def _told_by_excel(lines: Sequence[str]) -> tuple[str, ...]:
    """The first line `sep=;` is an instruction, not data."""
    first = lines[0].strip().strip('"') if lines else ""
    return (first[4:],) if first[:4] == "sep=" and first[4:] in DELIMITERS else ()


def _records(lines: Sequence[str], delimiter: str, *, spaced: bool) -> list[list[str]]:
    records = []
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=spaced)
    while True:
        try:
            records.append(next(reader))
        except StopIteration:
            return records
        except csv.Error:
            records.append([])


def _usual_width(records: list[list[str]]) -> tuple[int, float]:
    """The number of cells most lines have, and the share of the lines' cells that obey it.

    Titles and footnotes are single cells whatever the separator, so they count for little.
    """
    widths = Counter(trimmed(record) for record in records)
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 1, 1.0
    declared = Counter(len(record) for record in records if len(record) > 1)
    width, count = max(declared.items(), key=lambda item: (item[1], item[0]))
    weight = sum(declared.values()) + widths.get(1, 0) / 4
    return width, count / weight


def trimmed(record: Sequence[str]) -> int:
    """Cells up to the last filled one."""
    width = len(record)
    while width and not record[width - 1].strip():
        width -= 1
    return width


def _header(records: list[list[str]], width: int) -> int:
    """The first record that fills most of the table's width; titles above it fill one or two.

    A line of numbers below a line of words is no header, even where only its width fits.
    """
    candidates = [index for index, record in enumerate(records) if any(map(str.strip, record))]
    full = max((trimmed(record) for record in records if len(record) == width), default=width)
    for index in candidates:
        record = records[index]
        filled = sum(1 for cell in record if cell.strip())
        if len(record) >= full and filled >= max(min(2, full), (full * 3 + 4) // 5):
            return _of_words(records, candidates, index)
    return candidates[0]


def _of_words(records: list[list[str]], candidates: list[int], chosen: int) -> int:
    if not looks_like_data(records[chosen]):
        return chosen
    for index in candidates[: candidates.index(chosen)]:
        cells = [cell for cell in records[index] if cell.strip()]
        if len(cells) > 1 and not looks_like_data(cells):
            return index
    return chosen


def header_names(cells: Sequence[str], width: int) -> tuple[tuple[str, ...], list[str], list[int]]:
    """Names made distinct and never blank; which were repeated; the places of blank ones."""
    names: list[str] = []
    folded: set[str] = set()
    repeated: list[str] = []
    blank: list[int] = []
    for place, cell in enumerate(cells[:width], 1):
        name = tidy(cell)
        if not name:
            blank.append(place)
            name = f"column {place}"
        distinct, number = name, 2
        while distinct.casefold() in folded:
            distinct, number = f"{name} ({number})", number + 1
        if distinct != name:
            repeated.append(name)
        folded.add(distinct.casefold())
        names.append(distinct)
    return tuple(names), repeated, blank


def looks_like_data(header: Sequence[str]) -> bool:
    """A header cell is a name or a year; a bare number or `NA` means that the header is missing."""
    return any(
        (_NUMERIC.fullmatch(name) and not _YEAR.fullmatch(name))
        or (name.casefold() in MISSING_WORDS and name.casefold() not in ("s", "c"))
        for name in map(tidy, header)
        if name
    )
