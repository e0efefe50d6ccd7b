"""What is refused before anything is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from agenda.tally.records import Ballot


def is_number(value: Any) -> bool:
    """Exact, and not a truth value in disguise."""
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_name(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def check_seats(seats: Mapping[str, int]) -> None:
    """Raise ValueError unless these are classes with 0 or more seats each."""
    for seat_class, number in seats.items():
        if not is_name(seat_class) or seat_class == "all":
            raise ValueError(f"A class of seats cannot be named {seat_class!r}.")
        if not is_whole(number) or number < 0:
            raise ValueError(f"The class {seat_class!r} cannot have {number!r} seats.")


def check_bars(kind: str, bars: Mapping[str, Fraction], seats: Mapping[str, int]) -> None:
    """Raise ValueError unless these are shares of 'all' or of classes that exist."""
    for seat_class, bar in bars.items():
        if seat_class != "all" and seat_class not in seats:
            raise ValueError(f"There is a {kind} for {seat_class!r}, a class without seats.")
        if not is_number(bar) or not 0 <= bar <= 1:
            raise ValueError(
                f"The {kind} for {seat_class!r} must be a Fraction from 0 to 1, not {bar!r}."
            )


def check_ballots(
    ballots: Sequence[Ballot], seats: Mapping[str, int], fault: Callable[[Any], str | None]
) -> None:
    """Raise ValueError unless each seat cast at most one ballot, and each ballot can be counted."""
    for ballot in ballots:
        _check_ballot(ballot, seats)
        if wrong := fault(ballot.choice):
            raise ValueError(f"The ballot of seat {ballot.seat!r} cannot be counted: {wrong}.")
    for seat, number in Counter(ballot.seat for ballot in ballots).items():
        if number > 1:
            raise ValueError(f"Seat {seat!r} has {number} ballots; only one may count.")
    for seat_class, number in Counter(ballot.seat_class for ballot in ballots).items():
        if number > seats[seat_class]:
            raise ValueError(
                f"The class {seat_class!r} has {number} ballots for {seats[seat_class]} seats."
            )


def _check_ballot(ballot: Ballot, seats: Mapping[str, int]) -> None:
    if not is_name(ballot.seat):
        raise ValueError(f"A seat cannot be named {ballot.seat!r}.")
    if not is_name(ballot.seat_class) or ballot.seat_class not in seats:
        raise ValueError(
            f"Seat {ballot.seat!r} is of the class {ballot.seat_class!r}, which has no seats."
        )
    if not is_number(ballot.weight) or ballot.weight < 0:
        raise ValueError(
            f"The ballot of seat {ballot.seat!r} cannot have the weight {ballot.weight!r}."
        )
