"""Today: a person's own page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ciforum.people.requests import MemberRequest


def today(request: MemberRequest, initiative: str) -> HttpResponse:
    """What needs her, what she was told, and where to go."""
    return render(request, "base.html")


@require_POST
def notices_read(request: MemberRequest, initiative: str) -> HttpResponse:
    """Mark her notices read."""
    return redirect("backbone:today", initiative)
