"""Committees: who decides here, open to everybody."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from ciforum.people.permissions import holds, public
from ciforum.people.requests import MemberRequest, SignedInRequest
from equity.seats import Committee


@public
@require_safe
def committees(request: MemberRequest, initiative: str) -> HttpResponse:
    """Every committee, with its composition at a glance."""
    every = Committee.objects.for_initiative(request.initiative)
    return render(request, "agenda/committees/committees.html", {"committees": every})


@public
@require_safe
def committee(request: MemberRequest, initiative: str, slug: str) -> HttpResponse:
    """One committee: its seats, now and over time."""
    every = Committee.objects.for_initiative(request.initiative)
    found = get_object_or_404(every, slug=slug)
    return render(request, "agenda/committees/committee.html", {"committee": found})


@require_http_methods(["GET", "HEAD", "POST"])
def committee_new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Found a committee."""
    if not holds(request.membership, "backbone"):
        raise PermissionDenied
    return render(request, "agenda/committees/committees.html", {})


@require_http_methods(["GET", "HEAD", "POST"])
def committee_edit(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Describe it anew."""
    if not holds(request.membership, "backbone"):
        raise PermissionDenied
    return committee(request, initiative, slug)
