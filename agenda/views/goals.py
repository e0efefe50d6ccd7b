"""Goals: the list, and each goal with its five steps as one page to read."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda import progress
from agenda.citing import present
from agenda.models import Goal
from agenda.models.plans import plan_of
from agenda.permissions import may_write_goals
from agenda.views.tabs import crumbs, tabs
from ciforum.people.models import Citation
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from ciforum.people.transitions import StateChanged
from equity.presenting import Answers
from equity.presenting import present as present_answers
from equity.steps import adopt_goal

ORDER = ["adopted", "proposed", "draft", "superseded", "retired"]
STATUS = {"adopted": "ok", "proposed": "watch"}


@public
@require_safe
def goals(request: MemberRequest, initiative: str) -> HttpResponse:
    """Adopted goals first, then those put to a decision; members see drafts too."""
    found = Goal.objects.for_initiative(request.initiative).select_related("initiative")
    if request.membership is None:
        found = found.public()
    order = Case(*(When(state=state, then=Value(n)) for n, state in enumerate(ORDER)))
    rows = [(goal, _status(goal)) for goal in found.order_by(order, "level", "started_at", "pk")]
    levels = [
        (label, [row for row in rows if row[0].level == level and row[0].state in ORDER[:3]])
        for level, label in Goal.Level.choices
    ]
    context = {
        **tabs(request, "goals"),
        "rows": rows,
        "levels": [(label, some) for label, some in levels if some],
        "ended": [row for row in rows if row[0].state in ORDER[3:]],
        "may_write": may_write_goals(request.membership),
    }
    return render(request, "agenda/goals/goals.html", context)


@public
@require_safe
def goal(request: MemberRequest, initiative: str, slug: str) -> HttpResponse:
    """One goal: the five steps, one under another."""
    found = find(request, slug)
    plans = plan_of(found)
    barriers = {entry.uid: entry for plan in plans for entry in plan.barriers}
    cited: dict[Any, list[Any]] = {}
    citations = list(
        Citation.objects.filter(source_uid__in=barriers).select_related("citable__initiative")
    )
    for citation, shown in zip(citations, present(citations, request.membership), strict=True):
        cited.setdefault(citation.source_uid, []).append(shown)
    for uid, barrier in barriers.items():
        barrier.cited = cited.get(uid, [])  # type: ignore[attr-defined]
    member = request.membership
    context = {
        "crumbs": trail(request),
        "goal": found,
        "status": _status(found),
        "target": progress.target_words(found),
        **distances(found, plans),
        "plans": plans,
        "answers": _answers(found) if member and found.is_draft else None,
        "decision_url": decision_url(found),
        "new_decision_url": _new_decision(found) if found.is_draft else "",
        "may_write": may_write_goals(member),
        "after": Goal.objects.filter(supersedes=found).exclude(state="draft").first(),
    }
    return render(request, "agenda/goals/goal.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def goal_renew(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Say that an adopted goal stays as it is, and begin a draft in its place."""
    found = find(request, slug)
    must_write(request)
    if found.state != Goal.State.ADOPTED:
        return redirect(found)
    if request.method == "POST":
        try:
            after = found.renew(by=request.user)
        except StateChanged as changed:
            messages.warning(request, str(changed))
            return redirect(found)
        messages.success(request, _("The draft stands. The old goal holds until it is adopted."))
        return redirect(after.step_url("universal"))
    context = {"crumbs": trail(request, found), "goal": found}
    return render(request, "agenda/goals/renew.html", context)


@require_POST
def goal_discard(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Drop a draft."""
    found = find(request, slug)
    must_write(request)
    try:
        found.discard(by=request.user)
    except StateChanged as changed:
        messages.warning(request, str(changed))
        return redirect(found)
    messages.success(request, _("The draft is gone."))
    return redirect("agenda:goals", request.initiative.slug)


# --- shared with the views of the steps


def find(request: MemberRequest, slug: str) -> Goal:
    """A goal this reader may see: public, or any for members. Raises Http404."""
    every = Goal.objects.for_initiative(request.initiative).select_related(
        "initiative", "supersedes__initiative"
    )
    if request.membership is None:
        every = every.public()
    found: Goal | None = every.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def must_write(request: SignedInRequest) -> None:
    if not may_write_goals(request.membership):
        raise PermissionDenied


def trail(request: MemberRequest, *within: Goal) -> list[Any]:
    overview = reverse("agenda:goals", args=[request.initiative.slug])
    return crumbs(
        request,
        (_("Goals"), overview),
        *((str(each), each.get_absolute_url()) for each in within),
    )


def distances(found: Goal, plans: list[Any]) -> dict[str, Any]:
    """Steps 2 and 3 as the pages show them."""
    everyone = progress.everyone(found)
    return {
        "everyone": progress.everyone_row(found, everyone),
        "everyone_sentence": progress.everyone_sentence(found, everyone),
        "groups": progress.group_rows(found, plans),
        "groups_sentence": progress.groups_sentence(plans),
        "period": everyone.period if everyone else "",
        "target_url": address("measurement:target", found),
        "target": progress.target_words(found),
    }


def address(name: str, found: Goal) -> str:
    """The address of a page above the agenda; "" where that part is not installed."""
    try:
        return reverse(name, args=[found.initiative.slug, found.slug])
    except NoReverseMatch:
        return ""


def decision_url(found: Goal) -> str:
    if found.decision_uid is None:
        return ""
    return reverse("agenda:decision", args=[found.initiative.slug, found.decision_uid])


def _new_decision(found: Goal) -> str:
    try:
        start = reverse("agenda:decision_new", args=[found.initiative.slug])
    except NoReverseMatch:
        return ""
    return f"{start}?effect=goal.adopt&goal={found.uid}"


def _answers(found: Goal) -> Answers:
    return present_answers(adopt_goal.ask(found), record=found)


def _status(found: Goal) -> tuple[str, str]:
    return STATUS.get(found.state, "neutral"), found.get_state_display()
