"""One expected report: what is owed, what was said of it, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ciforum.people.requests import SignedInRequest
from measurement.forms.duties import AskAgainForm, CloseForm, DueForm, ExcuseForm, reminder_words
from measurement.models import OWED, ReminderMute, ReportDuty
from measurement.owing import matrix
from measurement.permissions import (
    hands_in_for,
    may_plan_duties,
    may_report_for,
    may_see_duties,
    may_see_duty,
)
from measurement.views.answering import pressed, submitted
from measurement.views.duties import crumb

REMINDERS = 30


def find(request: SignedInRequest, uid: UUID) -> Any:
    """The report with its standing, for whoever may see it."""
    if not may_see_duties(request.membership):
        raise PermissionDenied
    own = ReportDuty.objects.for_initiative(request.initiative).with_standing()
    found = get_object_or_404(
        own.select_related("indicator", "organization", "period", "initiative", "rule"), uid=uid
    )
    if not may_see_duty(request.membership, found):
        raise PermissionDenied
    return found


@require_safe
def duty(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Where it stands, every word said of it, every submission, every reminder."""
    found = find(request, uid)
    own = {each.pk for each in hands_in_for(request.membership)}
    is_partner = may_report_for(request.membership, found)
    mutes = ReminderMute.objects.for_initiative(request.initiative).filter(user=request.user)
    context = {
        "crumbs": crumb(request),
        "duty": found,
        "cell": matrix.cell(found, own),
        "hand_in_url": matrix.hand_in_url(found),
        "is_partner": is_partner,
        "may_plan": may_plan_duties(request.membership),
        "is_owed": found.standing in OWED,
        "notes": found.notes.select_related("by"),
        "submissions": [
            each.submission
            for each in found.hand_ins.select_related(
                "submission__handed_in_by", "submission__initiative"
            ).order_by("-submission__handed_in_at")
        ],
        "reminders": [
            (each, reminder_words(each.days))
            for each in found.reminders.select_related("user")[:REMINDERS]
        ],
        "is_muted": is_partner and mutes.filter(duty=found).exists(),
        "is_all_muted": is_partner and mutes.filter(duty=None).exists(),
    }
    return render(request, "measurement/duties/duty.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def duty_excuse(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """The partner says that there are no numbers."""
    found = find(request, uid)
    if not may_report_for(request.membership, found):
        raise PermissionDenied
    return _answer(
        request,
        found,
        ExcuseForm(request.POST or None, initiative=request.initiative),
        lambda data: found.excuse(by=request.user, **data),
        _("Thank you. The backbone team was told."),
        {
            "title": _("There are no numbers"),
            "lede": _("Say why, so that nobody asks in vain, and nobody takes it for a zero."),
            "button": _("Tell the backbone"),
        },
    )


@require_POST
def duty_accept(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """The backbone agrees that there are none."""
    found = _planned(request, uid)
    return _do(
        request, found, lambda: found.accept(by=request.user), _("Accepted. The partner was told.")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def duty_ask_again(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """The backbone asks once more."""
    found = _planned(request, uid)
    return _answer(
        request,
        found,
        AskAgainForm(request.POST or None, initiative=request.initiative),
        lambda data: found.ask_again(by=request.user, **data),
        _("Asked again. The partner was told."),
        {
            "title": _("Ask again"),
            "lede": _("The report is expected again, and the partner reads your words."),
            "button": _("Ask again"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def duty_close(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """The backbone takes no numbers for it any more."""
    found = _planned(request, uid)
    return _answer(
        request,
        found,
        CloseForm(request.POST or None, initiative=request.initiative),
        lambda data: found.close(by=request.user, **data),
        _("Closed. The partner was told why."),
        {
            "title": _("Close this report"),
            "lede": _(
                "Nothing can be handed in for it until it is opened again. Numbers that are "
                "there stay."
            ),
            "button": _("Close the report"),
        },
    )


@require_POST
def duty_reopen(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Take numbers for it again."""
    found = _planned(request, uid)
    return _do(
        request, found, lambda: found.reopen(by=request.user), _("Numbers are taken for it again.")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def duty_put_off(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Expect it by another date."""
    found = _planned(request, uid)
    due = localtime(found.due, request.initiative.zone).date()
    return _answer(
        request,
        found,
        DueForm(request.POST or None, initiative=request.initiative, initial={"due": due}),
        lambda data: found.put_off(by=request.user, **data),
        _("The date is changed. The partner was told."),
        {
            "title": _("Give it another date"),
            "lede": _("Reminders go by the new date."),
            "button": _("Change the date"),
        },
    )


def _planned(request: SignedInRequest, uid: UUID) -> Any:
    found = find(request, uid)
    if not may_plan_duties(request.membership):
        raise PermissionDenied
    return found


def _do(
    request: SignedInRequest, found: ReportDuty, act: Callable[[], None], done: str
) -> HttpResponse:
    """Call a verb that needs nothing more."""
    return pressed(request, act, done, back=found, faster=messages.warning)


def _answer(
    request: SignedInRequest,
    found: ReportDuty,
    form: forms.Form,
    act: Callable[[dict[str, Any]], None],
    done: str,
    page: dict[str, Any],
) -> HttpResponse:
    """A form on a page of its own, and the verb once it is filled in well."""
    if answer := submitted(
        request, form, lambda: act(form.cleaned_data), done, back=found, faster=messages.warning
    ):
        return answer
    context = {
        "form": form,
        "duty": found,
        "back": found.get_absolute_url(),
        "crumbs": crumb(request),
        **page,
    }
    status = 422 if form.errors else 200
    return render(request, "measurement/duties/form.html", context, status=status)
