"""A map of places by their newest number: up to five classes, each number written in its place.

No place is called worst: classes run with the number, whichever way is wanted. A hidden number is
hatched, an unreliable one dotted, and each has its sign; a missing one is plain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from django.utils.translation import ngettext

from ciforum.people.folding import folded
from measurement.places.geography import Frame
from measurement.showing import printing, wording
from measurement.showing.symbols import UNRELIABLE

if TYPE_CHECKING:
    from ciforum.people.models import Period, Place
    from measurement.showing.derived import Derived
    from measurement.showing.shown import Cell

BANDS = 5
HIDDEN, UNSURE, NONE = "hidden", "unsure", "none"


@dataclass(frozen=True)
class Area:
    """A place. band: its class ("1" lowest to "5"), HIDDEN, UNSURE or NONE. value: its text."""

    name: str
    value: str
    band: str
    path: str = ""
    label: str = ""
    label_x: str = ""
    label_y: str = ""


@dataclass(frozen=True)
class Entry:
    band: str
    text: str


@dataclass
class Map:
    """Without `view_box` no outline is known, and the table says it alone."""

    view_box: str = ""
    areas: list[Area] = field(default_factory=list)
    legend: list[Entry] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)
    without_outline: str = ""


@dataclass(frozen=True)
class Spot:
    """A place and its number."""

    place: Place
    cell: Cell
    derived: Derived

    @property
    def value(self) -> float | None:
        """None where it is hidden, missing or unreliable."""
        return self.derived.value(self.cell)

    @property
    def text(self) -> str:
        return printing.value(self.derived, self.cell)

    @property
    def is_unreliable(self) -> bool:
        return printing.is_unreliable(self.derived, self.cell)


Bands: TypeAlias = Sequence[Sequence[str]]


def drawn(spots: Sequence[Spot], outlines: Mapping[int, Any]) -> Map:
    """One map of these numbers, all of one period. outlines: place → its GeoJSON, if it has one."""
    frame = Frame.around(outlines.get(spot.place.pk) for spot in spots)
    bands = _bands(spots)
    areas = [
        _area(spot, _band(spot, bands), frame, outlines.get(spot.place.pk))
        for spot in sorted(spots, key=lambda spot: folded(spot.place.name))
    ]
    return Map(
        view_box=frame.view_box if frame else "",
        areas=areas,
        legend=_legend(spots, bands),
        periods=list(dict.fromkeys(spot.cell.period for spot in spots)),
        without_outline=", ".join(each.name for each in areas if not each.path),
    )


def _bands(spots: Sequence[Spot]) -> Bands:
    """Printed numbers in classes of about as many each, lowest first; equal ones stay together."""
    known = [spot for spot in spots if spot.value is not None]
    texts = [spot.text for spot in sorted(known, key=lambda spot: spot.value or 0)]
    different = list(dict.fromkeys(texts))
    size = -(-len(different) // BANDS) or 1
    return [different[at : at + size] for at in range(0, len(different), size)]


def _band(spot: Spot, bands: Bands) -> str:
    if spot.value is None:
        return HIDDEN if spot.cell.is_protected else UNSURE if spot.is_unreliable else NONE
    return next(str(index) for index, band in enumerate(bands, start=1) if spot.text in band)


def _area(spot: Spot, band: str, frame: Frame | None, outline: Any) -> Area:
    name, text = spot.place.name, spot.text
    middle = frame.middle(outline) if frame else None
    if frame is None or middle is None:
        return Area(name, text, band)
    x, y = middle
    return Area(name, text, band, frame.path(outline), text, f"{x:.0f}", f"{y:.0f}")


def _legend(spots: Sequence[Spot], bands: Bands) -> list[Entry]:
    found = [Entry(str(index), _reach(band)) for index, band in enumerate(bands, start=1)]
    for band in (HIDDEN, UNSURE, NONE):
        signs = [named(spot) for spot in spots if _band(spot, bands) == band]
        found += [Entry(band, sign) for sign in dict.fromkeys(signs)]
    return found


def named(spot: Spot) -> str:
    """A sign with its name, for legends: "[c] confidential"."""
    found = printing.symbol(spot.derived, spot.cell)
    return f"{spot.text} {found.label}" if found else spot.text


def unreliable(spots: Sequence[Spot]) -> str:
    """For how many places the number cannot be relied on; "" for none."""
    number = sum(spot.is_unreliable for spot in spots)
    if not number:
        return ""
    return ngettext(
        "For %(number)s place the number is unreliable, %(sign)s: it rests on so few people that "
        "it could easily be another one.",
        "For %(number)s places the number is unreliable, %(sign)s: it rests on so few people that "
        "it could easily be another one.",
        number,
    ) % {"number": wording.count(number), "sign": UNRELIABLE.sign}


def _reach(band: Sequence[str]) -> str:
    return band[0] if len(band) == 1 else f"{band[0]} – {band[-1]}"
