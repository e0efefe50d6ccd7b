"""Equity: dimensions and groups, seats, the policy, the ledger and waivers."""

from __future__ import annotations

from equity.models.groups import Dimension, Group
from equity.models.ledger import LedgerEntry
from equity.models.policy import Policy
from equity.models.waivers import Waiver

# Last: a seat's verb passes its gate, and gates know the ledger, the policy and waivers above.
from equity.seats import (  # isort: skip
    COMMUNITY_CLASSES,
    Channel,
    Committee,
    Recusal,
    Seat,
    SeatChoice,
    SeatClass,
    is_resident,
    suits,
)
from equity.models.loosening import Loosening  # isort: skip
from equity.models.authority import AuthorityWord, DataAuthority  # isort: skip

__all__ = [
    "COMMUNITY_CLASSES",
    "AuthorityWord",
    "Channel",
    "Committee",
    "DataAuthority",
    "Dimension",
    "Group",
    "LedgerEntry",
    "Loosening",
    "Policy",
    "Recusal",
    "Seat",
    "SeatChoice",
    "SeatClass",
    "Waiver",
    "is_resident",
    "suits",
]
