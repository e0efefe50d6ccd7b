"""The addresses of maps."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from ciforum.people.models import Membership
from measurement.places import outlining
from tests import maps_building as building
from tests.doors.roles import BACKBONE, everyone, members

_MAP = ("initiative", "historic")
_DRAFT = ("initiative", "historic_draft")

TABLE = {
    "measurement:maps": ("get", ("initiative",), everyone()),
    "measurement:place_map": ("get", ("initiative", "indicator"), everyone()),
    "measurement:outlines": ("get", ("initiative",), members(only=BACKBONE)),
    "measurement:outlines_match": ("get", ("initiative", "shapes"), members(only=BACKBONE)),
    "measurement:historic_map_new": ("get", ("initiative",), members(only=BACKBONE)),
    "measurement:then_and_now": ("get", _MAP, everyone()),
    "measurement:historic_map_picture": ("get", _MAP, everyone()),
    "measurement:historic_map_edit": ("get", _DRAFT, members(only=BACKBONE)),
    "measurement:historic_map_grades": ("get", _DRAFT, members(only=BACKBONE)),
    "measurement:historic_map_publish": ("post", _DRAFT, members(302, only=BACKBONE)),
    "measurement:historic_map_take_back": ("post", _MAP, members(302, only=BACKBONE)),
}


def furnish(house: Any) -> dict[str, Any]:
    """A public map that is a picture, a draft with grades, and a file that waits."""
    backbone = Membership.objects.get(initiative=house.initiative, user=house.people["backbone"])
    drawn = building.a_historic_map(
        house.initiative,
        backbone,
        picture=building.a_picture(),
        **{"west": -79, "south": 41, "east": -77, "north": 42},
    )
    drawn.publish(by=backbone.user)
    content = building.collection(building.feature(building.square(-78, 41), name="Here"))
    stored = outlining.hand_in(
        initiative=house.initiative, file=ContentFile(content, name="shapes.geojson")
    )
    return {
        "historic": drawn.uid,
        "historic_draft": building.a_historic_map(house.initiative, backbone).uid,
        "shapes": stored.uid,
    }
