"""How fast phones may send. A whole hall may share one address of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.core.internal.ratelimit import consume, get_ip
from django.utils.crypto import salted_hmac

from ciforum.people import clock

if TYPE_CHECKING:
    from django.http import HttpRequest

# A hundred people at ten stations within an hour; an address is left once by each.
LIMITS = {
    "walk.reaction": "120/m/key,2000/h/key",
    "walk.follow": "40/m/key,200/h/key",
}


def may_go_on(request: HttpRequest, action: str) -> bool:
    """False when too much came from one connection in a short time.

    Counted under a keyed digest that changes each day: no table keeps who wrote from where.
    """
    sender = salted_hmac("measurement.pace", f"{get_ip(request)} {clock.now():%Y-%m-%d}")
    spent = consume(
        request, app="measurement", action=action, config=LIMITS, key=sender.hexdigest()
    )
    return spent is not None
