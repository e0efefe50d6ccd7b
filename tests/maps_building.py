"""Outlines and historic maps for tests, made through the same verbs as people use."""

from __future__ import annotations

import io
import json
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from agenda import pictures
from ciforum.people.models import Initiative, Membership, Place
from ciforum.people.words import Words
from measurement.models import HistoricMap
from tests import builders


def square(west: float, south: float, side: float = 1.0) -> list[list[float]]:
    east, north = west + side, south + side
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(ring: list[Any], **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def collection(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def outlined(initiative: Initiative, by: Membership, name: str, west: float) -> Place:
    """A place of this name that is a square, one degree wide."""
    place, _new = Place.objects.get_or_create(
        initiative=initiative, code=name.lower(), defaults={"name": name}
    )
    place.outline(geojson={"type": "Polygon", "coordinates": [square(west, 41)]}, by=by.user)
    return place


def area(name: str, value: str, west: float, side: float = 1.0) -> dict[str, Any]:
    shape = {"type": "MultiPolygon", "coordinates": [[square(west, 41, side)]]}
    return {"name": name, "value": value, "geometry": shape}


def a_historic_map(initiative: Initiative, by: Membership, **fields: Any) -> HistoricMap:
    """A draft of two graded squares; `picture` in `fields` makes it a picture."""
    values = {
        "title": Words(en="Lenders' map of 1937", es="Mapa de los bancos de 1937"),
        "year": 1937,
        "source": Words(en="County archive, box 12"),
        "alt": Words(en="Two districts; the eastern one is graded hazardous."),
        "event": None,
        **fields,
    }
    values["event"] = values["event"] or builders.an_event(initiative, by.user, began="1937")
    if "picture" not in values and "areas" not in values:
        values["areas"] = [area("West", "A", -79), area("East", "D", -78)]
    return HistoricMap.draw(initiative=initiative, by=by.user, **values)


def a_picture() -> pictures.Picture:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "white").save(out, "PNG")
    return pictures.read(ContentFile(out.getvalue(), name="map.png"))
