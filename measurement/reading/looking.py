"""The first lines of a file, column by column: what its texts could be."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from measurement.reading.folding import tidy, words
from measurement.reading.periods import BadPeriod, parse_period, settle
from measurement.reading.source import Source
from measurement.reading.synonyms import ROLE_WORDS
from measurement.reading.values import parse_rate

LOOKED_AT = 2_000  # lines


@dataclass(frozen=True)
class Looked:
    """One column of the first lines: its name and its different texts in order."""

    name: str
    texts: tuple[str, ...]
    cells: tuple[str, ...]
    numeric: bool
    periodic: bool
    comma: bool

    def says(self, role: str) -> bool:
        return bool(ROLE_WORDS[role] & set(words(self.name)))


def look(source: Source, comma: bool) -> list[Looked]:
    records = [record.cells for record in islice(source.records(), LOOKED_AT)]
    return [
        _one(name, tuple(cells), comma)
        for name, cells in zip(source.header, zip(*records, strict=True), strict=True)
    ]


def _one(name: str, cells: tuple[str, ...], comma: bool) -> Looked:
    texts = tuple(dict.fromkeys(tidy(cell) for cell in cells))
    read = [parse_rate(text, decimal_comma=comma) for text in texts]
    values = sum(1 for cell in read if cell.value is not None)
    bad = sum(1 for cell in read if cell.problem)
    return Looked(
        name, texts, cells, bool(values and values >= 9 * bad), _periodic(name, texts), comma
    )


def _periodic(name: str, texts: tuple[str, ...]) -> bool:
    """Most texts are periods; bare numbers only under a name that says so, or all like years."""
    filled = [text for text in texts if text]
    rules = settle(filled)
    good = 0
    for text in filled:
        try:
            parse_period(text, rules)
            good += 1
        except BadPeriod as error:
            good += error.code == "ambiguous_period"
    if not filled or good < 0.9 * len(filled):
        return False
    bare = all(re.fullmatch(r"\d{4}(?:\d{4})?(?:\.0)?", text) for text in filled)
    named = bool(ROLE_WORDS["period"] & set(words(name)))
    return named or not bare or all(1980 <= int(text[:4]) <= 2060 for text in filled)


def dated(texts: Sequence[str]) -> bool:
    return any(re.search(r"\d[-/.]\d{1,2}[-/.]\d|\d{4}-\d\d-\d\d", text) for text in texts)


def decimal_comma(source: Source) -> bool:
    """`5,9` and `1.234,5` occur, `5.9` and `1,234.5` do not."""
    comma = point = 0
    for record in islice(source.records(), LOOKED_AT):
        for cell in record.cells:
            text = cell.strip().rstrip("%").strip()
            comma += bool(_COMMA.fullmatch(text))
            point += bool(_POINT.fullmatch(text))
    return comma > 0 and point == 0


_COMMA = re.compile(r"-?\d{1,3}(?:\.\d{3})+,\d+|-?\d+,(?:\d{1,2}|\d{4,})|-?0,\d+")
_POINT = re.compile(r"-?\d{1,3}(?:,\d{3})+\.\d+|-?\d+\.(?:\d{1,2}|\d{4,})|-?0\.\d+")


def best(columns: Sequence[Looked], score: Callable[[Looked], float]) -> Looked | None:
    rated = [(score(each), -index, each) for index, each in enumerate(columns)]
    rated = [each for each in rated if each[0] > 0]
    return max(rated, key=lambda each: each[:2])[2] if rated else None
