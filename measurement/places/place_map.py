"""A map of places by one group's number: its classes, its legend, its sentence.

Classes run by the distance to the universal goal, the same for everyone, or by the number itself.
No place is called worst. What is hidden or missing is hatched, what is unreliable is dotted, and
each has its sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measurement.boarding.choropleth import Spot, named, unreliable
from measurement.models.indicators import Measure, Scale
from measurement.places.geography import Frame
from measurement.showing import printing, wording
from measurement.showing.breaks import Joints
from measurement.showing.derived import Derived
from measurement.showing.shown import Shown
from measurement.showing.shown_places import Offer, by_place
from measurement.showing.universal_goal import UniversalGoal, goal_of

if TYPE_CHECKING:
    from ciforum.people.models import Period, Place
    from measurement.models import Indicator
    from measurement.showing.shown import Cell

GOAL, VALUE = "goal", "value"
STEPS = 5  # map-0 … map-4
SIGN, UNSURE, NONE = "sign", "unsure", "none"


@dataclass(frozen=True)
class Area:
    """A place on the map. band: "0" … "4", or SIGN, or UNSURE, where a sign stands for it."""

    place: Place
    value: str
    band: str
    distance: str = ""
    path: str = ""
    x: str = ""
    y: str = ""


@dataclass(frozen=True)
class Entry:
    band: str
    text: str


@dataclass
class PlaceMap:
    """classes: GOAL or VALUE, as they are. wholes: places that hold others, in the table only."""

    period: Period
    who: str
    classes: str
    goal: UniversalGoal | None
    spots: list[Spot]
    frame: Frame | None = None
    areas: list[Area] = field(default_factory=list)
    wholes: list[Area] = field(default_factory=list)
    legend: list[Entry] = field(default_factory=list)
    signs: list[wording.Sign] = field(default_factory=list)
    sentence: str = ""

    @property
    def per(self) -> str:
        """What the numbers count, where they are no percents."""
        version = next((spot.cell.version for spot in self.spots), None)
        if version is None or version.measure == Measure.COUNT:
            return str(version.unit) if version else ""
        return "" if version.scale == Scale.HUNDRED else wording.per(version)

    @property
    def without_outline(self) -> str:
        return ", ".join(each.place.name for each in self.areas if not each.path)


def drawn(
    indicator: Indicator,
    found: Offer,
    key: str,
    period: Period,
    classes: str = "",
    around: Sequence[Any] = (),
) -> PlaceMap:
    """The map of one group in one period.

    classes: GOAL where a goal is measured, unless VALUE is asked for. around: other outlines
    (GeoJSON) that the frame has to hold.
    """
    spots, goal = _spots(indicator, found, by_place(indicator, found, key, period))
    use = GOAL if goal and classes != VALUE else VALUE
    above = {spot.place.parent_id for spot in spots}
    leaves = [spot for spot in spots if spot.place.pk not in above]
    made = PlaceMap(period, wording.series_name(found.series[key]), use, goal, leaves)
    made.frame = Frame.around([*around, *(spot.place.geojson for spot in leaves)])
    bands = _by_goal(leaves, goal) if goal and use == GOAL else _by_value(leaves)
    made.areas = [_area(spot, bands, made.frame, goal) for spot in leaves]
    made.wholes = [_area(spot, [], None, goal) for spot in spots if spot not in leaves]
    made.legend = _legend(leaves, bands)
    made.signs = printing.signs(((spot.derived, spot.cell) for spot in spots), whole=False)
    made.sentence = _sentence(made)
    return made


def _spots(
    indicator: Indicator, found: Offer, cells: list[tuple[Place, Cell]]
) -> tuple[list[Spot], UniversalGoal | None]:
    """Each place with what follows from its number, and the goal where all count alike."""
    tables = [_table(indicator, found, place, cell) for place, cell in cells]
    if not tables:
        return [], None
    goal = None
    if len({table.version for table in tables}) == 1:
        goal = Derived(tables[0], goal_of(tables[0], plans=False), joints=Joints(tables[0])).goal
    joints = Joints(tables[0])
    spots = [
        Spot(place, cell, Derived(table, goal, joints=joints))
        for (place, cell), table in zip(cells, tables, strict=True)
    ]
    return spots, goal


def _table(indicator: Indicator, found: Offer, place: Place, cell: Cell) -> Shown:
    return Shown(
        indicator=indicator,
        version=cell.version,
        place=place,
        by=cell.series.breakdown,
        kind=found.kind,
        breakdowns={},
        kinds=found.kinds,
        cells=[cell],
        release=cell.release,
    )


# --- classes


@dataclass(frozen=True)
class Band:
    name: str
    text: str
    places: frozenset[int]


def _by_value(spots: Sequence[Spot]) -> list[Band]:
    """Printed numbers in classes of about as many each, lowest first; equal ones together."""
    known = sorted((spot for spot in spots if spot.value is not None), key=_value)
    texts = list(dict.fromkeys(spot.text for spot in known))
    return [
        _band(index, part, [spot for spot in known if spot.text in part])
        for index, part in enumerate(_parts(texts, STEPS))
    ]


def _by_goal(spots: Sequence[Spot], goal: UniversalGoal) -> list[Band]:
    """Who has reached the goal, then distances to it in up to four classes."""
    known = [spot for spot in spots if spot.value is not None]
    reached = [spot for spot in known if short_of(spot, goal) <= 0]
    others = sorted(
        (spot for spot in known if spot not in reached), key=lambda spot: short_of(spot, goal)
    )
    texts = list(dict.fromkeys(_distance(spot, goal) for spot in others))
    bands = [Band("0", _("The goal is reached"), frozenset(spot.place.pk for spot in reached))]
    for index, part in enumerate(_parts(texts, STEPS - 1), start=1):
        inside = [spot for spot in others if _distance(spot, goal) in part]
        band = _band(index, part, inside)
        bands.append(
            Band(band.name, _("%(distance)s to go") % {"distance": band.text}, band.places)
        )
    return bands if reached else bands[1:]


def short_of(spot: Spot, goal: UniversalGoal) -> float:
    """How far its number is from the goal; 0 or less where it is reached."""
    away = goal.value - _value(spot)
    return away if spot.derived.favourable else -away


def _value(spot: Spot) -> float:
    return spot.value or 0.0


def _distance(spot: Spot, goal: UniversalGoal) -> str:
    return wording.difference(short_of(spot, goal), spot.cell.version)


def _parts(texts: list[str], most: int) -> list[list[str]]:
    size = -(-len(texts) // most) or 1
    return [texts[at : at + size] for at in range(0, len(texts), size)]


def _band(index: int, texts: Sequence[str], spots: Sequence[Spot]) -> Band:
    reach = texts[0] if len(texts) == 1 else f"{texts[0]} – {texts[-1]}"
    return Band(str(index), reach, frozenset(spot.place.pk for spot in spots))


# --- drawing


def _area(
    spot: Spot, bands: Sequence[Band], frame: Frame | None, goal: UniversalGoal | None
) -> Area:
    name = _class(spot, bands)
    distance = ""
    if goal and spot.value is not None:
        away = short_of(spot, goal)
        distance = _("reached") if away <= 0 else _distance(spot, goal)
    outline = spot.place.geojson
    middle = frame.middle(outline) if frame and outline else None
    if frame is None or middle is None:
        return Area(spot.place, spot.text, name, distance)
    x, y = middle
    return Area(spot.place, spot.text, name, distance, frame.path(outline), f"{x:.0f}", f"{y:.0f}")


def _class(spot: Spot, bands: Sequence[Band]) -> str:
    without = UNSURE if spot.is_unreliable else SIGN
    return next((band.name for band in bands if spot.place.pk in band.places), without)


def _legend(spots: Sequence[Spot], bands: Sequence[Band]) -> list[Entry]:
    found = [Entry(band.name, band.text) for band in bands]
    signs = [(_class(spot, bands), named(spot)) for spot in spots]
    return found + [Entry(*each) for each in dict.fromkeys(signs) if each[0] in (SIGN, UNSURE)]


# --- the sentence


def _sentence(made: PlaceMap) -> str:
    return " ".join(
        filter(None, [_range(made), _reached(made), _hidden(made), unreliable(made.spots)])
    )


def _range(made: PlaceMap) -> str:
    known = sorted((spot for spot in made.spots if spot.value is not None), key=_value)
    about = {"period": made.period, "who": made.who}
    if not known:
        return _("%(period)s, %(who)s: no place has a number that can be shown.") % about
    low, high = known[0], known[-1]
    if len(known) == 1:
        return _("%(period)s, %(who)s: %(value)s in %(place)s.") % {
            **about, "value": low.text, "place": low.place,
        }  # fmt: skip
    # No place is named as the lowest or the highest: what is high here is no merit, nor a fault.
    return _("%(period)s, %(who)s: from %(low)s to %(high)s across %(number)s places.") % {
        **about,
        "low": low.text,
        "high": high.text,
        "number": wording.count(len(known)),
    }


def _reached(made: PlaceMap) -> str:
    known = [spot for spot in made.spots if spot.value is not None]
    if made.goal is None or not known:
        return ""
    reached = sum(short_of(spot, made.goal) <= 0 for spot in known)
    return ngettext(
        "The goal for everyone is %(goal)s: %(reached)s of %(number)s place has reached it.",
        "The goal for everyone is %(goal)s: %(reached)s of %(number)s places have reached it.",
        len(known),
    ) % {
        "goal": wording.figure(made.goal.value, known[0].cell.version),
        "reached": wording.count(reached),
        "number": wording.count(len(known)),
    }


def _hidden(made: PlaceMap) -> str:
    hidden = sum(spot.cell.is_protected for spot in made.spots)
    if not hidden:
        return ""
    return ngettext(
        "For %(number)s place the number is hidden to protect people.",
        "For %(number)s places the number is hidden to protect people.",
        hidden,
    ) % {"number": wording.count(hidden)}
