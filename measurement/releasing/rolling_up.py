"""Rows of a draft that are added up from others: found, made, taken back.

They are observations like any other, without a file: public tables, later audits and restatements
read them as they read the rest. Whatever writes here needs the lock of the indicator.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, Max, OuterRef
from django.utils.translation import gettext_noop

from ciforum.people.models import Period
from equity.models import Group
from measurement.models.observations import Observation, RolledUp, Stratum
from measurement.protecting import rolling
from measurement.protecting.hierarchy import Groups, Hierarchy, Span
from measurement.protecting.rolling import Counted, Sum
from measurement.releasing import rolled_parts

if TYPE_CHECKING:
    from measurement.models import IndicatorVersion, Release

AGAIN = gettext_noop("Its parts are added up again.")


@dataclass(frozen=True)
class Table:
    """What a draft could add up: the rows of its periods, and of years beside them.

    own: the periods of the draft. pairs: the period of two years → these years; a period below
    zero is not made yet, and its span is in the tree.
    """

    tree: Hierarchy
    rows: list[Counted]
    own: frozenset[int]
    pairs: Mapping[int, tuple[int, int]]

    def sums(self, way: str) -> list[Sum]:
        """What can be added up from these rows in one step."""
        if way == RolledUp.TWO_YEARS:
            return list(rolling.to_two_years(self.rows, self.pairs))
        own = (row for row in self.rows if row.period in self.own)
        return list(rolling.to_parents(self.tree, own))


def table_of(release: Release) -> Table:
    """The rows as they stand now, and the years that could be put together."""
    tree = Hierarchy.of(release.initiative, set())
    own = frozenset(release.periods.values_list("pk", flat=True))
    pairs, spans = _pairs(release, tree, own)
    wanted = {*own, *pairs, *(year for pair in pairs.values() for year in pair)}
    found = _rows(release.version, wanted)
    strata = Hierarchy.of(release.initiative, {row[3] for row in found}).strata
    return Table(
        tree=tree.with_more(strata, spans),
        rows=[
            Counted(pk, period, place, strata[of], *rest) for pk, period, place, of, *rest in found
        ],
        own=own,
        pairs=pairs,
    )


def _pairs(
    release: Release, tree: Hierarchy, own: frozenset[int]
) -> tuple[dict[int, tuple[int, int]], dict[int, Span]]:
    """The period of two years → these years; and the spans of those that are not made yet."""
    standing = _two_years(release.version)
    years = Period.objects.filter(kind__in=rolling.YEARS)
    known = years.filter(pk__in=own) | years.filter(
        pk__in=release.version.published.values("period")
    )
    kinds = dict(known.values_list("pk", "kind"))
    pairs: dict[int, tuple[int, int]] = {}
    spans: dict[int, Span] = {}
    for first, second in rolling.neighbours(tree, kinds, set(own), standing):
        span = (tree.spans[first][0], tree.spans[second][1])
        whole = standing.get(span, -len(pairs) - 1)
        pairs[whole] = (first, second)
        if whole < 0:
            spans[whole] = span
    return pairs, spans


def _two_years(version: IndicatorVersion) -> dict[Span, int]:
    """Spans of two years that have rows of this definition → their periods."""
    rows = Observation.objects.filter(
        initiative=version.initiative_id, version=version, period=OuterRef("pk"), is_current=True
    )
    several = Period.objects.filter(
        Exists(rows), initiative=version.initiative_id, kind=Period.Kind.YEARS
    )
    return {
        (start, end): pk
        for pk, start, end in several.values_list("pk", "start", "end")
        if (end.year - start.year, end.month, end.day) == (2, start.month, start.day)
    }


def _rows(version: IndicatorVersion, periods: Iterable[int]) -> list[tuple]:
    found = Observation.objects.filter(
        initiative=version.initiative_id, version=version, period__in=periods, is_current=True
    )
    return list(
        found.order_by("pk").values_list(
            *("pk", "period", "place", "stratum", "numerator", "denominator"),
            *("denominator_is_derived", "sample_size", "weight", "grade", "se"),
        )
    )


# --- making


def make(release: Release, way: str) -> int:
    """Add up all that can be, step by step; answers how many rows that made."""
    made = 0
    while sums := (table := table_of(release)).sums(way):
        periods = {
            pk: Period.objects.of(release.initiative, Period.Kind.YEARS, *table.tree.spans[pk]).pk
            for pk in {each.period for each in sums}
            if pk < 0
        }
        _write(release.version, sums, periods)
        release.periods.add(*periods.values(), *(each.period for each in sums if each.period > 0))
        made += len(sums)
    return made


def _write(version: IndicatorVersion, sums: list[Sum], periods: Mapping[int, int]) -> None:
    strata = _strata(version, {each.groups for each in sums})
    keyed = {
        (periods.get(each.period, each.period), each.place, strata[each.groups]): each
        for each in sums
    }
    before = _revisions(version, {period for period, _place, _stratum in keyed})
    Observation.objects.bulk_create(
        [
            rolled_parts.row(version, key, each, revision=before.get(key, 0) + 1, reason=AGAIN)
            for key, each in keyed.items()
        ],
        batch_size=1000,
    )


def _strata(version: IndicatorVersion, wanted: set[Groups]) -> dict[Groups, int]:
    groups = Group.objects.select_related("dimension").in_bulk(
        {pk for each in wanted for pk in each}
    )
    return {
        each: Stratum.objects.of(version.initiative, [groups[pk] for pk in each]).pk
        for each in wanted
    }


def _revisions(version: IndicatorVersion, periods: set[int]) -> dict[rolled_parts.Key, int]:
    """How often each number was added up here before."""
    earlier = Observation.objects.filter(
        initiative=version.initiative_id, version=version, period__in=periods, submission=None
    )
    rows = earlier.values_list("period", "place", "stratum").annotate(last=Max("revision"))
    return {(period, place, stratum): last for period, place, stratum, last in rows.order_by()}
