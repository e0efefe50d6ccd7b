"""The agenda's first page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agenda.views.tabs import tabs
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest


@public
@require_safe
def overview(request: MemberRequest, initiative: str) -> HttpResponse:
    """What the initiative agreed on, at a glance."""
    return render(request, "agenda/overview.html", tabs(request, "overview"))
