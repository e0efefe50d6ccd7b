"""Equity: dimensions and groups, the policy, the ledger and waivers."""

from __future__ import annotations

from equity.models.groups import Dimension, Group
from equity.models.ledger import LedgerEntry
from equity.models.policy import Policy
from equity.models.waivers import Waiver

__all__ = ["Dimension", "Group", "LedgerEntry", "Policy", "Waiver"]
