"""Which of the rows a program asks for can be relied on: the same judge as the pages ask."""

from __future__ import annotations

from typing import Any

from django.db import connection

from measurement.models import IndicatorVersion, Release
from measurement.showing.judging import Counted, judge

NAMES = (
    *("j_version", "j_release", "j_x", "j_n", "j_sample", "j_se", "j_kept"),
    *("j_vague", "j_low", "j_high"),
)


def columns(query: str, params: dict[str, Any]) -> dict[str, list[Any]]:
    """Every different number that the query answers, and what it is worth, as columns.

    query: answers version, release, numerator, denominator, sample size, standard error (0 where
    there is none) and what came of a kept one. NAMES: these, with -1 for what is not known, then
    whether it is unreliable and the ends of its interval.
    """
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        rows = cursor.fetchall()
    versions = IndicatorVersion.objects.in_bulk({row[0] for row in rows})
    releases = Release.objects.in_bulk({row[1] for row in rows})
    found: dict[str, list[Any]] = {name: [] for name in NAMES}
    for version in versions.values():
        own = [row for row in rows if row[0] == version.pk]
        for values in _judged(own, version, releases):
            for name, value in zip(NAMES, values, strict=True):
                found[name].append(value)
    return found


def _judged(
    rows: list[tuple[Any, ...]], version: IndicatorVersion, releases: dict[int, Release]
) -> list[tuple[Any, ...]]:
    cells = [
        Counted(x, n, sample, version, releases[release], se, kept)
        for _version, release, x, n, sample, se, kept in rows
    ]
    found = []
    for row, each in zip(rows, judge(cells), strict=True):
        is_told = each.is_shown and each.has_interval
        ends = (each.low, each.high) if is_told else (None, None)
        keys = (-1 if value is None else value for value in row)
        found.append((*keys, not each.is_shown, *ends))
    return found
