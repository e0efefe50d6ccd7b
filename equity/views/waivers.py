"""Waivers: open to everybody, asked for by the backbone, decided by residents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ciforum.people import clock
from ciforum.people.models import User
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from equity.forms import WaiverForm, put
from equity.gates import Gate, Rule
from equity.models import Policy, Waiver
from equity.permissions import may_ask_waiver, may_decide_waiver
from equity.presenting import gate_label, promise
from equity.sentences import sentence
from equity.views.tabs import crumbs, tabs

WAIVERS_ON_A_PAGE = 20
USUAL_DAYS = 30


@dataclass(frozen=True)
class Shown:
    """A waiver with what a page says about it."""

    waiver: Waiver
    gate: str
    promise: str
    objection: str
    asked_by: str
    decided_by: str
    state: str  # for _status.html
    status: str


@public
@require_safe
def waivers(request: MemberRequest, initiative: str) -> HttpResponse:
    """All waivers, newest first, and how many there were."""
    every = Waiver.objects.for_initiative(request.initiative)
    page = Paginator(
        every.select_related("asked_by", "decided_by", "initiative"), WAIVERS_ON_A_PAGE
    )
    chosen = page.get_page(request.GET.get("page"))
    counts = dict(every.order_by().values_list("state").annotate(Count("pk")))
    return render(
        request,
        "equity/waivers.html",
        {
            **tabs(request, "waivers"),
            "page": chosen,
            "shown": [_shown(waiver) for waiver in chosen.object_list],
            "asked": counts.get("asked", 0),
            "agreed": counts.get("agreed", 0),
            "refused": counts.get("refused", 0),
            "live": every.live().count(),
        },
    )


@public
@require_safe
def waiver(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """One waiver; residents find the two answers here."""
    return _page(request, _find(request, uid))


@require_http_methods(["GET", "HEAD", "POST"])
def waiver_new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Ask for a waiver of one rule for one record, named in the address."""
    if not may_ask_waiver(request.membership):
        raise PermissionDenied
    rule, record = _asked(request)
    policy = Policy.of(request.initiative)
    form = WaiverForm(
        request.POST or None, policy=policy, initial={"days": min(30, policy.waiver_days)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = Waiver.ask(
                gate=rule.gate, record=record, code=rule.code, by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(request, _("Asked. A resident who is a member decides now."))
            return redirect(made)
    context = {
        "crumbs": _crumbs(request),
        "form": form,
        "rule": rule,
        "record": record,
        "label": Words(record.ledger_label()),
    }
    return render(request, "equity/waiver_new.html", context, status=422 if form.errors else 200)


@require_POST
def waiver_agree(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """A resident lets the step go ahead."""
    found = _find(request, uid)
    return _decide(request, found, found.agree, _("You agreed. It is written in the ledger."))


@require_POST
def waiver_refuse(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """A resident says no."""
    found = _find(request, uid)
    return _decide(request, found, found.refuse, _("You refused. The step stays held."))


def _decide(
    request: SignedInRequest, found: Waiver, verb: Callable[..., None], done: str
) -> HttpResponse:
    if not may_decide_waiver(request.membership):
        raise PermissionDenied
    try:
        verb(by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except StateChanged as changed:
        messages.warning(request, str(changed))
    else:
        messages.success(request, done)
    return redirect(found)


def _page(request: MemberRequest, found: Waiver) -> HttpResponse:
    is_open = found.state == Waiver.State.ASKED
    return render(
        request,
        "equity/waiver.html",
        {
            "crumbs": _crumbs(request),
            "shown": _shown(found),
            "is_open": is_open,
            "may_decide": is_open and may_decide_waiver(request.membership),
            "is_own": request.user.is_authenticated and found.asked_by_id == request.user.pk,
            "is_member": request.membership is not None,
        },
    )


def _find(request: MemberRequest, uid: UUID) -> Waiver:
    every = Waiver.objects.for_initiative(request.initiative)
    return get_object_or_404(every.select_related("asked_by", "decided_by", "initiative"), uid=uid)


def _asked(request: SignedInRequest) -> tuple[Rule[Any], Any]:
    """The rule and the record that the address names; 404 when there is none here."""
    gate = Gate.all.get(request.GET.get("gate", ""))
    rules = gate.rules if gate else []
    rule = next((rule for rule in rules if rule.code == request.GET.get("rule")), None)
    try:
        uid = UUID(request.GET.get("record", ""))
    except ValueError:
        raise Http404 from None
    record = gate.find(request.initiative, uid) if gate else None
    if rule is None or record is None:
        raise Http404
    return rule, record


def _shown(waiver: Waiver) -> Shown:
    state, status = _status(waiver)
    return Shown(
        waiver=waiver,
        gate=gate_label(waiver.gate),
        promise=promise(waiver.gate, waiver.code) or waiver.code,
        objection=sentence(waiver.objection.get("code", ""), waiver.objection.get("params", {})),
        asked_by=_name(waiver.asked_by),
        decided_by=_name(waiver.decided_by) if waiver.decided_by else "",
        state=state,
        status=status,
    )


def _status(waiver: Waiver) -> tuple[str, str]:
    match waiver.state:
        case Waiver.State.REFUSED:
            return "off", _("Refused")
        case Waiver.State.AGREED:
            live = waiver.expires_at > clock.now()
            return ("ok", _("In force")) if live else ("neutral", _("Ended"))
    return "watch", _("A resident is asked")


def _name(person: User) -> str:
    return person.name or _("former member")


def _crumbs(request: MemberRequest) -> list[Any]:
    overview = reverse("equity:waivers", args=[request.initiative.slug])
    return crumbs(request, (_("Waivers"), overview))
