"""Why a gap is there, as pages show it; and which events fall into the years of a chart."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from agenda.models import HistoryEvent
from ciforum.people import registry
from ciforum.people.models import Place
from measurement.models import Cause, Indicator

if TYPE_CHECKING:
    from ciforum.people.models import Citation, Initiative, Membership, Period
    from measurement.showing.shown import Shown

MOST = 12  # events marked in one chart; more could not be told apart on a phone
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
TOLD = ("what_happened", "told_by")  # somebody's own words about an event


@dataclass(frozen=True)
class Reasons:
    """What is said about the causes of one indicator's gaps."""

    named: list[Cause] = field(default_factory=list)
    # Events that were named and then withdrawn: a sentence is left of each.
    withdrawn: list[Cause] = field(default_factory=list)
    statement: Cause | None = None
    # How often it was said before that somebody looks into it.
    put_off: int = 0

    @property
    def causes(self) -> set[int]:
        """Keys of the events that are named as a cause."""
        events = [cause.event for cause in self.named]
        return {event.pk for event in events if event and event.is_structural}


def why(indicator: Indicator) -> Reasons:
    """Causes and statements that stand now."""
    return _reasons(list(_read(indicator.causes.all())))


def why_all(initiative: Initiative) -> dict[int, Reasons]:
    """The same of each indicator that has any, by its key. One query."""
    found: dict[int, list[Cause]] = {}
    for cause in _read(Cause.objects.for_initiative(initiative)):
        found.setdefault(cause.indicator_id, []).append(cause)
    return {pk: _reasons(every) for pk, every in found.items()}


def _read(causes: Any) -> Any:
    known = causes.select_related("event__initiative", "event__place")
    return known.defer(*(f"event__{name}" for name in TOLD), "event__place__geojson")


def _reasons(every: Sequence[Cause]) -> Reasons:
    standing = [cause for cause in every if cause.ended_at is None]
    events = [cause for cause in standing if cause.event]
    statements = [cause for cause in every if cause.is_statement]
    return Reasons(
        named=sorted(
            (each for each in events if each.event and each.event.is_published),
            key=lambda each: each.event.start if each.event else each.at.date(),
        ),
        withdrawn=[each for each in events if each.event and not each.event.is_published],
        statement=next((each for each in statements if each.ended_at is None), None),
        put_off=sum(each.ended_at is not None for each in statements),
    )


@dataclass(frozen=True)
class Mark:
    """One event in a chart: its letter, and where on the time axis it stands."""

    letter: str
    event: HistoryEvent
    period: Period
    is_cause: bool


@dataclass(frozen=True)
class Marks:
    """The events of a chart's years, oldest first; `left_out` is how many found no room."""

    marks: list[Mark] = field(default_factory=list)
    left_out: int = 0


@dataclass(frozen=True)
class Past:
    """The published events of an initiative without their long words, and how its places lie.

    parents: place → the one it lies in.
    """

    events: list[HistoryEvent]
    parents: Mapping[int, int | None]


def past(initiative: Initiative) -> Past:
    """Two queries. What a telling says in full is for its own page, and in no copy of this."""
    events = HistoryEvent.objects.for_initiative(initiative).published()
    known = events.select_related("place").defer(*TOLD, "place__geojson")
    parents = Place.objects.for_initiative(initiative).values_list("pk", "parent")
    return Past(list(known), dict(parents))


def marks(shown: Shown, told: Past, causes: Collection[int]) -> Marks:
    """Published events of which a day lies in the chart's periods, at its place or around it.

    Where there are more than MOST, named causes go first, then structural events, then the newest.
    causes: keys of the events that are named as one.
    """
    if not shown.periods:
        return Marks()
    first, end = shown.periods[0].start, max(each.end for each in shown.periods)
    near = _near(told.parents, shown.place)
    found = [
        each
        for each in told.events
        if each.start < end and each.last_day >= first and (near is None or each.place_id in near)
    ]
    for each in found:
        each.initiative = shown.indicator.initiative
    found.sort(key=lambda each: (each.pk in causes, each.is_structural, each.start), reverse=True)
    kept = sorted(found[:MOST], key=lambda each: (each.start, each.last_day, each.pk))
    return Marks(
        [
            Mark(letter, event, _period_of(shown, event), event.pk in causes)
            for letter, event in zip(LETTERS, kept, strict=False)
        ],
        len(found) - len(kept),
    )


def _period_of(shown: Shown, event: HistoryEvent) -> Period:
    """The first period that the event reaches into."""
    return next((each for each in shown.periods if event.start < each.end), shown.periods[-1])


def _near(parents: Mapping[int, int | None], place: Place | None) -> set[int | None] | None:
    """The place, all it lies in and all that lies in it; None in it is "nowhere in particular"."""
    if place is None:
        return None
    around = {pk for pk in parents if place.pk in _upward(parents, pk)}
    return {None, *around, *_upward(parents, place.pk)}


def _upward(parents: Mapping[int, int | None], pk: int) -> list[int]:
    found: list[int] = []
    above: int | None = pk
    while above is not None:
        found.append(above)
        above = parents.get(above)
    return found


def _citer(citation: Citation, member: Membership | None) -> registry.Citer | None:
    """An indicator that names an event, for whoever may see the indicator."""
    own = Indicator.objects.for_initiative(citation.initiative).select_related("initiative")
    indicator = (own if member else own.published()).filter(uid=citation.source_uid).first()
    if indicator is None:
        return None
    return registry.Citer(
        _("Named as a cause of a gap"), str(indicator.name), indicator.get_absolute_url()
    )


def register() -> None:
    """Fill the ground's table of citers; called once at start-up."""
    registry.citers.add("measurement.indicator", _citer)
