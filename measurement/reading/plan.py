"""A mapping bound to one file: which cell of a line is what."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from typing import Any

from measurement.reading.folding import tidy
from measurement.reading.mapping import NUMBERS, BadMapping, Column, Mapping, check
from measurement.reading.periods import SHORT_SPAN, SLASHED, PeriodRules, settle
from measurement.reading.periods import tidy_period as _tidy_period
from measurement.reading.source import Source


class Labels:
    """What a column's texts stand for. Spaces around and inside never matter, case only when two
    labels differ by nothing else."""

    def __init__(self, labels: AnyMapping[str, str]) -> None:
        self.exact = {tidy(text): key for text, key in labels.items()}
        self.loose: dict[str, str | None] = {}
        for text, key in self.exact.items():
            folded = _loose(text)
            self.loose[folded] = key if self.loose.get(folded, key) == key else None
        self.seen: dict[str, str | None] = {}

    def __call__(self, text: str) -> str | None:
        """The key this text stands for, None when the mapping does not say."""
        if text not in self.seen:
            plain = tidy(text)
            self.seen[text] = self.exact.get(plain) or self.loose.get(_loose(plain))
        return self.seen[text]


def _loose(text: str) -> str:
    """Without case, and with accents stored one way."""
    return unicodedata.normalize("NFC", text).casefold()


@dataclass(frozen=True)
class Labelled:
    name: str
    at: int
    labels: Labels


@dataclass(frozen=True)
class Series:
    """The columns that together give one number per line: None where the file has no such column.

    groups, place, period: what this series is about, beside what the line itself says.
    main: the count's column, or the rate's where there is no count; problems carry its name.
    """

    groups: frozenset[str]
    place: str
    period: str
    numerator: int | None
    denominator: int | None
    rate: int | None
    sample_size: int | None
    weight: int | None
    se: int | None
    main: int


@dataclass(frozen=True)
class Plan:
    place: Labelled | None
    period: int | None
    groups: tuple[Labelled, ...]
    filters: tuple[Labelled, ...]
    grade: int | None
    why: int | None
    series: tuple[Series, ...]
    rules: PeriodRules


def bind(source: Source, mapping: Mapping) -> Plan:
    """Raises BadMapping when the mapping names a column that the file does not have."""
    check(mapping)
    at = places_of(source, mapping)
    place = [Labelled(name, at[name], labels_of(mapping, name)) for name in mapping.names("place")]
    period = [at[name] for name in mapping.names("period")]
    return Plan(
        place=place[0] if place else None,
        period=period[0] if period else None,
        groups=_labelled(mapping, at, "group"),
        filters=_labelled(mapping, at, "filter"),
        grade=next((at[name] for name in mapping.names("grade")), None),
        why=next((at[name] for name in mapping.names("why")), None),
        series=_series(mapping, at),
        rules=_settled(source, mapping, period),
    )


def places_of(source: Source, mapping: Mapping) -> dict[str, int]:
    """Header name → index, for every column the mapping uses."""
    at: dict[str, int] = {}
    for name, column in mapping.columns.items():
        index = source.index(name)
        if index is None and column.role != "ignore":
            raise BadMapping("mapping_no_column", name=name)
        if index is not None:
            at[name] = index
    return at


def labels_of(mapping: Mapping, name: str) -> Labels:
    return Labels(mapping.columns[name].labels)


def _labelled(mapping: Mapping, at: dict[str, int], role: str) -> tuple[Labelled, ...]:
    names = mapping.names(role)
    return tuple(Labelled(name, at[name], labels_of(mapping, name)) for name in names)


def _series(mapping: Mapping, at: dict[str, int]) -> tuple[Series, ...]:
    """Number columns that are about the same place, period and groups belong together."""
    found: dict[tuple[frozenset[str], str, str], dict[str, int]] = {}
    for name in mapping.names(*NUMBERS):
        column: Column = mapping.columns[name]
        about = (frozenset(column.groups), column.place, column.period)
        found.setdefault(about, {})[column.role] = at[name]
    return tuple(_one_series(mapping, about, roles) for about, roles in found.items())


def _one_series(
    mapping: Mapping, about: tuple[frozenset[str], str, str], roles: dict[str, int]
) -> Series:
    main = roles.get("numerator", roles.get("rate"))
    if main is None:
        names = ", ".join(mapping.names("denominator", "sample_size", "weight", "se"))
        raise BadMapping("mapping_no_number_for", columns=names)
    groups, place, period = about
    columns: dict[str, Any] = {role: roles.get(role) for role in NUMBERS}
    return Series(groups=groups, place=place, period=period, main=main, **columns)


def _settled(source: Source, mapping: Mapping, period: list[int]) -> PeriodRules:
    """Reads the period column once through when its first lines leave a question open."""
    rules = mapping.periods
    wide = [column.period for column in mapping.columns.values() if column.period]
    if not period:
        return settle([mapping.period, *wide], rules)
    if rules.day_first is not None and rules.dash is not None:
        return rules
    if not _open_question(record.cells[period[0]] for record in source.sample):
        return settle(wide, rules) if wide else rules
    return settle({record.cells[period[0]] for record in source.records()}, rules)


def _open_question(texts: Iterable[str]) -> bool:
    patterns: Sequence[Callable[[str], object]] = (SLASHED.fullmatch, SHORT_SPAN.fullmatch)
    return any(pattern(_tidy_period(text)) for text in texts for pattern in patterns)
