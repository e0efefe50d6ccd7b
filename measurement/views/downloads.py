"""Files of public numbers: of one view of an indicator, and of a whole dashboard."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest
from measurement.boarding.presenting import faces
from measurement.drawing import downloads, pictures_many
from measurement.models import Indicator
from measurement.showing.pages import cached
from measurement.showing.shown import Choice, Shown, Unknown, show
from measurement.views.board_common import find_board

CHOICES = ("place", "by", "periods")


@public
@require_safe
def indicator_file(request: MemberRequest, initiative: str, slug: str, kind: str) -> HttpResponse:
    """The numbers or the picture of what the page shows; `?as=bars` draws bars."""
    if kind not in downloads.TYPES:
        raise Http404
    return cached(request, (*CHOICES, "as"), lambda: _of_indicator(request, slug, kind))


def _of_indicator(request: MemberRequest, slug: str, kind: str) -> HttpResponse:
    shown = _published(request, slug)
    place = shown.place.code if shown.place else ""
    drawing = request.GET.get("as", "line")
    name = [slug, place, shown.by.replace(".", "-")]
    if kind in downloads.NUMBERS:
        return _answer(downloads.numbers(kind, [shown]), kind, downloads.safe_name(*name))
    if drawing not in pictures_many.DRAWINGS:
        raise Http404
    content = downloads.picture(kind, shown, drawing)
    extra = "" if drawing == "line" else drawing.replace("_", "-")
    return _answer(content, kind, downloads.safe_name(*name, extra, get_language() or ""))


def _published(request: MemberRequest, slug: str) -> Shown:
    own = Indicator.objects.for_initiative(request.initiative).select_related("initiative")
    asked = request.GET
    choice = Choice(asked.get("place", ""), asked.get("by"), asked.get("periods", ""))
    try:
        found = show(get_object_or_404(own, slug=slug), choice)
    except Unknown as error:
        raise Http404 from error
    if found is None:
        raise Http404
    return found


@public
@require_safe
def board_file(request: MemberRequest, initiative: str, slug: str, kind: str) -> HttpResponse:
    """All numbers of a dashboard's panels, each view once."""
    if kind not in downloads.NUMBERS:
        raise Http404
    return cached(request, (), lambda: _of_board(request, slug, kind))


def _of_board(request: MemberRequest, slug: str, kind: str) -> HttpResponse:
    seen: dict[tuple[int, int | None, str, str], Shown] = {}
    for face in faces(find_board(request, slug)):
        for derived in [*(each for _name, each in face.places), face.derived]:
            if derived is not None:
                shown = derived.shown
                place = shown.place.pk if shown.place else None
                seen.setdefault((shown.indicator.pk, place, shown.by, shown.kind), shown)
    if not seen:
        raise Http404
    return _answer(downloads.numbers(kind, list(seen.values())), kind, downloads.safe_name(slug))


def _answer(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=downloads.TYPES[kind],
        headers={"Content-Disposition": downloads.disposition(name, kind)},
    )
