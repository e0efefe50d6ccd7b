"""Which cells of a release to hide: gathers what readers know, and reads the answer back.

The table is protected together with everything that earlier releases of the indicator, of any
definition, and releases of its siblings show of the same or overlapping periods: what is printed
once is known for good. `linked_table` says how its cells hang together, `suppression` which of
them to hide.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.db import connection

from equity.models import Policy
from measurement.models.observations import Observation
from measurement.protecting.hierarchy import Groups, Hierarchy, Span
from measurement.protecting.linked_table import LinkedTable, Row
from measurement.protecting.samples import bare_periods
from measurement.protecting.siblings import (
    Declared,
    released_beside,
    sibling_periods,
    sibling_rows,
    siblings,
)
from measurement.protecting.strictness import Range, Rules
from measurement.releasing import authority
from measurement.suppression import Unprotectable

if TYPE_CHECKING:
    from measurement.models import Release


@dataclass(frozen=True)
class Protection:
    """What to hide in a release.

    state: sound, or impossible where no safe table exists. hidden: [period, place, stratum,
    hide x, hide n] by id. open_periods: the periods, by id, that cannot be made safe.
    rules: what it was protected by, with the preset's name and version. beside: releases of other
    indicators, by id, that were looked at. bare: periods that show no sample sizes and weights of
    groups; all_bare: none at all. withheld: strata, by id, that councils of their groups keep.
    """

    state: str
    threshold: int
    fingerprint: str
    rows: int = 0
    hidden: list[list[Any]] = field(default_factory=list)
    open_periods: list[int] = field(default_factory=list)
    rules: dict[str, Any] = field(default_factory=dict)
    beside: list[int] = field(default_factory=list)
    bare: list[int] = field(default_factory=list)
    all_bare: list[int] = field(default_factory=list)
    withheld: list[int] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Protection:
        return cls(**data)

    def summary(self) -> dict[str, Any]:
        """For the ledger and the page: counts only, never which cell was hidden and why."""
        preset = {name: self.rules[name] for name in ("preset", "version") if self.rules.get(name)}
        return {
            "state": self.state,
            "threshold": self.threshold,
            "rows": self.rows,
            "hidden": len(self.hidden),
            **preset,
        }

    def without_names(self) -> Protection:
        """What may be kept once the release is out: the cells say themselves what is hidden."""
        return replace(self, hidden=[], beside=[], withheld=[])


def rules_of(policy: Policy) -> Rules:
    """What the initiative protects small groups by now."""
    return Rules(
        small_count=policy.small_count,
        population=policy.smallest_population,
        next_smallest=bool(policy.next_smallest),
        totals=bool(policy.hide_totals),
        zeros=bool(policy.hide_zeros),
        unanimous=bool(policy.hide_unanimous),
        extremes=bool(policy.hide_extremes),
        reliable_count=policy.reliable_count,
        preset=policy.protection_preset,
        version=policy.protection_preset_version,
    )


def still_holds(release: Release, found: Protection) -> bool:
    """True while nothing it looked at has moved: numbers, trees, rules, words, siblings' releases.

    The smallest count is left to the gate, which says so in a sentence of its own.
    """
    now = rules_of(Policy.of(release.initiative))
    then = Rules.from_json({**found.rules, "small_count": now.small_count})
    if then != now or found.fingerprint != fingerprint(release):
        return False
    if set(found.withheld) != authority.withheld(release):
        return False
    return not siblings(release, released_beside(release) - set(found.beside))


def fingerprint(release: Release) -> str:
    """Changes with an observation, an earlier release, the periods, what is part of what, or what
    was declared of siblings.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FINGERPRINT, {"release": release.pk})
        seen = "/".join(part or "" for part in cursor.fetchone())
    seen += f"/{Declared.around(release.indicator)}"
    return hashlib.sha256(seen.encode()).hexdigest()


def protect_release(
    release: Release, rules: Rules, *, progress: Callable[[float], None]
) -> Protection:
    """Find the cells to hide. Takes no lock: `still_holds` tells whether it still holds.

    progress: called with 0 to 100.
    """
    seen = fingerprint(release)
    rows = current_rows(release)
    known = gather(release, rows)
    kept = authority.withheld(release)
    hidden, unsafe = search(release, rows, known, rules, progress=progress)
    bare, all_bare = bare_periods(release, known.clusters, hidden, rules.small_count)
    return Protection(
        state="impossible" if unsafe else "sound",
        threshold=rules.small_count,
        fingerprint=seen,
        rows=len(rows),
        hidden=hidden,
        open_periods=sorted(unsafe),
        rules=rules.to_json(),
        beside=sorted(known.releases),
        bare=sorted(bare),
        all_bare=sorted(all_bare),
        withheld=sorted(kept),
    )


def search(
    release: Release,
    rows: list[Row],
    known: Known,
    rules: Rules,
    *,
    progress: Callable[[float], None],
) -> tuple[list[list[Any]], set[int]]:
    """What to hide of these rows, as in `Protection.hidden`, and the periods without a safe table.

    progress: called with 0 to 100.
    """
    burden = burdens(release)
    kept = authority.withheld(release)
    hidden: list[list[Any]] = []
    unsafe: set[int] = set()
    done = 0
    for periods in known.clusters:
        fresh = [row for row in rows if row.period in periods]
        table = known.table(fresh, periods)
        table.burden, table.withheld = burden, kept
        try:
            names = table.solve(rules, _part(progress, done, len(fresh), len(rows)))
            if kept:
                names |= _as_if_new(known, fresh, periods, kept, rules)
        except Unprotectable:
            unsafe |= {row.period for row in fresh}
            continue
        finally:
            done += len(fresh)
        found = _hide(table, fresh, names)
        burden.update(_sacrificed(table, fresh, found, table.wishes(rules)))
        hidden += found
    progress(100)
    return hidden, unsafe


def _as_if_new(
    known: Known, rows: list[Row], periods: frozenset[int], kept: set[int], rules: Rules
) -> frozenset[str]:
    """What keeps these strata hidden in this table alone, though earlier ones have shown them.

    Nobody can make a printed number unknown; but whoever reads the newest table alone must not
    work out from it what a council keeps. Raises Unprotectable.
    """
    own = {row.period for row in rows}
    others = [[row for row in old if row.period in periods - own] for old in known.earlier]
    table = linked(known.tree, rows, [old for old in others if old])
    table.withheld = kept
    return table.solve(rules, lambda share: None)


def _part(
    progress: Callable[[float], None], done: int, part: int, of: int
) -> Callable[[float], None]:
    """Tell how far the whole is, from how far (0 to 1) one of its parts is."""
    return lambda share: progress(100 * (done + share * part) / of)


@dataclass(frozen=True)
class Known:
    """What readers know, or will, beside the rows of a release.

    clusters: sets of periods that overlap in time. earlier: this indicator's releases. beside:
    those of its siblings, each with the threshold it was protected by. releases: every release
    that was looked at for siblings. nested: (inner, outer) families whose numerators are part of
    one another.
    """

    tree: Hierarchy
    clusters: list[frozenset[int]]
    earlier: list[list[Row]]
    beside: list[tuple[int, list[Row]]]
    releases: set[int]
    nested: frozenset[tuple[int, int]] = frozenset()

    def table(self, rows: list[Row], periods: frozenset[int]) -> LinkedTable:
        """All of these periods in one table."""
        return linked(
            self.tree,
            rows,
            [[row for row in old if row.period in periods] for old in self.earlier],
            [(limit, [r for r in old if r.period in periods]) for limit, old in self.beside],
            self.nested,
        )


def gather(
    release: Release,
    rows: list[Row],
    strata: Mapping[int, Groups] = {},
    spans: Mapping[int, Span] = {},
) -> Known:
    """The trees, the clusters of periods this release touches, and what is public in them.

    strata, spans: of rows that are only thought of.
    """
    shown = set(
        release.indicator.releases.filter(state="published").values_list("periods", flat=True)
    )
    others = released_beside(release)
    found = siblings(release, others)
    shown |= sibling_periods(found, others)
    families = [release.indicator_id, *(sibling.indicator for sibling in found)]
    counted = set(
        Observation.objects.filter(version__indicator__in=families)
        .values_list("stratum", flat=True)
        .distinct()
    )
    tree = Hierarchy.of(release.initiative, counted).with_more(strata, spans)
    own = {row.period for row in rows}
    clusters = [each for each in tree.clusters(own | (shown - {None})) if each & own]
    periods = set().union(*clusters)
    return Known(
        tree=tree,
        clusters=clusters,
        earlier=earlier_rows(release, periods),
        beside=sibling_rows(release, found, periods),
        releases=others,
        nested=_nested(release, families),
    )


def _nested(release: Release, families: list[int]) -> frozenset[tuple[int, int]]:
    """(inner, outer) families of which one is this indicator's own, 0."""
    own = release.indicator_id
    return frozenset(
        (0 if inner == own else inner, 0 if outer == own else outer)
        for inner, outer in Declared.around(release.indicator).nested
        if own in (inner, outer) and {inner, outer} <= {*families}
    )


def linked(
    tree: Hierarchy,
    rows: list[Row],
    earlier: list[list[Row]],
    beside: Sequence[tuple[int, list[Row]]] = (),
    nested: Iterable[tuple[int, int]] = (),
) -> LinkedTable:
    """Each sibling's and each earlier release as it stands, then the public table as of now."""
    table = LinkedTable(tree)
    for limit, old in beside:
        table.add(old, is_new=False, limit=limit)
    newest = {}
    for old in earlier:
        table.add(old, is_new=False)
        newest.update({(row.period, row.place, row.stratum): row for row in old})
    table.add(rows, is_new=True)
    newest.update({(row.period, row.place, row.stratum): row for row in rows})
    if earlier:
        table.add(list(newest.values()), is_new=False)
    for inner, outer in nested:
        table.nest(inner, outer)
    return table


def _hide(table: LinkedTable, rows: Iterable[Row], names: frozenset[str]) -> list[list[Any]]:
    found = []
    for row in rows:
        is_kept = row.stratum in table.withheld
        x, n = (
            row.value(what) is not None and (is_kept or table.name(what, row) in names)
            for what in "xn"
        )
        if x or n:
            # A denominator worked out from the count would give the hidden count away.
            found.append([row.period, row.place, row.stratum, x, n or row.is_derived])
    return found


def _sacrificed(
    table: LinkedTable, rows: Iterable[Row], hidden: Iterable[list[Any]], wishes: dict[str, Range]
) -> Counter[tuple[int, int]]:
    """Place and stratum of rows that are hidden though nothing in them is small."""
    keys = {tuple(key[:3]) for key in hidden}
    return Counter(
        (row.place, row.stratum)
        for row in rows
        if (row.period, row.place, row.stratum) in keys
        and not any(table.name(what, row) in wishes for what in "xnc")
    )


def burdens(release: Release) -> Counter[tuple[int, int]]:
    """How often a place and stratum was hidden only to protect others, in earlier releases."""
    with connection.cursor() as cursor:
        cursor.execute(_BURDENS, {"release": release.pk})
        return Counter({(place, stratum): times for place, stratum, times in cursor.fetchall()})


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

_BURDENS = """
SELECT c.place_id, c.stratum_id, count(*)
FROM measurement_release r
JOIN measurement_release e ON e.indicator_id = r.indicator_id AND e.state = 'published'
JOIN measurement_indicatorversion v ON v.id = e.version_id
JOIN measurement_releasecell c ON c.release_id = e.id AND c.is_protected
JOIN measurement_observation o ON o.initiative_id = r.initiative_id
     AND o.version_id = e.version_id AND o.period_id = c.period_id AND o.place_id = c.place_id
     AND o.stratum_id = c.stratum_id AND o.revision = c.revision
CROSS JOIN LATERAL (SELECT coalesce((e.protected->>'threshold')::int, 1) - 1 AS most) small
WHERE r.id = %(release)s
  AND NOT coalesce(o.numerator BETWEEN 1 AND small.most, false)
  AND NOT coalesce(o.denominator BETWEEN 1 AND small.most, false)
  AND NOT coalesce(v.measure = 'proportion'
                   AND o.denominator - o.numerator BETWEEN 1 AND small.most, false)
GROUP BY c.place_id, c.stratum_id
"""
