"""Who sits in a body that decides: the floor for lived experience, and classes over time.

Pure: plain values in, plain values out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Bars(Protocol):
    """How strict an initiative is about its bodies."""

    lived_one_in: int  # at least one seat for lived experience in so many seats
    lived_minimum: int  # and never fewer than these


@dataclass(frozen=True)
class Floor:
    """How a body stands to the floor.

    seats, lived: its voting seats, and those of them for lived experience. needed: how many of
    these seats would have to be for lived experience. missing: how many seats for lived
    experience, added to those there are, would meet the floor; None where adding cannot, because
    every seat has to be one.
    """

    seats: int
    lived: int
    needed: int
    missing: int | None

    @property
    def is_met(self) -> bool:
        return self.lived >= self.needed


def floor(seats: int, lived: int, policy: Bars) -> Floor:
    """At least one in `lived_one_in` voting seats is for lived experience, and never fewer than
    `lived_minimum`: no one person can be the voice of a community.

    Raises ValueError when the numbers cannot be: 0 ≤ lived ≤ seats.
    """
    if not 0 <= lived <= seats:
        raise ValueError(f"{lived} of {seats} seats cannot be")
    one_in, minimum = policy.lived_one_in, policy.lived_minimum
    return Floor(
        seats, lived, _needed(seats, one_in, minimum), _missing(seats, lived, one_in, minimum)
    )


def _needed(seats: int, one_in: int, minimum: int) -> int:
    return max(minimum, _up(seats, one_in))


def _missing(seats: int, lived: int, one_in: int, minimum: int) -> int | None:
    """The least m ≥ 0 with lived + m ≥ max(minimum, (seats + m) / one_in)."""
    if one_in == 1:
        return max(0, minimum - lived) if seats == lived else None
    return max(0, minimum - lived, _up(seats - lived * one_in, one_in - 1))


def _up(number: int, by: int) -> int:
    """number ÷ by, rounded up."""
    return -(-number // by)


@dataclass(frozen=True)
class Term:
    """How long a seat of a class was held: from `start` up to, not including, `end` (None: now)."""

    seat_class: str
    start: datetime
    end: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        return self.start <= moment and (self.end is None or moment < self.end)


def over_time(terms: Sequence[Term], moments: Iterable[datetime]) -> list[dict[str, int]]:
    """How many seats of each class were held at each moment; classes that had none are 0."""
    classes = list(dict.fromkeys(term.seat_class for term in terms))
    return [
        {
            name: sum(term.seat_class == name and term.covers(moment) for term in terms)
            for name in classes
        }
        for moment in moments
    ]
