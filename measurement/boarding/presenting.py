"""What the panels of a dashboard show: sentences, tables, bars, small lines, maps.

All from public numbers, and read at once: as many queries for one panel as for twenty-four.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ciforum.people.models import Place
from measurement.boarding import choropleth
from measurement.boarding.choropleth import Spot
from measurement.boarding.panes import Bar, Pane, bars, panes
from measurement.models import Panel, PublicTable
from measurement.models.indicators import Measure, Scale
from measurement.saying import cautions, headline
from measurement.showing import printing, wording
from measurement.showing.derived import Derived, of
from measurement.showing.shown import Choice, Series, Shown, show_all
from measurement.showing.wording import Sign

if TYPE_CHECKING:
    from ciforum.people.models import Period
    from measurement.boarding.choropleth import Map
    from measurement.models import Board
    from measurement.saying.cautions import Unknown
    from measurement.saying.reasons import Reasons

PERIODS = 3  # of a table, newest last
PANES = 24  # small lines of one panel
Kind = Panel.Kind


@dataclass
class Face:
    """A panel as templates show it. Texts, and what is no longer public, have no numbers.

    places: name of each place with its numbers, for panels about all places.
    """

    panel: Panel
    heading: Any
    derived: Derived | None = None
    places: list[tuple[str, Derived]] = field(default_factory=list)
    sentence: str = ""
    url: str = ""
    chart_url: str = ""
    picture_url: str = ""
    per: str = ""
    periods: list[Any] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    panes: list[Pane] = field(default_factory=list)
    more: int = 0
    map: Map | None = None
    outlines: dict[int, Any] = field(default_factory=dict, repr=False)
    value: str = ""
    value_of: str = ""
    signs: list[Sign] = field(default_factory=list)
    why: Reasons | None = None
    unknown: Unknown | None = None

    @property
    def shown(self) -> Shown | None:
        return self.derived.shown if self.derived else None

    @property
    def cause(self) -> str:
        """In words, where nothing may be linked: on paper, and on somebody else's page."""
        return cautions.cause(self.why) if self.why else ""

    @property
    def kind(self) -> str:
        return self.panel.kind

    @property
    def number(self) -> int:
        return self.panel.order or 0


def faces(board: Board, panels: Sequence[Panel] | None = None) -> list[Face]:
    """Its panels, ready to show in the reader's language."""
    found = board.in_order() if panels is None else list(panels)
    wanted = _wanted(found)
    asked = [
        (panel.indicator, choice)
        for panel in found
        for choice in wanted.get(panel.pk, {}).values()
        if panel.indicator is not None
    ]
    answers = show_all(asked)
    outlines = _outlines(found, answers)
    rest = iter(answers)
    made = []
    for panel in found:
        given = {name: next(rest) for name in wanted.get(panel.pk, {})}
        made.append(_face(board, panel, given, outlines))
    return made


def _outlines(panels: Sequence[Panel], answers: Iterable[Any]) -> dict[int, Any]:
    """Place → its outline, read only where a map is among the panels."""
    if not any(panel.kind == Kind.MAP for panel in panels):
        return {}
    places = {each.place.pk for each in answers if isinstance(each, Shown) and each.place}
    found = Place.objects.filter(pk__in=places, geojson__isnull=False)
    return dict(found.values_list("pk", "geojson"))


def _wanted(panels: Sequence[Panel]) -> dict[int, dict[str, Choice]]:
    """Panel → what to read for it: "" for its own place, else each place's name."""
    where = _places([panel for panel in panels if panel.shows_places])
    found: dict[int, dict[str, Choice]] = {}
    for panel in panels:
        if panel.is_text:
            continue
        if not panel.shows_places:
            found[panel.pk] = {"": panel.choice}
            continue
        places = where.get((panel.indicator_id, panel.period_kind), [])
        kept = places if panel.kind == Kind.MAP else places[: PANES + 1]
        found[panel.pk] = {
            name: Choice(code, panel.breakdown, panel.period_kind) for code, name in kept
        }
    return found


def _places(panels: Sequence[Panel]) -> dict[tuple[int | None, str], list[tuple[str, str]]]:
    """(indicator, kind of period) → code and name of the places where it is public, by name."""
    found: dict[tuple[int | None, str], list[tuple[str, str]]] = {}
    if not panels:
        return found
    tables = PublicTable.objects.filter(indicator__in={panel.indicator_id for panel in panels})
    for indicator, kind, code, name in tables.order_by("place__name", "place__code").values_list(
        "indicator", "kind", "place__code", "place__name"
    ):
        found.setdefault((indicator, kind), []).append((code, name))
    return found


def _face(board: Board, panel: Panel, given: dict[str, Any], outlines: dict[int, Any]) -> Face:
    face = Face(panel, panel.heading, outlines=outlines)
    if panel.is_text or panel.indicator is None:
        return face
    slug = board.initiative.slug
    address = [slug, board.slug, panel.uid]
    face.picture_url = reverse("measurement:board_picture", args=address)
    known = [(name, of(each)) for name, each in given.items() if isinstance(each, Shown)]
    if not known:
        return face
    face.derived = known[0][1]
    query = "" if panel.shows_places or panel.place is None else f"?place={panel.place.code}"
    face.url = reverse("measurement:indicator", args=[slug, panel.indicator.slug]) + query
    version = known[0][1].shown.version
    if version.measure == Measure.COUNT:
        face.per = str(version.unit)
    elif version.scale != Scale.HUNDRED:
        face.per = wording.per(version)
    if panel.shows_places:
        face.places = known
    _FILL[panel.kind](face)
    _caution(face)
    if panel.kind == Kind.LINE:
        face.chart_url = reverse("measurement:board_chart", args=address)
    return face


def _caution(face: Face) -> None:
    """Why a gap is there, wherever a panel tells of one; and who is in none of its groups."""
    derived = _known(face)
    indicator = derived.shown.indicator
    tells_of_groups = face.kind in (Kind.LINE, Kind.BARS, Kind.BY_GROUP)
    if face.places or (tells_of_groups and headline.gap(derived)):
        face.why = cautions.why_of(indicator)
    if tells_of_groups or face.kind == Kind.TABLE:
        face.unknown = cautions.unknown_groups(derived.shown)


# --- what each kind adds


def _lines(face: Face) -> None:
    face.sentence = said(_known(face))
    _table(face)


def _bars(face: Face) -> None:
    derived = _known(face)
    face.bars = bars(derived)
    face.periods = derived.shown.periods[-1:]
    note = headline.overlap_note() if derived.shown.overlaps else ""
    parts = [headline.headline(derived), headline.gap(derived), note]
    face.sentence = " ".join(filter(None, parts))
    face.signs = _signs([derived], face.periods, [each.value for each in face.bars])


def _plain(face: Face) -> None:
    face.sentence = headline.headline(_known(face))
    _table(face)


def _tile(face: Face) -> None:
    derived = _known(face)
    shown, series = derived.shown, series_of(derived, face.panel.group)
    line = shown.line(series) if series else []
    newest = line[-1] if line else None
    face.value = printing.value(derived, newest)
    face.value_of = wording.series_name(series) if series and series.members else ""
    face.periods = [newest.period] if newest else []
    face.panes = panes([("", derived, series)]) if series and len(line) > 2 else []
    face.sentence = headline.aim(shown.version) if face.value_of else headline.headline(derived)
    face.signs = _signs([derived], face.periods, [face.value])


def _by_group(face: Face) -> None:
    derived = _known(face)
    series = derived.shown.series
    face.more = max(0, len(series) - PANES)
    face.panes = panes([(wording.series_name(each), derived, each) for each in series[:PANES]])
    face.sentence = said(derived)
    face.signs = _signs([derived], None, [each.value for each in face.panes])


def _by_place(face: Face) -> None:
    drawn = [
        (name, derived, series)
        for name, derived in face.places
        if (series := series_of(derived, face.panel.group)) is not None
    ]
    face.more = max(0, len(drawn) - PANES)
    face.panes = panes(drawn[:PANES])
    face.sentence = across_places(face)
    everywhere = [derived for _name, derived in face.places]
    face.signs = _signs(everywhere, None, [each.value for each in face.panes])


def _map(face: Face) -> None:
    face.map = choropleth.drawn(newest_by_place(face), face.outlines)
    face.sentence = across_places(face)
    face.rows = [{"name": each.name, "values": [each.value]} for each in face.map.areas]
    face.periods = face.map.periods
    texts = [each.value for each in face.map.areas]
    face.signs = _signs([derived for _name, derived in face.places], None, texts)


_FILL: dict[str, Callable[[Face], None]] = {
    Kind.LINE: _lines,
    Kind.BARS: _bars,
    Kind.TABLE: _plain,
    Kind.TILE: _tile,
    Kind.BY_GROUP: _by_group,
    Kind.BY_PLACE: _by_place,
    Kind.MAP: _map,
}


def _known(face: Face) -> Derived:
    if face.derived is None:
        raise ValueError("nothing of this panel is public")
    return face.derived


def said(derived: Derived) -> str:
    parts = [headline.headline(derived), headline.chart_sentence(derived)]
    return " ".join(filter(None, parts))


def series_of(derived: Derived, key: str) -> Series | None:
    return next((each for each in derived.shown.series if each.key == key), None)


def newest_by_place(face: Face) -> list[Spot]:
    """Each place's number in the newest period of all; places that hold others are left out."""
    found = [
        Spot(derived.shown.place, derived.shown.line(series)[-1], derived)
        for _name, derived in face.places
        if derived.shown.place is not None
        and (series := series_of(derived, face.panel.group)) is not None
    ]
    newest = max((spot.cell.period.start for spot in found), default=None)
    above = {spot.place.parent_id for spot in found}
    return [
        spot for spot in found if spot.cell.period.start == newest and spot.place.pk not in above
    ]


def across_places(face: Face) -> str:
    """How far apart places are in their newest period, naming none as worst; what is hidden."""
    spots = newest_by_place(face)
    hidden = sum(spot.cell.is_protected for spot in spots)
    text = [_range(face, spots)]
    if hidden:
        text.append(
            ngettext(
                "For %(number)s place the number is hidden to protect people.",
                "For %(number)s places the number is hidden to protect people.",
                hidden,
            )
            % {"number": wording.count(hidden)}
        )
    text.append(choropleth.unreliable(spots))
    if face.shown is not None:
        text.append(headline.aim(face.shown.version))
    return " ".join(filter(None, text))


def _range(face: Face, spots: Sequence[Spot]) -> str:
    drawn = [spot for spot in spots if spot.value is not None]
    known = sorted(drawn, key=lambda spot: spot.value or 0)
    if not known:
        return _("No number can be shown for any place.")
    values = {
        "group": _group_name(face) or _("everyone"),
        "period": known[0].cell.period,
        "low": known[0].text,
        "high": known[-1].text,
        "number": wording.count(len(known)),
    }
    return (
        ngettext(
            "In %(period)s, for %(group)s, it was %(low)s in the %(number)s place that can be "
            "shown.",
            "In %(period)s, for %(group)s, it ran from %(low)s to %(high)s across the %(number)s "
            "places that can be shown: where people live should not decide this.",
            len(known),
        )
        % values
    )


def _group_name(face: Face) -> str:
    """The one group it shows; "" for everyone."""
    found = series_of(_known(face), face.panel.group)
    return found.name if found else ""


def _table(face: Face) -> None:
    """Rows of the newest periods."""
    derived = _known(face)
    face.periods = derived.shown.periods[-PERIODS:]
    face.rows = table_rows(derived, face.periods)
    texts = [value for row in face.rows for value in row["values"]]
    face.signs = _signs([derived], face.periods, texts)


def table_rows(derived: Derived, periods: Sequence[Period]) -> list[dict[str, Any]]:
    return [
        {
            "name": wording.series_name(series),
            "values": [
                printing.value(derived, derived.shown.by_key.get((period, series)))
                for period in periods
            ],
        }
        for series in derived.shown.series
    ]


def _signs(
    found_in: Iterable[Derived], periods: Sequence[Period] | None, texts: list[str]
) -> list[Sign]:
    """What the signs among these texts mean."""
    printed = [
        (derived, cell)
        for derived in found_in
        for cell in derived.shown.cells
        if periods is None or cell.period in periods
    ]
    found = printing.signs(printed, has_holes=wording.NOT_COUNTED in texts)
    return [each for each in found if any(each.sign in text for text in texts)]
