"""What becomes of a systems shift: proposed, changed, claimed, confirmed, disputed, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ciforum.people.requests import SignedInRequest
from ciforum.people.transitions import StateChanged
from equity.forms import put
from equity.gates import GateClosed
from measurement.forms.shifts import AimForm, ShiftForm, WordsForm
from measurement.models import Indicator, SystemsShift
from measurement.shifting import shift_permissions as rights
from measurement.views.answering import pressed, submitted
from measurement.views.shifts import crumbs, find


@require_http_methods(["GET", "HEAD", "POST"])
def shift_new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Write down a change, seen or hoped for; `?indicator=` names the measure it should move."""
    if not rights.may_propose_shift(request.membership):
        raise PermissionDenied
    form = ShiftForm(request.POST or None, initiative=request.initiative, initial=_meant(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = SystemsShift.propose(
                initiative=request.initiative, by=request.user, **form.values()
            )
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(request, _("It is written down. Add how you know of it."))
            return redirect(made)
    return form_page(
        request,
        form,
        title=_("Write down a change"),
        lede=_(
            "A rule, a habit, a flow of money, who decides, what people believe: what is or "
            "should be different. Members see it; it is public once it is claimed."
        ),
        button=_("Write it down"),
        back=reverse("measurement:shifts", args=[request.initiative.slug]),
    )


def _meant(request: SignedInRequest) -> dict[str, Any]:
    """The measure from which she came."""
    own = Indicator.objects.for_initiative(request.initiative)
    return {"indicators": own.filter(slug=request.GET.get("indicator", ""))}


@require_http_methods(["GET", "HEAD", "POST"])
def shift_edit(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Change its words while it is hoped for."""
    found = find(request, uid)
    if not rights.may_edit_shift(request.membership, found):
        raise PermissionDenied
    form = ShiftForm(request.POST or None, initiative=request.initiative, instance=found)
    return asked(
        request,
        found,
        form,
        lambda: found.edit(by=request.user, **form.values()),
        _("The changes are saved."),
        title=_("Change the words"),
        lede=_("Once it is claimed, the words stay as they are."),
        button=_("Save the changes"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def shift_aim(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Say which measures it is meant to move."""
    found = find(request, uid)
    if not rights.may_aim_shift(request.membership, found):
        raise PermissionDenied
    form = AimForm(request.POST or None, shift=found)
    return asked(
        request,
        found,
        form,
        lambda: found.aim(indicators=form.cleaned_data.get("indicators", []), by=request.user),
        _("It is noted which measures it is meant to move."),
        title=_("Which measures should move?"),
        lede=_("Each measure's page shows the changes that are meant to move it."),
        button=_("Save"),
    )


@require_POST
def shift_claim(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Say in public that it happened."""
    found = find(request, uid)
    if not rights.may_claim_shift(request.membership):
        raise PermissionDenied
    return _step(
        request,
        found,
        lambda: found.claim(by=request.user),
        _("It is public, marked as not yet confirmed. Community seats are asked."),
    )


@require_POST
def shift_again(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Work on a disputed one again."""
    found = find(request, uid)
    if not rights.may_claim_shift(request.membership):
        raise PermissionDenied
    return _step(
        request,
        found,
        lambda: found.take_up_again(by=request.user),
        _("Its words can be changed again. Every seat is asked afresh once it is claimed."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def shift_confirm(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Try the gate: confirmed, or held with every unmet rule at once."""
    found = find(request, uid)
    if request.method != "POST":
        return redirect(found)
    if not rights.may_confirm_shift(request.membership):
        raise PermissionDenied
    try:
        found.confirm(by=request.user)
    except GateClosed:
        # To an address of its own: it can be read again, and says what is still missing then.
        return redirect(f"{found.get_absolute_url()}?held=1")
    except StateChanged as changed:
        messages.warning(request, str(changed))
    else:
        messages.success(request, _("It is confirmed."))
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
def shift_dispute(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Say in public why it did not happen, or does not hold."""
    found = find(request, uid)
    if not rights.may_dispute_shift(request.membership):
        raise PermissionDenied
    form = _reason(request, _("Why it is not so"))
    return asked(
        request,
        found,
        form,
        lambda: found.dispute(reason=form.cleaned_data["reason"], by=request.user),
        _("It is marked as disputed, with the reason."),
        title=_("Dispute it"),
        lede=_("It stays on the public log, marked as disputed, with your reason beside it."),
        button=_("Dispute it"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def shift_withdraw(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Take it back for good."""
    found = find(request, uid)
    if not rights.may_withdraw_shift(request.membership, found):
        raise PermissionDenied
    form = _reason(request, _("Why it is taken back"))
    return asked(
        request,
        found,
        form,
        lambda: found.withdraw(reason=form.cleaned_data["reason"], by=request.user),
        _("It is withdrawn."),
        title=_("Withdraw the shift"),
        lede=_("It leaves the public log for good. The day and the reason stay."),
        button=_("Withdraw it for good"),
    )


def _reason(request: SignedInRequest, label: str) -> WordsForm:
    return WordsForm(
        request.POST or None, initiative=request.initiative, name="reason", label=label
    )


def _step(
    request: SignedInRequest, found: SystemsShift, verb: Callable[[], Any], done: str
) -> HttpResponse:
    """A change by one button."""
    return pressed(request, verb, done, back=found)


def asked(
    request: SignedInRequest,
    found: SystemsShift,
    form: Any,
    verb: Callable[[], Any],
    done: str,
    **page: Any,
) -> HttpResponse:
    """A change by a form on a page of its own."""
    if answer := submitted(request, form, verb, done, back=found, faster=messages.warning):
        return answer
    return form_page(request, form, back=found.get_absolute_url(), shift=found, **page)


def form_page(request: SignedInRequest, form: Any, **page: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"form": form, "crumbs": crumbs(request), **page}
    return render(request, "measurement/shifts/form.html", context, status=status)
