"""Which indicator measures how far a universal goal is."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agenda.models import Goal
from agenda.permissions import may_write_goals
from ciforum.people.context import Link
from ciforum.people.requests import SignedInRequest
from equity.forms import put
from measurement.forms.targets import TargetForm
from measurement.models import Target
from measurement.views.crumbs import trail


@require_http_methods(["GET", "HEAD", "POST"])
def target(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Choose the indicator whose releases say how far everyone and each group is."""
    if not may_write_goals(request.membership):
        raise PermissionDenied
    goals = Goal.objects.for_initiative(request.initiative).select_related("initiative")
    goal = get_object_or_404(goals, slug=slug)
    form = TargetForm(request.POST or None, goal=goal)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["indicator"]
        try:
            if chosen:
                Target.aim(goal=goal, indicator=chosen, by=request.user)
            else:
                Target.drop(goal=goal, by=request.user)
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(request, _("It is kept. The distances are read from its releases."))
            return redirect(goal.step_url("everyone"))
    context = {
        "crumbs": [*trail(request), Link(str(goal), goal.get_absolute_url())],
        "form": form,
        "title": _("What measures this goal"),
        "lede": str(goal),
        "button": _("Keep it"),
        "back": goal.step_url("everyone"),
    }
    return render(request, "measurement/form.html", context, status=422 if form.errors else 200)
