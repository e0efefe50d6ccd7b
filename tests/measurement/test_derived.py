"""What is worked out from public numbers: never from a hidden one, and never without a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from ciforum.people.models import Period
from ciforum.people.words import Words
from measurement.models import Indicator, IndicatorVersion, Release
from measurement.saying import between_words, goal_words, headline, measure_words
from measurement.showing.ahead import decimal_year
from measurement.showing.derived import NOT_ALL_SHOWN, OF_TWO, Derived
from measurement.showing.series import Member, Series
from measurement.showing.shown import Cell, Shown
from measurement.showing.turning import turned
from measurement.showing.universal_goal import UniversalGoal

GROUPS = ("a", "b", "c", "d")
EVERYONE = Series()


class NoJoints:
    """Lines that never break off: the tests of `breaks` look at those that do."""

    def breaks(self, before: Cell, after: Cell) -> bool:
        return before.version.pk != after.version.pk


def series(code: str, parent: str = "", overlaps: bool = False) -> Series:
    order = tuple(ord(each) for each in ([parent, code] if parent else [code]))
    within: Any = SimpleNamespace(version=1, is_ordered=False)
    return Series((Member("race", code, code.upper(), order, overlaps, within),))


def a_period(year: int) -> Period:
    return Period(pk=year, kind="year", start=date(year, 1, 1), end=date(year + 1, 1, 1))


def a_version(measure: str = "proportion", direction: str = "up") -> IndicatorVersion:
    return IndicatorVersion(
        pk=1,
        measure=measure,
        direction=direction,
        scale=100,
        numerator=Words(en="children who read well"),
        denominator=Words(en="children"),
    )


def a_table(numbers: dict[int, dict[str, Any]], **fields: Any) -> Shown:
    """{year: {group or "": (numerator, denominator) or "hidden"}} as public cells."""
    version = fields.pop("version", a_version())
    release = Release(pk=1, number=1)
    cells = []
    for year, row in numbers.items():
        for name, number in row.items():
            code, _slash, parent = name.partition("<")
            who = series(code, parent, fields.get("overlaps", False)) if name else EVERYONE
            x, n = (None, None) if number == "hidden" else number
            cells.append(
                Cell(a_period(year), who, version, release, x, n, False, number == "hidden", "")
            )
    dimension: Any = SimpleNamespace(is_ordered=fields.get("ordered", False))
    indicator = Indicator(pk=1)
    return Shown(
        indicator=indicator,
        version=version,
        place=None,
        by="race",
        kind="year",
        breakdowns={"race": [dimension]},
        kinds=["year"],
        cells=cells,
        release=release,
    )


def a_goal(value: float = 80, served: tuple[str, ...] = (), **fields: Any) -> UniversalGoal:
    goal: Any = SimpleNamespace(name="All read")
    return UniversalGoal(
        goal=goal,
        value=value,
        deadline=fields.get("deadline", date(2026, 12, 31)),
        considered=frozenset(["race"]),
        served=frozenset(served),
        blocks={},
    )


def derived(shown: Shown, goal: UniversalGoal | None = None, comparison: Any = None) -> Derived:
    joints: Any = NoJoints()
    return Derived(shown, goal, comparison, joints)


SHOWN = {
    2019: {"": (420, 1000), "a": (300, 600), "b": (120, 400)},
    2020: {"": (540, 1000), "a": (360, 600), "b": (180, 400)},
}
ONE_HIDDEN = {
    2020: {"": (541, 1000), "a": (354, 600), "b": (150, 340), "c": "hidden", "d": "hidden"},
}


def by_group(found: Derived) -> dict[str, Any]:
    assert found.assessment
    return {each.group.split(":")[1]: each for each in found.assessment.groups}


def test_each_group_is_measured_against_one_goal():
    found = derived(a_table(SHOWN), a_goal())

    a, b = by_group(found).values()
    assert (a.gap_to_goal, b.gap_to_goal) == pytest.approx((20, 35))
    assert (a.people_short_ceil, b.people_short_ceil) == (120, 140)
    assert a.required_change_per_year == pytest.approx(20 / 6, abs=0.01)
    assert (a.percent_of_gap_closed, b.percent_of_gap_closed) == pytest.approx((100 / 3, 30))
    assert found.assessment.total_people_short == pytest.approx(260)


def test_a_hidden_group_has_no_number_of_any_kind():
    found = derived(a_table(ONE_HIDDEN), a_goal())

    hidden = by_group(found)["c"]
    assert {key: value for key, value in vars(hidden).items() if value is not None} == {
        "group": "race:c"
    }
    (row,) = [each for each in goal_words.rows(found, found.assessment) if each.name == "C"]
    assert (row.value, row.to_go, row.short, row.pace, row.closed) == ("[c]", "", "", "", "")


def test_nothing_for_which_all_groups_are_needed_is_given_without_one():
    found = derived(a_table(ONE_HIDDEN), a_goal())

    assert found.assessment.total_people_short is None
    assert all(each.share_of_total_shortfall_pct is None for each in found.assessment.groups)
    given = {key for key, each in found.measures.items() if each.status == "ok"}
    assert given <= OF_TWO
    assert "d" in given
    assert found.measures["par"].reason == NOT_ALL_SHOWN
    assert goal_words.short_sentence(found, found.assessment) == ""
    assert between_words.left_out(found) == "Worked out from the groups that can be shown."


def test_no_total_less_the_others_is_anywhere():
    """541 of 1,000 less those shown would be 37 of 60: no output may hold either."""
    found = derived(a_table(ONE_HIDDEN), a_goal())

    said = (
        repr(found.assessment)
        + repr(found.measures)
        + repr(goal_words.rows(found, found.assessment))
    )
    for number in ("=37,", "=60,", "=60.0,", "=61.6", "'37'", "61.7"):
        assert number not in said


def test_a_hidden_total_is_not_put_together_from_its_groups():
    table = {2020: {"": "hidden", "a": (360, 600), "b": (180, 400), "c": (70, 100)}}

    found = derived(a_table(table), a_goal())

    assert found.assessment.overall is None
    assert found.assessment.total_people_short is None
    assert found.measures["mean"].estimate is None
    assert "cannot be shown" in goal_words.everyone_sentence(found, found.assessment)


def test_what_is_worked_out_is_the_same_whatever_the_hidden_number_was():
    """Public cells are all there is: two tables that differ behind the sign are one."""
    first, second = (derived(a_table(ONE_HIDDEN), a_goal()) for _each in range(2))

    assert first.assessment == second.assessment
    assert first.measures == second.measures


def test_an_unreliable_group_is_withheld_and_never_the_best():
    table = {2020: {"": (560, 1040), "a": (360, 600), "b": (190, 400), "c": (10, 14)}}

    found = derived(a_table(table), a_goal(), SimpleNamespace(against="best", group=None))

    assert by_group(found)["c"].value is None
    assert found.measures["d"].estimate == pytest.approx(12.5)
    (row,) = [each for each in goal_words.rows(found, found.assessment) if each.name == "C"]
    assert row.value == "[u]"
    assert "71" not in headline.gap(found)


def test_nobody_of_many_is_shown_and_is_not_the_best():
    table = {2020: {"": (90, 1400), "a": (50, 600), "b": (40, 400), "c": (0, 400)}}

    found = derived(a_table(table, version=a_version(direction="down")))

    assert found.measures["mdbu"].estimate == pytest.approx(
        (25 / 3 - 25 / 3 + 10 - 25 / 3 + 25 / 3) / 3
    )


def test_groups_that_overlap_are_never_added_up():
    found = derived(a_table(SHOWN, overlaps=True), a_goal())

    assert found.whole_groups == []
    assert found.measures == {}
    assert found.assessment.total_people_short is None
    assert by_group(found)["b"].gap_to_goal == pytest.approx(35)


def test_parts_of_a_group_are_measured_but_not_counted_twice():
    table = {2020: {"": (540, 1000), "a": (360, 600), "b": (180, 400), "x<b": (60, 200)}}

    found = derived(a_table(table), a_goal())

    assert by_group(found)["x"].gap_to_goal == pytest.approx(50)
    assert found.assessment.total_people_short == pytest.approx(260)
    assert found.measures["d"].estimate == pytest.approx(15)


@pytest.mark.parametrize(("numbers", "goal", "alarm"), [
    ({2019: {"": (700, 1000), "a": (480, 600), "b": (220, 400)},
      2020: {"": (640, 1000), "a": (420, 600), "b": (220, 400)}}, 80, "levelling_down"),
    ({2019: {"": (420, 1000), "a": (300, 600), "b": (120, 400)},
      2020: {"": (540, 1000), "a": (420, 600), "b": (120, 400)}}, 80, "total_up_gap_wider"),
    ({2020: {"": (500, 1000), "a": (300, 600), "b": (200, 400)}}, 80, "parity_below_goal"),
    ({2020: {"": (865, 1000), "a": (810, 900), "b": (55, 100)}}, 85,
     "overall_meets_goal_group_never"),
])  # fmt: skip
def test_alarms_ring_in_plain_words(numbers, goal, alarm):
    found = derived(a_table(numbers), a_goal(goal, served=("race:a", "race:b")))

    said = {each.code: each for each in goal_words.alarms(found, found.assessment)}
    assert alarm in said
    assert " A" not in said[alarm].sentence.replace("All", "")


def test_a_gap_nobody_plans_for_is_told_with_whom_the_plan_is_owed():
    found = derived(a_table(SHOWN), a_goal(served=("race:a",)))

    (alarm,) = [
        each for each in goal_words.alarms(found, found.assessment) if each.code == "unserved_gap"
    ]
    assert alarm.sentence.endswith("strategy for: B. The systems owe them a plan.")


def test_told_the_other_way_round_every_distance_stays():
    shown = a_table(SHOWN)

    as_failure = derived(turned(shown), a_goal().turned_round(100))

    assert as_failure.assessment.overall == pytest.approx(46)
    assert by_group(as_failure)["b"].gap_to_goal == pytest.approx(35)
    assert as_failure.measures["d"].estimate == pytest.approx(15)
    assert not as_failure.favourable


def test_a_hidden_number_told_the_other_way_round_stays_hidden():
    other = turned(a_table(ONE_HIDDEN))

    assert [cell.numerator for cell in other.cells] == [459, 246, 190, None, None]


def test_success_and_failure_can_disagree_and_the_page_says_so():
    table = {2019: {"": (1740, 2000), "a": (900, 1000), "b": (800, 1000)},
             2020: {"": (1830, 2000), "a": (950, 1000), "b": (880, 1000)}}  # fmt: skip

    found = derived(a_table(table))

    assert found.framing.ratio_failure == pytest.approx([2.0, 2.4])
    assert between_words.conflict(found).startswith("Since 2019")


def test_a_forecast_stays_inside_the_scale_and_ends_with_the_deadline():
    table = {year: {"": (400 + 20 * index, 1000)} for index, year in enumerate(range(2015, 2021))}

    found = derived(a_table(table), a_goal(deadline=date(2026, 12, 31))).ahead.forecast(EVERYONE)

    assert len(found.expected.points) == 6
    last = found.expected.points[-1]
    assert last.year == decimal_year(date(2027, 1, 1))
    assert 50 < last.low < last.value < last.high < 100


def test_a_forecast_uses_no_unreliable_number():
    table = {year: {"a": (8, 14)} for year in range(2015, 2021)}

    found = derived(a_table(table)).ahead.forecast(series("a"))

    assert found.expected.reason == "too_few_points"


def test_the_chosen_group_is_the_reference_and_has_a_reason_beside_it():
    chosen: Any = SimpleNamespace(
        against="group",
        group=SimpleNamespace(code="a", dimension=SimpleNamespace(code="race")),
    )

    found = derived(a_table(SHOWN), a_goal(), chosen)

    assert found.pair == ("d_ref", "r_ref")
    assert found.measures["d_ref"].estimate == pytest.approx(15)
    assert between_words.compared_with(found) == "The groups are compared with: A."


def test_by_itself_the_comparison_is_the_goal():
    said = between_words.compared_with(derived(a_table(SHOWN), a_goal()))

    assert said == "Each group is compared with the universal goal, never with another group."


def test_every_measure_has_a_row_with_a_value_or_the_reason_why_not():
    rows = measure_words.rows(derived(a_table(SHOWN)).measures, a_version())

    assert len(rows) == len(measure_words.NAMES)
    assert all(row["value"] or row["why"] for row in rows)


def test_a_sample_is_no_population():
    shown = a_table(SHOWN)
    shown.cells = [replace(cell, sample_size=cell.denominator) for cell in shown.cells]

    found = derived(shown, a_goal())

    assert by_group(found)["a"].people_short is None
    assert by_group(found)["a"].gap_to_goal == pytest.approx(20)


def test_an_interval_rests_on_those_who_were_asked():
    shown = a_table(SHOWN)
    wide = replace(shown.cells[0], sample_size=50)
    many, few = (
        derived(replace(shown, cells=[each])).precision(each) for each in (shown.cells[0], wide)
    )

    assert few.high - few.low > 3 * (many.high - many.low)


def test_counts_have_neither_goal_nor_differences():
    found = derived(a_table(SHOWN, version=a_version("count")), a_goal())

    assert found.measures == {}
    assert found.assessment is None
