"""The agenda's first page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agenda import glance
from agenda.models import CharterVersion
from agenda.permissions import may_draft_charter
from agenda.views.tabs import tabs
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest


@public
@require_safe
def overview(request: MemberRequest, initiative: str) -> HttpResponse:
    """What the initiative agreed on, and what it decides now, at a glance."""
    versions = CharterVersion.objects.for_initiative(request.initiative)
    context = {
        **tabs(request, "overview"),
        "tiles": glance.tiles(request.initiative),
        "live": glance.live(request.initiative),
        "is_new": not versions.exists(),
        "may_draft": may_draft_charter(request.membership),
    }
    return render(request, "agenda/overview.html", context)
