"""Agreements to report again and again, single reports, and reminders."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ciforum.people.requests import SignedInRequest
from equity.forms import put
from measurement.forms.duties import (
    EndRuleForm,
    OnceForm,
    RuleForm,
    ScheduleForm,
    reminder_words,
)
from measurement.models import ReminderMute, ReminderSchedule, ReportDuty, ReportingRule
from measurement.permissions import hands_in_for, may_plan_duties, may_see_duties, may_see_duty
from measurement.views.answering import submitted
from measurement.views.duties import crumb

ON_A_PAGE = 40
# Of one form: so many partners times indicators.
AT_ONCE = 400


@require_safe
def duty_rules(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Every agreement that stands, and those that ended."""
    if not may_see_duties(request.membership):
        raise PermissionDenied
    found = ReportingRule.objects.for_initiative(request.initiative)
    if not may_plan_duties(request.membership):
        found = found.filter(organization__in=hands_in_for(request.membership))
    listed = found.select_related("indicator", "organization", "initiative").order_by(
        "ended_at", "organization__name", "indicator__slug", "pk"
    )
    context = {
        "crumbs": crumb(request),
        "page": Paginator(listed, ON_A_PAGE).get_page(request.GET.get("page")),
        "may_plan": may_plan_duties(request.membership),
        "days": [reminder_words(day) for day in ReminderSchedule.days_of(request.initiative)],
    }
    return render(request, "measurement/duties/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def duty_rule_new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Agree that partners hand in indicators again and again."""
    _must_plan(request)
    form = RuleForm(request.POST or None, initiative=request.initiative)
    page = {
        "title": _("Agree on reports"),
        "lede": _("Each partner you choose hands in each indicator you choose, again and again."),
        "button": _("Agree on it"),
        "back": reverse("measurement:duty_rules", args=[initiative]),
    }
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = _for_each(
            form, lambda **pair: ReportingRule.agree(by=request.user, **pair, **_times(data))
        )
        if made is not None:
            text = ngettext("%(n)s agreement is made.", "%(n)s agreements are made.", made)
            messages.success(request, text % {"n": made})
            return redirect("measurement:duty_rules", initiative)
    return _form(request, form, page)


def _times(data: dict[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in ("every", "days_after", "begins")}


def _for_each(form: Any, act: Any) -> int | None:
    """Do it for every partner and indicator, leaving out what is there; None on a refusal."""
    organizations = form.cleaned_data["organizations"]
    indicators = form.cleaned_data["indicators"]
    if len(organizations) * len(indicators) > AT_ONCE:
        form.add_error(
            None,
            _("This makes more than %(most)s at once. Choose fewer partners or indicators.")
            % {"most": AT_ONCE},
        )
        return None
    made, known = 0, None
    for organization in organizations:
        for indicator in indicators:
            try:
                act(indicator=indicator, organization=organization)
                made += 1
            except ValidationError as error:
                known = error
    if not made and known:
        put(form, known)
        return None
    return made


@require_http_methods(["GET", "HEAD", "POST"])
def duty_new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Expect a report once."""
    _must_plan(request)
    form = OnceForm(request.POST or None, initiative=request.initiative)
    page = {
        "title": _("Ask for a report once"),
        "lede": _("Each partner you choose hands in each indicator you choose, for one period."),
        "button": _("Ask for it"),
        "back": reverse("measurement:duties", args=[initiative]),
    }
    if request.method == "POST" and form.is_valid():
        period, due = form.period(), form.cleaned_data["due"]
        made = _for_each(
            form,
            lambda **pair: ReportDuty.expect(period=period, due=due, by=request.user, **pair),
        )
        if made is not None:
            text = ngettext("%(n)s report is expected.", "%(n)s reports are expected.", made)
            messages.success(request, text % {"n": made})
            return redirect("measurement:duties", initiative)
    return _form(request, form, page)


@require_http_methods(["GET", "HEAD", "POST"])
def duty_rule_end(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Let an agreement end."""
    _must_plan(request)
    own = ReportingRule.objects.for_initiative(request.initiative)
    rule = get_object_or_404(own.select_related("indicator", "organization", "initiative"), uid=uid)
    form = EndRuleForm(request.POST or None, initiative=request.initiative)
    if answer := submitted(
        request,
        form,
        lambda: rule.end(by=request.user, words=form.cleaned_data["words"]),
        _("The agreement has ended."),
        back=reverse("measurement:duty_rules", args=[initiative]),
        faster=messages.warning,
    ):
        return answer
    page = {
        "title": _("End this agreement"),
        "lede": str(rule),
        "button": _("End it"),
        "back": reverse("measurement:duty_rules", args=[initiative]),
    }
    return _form(request, form, page)


def _form(request: SignedInRequest, form: Any, page: dict[str, Any]) -> HttpResponse:
    context = {"form": form, "crumbs": crumb(request), **page}
    status = 422 if form.errors else 200
    return render(request, "measurement/form.html", context, status=status)


def _must_plan(request: SignedInRequest) -> None:
    if not may_plan_duties(request.membership):
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
def duty_reminders(request: SignedInRequest, initiative: str) -> HttpResponse:
    """When reminders go out; and, for a partner, which she does not want. The mails lead here."""
    if not may_see_duties(request.membership):
        raise PermissionDenied
    may_plan = may_plan_duties(request.membership)
    days = ReminderSchedule.days_of(request.initiative)
    form = ScheduleForm(request.POST or None, initial=ScheduleForm.of(days)) if may_plan else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid() and _choose(request, form):
            return redirect("measurement:duty_reminders", initiative)
    context = {
        "crumbs": crumb(request),
        "form": form,
        "days": [reminder_words(day) for day in days],
        "hands_in": bool(hands_in_for(request.membership)),
        **_mutes(request),
    }
    status = 422 if form and form.errors else 200
    return render(request, "measurement/duties/reminders.html", context, status=status)


def _choose(request: SignedInRequest, form: ScheduleForm) -> bool:
    try:
        ReminderSchedule.choose(initiative=request.initiative, days=form.days, by=request.user)
    except ValidationError as error:
        put(form, error)
        return False
    messages.success(request, _("Partners are reminded on these days from now on."))
    return True


def _mutes(request: SignedInRequest) -> dict[str, Any]:
    """What she muted, and the report the mail was about."""
    mutes = ReminderMute.objects.for_initiative(request.initiative).filter(user=request.user)
    listed = list(mutes.select_related("duty__indicator", "duty__period", "duty__initiative"))
    muted = {each.duty_id for each in listed}
    asked = _asked(request, request.GET.get("duty", ""))
    return {
        "mutes": [each for each in listed if each.duty],
        "is_all_muted": None in muted,
        "asked": asked if asked and asked.pk not in muted else None,
    }


def _asked(request: SignedInRequest, uid: str) -> Any:
    try:
        known = UUID(uid)
    except ValueError:
        return None
    own = ReportDuty.objects.for_initiative(request.initiative).filter(
        organization__in=hands_in_for(request.membership)
    )
    return own.select_related("indicator", "period", "organization").filter(uid=known).first()


@require_POST
def duty_mute(request: SignedInRequest, initiative: str) -> HttpResponse:
    """No more reminders of one report (`duty`), or of any here; or again, with `undo`."""
    if not may_see_duties(request.membership):
        raise PermissionDenied
    uid = request.POST.get("duty", "")
    duty = _asked(request, uid)
    if uid and duty is None:
        raise PermissionDenied
    if duty and not may_see_duty(request.membership, duty):
        raise PermissionDenied
    change = ReminderMute.unmute if request.POST.get("undo") else ReminderMute.mute
    change(initiative=request.initiative, user=request.user, duty=duty)
    if request.POST.get("undo"):
        messages.success(request, _("You are reminded again."))
    elif duty:
        messages.success(request, _("You get no more reminders of this report."))
    else:
        messages.success(request, _("You get no more reminders from this initiative."))
    return redirect("measurement:duty_reminders", initiative)
