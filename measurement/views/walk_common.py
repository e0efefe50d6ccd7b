"""What the pages of data walks share: finding one, and where it lies."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
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


def way(request: MemberRequest, walk: DataWalk | None = None) -> list[Link]:
    """The links above a page: measures, data walks, this one."""
    listed = reverse("measurement:walks", args=[request.initiative.slug])
    found = [*trail(request), Link(_("Data walks"), listed)]
    return [*found, Link(str(walk.title), walk.get_absolute_url())] if walk else found
