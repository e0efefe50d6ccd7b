"""The first lines of a file, column by column: what its texts could be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from measurement.reading.folding import tidy, words
from measurement.reading.headings import own_role
from measurement.reading.mapping import NUMBERS
from measurement.reading.periods import BadPeriod, PeriodRules, parse_period, settle
from measurement.reading.source import Source
from measurement.reading.synonyms import ROLE_WORDS
from measurement.reading.values import parse_rate

LOOKED_AT = 2_000  # lines
NEARLY = 0.8  # so many cells that read as X make a column X
NAMED = 0.5  # so many where its name says X as well


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

    def share(self, texts: Iterable[str]) -> float:
        """The share of its filled cells that hold one of these texts."""
        return _share(self.cells, texts)


def look(source: Source, comma: bool) -> list[Looked]:
    records = [record.cells for record in islice(source.records(), LOOKED_AT)]
    return [
        _one(name, tuple(cells), comma)
        for name, cells in zip(source.header, zip(*records, strict=True), strict=True)
    ]


def _one(name: str, cells: tuple[str, ...], comma: bool) -> Looked:
    texts = tuple(dict.fromkeys(tidy(cell) for cell in cells))
    return Looked(name, texts, cells, _numeric(name, cells, texts, comma),
                  _periodic(name, cells, texts), comma)  # fmt: skip


def _share(cells: Iterable[str], texts: Iterable[str]) -> float:
    counted = Counter(text for cell in cells if (text := tidy(cell)))
    return sum(counted[text] for text in set(texts)) / max(1, counted.total())


def _numeric(name: str, cells: Sequence[str], texts: Sequence[str], comma: bool) -> bool:
    """Nearly all that is filled and not missing is a number."""
    read = {text: parse_rate(text, decimal_comma=comma) for text in texts}
    values = _share(cells, [text for text, cell in read.items() if cell.value is not None])
    bad = _share(cells, [text for text, cell in read.items() if cell.problem])
    enough = NAMED if own_role(name) in NUMBERS else NEARLY
    return values > 0 and values >= enough * (values + bad)


def _periodic(name: str, cells: Sequence[str], texts: Sequence[str]) -> bool:
    """Nearly all cells are periods; bare numbers only under a name that says so, or all like
    years."""
    filled = [text for text in texts if text]
    rules = settle(filled)
    good = [text for text in filled if _is_period(text, rules)]
    named = bool(ROLE_WORDS["period"] & set(words(name)))
    if not good or _share(cells, good) < (NAMED if named else NEARLY):
        return False
    bare = all(re.fullmatch(r"\d{4}(?:\d{4})?(?:\.0)?", text) for text in good)
    return named or not bare or all(1980 <= int(text[:4]) <= 2060 for text in good)


def _is_period(text: str, rules: PeriodRules) -> bool:
    try:
        parse_period(text, rules)
    except BadPeriod as error:
        return error.code == "ambiguous_period"
    return True


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
