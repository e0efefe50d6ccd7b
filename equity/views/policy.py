"""How strict this initiative is: open to everybody; stricter by staff, looser by a decision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from ciforum.people.transitions import StateChanged
from equity.forms import LooseningForm, PolicyForm, put
from equity.models import Loosening, Policy
from equity.permissions import may_drop_loosening, may_propose_loosening, may_tighten_policy
from equity.thresholds import in_words
from equity.views.tabs import crumbs, tabs

LOOSENINGS = 20
STATES = {"proposed": "watch", "done": "ok", "dropped": "neutral"}


@public
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: MemberRequest, initiative: str) -> HttpResponse:
    """The thresholds in words, and the form that makes them stricter."""
    may_tighten = may_tighten_policy(request.membership)
    if request.method == "POST" and not may_tighten:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise PermissionDenied
    kept = Policy.of(request.initiative)
    form = PolicyForm(request.POST or None, instance=Policy.of(request.initiative))
    if request.method == "POST" and form.is_valid():
        if not form.changes():
            messages.info(request, _("Nothing is different from now."))
            return redirect("equity:policy", initiative)
        try:
            kept.tighten(by=request.user, **form.changes())
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(request, _("The thresholds are stricter now. Everybody can see it."))
            return redirect("equity:policy", initiative)
    context = {
        **tabs(request, "policy"),
        "thresholds": in_words(Policy.of(request.initiative)),
        "loosenings": _loosenings(request),
        "form": form,
        "may_tighten": may_tighten,
        "may_propose": may_propose_loosening(request.membership),
    }
    return render(request, "equity/policy.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def loosening_new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Propose a looser threshold, with the reason; a decision may put it in force."""
    if not may_propose_loosening(request.membership):
        raise PermissionDenied
    kept = Policy.of(request.initiative)
    form = LooseningForm(request.POST or None, initiative=request.initiative)
    if request.method == "POST" and form.is_valid():
        try:
            made = Loosening.propose(policy=kept, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(request, _("Proposed, in public. Only a decision puts it in force."))
            return redirect(made.get_absolute_url())
    thresholds = (_("Thresholds"), reverse("equity:policy", args=[initiative]))
    context = {"form": form, "crumbs": crumbs(request, thresholds)}
    return render(request, "equity/loosening_new.html", context, status=422 if form.errors else 200)


@require_POST
def loosening_drop(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Take a proposal back before a decision carries it."""
    found: Loosening = get_object_or_404(
        Loosening.objects.for_initiative(request.initiative), uid=uid
    )
    if not may_drop_loosening(request.membership, found):
        raise PermissionDenied
    try:
        found.take_back(by=request.user)
    except StateChanged as changed:
        messages.warning(request, str(changed))
    else:
        messages.success(request, _("Taken back."))
    return redirect("equity:policy", initiative)


def _loosenings(request: MemberRequest) -> list[dict[str, Any]]:
    """What was proposed to be looser, newest first, whatever came of it."""
    every = Loosening.objects.for_initiative(request.initiative).select_related("proposed_by")
    return [
        {
            "loosening": each,
            "state": STATES[each.state],
            "by": each.proposed_by.name or _("former member"),
            "may_drop": each.state == "proposed"
            and each.decision_uid is None
            and may_drop_loosening(request.membership, each),
        }
        for each in every[:LOOSENINGS]
    ]
