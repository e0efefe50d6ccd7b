"""The pages about people, as tabs of one another."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ciforum.people.context import Link
from ciforum.people.permissions import may_describe_initiative
from ciforum.people.requests import MemberRequest


def tabs(request: MemberRequest, current: str) -> dict[str, Any]:
    """`tabs` and `tabs_label` for `_tabs.html`; `current` is the name of the page's address."""
    names = [
        ("members", _("People"), "users"),
        ("organizations", _("Organizations"), "building-2"),
        ("places", _("Places"), "map-pin"),
    ]
    if may_describe_initiative(request.membership):
        names.append(("settings", _("Settings"), "settings"))
    return {
        "tabs_label": _("People, partners and places"),
        "tabs": [
            Link(
                label,
                reverse(f"people:{name}", args=[request.initiative.slug]),
                icon,
                name == current,
            )
            for name, label, icon in names
        ],
    }


def crumbs(request: MemberRequest, *names: tuple[str, str]) -> list[Link]:
    """The way down to a page: the initiative, then (label, name of the address) each."""
    slug = request.initiative.slug
    return [
        Link(str(request.initiative), request.initiative.get_absolute_url()),
        *(Link(label, reverse(f"people:{name}", args=[slug])) for label, name in names),
    ]
