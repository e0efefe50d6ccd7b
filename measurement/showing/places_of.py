"""Which places an indicator is public for: to choose one, to find one, to compare some."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ciforum.people.folding import folded
from ciforum.people.models import Place
from measurement.models import PublicTable
from measurement.showing import printing, wording
from measurement.showing.derived import Derived
from measurement.showing.shown import Choice, Shown, Unknown, show_all
from measurement.showing.turning import turned

if TYPE_CHECKING:
    from ciforum.people.models import ScopedQuerySet
    from measurement.models import Indicator, IndicatorVersion
    from measurement.showing.series import Series

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


def places(listed: list[tuple[str, str]]) -> Found:
    """All of them, or only that they are too many."""
    return Found([], True) if len(listed) > LISTED else Found(listed, False)


def listed(indicator: Indicator) -> dict[str, list[tuple[str, str]]]:
    """Kind of period → code and name of its places, by name, one more than a box holds at most."""
    tables = PublicTable.objects.filter(indicator=indicator).order_by("place__name", "place_id")
    found: dict[str, list[tuple[str, str]]] = {}
    for kind, code, name in tables.values_list("kind", "place__code", "place__name"):
        known = found.setdefault(kind, [])
        if len(known) <= LISTED:
            known.append((code, name))
    return found


def search(shown: Shown, words: str) -> list[tuple[str, str]]:
    """Places whose name has these words in it."""
    return list(_of(shown).filter(name__icontains=words).values_list("code", "name")[:FOUND])


def _of(shown: Shown) -> ScopedQuerySet:
    tables = PublicTable.objects.filter(indicator=shown.indicator, kind=shown.kind)
    return Place.objects.filter(pk__in=tables.values("place")).order_by("name", "pk")


def compare(derived: Derived, codes: list[str]) -> list[Derived]:
    """The places that are public, in the order of their names: no league. Those unknown are
    left out. Told the same way round as the page.
    """
    here = derived.shown
    wanted = list(dict.fromkeys(codes))[:COMPARED]
    found = show_all([(here.indicator, Choice(place, "", here.kind)) for place in wanted])
    is_turned = any(version.direction != here.version.direction for version in _versions(found))
    made = [
        Derived(turned(each) if is_turned else each, derived.goal, joints=derived.joints)
        for each in found
        if isinstance(each, Shown)
    ]
    return sorted(made, key=lambda each: (folded(_name(each)), _code(each)))


def _versions(found: list[Shown | Unknown | None]) -> list[IndicatorVersion]:
    return [each.version for each in found if isinstance(each, Shown)]


def rows(compared: Iterable[Derived]) -> list[Row]:
    return [_row(each) for each in compared]


def _row(derived: Derived) -> Row:
    shown = derived.shown
    cell = derived.cell(shown.everyone)
    found = derived.assessment
    gap = found.overall_gap_to_goal if found else None
    return Row(
        code=_code(derived),
        name=_name(derived),
        period=str(derived.newest or ""),
        value=printing.value(derived, cell),
        interval=printing.interval(derived, cell) if cell else "",
        to_go="" if gap is None else wording.difference(gap, shown.version),
    )


def signs(compared: Iterable[Derived]) -> list[wording.Sign]:
    """What the signs of the newest numbers mean."""
    newest = [(each, each.cell(each.shown.everyone)) for each in compared]
    return printing.signs(
        ((each, cell) for each, cell in newest if cell is not None),
        has_holes=any(cell is None for _each, cell in newest),
        whole=False,
    )


def lines(compared: Iterable[Derived]) -> list[tuple[str, Derived, Series]]:
    """What a small chart of each place is drawn from."""
    return [(_name(each), each, each.shown.everyone) for each in compared]


def sentence(compared: list[Derived]) -> str:
    """How far apart the newest numbers of these places are, ranking none."""
    cells = [(each, each.shown.latest(each.shown.everyone)) for each in compared]
    known = [
        (value, printing.value(each, cell))
        for each, cell in cells
        if (value := each.value(cell)) is not None
    ]
    if not known:
        return _("None of these places has a number that can be shown.")
    low, high = min(known), max(known)
    about = {"low": low[1], "high": high[1], "number": wording.count(len(known))}
    return (
        ngettext(
            "One small chart for each place, on one scale. The newest number is %(low)s in the "
            "%(number)s place that can be shown.",
            "One small chart for each place, on one scale. The newest numbers run from %(low)s to "
            "%(high)s in the %(number)s places that can be shown: where people live should not "
            "decide this.",
            len(known),
        )
        % about
    )


def _code(derived: Derived) -> str:
    return derived.shown.place.code if derived.shown.place else ""


def _name(derived: Derived) -> str:
    return str(derived.shown.place or "")
