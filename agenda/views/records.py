"""The record: each decision's public record, and the chain under all of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from agenda import record
from agenda.models import Decision
from agenda.views.answers import answer
from agenda.views.tabs import crumbs
from ciforum.people.models import ChainHead, ChainLink
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest

LINKS_ON_A_PAGE = 50


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
    context: dict[str, Any] = {"crumbs": crumbs(request)[:2], "head": _head(request)}
    if request.membership:
        links = ChainLink.objects.for_initiative(request.initiative).order_by("-number")
        context["page"] = Paginator(links, LINKS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "agenda/records/records.html", context)


@public
@require_safe
def records_json(request: MemberRequest, initiative: str) -> HttpResponse:
    """Where the chain ends; for members with all its links."""
    return JsonResponse(_head(request))


def _head(request: MemberRequest) -> dict[str, Any]:
    head = ChainHead.objects.filter(initiative=request.initiative).first()
    last = ChainLink.objects.for_initiative(request.initiative).order_by("-number").first()
    return {
        "links": head.number if head else 0,
        "head": head.hash if head else "",
        "at": record.moment(last.at) if last else None,
    }
