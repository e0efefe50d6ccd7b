"""Other indicators about the very same people: what one of them prints, readers of all know.

Two indicators are siblings where their denominators are the same numbers for the same period,
place and groups ("born early" and "born small" of the same births). Nobody has to declare it, and
taking two for siblings that are none does no harm: the joint table then only counts on a reader
who knows more. Where both numerators add up to the denominator, one counts "the others" of the
other.

Declaring helps where the numbers do not say it: too few to compare, denominators worked out from
percents, or a numerator that is part of another one ("born very early" of "born early").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import connection

from measurement.protecting.linked_table import Row

if TYPE_CHECKING:
    from measurement.models import Indicator, Release

# Equal denominators it takes; fewer where no more can be compared.
SHARED = 2
# Rows of one release that are compared: enough to know a sibling by, however large the table.
COMPARED = 3000


@dataclass(frozen=True)
class Sibling:
    """An indicator by id. is_mirror: it counts those whom the release does not count."""

    indicator: int
    is_mirror: bool


@dataclass(frozen=True)
class Declared:
    """What was declared of the indicators around one: all of them, and what is part of what.

    nested: (inner, outer) by id, through others too.
    """

    indicators: frozenset[int]
    nested: frozenset[tuple[int, int]]

    @classmethod
    def around(cls, indicator: Indicator) -> Declared:
        rows = list(
            type(indicator)
            .objects.filter(initiative=indicator.initiative_id)
            .values_list("pk", "same_people_as", "part_of")
        )
        parents = {pk: above for pk, _same, above in rows if above}
        ties = [(pk, other) for pk, *others in rows for other in others if other]
        found = {indicator.pk}
        while more := {end for tie in ties if found.intersection(tie) for end in tie} - found:
            found |= more
        nested = {(pk, above) for pk in found for above in _above(pk, parents)}
        return cls(frozenset(found), frozenset(nested))

    def __str__(self) -> str:
        return f"{sorted(self.indicators)}{sorted(self.nested)}"


def _above(pk: int, parents: Mapping[int, int]) -> set[int]:
    """Everything it is a part of; a circle ends where it began."""
    found: set[int] = set()
    above = parents.get(pk)
    while above is not None and above != pk and above not in found:
        found.add(above)
        above = parents.get(above)
    return found


def released_beside(release: Release) -> set[int]:
    """Published releases of other indicators with a period that overlaps one of this one's."""
    with connection.cursor() as cursor:
        cursor.execute(_BESIDE, {"release": release.pk})
        return {pk for (pk,) in cursor.fetchall()}


def siblings(release: Release, among: Iterable[int]) -> list[Sibling]:
    """Indicators of these releases (by id) that are siblings of this one's, found or declared."""
    candidates = sorted(among)
    if not candidates:
        return []
    params: dict[str, Any] = {
        "release": release.pk,
        "among": candidates,
        "most": COMPARED,
    }
    with connection.cursor() as cursor:
        cursor.execute(_EQUAL, params)
        found = [
            Sibling(indicator, is_mirror=0 < counted == others)
            for indicator, compared, same, counted, others in cursor.fetchall()
            if same >= min(SHARED, compared)
        ]
        cursor.execute(_OF, params)
        released = {pk for (pk,) in cursor.fetchall()}
    declared = Declared.around(release.indicator).indicators & released
    known = {sibling.indicator for sibling in found}
    return found + [Sibling(pk, is_mirror=False) for pk in sorted(declared - known)]


def sibling_periods(found: Iterable[Sibling], among: Iterable[int]) -> set[int]:
    """The periods that these indicators have published."""
    with connection.cursor() as cursor:
        cursor.execute(_PERIODS, {"indicators": [s.indicator for s in found], "among": [*among]})
        return {pk for (pk,) in cursor.fetchall()}


def sibling_rows(
    release: Release, found: Iterable[Sibling], periods: Iterable[int]
) -> list[tuple[int, list[Row]]]:
    """Each published release of the siblings in these periods: its threshold, and its rows."""
    mirrors = {sibling.indicator: sibling.is_mirror for sibling in found}
    if not mirrors:
        return []
    params: dict[str, Any] = {
        "initiative": release.initiative_id,
        "indicators": [*mirrors],
        "periods": [*periods],
    }
    thresholds: dict[int, int] = {}
    rows: dict[int, list[Row]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, params)
        for number, indicator, threshold, *values in cursor.fetchall():
            thresholds[number] = threshold
            row = replace(Row(*values), family=indicator, is_mirror=mirrors[indicator])
            rows[number].append(row)
    return [(thresholds[number], each) for number, each in rows.items()]


# Released periods are compared by their days: a month to date overlaps a year without being it.
_BESIDE = """
WITH own AS (
    SELECT p.start, p."end" FROM measurement_release_periods rp
    JOIN people_period p ON p.id = rp.period_id WHERE rp.release_id = %(release)s
)
SELECT DISTINCT e.id
FROM measurement_release r
JOIN measurement_release e ON e.initiative_id = r.initiative_id AND e.state = 'published'
     AND e.indicator_id <> r.indicator_id
JOIN measurement_release_periods ep ON ep.release_id = e.id
JOIN people_period p ON p.id = ep.period_id
WHERE r.id = %(release)s
  AND EXISTS (SELECT 1 FROM own WHERE own.start < p."end" AND p.start < own."end")
"""

# The truth behind both is compared, printed or not: a hidden denominator is the same one too.
_EQUAL = """
WITH mine AS (
    SELECT o.period_id, o.place_id, o.stratum_id, o.numerator, o.denominator
    FROM measurement_release r
    JOIN measurement_indicatorversion v ON v.indicator_id = r.indicator_id
    JOIN measurement_observation o ON o.initiative_id = r.initiative_id
         AND o.version_id = v.id AND o.is_current
    WHERE r.id = %(release)s AND o.denominator > 0 AND NOT o.denominator_is_derived
      AND o.period_id IN (SELECT ep.period_id FROM measurement_release_periods ep
                          WHERE ep.release_id = ANY(%(among)s))
    ORDER BY o.period_id DESC, o.id
    LIMIT %(most)s
)
SELECT e.indicator_id, count(*),
       count(*) FILTER (WHERE o.denominator = mine.denominator),
       count(*) FILTER (WHERE o.denominator = mine.denominator
                          AND o.numerator + mine.numerator IS NOT NULL),
       count(*) FILTER (WHERE o.denominator = mine.denominator
                          AND o.numerator + mine.numerator = mine.denominator)
FROM mine
JOIN measurement_release e ON e.id = ANY(%(among)s)
JOIN measurement_releasecell c ON c.release_id = e.id AND c.period_id = mine.period_id
     AND c.place_id = mine.place_id AND c.stratum_id = mine.stratum_id
JOIN measurement_observation o ON o.initiative_id = e.initiative_id
     AND o.version_id = e.version_id AND o.period_id = c.period_id AND o.place_id = c.place_id
     AND o.stratum_id = c.stratum_id AND o.revision = c.revision
WHERE o.denominator IS NOT NULL AND NOT o.denominator_is_derived
GROUP BY e.indicator_id
"""

_OF = "SELECT DISTINCT indicator_id FROM measurement_release WHERE id = ANY(%(among)s)"

_PERIODS = """
SELECT DISTINCT ep.period_id
FROM measurement_release e JOIN measurement_release_periods ep ON ep.release_id = e.id
WHERE e.id = ANY(%(among)s) AND e.indicator_id = ANY(%(indicators)s)
"""

_ROWS = """
SELECT e.id, e.indicator_id, coalesce((e.protected->>'threshold')::int, 1),
       c.period_id, c.place_id, c.stratum_id, o.numerator, o.denominator,
       o.denominator_is_derived, v.measure = 'proportion',
       c.numerator IS NOT NULL, c.denominator IS NOT NULL
FROM measurement_release e
JOIN measurement_indicatorversion v ON v.id = e.version_id
JOIN measurement_releasecell c ON c.release_id = e.id
JOIN measurement_observation o ON o.initiative_id = e.initiative_id
     AND o.version_id = e.version_id AND o.period_id = c.period_id AND o.place_id = c.place_id
     AND o.stratum_id = c.stratum_id AND o.revision = c.revision
WHERE e.initiative_id = %(initiative)s AND e.state = 'published'
  AND e.indicator_id = ANY(%(indicators)s) AND c.period_id = ANY(%(periods)s)
ORDER BY e.published_at, e.id
"""
