"""Who may do what on the ground."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ciforum.people.models import Membership, Role

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Mark a view as open to people who are not signed in. Every other view asks for a member."""
    view.public = True  # type: ignore[attr-defined]
    view.login_required = False  # type: ignore[attr-defined]
    return view


def holds(member: Membership | None, *roles: str) -> bool:
    """True when the member holds one of these roles in any of her memberships here."""
    if member is None:
        return False
    return bool(set(roles) & set(getattr(member, "all_roles", member.roles)))


def may_invite(member: Membership | None) -> bool:
    return holds(member, Role.BACKBONE)


def may_describe_initiative(member: Membership | None) -> bool:
    return holds(member, Role.BACKBONE)


def may_manage_people(member: Membership | None) -> bool:
    return holds(member, Role.BACKBONE)
