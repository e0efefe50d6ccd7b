"""Outlines: read from hostile files, made simpler, laid on one plane."""

from __future__ import annotations

import json
import math
from itertools import pairwise

import pytest

from measurement.places import outlines, simplify
from measurement.places.geography import Frame
from tests.maps_building import collection, feature, square

CLOSED = square(-78, 41)


def test_an_area_keeps_its_corners_and_its_texts():
    (area,) = outlines.read(collection(feature(CLOSED, name="East", rank=3, extra={"a": 1})))

    assert area.properties == {"name": "East", "rank": "3"}
    assert area.geojson == {"type": "MultiPolygon", "coordinates": [[CLOSED]]}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xff\xfe", "cannot be read as JSON"),
        (b"[" * 200_000, "cannot be read as JSON"),
        (b'{"type": NaN}', "cannot be read as JSON"),
        (b'{"type": ' + b"9" * 5000 + b"}", "cannot be read as JSON"),
        (b"[]", "FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": []}', "no areas"),
        (b'{"type": "FeatureCollection", "features": [null]}', "Part 1 of the map is no area"),
        (collection(feature(CLOSED), feature(CLOSED[:3])), "Part 2 of the map has too few"),
        (collection(feature([*CLOSED[:4], [-78, 42.5]])), "not closed"),
        (collection(feature([[1, 1]] * 5)), "too few corners"),
        (collection(feature(square(200, 41))), "outside the world"),
        (collection(feature([[1e999, 1], *CLOSED])), "cannot be read as JSON"),
        (collection(feature(CLOSED)).replace(b"-78,", b"1e999,"), "outside the world"),
        (collection(feature([["a", 1], *CLOSED[1:]])), "cannot be read"),
        (collection(feature([[True, 1], *CLOSED[1:]])), "cannot be read"),
        (collection(feature([[[1]], *CLOSED[1:]])), "cannot be read"),
        (b" " * (outlines.MAX_BYTES + 1), "too large"),
        (
            json.dumps(
                {
                    "type": "FeatureCollection",
                    "features": [
                        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 1]}}
                    ],
                }
            ).encode(),
            "only polygons",
        ),
    ],
)
def test_a_hostile_file_is_refused_with_a_sentence(content, why):
    with pytest.raises(outlines.Unfit, match=why):
        outlines.read(content)


def _coast(corners: int) -> list[tuple[float, float]]:
    """A circle with small bays."""
    turns = [2 * math.pi * at / corners for at in range(corners)]
    return [((1 + 0.01 * math.sin(40 * turn)) * math.cos(turn), math.sin(turn)) for turn in turns]


def test_a_simpler_ring_stays_within_its_tolerance():
    ring = _coast(3000)

    kept = simplify.ring_within(ring, 0.005)

    assert 3 < len(kept) < 300
    assert set(kept) <= set(ring)
    assert max(_away(point, kept) for point in ring) <= 0.005 + 1e-9


def _away(point, ring):
    def piece(a, b):
        along = (b[0] - a[0], b[1] - a[1])
        length = along[0] ** 2 + along[1] ** 2
        part = ((point[0] - a[0]) * along[0] + (point[1] - a[1]) * along[1]) / length
        part = min(1, max(0, part))
        return math.dist(point, (a[0] + part * along[0], a[1] + part * along[1]))

    return min(piece(a, b) for a, b in pairwise([*ring, ring[0]]))


def test_a_detailed_area_is_kept_with_few_corners():
    ring = [list(point) for point in _coast(8000)]

    (area,) = outlines.read(collection(feature([*ring, ring[0]])))

    assert 100 < len(area.polygons[0][0]) <= outlines.KEPT_CORNERS


def test_a_frame_is_true_in_its_middle():
    frame = Frame.around([{"type": "Polygon", "coordinates": [square(-78, 60)]}])

    west, north = frame.at((-78, 61))
    east, south = frame.at((-77, 60))
    # At 60.5 degrees a degree of longitude is about half as long as one of latitude.
    assert (east - west) / (south - north) == pytest.approx(math.cos(math.radians(60.5)), 1e-6)
