"""Where the initiative counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ciforum.people.folding import folded
from ciforum.people.forms import PlaceForm
from ciforum.people.models import Place
from ciforum.people.permissions import may_manage_people
from ciforum.people.requests import SignedInRequest
from ciforum.people.views.tabs import crumbs, tabs

PLACES_ON_A_PAGE = 100


@require_safe
def places(request: SignedInRequest, initiative: str) -> HttpResponse:
    """All places, each under the one it is part of."""
    rows = list(Place.objects.for_initiative(request.initiative).select_related("parent"))
    wanted = folded(request.GET.get("q", "").strip())
    found = [place for place in _in_order(rows) if wanted in folded(f"{place.name} {place.code}")]
    return render(
        request,
        "people/places.html",
        {
            **tabs(request, "places"),
            "crumbs": crumbs(request),
            "page": Paginator(found, PLACES_ON_A_PAGE).get_page(request.GET.get("page")),
            "q": request.GET.get("q", "").strip(),
            "total": len(rows),
            "may_manage": may_manage_people(request.membership),
        },
    )


def _in_order(rows: list[Place]) -> Iterator[Place]:
    """Parents before their parts, each level by name."""
    parts: dict[int | None, list[Place]] = defaultdict(list)
    for place in sorted(rows, key=lambda place: folded(place.name), reverse=True):
        parts[place.parent_id].append(place)
    waiting = parts[None]
    while waiting:
        place = waiting.pop()
        yield place
        waiting.extend(parts[place.pk])


def place_new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Add a place."""
    return _edit(request, Place(initiative=request.initiative))


def place(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Change a place."""
    if not may_manage_people(request.membership):
        raise PermissionDenied
    rows = Place.objects.for_initiative(request.initiative)
    return _edit(request, get_object_or_404(rows, uid=uid))


def _edit(request: SignedInRequest, record: Place) -> HttpResponse:
    if not may_manage_people(request.membership):
        raise PermissionDenied
    name = record.name
    form = PlaceForm(request.POST or None, instance=record, initiative=request.initiative)
    if request.method == "POST" and form.is_valid():
        try:
            record.describe(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": record.name})
            return redirect("people:places", request.initiative.slug)
    return render(
        request,
        "people/place.html",
        {"crumbs": crumbs(request, (_("Places"), "places")), "form": form, "name": name},
    )
