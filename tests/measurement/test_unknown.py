"""The share of people whose group nobody knows, from what is shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace

import pytest

from measurement.showing.series import Member, Series
from measurement.showing.unknown import is_much, unknown_share

EVERYONE = Series()


def group(code, *, order=(1,), overlaps=False):
    return Series((Member("race", code, code.capitalize(), order, overlaps, None),))


@dataclass
class Cell:
    series: Series
    numerator: int | None = 1
    denominator: int | None = None
    is_near: bool = False
    is_protected: bool = False
    missing: str = ""


def shown(*cells, measure="proportion"):
    """One period of an indicator; what Shown answers, without a database."""
    series = list(dict.fromkeys(cell.series for cell in cells))
    return SimpleNamespace(
        version=SimpleNamespace(measure=measure),
        periods=["2023"],
        series=series,
        everyone=EVERYONE,
        by_key={("2023", cell.series): cell for cell in cells},
        overlaps=any(member.overlaps for each in series for member in each.members),
    )


def table(everyone, **groups):
    cells = [Cell(group(code), denominator=people) for code, people in groups.items()]
    return shown(Cell(EVERYONE, denominator=everyone), *cells)


def test_everyone_minus_the_groups():
    assert unknown_share(table(200, white=100, black=70)) == Decimal("0.15")


def test_nobody_is_unknown():
    assert unknown_share(table(200, white=130, black=70)) == 0


def test_counts_without_a_whole_are_counted_themselves():
    cells = [Cell(EVERYONE, 50), Cell(group("white"), 20), Cell(group("black"), 20)]

    assert unknown_share(shown(*cells, measure="count")) == Decimal("0.2")


def test_a_group_that_stands_for_the_unknown_is_unknown():
    assert unknown_share(table(100, white=60, black=25, unknown=15)) == Decimal("0.15")


def test_parts_of_groups_are_not_added_twice():
    cells = [
        Cell(EVERYONE, denominator=100),
        Cell(group("asian"), denominator=90),
        Cell(group("hmong", order=(1, 1)), denominator=40),
    ]

    assert unknown_share(shown(*cells)) == Decimal("0.1")


@pytest.mark.parametrize(
    "hidden",
    [
        Cell(group("black"), None, None, is_protected=True),
        Cell(group("black"), None, None, missing="too_small"),
        Cell(group("black"), 5, 70, is_near=True),
        Cell(group("black", overlaps=True), 5, 70),
    ],
)
def test_one_group_that_is_not_fully_shown_leaves_it_untold(hidden):
    whole, white = Cell(EVERYONE, denominator=200), Cell(group("white"), denominator=100)

    assert unknown_share(shown(whole, white, hidden)) is None


@pytest.mark.parametrize(
    "told",
    [table(100, white=90, black=20), table(0, white=0), table(None, white=5), shown()],
)
def test_what_cannot_be_told_is_not_told(told):
    if not told.by_key:
        told.periods = []

    assert unknown_share(told) is None


def test_above_a_tenth_is_much():
    assert [is_much(share) for share in (None, Decimal("0.1"), Decimal("0.101"))] == [
        False, False, True,
    ]  # fmt: skip
