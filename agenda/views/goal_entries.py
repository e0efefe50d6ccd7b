"""Barriers, strategies and dated "not yet" of a goal: adding, changing, removing, evidence."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agenda.forms.goals import BarrierForm, NotYetForm, StrategyForm
from agenda.models import Barrier, Goal, NotYet, Strategy
from agenda.views import evidence
from agenda.views.goals import find, must_write, trail
from agenda.views.scenarios import say_changed
from ciforum.people.requests import SignedInRequest
from ciforum.people.transitions import StateChanged
from equity.forms import put

FORMS: dict[type, Any] = {Barrier: BarrierForm, Strategy: StrategyForm, NotYet: NotYetForm}


@require_http_methods(["GET", "HEAD", "POST"])
def goal_barrier_new(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Name a structure that blocks or helps a group."""
    words = {
        "title": _("Name a structure"),
        "lede": _("What around a group blocks it on the way to the goal, or helps it."),
        "button": _("Keep it"),
    }
    return _add(request, slug, BarrierForm, "name_barrier", "structures", words)


@require_http_methods(["GET", "HEAD", "POST"])
def goal_strategy_new(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Say what is done for a group."""
    words = {
        "title": _("Plan a strategy"),
        "lede": _("What is done for one group, so that the same goal is in its reach."),
        "button": _("Keep it"),
    }
    return _add(request, slug, StrategyForm, "plan", "strategies", words)


@require_http_methods(["GET", "HEAD", "POST"])
def goal_not_yet_new(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Say openly that there is no strategy for a group yet."""
    words = {
        "title": _("Say “not yet”"),
        "lede": _("Everybody can read why this group has no strategy yet, and until when."),
        "button": _("Keep it"),
    }
    return _add(request, slug, NotYetForm, "wait", "strategies", words)


def _add(
    request: SignedInRequest, slug: str, kind: Any, verb: str, step: str, words: dict[str, str]
) -> HttpResponse:
    must_write(request)
    found = find(request, slug)
    back = found.step_url(step)
    if not found.takes_plans:
        raise Http404
    form = kind(request.POST or None, goal=found, initial=_asked(request, found))
    if request.method == "POST" and form.is_valid():
        try:
            getattr(found, verb)(by=request.user, **form.values())
        except ValidationError as error:
            put(form, error)
        except StateChanged as changed:
            form.add_error(None, str(changed))
        else:
            messages.success(request, _("It is kept."))
            return redirect(back)
    return _page(request, found, form, back, words)


@require_http_methods(["GET", "HEAD", "POST"])
def goal_entry(request: SignedInRequest, initiative: str, slug: str, uid: UUID) -> HttpResponse:
    """Change an entry of a draft."""
    must_write(request)
    found = find(request, slug)
    entry = _entry(found, uid)
    back = found.step_url("structures" if isinstance(entry, Barrier) else "strategies")
    if not found.is_draft:
        raise Http404
    form = FORMS[type(entry)](request.POST or None, instance=entry, goal=found)
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.values().items() if name != "group"}
        try:
            found.mend(entry, by=request.user, seen=form.seen_revision, **values)
        except ValidationError as error:
            put(form, error)
        except StateChanged as changed:
            entry.refresh_from_db()
            say_changed(form, entry, str(changed), str(entry))
        else:
            messages.success(request, _("It is changed."))
            return redirect(back)
    words = {"title": _("Change an entry"), "button": _("Keep it")}
    return _page(request, found, form, back, words)


@require_POST
def goal_entry_remove(
    request: SignedInRequest, initiative: str, slug: str, uid: UUID
) -> HttpResponse:
    """Take an entry out of a draft."""
    must_write(request)
    found = find(request, slug)
    entry = _entry(found, uid)
    try:
        found.drop(entry, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except StateChanged as changed:
        messages.warning(request, str(changed))
    else:
        messages.success(request, _("It is removed."))
    return redirect(found.step_url("structures" if isinstance(entry, Barrier) else "strategies"))


@require_http_methods(["GET", "HEAD", "POST"])
def goal_cite(request: SignedInRequest, initiative: str, slug: str, uid: UUID) -> HttpResponse:
    """Say which event of the history made a barrier."""
    must_write(request)
    found = find(request, slug)
    barrier = get_object_or_404(found.barriers.select_related("goal__initiative"), uid=uid)
    if not found.is_draft:
        raise Http404
    return evidence.cite(
        request,
        barrier,
        back=found.step_url("structures"),
        crumbs=trail(request, found),
        within=found.name,
        uncite_url=reverse("agenda:goal_uncite", args=[initiative, slug, uid]),
    )


@require_POST
def goal_uncite(request: SignedInRequest, initiative: str, slug: str, uid: UUID) -> HttpResponse:
    """Take evidence away from a barrier."""
    must_write(request)
    found = find(request, slug)
    barrier = get_object_or_404(found.barriers.select_related("goal__initiative"), uid=uid)
    evidence.uncite(request, barrier)
    return redirect("agenda:goal_cite", request.initiative.slug, slug, uid)


def _page(
    request: SignedInRequest, found: Goal, form: Any, back: str, words: dict[str, str]
) -> HttpResponse:
    context = {"crumbs": trail(request, found), "goal": found, "form": form, "back": back, **words}
    return render(request, "agenda/goals/form.html", context, status=422 if form.errors else 200)


def _asked(request: SignedInRequest, found: Goal) -> dict[str, Any]:
    """The group, and the barrier, that the address names are chosen to begin with."""
    group = request.GET.get("group", "")
    chosen = next((each for each in found.groups() if str(each.uid) == group), None)
    barrier = request.GET.get("barrier", "")
    lowers = next((each for each in found.barriers.all() if str(each.uid) == barrier), None)
    return {"group": chosen, "barrier": lowers}


def _entry(found: Goal, uid: UUID) -> Any:
    for entries in (found.barriers, found.strategies, found.waits):
        if entry := entries.select_related("goal__initiative", "group").filter(uid=uid).first():
            return entry
    raise Http404
