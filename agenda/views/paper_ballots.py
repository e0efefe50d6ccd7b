"""Ballots on paper: a sheet to print, and writing down what came back, or by phone."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from agenda import answers
from agenda.forms.ballots import RecordForm
from agenda.models import Decision, Round
from agenda.views.ballots import find_decision, way, why_closed
from agenda.views.booth import sent
from ciforum.people import clock
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from equity.forms import put
from equity.seats import SeatQuerySet


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def ballot_record(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Write down a ballot given by phone, on paper or in person; its seat is told."""
    decision = find_decision(request, uid)
    if not decision.may_record(request.user):
        raise PermissionDenied
    round = decision.round
    if decision.secret or round is None or not _is_open(decision, round):
        return _cannot(request, decision)
    form = RecordForm(
        request.POST or None,
        decision=decision,
        round=round,
        seats=_silent(decision, round, request),
        initial={"key": uuid.uuid4()},
    )
    if request.method != "POST" or not form.is_valid() or request.POST.get("step") == "change":
        return _page(request, decision, form, status=422 if form.errors else 200)
    if request.POST.get("step") == "cast":
        return _write(request, decision, form)
    page = {
        "lines": answers.in_words(decision, form.labels, form.cleaned_data["choice"]),
        "sent": sent(form),
        "seat": form.cleaned_data["seat"],
    }
    return _page(request, decision, form, **page)


@public
@require_safe
def ballot_print(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """The ballot as a sheet of paper, in every language of the initiative."""
    decision = find_decision(request, uid)
    round = decision.round
    ready = round is not None and not decision.secret and decision.state in ("last_word", "voting")
    page: dict[str, Any] = {"decision": decision, "crumbs": way(request, decision)}
    if ready and round is not None:
        page["sheets"] = [_sheet(decision, round, code) for code in _languages(decision, round)]
        page["round"] = round
    return render(request, "agenda/voices/ballot_print.html", page)


# --- inside


def _write(request: SignedInRequest, decision: Decision, form: RecordForm) -> HttpResponse:
    values = form.cleaned_data
    try:
        decision.cast(
            seat=values["seat"],
            choice=values["choice"],
            reason=values["reason"],
            key=values["key"],
            by=request.user,
            recorded=True,
            channel=values["channel"],
        )
    except StateChanged as changed:
        form.add_error(None, str(changed))
    except ValidationError as error:
        put(form, error)
    else:
        text = _("Written down. %(seat)s is told, and can take it back until the vote ends.")
        messages.success(request, text % {"seat": values["seat"].public_name})
        return redirect(decision)
    return _page(request, decision, form, status=409)


def _is_open(decision: Decision, round: Round) -> bool:
    return bool(
        decision.state == "voting" and round.voting_until and clock.now() <= round.voting_until
    )


def _silent(decision: Decision, round: Round, request: SignedInRequest) -> SeatQuerySet:
    """The seats that may vote and have not; her own are no ballots to write down."""
    back = decision.recusals().values("seat")
    waiting = round.electors.exclude(seat__in=decision.voted_seats()).exclude(seat__in=back)
    seats = decision.committee.seated().filter(pk__in=waiting.values("seat"))
    own = seats.held_by(request.user).values("pk")
    return seats.exclude(pk__in=list(own.values_list("pk", flat=True))).select_related(
        "holder__user"
    )


def _page(
    request: SignedInRequest,
    decision: Decision,
    form: RecordForm,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    page = {"decision": decision, "form": form, "crumbs": way(request, decision), **more}
    return render(request, "agenda/voices/ballot_record.html", page, status=status)


def _cannot(request: SignedInRequest, decision: Decision) -> HttpResponse:
    why = (
        _("This ballot is secret, so nobody can give it by phone or on paper.")
        if decision.secret
        else why_closed(decision, list(decision.committee.seated()))
    )
    page = {"decision": decision, "why": why, "crumbs": way(request, decision)}
    status = 409 if request.method == "POST" else 200
    return render(request, "agenda/voices/ballot_closed.html", page, status=status)


def _languages(decision: Decision, round: Round) -> list[str]:
    """Those of the initiative in which the text stands; or those in which it stands at all."""
    spoken = [code for code in decision.initiative.languages if round.paper["text"].get(code)]
    return spoken or [code for code, text in round.paper["text"].items() if text]


def _sheet(decision: Decision, round: Round, code: str) -> dict[str, Any]:
    """One language's half of the paper, its words fixed in that language."""
    with override(code):
        return {
            "code": code,
            "language": get_language_info(code)["name_local"],
            "title": str(Words(round.paper["title"])),
            "text": str(Words(round.paper["text"])),
            "answers": [
                {"value": each.value, "label": str(each.label), "means": str(each.means)}
                for each in answers.answers(decision.method)
            ],
            "options": [str(label) for label in answers.options(round).values()],
        }
