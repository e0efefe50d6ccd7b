"""Who may write about a curve, and choose what its groups are compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agenda.permissions import holds_a_seat
from ciforum.people.models import Role
from ciforum.people.permissions import holds

if TYPE_CHECKING:
    from ciforum.people.models import Membership


def may_turn_curves(member: Membership | None) -> bool:
    """The backbone, and whoever holds a seat now."""
    return holds(member, Role.BACKBONE) or holds_a_seat(member)


def may_choose_comparison(member: Membership | None) -> bool:
    return holds(member, Role.BACKBONE)


def may_explain_numbers(member: Membership | None) -> bool:
    """Where a number comes from: all members. Counts below the floor need more than that."""
    return member is not None
