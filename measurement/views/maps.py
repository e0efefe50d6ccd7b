"""Maps of places by a released number, and the list of all maps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ciforum.people.folding import folded
from ciforum.people.models import Place
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest
from measurement.models import Indicator
from measurement.places import place_map as maps
from measurement.places.maps import may_draw_maps, seen_by
from measurement.showing import wording
from measurement.showing.pages import cached
from measurement.showing.shown_places import Offer, offer
from measurement.views.crumbs import trail
from measurement.views.tabs import tabs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ciforum.people.models import Period

CHOICES = ("group", "periods", "period", "classes")


@public
@require_safe
def overview(request: MemberRequest, initiative: str) -> HttpResponse:
    """Every measure that can be seen on a map, and the maps of then and now."""
    places = Place.objects.for_initiative(request.initiative)
    return render(
        request,
        "measurement/maps/maps.html",
        {
            **tabs(request, "maps"),
            "crumbs": trail(request),
            "indicators": published(request),
            "historic": list(seen_by(request.initiative, request.membership)),
            "outlined": places.exclude(geojson=None).count(),
            "places": places.count(),
            "may_draw": may_draw_maps(request.membership),
        },
    )


@public
@require_safe
def place_map(request: MemberRequest, initiative: str, slug: str) -> HttpResponse:
    """One measure on the map: a group, a period, classes, and the same as a table."""
    return cached(request, CHOICES, lambda: _page(request, slug))


def _page(request: MemberRequest, slug: str) -> HttpResponse:
    own = Indicator.objects.for_initiative(request.initiative).published()
    indicator = get_object_or_404(own.select_related("initiative"), slug=slug)
    asked = Asked(indicator, request.GET)
    return render(
        request,
        "measurement/maps/place_map.html",
        {
            "crumbs": trail(request, indicator),
            "indicator": indicator,
            "map": asked.drawn(),
            **asked.boxes(),
            "may_draw": may_draw_maps(request.membership),
        },
    )


def published(request: MemberRequest) -> list[Indicator]:
    own = Indicator.objects.for_initiative(request.initiative).filter(retired_at=None)
    return sorted(
        own.published().select_related("initiative"), key=lambda each: folded(str(each.name))
    )


class Asked:
    """Which map of an indicator the address asks for. Raises Http404 for what is not public."""

    def __init__(self, indicator: Indicator, query: QueryDict) -> None:
        self.indicator, self.query = indicator, query
        found = offer(indicator, query.get("periods", ""))
        if found is None:
            raise Http404
        self.offer: Offer = found
        self.key = query.get("group", next(iter(found.series)))
        self.period = self._period(query.get("period", ""))
        if self.key not in found.series:
            raise Http404

    def _period(self, uid: str) -> Period:
        if not uid:
            return self.offer.periods[-1]
        chosen = next((each for each in self.offer.periods if str(each.uid) == uid), None)
        if chosen is None:
            raise Http404
        return chosen

    def drawn(self, around: Sequence[Any] = ()) -> maps.PlaceMap:
        return maps.drawn(
            self.indicator,
            self.offer,
            self.key,
            self.period,
            self.query.get("classes", ""),
            around,
        )

    def boxes(self) -> dict[str, Any]:
        """What there is to choose: links of periods, groups, and how to class."""
        return {
            "steps": [
                (str(each), self._address(each), each == self.period) for each in self.offer.periods
            ],
            "groups": [
                (key, wording.series_name(series), key == self.key)
                for key, series in self.offer.series.items()
            ],
            "period": self.period,
            "kind": self.offer.kind,
            "shades": [
                ("", _("Distance to the goal"), self.query.get("classes", "") != maps.VALUE),
                (maps.VALUE, _("The number"), self.query.get("classes", "") == maps.VALUE),
            ],
        }

    def _address(self, period: Period) -> str:
        query = self.query.copy()
        query["period"] = str(period.uid)
        return "?" + query.urlencode()
