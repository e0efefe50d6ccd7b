"""What a station shows: its sentence, the small table, the picture's address, the quote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import segno
from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from measurement.models import Reaction, Theme
from measurement.saying import cautions, headline
from measurement.showing import printing, wording
from measurement.showing.derived import of
from measurement.walking import quotes

if TYPE_CHECKING:
    from measurement.models import DataWalk, Prompt, Station
    from measurement.showing.shown import Shown
    from measurement.walking.quotes import Quote

# What the picture is drawn for: width and height in millimetres.
SIZES = {"phone": (95.0, 80.0), "poster": (380.0, 215.0)}
POSTER_LANGUAGES = 2


@dataclass(frozen=True)
class Stop:
    """A station as pages and posters show it.

    below: why a gap is there, and whose group is not known.
    """

    station: Station
    shown: Shown
    sentence: str
    alt: str
    rows: list[dict[str, Any]]
    period: str
    quote: Quote | None
    below: list[str]

    @property
    def prompts(self) -> list[Prompt]:
        return list(self.station.prompts.all())


def stop(station: Station) -> Stop | None:
    """What stands at a station for a reader of the active language; None without numbers."""
    shown = station.shown()
    if shown is None:
        return None
    newest, derived = shown.periods[-1], of(shown)
    return Stop(
        station=station,
        shown=shown,
        sentence=headline.headline(derived),
        alt=" ".join(
            filter(
                None,
                [
                    headline.headline(derived),
                    headline.chart_sentence(derived),
                    *cautions.below(derived),
                ],
            )
        ),
        below=cautions.below(derived),
        rows=[
            {"name": wording.series_name(series), "value": printing.value(derived, cell)}
            for series in shown.series
            if (cell := shown.by_key.get((newest, series)))
        ],
        period=str(newest),
        quote=quotes.at(station),
    )


def signs_of(stops: list[Stop]) -> Any:
    """What the signs in these tables mean."""
    return printing.signs(
        (
            (derived, cell)
            for derived in (of(each.shown) for each in stops)
            for cell in derived.shown.cells
            if cell.period == derived.shown.periods[-1]
        ),
        whole=False,
    )


def picture_url(station: Station, size: str, language: str) -> str:
    walk = station.walk
    address = [walk.initiative.slug, walk.code, station.order]
    return reverse("measurement:walk_picture", args=address) + f"?lang={language}&size={size}"


def qr(path: str) -> SafeString:
    """A QR code that opens a page of ours, as SVG without style attributes."""
    code = segno.make(settings.SITE_URL + path, error="m", micro=False)
    # Digits and our own words only; the address is in the pattern, not in the markup.
    return mark_safe(  # noqa: S308
        code.svg_inline(
            border=2, scale=4, dark="#000000", light="#ffffff", omitsize=True, svgclass="qr"
        )
    )


# --- the debrief


@dataclass(frozen=True)
class Board:
    """What was said at one station: under themes, and what nobody has sorted."""

    station: Station
    themes: list[tuple[Theme, list[Reaction]]]
    unsorted: list[Reaction]
    phone: int
    paper: int
    hidden: int

    @property
    def said(self) -> int:
        return self.phone + self.paper


def boards(walk: DataWalk) -> list[Board]:
    """The debrief of a whole walk, in a few queries however much was said."""
    said = Reaction.objects.filter(station__walk=walk).select_related("prompt")
    by_station: dict[int, list[Reaction]] = {}
    for each in said:
        by_station.setdefault(each.station_id, []).append(each)
    themes: dict[int, list[Theme]] = {}
    for theme in Theme.objects.filter(station__walk=walk):
        themes.setdefault(theme.station_id, []).append(theme)
    return [
        _board(station, by_station.get(station.pk, []), themes.get(station.pk, []))
        for station in walk.in_order()
    ]


def _board(station: Station, said: list[Reaction], themes: list[Theme]) -> Board:
    seen = [each for each in said if each.hidden_at is None]
    return Board(
        station=station,
        themes=[(theme, [each for each in seen if each.theme_id == theme.pk]) for theme in themes],
        unsorted=[each for each in seen if each.theme_id is None],
        phone=sum(each.via == Reaction.Via.PHONE for each in seen),
        paper=sum(each.via == Reaction.Via.PAPER for each in seen),
        hidden=len(said) - len(seen),
    )


def counts(walk: DataWalk) -> dict[str, int]:
    """How much was said, and how many left an address."""
    found = Reaction.objects.filter(station__walk=walk).aggregate(
        seen=Count("pk", filter=Q(hidden_at=None)), hidden=Count("pk", filter=~Q(hidden_at=None))
    )
    return {**found, "followers": walk.followers.reached().count()}
