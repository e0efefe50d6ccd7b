"""Seats: offered, chosen by residents, taken through their gate, left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda import bodies
from agenda.forms.committees import AlternateForm, EndForm, PreferForm, SeatForm
from agenda.permissions import may_manage_committees, may_offer_seat
from agenda.views.committees import find, form_page, trail
from ciforum.people import clock
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from ciforum.people.transitions import StateChanged
from equity.forms import put
from equity.gates import GateClosed
from equity.models import LedgerEntry, Policy, Seat, is_resident
from equity.presenting import Answers, present
from equity.steps import take_seat

ENTRIES = 10


@public
@require_safe
def seat(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """One seat: who holds it, how she was chosen, and what can be done now."""
    found = _find(request, uid)
    answers = _answers(request, found)
    return render(
        request,
        "agenda/committees/seat.html",
        {
            "seat": found,
            "name": bodies.name_for(found, request.membership),
            "crumbs": trail(request, found.committee),
            "counts": found.state == Seat.State.SEATED and found.is_seated(),
            "chosen": found.resident_choosers() if found.is_lived else 0,
            "needed": Policy.of(request.initiative).resident_choosers,
            "answers": answers,
            "held": answers if answers and answers.unmet and "held" in request.GET else None,
            "entries": LedgerEntry.objects.about(found)[:ENTRIES] if request.membership else [],
            "language": get_language_info(found.language)["name_translated"],
            **_doing(request, found),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def seat_offer(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Offer a seat; a resident puts forward somebody for lived experience."""
    committee = find(request, slug)
    if not may_offer_seat(request.membership):
        raise PermissionDenied
    lived_only = not may_manage_committees(request.membership)
    form = SeatForm(request.POST or None, committee=committee, lived_only=lived_only)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        fields["term_ends"] = clock.end_of_day(fields["term_ends"], committee.initiative.time_zone)
        try:
            made = Seat.offer(committee=committee, by=request.user, **fields)
        except ValidationError as error:
            put(form, error)
        except StateChanged as changed:
            messages.warning(request, str(changed))
            return redirect(committee)
        else:
            messages.success(request, _("Offered. She is told, and takes the seat herself."))
            return redirect(made)
    page = {
        "title": _("Put somebody forward for a seat") if lived_only else _("Offer a seat"),
        "lede": _(
            "A seat for lived experience belongs to whom residents chose. Staff cannot appoint her."
        ),
        "button": _("Offer the seat"),
        "back": committee.get_absolute_url(),
    }
    return form_page(request, form, page, committee)


@require_POST
def seat_choose(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """A resident says that residents chose the holder."""
    found = _find(request, uid)
    if not is_resident(request.membership):
        raise PermissionDenied
    return _do(
        request,
        found,
        lambda: found.choose(by=request.membership),
        _("Thank you. It is noted that residents chose her."),
    )


@require_POST
def seat_take(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """The holder takes it, or reads what still holds it."""
    found = _find(request, uid)
    _must_hold(request, found)
    try:
        return _do(
            request,
            found,
            lambda: found.take(by=request.user),
            _("The seat is yours. You speak and vote from it now."),
        )
    except GateClosed:
        # To an address of its own: it can be read again, and says what is still missing then.
        return redirect(f"{found.get_absolute_url()}?held=1")


@require_http_methods(["GET", "HEAD", "POST"])
def seat_alternate(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """The holder names who speaks when she cannot."""
    found = _find(request, uid)
    _must_hold(request, found)
    form = AlternateForm(request.POST or None, seat=found)
    page = {
        "title": _("Who speaks when you cannot"),
        "lede": _("Your alternate is told. You can name another at any time."),
        "button": _("Save"),
    }
    return _form(
        request, found, form, page, lambda data: found.name_alternate(by=request.user, **data)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def seat_prefer(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """The holder says how she is shown and reached; staff may note it while it is offered."""
    found = _find(request, uid)
    if not (_holds(request, found) or _staff_may_note(request, found)):
        raise PermissionDenied
    form = PreferForm(request.POST or None, seat=found)
    page = {
        "title": _("How you are shown and reached"),
        "lede": _("Only the name is public. How you are reached is seen by you and the backbone."),
        "button": _("Save"),
    }
    return _form(request, found, form, page, lambda data: found.prefer(by=request.user, **data))


@require_http_methods(["GET", "HEAD", "POST"])
def seat_end(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """The holder declines or resigns; staff end what is theirs to end."""
    found = _find(request, uid)
    if not (_holds(request, found) or may_manage_committees(request.membership)):
        raise PermissionDenied
    if why := found.why_not_end(request.user):
        messages.error(request, why)
        return redirect(found)
    form = EndForm(request.POST or None)
    page = {
        "title": _end_label(request, found),
        "lede": _("It stays on the committee's page, with its dates."),
        "button": _end_label(request, found),
    }
    return _form(
        request, found, form, page, lambda data: found.end(by=request.user, because=data["because"])
    )


def _form(
    request: SignedInRequest,
    found: Seat,
    form: Any,
    page: dict[str, Any],
    verb: Callable[[dict[str, Any]], None],
) -> HttpResponse:
    """A form about a seat, and the verb once it is filled in well."""
    if request.method == "POST" and form.is_valid():
        try:
            verb(form.cleaned_data)
        except ValidationError as error:
            put(form, error)
        except StateChanged as changed:
            messages.warning(request, str(changed))
            return redirect(found)
        else:
            messages.success(request, _("Saved."))
            return redirect(found)
    return form_page(request, form, {"back": found.get_absolute_url(), **page}, found.committee)


def _do(request: SignedInRequest, found: Seat, verb: Callable[[], None], done: str) -> HttpResponse:
    try:
        verb()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except StateChanged as changed:
        messages.warning(request, str(changed))
    else:
        messages.success(request, done)
    return redirect(found)


def _find(request: MemberRequest, uid: UUID) -> Seat:
    every = Seat.objects.for_initiative(request.initiative)
    found: Seat = get_object_or_404(
        every.select_related(
            *("committee__initiative", "holder__user", "alternate__user", "organization"),
            *("group", "initiative", "ended_by"),
        ),
        uid=uid,
    )
    return found


def _answers(request: MemberRequest, found: Seat) -> Answers | None:
    """What the gate says of an offer now, for members."""
    if found.state != Seat.State.OFFERED or request.membership is None:
        return None
    return present(take_seat.ask(found), record=found, member=request.membership)


def _doing(request: MemberRequest, found: Seat) -> dict[str, Any]:
    """What this reader can do, and why she cannot do the rest."""
    if request.membership is None or found.state == Seat.State.ENDED:
        return {}
    holds, staff = _holds(request, found), may_manage_committees(request.membership)
    return {
        "holds": holds,
        "is_staff": staff,
        "sees_channel": holds or staff,
        "may_note": _staff_may_note(request, found),
        "why_not_choose": _why_not_choose(request, found),
        "asks_residents": found.is_lived and found.state == Seat.State.OFFERED,
        "end_label": _end_label(request, found),
        "why_not_end": found.why_not_end(request.user),
    }


def _why_not_choose(request: MemberRequest, found: Seat) -> str:
    if found.holder.user_id == request.user.pk:
        return _("Somebody else has to say that residents chose you.")
    if request.membership is None or not is_resident(request.membership):
        return _("Residents say this: community members who do not work for the backbone.")
    if found.has_chosen(request.user):
        return _("You said so already.")
    return ""


def _end_label(request: MemberRequest, found: Seat) -> str:
    if not _holds(request, found):
        offered = found.state == Seat.State.OFFERED
        return _("Take the offer back") if offered else _("End this seat")
    return _("Decline the seat") if found.state == Seat.State.OFFERED else _("Leave the seat")


def _holds(request: MemberRequest, found: Seat) -> bool:
    return request.membership is not None and found.holder.user_id == request.user.pk


def _staff_may_note(request: MemberRequest, found: Seat) -> bool:
    return found.state == Seat.State.OFFERED and may_manage_committees(request.membership)


def _must_hold(request: SignedInRequest, found: Seat) -> None:
    if not _holds(request, found):
        raise PermissionDenied
