"""The five equity strategies, a file each, with their rules. Importing this registers them all."""

from __future__ import annotations

from equity.strategies import (
    act_with_community,
    data_and_context,
    leadership,
    shift_power,
    systems_change,
)

__all__ = [
    "act_with_community",
    "data_and_context",
    "leadership",
    "shift_power",
    "systems_change",
]
