"""Why a gap is there, as pages show it; and which events fall into the years of a chart."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from agenda.models import HistoryEvent
from ciforum.people import registry
from measurement.models import Cause, Indicator

if TYPE_CHECKING:
    from ciforum.people.models import Citation, Initiative, Membership, Period, Place
    from measurement.showing.shown import Shown

MOST = 12  # events marked in one chart; more could not be told apart on a phone
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Reasons:
    """What is said about the causes of one indicator's gaps."""

    named: list[Cause] = field(default_factory=list)
    # Events that were named and then withdrawn: a sentence is left of each.
    withdrawn: list[Cause] = field(default_factory=list)
    statement: Cause | None = None
    # How often it was said before that somebody looks into it.
    put_off: int = 0


def why(indicator: Indicator) -> Reasons:
    """Causes and statements that stand now."""
    every = list(indicator.causes.select_related("event__initiative", "event__place"))
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


def marks(shown: Shown) -> Marks:
    """Published events of which a day lies in the chart's periods, at its place or around it.

    Where there are more than MOST, named causes go first, then structural events, then the newest.
    """
    if not shown.periods:
        return Marks()
    first, last = shown.periods[0].start, max(each.end for each in shown.periods)
    events = HistoryEvent.objects.for_initiative(shown.indicator.initiative).published()
    events = events.between(first, last - timedelta(days=1)).select_related("initiative", "place")
    causes = set(shown.indicator.causes.named().values_list("event", flat=True))
    near = _near(shown.indicator.initiative, shown.place)
    found = [each for each in events if near is None or each.place_id in near]
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


def _near(initiative: Initiative, place: Place | None) -> set[int | None] | None:
    """The place, all it lies in and all that lies in it; None in it is "nowhere in particular"."""
    if place is None:
        return None
    parents = dict(type(place).objects.for_initiative(initiative).values_list("pk", "parent"))
    near: set[int | None] = {None}
    for pk in parents:
        if place.pk in _upward(parents, pk):
            near.add(pk)
    return near | set(_upward(parents, place.pk))


def _upward(parents: dict[int, int | None], pk: int) -> list[int]:
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
