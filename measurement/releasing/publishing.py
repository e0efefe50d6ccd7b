"""Writing a release: its cells, what public pages need to know of it, and the pointers to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from ciforum.people.models import Period
from ciforum.people.words import Words
from measurement.models.indicators import Measure
from measurement.models.public_tables import PublicTable
from measurement.protecting.protection import Protection
from measurement.releasing import authority
from measurement.showing.judging import Counted, judge

if TYPE_CHECKING:
    from measurement.models import Indicator, IndicatorVersion, Release


def unpublished_periods(version: IndicatorVersion) -> list[Period]:
    """Periods with an observation that no public release shows as it is now, oldest first.

    Among them those of which a council has kept back, or given back, something since their release.
    """
    with connection.cursor() as cursor:
        cursor.execute(_UNPUBLISHED, {"version": version.pk})
        found = [pk for (pk,) in cursor.fetchall()]
    return list(Period.objects.filter(pk__in=found).order_by("end", "start"))


def waiting(indicator: Indicator) -> dict[IndicatorVersion, list[Period]]:
    """What could be released: each definition with its periods, the newest definition first.

    Of earlier definitions only what is public under them already, and has changed since.
    """
    found = {}
    for place, version in enumerate(indicator.versions.order_by("-number")):
        periods = unpublished_periods(version)
        if place:
            public = set(version.published.values_list("period", flat=True))
            periods = [period for period in periods if period.pk in public]
        if periods:
            found[version] = periods
    return found


def last_story(version: IndicatorVersion) -> Words:
    """The story of the last release, to go on from."""
    last = version.releases.filter(state="published").order_by("-number").first()
    return last.story if last else Words()


def write_cells(release: Release, found: Protection) -> None:
    """Copy the observations in, without what is hidden. The caller holds the locks."""
    columns: list[list[Any]] = [list(column) for column in zip(*found.hidden, strict=True)]
    periods, places, strata, hide_x, hide_n = columns or ([], [], [], [], [])
    params: dict[str, Any] = {
        "release": release.pk,
        "bare": found.bare,
        "all_bare": found.all_bare,
        "periods": periods,
        "places": places,
        "strata": strata,
        "hide_x": hide_x,
        "hide_n": hide_n,
        "vague": _imprecise(release, {*found.bare, *found.all_bare}),
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, params)
        cursor.execute(_SMALL, {"release": release.pk, "threshold": found.threshold})
        if cursor.fetchone():
            raise RuntimeError("a small count was about to be published")


def _imprecise(release: Release, bare: set[int]) -> list[int]:
    """Observations, by id, whose error or sample is kept back and says: do not rely on it."""
    rows = release.observations().filter(period__in=bare, numerator__isnull=False)
    rows = rows.filter(se__isnull=False) | rows.filter(sample_size__isnull=False)
    if release.version.measure != Measure.COUNT:
        rows = rows.filter(denominator__gt=0)
    found = list(rows.values_list("pk", "numerator", "denominator", "sample_size", "se"))
    judged = judge([Counted(*row[1:4], release.version, release, row[4]) for row in found])
    return [row[0] for row, each in zip(found, judged, strict=True) if not each.is_shown]


def summary(release: Release) -> dict[str, Any]:
    """Plain numbers about the release, for lists of indicators."""
    cells = release.cells.all()
    return {
        "cells": cells.count(),
        "protected": cells.filter(is_protected=True).count(),
        "threshold": release.protected.get("threshold"),
        "kept": authority.kept_words(release),
    }


def point(release: Release) -> None:
    """From now on the public numbers of its periods are read from this release."""
    with connection.cursor() as cursor:
        cursor.execute(_POINT, {"release": release.pk})
    PublicTable.refresh(release.indicator)


# Only the cells of these few releases are read; joined the other way round the planner takes all.
_UNPUBLISHED = """
WITH shown AS MATERIALIZED (
    SELECT c.period_id, c.place_id, c.stratum_id, c.revision
    FROM measurement_published p
    JOIN measurement_releasecell c ON c.release_id = p.release_id AND c.period_id = p.period_id
    WHERE p.version_id = %(version)s
)
SELECT DISTINCT o.period_id
FROM measurement_observation o
LEFT JOIN shown
       ON shown.period_id = o.period_id AND shown.place_id = o.place_id
      AND shown.stratum_id = o.stratum_id AND shown.revision = o.revision
WHERE o.version_id = %(version)s AND o.is_current AND shown.period_id IS NULL
UNION
SELECT p.period_id
FROM measurement_published p
JOIN measurement_release e ON e.id = p.release_id
JOIN measurement_withholding w ON w.indicator_id = e.indicator_id
JOIN equity_dataauthority a ON a.id = w.authority_id
JOIN equity_group mine ON mine.id = a.group_id
JOIN equity_dimension d ON d.id = mine.dimension_id
JOIN equity_dimension same ON same.initiative_id = d.initiative_id AND same.code = d.code
JOIN measurement_stratumgroup sg ON sg.dimension_id = same.id
JOIN measurement_releasecell c ON c.release_id = e.id AND c.period_id = p.period_id
     AND c.stratum_id = sg.stratum_id
WHERE p.version_id = %(version)s
  AND CASE WHEN w.ended_at IS NULL AND a.ended_at IS NULL THEN e.published_at <= w.since
           ELSE e.published_at > w.since
                AND e.published_at <= coalesce(w.ended_at, a.ended_at) END
"""

_WRITE = """
WITH hidden AS (
    SELECT * FROM unnest(%(periods)s::bigint[], %(places)s::bigint[], %(strata)s::bigint[],
                         %(hide_x)s::boolean[], %(hide_n)s::boolean[])
             AS h (period_id, place_id, stratum_id, hide_x, hide_n)
)
INSERT INTO measurement_releasecell
    (initiative_id, release_id, period_id, place_id, stratum_id, numerator, denominator,
     denominator_is_derived, is_protected, missing, sample_size, weight, grade, rolled_up,
     se, kept_error, revision)
SELECT o.initiative_id, r.id, o.period_id, o.place_id, o.stratum_id,
       CASE WHEN coalesce(h.hide_x, false) THEN NULL ELSE o.numerator END,
       CASE WHEN coalesce(h.hide_n, false) THEN NULL ELSE o.denominator END,
       o.denominator_is_derived, h.period_id IS NOT NULL, o.missing,
       CASE WHEN told.sample THEN o.sample_size END, CASE WHEN told.sample THEN o.weight END,
       o.grade, o.rolled_up,
       CASE WHEN told.error THEN o.se END,
       CASE WHEN h.period_id IS NOT NULL OR o.numerator IS NULL THEN ''
            WHEN (o.se IS NULL OR told.error) AND (o.sample_size IS NULL OR told.sample) THEN ''
            WHEN o.id = ANY(%(vague)s::bigint[]) THEN 'unreliable' ELSE 'kept' END,
       o.revision
FROM measurement_release r
JOIN measurement_release_periods rp ON rp.release_id = r.id
JOIN measurement_observation o ON o.initiative_id = r.initiative_id
     AND o.version_id = r.version_id AND o.period_id = rp.period_id AND o.is_current
JOIN measurement_stratum s ON s.id = o.stratum_id
LEFT JOIN hidden h ON h.period_id = o.period_id AND h.place_id = o.place_id
     AND h.stratum_id = o.stratum_id
CROSS JOIN LATERAL (
    SELECT h.period_id IS NULL AND o.period_id <> ALL(%(all_bare)s::bigint[])
           AND (s.key = '' OR o.period_id <> ALL(%(bare)s::bigint[])) AS sample,
           h.period_id IS NULL AND o.period_id <> ALL(%(all_bare)s::bigint[])
           AND o.period_id <> ALL(%(bare)s::bigint[]) AS error
) told
WHERE r.id = %(release)s
"""

_SMALL = """
SELECT 1 FROM measurement_releasecell c
JOIN measurement_release r ON r.id = c.release_id
JOIN measurement_indicatorversion v ON v.id = r.version_id
WHERE c.release_id = %(release)s AND (
    c.numerator BETWEEN 1 AND %(threshold)s - 1
    OR c.denominator BETWEEN 1 AND %(threshold)s - 1
    OR (v.measure = 'proportion'
        AND c.denominator - c.numerator BETWEEN 1 AND %(threshold)s - 1)
)
LIMIT 1
"""

_POINT = """
INSERT INTO measurement_published (initiative_id, version_id, period_id, release_id)
SELECT r.initiative_id, r.version_id, rp.period_id, r.id
FROM measurement_release r JOIN measurement_release_periods rp ON rp.release_id = r.id
WHERE r.id = %(release)s
ON CONFLICT (version_id, period_id) DO UPDATE SET release_id = excluded.release_id
"""
