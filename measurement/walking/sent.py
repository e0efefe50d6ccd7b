"""What a phone has sent, kept in its own addresses: signed, without a cookie or an account.

Only the tickets of its pages travel, so nothing leads from them to a person, and the server keeps
nothing beyond the reactions themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.core import signing

from measurement.models import Reaction

if TYPE_CHECKING:
    from measurement.models import DataWalk, Station

_SALT = "measurement.walking.sent"
# By number of station: the ticket of the page that was sent last.
Tickets = dict[int, UUID]


def read(walk: DataWalk, text: str) -> Tickets:
    """From an address; nothing where it was made up, or of another walk."""
    try:
        code, found = signing.loads(text, salt=_SALT)
        if code == walk.code:
            return {int(number): UUID(ticket) for number, ticket in found.items()}
    except (signing.BadSignature, ValueError, AttributeError, TypeError):
        pass
    return {}


def written(walk: DataWalk, tickets: Tickets) -> str:
    """For an address; "" when nothing was sent."""
    if not tickets:
        return ""
    found = {str(number): ticket.hex for number, ticket in tickets.items()}
    return signing.dumps([walk.code, found], salt=_SALT, compress=True)


def at(station: Station, tickets: Tickets) -> list[Reaction]:
    """What this phone wrote here and nobody has hidden, in the order of the prompts."""
    ticket = tickets.get(station.order)
    if ticket is None:
        return []
    own = Reaction.objects.seen().filter(station=station, ticket=ticket)
    return list(own.select_related("prompt"))
