"""What other sites show of ours in a frame: a page that knows nobody and changes nothing.

Neither session nor cookie is read (`Cookieless` takes them away before anything could) and none
is set; the language stands in the address. Only the one site that was allowed may frame it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from measurement.boarding.presenting import Face, faces
from measurement.boarding.saying_once import once
from measurement.models import Board, Panel
from measurement.showing.pages import cached

if TYPE_CHECKING:
    from ciforum.people.requests import MemberRequest
    from measurement.models import Embedding

_ADDRESS = re.compile(r"/[^/]+/measurement/embed/")


class Cookieless:
    """Take the cookies off requests for embedded pages, so that nothing behind can read any.

    Stands before the session in the settings. What is answered sets none either.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _ADDRESS.match(request.path_info):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        request.META.pop("HTTP_ACCEPT_LANGUAGE", None)  # the address alone says which language
        response = self.get_response(request)
        response.cookies.clear()
        return response


def kept(request: MemberRequest, build: Callable[[], HttpResponse]) -> HttpResponse:
    """From the cache of public pages, whoever may be signed in elsewhere."""
    request.user = AnonymousUser()  # type: ignore[assignment]
    return cached(request, (), build)


def framed(response: HttpResponse, origin: str) -> HttpResponse:
    """Let this one site frame this one answer."""
    response.xframe_options_exempt = True
    response._csp_replace = {"frame-ancestors": [origin], "form-action": ["'none'"]}  # type: ignore[attr-defined]
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Referrer-Policy"] = "no-referrer"
    patch_vary_headers(response, ["Accept-Language"])
    return response


def page_of(request: MemberRequest, embedding: Embedding) -> HttpResponse:
    """The page inside the frame."""
    subject = embedding.subject
    shown = once(faces_of(embedding))
    slug = embedding.initiative.slug
    for face in shown:
        uid = face.panel.uid
        face.picture_url = reverse("measurement:embed_picture", args=[slug, embedding.token, uid])
        if request.GET.get("lang"):
            face.picture_url += f"?lang={request.LANGUAGE_CODE}"
    page = {
        "embedding": embedding,
        "board": subject if isinstance(subject, Board) else None,
        "title": subject.title if isinstance(subject, Board) else subject.name,
        "faces": shown,
        "address": request.build_absolute_uri(subject.get_absolute_url()),
    }
    return render(request, "measurement/boards/embed.html", page)


def faces_of(embedding: Embedding) -> list[Face]:
    """The panels it shows: a dashboard's, or one of lines for a view of an indicator."""
    subject = embedding.subject
    if isinstance(subject, Board):
        return faces(subject)
    return faces(_no_board(embedding), [_view(embedding)])


def face_of(embedding: Embedding, uid: UUID) -> Face | None:
    """One of its panels."""
    subject = embedding.subject
    if not isinstance(subject, Board):
        return faces_of(embedding)[0] if uid == embedding.uid else None
    panels = [panel for panel in subject.in_order() if panel.uid == uid]
    return faces(subject, panels)[0] if panels else None


def _no_board(embedding: Embedding) -> Board:
    return Board(initiative=embedding.initiative, slug="view")


def _view(embedding: Embedding) -> Panel:
    """A panel that is not kept: the embedding itself says what it shows."""
    return Panel(
        initiative=embedding.initiative,
        uid=embedding.uid,
        pk=0,
        kind=Panel.Kind.LINE,
        order=1,
        indicator=embedding.indicator,
        place=embedding.place,
        breakdown=embedding.breakdown,
        period_kind=embedding.period_kind,
    )
