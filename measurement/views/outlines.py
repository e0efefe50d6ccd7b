"""Outlines of places: hand in a file, see what it would do, keep it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ciforum.people.context import Link
from ciforum.people.requests import MemberRequest, SignedInRequest
from ciforum.people.transitions import StateChanged
from measurement.forms.maps import OutlinesForm
from measurement.places import outlines, outlining
from measurement.places.maps import may_draw_maps
from measurement.views.crumbs import trail


def crumbs(request: MemberRequest) -> list[Link]:
    address = reverse("measurement:maps", args=[request.initiative.slug])
    return [*trail(request), Link(_("Maps"), address)]


@require_http_methods(["GET", "HEAD", "POST"])
def outlines_new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Hand in a file; nothing of it is kept on the map before she has seen what it would do."""
    if not may_draw_maps(request.membership):
        raise PermissionDenied
    form = OutlinesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        stored = outlining.hand_in(initiative=request.initiative, file=form.cleaned_data["file"])
        return redirect("measurement:outlines_match", initiative, stored.uid)
    context = {
        "form": form,
        "crumbs": crumbs(request),
        "title": _("Outlines of places"),
        "lede": _("Maps are drawn from your own file. No map service is asked, and none is told."),
        "button": _("See what it would do"),
        "back": reverse("measurement:maps", args=[initiative]),
    }
    status = 422 if form.errors else 200
    return render(request, "measurement/maps/form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def outlines_match(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Which area is which place, by the property she chooses; then keep all of it."""
    if not may_draw_maps(request.membership):
        raise PermissionDenied
    stored = get_object_or_404(outlining.waiting(request.initiative), uid=uid)
    with stored.storage.open("rb") as file:
        areas = outlines.read(file.read())
    asked = request.POST if request.method == "POST" else request.GET
    found = outlining.matching(request.initiative, areas, asked.get("property", ""))
    if request.method == "POST":
        try:
            outlining.keep(stored=stored, found=found, by=request.user)
        except (ValidationError, StateChanged) as error:
            for text in getattr(error, "messages", [str(error)]):
                messages.error(request, text)
        else:
            messages.success(
                request,
                ngettext(
                    "%(number)s place has its outline.",
                    "%(number)s places have their outlines.",
                    len(found.matches),
                )
                % {"number": len(found.matches)},
            )
            return redirect("measurement:maps", initiative)
    context = {"found": found, "stored": stored, "crumbs": crumbs(request)}
    return render(request, "measurement/maps/outlines_match.html", context)
