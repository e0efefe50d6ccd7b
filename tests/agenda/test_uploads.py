"""Pictures and maps that people upload: kept when they are what they claim, else a sentence."""

from __future__ import annotations

import io
import json

import pytest
from PIL import Image

from agenda import overlay, pictures
from tests.agenda.pictures import geojson, huge_png, image_bytes, located_jpeg, square, upload


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_pictures_of_three_kinds_are_written_anew(form):
    found = pictures.read(upload(image_bytes(form)))

    with Image.open(io.BytesIO(found.file.read())) as kept:
        assert (kept.format, kept.size, found.content_type) == ("WEBP", (40, 30), "image/webp")


def test_where_a_picture_was_taken_is_not_kept():
    before = located_jpeg()
    assert b"Camera of somebody" in before

    after = pictures.read(upload(before)).file.read()

    with Image.open(io.BytesIO(after)) as kept:
        assert (dict(kept.getexif()), b"Camera" in after, b"EXIF" in after) == ({}, False, False)


def test_what_is_hidden_behind_a_picture_is_not_kept():
    behind = b"<script>alert(1)</script>"

    assert behind not in pictures.read(upload(image_bytes() + behind)).file.read()


def test_a_large_picture_is_made_smaller():
    found = pictures.read(upload(image_bytes("JPEG", (3000, 1500))))

    assert (found.width, found.height) == (2000, 1000)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "no PNG"),
        (b"GIF89a" + b"\0" * 40, "no PNG"),
        (b"%PDF-1.7 not a picture", "no PNG"),
        (b"", "no PNG"),
        (image_bytes()[:60], "no PNG"),
        (image_bytes("BMP"), "no PNG"),
        (huge_png(), "million points"),
        (huge_png(6000, 6000), "million points"),
        (b"\0" * (pictures.MAX_BYTES + 1), "too large"),
    ],
)
def test_anything_else_gets_a_sentence(content, sentence):
    with pytest.raises(pictures.Unfit, match=sentence):
        pictures.read(upload(content))


# --- maps


def test_a_map_keeps_names_grades_and_places_only():
    found = overlay.read(geojson(square(name="Eastgate", grade="D", owner="Mrs. B", phone=5)))

    assert [(each["name"], each["grade"], sorted(each)) for each in found] == [
        ("Eastgate", "D", ["coordinates", "grade", "name", "type"])
    ]


def deep(levels):
    return b'{"type":"Feature","geometry":' + b"[" * levels + b"]" * levels + b"}"


def geometry(kind, coordinates):
    shape = {"type": kind, "coordinates": coordinates}
    return json.dumps({"type": "Feature", "properties": None, "geometry": shape}).encode()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"not json", "cannot be read as JSON"),
        (b"\xff\xfe", "cannot be read as JSON"),
        (deep(100_000), "cannot be read as JSON"),
        (b" " * (overlay.MAX_BYTES + 1), "too large"),
        (b'{"type":"FeatureCollection","features":[]}', "shows nothing"),
        (b'{"type":"Topology"}', "no GeoJSON map"),
        (b"[]", "no GeoJSON map"),
        (geojson(*[square()] * 201), "too many parts"),
        (geojson(*[square(grade=str(number)) for number in range(7)]), "too many grades"),
        (geometry("LineString", [[1, 2]] * 20_001), "too detailed"),
        (geometry("GeometryCollection", []), "no polygon, line or point"),
        (geometry("Polygon", [[[1, 2], [2, 3], [1, 2]]]), "too few corners"),
        (geometry("Point", [200, 10]), "outside the world"),
        (geometry("Point", [587_000, 4_600_000]), "outside the world"),
        (geometry("Point", ["1", "2"]), "no positions"),
        (geometry("Point", [True, 2]), "no positions"),
        (geometry("Point", [[1, 2]]), "no positions"),
        (geometry("Point", 5), "no positions"),
        (geometry("Point", [1, 2]).replace(b"1", b"NaN"), "cannot be read as JSON"),
        (geometry("Point", [1, 2]).replace(b"1", b"1e999"), "outside the world"),
        (geometry("Point", [1, 2]).replace(b"1", b"9" * 5000), "cannot be read as JSON"),
        (geojson(square(name="x" * 81)), "at most 80 letters"),
        (geojson(square(grade=["D"])), "at most 80 letters"),
        (geojson({"type": "Feature", "properties": [1], "geometry": square()["geometry"]}), "prop"),
    ],
)
def test_a_map_that_is_none_gets_a_sentence(content, sentence):
    with pytest.raises(overlay.Unfit, match=sentence):
        overlay.read(content)


def test_a_map_is_drawn_north_up_inside_its_box():
    north, south = square(south=41.9, name="N", grade="A"), square(south=41.5, name="S", grade="B")

    drawing = overlay.draw(overlay.read(geojson(north, south)))

    first, second = drawing.shapes
    assert (first.name, second.name, drawing.grades) == ("N", "S", [(1, "A"), (2, "B")])
    assert 0 < first.y < second.y < drawing.height <= overlay.WIDTH
    assert all(0 < shape.x < drawing.width for shape in drawing.shapes)


def test_a_single_point_and_the_whole_world_can_be_drawn():
    for content in (geometry("Point", [0, 0]), geometry("LineString", [[-180, -90], [180, 90]])):
        drawing = overlay.draw(overlay.read(content))

        assert 0 < drawing.width <= overlay.WIDTH
        assert 0 < drawing.height <= overlay.WIDTH
