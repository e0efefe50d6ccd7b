"""A data walk on a phone, without an account: one station on a screen, light, without scripts.

No page of these sets a cookie but the one that guards forms, and none knows who is reading.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, override
from django.views.decorators.http import require_http_methods, require_safe

from agenda.views.light import languages, private_address
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest
from equity.forms import put
from measurement.drawing.pictures import line_picture
from measurement.forms.walks import FollowForm, ReactionForm
from measurement.models import DataWalk, Follower, Reaction, Station
from measurement.showing.pages import cached
from measurement.walking import sent
from measurement.walking.pace import may_go_on
from measurement.walking.permissions import may_see_walk
from measurement.walking.presenting import SIZES, picture_url, signs_of, stop

_TOO_FAST = gettext_lazy(
    "Very much came from your connection in a short time, so this was not kept yet. Your words are "
    "still in the boxes: wait a minute and send them again."
)


@public
@private_address
@require_safe
def walk_phone(request: MemberRequest, initiative: str, code: str) -> HttpResponse:
    """Where the code leads: what this is, and the stations."""
    walk = _find(request, code)
    tickets = _tickets(request, walk)
    page = {
        **_page(request, walk),
        "stations": walk.in_order(),
        "first_url": _url(walk, 1, tickets),
        "done": "done" in request.GET,
    }
    return render(request, "measurement/walks/phone.html", page)


@public
@private_address
@require_http_methods(["GET", "HEAD", "POST"])
def walk_phone_station(
    request: MemberRequest, initiative: str, code: str, number: int
) -> HttpResponse:
    """One station: the picture, what it says, and boxes for what she thinks of it."""
    walk = _find(request, code)
    station = _station(walk, number)
    seen = stop(station)
    if seen is None:
        raise Http404
    takes, tickets = walk.is_open, _tickets(request, walk)
    form = ReactionForm(request.POST or None, station=station)
    page = {
        **_page(request, walk),
        "station": station,
        "stop": seen,
        "signs": signs_of([seen]),
        "picture": picture_url(station, "phone", _language(walk)),
        "form": form,
        "takes": takes,
        "total": walk.stations.count(),
        "sent": sent.at(station, tickets),
        "before_url": _url(walk, number - 1, tickets) if number > 1 else "",
        "next_url": _next(walk, number, tickets),
    }
    if request.method != "POST":
        return render(request, "measurement/walks/phone_station.html", page)
    return _received(request, walk, station, form, page)


def _received(
    request: MemberRequest, walk: DataWalk, station: Station, form: ReactionForm, page: Any
) -> HttpResponse:
    """Keep it and go on to the next station; what is not kept stays in the boxes."""
    status = 422
    if form.is_valid():
        if not may_go_on(request, "walk.reaction"):
            form.add_error(None, str(_TOO_FAST))
            status = 429
        else:
            try:
                Reaction.send(
                    station=station,
                    answers=form.answers(),
                    language=_language(walk),
                    ticket=form.cleaned_data["ticket"],
                )
            except ValidationError as error:
                put(form, error)
            else:
                tickets = _tickets(request, walk)
                tickets[station.order] = form.cleaned_data["ticket"]
                return redirect(_next(walk, station.order, tickets) + "&thanks=1")
    return render(request, "measurement/walks/phone_station.html", page, status=status)


@public
@require_safe
def walk_picture(request: MemberRequest, initiative: str, code: str, number: int) -> HttpResponse:
    """The picture of a station as SVG, for a phone or a poster, in the language asked for."""
    walk = _find(request, code)
    station = _station(walk, number)
    width, height = SIZES.get(request.GET.get("size", ""), SIZES["phone"])
    asked = request.GET.get("lang", "")
    language = asked if asked in walk.languages else str(walk.languages[0])

    def draw() -> HttpResponse:
        with override(language):  # names of groups are read in it too
            shown = station.shown()
            if shown is None:
                raise Http404
            picture = line_picture(shown, width_mm=width, height_mm=height, language=language)
        return HttpResponse(picture, content_type="image/svg+xml")

    response: HttpResponse = cached(request, ("size",), draw)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


# --- addresses


@public
@private_address
@require_http_methods(["GET", "HEAD", "POST"])
def walk_follow(request: MemberRequest, initiative: str, code: str) -> HttpResponse:
    """Leave an address to hear what comes of it; it is asked for by mail whether it is hers."""
    walk = _find(request, code)
    if walk.is_preparing:
        raise Http404
    form = FollowForm(request.POST or None)
    page = {**_page(request, walk), "form": form}
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "measurement/walks/follow.html", page, status=status)
    if not may_go_on(request, "walk.follow"):
        form.add_error(None, str(_TOO_FAST))
        return render(request, "measurement/walks/follow.html", page, status=429)
    try:
        Follower.leave(walk=walk, address=form.cleaned_data["address"], language=_language(walk))
    except ValidationError as error:
        put(form, error)
        return render(request, "measurement/walks/follow.html", page, status=422)
    return render(request, "measurement/walks/follow_asked.html", page)


@public
@private_address
@require_http_methods(["GET", "HEAD", "POST"])
def walk_follow_yes(request: MemberRequest, initiative: str, token: str) -> HttpResponse:
    """The link of the first mail: a button, so that no program that opens links says yes."""
    return _by_link(request, Follower.by_yes(request.initiative, token), Follower.confirm, "yes")


@public
@private_address
@require_http_methods(["GET", "HEAD", "POST"])
def walk_follow_stop(request: MemberRequest, initiative: str, token: str) -> HttpResponse:
    """The link of every mail: a button that erases the address."""
    return _by_link(request, Follower.by_stop(request.initiative, token), Follower.erase, "stop")


def _by_link(
    request: MemberRequest,
    follower: Follower | None,
    verb: Callable[[Follower], None],
    what: str,
) -> HttpResponse:
    if follower is None:
        raise Http404
    if request.method == "POST":
        verb(follower)
    page = {
        "walk": follower.walk,
        "what": what,
        "is_done": request.method == "POST" or follower.erased_on is not None,
        "is_erased": follower.erased_on is not None,
        "languages": languages(request),
    }
    return render(request, "measurement/walks/follow_link.html", page)


# --- what they share


def _find(request: MemberRequest, code: str) -> DataWalk:
    """By its code, however it was typed. One in preparation is shown to members only."""
    own = DataWalk.objects.for_initiative(request.initiative).select_related("initiative")
    found: DataWalk = get_object_or_404(own, code=code.lower())
    if not may_see_walk(request.membership, found):
        raise Http404
    return found


def _station(walk: DataWalk, number: int) -> Station:
    stations = walk.stations.select_related(
        "indicator__initiative", "place", "release__version"
    ).prefetch_related("prompts")
    found: Station = get_object_or_404(stations, order=number)
    found.walk = walk
    return found


def _page(request: MemberRequest, walk: DataWalk) -> dict[str, Any]:
    """What every page of the phone needs; languages are those of the walk."""
    more = _more(walk, _tickets(request, walk))
    return {
        "walk": walk,
        "languages": [
            replace(each, url=each.url + more)
            for each in languages(request)
            if each.code in walk.languages
        ],
        "lang": _language(walk),
        "more": more,
        "thanks": "thanks" in request.GET and bool(_tickets(request, walk)),
        "follow_url": _with_language(
            walk, reverse("measurement:walk_follow", args=[walk.initiative.slug, walk.code])
        ),
        "start_url": _with_language(walk, walk.phone_url(), more),
    }


def _language(walk: DataWalk) -> str:
    now = (get_language() or "").split("-")[0]
    return now if now in walk.languages else str(walk.languages[0])


def _with_language(walk: DataWalk, path: str, more: str = "") -> str:
    return f"{path}?lang={_language(walk)}{more}"


def _tickets(request: MemberRequest, walk: DataWalk) -> sent.Tickets:
    """What this phone has sent, from its own address."""
    return sent.read(walk, request.GET.get("sent", ""))


def _more(walk: DataWalk, tickets: sent.Tickets) -> str:
    return f"&sent={sent.written(walk, tickets)}" if tickets else ""


def _url(walk: DataWalk, number: int, tickets: sent.Tickets) -> str:
    address = [walk.initiative.slug, walk.code, number]
    path = reverse("measurement:walk_phone_station", args=address)
    return _with_language(walk, path, _more(walk, tickets))


def _next(walk: DataWalk, number: int, tickets: sent.Tickets) -> str:
    """The next station, or the end of the walk."""
    if walk.stations.filter(order=number + 1).exists():
        return _url(walk, number + 1, tickets)
    return _with_language(walk, walk.phone_url(), _more(walk, tickets) + "&done=1")
