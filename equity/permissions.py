"""Who may do what with dimensions, thresholds and waivers."""

from __future__ import annotations

from ciforum.people.models import Membership, Role
from ciforum.people.permissions import holds
from equity.models import Loosening


def may_read_ledger(member: Membership | None) -> bool:
    """Members read every entry; everybody else reads the counts."""
    return member is not None


def may_manage_dimensions(member: Membership | None) -> bool:
    return holds(member, Role.BACKBONE)


def may_tighten_policy(member: Membership | None) -> bool:
    return holds(member, Role.BACKBONE)


def may_ask_waiver(member: Membership | None) -> bool:
    return holds(member, Role.BACKBONE)


def may_decide_waiver(member: Membership | None) -> bool:
    """Residents decide; somebody who also works for the backbone would answer herself."""
    return holds(member, Role.COMMUNITY) and not holds(member, Role.BACKBONE)


def may_propose_loosening(member: Membership | None) -> bool:
    """Staff and residents may put it up; only a decision puts it in force."""
    return holds(member, Role.BACKBONE, Role.COMMUNITY)


def may_drop_loosening(member: Membership | None, loosening: Loosening) -> bool:
    """Whoever proposed it takes it back."""
    return member is not None and loosening.proposed_by_id == member.user_id
