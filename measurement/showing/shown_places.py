"""The public numbers of one group at every place, in one period: what a map shows.

Read from the same public tables as `shown`, but one cell of each: the database picks it, so a map
of a hundred places never carries their whole histories.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection

from ciforum.people.folding import folded
from ciforum.people.models import Period, Place
from measurement.models.releases import Release
from measurement.showing.series import Series, series_of
from measurement.showing.shown import Cell

if TYPE_CHECKING:
    from measurement.models import Indicator

MOST_PLACES = 10_000  # more than the counties, or the school districts, of any country

_OFFERED = """
    SELECT DISTINCT t.kind, (cell->>0)::bigint, (cell->>3)::bigint
      FROM measurement_publictable t, jsonb_array_elements(t.cells) cell
     WHERE t.indicator_id = %s
"""
_CELLS = """
    SELECT t.place_id, cell
      FROM measurement_publictable t, jsonb_array_elements(t.cells) cell
     WHERE t.indicator_id = %s AND t.kind = %s
       AND (cell->>0)::bigint = %s AND (cell->>3)::bigint = ANY(%s)
     ORDER BY t.place_id
     LIMIT %s
"""


@dataclass
class Offer:
    """What there is to choose from: kinds of period, periods of the kind, groups.

    strata: key of a series → the strata that count it, over all versions of its dimensions.
    """

    kinds: list[str]
    kind: str
    periods: list[Period]
    series: dict[str, Series]
    strata: dict[str, list[int]] = field(default_factory=dict)


def offer(indicator: Indicator, kind: str = "") -> Offer | None:
    """None where nothing is public, or nothing for this kind of period."""
    with connection.cursor() as cursor:
        cursor.execute(_OFFERED, [indicator.pk])
        rows = cursor.fetchall()
    counted: dict[str, set[int]] = defaultdict(set)
    for each, period, _stratum in rows:
        counted[each].add(period)
    kinds = sorted(counted, key=lambda each: -len(counted[each]))
    chosen = kind or next(iter(kinds), "")
    if chosen not in counted:
        return None
    periods = Period.objects.filter(pk__in=counted[chosen]).order_by("start", "end")
    by_stratum = series_of({stratum for each, _period, stratum in rows if each == chosen})
    strata: dict[str, list[int]] = defaultdict(list)
    for stratum, series in by_stratum.items():
        strata[series.key].append(stratum)
    groups = sorted(set(by_stratum.values()), key=lambda each: (len(each.members), each.order))
    return Offer(kinds, chosen, list(periods), {each.key: each for each in groups}, dict(strata))


def by_place(
    indicator: Indicator, found: Offer, key: str, period: Period
) -> list[tuple[Place, Cell]]:
    """Each place where this group has a public cell in this period, by name. Three queries.

    key: of a series in `found`. At most MOST_PLACES.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _CELLS, [indicator.pk, found.kind, period.pk, found.strata[key], MOST_PLACES]
        )
        rows = dict(cursor.fetchall())
    places = Place.objects.in_bulk(rows)
    releases = _releases(indicator, {_row(each)[2] for each in rows.values()})
    cells = [
        (places[pk], Cell.of_table(_row(row), period, found.series[key], releases))
        for pk, row in rows.items()
    ]
    return sorted(cells, key=lambda each: (folded(each[0].name), each[0].pk))


def _row(found: Any) -> list[Any]:
    """A cell as a list; a raw cursor answers jsonb as text."""
    row: list[Any] = json.loads(found) if isinstance(found, str) else found
    return row


def _releases(indicator: Indicator, pks: set[int]) -> dict[int, Release]:
    found = Release.objects.select_related("version").in_bulk(pks)
    for release in found.values():
        release.indicator = release.version.indicator = indicator
    return dict(found)
