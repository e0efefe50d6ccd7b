"""Seats: offered, chosen by residents, taken, left."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ciforum.people.permissions import holds, public
from ciforum.people.requests import MemberRequest, SignedInRequest
from equity.seats import Committee, Seat


def _find(request: MemberRequest, uid: UUID) -> Seat:
    every = Seat.objects.for_initiative(request.initiative)
    found: Seat = get_object_or_404(every.select_related("committee", "holder__user"), uid=uid)
    return found


@public
@require_safe
def seat(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """One seat."""
    return render(request, "agenda/committees/seat.html", {"seat": _find(request, uid)})


@require_http_methods(["GET", "HEAD", "POST"])
def seat_offer(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Offer a seat of a committee."""
    every = Committee.objects.for_initiative(request.initiative)
    found = get_object_or_404(every, slug=slug)
    if not holds(request.membership, "backbone"):
        raise PermissionDenied
    return render(request, "agenda/committees/committee.html", {"committee": found})


@require_POST
def seat_choose(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """A resident says that residents chose the holder."""
    return redirect(_find(request, uid))


@require_POST
def seat_take(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """The holder takes it."""
    return redirect(_find(request, uid))


@require_http_methods(["GET", "HEAD", "POST"])
def seat_alternate(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """The holder names who speaks when she cannot."""
    return redirect(_find(request, uid))


@require_http_methods(["GET", "HEAD", "POST"])
def seat_prefer(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """The holder says how she is shown and reached."""
    return redirect(_find(request, uid))


@require_http_methods(["GET", "HEAD", "POST"])
def seat_end(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """The seat ends."""
    return redirect(_find(request, uid))
