"""How far it still is to a goal. Plain values only."""

from __future__ import annotations

from decimal import Decimal


def distance(target: Decimal | None, number: Decimal | None, *, rises: bool) -> Decimal | None:
    """What is still to go, in the unit of both; 0 or less once the goal is reached.

    rises: True where a higher number is better. None when either is not known.
    """
    if target is None or number is None:
        return None
    return target - number if rises else number - target
