"""Wide files: a column per group or per year, told by their names (`pass_count_Black`, `2019`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from measurement.reading.catalogue import GroupName, IndicatorName
from measurement.reading.folding import words
from measurement.reading.guessing_labels import telling
from measurement.reading.mapping import Column, Role
from measurement.reading.periods import BadPeriod, parse_period
from measurement.reading.synonyms import ROLE_WORDS, concept

Measure = tuple[str, ...]  # the words of a header that are left when group and period are taken
_PERIOD = re.compile(
    r"(?P<p>(?:sy ?|fy ?|ffy ?)?(?:19|20)\d\d(?:[-/\u2013_](?:19|20)?\d\d)?(?:[ -]?q[1-4])?)",
    re.IGNORECASE,
)


def find_wide(
    names: Sequence[str], groups: Sequence[GroupName], indicator: IndicatorName | None = None
) -> dict[str, Column]:
    """Header name → number column with its groups and period; empty when the file is long.

    At least two columns must differ only in their group or period. A file may hold several
    measures side by side (`Cases_Black`, `Deaths_Black`): the one of the indicator is taken.
    """
    read = {name: each for name in names if (each := _read(name, groups))}
    found = {name: column for name, (column, _measure) in _one_measure(read, indicator).items()}
    tags = {(column.groups, column.period) for column in found.values()}
    varied = len(tags) > 1
    return found if varied and len(found) > 1 else {}


def _one_measure(
    read: dict[str, tuple[Column, Measure]], indicator: IndicatorName | None
) -> dict[str, tuple[Column, Measure]]:
    """For each role, the columns of one measure only: two would say the same twice."""
    kept = dict(read)
    for role in ("numerator", "denominator", "rate"):
        measures = Counter(words for column, words in read.values() if column.role == role)
        if len(measures) < 2 or not _clash(read, role):
            continue
        own = set(words(f"{indicator.name} {indicator.numerator}")) if indicator else set()
        best = max(measures, key=lambda said: (len(own & set(said)), measures[said]))
        for name, (column, said) in read.items():
            if column.role == role and said != best:
                del kept[name]
    return kept


def _clash(read: dict[str, tuple[Column, Measure]], role: str) -> bool:
    """Two columns of this role are about the same groups and period."""
    tags = [(each.groups, each.period) for each, _ in read.values() if each.role == role]
    return len(set(tags)) < len(tags)


def _read(name: str, groups: Sequence[GroupName]) -> tuple[Column, Measure] | None:
    period, rest = _take_period(name)
    group, measure = _take_group(rest, groups)
    if not period and not group:
        return None
    role = _role(measure)
    if role is None:
        return None
    keys = () if group in ("", "everyone") else (group,)
    return Column(role, groups=keys, period=period), measure


def _take_period(name: str) -> tuple[str, str]:
    """The period in a header and the header without it."""
    found = _PERIOD.search(name)
    if not found:
        return "", name
    text = found["p"].replace("_", "-")
    try:
        parse_period(text)
    except BadPeriod:
        return "", name
    return text, f"{name[: found.start()]} {name[found.end() :]}"


def _take_group(name: str, groups: Sequence[GroupName]) -> tuple[str, tuple[str, ...]]:
    """The longest run of words at an end of the header that names a group; and the words left."""
    keys = {
        concept(text): group.key
        for group in groups
        for text in (group.name, *telling(group.key), *group.synonyms)
    } | {"everyone": "everyone"}
    parts = words(name)
    for size in range(len(parts), 0, -1):
        for run, left in ((parts[-size:], parts[:-size]), (parts[:size], parts[size:])):
            key = keys.get(concept(" ".join(run)))
            if key and (key != "everyone" or left):
                return key, left
    return "", parts


def _role(measure: tuple[str, ...]) -> Role | None:
    """What the words left over measure; none left means the count itself."""
    said = set(measure)
    if said & ROLE_WORDS["rate"]:
        return "rate"
    if said & (ROLE_WORDS["denominator"] - {"total"}) or "total" in said:
        return "denominator"
    if not said or said & ROLE_WORDS["numerator"]:
        return "numerator"
    return None
