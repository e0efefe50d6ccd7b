"""Then and now: a map of an earlier time over today's numbers, and its making."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from ciforum.people.transitions import StateChanged
from equity.forms import put
from measurement.forms.maps import GradesForm, HistoricMapForm
from measurement.models import Cause, HistoricMap, Indicator
from measurement.places import overlaying
from measurement.places.geography import Frame
from measurement.places.maps import may_draw_maps, seen_by
from measurement.showing.pages import cached
from measurement.views.answering import pressed
from measurement.views.maps import CHOICES, Asked, published
from measurement.views.outlines import crumbs


@public
@require_safe
def then_and_now(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Both maps in one frame, what each says, and the event that tells the cause."""
    return cached(request, (*CHOICES, "indicator"), lambda: _page(request, _find(request, uid)))


def _page(request: MemberRequest, found: HistoricMap) -> HttpResponse:
    indicators = published(request)
    indicator = _indicator(found, indicators, request.GET)
    now: dict[str, Any] = {}
    frame = Frame.around(overlaying.outlines_of(found))
    if indicator:
        asked = Asked(indicator, request.GET)
        drawn = asked.drawn(overlaying.outlines_of(found))
        frame = drawn.frame or frame
        rows = overlaying.rows(found, drawn)
        now = {"map": drawn, "rows": rows, **asked.boxes()}
    return render(
        request,
        "measurement/maps/then_and_now.html",
        {
            "crumbs": crumbs(request),
            "found": found,
            "event": found.event,
            "frame": frame,
            "then": overlaying.drawn(found, frame) if frame else None,
            "indicator": indicator,
            "indicators": [(each.slug, str(each.name), each == indicator) for each in indicators],
            **now,
            "may_draw": may_draw_maps(request.membership),
        },
    )


def _indicator(
    found: HistoricMap, indicators: list[Indicator], query: QueryDict
) -> Indicator | None:
    """The one asked for, else one whose gaps name this event as a cause, else the first."""
    if query.get("indicator"):
        chosen = next((each for each in indicators if each.slug == query["indicator"]), None)
        if chosen is None:
            raise Http404
        return chosen
    named = set(
        Cause.objects.filter(event=found.event, ended_at=None).values_list("indicator", flat=True)
    )
    return next((each for each in indicators if each.pk in named), next(iter(indicators), None))


@public
@require_safe
def picture(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponseBase:
    """The picture of a map, for whoever may see the map."""
    found = _find(request, uid)
    if not found.image or not found.image.storage:
        raise Http404
    return FileResponse(
        found.image.storage.open("rb"),
        content_type=found.image_type,
        filename="map.webp",
        headers={"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Add a map of an earlier time, as a draft."""
    _must_draw(request)
    form = HistoricMapForm(
        request.POST or None, request.FILES or None, initiative=request.initiative
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = HistoricMap.draw(initiative=request.initiative, by=request.user, **form.values())
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(request, _("The map is a draft. Members see it; nobody else does."))
            return _next(made)
    return _form(
        request,
        form,
        title=_("Add a map of an earlier time"),
        lede=_("It is laid over today's numbers. An event of the history tells what it did."),
        button=_("Keep it as a draft"),
        back=reverse("measurement:maps", args=[initiative]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Change a draft."""
    _must_draw(request)
    found = _find(request, uid)
    form = HistoricMapForm(
        request.POST or None,
        request.FILES or None,
        instance=found,
        initiative=request.initiative,
    )
    if request.method == "POST" and form.is_valid():
        answer = _changed(
            request, found, form, lambda: found.edit(by=request.user, **form.values())
        )
        if answer:
            return answer
    return _form(
        request,
        form,
        title=_("Change the map"),
        lede=_("Leave the files empty to keep the map as it is."),
        button=_("Save the changes"),
        back=found.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def grades(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Say what each grade of the map means."""
    _must_draw(request)
    found = _find(request, uid)
    form = GradesForm(request.POST or None, found=found)
    if request.method == "POST" and form.is_valid():
        answer = _changed(
            request, found, form, lambda: found.edit(by=request.user, grades=form.values())
        )
        if answer:
            return answer
    return _form(
        request,
        form,
        title=_("What the grades mean"),
        lede=_("The words and the shades of the legend."),
        button=_("Save"),
        back=found.get_absolute_url(),
    )


@require_POST
def publish(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Let everyone see it."""
    _must_draw(request)
    found = _find(request, uid)
    return _step(request, found, found.publish, _("Everyone can see the map."))


@require_POST
def take_back(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Make it a draft again."""
    _must_draw(request)
    found = _find(request, uid)
    return _step(request, found, found.take_back, _("The map is a draft again."))


def _must_draw(request: MemberRequest) -> None:
    if not may_draw_maps(request.membership):
        raise PermissionDenied


def _find(request: MemberRequest, uid: UUID) -> HistoricMap:
    found: HistoricMap = get_object_or_404(
        seen_by(request.initiative, request.membership).select_related("image"), uid=uid
    )
    return found


def _next(made: HistoricMap) -> HttpResponse:
    """Grades come next where there are any."""
    if made.grades:
        return redirect("measurement:historic_map_grades", made.initiative.slug, made.uid)
    return redirect(made)


def _changed(
    request: SignedInRequest, found: HistoricMap, form: Any, verb: Callable[[], None]
) -> HttpResponse | None:
    try:
        verb()
    except ValidationError as error:
        put(form, error)
        return None
    except StateChanged as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The changes are saved."))
    return redirect(found)


def _step(
    request: SignedInRequest, found: HistoricMap, verb: Callable[..., None], said: str
) -> HttpResponse:
    return pressed(request, lambda: verb(by=request.user), said, back=found)


def _form(request: SignedInRequest, form: Any, **page: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"form": form, "crumbs": crumbs(request), **page}
    return render(request, "measurement/maps/form.html", context, status=status)
