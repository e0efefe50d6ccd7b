"""Lines with fewer corners: Douglas and Peucker, without recursion.

Source: D. Douglas, T. Peucker, Algorithms for the reduction of the number of points required to
represent a digitized line, The Canadian Cartographer 10 (1973), pp. 112-122.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from measurement.places.geography import Point, Polygon, Ring

Corners: TypeAlias = np.ndarray
FINEST = 1e-5  # degrees, about a metre
# A line this long is thinned first, so that no made-up shape keeps the server busy.
LONGEST = 20_000


def within(polygons: Sequence[Polygon], limit: int) -> list[Polygon]:
    """The same shapes with at most about `limit` corners in all: as fine as that allows.

    Every polygon that still has an area keeps at least three corners.
    """
    found = [[ring for ring in polygon] for polygon in polygons]
    tolerance = FINEST
    while sum(len(ring) for polygon in found for ring in polygon) > limit and tolerance < 1:
        found = [_simpler(polygon, tolerance) for polygon in polygons]
        tolerance *= 2
    return found


def _simpler(polygon: Polygon, tolerance: float) -> Polygon:
    rings = [ring_within(ring, tolerance) for ring in polygon]
    if len(rings[0]) < 3:  # too small to be drawn at this size: three of its corners stand for it
        return [polygon[0][:: max(1, len(polygon[0]) // 3)][:3]]
    return [ring for ring in rings if len(ring) > 2]


def ring_within(ring: Ring, tolerance: float) -> Ring:
    """A ring none of whose left-out corners is farther than `tolerance` from what is kept."""
    corners = np.array(_thinned(ring, tolerance), dtype=float)
    if len(corners) < 4:
        return [(float(x), float(y)) for x, y in corners]
    far = int(np.argmax(np.hypot(*(corners - corners[0]).T)))
    closed = np.vstack([corners, corners[:1]])
    keep = np.zeros(len(closed), dtype=bool)
    keep[[0, far, -1]] = True
    for first, last in ((0, far), (far, len(closed) - 1)):
        _mark(closed, keep, first, last, tolerance)
    return [(float(x), float(y)) for x, y in closed[:-1][keep[:-1]]]


def _mark(line: Corners, keep: Corners, first: int, last: int, tolerance: float) -> None:
    waiting = [(first, last)]
    while waiting:
        start, end = waiting.pop()
        if end - start < 2:
            continue
        away = _distances(line[start + 1 : end], line[start], line[end])
        at = int(np.argmax(away))
        if away[at] > tolerance:
            middle = start + 1 + at
            keep[middle] = True
            waiting += [(start, middle), (middle, end)]


def _distances(points: Corners, start: Corners, end: Corners) -> Corners:
    """How far each point lies from the straight piece between two others."""
    along = end - start
    length = float(along @ along)
    part = np.clip((points - start) @ along / length, 0, 1) if length else np.zeros(len(points))
    away: Corners = np.hypot(*(points - (start + part[:, None] * along)).T)
    return away


def _thinned(ring: Ring, tolerance: float) -> Ring:
    if len(ring) <= LONGEST:
        return ring
    kept: list[Point] = [ring[0]]
    for point in ring[1:]:
        if math.dist(point, kept[-1]) >= tolerance:
            kept.append(point)
    return kept if len(kept) <= LONGEST else kept[:: -(-len(kept) // LONGEST)]
