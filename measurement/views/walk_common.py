"""What the pages of data walks share: finding one, where it lies, and saying no."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from ciforum.people.context import Link
from ciforum.people.requests import MemberRequest
from measurement.models import DataWalk, Station
from measurement.views.crumbs import trail
from measurement.walking.permissions import may_see_walk


def find_walk(request: MemberRequest, uid: UUID) -> DataWalk:
    """A walk she may see; any other is not found."""
    own = DataWalk.objects.for_initiative(request.initiative).select_related("initiative")
    found: DataWalk = get_object_or_404(own, uid=uid)
    if not may_see_walk(request.membership, found):
        raise Http404
    return found


def find_station(walk: DataWalk, uid: UUID) -> Station:
    stations = walk.stations.select_related("indicator__initiative", "place", "release__version")
    found: Station = get_object_or_404(stations, uid=uid)
    found.walk = walk
    return found


def must(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def way(request: MemberRequest, walk: DataWalk | None = None) -> list[Link]:
    """The links above a page: measures, data walks, this one."""
    listed = reverse("measurement:walks", args=[request.initiative.slug])
    found = [*trail(request), Link(_("Data walks"), listed)]
    return [*found, Link(str(walk.title), walk.get_absolute_url())] if walk else found


def form_page(request: MemberRequest, form: Any, **page: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "measurement/form.html", {"form": form, **page}, status=status)


def say(request: MemberRequest, error: Exception) -> None:
    """A verb's no, above the page she comes back to."""
    for text in getattr(error, "messages", [str(error)]):
        messages.error(request, text)
