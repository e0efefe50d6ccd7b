"""Areas that people upload as GeoJSON: checked hard, made simpler, never trusted.

Positions are longitude and latitude in degrees (WGS 84), as RFC 7946 has them. Only polygons are
read; of their properties only short texts and numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from measurement.places.geography import Polygon
from measurement.places.simplify import within

MAX_BYTES = 5_000_000
MAX_AREAS = 2_000
MAX_CORNERS = 250_000  # as they are handed in
KEPT_CORNERS = 2_000  # of one area
KEPT_IN_ALL = 40_000
MAX_TEXT = 120
MAX_PROPERTIES = 40
DIGITS = 5  # of a degree, about a metre


class Unfit(ValueError):
    """A file that is not kept; the sentence says why."""


@dataclass(frozen=True)
class Area:
    """One feature: what it says of itself, and its polygons."""

    properties: dict[str, str]
    polygons: list[Polygon]

    @property
    def geojson(self) -> dict[str, Any]:
        """A MultiPolygon with closed rings."""
        return {
            "type": "MultiPolygon",
            "coordinates": [
                [[list(point) for point in (*ring, ring[0])] for ring in polygon]
                for polygon in self.polygons
            ],
        }


def read(content: bytes, most: int = MAX_AREAS) -> list[Area]:
    """The areas of an upload, made simpler where they have many corners. Raises Unfit."""
    if len(content) > MAX_BYTES:
        raise Unfit(
            _("The file is too large. At most %(megabytes)s MB can be read.")
            % {"megabytes": MAX_BYTES // 1_000_000}
        )
    features = _features(_parsed(content), most)
    areas = [_area(number, each) for number, each in enumerate(features, start=1)]
    corners = sum(_corners(each) for each in areas)
    if corners > MAX_CORNERS:
        raise Unfit(
            _("The file is too detailed. At most %(count)s corners can be read.")
            % {"count": MAX_CORNERS}
        )
    each_keeps = max(12, min(KEPT_CORNERS, KEPT_IN_ALL // len(areas)))
    return [Area(each.properties, within(each.polygons, each_keeps)) for each in areas]


def properties(areas: list[Area]) -> list[str]:
    """The names of properties that any of them has, in the file's order."""
    return list(dict.fromkeys(chain.from_iterable(each.properties for each in areas)))


def _corners(area: Area) -> int:
    return sum(len(ring) for polygon in area.polygons for ring in polygon)


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Unfit(_("This is no GeoJSON: it cannot be read as JSON.")) from error


def _no_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are no JSON


def _features(found: Any, most: int) -> list[Any]:
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise Unfit(_("This is no GeoJSON map: it takes a FeatureCollection."))
    if not isinstance(features, list) or not features:
        raise Unfit(_("The map shows nothing: it has no areas."))
    if len(features) > most:
        raise Unfit(
            _("The map has too many areas. At most %(count)s can be read.") % {"count": most}
        )
    return features


def _area(number: int, feature: Any) -> Area:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in ("Polygon", "MultiPolygon"):
        raise Unfit(
            _("Part %(number)s of the map is no area: only polygons can be read.")
            % {"number": number}
        )
    inside = geometry.get("coordinates")
    polygons = [inside] if kind == "Polygon" else inside
    if not isinstance(polygons, list) or not polygons:
        raise _unreadable(number)
    return Area(
        dict(_texts(feature.get("properties"))), [_polygon(number, each) for each in polygons]
    )


def _texts(found: Any) -> Iterator[tuple[str, str]]:
    for name, value in list(found.items())[:MAX_PROPERTIES] if isinstance(found, dict) else ():
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            continue
        text = str(value).strip()
        if name.isprintable() and text.isprintable() and 0 < len(text) <= MAX_TEXT >= len(name):
            yield name, text


def _polygon(number: int, rings: Any) -> Polygon:
    if not isinstance(rings, list) or not rings:
        raise _unreadable(number)
    return [_ring(number, each) for each in rings]


def _ring(number: int, points: Any) -> list[tuple[float, float]]:
    if not isinstance(points, list) or len(points) < 4:
        raise Unfit(_("Part %(number)s of the map has too few corners.") % {"number": number})
    ring = [_point(number, each) for each in points]
    if ring[0] != ring[-1]:
        raise Unfit(
            _("Part %(number)s of the map is not closed: a ring ends where it begins.")
            % {"number": number}
        )
    open_ring = ring[:-1]
    if len(set(open_ring)) < 3:
        raise Unfit(_("Part %(number)s of the map has too few corners.") % {"number": number})
    return open_ring


def _point(number: int, value: Any) -> tuple[float, float]:
    if not isinstance(value, list) or not 2 <= len(value) <= 4:
        raise _unreadable(number)
    east, north = value[:2]
    if any(isinstance(each, bool) or not isinstance(each, int | float) for each in (east, north)):
        raise _unreadable(number)
    if not (-180 <= east <= 180 and -90 <= north <= 90):
        raise Unfit(
            _(
                "Part %(number)s of the map lies outside the world. Positions are longitude, then "
                "latitude, in degrees (WGS 84)."
            )
            % {"number": number}
        )
    return round(float(east), DIGITS), round(float(north), DIGITS)


def _unreadable(number: int) -> Unfit:
    return Unfit(
        _("Part %(number)s of the map has corners that cannot be read.") % {"number": number}
    )
