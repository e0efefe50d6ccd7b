"""The five steps to a universal goal, a page each, in any order once the goal stands."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agenda.forms.goals import DimensionsForm, GoalForm, GoalStartForm
from agenda.models import Goal
from agenda.models.plans import plan_of
from agenda.views.goals import distances, find, must_write, trail
from agenda.views.scenarios import say_changed
from ciforum.people.requests import SignedInRequest
from ciforum.people.transitions import StateChanged
from equity.forms import put

STEPS = ("universal", "everyone", "groups", "structures", "strategies")


@require_http_methods(["GET", "HEAD", "POST"])
def goal_new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Step 1 of a goal that does not stand yet."""
    must_write(request)
    form = GoalStartForm(request.POST or None, initiative=request.initiative)
    if request.method == "POST" and form.is_valid():
        try:
            made = Goal.start(initiative=request.initiative, by=request.user, **form.values())
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(request, _("The goal stands as a draft."))
            return redirect(made.step_url("everyone"))
    return _first(request, form, None, reverse("agenda:goals", args=[request.initiative.slug]))


@require_http_methods(["GET", "HEAD", "POST"])
def goal_universal(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Step 1: one goal for everyone."""
    must_write(request)
    found = find(request, slug)
    if not found.is_draft:
        return redirect(found)
    form = GoalForm(request.POST or None, instance=found, initiative=request.initiative)
    if request.method == "POST" and form.is_valid():
        try:
            found.describe(by=request.user, seen=form.seen_revision, **form.values())
        except ValidationError as error:
            put(form, error)
        except StateChanged as changed:
            found.refresh_from_db()
            say_changed(form, found, str(changed), str(found.name))
        else:
            messages.success(request, _("The goal is kept."))
            return redirect(found.step_url("everyone"))
    return _first(request, form, found, found.get_absolute_url())


def _first(request: SignedInRequest, form: Any, found: Goal | None, back: str) -> HttpResponse:
    about_a_gap = getattr(form, "is_about_a_gap", False)
    if about_a_gap and "take_over" in request.POST:
        form.take_over()
        data, instance = form.data, form.instance
        form = type(form)(data, instance=instance, initiative=request.initiative)
        about_a_gap = not form.is_valid() and form.is_about_a_gap
    context = {
        "crumbs": trail(request, *([found] if found else [])),
        "goal": found,
        "form": form,
        "about_a_gap": about_a_gap,
        "steps": _steps(found, "universal"),
        "back": back,
    }
    status = 422 if form.errors else 200
    return render(request, "agenda/goals/universal.html", context, status=status)


@require_safe
def goal_everyone(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Step 2: how far everyone is."""
    must_write(request)
    found = find(request, slug)
    return _step(request, found, "everyone", **distances(found, plan_of(found)))


@require_http_methods(["GET", "HEAD", "POST"])
def goal_groups(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Step 3: which groups are considered, and how far each is."""
    must_write(request)
    found = find(request, slug)
    form = DimensionsForm(request.POST or None, goal=found)
    if request.method == "POST" and form.is_valid():
        try:
            found.consider(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            put(form, error)
        except StateChanged as changed:
            form.add_error(None, str(changed))
        else:
            messages.success(request, _("The groups are chosen."))
            return redirect(found.step_url("groups"))
    return _step(request, found, "groups", form=form, **distances(found, plan_of(found)))


@require_safe
def goal_structures(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Step 4: what blocks or helps each group."""
    must_write(request)
    found = find(request, slug)
    return _step(request, found, "structures", plans=plan_of(found))


@require_safe
def goal_strategies(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Step 5: what is done for each group."""
    must_write(request)
    found = find(request, slug)
    return _step(request, found, "strategies", plans=plan_of(found))


def _step(request: SignedInRequest, found: Goal, step: str, **more: Any) -> HttpResponse:
    here = STEPS.index(step)
    context = {
        "crumbs": trail(request, found),
        "goal": found,
        "steps": _steps(found, step),
        "back": found.step_url(STEPS[here - 1]),
        "next": found.step_url(STEPS[here + 1]) if here < 4 else found.get_absolute_url(),
        **more,
    }
    status = 422 if "form" in more and more["form"].errors else 200
    return render(request, f"agenda/goals/{step}.html", context, status=status)


def _steps(found: Goal | None, current: str) -> list[dict[str, str]]:
    """For `_steps.html`: every step is open once the goal stands."""
    labels = (
        _("The goal for everyone"),
        _("Everyone’s distance"),
        _("Each group’s distance"),
        _("What blocks or helps"),
        _("What we do"),
    )
    return [
        {
            "label": label,
            "state": "current" if step == current else "done" if _is_done(found, step) else "todo",
            "url": found.step_url(step) if found else "",
        }
        for step, label in zip(STEPS, labels, strict=True)
    ]


def _is_done(found: Goal | None, step: str) -> bool:
    if found is None:
        return False
    match step:
        case "universal":
            return True
        case "everyone":
            return found.distances.exists()
        case "groups":
            return found.considered.exists()
        case "structures":
            return found.considered.exists() and not _lacks(found, "barrier")
        case _:
            return found.considered.exists() and not _lacks(found, "strategy")


def _lacks(found: Goal, what: str) -> bool:
    return any(what in each["lacks"] for each in found.groups_without_plan())
