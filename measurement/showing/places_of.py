"""Which places an indicator is public for: to choose one, to find one, to compare some."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ciforum.people.models import Place
from measurement.models import PublicTable
from measurement.showing import printing, wording
from measurement.showing.derived import Derived
from measurement.showing.shown import Choice, Shown, Unknown, show_all
from measurement.showing.turning import turned

if TYPE_CHECKING:
    from ciforum.people.models import ScopedQuerySet
    from measurement.models import IndicatorVersion

LISTED = 60  # in a box; more are searched
FOUND = 24
COMPARED = 12


@dataclass(frozen=True)
class Found:
    """places: (code, name), by name. is_long: there are more than a box should hold."""

    places: list[tuple[str, str]]
    is_long: bool


@dataclass(frozen=True)
class Row:
    """One place in the comparison: its newest number for everyone."""

    code: str
    name: str
    period: str
    value: str
    interval: str
    to_go: str


def places(shown: Shown) -> Found:
    """All of them, or only that they are too many; one query."""
    rows = list(_of(shown).values_list("code", "name")[: LISTED + 1])
    return Found([], True) if len(rows) > LISTED else Found(rows, False)


def search(shown: Shown, words: str) -> list[tuple[str, str]]:
    """Places whose name has these words in it."""
    return list(_of(shown).filter(name__icontains=words).values_list("code", "name")[:FOUND])


def _of(shown: Shown) -> ScopedQuerySet:
    tables = PublicTable.objects.filter(indicator=shown.indicator, kind=shown.kind)
    return Place.objects.filter(pk__in=tables.values("place")).order_by("name", "pk")


def compare(derived: Derived, codes: list[str]) -> list[Row]:
    """The places that are public, in the order of their names: no league. Those unknown are
    left out. Told the same way round as the page.
    """
    here = derived.shown
    wanted = list(dict.fromkeys(codes))[:COMPARED]
    found = show_all([(here.indicator, Choice(place, "", here.kind)) for place in wanted])
    is_turned = any(version.direction != here.version.direction for version in _versions(found))
    rows = [
        _row(Derived(turned(each) if is_turned else each, derived.goal, joints=derived.joints))
        for each in found
        if isinstance(each, Shown)
    ]
    return sorted(rows, key=lambda row: (row.name, row.code))


def _versions(found: list[Shown | Unknown | None]) -> list[IndicatorVersion]:
    return [each.version for each in found if isinstance(each, Shown)]


def _row(derived: Derived) -> Row:
    shown = derived.shown
    cell = derived.cell(shown.everyone)
    found = derived.assessment
    gap = found.overall_gap_to_goal if found else None
    return Row(
        code=shown.place.code if shown.place else "",
        name=str(shown.place or ""),
        period=str(derived.newest or ""),
        value=printing.value(derived, cell),
        interval=printing.interval(derived, cell) if cell else "",
        to_go="" if gap is None else wording.difference(gap, shown.version),
    )
