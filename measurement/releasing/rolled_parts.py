"""What was added up and its parts: in line with each other, or to be added up again.

A part that is restated leaves its sum behind: the sum is out of date until it is added up again,
as the next revision. Where a part is gone, a sum that was never released is taken back, and a
released one says that it is withdrawn. Whatever writes here needs the lock of the indicator.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_noop

from ciforum.people import clock
from measurement.models.observations import Grade, Missing, Observation, RolledUp
from measurement.protecting.hierarchy import Groups, Hierarchy
from measurement.protecting.rolling import Counted, Sum, adds_up

if TYPE_CHECKING:
    from measurement.models import IndicatorVersion, Release

Key = tuple[int, int, int]  # period, place, stratum
CHANGED = gettext_noop("Its parts changed.")
GONE = gettext_noop("One of its parts is not counted any more.")
_WEAKNESS = {grade: rank for rank, grade in enumerate(Grade.values)}


def row(
    version: IndicatorVersion, key: Key, found: Sum, *, revision: int, reason: str
) -> Observation:
    """A sum as an observation. reason: kept where it is not the first revision."""
    period, place, stratum = key
    return Observation(
        initiative_id=version.initiative_id,
        version=version,
        period_id=period,
        place_id=place,
        stratum_id=stratum,
        numerator=found.numerator,
        denominator=found.denominator,
        denominator_is_derived=found.is_derived,
        sample_size=found.sample_size,
        weight=found.weight,
        se=found.se,
        grade=max((part.grade for part in found.parts), key=_WEAKNESS.__getitem__),
        revision=revision,
        reason=reason if revision > 1 else "",
        rolled_up=found.way,
        parts=[part.id for part in found.parts],
        approved_at=clock.now(),
    )


def added_up(version: IndicatorVersion) -> QuerySet[Observation]:
    """The current rows of a definition that are added up from others."""
    return Observation.objects.filter(
        initiative=version.initiative_id, version=version, submission=None, is_current=True
    )


def never_released(version: IndicatorVersion) -> QuerySet[Observation]:
    """Those of which no revision was ever public, hidden or not: they can be taken back."""
    cells = apps.get_model("measurement", "ReleaseCell").objects.filter(
        initiative=OuterRef("initiative"),
        release__version=OuterRef("version"),
        period=OuterRef("period"),
        place=OuterRef("place"),
        stratum=OuterRef("stratum"),
    )
    return added_up(version).exclude(Exists(cells))


def take_back(release: Release, way: str = "") -> int:
    """Rows added up for this draft are current no more, nor is what was added up of them.

    way: only those of one way. Answers how many rows of that way; periods without a row go.
    """
    chosen = never_released(release.version)
    taken = (chosen.filter(rolled_up=way) if way else chosen).update(is_current=False)
    renew(release.version)
    rows = Observation.objects.filter(
        initiative=release.initiative_id,
        version=release.version_id,
        period=OuterRef("pk"),
        is_current=True,
    )
    release.periods.remove(*release.periods.exclude(Exists(rows)))
    return taken


def is_outdated(release: Release) -> bool:
    """True while a sum in the release is not what its parts make now."""
    return bool(_outdated(release.version, release.periods.values_list("pk", flat=True)))


def renew(version: IndicatorVersion) -> None:
    """Add up again whatever is out of date; what is added up of that follows."""
    while _renew_once(version):
        pass


# --- finding out what is out of date


def _outdated(version: IndicatorVersion, periods: Iterable[int] | None = None) -> set[int]:
    """Ids of sums with a part that is replaced, or that is one of more parts by now."""
    params = {
        "initiative": version.initiative_id,
        "version": version.pk,
        "periods": None if periods is None else list(periods),
    }
    with connection.cursor() as cursor:
        cursor.execute(_REPLACED, params)
        found = {pk for (pk,) in cursor.fetchall()}
        cursor.execute(_FAMILIES, params)
        families = cursor.fetchall()
    if families:
        strata = {pk for whole, part, _parts, _rows in families for pk in (whole, part)}
        tree = Hierarchy.of(version.initiative, strata)
        for whole, part, parts, rows in families:
            if len(_below(tree, tree.strata[whole], tree.strata[part])) != parts:
                found.update(rows)
    return found


def _below(tree: Hierarchy, whole: Groups, part: Groups) -> list[Groups]:
    """All parts of a whole, of which one is given."""
    (parent,) = whole - part
    return [whole - {parent} | {group} for group in tree.parts[parent]]


# --- adding up again


@dataclass(frozen=True)
class _Now:
    """The trees and the current rows around some sums."""

    tree: Hierarchy
    rows: dict[Key, Observation]
    earlier: dict[int, Observation]

    @classmethod
    def around(cls, version: IndicatorVersion, sums: list[Observation]) -> _Now:
        earlier = Observation.objects.in_bulk({pk for each in sums for pk in each.parts or ()})
        near = [*sums, *earlier.values()]
        rows = Observation.objects.filter(
            initiative=version.initiative_id,
            version=version,
            is_current=True,
            period__in={each.period_id for each in near},
            place__in={each.place_id for each in sums},
        )
        current = {_key(each): each for each in rows}
        strata = {stratum for _period, _place, stratum in current}
        strata |= {each.stratum_id for each in near}
        return cls(Hierarchy.of(version.initiative, strata), current, earlier)

    def parts(self, of: Observation) -> list[Key]:
        """Where its parts stand. A group that nobody counts stands nowhere: stratum 0."""
        earlier = [self.earlier[pk] for pk in of.parts or ()]
        if of.rolled_up == RolledUp.TWO_YEARS:
            return [(each.period_id, of.place_id, of.stratum_id) for each in earlier]
        strata = {groups: pk for pk, groups in self.tree.strata.items()}
        whole, part = (self.tree.strata[pk] for pk in (of.stratum_id, earlier[0].stratum_id))
        return [
            (of.period_id, of.place_id, strata.get(groups, 0))
            for groups in _below(self.tree, whole, part)
        ]

    def sum(self, of: Observation) -> Sum | None:
        """What its parts make now; None where one of them is not counted."""
        found = [self.rows[key] for key in self.parts(of) if key in self.rows]
        parts = tuple(_counted(each, self.tree.strata[each.stratum_id]) for each in found)
        if len(parts) < len(self.parts(of)) or not adds_up(parts):
            return None
        groups = self.tree.strata[of.stratum_id]
        return Sum(RolledUp(of.rolled_up), of.period_id, of.place_id, groups, parts)


def _key(of: Observation) -> Key:
    return of.period_id, of.place_id, of.stratum_id


def _counted(of: Observation, groups: Groups) -> Counted:
    return Counted(
        *(of.pk, of.period_id, of.place_id, groups, of.numerator, of.denominator),
        *(of.denominator_is_derived, of.sample_size, of.weight, of.grade, of.se),
    )


def _renew_once(version: IndicatorVersion) -> bool:
    """Whatever rests on rows that stay as they are; answers whether anything changed."""
    known = added_up(version)
    waiting = list(known.filter(pk__in=_outdated(version)) | known.exclude(missing=""))
    if not waiting:
        return False
    now = _Now.around(version, waiting)
    sums = {each: now.sum(each) for each in waiting}
    # A sum that is withdrawn stays so while a part of it is gone.
    moving = {each: found for each, found in sums.items() if found or not each.missing}
    keys = {_key(each) for each in moving}
    ready = {each: found for each, found in moving.items() if keys.isdisjoint(now.parts(each))}
    _replace(version, ready)
    return bool(ready)


def _replace(version: IndicatorVersion, sums: dict[Observation, Sum | None]) -> None:
    ids = {each.pk for each in sums}
    unreleased = set(never_released(version).filter(pk__in=ids).values_list("pk", flat=True))
    Observation.objects.filter(pk__in=ids).update(is_current=False)
    Observation.objects.bulk_create(
        [
            row(version, _key(each), found, revision=each.revision + 1, reason=CHANGED)
            if found
            else _withdrawn(each)
            for each, found in sums.items()
            if found or each.pk not in unreleased
        ],
        batch_size=1000,
    )


def _withdrawn(of: Observation) -> Observation:
    """The next revision of a released sum of which a part is gone."""
    return Observation(
        initiative_id=of.initiative_id,
        version_id=of.version_id,
        period_id=of.period_id,
        place_id=of.place_id,
        stratum_id=of.stratum_id,
        missing=Missing.WITHDRAWN,
        revision=of.revision + 1,
        reason=GONE,
        rolled_up=of.rolled_up,
        parts=of.parts,
        approved_at=clock.now(),
    )


_SUMS = """
    o.initiative_id = %(initiative)s AND o.version_id = %(version)s AND o.is_current
    AND o.submission_id IS NULL AND o.missing = ''
    AND (%(periods)s::bigint[] IS NULL OR o.period_id = ANY(%(periods)s))
"""

_REPLACED = f"""
SELECT o.id FROM measurement_observation o
WHERE {_SUMS} AND EXISTS (
    SELECT 1 FROM measurement_observation part
    WHERE part.id = ANY(o.parts) AND NOT part.is_current
)
"""  # noqa: S608 - made of constants

# Sums of one group by one of its parts and how many there are: few, however many rows.
_FAMILIES = f"""
SELECT o.stratum_id, part.stratum_id, cardinality(o.parts), array_agg(o.id)
FROM measurement_observation o JOIN measurement_observation part ON part.id = o.parts[1]
WHERE {_SUMS} AND o.rolled_up = 'parent'
GROUP BY o.stratum_id, part.stratum_id, cardinality(o.parts)
"""  # noqa: S608 - made of constants
