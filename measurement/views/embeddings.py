"""Public numbers on other sites: who may show what, and what they are sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from equity.forms import put
from measurement.boarding.embedded import face_of, framed, kept, page_of
from measurement.boarding.permissions import may_embed
from measurement.drawing import pictures_many
from measurement.forms.boards import EmbeddingForm
from measurement.models import Board, Embedding, Indicator
from measurement.showing.shown import Choice
from measurement.views.answering import must
from measurement.views.board_common import find_board, step, way
from measurement.views.crumbs import trail

ON_A_PAGE = 50
HEIGHTS = {"board": 900, "indicator": 720}  # pixels of the frame to begin with


@require_http_methods(["GET", "HEAD", "POST"])
def board_embed(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Let another site show a dashboard, and the snippets of those that may."""
    must(may_embed(request.membership))
    found = find_board(request, slug)
    return _allow(request, found, Choice(), way(request, found))


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_embed(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Let another site show one view of an indicator."""
    must(may_embed(request.membership))
    own = Indicator.objects.for_initiative(request.initiative).published()
    found = get_object_or_404(own.select_related("initiative"), slug=slug)
    asked = request.GET
    choice = Choice(asked.get("place", ""), asked.get("by"), asked.get("periods", ""))
    return _allow(request, found, choice, trail(request, found))


def _allow(
    request: SignedInRequest, subject: Board | Indicator, choice: Choice, crumbs: Any
) -> HttpResponse:
    form = EmbeddingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            Embedding.allow(subject=subject, choice=choice, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(request, _("Copy the snippet into the page of that site."))
            return redirect(request.get_full_path())
    own = subject.embeddings.live().select_related("place", "board", "indicator")
    page = {
        "subject": subject,
        "title": str(subject.name if isinstance(subject, Indicator) else subject.title),
        "back": subject.get_absolute_url(),
        "embeddings": [_entry(request, each) for each in own],
        "form": form,
        "crumbs": crumbs,
    }
    status = 422 if form.errors else 200
    return render(request, "measurement/boards/embed_form.html", page, status=status)


def _entry(request: SignedInRequest, embedding: Embedding) -> dict[str, Any]:
    embedding.initiative = request.initiative
    kind = "board" if embedding.board_id else "indicator"
    address = settings.SITE_URL + embedding.get_embed_url()
    return {"embedding": embedding, "address": address, "height": HEIGHTS[kind]}


@require_safe
def embeddings(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Every site that shows something of ours, and how often it was shown there."""
    must(may_embed(request.membership))
    own = Embedding.objects.for_initiative(request.initiative).select_related(
        "board", "indicator", "place", "made_by"
    )
    page = Paginator(own, ON_A_PAGE).get_page(request.GET.get("page"))
    for each in page.object_list:
        each.initiative = each.subject.initiative = request.initiative
    context = {"page": page, "crumbs": way(request)}
    return render(request, "measurement/boards/embeddings.html", context)


@require_POST
def embedding_revoke(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """End one for good."""
    must(may_embed(request.membership))
    own = Embedding.objects.for_initiative(request.initiative)
    found: Embedding = get_object_or_404(own, uid=uid)
    done = _("That site no longer shows it. Its address is gone for good.")
    step(request, lambda: found.revoke(by=request.user), done)
    return redirect(reverse("measurement:embeddings", args=[initiative]))


# --- what other sites show


@public
@require_safe
def embed(request: MemberRequest, initiative: str, token: str) -> HttpResponse:
    """What one site may show in a frame: no session, no cookie, nothing that acts."""
    found = _live(request, token)
    response = kept(request, lambda: page_of(request, found))
    found.count()
    return framed(response, found.origin)


@public
@require_safe
def embed_picture(request: MemberRequest, initiative: str, token: str, uid: UUID) -> HttpResponse:
    """The picture of one panel in it; `uid` is the panel's, or the embedding's own."""
    found = _live(request, token)

    def build() -> HttpResponse:
        face = face_of(found, uid)
        content = pictures_many.of_face(face, get_language() or "en") if face else None
        if content is None:
            raise Http404
        return HttpResponse(content, content_type="image/svg+xml")

    return framed(kept(request, build), found.origin)


def _live(request: MemberRequest, token: str) -> Embedding:
    own = Embedding.objects.for_initiative(request.initiative).live()
    found: Embedding = get_object_or_404(
        own.select_related("board", "indicator", "place").defer("place__geojson"), token=token
    )
    found.initiative = found.subject.initiative = request.initiative
    if isinstance(found.subject, Board) and not found.subject.is_public:
        raise Http404
    return found
