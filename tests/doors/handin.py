"""The addresses of the other ways to hand in."""

from __future__ import annotations

from typing import Any

from tests.doors.roles import DESK, members

TABLE = {
    "measurement:paste": ("get", ("initiative",), members(only=("partner",))),
    "measurement:grid": ("get", ("initiative",), members(only=("partner",))),
    # A plain table has no sheets: on to its columns.
    "measurement:submission_sheets": (
        "get", ("initiative", "submission"), members(302, only=("partner",))
    ),
    # Like the file itself: for the partner and for a data steward.
    "measurement:submission_marked": ("get", ("initiative", "submission"), members(only=DESK)),
}  # fmt: skip


def furnish(house: Any) -> dict[str, Any]:
    """The submission of the house is enough."""
    return {}
