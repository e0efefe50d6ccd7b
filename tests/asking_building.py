"""Councils with authority over data and requests taken further, made through the same verbs."""

from __future__ import annotations

from typing import Any

from ciforum.people.models import Initiative, Membership
from equity.models import DataAuthority, Group, Seat
from measurement.models import DataRequest, RequestSigner
from tests import builders

WORDS = "We wrote to the commissioner and to the press."
POLICY = "Ask every hospital to record what mothers say of their race and origin."


def signed(request: DataRequest) -> RequestSigner:
    """Signed by a partner organization made for it."""
    partner = builders.a_member(
        request.initiative, "partner", organization=builders.an_organization(request.initiative)
    )
    return RequestSigner.sign(request=request, member=partner, organization=partner.organization)


def escalated(request: DataRequest, by: Membership) -> DataRequest:
    """Taken further, with a partner who signs it too and a call for another policy."""
    signed(request)
    request.escalate(words=WORDS, addressee="State Board of Health", policy=POLICY, by=by.user)
    return request


def a_council(initiative: Initiative, seats: int = 3) -> list[Seat]:
    """The taken seats of a new community council, for lived experience."""
    council = builders.a_committee(initiative, kind="council")
    people = [builders.a_member(initiative, "community") for _seat in range(seats)]
    return [builders.a_seat(council, person) for person in people]


def an_authority(group: Group, by: Membership, seats: list[Seat]) -> DataAuthority:
    """One that stands: proposed by the backbone, with the first seat's consent."""
    authority = DataAuthority.propose(group=group, council=seats[0].committee, by=by.user)
    authority.consent(seat=seats[0], by=seats[0].holder.user)
    return authority


def say(authority: DataAuthority, release: Any, says: str, *seats: Seat, **also: Any) -> None:
    for seat in seats:
        authority.speak(record=release, seat=seat, says=says, by=seat.holder.user, **also)
