"""If nothing changes: what the page says of the line drawn on."""

from __future__ import annotations

from datetime import date

from measurement.saying import forecast_words
from tests.measurement.test_derived import a_goal, a_table, derived

RISING = {year: {"": (400 + 20 * (year - 2015), 1000), "a": (8, 14)} for year in range(2015, 2021)}


def test_the_sentence_says_when_how_sure_and_whether_in_time():
    said = forecast_words.sentence(derived(a_table(RISING), a_goal(deadline=date(2024, 12, 31))))

    assert said.startswith("If nothing changes, expect 58.1% for everyone in 2024.")
    assert "Most likely it is from" in said
    assert "At this pace the goal is reached around" in said


def test_a_line_that_falls_away_from_the_goal_never_reaches_it():
    falling = {year: {"": (600 - 20 * (year - 2015), 1000)} for year in range(2015, 2021)}

    said = forecast_words.sentence(derived(a_table(falling), a_goal()))

    assert "At this pace the goal is not reached." in said


def test_too_few_numbers_give_a_reason_and_no_forecast():
    short = {year: RISING[year] for year in (2019, 2020)}

    said = forecast_words.sentence(derived(a_table(short), a_goal()))

    assert said == ("No forecast: it takes three numbers that can be shown and are counted alike.")


def test_an_unreliable_group_has_no_line_drawn_on():
    everyone, group = forecast_words.rows(derived(a_table(RISING), a_goal()))

    assert everyone.value.endswith("%")
    assert (group.now, group.value, group.band) == ("[u]", "", "")
    assert group.why.startswith("No forecast")
