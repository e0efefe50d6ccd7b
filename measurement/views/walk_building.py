"""Preparing a data walk: what it says of itself, and its stations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agenda.citing import cite_form
from ciforum.people.requests import SignedInRequest
from ciforum.people.transitions import StateChanged
from equity.forms import put
from measurement.forms.walks import StationForm, WalkForm
from measurement.models import DataWalk, Indicator, Station
from measurement.showing.shown import Choice, Shown, show
from measurement.views.answering import form_page, must, pressed, say, submitted
from measurement.views.walk_common import find_station, find_walk, way
from measurement.walking import quotes
from measurement.walking.permissions import may_hold_walks
from measurement.walking.presenting import stop


@require_http_methods(["GET", "HEAD", "POST"])
def walk_new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Begin to prepare a walk."""
    must(may_hold_walks(request.membership))
    form = WalkForm(request.POST or None, initiative=request.initiative)
    if request.method == "POST" and form.is_valid():
        try:
            made = DataWalk.prepare(
                initiative=request.initiative, by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(request, _("Now put up its stations: five to ten."))
            return redirect(made)
    return form_page(
        request,
        form,
        title=_("Prepare a data walk"),
        lede=_("Residents and leaders walk from picture to picture, and say what they see."),
        button=_("Go on to the stations"),
        back=reverse("measurement:walks", args=[initiative]),
        crumbs=way(request),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def walk_edit(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Change title, hall, time and invitation."""
    found = find_walk(request, uid)
    must(may_hold_walks(request.membership))
    form = WalkForm(request.POST or None, instance=found, initiative=request.initiative)
    if answer := submitted(
        request,
        form,
        lambda: DataWalk.objects.get(pk=found.pk).describe(by=request.user, **form.cleaned_data),
        _("The changes are saved."),
        back=found,
    ):
        return answer
    return form_page(
        request,
        form,
        title=_("Change the walk"),
        lede=str(found.title),
        button=_("Save the changes"),
        back=found.get_absolute_url(),
        crumbs=way(request, found),
    )


@require_POST
def walk_discard(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Drop a walk that was never open."""
    found = find_walk(request, uid)
    must(may_hold_walks(request.membership))
    try:
        found.discard(by=request.user)
    except StateChanged as error:
        say(request, error)
        return redirect(found)
    messages.success(request, _("The walk is gone; nobody outside has seen it."))
    return redirect("measurement:walks", initiative)


# --- stations


@require_http_methods(["GET", "HEAD", "POST"])
def walk_station_new(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """First the indicator, then what is seen of it."""
    walk = find_walk(request, uid)
    must(may_hold_walks(request.membership))
    slug = request.GET.get("indicator", "")
    if not slug:
        return _choose_indicator(request, walk)
    shown = _released(request, slug)
    form = StationForm(request.POST or None, walk=walk, shown=shown)
    if answer := submitted(
        request,
        form,
        lambda: Station.add(
            walk=walk,
            indicator=shown.indicator,
            choice=form.choice(),
            title=form.cleaned_data["title"],
            by=request.user,
        ),
        _("The station is up. Look at its prompts."),
        back=walk,
        to=lambda station: reverse("measurement:walk_station", args=[initiative, uid, station.uid]),
    ):
        return answer
    return form_page(
        request,
        form,
        title=_("A new station"),
        lede=str(shown.indicator.name),
        button=_("Put it up"),
        back=walk.get_absolute_url(),
        crumbs=way(request, walk),
    )


def _choose_indicator(request: SignedInRequest, walk: DataWalk) -> HttpResponse:
    page = {
        "walk": walk,
        "indicators": _indicators(request),
        "crumbs": way(request, walk),
    }
    return render(request, "measurement/walks/choose.html", page)


def _indicators(request: SignedInRequest) -> Any:
    own = Indicator.objects.for_initiative(request.initiative)
    return own.select_related("initiative").published().order_by("slug")


def _released(request: SignedInRequest, slug: str) -> Shown:
    shown = show(get_object_or_404(_indicators(request), slug=slug), Choice())
    if shown is None:
        raise Http404
    return shown


@require_http_methods(["GET", "HEAD", "POST"])
def walk_station(
    request: SignedInRequest, initiative: str, uid: UUID, station: UUID
) -> HttpResponse:
    """A station as people will see it, and, while the walk is prepared, what can be changed."""
    walk = find_walk(request, uid)
    here = find_station(walk, station)
    changes = may_hold_walks(request.membership) and walk.is_preparing
    must(changes or request.method != "POST")
    shown = show(here.indicator, Choice()) if changes else None
    form = (
        StationForm(request.POST or None, walk=walk, shown=shown, station=here) if shown else None
    )
    if request.method == "POST" and form and form.is_valid():
        try:
            here.change(
                indicator=here.indicator,
                choice=form.choice(),
                title=form.cleaned_data["title"],
                prompts=form.prompts(),
                by=request.user,
            )
        except ValidationError as error:
            put(form, error)
        except StateChanged as error:
            say(request, error)
            return redirect(walk)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect(request.path)
    page = {
        "walk": walk,
        "station": here,
        "stop": stop(here),
        "form": form,
        "quotable": bool(quotes.kinds()),
        "crumbs": way(request, walk),
    }
    status = 422 if form and form.errors else 200
    return render(request, "measurement/walks/station.html", page, status=status)


@require_POST
def walk_station_move(
    request: SignedInRequest, initiative: str, uid: UUID, station: UUID
) -> HttpResponse:
    """Change places with its neighbour."""
    walk = find_walk(request, uid)
    must(may_hold_walks(request.membership))
    here = find_station(walk, station)
    up = request.POST.get("to") == "up"
    try:
        here.shift(by=request.user, up=up)
    except StateChanged as error:
        say(request, error)
    # Back to the same button, so that the keyboard stays where it was.
    return redirect(f"{walk.get_absolute_url()}#{'up' if up else 'down'}-{here.uid}")


@require_POST
def walk_station_remove(
    request: SignedInRequest, initiative: str, uid: UUID, station: UUID
) -> HttpResponse:
    """Take a station down."""
    walk = find_walk(request, uid)
    must(may_hold_walks(request.membership))
    here = find_station(walk, station)
    done = _("The station is taken down.")
    return pressed(request, lambda: here.remove(by=request.user), done, back=walk)


@require_http_methods(["GET", "HEAD", "POST"])
def walk_station_quote(
    request: SignedInRequest, initiative: str, uid: UUID, station: UUID
) -> HttpResponse:
    """Choose somebody's words for a station, among those whose tellers allow it; or none."""
    walk = find_walk(request, uid)
    must(may_hold_walks(request.membership))
    here = find_station(walk, station)
    back = reverse("measurement:walk_station", args=[initiative, uid, station])
    kinds = tuple(quotes.kinds())
    form = (
        cite_form(
            request.initiative,
            request.membership,
            request.POST or None,
            q=request.GET.get("q", ""),
            kinds=kinds,
        )
        if kinds
        else None
    )
    if request.method == "POST":
        try:
            if "take_down" in request.POST:
                here.unquote(by=request.user)
                return redirect(back)
            if form and form.is_valid():
                chosen = form.chosen()
                here.quote(kind=chosen["kind"], uid=chosen["uid"], by=request.user)
                return redirect(back)
        except ValidationError as error:
            if form:
                put(form, error)
        except StateChanged as error:
            say(request, error)
            return redirect(walk)
    page = {
        "walk": walk,
        "station": here,
        "quote": quotes.at(here),
        "cite_form": form,
        "back": back,
        "crumbs": way(request, walk),
    }
    status = 422 if form and form.errors else 200
    return render(request, "measurement/walks/quote.html", page, status=status)
