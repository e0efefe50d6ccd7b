"""The floor for lived experience, and classes of seats over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ciforum.people.registry import evidence
from equity.composition import Floor, Term, floor, over_time
from tests import builders


@dataclass(frozen=True)
class Bars:
    lived_one_in: int = 3
    lived_minimum: int = 2


BARS = st.builds(Bars, st.integers(1, 3), st.integers(2, 30))
BODIES = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(
    lambda pair: (pair[0] + pair[1], pair[0])
)


@pytest.mark.parametrize(
    ("seats", "lived", "needed", "missing"),
    [
        (0, 0, 2, 2),
        (1, 1, 2, 1),  # no one person can be the voice of a community
        (2, 2, 2, 0),
        (6, 2, 2, 0),
        (7, 2, 3, 1),
        (9, 3, 3, 0),
        (10, 3, 4, 1),
        (4, 0, 2, 2),
        (12, 0, 4, 6),  # each one more is a seat more
    ],
)
def test_a_third_and_never_fewer_than_two(seats, lived, needed, missing):
    assert floor(seats, lived, Bars()) == Floor(seats, lived, needed, missing)


@given(BODIES, BARS)
def test_the_floor_is_met_by_exactly_the_seats_that_are_missing(body, bars):
    found = floor(*body, bars)

    assert found.needed >= bars.lived_minimum
    assert found.needed * bars.lived_one_in >= found.seats
    assert found.is_met == (found.missing == 0)
    if found.missing is None:
        assert bars.lived_one_in == 1
        assert not floor(found.seats + 50, found.lived + 50, bars).is_met
        return
    assert floor(found.seats + found.missing, found.lived + found.missing, bars).is_met
    if found.missing:
        fewer = found.missing - 1
        assert not floor(found.seats + fewer, found.lived + fewer, bars).is_met


@given(BODIES, BARS)
def test_a_stricter_policy_never_asks_for_less(body, bars):
    stricter = Bars(max(1, bars.lived_one_in - 1), bars.lived_minimum + 1)

    assert floor(*body, stricter).needed >= floor(*body, bars).needed


@pytest.mark.parametrize("body", [(1, 2), (3, -1)])
def test_what_cannot_be_is_refused(body):
    with pytest.raises(ValueError, match="cannot be"):
        floor(*body, Bars())


DAY = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 1000).map(lambda days: DAY + timedelta(days=days))


@given(
    st.lists(st.builds(Term, st.sampled_from(["lived", "funder"]), MOMENTS, MOMENTS | st.none())),
    st.lists(MOMENTS, max_size=5),
)
def test_every_term_counts_at_exactly_the_moments_it_covers(terms, moments):
    counted = over_time(terms, moments)

    for moment, counts in zip(moments, counted, strict=True):
        held = [t for t in terms if t.start <= moment and (t.end is None or moment < t.end)]
        assert sum(counts.values()) == len(held)
        assert set(counts) == {term.seat_class for term in terms}


@pytest.mark.django_db(transaction=True)
def test_the_evidence_says_who_decides(initiative):
    source = evidence["equity.seats"]
    before = source.answer(initiative, None)
    committee = builders.a_committee(initiative)
    for _each in range(2):
        builders.a_seat(committee, builders.a_member(initiative, "community"))
    for _each in range(3):
        builders.a_seat(committee, builders.a_member(initiative, "partner"), "institution")
    after = source.answer(initiative, None)

    assert (source.strategy, before.count, after.count) == (3, 0, 2)
    assert before.sentence == "Nobody holds a seat yet, so nothing can be decided here."
    assert after.sentence == (
        "2 of 5 seats that vote are for lived experience. 1 of 1 body that decides has enough of "
        "them."
    )
