"""Packs of common measures: reading a CSV into indicators, and the breakdowns they need.

One row each. `what` is empty (or `indicator`) for an indicator, `dimension` for a breakdown,
`group` for one of its groups; `part_of` names the breakdown of a group, or `breakdown:group` for
a finer one. A row that is wrong becomes a Mistake with its line and a sentence; nothing is
guessed. The packs that come along lie in `packs/` beside this, in our own words.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ciforum.people.words import Words
from equity.models import Dimension
from measurement.desk.troubles import sentence
from measurement.models.indicators import (
    Aspect,
    Direction,
    Frequency,
    Level,
    Measure,
    Scale,
    Tier,
)
from measurement.reading.errors import Problem, Unreadable
from measurement.reading.folding import tidy
from measurement.reading.source import Limits, Record, Source, open_source

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

FOLDER = Path(__file__).parent / "packs"
LIMITS = Limits(bytes=1 << 20, columns=60, line=1 << 16, field=4_000)
MOST_ROWS = 500
LANGUAGES = ("en", "es")
COLUMNS = (
    *("what", "code", "part_of", "relation", "name_en", "name_es"),
    *("tier", "level", "aspect", "frequency", "measure", "scale", "direction"),
    *("required", "required_by", "numerator_en", "numerator_es"),
    *("denominator_en", "denominator_es", "unit_en", "unit_es", "source_en", "source_es"),
)
_CODE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_LONGEST = 200  # letters of a name, as of a column of Words
# Column → what it may say, and what an empty cell means; None: it must not be empty.
_CHOICES: dict[str, tuple[Sequence[str], str | None]] = {
    "tier": (Tier.values, Tier.CONTRIBUTING),
    "level": (Level.values, Level.POPULATION),
    "aspect": (Aspect.values, Aspect.OUTCOME),
    "frequency": (Frequency.values, Frequency.NONE),
    "measure": (Measure.values, Measure.PROPORTION),
    "direction": (Direction.values, None),
}
KINDS = ("indicator", "dimension", "group")


@dataclass(frozen=True)
class Mistake:
    """What is wrong with a line of the file; line None: with the whole file."""

    line: int | None
    sentence: str


@dataclass(frozen=True)
class GroupRow:
    """parent: the code of the group it is part of, or ""."""

    code: str
    name: Words
    parent: str = ""


@dataclass(frozen=True)
class DimensionRow:
    code: str
    name: Words
    kind: str
    groups: tuple[GroupRow, ...] = ()

    @property
    def overlaps(self) -> bool:
        return self.kind == Dimension.Kind.OVERLAPPING


@dataclass(frozen=True)
class IndicatorRow:
    """fields and definition: as `Indicator.start` takes them. required: codes of breakdowns."""

    code: str
    name: Words
    fields: dict[str, Any]
    definition: dict[str, Any]
    required: tuple[str, ...]


@dataclass(frozen=True)
class Pack:
    """What a file holds. Empty of rows where it has mistakes that leave none."""

    dimensions: dict[str, DimensionRow] = field(default_factory=dict)
    indicators: tuple[IndicatorRow, ...] = ()
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True)
class Known:
    """A pack that comes along."""

    key: str
    title: str | _StrPromise
    purpose: str | _StrPromise

    def read(self) -> Pack:
        return read(FOLDER / f"{self.key}.csv")


KNOWN = {
    each.key: each
    for each in (
        Known(
            "cradle-to-career",
            gettext_lazy("Cradle to career"),
            gettext_lazy("From early learning to work that pays, in the order of a life."),
        ),
        Known(
            "birth-outcomes",
            gettext_lazy("Healthy births"),
            gettext_lazy("How births go for mothers and babies, and how the system treats them."),
        ),
        Known(
            "promise-neighborhoods",
            gettext_lazy("Promise Neighborhoods"),
            gettext_lazy("The 15 measures that this federal program asks for every year."),
        ),
        Known(
            "opportunity-youth",
            gettext_lazy("Opportunity youth"),
            gettext_lazy("Young people of 16 to 24 whom neither school nor work reaches."),
        ),
        Known(
            "good-jobs",
            gettext_lazy("Good jobs"),
            gettext_lazy("Work of 30 hours or more, on the books, that means something."),
        ),
        Known(
            "hope",
            gettext_lazy("Hope"),
            gettext_lazy("What people expect of the years to come, and who asks them."),
        ),
        Known(
            "homelessness",
            gettext_lazy("Homelessness"),
            gettext_lazy("People without a home. Its groups overlap, so they are never added up."),
        ),
    )
}


def read_text(content: bytes) -> Pack:
    """A pack somebody brings. What cannot be read at all is a mistake without a line."""
    with NamedTemporaryFile(suffix=".csv") as file:
        Path(file.name).write_bytes(content)
        return read(Path(file.name))


def read(path: Path) -> Pack:
    """Every row that is right, and a sentence for each that is not."""
    try:
        source = open_source(path, limits=LIMITS)
        return _Reader(source).pack()
    except Unreadable as trouble:
        return Pack(mistakes=(Mistake(None, sentence(trouble.code, trouble.params)),))


class _Wrong(Exception):
    """A cell that cannot be taken; its message is the sentence."""


class _Reader:
    """Goes through a file once; groups and required breakdowns are tied together at the end."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.at = {name: source.index(name) for name in COLUMNS}
        self.mistakes: list[Mistake] = []
        self.dimensions: dict[str, DimensionRow] = {}
        self.indicators: dict[str, IndicatorRow] = {}
        self.line = 0

    def pack(self) -> Pack:
        if missing := [name for name in ("code", "direction") if self.at[name] is None]:
            told = _("The first line names no column “%(name)s”.") % {"name": missing[0]}
            return Pack(mistakes=(Mistake(self.source.header_line, told),))
        for number, record in enumerate(self.source.records(self._report)):
            if number >= MOST_ROWS:
                self._wrong(record.line, _("A pack holds at most %(most)s rows.") % _MOST)
                break
            self._take(record)
        mistakes = sorted(self.mistakes, key=lambda each: each.line or 0)
        return Pack(self.dimensions, tuple(self.indicators.values()), tuple(mistakes))

    def _report(self, problem: Problem) -> None:
        self._wrong(problem.line, sentence(problem.code, problem.params))

    def _wrong(self, line: int | None, told: str) -> None:
        self.mistakes.append(Mistake(line, told))

    def _take(self, record: Record) -> None:
        cells = {
            name: tidy(record.cells[place]) for name, place in self.at.items() if place is not None
        }
        what = cells.get("what") or "indicator"
        takers: dict[str, Callable[[dict[str, str]], None]] = {
            "indicator": self._indicator,
            "dimension": self._dimension,
            "group": self._group,
        }
        try:
            if what not in takers:
                raise _Wrong(_not_one_of("what", what, KINDS))
            takers[what](cells)
        except _Wrong as wrong:
            self._wrong(record.line, str(wrong))

    def _dimension(self, cells: dict[str, str]) -> None:
        code, name = _code(cells), _words(cells, "name")
        kinds = Dimension.Kind.values
        kind = cells.get("relation", "")
        if kind not in kinds:
            raise _Wrong(_not_one_of("relation", kind, kinds))
        if code in self.dimensions:
            raise _Wrong(_twice(code))
        self.dimensions[code] = DimensionRow(code, name, kind)

    def _group(self, cells: dict[str, str]) -> None:
        within, _colon, parent = cells.get("part_of", "").partition(":")
        dimension = self.dimensions.get(within)
        if dimension is None:
            raise _Wrong(
                _("“%(code)s” is no breakdown of this file. Write its row above its groups.")
                % {"code": within}
            )
        row = GroupRow(_code(cells), _words(cells, "name"), parent)
        known = {group.code for group in dimension.groups}
        if row.code in known:
            raise _Wrong(_twice(row.code))
        if parent and parent not in known:
            raise _Wrong(_("“%(code)s” is no group above this line.") % {"code": parent})
        self.dimensions[within] = replace(dimension, groups=(*dimension.groups, row))

    def _indicator(self, cells: dict[str, str]) -> None:
        code, name = _code(cells), _words(cells, "name")
        if code in self.indicators:
            raise _Wrong(_twice(code))
        chosen = {column: _choice(cells, column) for column in _CHOICES}
        place = {each: chosen.pop(each) for each in ("tier", "level", "aspect", "frequency")}
        funders = [funder for each in cells.get("required_by", "").split(";")
                   if (funder := each.strip())]  # fmt: skip
        self.indicators[code] = IndicatorRow(
            code=code,
            name=name,
            fields={**place, "required_by": _short(funders)},
            definition={**chosen, "scale": _scale(cells), **_told(cells, chosen["measure"])},
            required=tuple(dict.fromkeys(cells.get("required", "").split())),
        )


_MOST = {"most": MOST_ROWS}


def _code(cells: dict[str, str]) -> str:
    code = cells.get("code", "")
    if not _CODE.fullmatch(code) or len(code) > 60 or code == "new":
        raise _Wrong(
            _("“%(code)s” is no code: use letters a–z, digits and hyphens.") % {"code": code[:40]}
        )
    return code


def _choice(cells: dict[str, str], column: str) -> str:
    values, default = _CHOICES[column]
    value = cells.get(column) or default
    if value not in values:
        raise _Wrong(_not_one_of(column, value or "", values))
    return str(value)


def _scale(cells: dict[str, str]) -> int:
    value = (cells.get("scale") or "100").replace(",", "")
    if value not in map(str, Scale.values):
        raise _Wrong(_not_one_of("scale", value, [str(each) for each in Scale.values]))
    return int(value)


def _words(cells: dict[str, str], column: str, *, needed: bool = True) -> Words:
    words = Words({code: text for code in LANGUAGES if (text := cells.get(f"{column}_{code}", ""))})
    if needed and not words:
        raise _Wrong(_("“%(column)s” is empty in every language.") % {"column": column})
    if any(len(text) > _LONGEST for text in words.values()):
        raise _Wrong(
            _("“%(column)s” is longer than %(most)s letters.")
            % {"column": column, "most": _LONGEST}
        )
    return words


def _told(cells: dict[str, str], measure: str) -> dict[str, Words]:
    return {
        "numerator": _words(cells, "numerator"),
        "denominator": _words(cells, "denominator", needed=measure != Measure.COUNT),
        "unit": _words(cells, "unit", needed=False),
        "source": _words(cells, "source", needed=False),
    }


def _short(funders: list[str]) -> list[str]:
    if any(len(name) > 120 for name in funders):
        raise _Wrong(_("The name of a funder is longer than 120 letters."))
    return list(dict.fromkeys(funders))


def _not_one_of(column: str, value: str, known: Sequence[str]) -> str:
    params = {"column": column, "value": value[:40], "known": ", ".join(known)}
    if not value:
        return _("“%(column)s” is empty. It must be one of: %(known)s.") % params
    return _("“%(column)s” is “%(value)s”. It must be one of: %(known)s.") % params


def _twice(code: str) -> str:
    return _("The code “%(code)s” stands here twice.") % {"code": code}


def written(pack: Pack) -> str:
    """The pack as CSV again, in the same format."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(_rows(pack))
    return out.getvalue()


def _rows(pack: Pack) -> Iterator[dict[str, Any]]:
    for dimension in pack.dimensions.values():
        yield {"what": "dimension", "code": dimension.code, "relation": dimension.kind,
               **_spread("name", dimension.name)}  # fmt: skip
        for group in dimension.groups:
            within = f"{dimension.code}:{group.parent}" if group.parent else dimension.code
            yield {"what": "group", "code": group.code, "part_of": within,
                   **_spread("name", group.name)}  # fmt: skip
    for row in pack.indicators:
        definition = dict(row.definition)
        texts = {name: definition.pop(name) for name in ("numerator", "denominator", "unit",
                                                         "source")}  # fmt: skip
        cells = {"what": "indicator", "code": row.code, **row.fields, **definition}
        cells |= {"required": " ".join(row.required)}
        cells |= {"required_by": "; ".join(row.fields["required_by"])}
        for name, words in {"name": row.name, **texts}.items():
            cells |= _spread(name, words)
        yield cells


def _spread(column: str, words: Words) -> dict[str, str]:
    return {f"{column}_{code}": words.get(code, "") for code in LANGUAGES}
