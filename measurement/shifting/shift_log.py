"""What the log of systems shifts shows to whom, and how a shift reads where others cite it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agenda.citing import hang, record_of
from ciforum.people import registry
from ciforum.people.models import Citable, Citation
from ciforum.people.registry import Citer, Evidence, EvidenceSource
from equity.sentences import STRATEGIES
from equity.steps import confirm_shift
from measurement.models import SystemsShift
from measurement.models.shifts import Level
from measurement.shifting import telling_shifts

if TYPE_CHECKING:
    from uuid import UUID

    from ciforum.people.models import Initiative, Membership, Place
    from measurement.models import Indicator
    from measurement.models.shifts import SystemsShiftQuerySet

KIND = "shift"
HEATS = 9
# So many in one cell are hot wherever the most are fewer: one alone is warm, not the hottest.
HOT = 3
# What the grid counts: what is said to have changed, and nothing that is disputed.
COUNTED = (SystemsShift.State.CLAIMED, SystemsShift.State.CONFIRMED)


@dataclass(frozen=True)
class Asked:
    """What the reader asked to see of the log; empty is all."""

    level: str = ""
    kind: str = ""
    strategy: int | None = None
    state: str = ""
    place: Place | None = None
    indicator: Indicator | None = None
    year: int | None = None


@dataclass(frozen=True)
class Box:
    """One cell of the grid: how many shifts of a strategy at a level, and how warm it is (0–9)."""

    level: str
    confirmed: int
    claimed: int
    heat: int

    @property
    def total(self) -> int:
        return self.confirmed + self.claimed


@dataclass(frozen=True)
class Row:
    strategy: int
    name: str
    boxes: list[Box]


@dataclass(frozen=True)
class Year:
    """The shifts that hold since one year; None: since when is not said."""

    year: int | None
    shifts: list[SystemsShift] = field(default_factory=list)


def seen_by(initiative: Initiative, member: Membership | None) -> SystemsShiftQuerySet:
    """What this reader may read: claims and what became of them; members also what is hoped for."""
    own = SystemsShift.objects.for_initiative(initiative)
    return own if member is not None else own.public()


def found(initiative: Initiative, member: Membership | None, asked: Asked) -> SystemsShiftQuerySet:
    """The shifts that fit, newest first. Withdrawn ones only where they are asked for."""
    shifts = seen_by(initiative, member)
    shifts = shifts.filter(state=asked.state) if asked.state else shifts.standing()
    wanted: dict[str, Any] = {
        "level": asked.level,
        "kind": asked.kind,
        "strategies__contains": [asked.strategy] if asked.strategy else None,
        "since__year": asked.year,
        "indicators": asked.indicator,
        "places": asked.place,
    }
    shifts = shifts.filter(**{name: value for name, value in wanted.items() if value})
    return shifts.select_related("initiative").prefetch_related("places", "indicators").distinct()


def grid(initiative: Initiative) -> list[Row]:
    """Strategy × level: how many shifts are confirmed and claimed. The same for every reader.

    A shift may belong to several strategies, so rows are never added up.
    """
    own = SystemsShift.objects.for_initiative(initiative).filter(state__in=COUNTED)
    counts: dict[tuple[int, str, str], int] = {}
    for strategies, level, state in own.values_list("strategies", "level", "state"):
        for number in strategies:
            counts[number, level, state] = counts.get((number, level, state), 0) + 1
    rows = [
        (number, [(level, *_two(counts, number, level)) for level in Level.values])
        for number in STRATEGIES
    ]
    most = max(sum(two) for _number, boxes in rows for _level, *two in boxes)
    return [
        Row(
            number,
            str(STRATEGIES[number][0]),
            [Box(level, yes, said, _heat(yes + said, most)) for level, yes, said in boxes],
        )
        for number, boxes in rows
    ]


def _two(counts: dict[tuple[int, str, str], int], number: int, level: str) -> tuple[int, int]:
    return counts.get((number, level, "confirmed"), 0), counts.get((number, level, "claimed"), 0)


def _heat(count: int, most: int) -> int:
    return -(-count * HEATS // max(most, HOT))


def years(shifts: Iterable[SystemsShift]) -> list[Year]:
    """By the year since which each holds, the newest first."""
    return [
        Year(year, list(inside))
        for year, inside in groupby(shifts, lambda each: each.since.year if each.since else None)
    ]


def known_years(initiative: Initiative, member: Membership | None) -> list[int]:
    """The years that a reader can ask for."""
    dates = seen_by(initiative, member).standing().exclude(since=None)
    return [day.year for day in dates.dates("since", "year", order="DESC")]


def aiming_at(indicator: Indicator, member: Membership | None) -> dict[str, Any]:
    """What is meant to move a measure, for `measurement/shifts/_beside.html`.

    "aims": the shifts this reader may read; "hoped": how many more are hoped for, not public yet.
    """
    every = SystemsShift.objects.standing().filter(indicators=indicator)
    seen = seen_by(indicator.initiative, member).standing().filter(indicators=indicator)
    aims = list(seen.select_related("initiative"))
    return {"aims": aims, "hoped": every.count() - len(aims)}


# --- where others cite it


def of(citable: Citable) -> SystemsShift:
    shift: SystemsShift = record_of(citable, _every())
    return shift


def _every() -> SystemsShiftQuerySet:
    return SystemsShift.objects.select_related("initiative")


def _excerpt(citable: Citable, member: Membership | None) -> str:
    shift = of(citable)
    return _("%(state)s. Before: %(before)s After: %(after)s") % {
        "state": shift.get_state_display(),
        "before": shift.before,
        "after": shift.after,
    }


def _visible(citable: Citable, member: Membership | None) -> bool:
    shift = of(citable)
    return shift.is_public or (member is not None and member.initiative_id == shift.initiative_id)


def _choices(initiative: Initiative, member: Membership | None) -> Iterable[tuple[UUID, str]]:
    for shift in SystemsShift.objects.for_initiative(initiative).public():
        yield shift.uid, str(shift.title)


def _find(initiative: Initiative, uid: Any) -> Citable | None:
    try:
        shift = SystemsShift.objects.for_initiative(initiative).public().filter(uid=uid).first()
    except ValidationError:  # no uid at all
        return None
    return Citable.of(shift, KIND) if shift else None


def _traits(citable: Citable) -> set[str]:
    shift = of(citable)
    return {shift.level, "confirmed"} if shift.state == "confirmed" else {shift.level}


def _citer(citation: Citation, member: Membership | None) -> Citer | None:
    """The shift whose evidence cites a record."""
    own = seen_by(citation.initiative, member).standing().select_related("initiative")
    shift = own.filter(uid=citation.source_uid).first()
    return shift and Citer(_("Systems shift"), str(shift.title), shift.get_absolute_url())


# --- evidence of strategy 2


def confirmed_by_community(initiative: Initiative, member: Membership | None) -> Evidence:
    """How many changes of systems are confirmed, how many of those by whom they touch."""
    own = SystemsShift.objects.for_initiative(initiative)
    confirmed, claimed = (own.filter(state=state).count() for state in ("confirmed", "claimed"))
    felt = own.filter(state="confirmed").exclude(level=Level.STRUCTURAL).count()
    link = (_("See the systems shifts"), reverse("measurement:shifts", args=[initiative.slug]))
    if not confirmed and not claimed:
        return Evidence(_("No change of systems is claimed here yet."), 0, (link,))
    sentence = " ".join(
        (
            ngettext(
                "One systems shift is confirmed.",
                "%(number)s systems shifts are confirmed.",
                confirmed,
            )
            % {"number": confirmed},
            ngettext(
                "Residents confirmed one change of relations or beliefs.",
                "Residents confirmed %(number)s changes of relations or beliefs.",
                felt,
            )
            % {"number": felt},
            ngettext(
                "One more is claimed and waits.", "%(number)s more are claimed and wait.", claimed
            )
            % {"number": claimed},
        )
    )
    return Evidence(sentence, confirmed, (link,))


def _public_urls(initiative: Initiative) -> Iterator[str]:
    shifts = SystemsShift.objects.for_initiative(initiative).public().select_related("initiative")
    if shifts:
        yield reverse("measurement:shifts", args=[initiative.slug])
        yield reverse("measurement:shift_timeline", args=[initiative.slug])
    for shift in shifts:
        yield shift.get_absolute_url()


def register() -> None:
    """Name who passes the gate, and fill the ground's tables; called once at start-up."""
    confirm_shift.guards(SystemsShift)
    telling_shifts.register()
    registry.citations.add(
        KIND,
        registry.CitationKind(
            label=gettext_lazy("Systems shift"),
            icon="network",
            title=lambda citable: str(of(citable).title),
            url=lambda citable: of(citable).get_absolute_url(),
            excerpt=_excerpt,
            visible_to=_visible,
            choices=_choices,
            find=_find,
            traits=_traits,
            load=lambda citables: hang(citables, _every()),
        ),
    )
    registry.citers.add("measurement.systemsshift", _citer)
    registry.public_urls.add("shifts", _public_urls)
    registry.evidence.add(
        "measurement.shifts",
        EvidenceSource(
            2,
            gettext_lazy("Which changes of systems are confirmed, and by whom?"),
            confirmed_by_community,
        ),
    )
