"""The pages of shared measurement, as tabs of one another."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ciforum.people.context import Link
from ciforum.people.requests import MemberRequest
from measurement.permissions import may_open_desk


def tabs(request: MemberRequest, current: str) -> dict[str, Any]:
    """`tabs` and `tabs_label`; `current` is the name of the page's address."""
    slug = request.initiative.slug
    # In this order, as each is there: measures, dashboards, data walks, systems change, maps,
    # data we asked for; then, for those who may, the desk and the matrix of reports.
    names = [
        ("overview", _("Measures"), "chart-line"),
        ("catalogue", _("Catalogue"), "book-open"),
        ("boards", _("Dashboards"), "layers"),
        ("shifts", _("Systems change"), "network"),
        ("walks", _("Data walks"), "users"),
        ("maps", _("Maps"), "layers"),
        ("requests", _("Data we asked for"), "megaphone"),
    ]
    if may_open_desk(request.membership):
        names.append(("desk", _("Data desk"), "table"))
        names.append(("duties", _("Reports owed"), "calendar"))
    return {
        "tabs_label": _("Pages of shared measurement"),
        "tabs": [
            Link(label, reverse(f"measurement:{name}", args=[slug]), icon, name == current)
            for name, label, icon in names
        ],
    }
