"""Maps that people upload as GeoJSON: read, checked, and drawn as shapes of our own.

Plain values in and out. Positions are WGS 84 (longitude, latitude), as RFC 7946 has them. Only
areas, lines and points are kept, with the two properties `name` and `grade`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

MAX_BYTES = 500_000
MAX_FEATURES = 200
MAX_POSITIONS = 20_000
MAX_GRADES = 6  # as many as can be told apart
MAX_TEXT = 80
WIDTH = 600.0  # of the drawing, in its own units
_MARGIN = 12.0
# How many lists lie around a position, by type.
DEPTHS = {"Point": 0, "LineString": 1, "Polygon": 2, "MultiPolygon": 3}


class Unfit(ValueError):
    """A map that is not kept; the sentence says why."""


def read(content: bytes) -> list[dict[str, Any]]:
    """The features of an upload: [{"name", "grade", "type", "coordinates"}]. Raises Unfit.

    Positions are rounded to six decimals (about a hand's breadth); heights are dropped.
    """
    if len(content) > MAX_BYTES:
        raise Unfit(
            _("The map is too large. At most %(kilobytes)s kB can be kept.")
            % {"kilobytes": MAX_BYTES // 1000}
        )
    try:
        found = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Unfit(_("This is no GeoJSON: it cannot be read as JSON.")) from error
    features = [_feature(each) for each in _features(found)]
    if not features:
        raise Unfit(_("The map shows nothing: it has no areas, lines or points."))
    if sum(1 for each in features for _position in _positions(each)) > MAX_POSITIONS:
        raise Unfit(
            _("The map is too detailed. At most %(count)s corners can be kept.")
            % {"count": MAX_POSITIONS}
        )
    if len({each["grade"] for each in features}) > MAX_GRADES:
        raise Unfit(
            _("The map has too many grades. At most %(count)s can be told apart.")
            % {"count": MAX_GRADES}
        )
    return features


def _no_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are no JSON


def _features(found: Any) -> list[Any]:
    kind = found.get("type") if isinstance(found, dict) else None
    if kind == "Feature":
        return [found]
    features = found.get("features") if kind == "FeatureCollection" else None
    if not isinstance(features, list):
        raise Unfit(_("This is no GeoJSON map: it takes a Feature or a FeatureCollection."))
    if len(features) > MAX_FEATURES:
        raise Unfit(
            _("The map has too many parts. At most %(count)s can be kept.")
            % {"count": MAX_FEATURES}
        )
    return features


def _feature(feature: Any) -> dict[str, Any]:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or not isinstance(kind, str) or kind not in DEPTHS:
        raise Unfit(_("A part of the map is no polygon, line or point."))
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        raise Unfit(_("A part of the map has properties that cannot be read."))
    coordinates = _coordinates(geometry.get("coordinates"), DEPTHS[kind])
    _must_have_shape(kind, coordinates)
    return {
        "name": _text(properties, "name"),
        "grade": _text(properties, "grade"),
        "type": kind,
        "coordinates": coordinates,
    }


def _text(properties: dict[str, Any], name: str) -> str:
    value = properties.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > MAX_TEXT or not value.isprintable():
        raise Unfit(
            _("“%(name)s” has to be a text of at most %(count)s letters.")
            % {"name": name, "count": MAX_TEXT}
        )
    return value.strip()


def _coordinates(value: Any, depth: int) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise Unfit(_("A part of the map has no positions that can be read."))
    if depth:
        return [_coordinates(each, depth - 1) for each in value]
    return _position(value)


def _position(value: list[Any]) -> list[float]:
    numbers = value[:2]
    if not 2 <= len(value) <= 4 or not all(
        isinstance(each, int | float) and not isinstance(each, bool) for each in numbers
    ):
        raise Unfit(_("A part of the map has no positions that can be read."))
    east, north = numbers
    if not (-180 <= east <= 180 and -90 <= north <= 90):
        raise Unfit(
            _(
                "A position lies outside the world. Positions are longitude, then latitude, in "
                "degrees (WGS 84)."
            )
        )
    return [round(float(east), 6), round(float(north), 6)]


def _must_have_shape(kind: str, coordinates: list[Any]) -> None:
    lines = {"LineString": [coordinates], "Polygon": coordinates}.get(kind, [])
    if kind == "MultiPolygon":
        lines = [ring for polygon in coordinates for ring in polygon]
    if any(len(line) < (2 if kind == "LineString" else 4) for line in lines):
        raise Unfit(_("An area of the map has too few corners."))


def _positions(feature: dict[str, Any]) -> Iterator[list[float]]:
    yield from _walk(feature["coordinates"], DEPTHS[feature["type"]])


def _walk(value: list[Any], depth: int) -> Iterator[list[float]]:
    if depth == 0:
        yield value
    else:
        for each in value:
            yield from _walk(each, depth - 1)


# --- drawing


@dataclass(frozen=True)
class Shape:
    """One part of the map, ready to draw: numbered, because colours never speak alone."""

    number: int
    name: str
    grade: str
    grade_number: int  # 1–6, 0 without a grade; names the class that colours it
    kind: str  # "area", "line" or "point"
    path: str  # the `d` of an SVG path; "" for a point
    x: float  # where its number stands
    y: float


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    shapes: list[Shape]
    grades: list[tuple[int, str]]  # (number, grade), in the order of the legend


def draw(features: list[dict[str, Any]]) -> Drawing:
    """The map as shapes in a box WIDTH wide, north up.

    Equirectangular, with the east–west axis shortened by the cosine of the middle latitude: true
    enough for a county, and the same in every browser.
    """
    every = [position for feature in features for position in _positions(feature)]
    west, east = min(p[0] for p in every), max(p[0] for p in every)
    south, north = min(p[1] for p in every), max(p[1] for p in every)
    narrow = max(0.05, math.cos(math.radians((south + north) / 2)))
    wide, high = max((east - west) * narrow, 1e-6), max(north - south, 1e-6)
    scale = min((WIDTH - 2 * _MARGIN) / wide, (WIDTH - 2 * _MARGIN) / high)

    def place(position: list[float]) -> tuple[float, float]:
        return (
            round(_MARGIN + (position[0] - west) * narrow * scale, 1),
            round(_MARGIN + (north - position[1]) * scale, 1),
        )

    names = sorted({each["grade"] for each in features} - {""})
    numbers = {name: number for number, name in enumerate(names, start=1)}
    return Drawing(
        width=round(wide * scale + 2 * _MARGIN),
        height=round(high * scale + 2 * _MARGIN),
        shapes=[
            _shape(number, each, numbers.get(each["grade"], 0), place)
            for number, each in enumerate(features, start=1)
        ],
        grades=[(number, name) for name, number in numbers.items()],
    )


def _shape(number: int, feature: dict[str, Any], grade: int, place: Any) -> Shape:
    kind, coordinates = feature["type"], feature["coordinates"]
    lines = {"Point": [], "LineString": [coordinates], "Polygon": coordinates}.get(kind)
    if lines is None:
        lines = [ring for polygon in coordinates for ring in polygon]
    placed = [[place(position) for position in line] for line in lines]
    close = "" if kind == "LineString" else "Z"
    path = " ".join("M" + " L".join(f"{x:g},{y:g}" for x, y in line) + close for line in placed)
    x, y = place(coordinates) if kind == "Point" else _middle(max(placed, key=len))
    return Shape(
        number=number,
        name=feature["name"],
        grade=feature["grade"],
        grade_number=grade,
        kind={"Point": "point", "LineString": "line"}.get(kind, "area"),
        path=path,
        x=x,
        y=y,
    )


def _middle(line: list[tuple[float, float]]) -> tuple[float, float]:
    """The centroid of a ring; of a line without area, its middle corner."""
    area = cx = cy = 0.0
    for (x0, y0), (x1, y1) in zip(line, [*line[1:], line[0]], strict=True):
        cross = x0 * y1 - x1 * y0
        area, cx, cy = area + cross, cx + (x0 + x1) * cross, cy + (y0 + y1) * cross
    if abs(area) < 1:
        return line[len(line) // 2]
    return round(cx / (3 * area), 1), round(cy / (3 * area), 1)
