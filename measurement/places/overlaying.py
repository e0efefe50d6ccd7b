"""Then and now on one plane: a historic map, today's numbers, and which grade covers which place.

That two maps look alike says nothing of causes: that is told by the event the map belongs to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ciforum.people.words import Words
from measurement.places.geography import Polygon, polygons
from measurement.showing import wording

if TYPE_CHECKING:
    from measurement.models import HistoricMap
    from measurement.places.geography import Frame
    from measurement.places.place_map import PlaceMap

RASTER = 24  # points of a place to a side
LEAST = 1  # percent of a place; less is not spoken of


@dataclass(frozen=True)
class Shape:
    name: str
    value: str
    grade: str
    band: str
    path: str
    x: str
    y: str


@dataclass
class Then:
    """The historic layer: areas, or the box in which its picture stands."""

    shapes: list[Shape] = field(default_factory=list)
    legend: list[tuple[str, str, str]] = field(default_factory=list)  # band, value, label
    box: dict[str, str] = field(default_factory=dict)
    sentence: str = ""


@dataclass(frozen=True)
class Row:
    place: str
    grades: str
    now: str
    distance: str


def outlines_of(then: HistoricMap) -> list[Any]:
    """What the shared frame has to hold of it."""
    edges = [then.bounds] if then.bounds else []
    return [*edges, *(each["geometry"] for each in then.features)]


def drawn(then: HistoricMap, frame: Frame) -> Then:
    grades = {grade["value"]: grade for grade in then.grades}
    shapes = [_shape(each, grades, frame) for each in then.features]
    legend = [
        (str(each["class"]), each["value"], str(Words(each["label"]))) for each in then.grades
    ]
    return Then(shapes, legend, _box(then, frame), _sentence(then, shapes))


def _shape(area: Mapping[str, Any], grades: Mapping[str, Any], frame: Frame) -> Shape:
    grade = grades.get(area["value"])
    x, y = frame.middle(area["geometry"]) or (0.0, 0.0)
    return Shape(
        name=area["name"],
        value=area["value"],
        grade=str(Words(grade["label"])) if grade else _("not graded"),
        band=str(grade["class"]) if grade else "none",
        path=frame.path(area["geometry"]),
        x=f"{x:.0f}",
        y=f"{y:.0f}",
    )


def _box(then: HistoricMap, frame: Frame) -> dict[str, str]:
    if then.west is None or then.north is None or then.east is None or then.south is None:
        return {}
    left, top = frame.at((then.west, then.north))
    right, bottom = frame.at((then.east, then.south))
    sides = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    return {name: f"{value:.1f}" for name, value in sides.items()}


def _sentence(then: HistoricMap, shapes: Sequence[Shape]) -> str:
    if not shapes:
        return str(then.alt)
    counted = Counter(shape.grade for shape in shapes)
    parts = [
        _("%(number)s “%(grade)s”") % {"number": wording.count(number), "grade": grade}
        for grade, number in counted.items()
    ]
    return ngettext(
        "The map shows %(number)s area: %(grades)s.",
        "The map shows %(number)s areas: %(grades)s.",
        len(shapes),
    ) % {"number": wording.count(len(shapes)), "grades": ", ".join(parts)}


# --- which grade covers which place


def rows(then: HistoricMap, now: PlaceMap) -> list[Row]:
    """Each place with its grades then and its number now, by name."""
    labels = {grade["value"]: str(Words(grade["label"])) for grade in then.grades}
    areas = [(each["value"], polygons(each["geometry"])) for each in then.features]
    return [
        Row(
            place=area.place.name,
            grades=_spoken(shares(polygons(area.place.geojson), areas), labels),
            now=area.value,
            distance=area.distance,
        )
        for area in now.areas
    ]


def shares(
    place: Sequence[Polygon], areas: Sequence[tuple[str, Sequence[Polygon]]]
) -> dict[str, float]:
    """Percent of a place that areas of each value cover, largest first, by points on a raster."""
    points = _inside(_raster(place), place) if place else np.empty((0, 2))
    if not len(points):
        return {}
    found: Counter[str] = Counter()
    left = points
    for value, shapes in areas:
        covered = _is_inside(left, shapes)
        found[value] += int(covered.sum())
        left = left[~covered]
    return {value: 100 * number / len(points) for value, number in found.most_common() if number}


def _spoken(found: Mapping[str, float], labels: Mapping[str, str]) -> str:
    parts = [
        _("%(grade)s (about %(percent)s%%)")
        % {"grade": labels.get(value) or _("not graded"), "percent": round(percent)}
        for value, percent in found.items()
        if percent >= LEAST
    ]
    return ", ".join(parts) if parts else _("not on the map")


def _raster(place: Sequence[Polygon]) -> np.ndarray:
    corners = np.array([point for polygon in place for point in polygon[0]])
    low, high = corners.min(axis=0), corners.max(axis=0)
    steps = (np.arange(RASTER) + 0.5) / RASTER
    across, up = np.meshgrid(*(low[i] + steps * (high[i] - low[i]) for i in (0, 1)))
    return np.column_stack([across.ravel(), up.ravel()])


def _inside(points: np.ndarray, shapes: Sequence[Polygon]) -> np.ndarray:
    inside: np.ndarray = points[_is_inside(points, shapes)]
    return inside


def _is_inside(points: np.ndarray, shapes: Sequence[Polygon]) -> np.ndarray:
    found = np.zeros(len(points), dtype=bool)
    for polygon in shapes:
        found |= _is_in_polygon(points, polygon)
    return found


def _is_in_polygon(points: np.ndarray, polygon: Polygon) -> np.ndarray:
    """By the even-odd rule over all rings, so that holes are outside."""
    outer = np.array(polygon[0])
    inside = np.zeros(len(points), dtype=bool)
    near = np.all((points >= outer.min(axis=0)) & (points <= outer.max(axis=0)), axis=1)
    if not near.any():
        return inside
    x, y = points[near].T
    odd = np.zeros(len(x), dtype=bool)
    for ring in polygon:
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if y1 != y2:
                crosses = (y1 > y) != (y2 > y)
                odd ^= crosses & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    inside[near] = odd
    return inside
