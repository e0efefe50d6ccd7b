"""Turning the curve: answer its questions, read earlier answers, choose the comparison."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from ciforum.people.transitions import StateChanged
from equity.forms import put
from measurement.curve_permissions import may_choose_comparison, may_turn_curves
from measurement.forms.curve import ComparisonForm, CurveNoteForm
from measurement.models import Comparison, CurveNote, Indicator, Question
from measurement.views.crumbs import trail


@require_http_methods(["GET", "HEAD", "POST"])
def curve_note(request: SignedInRequest, initiative: str, slug: str, question: str) -> HttpResponse:
    """Answer one of the questions, on top of the answer that stands."""
    asked = _question(question)
    indicator = _find(request, slug)
    if not may_turn_curves(request.membership):
        raise PermissionDenied
    last = CurveNote.objects.filter(indicator=indicator, question=asked).last()
    start = {"text": last.text if last else None, "seen": last.number if last else 0}
    form = CurveNoteForm(request.POST or None, indicator=indicator, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            CurveNote.write(
                indicator=indicator, question=asked, by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            put(form, error)
        except StateChanged as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Your answer stands on the indicator’s page now."))
            return redirect(indicator.get_absolute_url() + "#h-curve")
    return render(
        request,
        "measurement/form.html",
        {
            "crumbs": trail(request, indicator),
            "form": form,
            "title": asked.label,
            "lede": str(indicator.name),
            "button": _("Keep this answer"),
            "back": indicator.get_absolute_url(),
        },
        status=422 if form.errors else 200,
    )


@public
@require_safe
def curve_history(
    request: MemberRequest, initiative: str, slug: str, question: str
) -> HttpResponse:
    """Every answer that was given to one question, the newest first."""
    asked = _question(question)
    indicator = _find(request, slug)
    is_open = indicator.releases.filter(state="published").exists()
    if not is_open and request.membership is None:
        raise Http404
    notes = CurveNote.objects.filter(indicator=indicator, question=asked).order_by("-number")
    return render(
        request,
        "measurement/curve_history.html",
        {
            "crumbs": trail(request, indicator),
            "indicator": indicator,
            "question": asked,
            "notes": list(notes),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def comparison(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Choose what the groups are compared with, and say why."""
    indicator = _find(request, slug)
    if not may_choose_comparison(request.membership):
        raise PermissionDenied
    last = indicator.comparisons.select_related("group").last()
    start = {
        "against": last.against if last else "goal",
        "group": last.group.uid if last and last.group else None,
        "reason": last.reason if last else None,
    }
    form = ComparisonForm(request.POST or None, indicator=indicator, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            Comparison.compare_with(indicator=indicator, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(request, _("The comparison stands on the indicator’s page now."))
            return redirect(indicator.get_absolute_url() + "#h-between")
    return render(
        request,
        "measurement/form.html",
        {
            "crumbs": trail(request, indicator),
            "form": form,
            "title": _("What the groups are compared with"),
            "lede": _("No group is the measure of another, so it is the universal goal by itself."),
            "button": _("Keep this comparison"),
            "back": indicator.get_absolute_url(),
        },
        status=422 if form.errors else 200,
    )


def _question(asked: str) -> Question:
    try:
        return Question(asked)
    except ValueError as error:
        raise Http404 from error


def _find(request: MemberRequest, slug: str) -> Indicator:
    own = Indicator.objects.for_initiative(request.initiative).select_related("initiative")
    found: Indicator = get_object_or_404(own, slug=slug)
    return found
