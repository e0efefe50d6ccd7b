"""Data we asked for: the public list, each request, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ciforum.people import clock
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from equity.forms import put
from measurement.forms.requests import AnswerForm, EscalationForm, RequestForm
from measurement.models import DataRequest, Indicator, Release
from measurement.permissions import may_ask_for_data, may_release
from measurement.views.crumbs import trail

ON_A_PAGE = 20
STATES = ("waiting", "overdue", "refused", "shared")


@public
@require_safe
def requests(request: MemberRequest, initiative: str) -> HttpResponse:
    """Every request, newest first; how long we have waited, and what came of it."""
    own = DataRequest.objects.for_initiative(request.initiative)
    by_state = {state: own.filter(**_filter(state)) for state in STATES}
    state = request.GET.get("state", "")
    found = by_state.get(state, own).select_related("indicator", "dimension", "initiative")
    return render(
        request,
        "measurement/requests.html",
        {
            "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
            "counts": {name: each.count() for name, each in by_state.items()},
            "state": state if state in STATES else "",
            "crumbs": trail(request),
        },
    )


def _filter(state: str) -> dict[str, Any]:
    sent = DataRequest.State.SENT
    match state:
        case "waiting":
            return {"state": sent, "due__gte": clock.now()}
        case "overdue":
            return {"state": sent, "due__lt": clock.now()}
        case _:
            return {"state": state}


@public
@require_safe
def request(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """One request: what we ask, of whom, since when, and every word that came back."""
    found = _find(request, uid)
    may_ask = may_ask_for_data(request.membership)
    can_escalate = not found.escalated_at and (found.is_overdue or found.state == "refused")
    return render(
        request,
        "measurement/request.html",
        {
            "each": found,
            "crumbs": trail(request, found.indicator if _is_open(request, found) else None),
            "can_answer": may_ask and found.state == DataRequest.State.SENT,
            "can_escalate": may_ask and can_escalate,
            "links_indicator": _is_open(request, found),
            "draft": _draft(found.indicator) if may_release(request.membership) else None,
        },
    )


def _is_open(request: MemberRequest, found: DataRequest) -> bool:
    """May this reader open the indicator's page?"""
    return (
        request.membership is not None
        or found.indicator.releases.filter(state="published").exists()
    )


@require_http_methods(["GET", "HEAD", "POST"])
def request_new(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Ask a holder for groups nobody shows us, in public."""
    own = Indicator.objects.for_initiative(request.initiative).select_related("initiative")
    indicator = get_object_or_404(own, slug=slug)
    _must_ask(request)
    form = RequestForm(request.POST or None, indicator=indicator)
    return _answer(
        request,
        form,
        lambda data: DataRequest.send(indicator=indicator, by=request.user, **data),
        _("The request is public. Send its address to the holder."),
        {
            "title": _("Ask for data"),
            "lede": _lede(indicator),
            "button": _("Publish the request"),
            "back": indicator.get_absolute_url(),
            "crumbs": trail(request, indicator),
        },
    )


def _lede(indicator: Indicator) -> str:
    """What a request is; and which groups the release in preparation waits for."""
    public = _("The request is public from the moment you send it, with what comes of it.")
    draft = _draft(indicator)
    gaps = draft.missing_dimensions() if draft else []
    absent = [str(Words(name)) for gap in gaps for name in gap["groups"]]
    if not absent:
        return public
    return _("Nobody counts yet: %(groups)s.") % {"groups": ", ".join(absent)} + " " + public


def _draft(indicator: Indicator) -> Release | None:
    return indicator.releases.filter(state=Release.State.DRAFT).first()


@require_http_methods(["GET", "HEAD", "POST"])
def request_answer(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Write down what the holder said."""
    found = _find(request, uid)
    _must_ask(request)

    def record(data: dict[str, Any]) -> DataRequest:
        found.record_answer(by=request.user, **data)
        return found

    return _answer(
        request,
        AnswerForm(request.POST or None),
        record,
        _("The answer is public."),
        {
            "title": _("Write down the answer"),
            "lede": str(found.holder),
            "button": _("Publish the answer"),
            "back": found.get_absolute_url(),
            "crumbs": trail(request),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def request_escalate(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Take a request further in public."""
    found = _find(request, uid)
    _must_ask(request)

    def escalate(data: dict[str, Any]) -> DataRequest:
        found.escalate(by=request.user, **data)
        return found

    return _answer(
        request,
        EscalationForm(request.POST or None),
        escalate,
        _("Everybody can read now what happens next."),
        {
            "title": _("Take it further"),
            "lede": _("Releases stay open for this breakdown once everybody can read what we do."),
            "button": _("Publish what happens next"),
            "back": found.get_absolute_url(),
            "crumbs": trail(request),
        },
    )


def _answer(
    request: SignedInRequest,
    form: forms.BaseForm,
    verb: Callable[[dict[str, Any]], DataRequest],
    done: str,
    page: dict[str, Any],
) -> HttpResponse:
    """The form, and the verb once it is filled in well."""
    if request.method == "POST" and form.is_valid():
        try:
            found = verb(form.cleaned_data)
        except ValidationError as error:
            put(form, error)
        except StateChanged as changed:
            messages.warning(request, str(changed))
            return redirect(page["back"])
        else:
            messages.success(request, done)
            return redirect(found)
    status = 422 if form.errors else 200
    return render(request, "measurement/form.html", {"form": form, **page}, status=status)


def _find(request: MemberRequest, uid: UUID) -> DataRequest:
    own = DataRequest.objects.for_initiative(request.initiative)
    found: DataRequest = get_object_or_404(
        own.select_related("indicator", "dimension", "organization", "initiative"), uid=uid
    )
    return found


def _must_ask(request: SignedInRequest) -> None:
    if not may_ask_for_data(request.membership):
        raise PermissionDenied
