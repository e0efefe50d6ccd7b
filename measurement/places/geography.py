"""Outlines of places as paths of an SVG: a plain map without tiles of anybody.

Longitude and latitude become plane by the equirectangular projection, x = λ·cos φ₀, y = φ, with φ₀
the middle latitude of what is shown: shapes are true near the middle, and far enough off for a
county or a state. Source: Snyder, Map Projections: A Working Manual (1987), p. 90.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Point: TypeAlias = tuple[float, float]
Ring: TypeAlias = list[Point]
Polygon: TypeAlias = list[Ring]

WIDTH = 1000.0  # of a frame, in units of its viewBox
EDGE = 8.0
TALLEST = 1.6  # times the width
NEAR = 1.2  # points nearer to each other than this are one


def polygons(geojson: Any) -> list[Polygon]:
    """The polygons of a geometry, feature or collection, holes included; others are left out.

    Points are (longitude, latitude) in degrees. Rings of fewer than three usable points are
    dropped, so a broken outline is smaller, never an error.
    """
    return list(_polygons(geojson, 0))


def _polygons(found: Any, depth: int) -> Iterator[Polygon]:
    if not isinstance(found, Mapping) or depth > 4:
        return
    kind, inside = found.get("type"), found.get("coordinates")
    if kind == "Polygon":
        yield from _usable([inside])
    elif kind == "MultiPolygon":
        yield from _usable(inside)
    elif kind == "Feature":
        yield from _polygons(found.get("geometry"), depth + 1)
    elif kind in ("FeatureCollection", "GeometryCollection"):
        parts = found.get("features") or found.get("geometries")
        for each in parts if isinstance(parts, Sequence) else ():
            yield from _polygons(each, depth + 1)


def _usable(inside: Any) -> Iterator[Polygon]:
    for polygon in inside if isinstance(inside, Sequence) else ():
        rings = [_ring(each) for each in polygon] if isinstance(polygon, Sequence) else []
        if rings and len(rings[0]) > 2:
            yield [ring for ring in rings if len(ring) > 2]


def _ring(points: Any) -> Ring:
    return [
        point
        for each in (points if isinstance(points, Sequence) else ())
        if (point := _point(each)) is not None
    ]


def _point(found: Any) -> Point | None:
    if not isinstance(found, Sequence) or isinstance(found, str) or len(found) < 2:
        return None
    try:
        x, y = float(found[0]), float(found[1])
    except (TypeError, ValueError):
        return None
    usable = math.isfinite(x) and math.isfinite(y) and abs(x) <= 360 and abs(y) <= 90
    return (x, y) if usable else None


@dataclass(frozen=True)
class Frame:
    """A piece of the world on a plane WIDTH wide; the same frame lays several maps over another."""

    west: float
    north: float
    squeeze: float
    scale: float
    height: float

    @classmethod
    def around(cls, outlines: Iterable[Any]) -> Frame | None:
        """The smallest frame that holds these GeoJSON outlines; None without any."""
        points = [
            point
            for each in outlines
            for polygon in polygons(each)
            for ring in polygon
            for point in ring
        ]
        if not points:
            return None
        west, east = min(x for x, _y in points), max(x for x, _y in points)
        south, north = min(y for _x, y in points), max(y for _x, y in points)
        squeeze = max(0.01, math.cos(math.radians((south + north) / 2)))
        across, up = max((east - west) * squeeze, 1e-9), max(north - south, 1e-9)
        room = WIDTH - 2 * EDGE
        scale = min(room / across, room * TALLEST / up)
        return cls(west, north, squeeze, scale, up * scale + 2 * EDGE)

    @property
    def view_box(self) -> str:
        return f"0 0 {WIDTH:.0f} {self.height:.0f}"

    def at(self, point: Point) -> Point:
        """Where a place of the world lies in the frame."""
        x, y = point
        return (
            EDGE + (x - self.west) * self.squeeze * self.scale,
            EDGE + (self.north - y) * self.scale,
        )

    def path(self, geojson: Any) -> str:
        """The outline as the `d` of an SVG path; "" where there is none."""
        return "".join(
            _drawn([self.at(point) for point in ring])
            for polygon in polygons(geojson)
            for ring in polygon
        )

    def middle(self, geojson: Any) -> Point | None:
        """The centre of gravity of its largest polygon, for a label."""
        outer = [[self.at(point) for point in polygon[0]] for polygon in polygons(geojson)]
        if not outer:
            return None
        return _centre(max(outer, key=lambda ring: abs(_area(ring))))


def _drawn(ring: Ring) -> str:
    kept = [ring[0]]
    for x, y in ring[1:-1]:
        if math.dist((x, y), kept[-1]) >= NEAR:
            kept.append((x, y))
    if math.dist(ring[-1], kept[0]) >= NEAR:
        kept.append(ring[-1])
    if len(kept) < 3:
        return ""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept) + "Z"


def _pairs(ring: Ring) -> Iterator[tuple[Point, Point]]:
    yield from zip(ring, [*ring[1:], ring[0]], strict=True)


def _area(ring: Ring) -> float:
    """Signed, by the shoelace formula."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in _pairs(ring)) / 2


def _centre(ring: Ring) -> Point:
    area = _area(ring)
    if abs(area) < 1e-6:
        return sum(x for x, _y in ring) / len(ring), sum(y for _x, y in ring) / len(ring)
    turns = [((x1, y1), (x2, y2), x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in _pairs(ring)]
    return (
        sum((a[0] + b[0]) * turn for a, b, turn in turns) / (6 * area),
        sum((a[1] + b[1]) * turn for a, b, turn in turns) / (6 * area),
    )
