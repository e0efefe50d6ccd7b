"""Why a gap is there: name structural events, or say that nobody has looked yet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ciforum.people.requests import SignedInRequest
from ciforum.people.transitions import StateChanged
from equity.forms import put
from measurement.forms.causes import CauseForm, NotResearchedForm
from measurement.models import Cause, Indicator
from measurement.permissions import may_name_causes
from measurement.saying.reasons import why
from measurement.views.crumbs import trail


@require_http_methods(["GET", "HEAD", "POST"])
def causes(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """What is said about the causes, and the two ways to say more."""
    indicator = _find(request, slug)
    if not may_name_causes(request.membership):
        raise PermissionDenied
    asked = request.POST.get("what") if request.method == "POST" else None
    naming = CauseForm(request.POST if asked == "cause" else None, indicator=indicator)
    stating = NotResearchedForm(request.POST if asked == "statement" else None)
    if asked and _said(request, indicator, naming, stating):
        messages.success(request, _("It stands on the indicator's page now."))
        return redirect("measurement:causes", request.initiative.slug, indicator.slug)
    return render(
        request,
        "measurement/causes.html",
        {
            "indicator": indicator,
            "why": why(indicator),
            "naming": naming,
            "stating": stating,
            "has_events": naming.fields["event"].queryset.exists(),  # type: ignore[attr-defined]
            "draft": indicator.releases.filter(state="draft").first(),
            "crumbs": trail(request, indicator),
        },
        status=422 if naming.errors or stating.errors else 200,
    )


def _said(
    request: SignedInRequest, indicator: Indicator, naming: CauseForm, stating: NotResearchedForm
) -> bool:
    """Whether one of the forms was filled in well and its verb agreed."""
    form, verb = (naming, Cause.name) if naming.is_bound else (stating, Cause.not_researched)
    if not form.is_valid():
        return False
    values: dict[str, Any] = form.cleaned_data
    try:
        verb(indicator=indicator, by=request.user, **values)
    except ValidationError as error:
        put(form, error)
        return False
    return True


@require_POST
def cause_end(request: SignedInRequest, initiative: str, slug: str, uid: UUID) -> HttpResponse:
    """Name it no longer."""
    indicator = _find(request, slug)
    if not may_name_causes(request.membership):
        raise PermissionDenied
    cause = get_object_or_404(indicator.causes.select_related("event"), uid=uid)
    try:
        cause.end(by=request.user)
    except StateChanged as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It is no longer named as a cause."))
    return redirect(reverse("measurement:causes", args=[request.initiative.slug, indicator.slug]))


def _find(request: SignedInRequest, slug: str) -> Indicator:
    own = Indicator.objects.for_initiative(request.initiative).select_related("initiative")
    found: Indicator = get_object_or_404(own, slug=slug)
    return found
