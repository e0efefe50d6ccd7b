"""What a council says beside releases: of numbers that are public, and of sharing them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ciforum.people.requests import SignedInRequest
from equity.models import DataAuthority
from measurement.catalogue import sharing
from measurement.forms.authority import PublicWordForm, SharingWordForm
from measurement.models import DataAgreement, PublicNumbers
from measurement.permissions import may_manage_indicators, may_release
from measurement.views.answering import pressed
from measurement.views.authority import find, must_sit, seats_of
from measurement.views.crumbs import trail


@require_http_methods(["GET", "HEAD", "POST"])
def authority_public(
    request: SignedInRequest, initiative: str, uid: UUID, indicator: UUID
) -> HttpResponse:
    """What the council says of numbers that are public already: its seats' words, the form."""
    found = find(request, uid)
    if not seats_of(request, found) and not may_release(request.membership):
        raise PermissionDenied
    public_numbers = PublicNumbers.about(found).select_related("initiative")
    seen = get_object_or_404(public_numbers, uid=indicator)
    kept = found.withholdings.in_force().filter(indicator=seen.pk).first()
    return _speak(request, found, seen, PublicWordForm, "public", {"indicator": seen, "kept": kept})


@require_http_methods(["GET", "HEAD", "POST"])
def authority_agreement(
    request: SignedInRequest, initiative: str, uid: UUID, agreement: UUID
) -> HttpResponse:
    """What the council says of a data agreement that would share its group's numbers."""
    found = find(request, uid)
    if not seats_of(request, found) and not may_manage_indicators(request.membership):
        raise PermissionDenied
    own = DataAgreement.objects.for_initiative(request.initiative)
    about = get_object_or_404(own.select_related("initiative"), uid=agreement)
    indicators = [
        each
        for each in about.indicators.select_related("initiative")
        if sharing.counts(type(each).objects.filter(pk=each.pk), found)
    ]
    context = {"agreement": about, "indicators": indicators}
    return _speak(request, found, about, SharingWordForm, "agreement", context)


def _speak(
    request: SignedInRequest,
    found: DataAuthority,
    record: Any,
    kind: type[PublicWordForm],
    page: str,
    more: dict[str, Any],
) -> HttpResponse:
    seats = seats_of(request, found)
    form = kind(request.POST or None, seats=seats, initiative=request.initiative)
    if request.method == "POST":
        must_sit(request, found)
        if form.is_valid():
            return pressed(
                request,
                lambda: found.speak(record=record, by=request.user, **form.cleaned_data),
                _("Your seat has spoken. The newest words of more than half of the seats count."),
                back=request.path,
                faster=messages.warning,
            )
    context = {
        "found": found,
        "form": form,
        "may_speak": bool(seats) and found.is_standing and record.hears_councils,
        "words": found.newest(record.uid),
        "count": found.count(record),
        "crumbs": trail(request),
        **more,
    }
    status = 422 if form.errors else 200
    return render(request, f"measurement/authority/{page}.html", context, status=status)
