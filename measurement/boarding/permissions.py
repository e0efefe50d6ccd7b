"""Who may do what with dashboards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agenda.permissions import holds_a_seat
from ciforum.people.models import Role
from ciforum.people.permissions import holds

if TYPE_CHECKING:
    from ciforum.people.models import Membership
    from measurement.models import Board


def may_compose(member: Membership | None) -> bool:
    """Every member can begin one, and copy one that she sees."""
    return member is not None


def may_publish_boards(member: Membership | None) -> bool:
    """The backbone, members of the committee, and whoever holds a seat now."""
    return holds(member, Role.BACKBONE, Role.COMMITTEE) or holds_a_seat(member)


def owns(member: Membership | None, board: Board) -> bool:
    return member is not None and board.owner_id == member.user_id


def may_see_board(member: Membership | None, board: Board) -> bool:
    """Everyone once it is public. A draft: its owner, the backbone, and, once she has proposed
    it, those who may publish.
    """
    if board.is_public or owns(member, board) or holds(member, Role.BACKBONE):
        return True
    return board.proposed_at is not None and may_publish_boards(member)


def may_change_board(member: Membership | None, board: Board) -> bool:
    """Arrange it: its owner and the backbone."""
    return owns(member, board) or holds(member, Role.BACKBONE)


def may_take_back(member: Membership | None, board: Board) -> bool:
    """Take it out of the public, or put it away: its owner, and whoever may publish."""
    return owns(member, board) or may_publish_boards(member)


def may_embed(member: Membership | None) -> bool:
    """Let another site show public numbers."""
    return may_publish_boards(member)
