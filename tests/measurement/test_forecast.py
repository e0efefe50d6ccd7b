"""What is expected if nothing changes, and whether a number moved."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from measurement.forecast import forecast, outlook
from measurement.needle import improved_by, progress

SERIES = [(2018, 42.0, None), (2019, 44.5, None), (2020, 43.8, None), (2021, 47.1, None),
          (2022, 48.0, None)]  # fmt: skip


def textbook(series, year):
    """Line and 95 % prediction interval by matrices."""
    x = np.array([[1, row[0]] for row in series], dtype=float)
    y = np.array([row[1] for row in series])
    inverse = np.linalg.inv(x.T @ x)
    beta = inverse @ x.T @ y
    df = len(series) - 2
    variance = ((y - x @ beta) ** 2).sum() / df
    new = np.array([1, year])
    half = stats.t.ppf(0.975, df) * math.sqrt(variance * (1 + new @ inverse @ new))
    return new @ beta, new @ beta - half, new @ beta + half


def test_without_bounds_it_is_the_line_and_the_interval_of_the_textbook():
    (expected,) = forecast(SERIES, [2025], scale=None).points

    assert (expected.value, expected.low, expected.high) == pytest.approx(textbook(SERIES, 2025))


def test_shares_are_drawn_on_along_the_logit():
    logits = [(year, math.log(value / (100 - value)), None) for year, value, _ in SERIES]

    (expected,) = forecast(SERIES, [2025], scale=100).points

    ends = [100 / (1 + math.exp(-end)) for end in textbook(logits, 2025)]
    assert (expected.value, expected.low, expected.high) == pytest.approx(tuple(ends))


def test_a_vague_point_weighs_less_than_a_sure_one():
    sure = [(year, value, 0.5) for year, value, _ in SERIES[:-1]]

    vague_end = forecast([*sure, (2022, 60.0, 20.0)], [2025], scale=None).points[0]
    sure_end = forecast([*sure, (2022, 60.0, 0.5)], [2025], scale=None).points[0]

    assert vague_end.value < 53 < sure_end.value
    gls = np.polyfit([2018, 2019, 2020, 2021, 2022], [42.0, 44.5, 43.8, 47.1, 60.0], 1,
                     w=[2, 2, 2, 2, 0.05])  # fmt: skip
    assert vague_end.value == pytest.approx(np.polyval(gls, 2025), rel=1e-6)


def test_a_band_is_never_narrower_than_the_error_of_the_points():
    straight = [(year, 40.0 + year - 2018, 2.0) for year in range(2018, 2024)]

    (expected,) = forecast(straight, [2024], scale=None).points

    half = stats.t.ppf(0.975, 4) * 2.0 * math.sqrt(1 + 1 / 6 + 3.5**2 / 17.5)
    assert expected.high - expected.low == pytest.approx(2 * half)


def test_errors_that_are_not_all_known_weigh_nothing():
    some = [(2018, 42.0, 9.0), *SERIES[1:]]

    assert forecast(some, [2025], scale=100).points == forecast(SERIES, [2025], scale=100).points


def test_an_error_of_nothing_is_no_error_given():
    none = [(year, value, 1e-200) for year, value, _ in SERIES]

    assert forecast(none, [2025], scale=100).points == forecast(SERIES, [2025], scale=100).points


def test_points_exactly_on_a_line_leave_no_band_to_tell():
    found = forecast([(2018, 50, None), (2019, 50, None), (2020, 50, None)], [2024], scale=100)

    assert found.points[0].value == pytest.approx(50)
    assert (found.points[0].low, found.points[0].high) == (None, None)
    tenths = forecast([(i, i / 10, None) for i in range(1, 12)], [12], scale=None)
    assert tenths.points[0].value == pytest.approx(1.2)
    assert tenths.points[0].low is None


@pytest.mark.parametrize("values", [(0, 0, 1), (0, 3, 9), (100, 98, 100), (0, 100, 0)])
def test_nobody_and_everybody_are_values_too(values):
    series = [(2018 + i, value, None) for i, value in enumerate(values)]

    (expected,) = forecast(series, [2030], scale=100).points

    assert 0 <= expected.low <= expected.value <= expected.high <= 100


def test_fewer_than_three_points_are_no_forecast_but_a_reason():
    for series in ([], SERIES[:2], [*SERIES[:2], (2020, None, None)]):
        found = forecast(series, [2025], scale=100)

        assert (found.reason, found.points, found.line) == ("too_few_points", [], None)
        assert outlook(found, goal=80, favourable=True, deadline=2030).status == "not_computable"
        assert outlook(found, goal=80, favourable=True).reason == "too_few_points"


def test_only_points_since_the_last_break_of_method_count():
    found = forecast(SERIES, [2025], scale=100, breaks=[2015, 2021])

    assert (found.reason, found.used) == ("method_break", [(2021, 47.1), (2022, 48.0)])
    since = forecast(SERIES, [2025], scale=100, breaks=[2020])
    assert since.points == forecast(SERIES[2:], [2025], scale=100).points
    later = forecast(SERIES, [2025], scale=100, breaks=[2023])
    assert later.points == forecast(SERIES, [2025], scale=100).points


def test_further_than_the_points_reach_back_is_far():
    points = forecast(SERIES, [2026, 2026.5], scale=100).points

    assert [point.is_far for point in points] == [False, True]


@pytest.mark.parametrize(
    ("series", "words"),
    [
        ([(2018, 101, None)], "not between 0 and 100"),
        ([(2018, -1, None)], "not between 0 and 100"),
        ([(2018, math.nan, None)], "must be numbers"),
        ([(2018, 1, -1)], "must be numbers"),
        ([(2018, 1, None), (2018, 2, None)], "there twice"),
    ],
)
def test_points_that_cannot_be_are_refused_with_a_sentence(series, words):
    with pytest.raises(ValueError, match=words):
        forecast(series, [2025], scale=100)


def test_the_year_of_the_goal_is_where_the_line_crosses_it():
    found = forecast(SERIES, [], scale=100)

    when = outlook(found, goal=80, favourable=True, deadline=2030)

    assert when.status == "year"
    assert found.line.value(when.year) == pytest.approx(80)
    assert when.required_change_per_year == pytest.approx(32 / 8)
    assert 0 < when.expected_change_per_year < when.required_change_per_year
    assert when.at_deadline.value < 80


def test_a_line_that_moves_away_or_stands_still_never_gets_there():
    falling = [(year, 90 - value, None) for year, value, _ in SERIES]
    still = [(year, 40.0, None) for year in range(2018, 2023)]
    slow = [(year, 40.0 + i * 0.01, None) for i, year in enumerate(range(2018, 2023))]

    for series in (falling, still, slow):
        when = outlook(forecast(series, [], scale=100), goal=80, favourable=True, deadline=2030)
        assert (when.status, when.year) == ("never", None)
    assert when.is_within_band is False
    assert outlook(forecast(falling, [], scale=100), goal=20, favourable=False).status == "year"


def test_all_of_everybody_is_never_crossed_by_a_line_that_bends():
    assert outlook(forecast(SERIES, [], scale=100), goal=100, favourable=True).status == "never"
    assert outlook(forecast(SERIES, [], scale=None), goal=100, favourable=True).status == "year"


def test_a_goal_that_is_reached_asks_for_no_more():
    found = outlook(forecast(SERIES, [], scale=100), goal=48, favourable=True, deadline=2030)

    assert (found.status, found.year, found.required_change_per_year) == ("reached", None, 0)
    assert found.is_within_band
    passed = outlook(forecast(SERIES, [], scale=100), goal=40, favourable=True, deadline=2030)
    assert (passed.status, passed.required_change_per_year) == ("reached", 0)


def test_a_line_ahead_of_its_last_point_is_due_now():
    dip = [*SERIES[:4], (2022, 44.0, None)]
    found = forecast(dip, [], scale=None)

    assert found.line.value(2022) > 45.5
    assert outlook(found, goal=45.5, favourable=True).year == 2022


@pytest.mark.parametrize(
    ("goal", "favourable", "inside"),
    [(58, True, True), (70, True, False), (50, True, True), (50, False, True), (40, False, False)],
)
def test_a_goal_within_the_band_may_still_be_reached(goal, favourable, inside):
    found = outlook(
        forecast(SERIES, [], scale=100), goal=goal, favourable=favourable, deadline=2025
    )

    assert 46 < found.at_deadline.low < 50 < found.at_deadline.value < 55
    assert 58 < found.at_deadline.high < 60
    assert found.is_within_band is inside


@pytest.mark.parametrize("deadline", [None, 2022, 2019])
def test_a_deadline_that_has_passed_asks_for_no_pace(deadline):
    found = outlook(forecast(SERIES, [], scale=100), goal=80, favourable=True, deadline=deadline)

    assert (found.required_change_per_year, found.at_deadline) == (None, None)


series_of_shares = st.dictionaries(
    st.integers(2000, 2030), st.floats(0, 1), min_size=3, max_size=15
)


@settings(deadline=None)
@given(series_of_shares, st.sampled_from([1, 100, 1000, 100_000]), st.floats(2000, 2100))
def test_line_and_band_never_leave_the_scale(drawn, scale, year):
    series = [(key, value * scale, None) for key, value in drawn.items()]

    (expected,) = forecast(series, [year], scale=scale).points

    assert 0 <= expected.value <= scale
    if expected.low is not None:
        assert 0 <= expected.low <= expected.value <= expected.high <= scale


@settings(deadline=None)
@given(series_of_shares, st.floats(2000, 2100))
def test_telling_failures_instead_turns_the_forecast_over(drawn, year):
    success = [(key, value, None) for key, value in drawn.items()]
    failure = [(key, 1 - value, None) for key, value in drawn.items()]

    one = forecast(success, [year], scale=1).points[0]
    other = forecast(failure, [year], scale=1).points[0]

    assert one.value == pytest.approx(1 - other.value, abs=1e-6)
    if one.low is not None and other.high is not None:
        assert one.low == pytest.approx(1 - other.high, abs=1e-6)


@settings(deadline=None)
@given(series_of_shares)
def test_the_band_grows_with_the_distance_from_the_points(drawn):
    series = [(key, value, None) for key, value in drawn.items()]
    last = max(drawn)

    near, far = forecast(series, [last + 1, last + 9], scale=None).points
    assume(near.low is not None)

    assert far.high - far.low > near.high - near.low


# The badge, and Healthy People's classes


@pytest.mark.parametrize(
    ("baseline", "latest", "favourable", "status", "percent"),
    [
        (50, 55, True, "moved", 10),
        (50, 54.96, True, "not_moved", 9.92),
        (50, 45, False, "moved", 10),
        (50, 45, True, "not_moved", -10),
        (50, 55, False, "not_moved", -10),
        (0.4, 0.44, True, "moved", 10),  # 9.999999999999995 in floats
        (50, 0, False, "moved", 100),
    ],
)
def test_the_needle_moved_at_ten_percent_in_the_wished_direction(
    baseline, latest, favourable, status, percent
):
    found = improved_by(baseline, latest, favourable, 100)

    assert (found.status, found.reason) == (status, None)
    assert found.improvement_percent == pytest.approx(percent)


@pytest.mark.parametrize(
    ("baseline", "latest", "more", "reason"),
    [
        (0, 5, {}, "baseline_zero"),
        (None, 5, {}, "baseline_hidden"),
        (5, None, {}, "latest_hidden"),
        (5, 9, {"baseline_reliable": False}, "baseline_unreliable"),
        (5, 9, {"latest_reliable": False}, "latest_unreliable"),
        (95, 99, {"scale": 100}, "no_room"),
    ],
)
def test_where_the_badge_cannot_be_told_it_says_why(baseline, latest, more, reason):
    found = improved_by(baseline, latest, True, **more)

    assert (found.status, found.reason) == ("not_computable", reason)


def test_there_is_always_room_to_lower_a_number():
    assert improved_by(95, 80, False, 100).status == "moved"
    assert improved_by(90, 99, True, 100).status == "moved"
    assert improved_by(95, 120, True).status == "moved"
    assert improved_by(100, 110, True, 110).status == "moved"  # just room enough


def test_a_value_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="must be 0 or more"):
        improved_by(math.nan, 5, True)


@pytest.mark.parametrize(
    ("baseline", "latest", "target", "favourable", "category"),
    [
        (50, 80, 80, True, "target_met"),
        (50, 85, 80, True, "target_met"),
        (90, 85, 80, True, "target_met"),
        (50, 53, 80, True, "improving"),  # 10 % of the targeted change
        (50, 52.9, 80, True, "little_or_no_change"),
        (50, 50, 80, True, "little_or_no_change"),
        (50, 45.1, 80, True, "little_or_no_change"),
        (50, 45, 80, True, "getting_worse"),  # 10 % of the baseline
        (50, 47, 20, False, "improving"),
        (50, 55, 20, False, "getting_worse"),
        (50, 20, 20, False, "target_met"),
        (0, 1, 0, False, "getting_worse"),
        (85, 79, 80, True, "little_or_no_change"),  # it was there, and fell back
    ],
)
def test_progress_is_one_of_four_classes(baseline, latest, target, favourable, category):
    assert progress(baseline, latest, target, favourable).category == category


@pytest.mark.parametrize(
    ("latest", "se", "category"),
    [
        (52, 0.5, "improving"),  # 2 > 1.96 · 0.707
        (52, 1.0, "little_or_no_change"),
        (70, 9.0, "little_or_no_change"),
        (48, 0.5, "getting_worse"),
        (40, 9.0, "little_or_no_change"),
        (80, 50.0, "target_met"),
    ],
)
def test_with_standard_errors_chance_decides_instead_of_ten_percent(latest, se, category):
    found = progress(50, latest, 80, True, baseline_se=se, latest_se=se)

    assert found.category == category


def test_the_percent_of_targeted_change_is_that_of_healthy_people():
    found = progress(30, 45, 80, True)

    assert found.percent_of_targeted_change == pytest.approx(30)
    assert found.percent_change == pytest.approx(50)
    assert progress(90, 85, 80, True).percent_of_targeted_change is None
    assert progress(None, 5, 80, True).reason == "baseline_hidden"
    assert progress(5, None, 80, True).category == "not_computable"
