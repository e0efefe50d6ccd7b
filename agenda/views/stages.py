"""Taking a decision from stage to stage: each button tries one verb and its gate."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agenda.deciding import standing
from agenda.forms.decisions import RecuseForm, WithdrawForm
from agenda.models import Decision
from agenda.permissions import may_take_on
from agenda.views.decisions import find, forms_page
from ciforum.people.requests import SignedInRequest
from ciforum.people.transitions import StateChanged
from equity.forms import put
from equity.gates import GateClosed
from equity.models import Seat

READ_OR_SEND = require_http_methods(["GET", "HEAD", "POST"])


@READ_OR_SEND
def decision_open_input(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Let everybody say what they think."""
    done = _("It is open for input. Everybody who belongs here is told.")
    return _step(request, uid, lambda found: found.open_input(by=request.user), done)


@READ_OR_SEND
def decision_open_last_word(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Settle the text, and ask the seats for lived experience."""
    done = _("The last word is open. The text is settled; the seats for lived experience are told.")
    return _step(request, uid, lambda found: found.open_last_word(by=request.user), done)


@READ_OR_SEND
def decision_open_voting(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Open the vote, or say everything that holds it."""
    done = _("The vote is open. Every seat has its link to the ballot.")
    return _step(request, uid, lambda found: found.open_voting(by=request.user), done)


@READ_OR_SEND
def decision_again(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Too few voted: another round."""
    done = _("It is in deliberation again.")
    return _step(request, uid, lambda found: found.decide_again(by=request.user), done)


@READ_OR_SEND
def decision_close(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Seal it, or say everything that holds that."""
    done = _("Closed. Nothing in it can change any more.")
    return _step(request, uid, lambda found: found.close(by=request.user), done)


@READ_OR_SEND
def decision_retry(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Try again to put in force what a rule held."""
    found = find(request, uid)
    if request.method != "POST":
        return redirect(found)
    answer = _step(request, uid, lambda each: each.retry_effect(by=request.user), "")
    outcome = Decision.objects.get(pk=found.pk).outcome
    if outcome and outcome.effect_state == "done":
        messages.success(request, _("It is in force now."))
    elif outcome:
        messages.warning(request, _("A rule still holds it. What is missing stands below."))
    return answer


@READ_OR_SEND
def decision_withdraw(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Give it up, with the reason."""
    found = find(request, uid)
    must_take_on(request, found)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        verb = partial(found.withdraw, by=request.user, **form.cleaned_data)
        if done := attempt(request, found, form, verb, _("Withdrawn. The reason is public.")):
            return done
    return forms_page(request, found, "withdraw", form=form)


@READ_OR_SEND
def decision_recuse(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """A seat-holder stands back because of an interest."""
    found = find(request, uid)
    who = standing.reader(found, request.membership)
    if not who.seats:
        raise PermissionDenied
    free = standing.may_stand_back(found, who.seats)
    seats = Seat.objects.filter(pk__in=[seat.pk for seat in free]).select_related("holder__user")
    form = RecuseForm(request.POST or None, seats=seats)
    if request.method == "POST" and form.is_valid():
        verb = partial(found.recuse, by=request.user, **form.cleaned_data)
        if done := attempt(request, found, form, verb, _("Noted. Your seat stands back.")):
            return done
    return forms_page(request, found, "recuse", form=form, seats=list(seats))


# --- what the pages of a decision share


def must_take_on(request: SignedInRequest, found: Decision) -> None:
    if not may_take_on(request.membership, found):
        raise PermissionDenied


def attempt(
    request: SignedInRequest,
    found: Decision,
    form: Any,
    verb: Callable[[], Any],
    done: str,
    to: str = "",
) -> HttpResponse | None:
    """Call one verb: back with a message, or None with the objection put on the form."""
    try:
        verb()
    except ValidationError as error:
        put(form, error)
        found.refresh_from_db()
        return None
    except StateChanged as changed:
        messages.warning(request, str(changed))
    else:
        messages.success(request, done)
    return redirect(to or found.get_absolute_url())


def _step(
    request: SignedInRequest, uid: UUID, verb: Callable[[Decision], None], done: str
) -> HttpResponse:
    """Try one step of its way; a held one answers at an address of its own."""
    found = find(request, uid)
    if request.method != "POST":
        return redirect(found)
    must_take_on(request, found)
    try:
        verb(found)
    except GateClosed:
        return redirect(f"{found.get_absolute_url()}?held=1")
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
    except StateChanged as changed:
        messages.warning(request, str(changed))
    else:
        if done:
            messages.success(request, done)
    return redirect(found)
