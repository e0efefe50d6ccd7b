"""Committees as a page shows them: who sits there now, whether that is enough, and over time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agenda.models import Decision
from ciforum.people import clock
from ciforum.people.models import Membership, Role
from equity.composition import Floor, Term, over_time
from equity.models import Committee, Group, Policy, Seat, SeatClass

MOMENTS = 8
BAR, GAP, SEAT = 44, 24, 16  # width of a bar, space between two, height of one seat


@dataclass(frozen=True)
class Part:
    """How many seats one class has."""

    seat_class: str
    label: str
    count: int


@dataclass(frozen=True)
class Standing:
    """How a body stands to the floor: pill, what holds, and what is missing."""

    state: str  # for _status.html
    status: str
    rule: str
    said: str
    missing: str


@dataclass(frozen=True)
class Block:
    """One class in one bar of the drawing."""

    seat_class: str
    count: int
    x: int
    y: int
    height: int

    @property
    def middle(self) -> int:
        return self.y + self.height // 2 + 4


@dataclass(frozen=True)
class Moment:
    """The seats at one moment."""

    label: str
    x: int
    blocks: list[Block]
    counts: list[int]

    @property
    def total(self) -> int:
        return sum(self.counts)


def parts(seats: Iterable[Seat]) -> list[Part]:
    """Seats by class, in the order of the classes."""
    held = [seat.seat_class for seat in seats]
    return [
        Part(name.value, str(name.label), held.count(name.value))
        for name in SeatClass
        if name.value in held
    ]


def standing(floor: Floor, policy: Policy) -> Standing:
    """The floor in words, and how this body stands to it."""
    return Standing(
        "ok" if floor.is_met else "watch",
        _("Enough seats for lived experience") if floor.is_met else _("Too few for a vote"),
        _rule(policy),
        ngettext(
            "%(lived)s of %(seats)s seat that votes is for lived experience; it takes %(needed)s.",
            "%(lived)s of %(seats)s seats that vote are for lived experience; it takes %(needed)s.",
            floor.seats,
        )
        % {"lived": floor.lived, "seats": floor.seats, "needed": floor.needed},
        _missing(floor),
    )


def _rule(policy: Policy) -> str:
    return _(
        "At least one of every %(one_in)s seats that vote is for lived experience, and never fewer "
        "than %(minimum)s: no one person can be the voice of a community."
    ) % {"one_in": policy.lived_one_in, "minimum": policy.lived_minimum}


def _missing(floor: Floor) -> str:
    if floor.is_met:
        return ""
    if floor.missing is None:
        return _("No vote can open while other seats vote here: every seat has to be one.")
    return ngettext(
        "No vote can open here until %(missing)s more such seat is taken.",
        "No vote can open here until %(missing)s more such seats are taken.",
        floor.missing,
    ) % {"missing": floor.missing}


def moments(seats: Sequence[Seat], zone: ZoneInfo) -> list[Moment]:
    """The seats that voted at the turn of each half-year, and now; [] before the first."""
    terms = [_term(seat) for seat in seats if seat.taken_at and seat.is_voting]
    if not terms:
        return []
    now = clock.now()
    times = [*_turns(min(term.start for term in terms), now, zone), now]
    counted = over_time(terms, times)
    classes = [name.value for name in SeatClass if name.value in counted[0]]
    top = max(sum(counts.values()) for counts in counted)
    labels = [date_format(localtime(time, zone), "YEAR_MONTH_FORMAT") for time in times[:-1]]
    return [
        Moment(label, _x(index), _blocks(index, counts, classes, top), [counts[c] for c in classes])
        for index, (label, counts) in enumerate(zip([*labels, _("Now")], counted, strict=True))
    ]


def drawing(shown: Sequence[Moment]) -> dict[str, int]:
    """Width and height of the drawing of these moments."""
    top = max(moment.total for moment in shown)
    return {"width": _x(len(shown)), "height": top * SEAT + 28, "base": top * SEAT + 20}


def change(shown: Sequence[Moment], classes: Sequence[Part]) -> str:
    """What the drawing shows, in one sentence."""
    lived = [part.seat_class for part in classes]
    if SeatClass.LIVED not in lived:
        return _("No seat for lived experience was ever taken here.")
    where = lived.index(SeatClass.LIVED)
    first, last = shown[0], shown[-1]
    return _(
        "Seats for lived experience: %(before)s of %(all_before)s at first (%(when)s), %(after)s "
        "of %(all_after)s now."
    ) % {
        "before": first.counts[where],
        "all_before": first.total,
        "when": first.label,
        "after": last.counts[where],
        "all_after": last.total,
    }


def classes_of(seats: Iterable[Seat]) -> list[Part]:
    """The classes that ever voted here, in the order in which `moments` counts them."""
    return parts(seat for seat in seats if seat.taken_at and seat.is_voting)


def proposers(committee: Committee) -> list[tuple[str, int]]:
    """(class or role, how many decisions it proposed), most first; those that are public."""
    counted = (
        Decision.objects.for_initiative(committee.initiative)
        .public()
        .filter(committee=committee)
        .order_by()
        .values_list("proposed_class")
        .annotate(number=Count("pk"))
    )
    return [
        (proposed_from(name), number)
        for name, number in sorted(counted, key=lambda row: (-row[1], row[0]))
    ]


def proposed_from(name: str) -> str:
    """`Decision.proposed_class` in words: the class of a seat, a role, or a member without one."""
    labels = {"member": _("A member"), **dict(Role.choices), **dict(SeatClass.choices)}
    return str(labels.get(name, name))


def board(committee: Committee, seats: Sequence[Seat]) -> list[tuple[Group, Seat | None]]:
    """Each group of a council's dimension with its seat, or None."""
    if committee.dimension is None:
        return []
    held = {seat.group_id: seat for seat in seats if seat.group_id and seat.state != "ended"}
    return [
        (group, held.get(group.pk)) for group in committee.dimension.groups.select_related("parent")
    ]


def name_for(seat: Seat, member: Membership | None) -> str:
    """The holder's name; outside, only once she said yes by taking the seat."""
    return seat.public_name if member is not None or seat.taken_at else ""


def _term(seat: Seat) -> Term:
    start = max(moment for moment in (seat.taken_at, seat.term_starts) if moment)
    ends = [end for end in (seat.ended_at, seat.term_ends, seat.holder.ended_at) if end is not None]
    return Term(seat.seat_class, start, min(ends, default=None))


def _turns(first: datetime, now: datetime, zone: ZoneInfo) -> list[datetime]:
    """The first moments of January and July since `first`, the newest few."""
    years = range(first.astimezone(zone).year, now.astimezone(zone).year + 1)
    turns = [datetime(year, month, 1, tzinfo=zone) for year in years for month in (1, 7)]
    return [turn for turn in turns if first <= turn < now][1 - MOMENTS :]


def _x(index: int) -> int:
    return GAP // 2 + index * (BAR + GAP)


def _blocks(index: int, counts: dict[str, int], classes: list[str], top: int) -> list[Block]:
    blocks: list[Block] = []
    y = top * SEAT + 4
    for name in classes:
        if count := counts[name]:
            y -= count * SEAT
            blocks.append(Block(name, count, _x(index), y, count * SEAT))
    return blocks


def seats_of(committee: Committee) -> list[Seat]:
    """Every seat there ever was, with the people in it, in the order of the classes."""
    order = {name.value: place for place, name in enumerate(SeatClass)}
    every: Any = committee.seats.select_related(
        "holder__user", "alternate__user", "organization", "group", "initiative"
    )
    return sorted(every, key=lambda seat: (order[seat.seat_class], seat.pk))
