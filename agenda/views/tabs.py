"""The pages of the agenda, as tabs of one another."""

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
        ("overview", _("Overview"), "compass"),
        ("charter", _("Charter"), "scroll-text"),
        ("goals", _("Goals"), "target"),
        ("decisions", _("Decisions"), "vote"),
        ("lexicon", _("Lexicon"), "book-open"),
        ("history", _("History"), "history"),
        ("scenarios", _("Maps"), "layers"),
        ("committees", _("Committees"), "users"),
    ]
    return {
        "tabs_label": _("Pages of the agenda"),
        "tabs": [
            Link(label, reverse(f"agenda:{name}", args=[slug]), icon, name == current)
            for name, label, icon in names
        ],
        "crumbs": crumbs(request)[:1],
    }


def crumbs(request: MemberRequest, *names: tuple[str, str]) -> list[Link]:
    """The way down to a page below the tabs: initiative, agenda, then (label, address) each."""
    initiative = request.initiative
    return [
        Link(str(initiative), initiative.get_absolute_url()),
        Link(_("Agenda"), reverse("agenda:overview", args=[initiative.slug])),
        *(Link(label, url) for label, url in names),
    ]
