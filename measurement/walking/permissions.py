"""Who may do what at a data walk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agenda.permissions import holds_a_seat
from ciforum.people.models import Role
from ciforum.people.permissions import holds

if TYPE_CHECKING:
    from ciforum.people.models import Membership
    from measurement.models import DataWalk, Finding, FindingAuthor


def may_hold_walks(member: Membership | None) -> bool:
    """Build, open and close one, and hide a reaction: the backbone, and whoever holds a seat."""
    return holds(member, Role.BACKBONE) or holds_a_seat(member)


def may_help(member: Membership | None) -> bool:
    """Type in paper, sort reactions, write findings: residents, the committee, the backbone."""
    return holds(member, Role.BACKBONE, Role.COMMITTEE, Role.COMMUNITY)


def may_see_walk(member: Membership | None, walk: DataWalk) -> bool:
    """Everyone once it was opened; before, the members."""
    return member is not None or not walk.is_preparing


def may_see_reactions(member: Membership | None) -> bool:
    """What people wrote stays in the room: members. Findings are for everyone."""
    return member is not None


def may_see_finding(member: Membership | None, finding: Finding) -> bool:
    return member is not None or not finding.is_draft


def may_change_author(member: Membership | None, author: FindingAuthor) -> bool:
    """Herself at any time; who wrote others down may take them off again."""
    if member is None:
        return False
    return author.user_id == member.user_id or may_hold_walks(member)


def may_withdraw_finding(member: Membership | None, finding: Finding) -> bool:
    """Whoever holds walks; and each author who signed it herself."""
    if member is None:
        return False
    return may_hold_walks(member) or finding.authors.filter(user=member.user).exists()
