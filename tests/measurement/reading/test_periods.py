from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from measurement.reading import periods
from measurement.reading.periods import BadPeriod, PeriodRules, bucketed, parse_period, settle


def of(kind, start, end, label):
    return periods.PeriodSpec(date(*start), date(*end), kind, label)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2005", of("year", (2005, 1, 1), (2006, 1, 1), "2005")),
        ("2005.0", of("year", (2005, 1, 1), (2006, 1, 1), "2005")),
        ("2005-2006", of("school_year", (2005, 7, 1), (2006, 7, 1), "2005\u201306")),
        ("2005-06", of("school_year", (2005, 7, 1), (2006, 7, 1), "2005\u201306")),
        ("SY 2005\u201306", of("school_year", (2005, 7, 1), (2006, 7, 1), "2005\u201306")),
        ("1999-00", of("school_year", (1999, 7, 1), (2000, 7, 1), "1999\u201300")),
        ("2018-2020", of("years", (2018, 1, 1), (2021, 1, 1), "2018\u20132020")),
        ("2016-20", of("years", (2016, 1, 1), (2021, 1, 1), "2016\u20132020")),
        ("FY2020", of("fiscal_year", (2019, 7, 1), (2020, 7, 1), "FY2020")),
        ("FFY 2020", of("fiscal_year", (2019, 10, 1), (2020, 10, 1), "FY2020")),
        ("2019-03", of("month", (2019, 3, 1), (2019, 4, 1), "2019-03")),
        ("marzo de 2019", of("month", (2019, 3, 1), (2019, 4, 1), "2019-03")),
        ("Q4 2019", of("quarter", (2019, 10, 1), (2020, 1, 1), "2019-Q4")),
        ("2019-Q1", of("quarter", (2019, 1, 1), (2019, 4, 1), "2019-Q1")),
        ("2019-03-31", of("day", (2019, 3, 31), (2019, 4, 1), "2019-03-31")),
        ("03/31/2019", of("day", (2019, 3, 31), (2019, 4, 1), "2019-03-31")),
        ("31.03.2019", of("day", (2019, 3, 31), (2019, 4, 1), "2019-03-31")),
        ("March 31, 2019", of("day", (2019, 3, 31), (2019, 4, 1), "2019-03-31")),
        ("2019-03-31T00:00:00", of("day", (2019, 3, 31), (2019, 4, 1), "2019-03-31")),
        ("2021 (provisional)", of("year", (2021, 1, 1), (2022, 1, 1), "2021")),
    ],
)  # fmt: skip
def test_periods_in_the_ways_people_write_them(text, period):
    assert parse_period(text) == period


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no_period"),
        ("  ", "no_period"),
        ("3/4/2019", "ambiguous_period"),
        ("2019-02-30", "bad_period"),
        ("2019-13", "bad_period"),
        ("2020-2019", "bad_period"),
        ("1900-2019", "bad_period"),
        ("9999", "bad_period"),
        ("12", "bad_period"),
        ("total", "bad_period"),
    ],
)
def test_what_is_no_period_or_two_is_refused(text, code):
    with pytest.raises(BadPeriod) as refused:
        parse_period(text)

    assert refused.value.code == code


def test_one_late_day_settles_the_whole_column():
    rules = settle(["3/4/2019", "25/4/2019"])

    assert parse_period("3/4/2019", rules).label == "2019-04-03"


def test_columns_that_contradict_themselves_settle_nothing():
    assert settle(["25/4/2019", "4/25/2019"]).day_first is None


def test_a_dash_is_a_month_when_the_column_has_other_months():
    assert parse_period("2005-06", settle(["2005-06", "2005-07"])).label == "2005-06"
    assert parse_period("2005-06", settle(["2005-06", "2006-07"])).kind == "school_year"
    assert parse_period("2008-12", settle(["2008-12", "2009-13"])).kind == "years"


def test_a_pair_of_years_is_what_the_mapping_says():
    assert parse_period("2005-2006", PeriodRules(consecutive="years")).label == "2005\u20132006"


def test_days_fall_into_longer_periods():
    day = parse_period("2019-03-31")

    assert bucketed(day, "school_year").label == "2018\u201319"
    assert bucketed(day, "quarter").label == "2019-Q1"
    assert bucketed(day, "year").label == "2019"
    assert bucketed(day, "as_is") == day


def test_a_long_period_does_not_fall_into_a_shorter_one():
    with pytest.raises(BadPeriod) as refused:
        bucketed(parse_period("2019"), "month")

    assert refused.value.code == "period_too_long"


@settings(deadline=None)
@given(some.dates(date(1850, 1, 1), date(2150, 12, 31)))
def test_every_label_reads_back_as_its_period(day):
    school = day.year - (day.month < 7)
    for period in (
        periods.day(day.year, day.month, day.day),
        periods.quarter(day.year, (day.month + 2) // 3),
        periods.year(day.year),
        periods.school_year(school),
        periods.years(day.year, day.year + 4),
    ):
        assert period.start <= day < period.end
        assert parse_period(period.label) == period

    month = periods.month(day.year, day.month)  # "2005-06" is a school year unless settled
    assert parse_period(month.label, PeriodRules(dash="month")) == month


@settings(deadline=None)
@given(some.text(max_size=40))
def test_any_text_is_a_period_or_refused(text):
    found = None
    try:
        found = parse_period(text)
    except BadPeriod as refused:
        found = refused.code

    if isinstance(found, str):
        assert found in ("no_period", "bad_period", "ambiguous_period")
    else:
        assert found.start < found.end
