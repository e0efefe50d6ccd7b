"""Which cells of a release to hide: gathers what readers know, and reads the answer back.

The table is protected together with everything that earlier releases of the indicator, of any
definition, show of the same or overlapping periods: what is printed once is known for good.
`linked_table` says how its cells hang together, `suppression` which of them to hide.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.db import connection

from measurement.hierarchy import Hierarchy
from measurement.linked_table import LinkedTable, Row
from measurement.models.observations import Observation
from measurement.suppression import Unprotectable

if TYPE_CHECKING:
    from measurement.models import Release


@dataclass(frozen=True)
class Protection:
    """What to hide in a release.

    state: sound, or impossible where no safe table exists. hidden: [period, place, stratum,
    hide x, hide n] by id. open_periods: the periods, by id, that cannot be made safe.
    """

    state: str
    threshold: int
    fingerprint: str
    rows: int = 0
    hidden: list[list[Any]] = field(default_factory=list)
    open_periods: list[int] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Protection:
        return cls(**data)

    def summary(self) -> dict[str, Any]:
        """For the ledger and the page: counts only, never which cell was hidden and why."""
        return {
            "state": self.state,
            "threshold": self.threshold,
            "rows": self.rows,
            "hidden": len(self.hidden),
        }

    def without_names(self) -> Protection:
        """What may be kept once the release is out: the cells say themselves what is hidden."""
        return replace(self, hidden=[])


def fingerprint(release: Release) -> str:
    """Changes with an observation, an earlier release, the periods, or what is part of what."""
    with connection.cursor() as cursor:
        cursor.execute(_FINGERPRINT, {"release": release.pk})
        seen = "/".join(part or "" for part in cursor.fetchone())
    return hashlib.sha256(seen.encode()).hexdigest()


def protect_release(
    release: Release, threshold: int, *, progress: Callable[[float], None]
) -> Protection:
    """Find the cells to hide. Takes no lock: the fingerprint tells whether it still holds.

    progress: called with 0 to 100.
    """
    seen = fingerprint(release)
    rows = current_rows(release)
    tree, clusters, earlier = gather(release, rows)
    hidden: list[list[Any]] = []
    unsafe: set[int] = set()
    for index, periods in enumerate(clusters):
        fresh = [row for row in rows if row.period in periods]
        table = linked(tree, fresh, [[r for r in old if r.period in periods] for old in earlier])
        try:
            names = table.solve(threshold, _part(progress, index, len(clusters)))
        except Unprotectable:
            unsafe |= {row.period for row in fresh}
            continue
        hidden += _hide(table, fresh, names)
    return Protection(
        state="impossible" if unsafe else "sound",
        threshold=threshold,
        fingerprint=seen,
        rows=len(rows),
        hidden=hidden,
        open_periods=sorted(unsafe),
    )


def _part(progress: Callable[[float], None], index: int, of: int) -> Callable[[float], None]:
    """Tell how far the whole is, from how far (0 to 1) one of its parts is."""
    return lambda done: progress(100 * (index + done) / of)


def gather(
    release: Release, rows: list[Row]
) -> tuple[Hierarchy, list[frozenset[int]], list[list[Row]]]:
    """The trees, the clusters of periods this release touches, and earlier releases in them."""
    shown = set(
        release.indicator.releases.filter(state="published").values_list("periods", flat=True)
    )
    strata = set(
        Observation.objects.filter(version__indicator=release.indicator_id)
        .values_list("stratum", flat=True)
        .distinct()
    )
    tree = Hierarchy.of(release.initiative, strata)
    own = {row.period for row in rows}
    clusters = [each for each in tree.clusters(own | (shown - {None})) if each & own]
    return tree, clusters, earlier_rows(release, set().union(*clusters))


def linked(tree: Hierarchy, rows: list[Row], earlier: list[list[Row]]) -> LinkedTable:
    """Each earlier release as it stands, then the public table as it would be now."""
    table = LinkedTable(tree)
    newest = {}
    for old in earlier:
        table.add(old, is_new=False)
        newest.update({(row.period, row.place, row.stratum): row for row in old})
    table.add(rows, is_new=True)
    newest.update({(row.period, row.place, row.stratum): row for row in rows})
    if earlier:
        table.add(list(newest.values()), is_new=False)
    return table


def _hide(table: LinkedTable, rows: Iterable[Row], names: frozenset[str]) -> list[list[Any]]:
    found = []
    for row in rows:
        x, n = (row.value(what) is not None and table.name(what, row) in names for what in "xn")
        if x or n:
            # A denominator worked out from the count would give the hidden count away.
            found.append([row.period, row.place, row.stratum, x, n or row.is_derived])
    return found


def current_rows(release: Release) -> list[Row]:
    """What the release would show if nothing were hidden."""
    has_others = release.version.measure == "proportion"
    found: Any = release.observations().values_list(
        *("period", "place", "stratum", "numerator", "denominator", "denominator_is_derived")
    )
    return [Row(*(*each, has_others)) for each in found]


def earlier_rows(release: Release, periods: set[int]) -> list[list[Row]]:
    """Each earlier release of this indicator in these periods: the truth, and what it prints."""
    with connection.cursor() as cursor:
        cursor.execute(_EARLIER, {"release": release.pk, "periods": list(periods)})
        by_release: dict[int, list[Row]] = defaultdict(list)
        for number, *values in cursor.fetchall():
            by_release[number].append(Row(*values))
    return list(by_release.values())


_FINGERPRINT = """
WITH RECURSIVE seen AS (
    SELECT DISTINCT o.place_id, o.stratum_id
    FROM measurement_release r
    JOIN measurement_indicatorversion v ON v.indicator_id = r.indicator_id
    JOIN measurement_observation o ON o.initiative_id = r.initiative_id AND o.version_id = v.id
    WHERE r.id = %(release)s
), place AS (
    SELECT id, parent_id FROM people_place WHERE id IN (SELECT place_id FROM seen)
    UNION SELECT p.id, p.parent_id FROM people_place p JOIN place ON p.id = place.parent_id
), used AS (
    SELECT g.id, g.parent_id, g.dimension_id FROM equity_group g
    WHERE g.id IN (SELECT sg.group_id FROM measurement_stratumgroup sg
                   WHERE sg.stratum_id IN (SELECT stratum_id FROM seen))
    UNION SELECT g.id, g.parent_id, g.dimension_id FROM equity_group g
          JOIN used ON g.id = used.parent_id
)
SELECT (SELECT md5(string_agg(o.id::text, ',' ORDER BY o.id))
        FROM measurement_observation o
        JOIN measurement_release_periods rp
             ON rp.period_id = o.period_id AND rp.release_id = r.id
        WHERE o.initiative_id = r.initiative_id AND o.version_id = r.version_id AND o.is_current),
       (SELECT string_agg(e.id::text, ',' ORDER BY e.id) FROM measurement_release e
        WHERE e.indicator_id = r.indicator_id AND e.state = 'published'),
       (SELECT string_agg(id || '<' || parent_id, ',' ORDER BY id) FROM place
        WHERE parent_id IS NOT NULL),
       (SELECT string_agg(used.id || '<' || coalesce(used.parent_id, 0) || d.kind, ','
                          ORDER BY used.id)
        FROM used JOIN equity_dimension d ON d.id = used.dimension_id)
FROM measurement_release r WHERE r.id = %(release)s
"""

_EARLIER = """
SELECT e.id, c.period_id, c.place_id, c.stratum_id, o.numerator, o.denominator,
       o.denominator_is_derived, v.measure = 'proportion',
       c.numerator IS NOT NULL, c.denominator IS NOT NULL
FROM measurement_release r
JOIN measurement_release e ON e.indicator_id = r.indicator_id AND e.state = 'published'
JOIN measurement_indicatorversion v ON v.id = e.version_id
JOIN measurement_releasecell c ON c.release_id = e.id
JOIN measurement_observation o ON o.initiative_id = r.initiative_id
     AND o.version_id = e.version_id AND o.period_id = c.period_id AND o.place_id = c.place_id
     AND o.stratum_id = c.stratum_id AND o.revision = c.revision
WHERE r.id = %(release)s AND c.period_id = ANY(%(periods)s)
ORDER BY e.published_at, e.id
"""
