"""Adding up before hiding: what it would show, done, taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ciforum.people.jobs import PENDING
from ciforum.people.models import Job
from ciforum.people.requests import SignedInRequest
from measurement.models import Release
from measurement.models.observations import RolledUp
from measurement.permissions import may_release
from measurement.protecting import offers
from measurement.releasing import rolled_parts
from measurement.saying import rolling_words


@require_POST
def release_roll_up(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Add up in one way, or take that back; small groups are then protected again."""
    found = _find(request, uid)
    way = request.POST.get("to", "")
    if way not in RolledUp.values:
        raise Http404
    try:
        if "undo" in request.POST:
            found.undo_roll_up(to=way, by=request.user)
            done = _("It is taken back.")
        else:
            found.roll_up(to=way, by=request.user)
            done = _("It is added up.")
        found.start_protecting(by=request.user)
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
    else:
        messages.success(request, f"{done} {_('Small groups are being protected again.')}")
    return redirect(found.get_absolute_url() + "#rolling-up")


@require_POST
def release_offer(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Try out again what adding up would let people see."""
    found = _find(request, uid)
    try:
        found.start_offering(by=request.user)
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
    return redirect(found.get_absolute_url() + "#rolling-up")


def _find(request: SignedInRequest, uid: UUID) -> Release:
    own = Release.objects.for_initiative(request.initiative)
    known = own.select_related("indicator__initiative", "initiative", "version")
    found: Release = get_object_or_404(known, uid=uid)
    if not may_release(request.membership):
        raise PermissionDenied
    return found


def state(found: Release, protection: dict[str, Any]) -> dict[str, Any]:
    """What the page of a draft says of adding up. protection: as `Release.protection` answers."""
    is_known = protection["state"] in ("sound", "impossible")
    known = offers.still_offered(found) if is_known else None
    job = trying(found)
    return {
        "needs_protection": not is_known,
        "is_needed": protection["state"] == "impossible" or bool(protection.get("hidden")),
        "job": job if job and job.state in PENDING else None,
        "failed": bool(job and job.state == Job.State.FAILED and known is None),
        "tried": known is not None,
        "now": rolling_words.counts(known) if known else (),
        "choices": rolling_words.choices(found.version, known) if known else [],
        "done": _done(found),
    }


def trying(found: Release) -> Job | None:
    """The newest job that tries it out."""
    jobs = Job.objects.filter(kind="measurement.offer", dedup_key=str(found.uid))
    return jobs.order_by("-pk").first()


def _done(found: Release) -> list[dict[str, Any]]:
    """The ways that added rows to this draft, with how many."""
    rows = rolled_parts.never_released(found.version).values_list("rolled_up")
    made = dict(rows.order_by().annotate(rows=Count("pk")))
    return [
        {"way": way, "name": str(RolledUp(way).label), "rows": made[way]}
        for way in RolledUp.values
        if way in made
    ]
