"""The record: each decision's public record, and the chain under all of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agenda import record
from agenda.models import Decision, Outcome, Round
from agenda.views.answers import answer
from agenda.views.tabs import crumbs
from ciforum.people.context import Link
from ciforum.people.models import ChainHead, ChainLink, Initiative
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from ciforum.people.verifying import Verified, verify

LINKS_ON_A_PAGE = 50
SAID = {
    record.ROUND: gettext_lazy("The text was frozen for the last word"),
    record.COUNT: gettext_lazy("The votes were counted"),
    record.CLOSE: gettext_lazy("The decision was closed"),
}


@public
@require_safe
def decision_json(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """The public record of a decision, from which anybody can count again."""
    own = Decision.objects.for_initiative(request.initiative).public()
    decision = get_object_or_404(own.select_related("initiative", "committee"), uid=uid)
    return answer(request, record.as_bytes(decision), "application/json")


@public
@require_safe
def records(request: MemberRequest, initiative: str) -> HttpResponse:
    """The chain: where it ends, for everybody; its links, for members."""
    return _page(request)


@require_POST
def records_verify(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Recompute the whole record now, and say what came of it."""
    return _page(request, verify(request.initiative))


@public
@never_cache
@require_safe
def records_json(request: MemberRequest, initiative: str) -> HttpResponse:
    """Where the chain ends; for members with all its links, and with ?verify what holds."""
    found = _head(request.initiative)
    if request.membership:
        links = ChainLink.objects.for_initiative(request.initiative).order_by("number")
        found["chain"] = [{"face": link.face, "hash": link.hash} for link in links.iterator()]
        if "verify" in request.GET:
            came = verify(request.initiative)
            found["verified"] = {"links": came.links, "trouble": came.trouble}
    return JsonResponse(found)


def _page(request: MemberRequest, verified: Verified | None = None) -> HttpResponse:
    log = reverse("agenda:decisions", args=[request.initiative.slug])
    context: dict[str, Any] = {
        "crumbs": crumbs(request, (_("Decisions"), log)),
        "head": _head(request.initiative),
        "verified": verified,
    }
    if request.membership:
        links = ChainLink.objects.for_initiative(request.initiative).order_by("-number")
        page = Paginator(links, LINKS_ON_A_PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "links": _shown(request.initiative, list(page.object_list))}
    return render(request, "agenda/records/records.html", context)


def _head(initiative: Initiative) -> dict[str, Any]:
    head = ChainHead.objects.filter(initiative=initiative).first()
    last = ChainLink.objects.for_initiative(initiative).order_by("-number").first()
    return {
        "links": head.number if head else 0,
        "head": head.hash if head and head.number else "",
        "at": last.at if last else None,
    }


def _shown(initiative: Initiative, links: list[ChainLink]) -> list[dict[str, Any]]:
    """Links with what they are about; three queries, however many there are."""
    uids = [link.record_uid for link in links]
    about: dict[UUID, Decision] = {}
    for model in (Round, Outcome):
        rows = model.objects.for_initiative(initiative).filter(uid__in=uids)
        found = rows.select_related("decision__initiative")
        about |= {each.uid: each.decision for each in found}
    own = Decision.objects.for_initiative(initiative).filter(uid__in=uids)
    about |= {each.uid: each for each in own.select_related("initiative")}
    return [
        {
            "link": link,
            "said": SAID.get(link.kind, link.kind),
            "about": _about(about.get(link.record_uid)),
        }
        for link in links
    ]


def _about(decision: Decision | None) -> Link | None:
    return Link(str(decision.title), decision.get_absolute_url()) if decision else None
