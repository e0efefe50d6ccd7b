"""Which cells of a release to hide: builds the table for `suppression` and reads its answer back.

A row (one stratum, place and period) has up to three cells: x, the people counted; n, all of
them; c, the others (n − x). They are linked: n = x + c; a stratum is the sum of its parts along
every exclusive dimension; a place is the sum of its parts; a span of years is the sum of its
years. Where known parts do not add up to their total, the rest is a cell as well. Everything an
earlier release printed for the same or overlapping periods is known to the reader for good.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.db import connection

from equity.models import Dimension
from measurement.models.observations import Observation, StratumGroup
from measurement.suppression import Unprotectable, protect

if TYPE_CHECKING:
    from measurement.models import Release

Relation = tuple[str, tuple[str, ...]]
# Hiding what is never printed (a rest, a superseded count) costs next to nothing.
FREE = 0.001


@dataclass(frozen=True)
class Protection:
    """What to hide in a release. `hidden`: [period, place, stratum, hide x, hide n] by id."""

    state: str  # sound | impossible
    threshold: int
    fingerprint: str
    rows: int = 0
    small: int = 0
    others: int = 0
    hidden: list[list[Any]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Protection:
        return cls(**data)

    def summary(self) -> dict[str, Any]:
        """For the ledger and the page: counts only, never which cell was hidden for which reason."""
        return {
            "state": self.state,
            "threshold": self.threshold,
            "rows": self.rows,
            "hidden": len(self.hidden),
        }

    def without_names(self) -> Protection:
        """What may be kept once the release is out: the cells say themselves what is hidden."""
        return replace(self, hidden=[], small=0, others=0)


@dataclass(frozen=True, slots=True)
class Row:
    """One observation in one vintage of the table. `printed`: what earlier releases show of it."""

    period: int
    place: int
    stratum: int
    revision: int
    numerator: int | None
    denominator: int | None
    is_derived: bool
    x_printed: bool = False
    n_printed: bool = False

    def name(self, what: str) -> str:
        return f"{what}|{self.period}|{self.place}|{self.stratum}|{self.revision}"


def fingerprint(release: Release) -> str:
    """Changes when an observation, an earlier release or the set of periods changes."""
    with connection.cursor() as cursor:
        cursor.execute(_FINGERPRINT, {"release": release.pk})
        seen = cursor.fetchone()[0]
    return hashlib.sha256(seen.encode()).hexdigest()


def protect_release(
    release: Release, threshold: int, *, progress: Callable[[float], None]
) -> Protection:
    """Find the cells to hide. Takes no lock: the fingerprint tells whether it still holds."""
    seen = fingerprint(release)
    rows = current_rows(release)
    earlier = earlier_rows(release)
    tree = Tree.of(release)
    hidden: set[str] = set()
    state = "sound"
    clusters = tree.clusters({row.period for row in [*rows, *earlier]})
    for index, periods in enumerate(clusters):
        table = Table(tree, release.version.measure == "proportion")
        for vintage in vintages(rows, earlier, periods):
            table.add(vintage)
        try:
            hidden |= table.solve(threshold)
        except Unprotectable:
            state = "impossible"
        progress(100 * (index + 1) / len(clusters))
    return _summary(state, threshold, seen, rows, hidden)


def _summary(
    state: str, threshold: int, seen: str, rows: list[Row], hidden: set[str]
) -> Protection:
    kept = []
    for row in rows:
        x, n, c = (row.name(what) in hidden for what in "xnc")
        if x or n or c:
            # A denominator worked out from the count would give the hidden count away.
            kept.append(
                [row.period, row.place, row.stratum, x or (c and not n), n or row.is_derived]
            )
    return Protection(
        state=state, threshold=threshold, fingerprint=seen, rows=len(rows), hidden=kept
    )


def current_rows(release: Release) -> list[Row]:
    found = (
        Observation.objects.filter(
            initiative=release.initiative_id, version=release.version_id, is_current=True
        )
        .filter(period__in=release.periods.all())
        .values_list(
            *("period", "place", "stratum", "revision", "numerator", "denominator"),
            "denominator_is_derived",
        )
    )
    return [Row(*values) for values in found]


def earlier_rows(release: Release) -> list[list[Row]]:
    """What each earlier release of this definition shows of periods that overlap, with the truth."""
    with connection.cursor() as cursor:
        cursor.execute(_EARLIER, {"release": release.pk})
        by_release: dict[int, list[Row]] = defaultdict(list)
        for number, *values in cursor.fetchall():
            by_release[number].append(Row(*values))
    return list(by_release.values())


def vintages(
    rows: list[Row], earlier: list[list[Row]], periods: frozenset[int]
) -> Iterable[list[Row]]:
    """The table as it would be now, then as each earlier release has it; within these periods."""
    for table in earlier:
        if inside := [row for row in table if row.period in periods]:
            yield inside
    newest = {}
    for table in [*earlier, rows]:
        newest.update({(row.period, row.place, row.stratum): row for row in table})
    yield [row for row in newest.values() if row.period in periods]


@dataclass(frozen=True)
class Tree:
    """What is part of what: groups, places and periods, by id."""

    groups: dict[int, frozenset[int]]  # stratum → its groups
    strata: dict[frozenset[int], int]
    exclusive: dict[int, tuple[int, int | None]]  # group → (dimension, parent group)
    places: dict[int, int | None]
    spans: dict[int, tuple[Any, Any]]

    @classmethod
    def of(cls, release: Release) -> Tree:
        initiative = release.initiative
        members: dict[int, set[int]] = {
            pk: set()
            for pk in Observation.objects.filter(version=release.version_id)
            .values_list("stratum", flat=True)
            .distinct()
        }
        exclusive = {}
        for stratum, group, kind, dimension, parent in StratumGroup.objects.filter(
            stratum__in=members
        ).values_list("stratum", "group", "dimension__kind", "dimension", "group__parent"):
            members[stratum].add(group)
            if kind == Dimension.Kind.EXCLUSIVE:
                exclusive[group] = (dimension, parent)
        place = initiative._meta.get_field("place").related_model
        period = release.periods.model
        groups = {pk: frozenset(inside) for pk, inside in members.items()}
        return cls(
            groups=groups,
            strata={inside: pk for pk, inside in groups.items()},
            exclusive=exclusive,
            places=dict(place.objects.filter(initiative=initiative).values_list("pk", "parent")),
            spans={
                pk: (start, end)
                for pk, start, end in period.objects.filter(initiative=initiative).values_list(
                    "pk", "start", "end"
                )
            },
        )

    def wholes_of(self, stratum: int) -> Iterable[tuple[int, int]]:
        """(the stratum this one is a part of, what it is split by) for every exclusive group."""
        inside = self.groups[stratum]
        for group in inside:
            if group not in self.exclusive:
                continue
            dimension, parent = self.exclusive[group]
            rest = inside - {group}
            whole = self.strata.get(rest | {parent} if parent else rest)
            if whole is not None:
                yield whole, -(parent or 0) or dimension

    def clusters(self, periods: set[int]) -> list[frozenset[int]]:
        """Periods that overlap in time belong together; others share no count."""
        groups: list[set[int]] = []
        last = None
        for pk in sorted(periods, key=lambda pk: self.spans[pk]):
            start, end = self.spans[pk]
            if last is not None and start < last:
                groups[-1].add(pk)
                last = max(last, end)
            else:
                groups.append({pk})
                last = end
        return [frozenset(group) for group in groups]

    def splits(self, periods: Iterable[int]) -> list[tuple[int, list[int]]]:
        """(a period, the shorter ones that fill it without a gap)."""
        known = sorted(periods, key=lambda pk: self.spans[pk])
        found = []
        for whole in known:
            start, end = self.spans[whole]
            inside = [
                pk
                for pk in known
                if pk != whole and start <= self.spans[pk][0] and self.spans[pk][1] <= end
            ]
            chain = _chain(inside, self.spans, start, end)
            if len(chain) > 1:
                found.append((whole, chain))
        return found


def _chain(inside: list[int], spans: dict[int, tuple[Any, Any]], start: Any, end: Any) -> list[int]:
    """Periods that follow each other from start to end, the longest steps first; [] if none."""
    chain = []
    while start < end:
        steps = [pk for pk in inside if spans[pk][0] == start]
        if not steps:
            return []
        step = max(steps, key=lambda pk: spans[pk][1])
        chain.append(step)
        start = spans[step][1]
    return chain


class Table:
    """Cells, relations, what is known already and what hiding costs, for `suppression.protect`."""

    def __init__(self, tree: Tree, has_others: bool) -> None:
        self.tree = tree
        self.has_others = has_others
        self.cells: dict[str, int] = {}
        self.relations: dict[Relation, None] = {}
        self.known: dict[str, int] = {}
        self.unprinted: set[str] = set()
        self.stand_ins: dict[str, str] = {}

    def add(self, rows: Sequence[Row]) -> None:
        """One vintage: its cells and how they are linked."""
        for row in rows:
            self._add_row(row)
        by_key = {(row.period, row.place, row.stratum): row for row in rows}
        for whole, parts in self._sums(by_key):
            self._link("x", whole, parts)
            if not any(row.is_derived for row in (whole, *parts)):
                self._link("n", whole, parts)

    def _add_row(self, row: Row) -> None:
        if row.numerator is None:
            return
        self.cells[row.name("x")] = row.numerator
        if row.x_printed:
            self.known[row.name("x")] = row.numerator
        if row.denominator is None:
            return
        self.cells[row.name("n")] = row.denominator
        if row.n_printed:
            self.known[row.name("n")] = row.denominator
        if self.has_others and row.denominator >= row.numerator:
            self.cells[row.name("c")] = row.denominator - row.numerator
            if row.x_printed and row.n_printed:
                self.known[row.name("c")] = row.denominator - row.numerator
            self.relations[(row.name("n"), (row.name("x"), row.name("c")))] = None

    def _sums(self, rows: dict[tuple[int, int, int], Row]) -> Iterable[tuple[Row, list[Row]]]:
        """Every total of this vintage with its parts: by group, by place, by time."""
        parts: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for (period, place, stratum), row in rows.items():
            for whole, split in self.tree.wholes_of(stratum):
                parts[(period, place, whole), "group", split].append(row)
            if outer := self.tree.places.get(place):
                parts[(period, outer, stratum), "place", 0].append(row)
        for (key, *_split), inside in parts.items():
            if key in rows:
                yield rows[key], inside
        yield from self._sums_over_time(rows)

    def _sums_over_time(
        self, rows: dict[tuple[int, int, int], Row]
    ) -> Iterable[tuple[Row, list[Row]]]:
        for whole, steps in self.tree.splits({period for period, _place, _stratum in rows}):
            for (period, place, stratum), row in rows.items():
                inside = [rows.get((step, place, stratum)) for step in steps]
                if period == whole and all(inside):
                    yield row, [part for part in inside if part]

    def _link(self, what: str, whole: Row, parts: list[Row]) -> None:
        names = [row.name(what) for row in parts if row.name(what) in self.cells]
        total = whole.name(what)
        if total not in self.cells or not names:
            return
        rest = self.cells[total] - sum(self.cells[name] for name in names)
        if rest > 0:
            other = f"rest|{total}|{'+'.join(sorted(names))}"
            self.cells[other] = rest
            self.unprinted.add(other)
            names.append(other)
        elif rest < 0:
            # The parts exceed their total, so some count is off. What protects them is the total
            # they ought to have; it is hidden together with the one that is printed.
            ought = f"sum|{total}|{'+'.join(sorted(names))}"
            self.cells[ought] = self.cells[total] - rest
            self.stand_ins[ought] = total
            total = ought
        self.relations[(total, tuple(sorted(names)))] = None

    def solve(self, threshold: int) -> frozenset[str]:
        """The names to hide. Raises Unprotectable."""
        whole = sum(self.cells.values()) + 1
        cost = {
            name: FREE if name in self.unprinted else 1 + value / whole
            for name, value in self.cells.items()
        }
        hidden = protect(
            self.cells,
            list(self.relations),
            threshold=threshold,
            earlier=self.known,
            cost=cost,
        )
        return hidden | {self.stand_ins[name] for name in hidden if name in self.stand_ins}


_FINGERPRINT = """
SELECT coalesce((
    SELECT string_agg(o.id::text, ',' ORDER BY o.id)
    FROM measurement_observation o
    JOIN measurement_release_periods rp ON rp.period_id = o.period_id AND rp.release_id = r.id
    WHERE o.initiative_id = r.initiative_id AND o.version_id = r.version_id AND o.is_current
), '') || '/' || coalesce((
    SELECT string_agg(e.id::text, ',' ORDER BY e.id) FROM measurement_release e
    WHERE e.version_id = r.version_id AND e.state = 'published'
), '')
FROM measurement_release r WHERE r.id = %(release)s
"""

_EARLIER = """
SELECT e.id, c.period_id, c.place_id, c.stratum_id, c.revision, o.numerator, o.denominator,
       o.denominator_is_derived, c.numerator IS NOT NULL, c.denominator IS NOT NULL
FROM measurement_release r
JOIN measurement_release e ON e.version_id = r.version_id AND e.state = 'published'
JOIN measurement_releasecell c ON c.release_id = e.id
JOIN people_period p ON p.id = c.period_id
JOIN measurement_observation o ON o.initiative_id = r.initiative_id
     AND o.version_id = r.version_id AND o.period_id = c.period_id AND o.place_id = c.place_id
     AND o.stratum_id = c.stratum_id AND o.revision = c.revision
WHERE r.id = %(release)s AND EXISTS (
    SELECT 1 FROM measurement_release_periods rp JOIN people_period mine ON mine.id = rp.period_id
    WHERE rp.release_id = r.id AND mine.start < p."end" AND p.start < mine."end"
)
ORDER BY e.number
"""
