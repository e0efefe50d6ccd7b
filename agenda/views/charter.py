"""The charter, as everybody may read it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agenda.views.tabs import tabs
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest


@public
@require_safe
def charter(request: MemberRequest, initiative: str) -> HttpResponse:
    """What the initiative agreed on."""
    return render(request, "agenda/charter/charter.html", tabs(request, "charter"))
