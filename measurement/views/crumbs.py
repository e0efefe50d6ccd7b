"""Where a page of measurement lies."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from ciforum.people.context import Link
from ciforum.people.requests import MemberRequest
from measurement.models import Indicator


def trail(request: MemberRequest, indicator: Indicator | None = None) -> list[Link]:
    """The links above a page: the initiative, its measures, an indicator."""
    initiative = request.initiative
    found = [
        Link(str(initiative.name), initiative.get_absolute_url()),
        Link(_("Measures"), reverse("measurement:overview", args=[initiative.slug])),
    ]
    if indicator:
        found.append(
            Link(
                str(indicator.name),
                reverse("measurement:indicator", args=[initiative.slug, indicator.slug]),
            )
        )
    return found
