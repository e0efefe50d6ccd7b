"""The last word, for those who reach the seats: who has spoken, who is waited for, and why."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda.deciding import heard, standing
from agenda.forms.decisions import RecordedWordForm, TryForm
from agenda.models import ContactTry, Decision
from agenda.views.decisions import find, forms_page
from agenda.views.stages import attempt, must_take_on
from ciforum.people.requests import SignedInRequest
from ciforum.people.transitions import StateChanged
from equity.models import Policy, Seat


@require_safe
def decision_hearing(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Each seat for lived experience: its state, every try, and what is missing."""
    found = find(request, uid)
    who = standing.reader(found, request.membership)
    seats = heard.seats(found, who)
    return forms_page(
        request,
        found,
        "hearing",
        seats=seats,
        who=who,
        heard=sum(each.state == "ok" for each in seats),
        policy=Policy.of(request.initiative),
        until=standing.when(standing.until(found), request.initiative.zone),
        is_open=found.state == "last_word",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def hearing_try(request: SignedInRequest, initiative: str, uid: UUID, seat: UUID) -> HttpResponse:
    """Note a try to reach a seat; it goes to the ledger."""
    found, about = _find(request, uid, seat)
    initial = {"channel": about.channel, "language": about.language}
    form = TryForm(request.POST or None, initiative=request.initiative, initial=initial)
    if request.method == "POST" and form.is_valid():
        verb = partial(found.log_try, seat=about, by=request.user, **form.cleaned_data)
        done = _("Noted, in the ledger too.")
        if answer := attempt(request, found, form, verb, done, to=_hearing(found)):
            return answer
    return _seat_page(request, found, about, "hearing_try", form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def hearing_word(request: SignedInRequest, initiative: str, uid: UUID, seat: UUID) -> HttpResponse:
    """Write down a last word that came by phone, on paper or in person."""
    found, about = _find(request, uid, seat)
    form = RecordedWordForm(
        request.POST or None,
        may_send_back=not found.was_sent_back,
        initial={"language": about.language, "channel": about.channel},
    )
    if request.method == "POST" and form.is_valid():
        verb = partial(found.speak, seat=about, by=request.user, recorded=True, **form.cleaned_data)
        done = _("Written down. She is told, and can stand by it or take it back.")
        if answer := attempt(request, found, form, verb, done):
            return answer
    return _seat_page(request, found, about, "hearing_word", form=form)


@require_POST
def try_dispute(request: SignedInRequest, initiative: str, uid: UUID, tried: UUID) -> HttpResponse:
    """She says that a try did not happen: it no longer counts."""
    found = find(request, uid)
    own = ContactTry.objects.for_initiative(request.initiative).filter(round__decision=found)
    about = get_object_or_404(own.select_related("seat__holder", "seat__alternate"), uid=tried)
    if not about.seat.may_speak(request.user):
        raise PermissionDenied
    try:
        found.dispute_try(about, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except StateChanged as changed:
        messages.warning(request, str(changed))
    else:
        messages.success(request, _("Noted: this try does not count."))
    return redirect(_hearing(found))


def _find(request: SignedInRequest, uid: UUID, seat: UUID) -> tuple[Decision, Seat]:
    found = find(request, uid)
    must_take_on(request, found)
    own = Seat.objects.for_initiative(request.initiative).filter(committee=found.committee)
    return found, get_object_or_404(own.select_related("holder__user", "committee"), uid=seat)


def _seat_page(
    request: SignedInRequest, found: Decision, about: Seat, template: str, **more: Any
) -> HttpResponse:
    wishes = heard.wishes(about)
    return forms_page(
        request, found, template, seat=about, wishes=wishes, back=_hearing(found), **more
    )


def _hearing(found: Decision) -> str:
    return reverse("agenda:decision_hearing", args=[found.initiative.slug, found.uid])
