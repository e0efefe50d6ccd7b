"""After a redefinition in another unit each number keeps the precision of its own definition."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from ciforum.people.models import Period
from measurement.boarding import panes
from measurement.drawing import figures, pictures
from measurement.saying import headline
from measurement.showing.derived import Derived
from measurement.showing.judging import judge
from tests.measurement.test_derived import EVERYONE, NoJoints, a_table, a_version


def redefined(old, new):
    """{year: (numerator, denominator)} of everyone: first per 1,000 people, then in percent."""
    before = a_version("rate")
    before.pk, before.scale = 2, 1000
    rates = a_table({year: {"": number} for year, number in old.items()}, version=before)
    percents = a_table({year: {"": number} for year, number in new.items()})
    return replace(percents, cells=[*rates.cells, *percents.cells])


def test_each_number_is_judged_by_its_own_definition():
    shown = redefined({2019: (700, 10_400)}, {2020: (620, 10_510)})

    together = judge(shown.cells)

    assert together == [found for cell in shown.cells for found in judge([cell])]
    assert (together[1].low, together[1].high) == pytest.approx((5.464, 6.366), abs=0.001)


def test_judging_keeps_the_order_of_the_numbers():
    shown = redefined({2018: (700, 10_400)}, {2020: (620, 10_510)})
    mixed = [shown.cells[1], shown.cells[0], shown.cells[1]]

    assert judge(mixed) == [judge([cell])[0] for cell in mixed]


def test_a_share_is_judged_alike_whatever_stands_beside_it():
    shown = a_table({2020: {"": (50, 400), "a": (90, 60)}})

    assert judge(shown.cells)[0] == judge(shown.cells[:1])[0]


def forecast_of(shown):
    derived = Derived(shown, joints=NoJoints())
    return derived, derived.ahead.forecast(EVERYONE).expected


def test_numbers_of_another_unit_before_a_break_stop_no_forecast():
    shown = redefined(
        {2018: (1200, 10_000)}, {2019: (120, 1000), 2020: (118, 1000), 2021: (110, 1000)}
    )

    _derived, found = forecast_of(shown)

    assert found.reason is None
    assert [value for _year, value in found.used] == [12.0, 11.8, 11.0]


def test_too_few_numbers_since_a_break_are_said_to_be_so():
    shown = redefined({2017: (1200, 10_000), 2018: (1250, 10_000)}, {2020: (120, 1000)})

    _derived, found = forecast_of(shown)

    assert found.reason == "method_break"


OTHER_UNIT = redefined(
    {2018: (1200, 10_000)}, {2019: (120, 1000), 2020: (118, 1000), 2021: (110, 1000)}
)


def test_one_axis_has_one_unit_and_the_sentence_says_what_is_not_drawn():
    derived = Derived(OTHER_UNIT, joints=NoJoints())
    derived.joints.definitions = list

    (line, *_ahead) = figures.lines(derived)["data"]

    assert line["y"] == [12.0, 11.8, 11.0]
    assert panes.highest([("", derived, EVERYONE)]) == 12.0
    assert pictures._last(derived, EVERYONE).value == 11
    assert (
        "Numbers for 2018 were told in another unit, so they are in no line of the chart; the "
        "table has them." in headline.chart_sentence(derived)
    )


def test_a_redefinition_in_the_same_unit_stays_in_the_chart():
    version = a_version()
    version.pk = 2
    shown = a_table({2020: {"": (110, 1000)}}, version=version)
    before = a_table({2019: {"": (120, 1000)}})
    derived = Derived(replace(shown, cells=[*before.cells, *shown.cells]), joints=NoJoints())

    assert len(derived.drawn(EVERYONE)) == 2
    assert "another unit" not in headline.chart_sentence(derived)


def weighted(weight):
    made = a_table({2020: {"": (600, 1500), "a": (200, 500), "b": (300, 500), "c": (100, 500)}})
    cells = [replace(cell, weight=weight, sample_size=500) for cell in made.cells]
    return Derived(replace(made, cells=cells), joints=NoJoints()).measures


@pytest.mark.parametrize("key", ["par", "paf"])
def test_people_a_survey_speaks_for_make_no_interval_narrower(key):
    found = weighted(Decimal(1_000_000))[key]

    assert (found.status, found.se, found.ci) == ("ok", None, None)
    assert found.no_interval == "weighted_population"


def spans(*numbers):
    """(first year, last year, numerator) of 1,000 each, as periods of several years."""
    made = a_table({last: {"": (x, 1000)} for _first, last, x in numbers})
    cells = [
        replace(made.cells[0], period=a_span(first, last), numerator=x)
        for first, last, x in numbers
    ]
    return replace(made, cells=sorted(cells, key=lambda cell: (cell.period.end, cell.period.start)))


def a_span(first, last):
    return Period(
        pk=first * 10_000 + last, kind="years", start=date(first, 1, 1), end=date(last + 1, 1, 1)
    )


def test_spans_that_end_together_count_once_as_long_as_the_newest():
    shown = spans(
        (2014, 2018, 300),
        (2016, 2018, 310),
        (2017, 2019, 320),
        (2018, 2022, 990),
        (2020, 2022, 340),
    )

    derived, found = forecast_of(shown)

    assert [value for _year, value in found.used] == [31.0, 32.0, 34.0]
    assert {end.year for _start, end in derived.ahead.periods} == {*range(2024, 2029)}


def test_a_span_that_begins_with_another_does_not_shorten_the_steps():
    shown = spans((2018, 2018, 300), (2019, 2019, 310), (2020, 2020, 320), (2020, 2021, 330))

    derived, _found = forecast_of(shown)

    assert [start.year for start, _end in derived.ahead.periods] == [2021, 2022, 2023, 2024]


@pytest.mark.parametrize("measure", ["rate", "count"])
def test_what_cannot_be_below_zero_is_never_expected_there(measure):
    numbers = {2018: {"": (300, 10_000)}, 2019: {"": (200, 10_000)}, 2020: {"": (110, 10_000)}}
    shown = a_table(numbers, version=a_version(measure))

    _derived, found = forecast_of(shown)

    points = found.points
    assert [point.value for point in points] == sorted(
        (point.value for point in points), reverse=True
    )
    assert all(0 <= point.low < point.value < point.high for point in points)


def test_rates_that_went_beyond_their_scale_have_no_upper_bound():
    version = a_version("rate")
    version.scale = 10
    numbers = {year: {"": (x, 100)} for year, x in ((2018, 90), (2019, 110), (2020, 130))}

    _derived, found = forecast_of(a_table(numbers, version=version))

    assert found.reason is None
    assert found.points[-1].value > 10
