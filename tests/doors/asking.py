"""The addresses of data we asked for, and of authority over data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ciforum.people import clock
from ciforum.people.models import Membership
from ciforum.people.words import Words
from equity.models import DataAuthority, Group
from measurement.models import DataAgreement, Release
from tests import asking_building as building
from tests import builders
from tests.doors.roles import BACKBONE, everyone, members

_AUTHORITY = ("initiative", "authority")
_REQUEST = ("initiative", "asked_request")

TABLE = {
    "measurement:authorities": ("get", ("initiative",), everyone()),
    "measurement:authority_new": ("get", ("initiative",), members(only=BACKBONE)),
    "measurement:authority": ("get", _AUTHORITY, everyone()),
    "measurement:authority_consent": (
        "post", ("initiative", "proposed_authority"), members(302, only=())
    ),
    "measurement:authority_take_back": (
        "post", ("initiative", "proposed_authority"), members(302, only=BACKBONE)
    ),
    "measurement:authority_keep": ("get", _AUTHORITY, members(only=())),
    "measurement:authority_word": (
        "get", (*_AUTHORITY, "authority_release"), members(only=BACKBONE)
    ),
    "measurement:authority_public": (
        "get", (*_AUTHORITY, "authority_indicator"), members(only=BACKBONE)
    ),
    "measurement:authority_agreement": (
        "get", (*_AUTHORITY, "asked_agreement"), members(only=BACKBONE)
    ),
    # Without a name it leads to the list.
    "measurement:request_holder": ("get", ("initiative",), everyone(302)),
    "measurement:request_letter": ("get", _REQUEST, everyone()),
    "measurement:request_sign": ("get", _REQUEST, members()),
    "measurement:request_unsign": ("post", (*_REQUEST, "signer"), members(302, only=())),
    "measurement:request_again": ("get", _REQUEST, members(only=BACKBONE)),
}  # fmt: skip


def furnish(house: Any) -> dict[str, Any]:
    """An authority that stands, one that is proposed, a release it asks for, a signed request."""
    initiative = house.initiative
    backbone = Membership.objects.get(initiative=initiative, user=house.people["backbone"])
    dimension = builders.a_dimension(initiative, "asking", groups=["one", "two"])
    seats = building.a_council(initiative)
    one, two = Group.objects.filter(dimension=dimension)
    authority = building.an_authority(one, backbone, seats)
    proposed = DataAuthority.propose(group=two, council=seats[0].committee, by=backbone.user)
    indicator = builders.an_indicator(initiative)
    request = builders.a_request(indicator, dimension, backbone)
    release = Release.objects.filter(initiative=initiative).first()
    _released(initiative, backbone, indicator, authority, seats)
    return {
        "authority": authority.uid,
        "proposed_authority": proposed.uid,
        "authority_release": release.uid if release else None,
        "authority_indicator": indicator.uid,
        "asked_agreement": _shared(initiative, backbone, indicator).uid,
        "asked_request": request.uid,
        "signer": building.signed(request).uid,
    }


def _released(
    initiative: Any, backbone: Any, indicator: Any, authority: Any, seats: list[Any]
) -> None:
    """Public numbers of the group, with its council's word."""
    partner = builders.a_member(
        initiative, "partner", organization=builders.an_organization(initiative)
    )
    groups = {(2020, "Here"): (90, 900), (2020, "Here", "asking:one"): (90, 900)}
    builders.approved(indicator, partner, backbone, groups)
    draft = builders.a_release(indicator, backbone, ready=True)
    building.say(authority, draft, "release", *seats)
    draft.publish(by=backbone.user)


def _shared(initiative: Any, backbone: Any, indicator: Any) -> DataAgreement:
    """An agreement that waits for the group's council."""
    return DataAgreement.start(
        initiative=initiative,
        by=backbone.user,
        indicators=[indicator],
        name=Words(en="Births"),
        terms=Words(en="Counts by town and year."),
        others="State Office",
        starts=clock.now().date(),
        ends=clock.now() + timedelta(days=90),
    )
