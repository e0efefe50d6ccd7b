"""The pages of equity, as tabs of one another."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ciforum.people.context import Link
from ciforum.people.requests import MemberRequest


def tabs(request: MemberRequest, current: str) -> dict[str, Any]:
    """`tabs`, `tabs_label` and `crumbs`; `current` is the name of the page's address."""
    slug = request.initiative.slug
    names = [
        ("strategies", _("Strategies and rules"), "scale"),
        ("ledger", _("Ledger"), "scroll-text"),
        ("waivers", _("Waivers"), "hand"),
        ("dimensions", _("Groups"), "users"),
        ("policy", _("Thresholds"), "shield"),
    ]
    return {
        "tabs_label": _("Pages of equity"),
        "tabs": [
            Link(label, reverse(f"equity:{name}", args=[slug]), icon, name == current)
            for name, label, icon in names
        ],
        "crumbs": [Link(str(request.initiative), request.initiative.get_absolute_url())],
    }


def crumbs(request: MemberRequest, *names: tuple[str, str]) -> list[Link]:
    """The way down to a page below the tabs: the initiative, then (label, address) each."""
    return [
        Link(str(request.initiative), request.initiative.get_absolute_url()),
        *(Link(label, url) for label, url in names),
    ]
