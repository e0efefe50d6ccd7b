"""A draft's table as everybody would see it: hidden cells are hidden here too."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ciforum.people.models import Period, Place
from measurement.protecting.protection import Protection
from measurement.showing.home import home_of
from measurement.showing.judging import judge
from measurement.showing.shown import Cell, Unknown, series_of

if TYPE_CHECKING:
    from measurement.models import Release
    from measurement.showing.precision import Precision
    from measurement.showing.series import Series


@dataclass(frozen=True)
class Rehearsal:
    """What a draft would show at one place, newest period first."""

    place: Place | None
    places: list[Place]
    periods: list[tuple[Period, list[Cell]]]

    @property
    def cells(self) -> list[Cell]:
        return [cell for _period, cells in self.periods for cell in cells]

    @cached_property
    def _precise(self) -> dict[tuple[Period, Series], Precision]:
        known = [cell for cell in self.cells if cell.value is not None]
        return {
            (cell.period, cell.series): found
            for cell, found in zip(known, judge(known), strict=True)
        }

    def precision(self, cell: Cell) -> Precision | None:
        """As `Derived.precision`: None where there is no number."""
        return self._precise.get((cell.period, cell.series))


def rehearse(release: Release, place_code: str = "") -> Rehearsal:
    """The draft as protected. Raises Unknown for a place it does not have.

    Only for a protection that still holds: see `Release.protection`.
    """
    rows = release.observations()
    places = list(Place.objects.filter(pk__in=rows.values("place")).order_by("name", "pk"))
    place = _place(release, places, place_code)
    found = Protection.from_json(release.protected)
    hidden = {tuple(key): (x, n) for *key, x, n in found.hidden}
    here = list(rows.filter(place=place).select_related("period"))
    series = series_of({row.stratum_id for row in here})
    by_period: dict[Period, list[Cell]] = {}
    for row in here:
        key = (row.period_id, row.place_id, row.stratum_id)
        hide_x, hide_n = hidden.get(key, (False, False))
        cell = Cell(
            period=row.period,
            series=series[row.stratum_id],
            version=release.version,
            release=release,
            numerator=None if hide_x else row.numerator,
            denominator=None if hide_n else row.denominator,
            is_near=row.denominator_is_derived,
            is_protected=key in hidden,
            missing=row.missing,
            sample_size=row.sample_size,
            rolled_up=row.rolled_up,
            se=row.se,
        )
        by_period.setdefault(row.period, []).append(cell)
    newest = sorted(by_period.items(), key=lambda each: (each[0].end, each[0].start), reverse=True)
    return Rehearsal(
        place=place,
        places=places,
        periods=[
            (period, sorted(cells, key=lambda cell: cell.series.order)) for period, cells in newest
        ],
    )


def _place(release: Release, places: list[Place], code: str) -> Place | None:
    if not code:
        return home_of(release.initiative, places)
    for place in places:
        if place.code == code:
            return place
    raise Unknown(code)
