"""The addresses of data walks: an open one, one being prepared, one at its debrief, findings."""

from __future__ import annotations

from typing import Any

from ciforum.people.models import Membership
from measurement.models import Follower, Indicator
from tests import walks_building as walking
from tests.doors.roles import DRAWING, SEATED, everyone, members

_OPEN, _DRAFT, _DEBRIEF = (
    ("initiative", "walk"),
    ("initiative", "walk_draft"),
    ("initiative", "debrief"),
)
_STATION = (*_OPEN, "walk_station")
_DRAFT_STATION = (*_DRAFT, "draft_station")
_FINDING = (*_DEBRIEF, "finding")
_DRAFT_FINDING = (*_DEBRIEF, "draft_finding")
_PHONE = ("initiative", "walk_code")

TABLE = {
    "measurement:walks": ("get", ("initiative",), everyone()),
    "measurement:walk_new": ("get", ("initiative",), members(only=SEATED)),
    "measurement:walk": ("get", _OPEN, everyone()),
    "measurement:walk_edit": ("get", _OPEN, members(only=SEATED)),
    "measurement:walk_open": ("post", _DRAFT, members(302, only=SEATED)),
    "measurement:walk_take_back": ("post", _OPEN, members(302, only=SEATED)),
    "measurement:walk_begin_debrief": ("post", _DEBRIEF, members(302, only=SEATED)),
    "measurement:walk_resume": ("post", _DEBRIEF, members(302, only=SEATED)),
    "measurement:walk_close": ("get", _DEBRIEF, members(only=SEATED)),
    "measurement:walk_discard": ("post", _OPEN, members(302, only=SEATED)),
    "measurement:walk_station_new": ("get", _DRAFT, members(only=SEATED)),
    "measurement:walk_station": ("get", _DRAFT_STATION, members()),
    "measurement:walk_station_move": ("post", _DRAFT_STATION, members(302, only=SEATED)),
    "measurement:walk_station_remove": ("post", _STATION, members(302, only=SEATED)),
    "measurement:walk_station_quote": ("get", _DRAFT_STATION, members(only=SEATED)),
    "measurement:walk_type": (
        "get", (*_DEBRIEF, "debrief_station"), members(only=DRAWING)
    ),
    "measurement:walk_posters": ("get", _OPEN, everyone()),
    "measurement:walk_forms": ("get", _OPEN, everyone()),
    "measurement:walk_debrief": ("get", _DEBRIEF, members()),
    "measurement:walk_themes": (
        "post", (*_DEBRIEF, "debrief_station"), members(302, only=DRAWING)
    ),
    "measurement:walk_hide": ("get", (*_DEBRIEF, "reaction"), members(only=SEATED)),
    "measurement:walk_csv": ("get", _DEBRIEF, members()),
    "measurement:walk_finding_new": ("get", _DEBRIEF, members(only=DRAWING)),
    "measurement:walk_finding": ("get", _FINDING, everyone()),
    "measurement:walk_finding_edit": ("get", _DRAFT_FINDING, members(only=DRAWING)),
    "measurement:walk_finding_sign": ("post", _DRAFT_FINDING, members(302)),
    "measurement:walk_finding_author": ("get", _DRAFT_FINDING, members(only=DRAWING)),
    "measurement:walk_author_remove": (
        "post", (*_FINDING, "author"), members(302, only=SEATED)
    ),
    "measurement:walk_finding_agree": ("post", _FINDING, members(302, only=SEATED)),
    "measurement:walk_finding_withdraw": ("get", _FINDING, members(only=SEATED)),
    # --- phones
    "measurement:walk_phone": ("get", _PHONE, everyone()),
    "measurement:walk_phone_station": ("get", (*_PHONE, "walk_number"), everyone()),
    "measurement:walk_picture": ("get", (*_PHONE, "walk_number"), everyone()),
    "measurement:walk_follow": ("get", _PHONE, everyone()),
    "measurement:walk_follow_yes": ("get", ("initiative", "yes_token"), everyone()),
    "measurement:walk_follow_stop": ("get", ("initiative", "stop_token"), everyone()),
}  # fmt: skip


def furnish(house: Any) -> dict[str, Any]:
    """Three walks through the published indicator, and what stands at them."""
    by = Membership.objects.get(user=house.people["backbone"], initiative=house.initiative)
    births = Indicator.objects.get(initiative=house.initiative, slug="births")
    opened = walking.an_open_walk(house.initiative, by, births)
    draft = walking.a_ready_walk(house.initiative, by, births, stations=4)
    debrief = walking.an_open_walk(house.initiative, by, births)
    said = walking.a_reaction(debrief.stations.first())
    debrief.begin_debrief(by=by.user)
    finding = walking.an_agreed_finding(debrief, by)
    Follower.leave(walk=opened, address="ana@example.org", language="en")
    follower = Follower.objects.get(walk=opened)
    return {
        "walk": opened.uid,
        "walk_station": opened.stations.first().uid,
        "walk_code": opened.code,
        "walk_number": 1,
        "walk_draft": draft.uid,
        "draft_station": draft.stations.first().uid,
        "debrief": debrief.uid,
        "debrief_station": debrief.stations.first().uid,
        "reaction": said.uid,
        "finding": finding.uid,
        "author": finding.authors.get().uid,
        "draft_finding": walking.a_finding(debrief, by).uid,
        "yes_token": follower.yes_url.split("/")[-2],
        "stop_token": follower.stop_url.split("/")[-2],
    }
