"""Dashboards for readers: the list, one of them, its charts and pictures, and on paper."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ciforum.people.models import Role
from ciforum.people.permissions import holds, public
from ciforum.people.requests import MemberRequest
from measurement.boarding.permissions import may_compose, may_publish_boards, owns
from measurement.boarding.presenting import Face, faces
from measurement.boarding.saying_once import once
from measurement.drawing import figures, pictures_many
from measurement.models import Board, Panel
from measurement.showing.pages import cached, cached_part
from measurement.views.board_common import find_board, find_panel, way
from measurement.views.tabs import tabs

ON_A_PAGE = 20
SVG = "image/svg+xml"


@public
@require_safe
def boards(request: MemberRequest, initiative: str) -> HttpResponse:
    """Public dashboards; members also see their own, and what waits for them."""
    return cached(request, ("page",), lambda: _list(request))


def _list(request: MemberRequest) -> HttpResponse:
    own = Board.objects.for_initiative(request.initiative).select_related("owner")
    member = request.membership
    publishes = member is not None and may_publish_boards(member)
    drafts = own.none()
    if member is not None:
        others = own.exclude(state=Board.State.PUBLIC)
        drafts = others if holds(member, Role.BACKBONE) else others.filter(owner=member.user)
    page = {
        **tabs(request, "boards"),
        "crumbs": way(request)[:-1],
        "page": Paginator(own.public(), ON_A_PAGE).get_page(request.GET.get("page")),
        "drafts": _here(request, drafts[:100]),
        "proposed": _here(request, own.filter(state=Board.State.DRAFT, proposed_at__isnull=False))
        if publishes
        else [],
        "may_compose": may_compose(member),
        "may_publish": publishes,
    }
    _here(request, page["page"].object_list)
    return render(request, "measurement/boards/boards.html", page)


def _here(request: MemberRequest, found: Any) -> list[Board]:
    rows = list(found)
    for each in rows:
        each.initiative = request.initiative
    return rows


@public
@require_safe
def board(request: MemberRequest, initiative: str, slug: str) -> HttpResponse:
    """One dashboard. A draft is a preview for those who may see it."""
    return cached(request, (), lambda: _page(request, slug))


@public
@require_safe
def board_print(request: MemberRequest, initiative: str, slug: str) -> HttpResponse:
    """The same on A4, with pictures where the page has charts."""
    return cached(request, (), lambda: _on_paper(request, slug))


def _on_paper(request: MemberRequest, slug: str) -> HttpResponse:
    found = find_board(request, slug)
    page = {"board": found, "faces": once(faces(found)), "crumbs": way(request)}
    return render(request, "measurement/boards/print.html", page)


def _page(request: MemberRequest, slug: str) -> HttpResponse:
    found = find_board(request, slug)
    member = request.membership
    panels = _shared(request, found, lambda: _panels(request, found))
    page = {
        "board": found,
        "panels": mark_safe(panels),  # noqa: S308 - rendered by `_panels`
        "has_panels": bool(panels),
        "crumbs": way(request),
        "may_copy": may_compose(member),
        # A seat would be one more question to the database; the list asks it.
        "may_arrange": owns(member, found) or holds(member, Role.BACKBONE, Role.COMMITTEE),
    }
    return render(request, "measurement/boards/board.html", page)


def _panels(request: MemberRequest, found: Board) -> str:
    """Its panels as HTML; "" without any."""
    shown = once(faces(found))
    if not shown:
        return ""
    context = {"board": found, "faces": shown}
    return render_to_string("measurement/boards/_panels.html", context, request)


def _shared(request: MemberRequest, found: Board, build: Callable[[], str]) -> str:
    """Of a public dashboard, what members and strangers see alike; a draft is built each time."""
    return cached_part(request, (), (), build) if found.is_public else build()


@public
@require_safe
def board_chart(request: MemberRequest, initiative: str, slug: str, uid: UUID) -> HttpResponse:
    """The figure of one panel, as JSON, fetched when it comes into view."""

    def build() -> HttpResponse:
        found = find_board(request, slug)
        drawn = _shared(request, found, lambda: _figure(found, uid))
        return HttpResponse(drawn, content_type="application/json")

    return cached(request, (), build)


def _figure(found: Board, uid: UUID) -> str:
    face = _face(found, uid)
    if face.shown is None or face.kind != Panel.Kind.LINE:
        raise Http404
    return json.dumps(figures.lines(face.shown))


@public
@require_safe
def board_picture(request: MemberRequest, initiative: str, slug: str, uid: UUID) -> HttpResponse:
    """The still picture of one panel."""

    def build() -> HttpResponse:
        face = _face(find_board(request, slug), uid)
        content = pictures_many.of_face(face, get_language() or "en")
        if content is None:
            raise Http404
        return HttpResponse(content, content_type=SVG)

    return cached(request, (), build)


def _face(found: Board, uid: UUID) -> Face:
    panel = find_panel(found, uid)
    if panel.removed_at is not None:
        raise Http404
    return faces(found, [panel])[0]
