"""The addresses of turning the curve, of comparisons, and of explained numbers."""

from __future__ import annotations

from typing import Any

from ciforum.people.models import Period
from tests.doors.roles import BACKBONE, SEATED, everyone, members

_INDICATOR = ("initiative", "indicator")

TABLE = {
    "measurement:curve_history": ("get", (*_INDICATOR, "question"), everyone()),
    "measurement:curve_note": ("get", (*_INDICATOR, "question"), members(only=SEATED)),
    "measurement:comparison": ("get", _INDICATOR, members(only=BACKBONE)),
    "measurement:explain": ("get", (*_INDICATOR, "counted", "where"), members()),
}


def furnish(house: Any) -> dict[str, Any]:
    """The question, and the period and place of a number that is public."""
    period = Period.objects.for_initiative(house.initiative).get(kind="year", start__year=2020)
    return {"question": "explains", "counted": period.uid, "where": "here"}
