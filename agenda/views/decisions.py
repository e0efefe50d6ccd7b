"""The decision room: pages of a decision for everybody and for those who take it on."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from agenda.models import Decision
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest


@public
@require_safe
def decisions(request: MemberRequest, initiative: str) -> HttpResponse:
    """The decision log."""
    return render(request, "agenda/overview.html", {})


@public
@require_safe
def decision(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """One decision."""
    get_object_or_404(Decision.objects.for_initiative(request.initiative), uid=uid)
    return render(request, "agenda/overview.html", {})
