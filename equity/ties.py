"""What a seat asks of the membership of its holder: nobody takes one away with the other."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ciforum.people import clock, registry
from ciforum.people.models import Membership
from equity.seats import COMMUNITY_CLASSES, Seat
from equity.seats.classes import may_hold


def community_seat(member: Membership, roles: list[str] | None) -> str:
    """Why this membership cannot end, or have these roles, while she holds a community seat."""
    seats = Seat.objects.filter(
        holder=member, state=Seat.State.SEATED, seat_class__in=COMMUNITY_CLASSES
    )
    now = clock.now()
    lost = [
        seat
        for seat in seats.select_related("committee")
        if not (seat.term_ends and seat.term_ends <= now)
        and (roles is None or not may_hold(seat.seat_class, roles))
    ]
    if not lost:
        return ""
    return _(
        "%(name)s holds a seat in “%(committee)s” that needs this membership as it is. Only she "
        "can leave the seat; after that this can change."
    ) % {"name": lost[0].public_name, "committee": lost[0].committee}


def register() -> None:
    """Fill the ground's table of ties; called once at start-up."""
    registry.ties.add("equity.community_seat", community_seat)
