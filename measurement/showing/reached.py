"""How far everyone and each group is, read from released cells and handed down to a goal.

Only what anybody can read is read here: what a release hides comes down as "protected", a rate
that nobody should rely on as "unreliable".
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from agenda.models import GroupDistance
from equity.models import Group
from measurement.models.indicators import Direction, Measure
from measurement.showing.cell import Cell
from measurement.showing.home import home_of
from measurement.showing.judging import judge
from measurement.showing.kept_back import KeptBack
from measurement.showing.series import Series

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agenda.models import Goal
    from measurement.models.indicators import IndicatorVersion
    from measurement.models.releases import Published, ReleaseCell

# What a goal keeps: the number or None, why there is none, and the release it stands in.
Reached = tuple[Decimal | None, str, Any]
FOUR_PLACES = Decimal("0.0001")


def write(goal: Goal, version: IndicatorVersion) -> None:
    """Keep the distances of the newest published period with the goal. The caller holds the locks.

    Everyone and single groups, at the initiative's own place; crossings of groups are left out.
    """
    pointer = _newest(version)
    if pointer is None:
        return
    numbers = _numbers(goal, version, _cells(goal, pointer))
    GroupDistance.keep(goal, pointer.period, version.direction == Direction.UP, numbers)


def write_all(goal: Goal, version: IndicatorVersion) -> None:
    """Keep the distances of every published period anew: what may be read of them has changed."""
    for pointer in version.published.select_related("period", "release"):
        numbers = _numbers(goal, version, _cells(goal, pointer))
        GroupDistance.keep(goal, pointer.period, version.direction == Direction.UP, numbers)


def _newest(version: IndicatorVersion) -> Published | None:
    """The last period that is public; of several that end together, the longest."""
    pointers = version.published.select_related("period", "release")
    return pointers.order_by("-period__end", "period__start", "pk").first()


def _cells(goal: Goal, pointer: Published) -> list[ReleaseCell]:
    cells = list(
        pointer.release.cells.filter(period=pointer.period_id)
        .select_related("place", "period", "release__version")
        .prefetch_related("stratum__members__group", "stratum__members__dimension")
    )
    places = sorted({cell.place for cell in cells}, key=lambda place: (place.name, place.pk))
    home = home_of(goal.initiative, places)
    return [cell for cell in cells if home and cell.place_id == home.pk]


def _numbers(
    goal: Goal, version: IndicatorVersion, cells: Iterable[ReleaseCell]
) -> dict[Group | None, Reached]:
    groups = _groups(goal)
    kept_back = KeptBack.of(version.indicator)
    found: dict[Group | None, Reached] = {}
    for cell in cells:
        members = cell.stratum.members.all()
        if not members:
            found[None] = _reached(cell, version)
        elif len(members) == 1 and (
            group := groups.get((members[0].dimension.code, members[0].group.code))
        ):
            is_kept = kept_back.hides([members[0].dimension.code], cell.release)
            found[group] = _reached(cell, version, is_kept=is_kept)
    return found


def _groups(goal: Goal) -> dict[tuple[str, str], Group]:
    """The groups of today under their codes, as `shown` knows them over all versions."""
    current = Group.objects.for_initiative(goal.initiative).filter(dimension__retired_at=None)
    return {
        (group.dimension.code, group.code): group for group in current.select_related("dimension")
    }


def _reached(row: ReleaseCell, version: IndicatorVersion, *, is_kept: bool = False) -> Reached:
    cell = Cell.of(row, row.release, Series())
    if is_kept and not cell.missing:
        return None, "protected", row.release.uid
    if cell.value is None:
        return None, "protected" if cell.is_protected else cell.missing or "none", row.release.uid
    (found,) = judge([cell])
    if version.measure != Measure.COUNT and not found.is_shown:
        return None, "unreliable", row.release.uid
    return Decimal(cell.value).quantize(FOUR_PLACES), "", row.release.uid
