"""Committees and their seats: who decides here, chosen by whom, for how long."""

from __future__ import annotations

from equity.seats.choices import Recusal, SeatChoice
from equity.seats.classes import (
    COMMUNITY_CLASSES,
    Channel,
    SeatClass,
    is_resident,
    suits,
)
from equity.seats.committee import Committee
from equity.seats.seat import Seat, SeatQuerySet

__all__ = [
    "COMMUNITY_CLASSES",
    "Channel",
    "Committee",
    "Recusal",
    "Seat",
    "SeatChoice",
    "SeatClass",
    "SeatQuerySet",
    "is_resident",
    "suits",
]
