"""Data we asked for: the public list, each request, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ciforum.people import clock
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from ciforum.people.words import Words
from measurement.forms.requests import AnswerForm, EscalationForm, RequestForm
from measurement.models import DataRequest, Indicator, Release
from measurement.permissions import may_ask_for_data, may_release, may_sign_request
from measurement.releasing.asking import timeline
from measurement.views.answering import submitted
from measurement.views.crumbs import trail

ON_A_PAGE = 20
STATES = ("waiting", "overdue", "promised", "further", "refused", "shared")


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
            "counts": own.aggregate(
                **{name: Count("pk", filter=Q(**_filter(name))) for name in STATES}
            ),
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
        case "promised":
            return {"state": DataRequest.State.WILL_COLLECT}
        case "further":
            return {"escalated_at__isnull": False}
        case "refused":
            return {"state__in": [DataRequest.State.REFUSED, DataRequest.State.CANNOT]}
        case _:
            return {"state": state}


@public
@require_safe
def request(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """One request: what we ask, of whom, since when, and every word that came back."""
    found = find(request, uid)
    may_ask = may_ask_for_data(request.membership)
    return render(
        request,
        "measurement/request.html",
        {
            "each": found,
            "crumbs": trail(request, found.indicator if _is_open(request, found) else None),
            "can_answer": may_ask and found.can_answer,
            "can_escalate": may_ask and found.can_escalate,
            "can_ask_again": may_ask and found.escalated_at and found.state != "shared",
            "can_sign": may_sign_request(request.membership) and found.state != "shared",
            "signers": found.cosigners(),
            "own_signatures": _own_signatures(request, found),
            "timeline": timeline(found),
            "policy_asks": found.policy_asks.all(),
            "links_indicator": _is_open(request, found),
            "draft": _draft(found.indicator) if may_release(request.membership) else None,
        },
    )


def _own_signatures(request: MemberRequest, found: DataRequest) -> set[UUID]:
    """Those that this reader may take away."""
    everywhere = getattr(request.membership, "everywhere", [request.membership])
    own = {each.organization_id for each in everywhere if each and each.organization_id}
    return {
        signer.uid
        for signer in found.cosigners()
        if (signer.organization_id in own if signer.organization_id else False)
        or (
            signer.organization_id is None
            and request.membership is not None
            and signer.member.user_id == request.membership.user_id
        )
    }


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
    if request.method == "POST" and "write" in request.POST and form.is_valid():
        form = form.with_letter(request.user)
        page = {"form": form, **_asking(request, indicator)}
        return render(request, "measurement/request_new.html", page)
    return answer_form(
        request,
        form,
        lambda data: DataRequest.send(indicator=indicator, by=request.user, **data),
        _("The request is public. Print its letter, or send its address to the holder."),
        _asking(request, indicator),
        template="measurement/request_new.html",
    )


def _asking(request: SignedInRequest, indicator: Indicator) -> dict[str, Any]:
    return {
        "title": _("Ask for data"),
        "lede": _lede(indicator),
        "button": _("Publish the request"),
        "back": indicator.get_absolute_url(),
        "crumbs": trail(request, indicator),
    }


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
    found = find(request, uid)
    _must_ask(request)

    def record(data: dict[str, Any]) -> DataRequest:
        found.record_answer(by=request.user, **data)
        return found

    return answer_form(
        request,
        AnswerForm(request.POST or None, request=found),
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
    found = find(request, uid)
    _must_ask(request)

    def escalate(data: dict[str, Any]) -> DataRequest:
        found.escalate(by=request.user, **data)
        return found

    return answer_form(
        request,
        EscalationForm(request.POST or None),
        escalate,
        _("Everybody can read now what happens next."),
        {
            "title": _("Take it further"),
            "lede": _(
                "Together with a partner who signs it too, and with a call for another rule. "
                "Releases stay open for half a year; then we ask again."
            ),
            "button": _("Publish what happens next"),
            "back": found.get_absolute_url(),
            "crumbs": trail(request),
        },
    )


def answer_form(
    request: SignedInRequest,
    form: forms.BaseForm,
    verb: Callable[[dict[str, Any]], DataRequest],
    done: str,
    page: dict[str, Any],
    template: str = "measurement/form.html",
) -> HttpResponse:
    """The form, and the verb once it is filled in well."""
    if answer := submitted(
        request,
        form,
        lambda: verb(form.cleaned_data),
        done,
        back=page["back"],
        to=lambda found: found,
        faster=messages.warning,
    ):
        return answer
    status = 422 if form.errors else 200
    return render(request, template, {"form": form, **page}, status=status)


def find(request: MemberRequest, uid: UUID) -> DataRequest:
    own = DataRequest.objects.for_initiative(request.initiative)
    found: DataRequest = get_object_or_404(
        own.select_related("indicator", "dimension", "organization", "initiative"), uid=uid
    )
    return found


def _must_ask(request: SignedInRequest) -> None:
    if not may_ask_for_data(request.membership):
        raise PermissionDenied
