"""The addresses of systems change."""

from __future__ import annotations

from typing import Any

from ciforum.people.models import Membership
from tests import shifts_building as building
from tests.doors.roles import BACKBONE, DRAWING, SEATED, everyone, members

_SHIFT = ("initiative", "shift")

TABLE = {
    "measurement:shifts": ("get", ("initiative",), everyone()),
    "measurement:shift_timeline": ("get", ("initiative",), everyone()),
    "measurement:shifts_csv": ("get", ("initiative",), everyone()),
    "measurement:shift_new": ("get", ("initiative",), members()),
    "measurement:shift": ("get", _SHIFT, everyone()),
    "measurement:shift_edit": ("get", ("initiative", "hoped_shift"), members(only=BACKBONE)),
    "measurement:shift_aim": ("get", _SHIFT, members(only=BACKBONE)),
    "measurement:shift_claim": ("post", ("initiative", "hoped_shift"), members(302, only=SEATED)),
    "measurement:shift_confirm": (
        "post", _SHIFT, members(302, only=("committee", "backbone"))
    ),
    "measurement:shift_dispute": ("get", _SHIFT, members(only=DRAWING)),
    "measurement:shift_withdraw": ("get", _SHIFT, members(only=BACKBONE)),
    "measurement:shift_again": ("post", _SHIFT, members(302, only=SEATED)),
    "measurement:shift_evidence": ("get", _SHIFT, members(only=SEATED)),
    "measurement:shift_evidence_drop": (
        "post", (*_SHIFT, "shift_row"), members(302, only=BACKBONE)
    ),
    "measurement:shift_voice": ("get", _SHIFT, members(only=("community",))),
    "measurement:shift_answer": ("get", (*_SHIFT, "shift_voice"), members(only=BACKBONE)),
}  # fmt: skip


def furnish(house: Any) -> dict[str, Any]:
    """A claim with evidence and a seat that disagrees, and a change that is hoped for."""
    backbone = Membership.objects.get(initiative=house.initiative, user=house.people["backbone"])
    claim = building.a_claim(house.initiative, backbone, level="relational")
    row = building.evidence(claim, backbone)
    voice = building.says(claim, building.a_resident_seat(house.initiative), "no")
    return {
        "shift": claim.uid,
        "hoped_shift": building.a_shift(house.initiative, backbone).uid,
        "shift_row": row.uid,
        "shift_voice": voice.uid,
    }
