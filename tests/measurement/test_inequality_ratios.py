"""The risk ratio of special education, and every group's ratio to the best one."""

from __future__ import annotations

from math import exp, sqrt

import pytest

from measurement.inequality import EXPLANATIONS, rate_ratios, risk_ratio
from tests.measurement.test_inequality import strata


def test_the_risk_ratio_compares_a_group_with_all_others():
    found = risk_ratio(60, 400, 90, 1600)

    assert found.estimate == pytest.approx(8 / 3)
    assert found.se_log == found.se == pytest.approx(sqrt(1 / 60 - 1 / 400 + 1 / 90 - 1 / 1600))
    assert found.ci == pytest.approx(
        [8 / 3 * exp(sign * 1.96 * found.se) for sign in (-1, 1)], 1e-4
    )
    assert (found.status, found.alternate) == ("ok", False)


def test_where_the_others_are_too_few_those_of_the_state_stand_in():
    found = risk_ratio(40, 500, 4, 20, state_cases=9000, state_n=180_000)

    assert found.estimate == pytest.approx(1.6)
    assert found.alternate


@pytest.mark.parametrize(
    ("counts", "state", "reason"),
    [
        ((6, 45, 144, 1955), {}, "small_target"),
        ((15, 29, 144, 1955), {}, "small_target"),
        ((40, 500, 4, 20), {}, "no_state"),
        ((40, 500, 15, 29), {}, "no_state"),
        ((40, 500, 9, 200), {"state_cases": 9, "state_n": 400}, "small_comparison"),
        ((None, 500, 90, 1600), {}, "missing_counts"),
        ((60, 400, 90, None), {"state_cases": 9000, "state_n": 180_000}, "missing_counts"),
    ],
)
def test_small_or_unknown_counts_give_no_ratio(counts, state, reason):
    found = risk_ratio(*counts, **state)

    assert (found.estimate, found.status, found.reason) == (None, "not_computable", reason)
    assert reason in EXPLANATIONS


def test_the_minimum_itself_is_enough():
    assert risk_ratio(10, 30, 10, 30).estimate == 1
    assert risk_ratio(6, 45, 144, 1955, min_cell=5).estimate == pytest.approx(6 / 45 / (144 / 1955))


def test_with_no_minimum_zero_cases_are_no_crash():
    assert risk_ratio(0, 40, 10, 40, min_cell=0).estimate == 0
    assert risk_ratio(10, 40, 0, 40, min_cell=0).reason == "zero_denominator"


@pytest.mark.parametrize("counts", [(-1, 50, 20, 40), (60, 50, 20, 40), (20, 50, 41, 40)])
def test_impossible_counts_are_refused(counts):
    with pytest.raises(ValueError, match="cannot be"):
        risk_ratio(*counts)


@pytest.mark.parametrize(
    ("favourable", "reference", "ratios"),
    [
        (True, None, [4, 2, 1]),
        (False, None, [1, 2, 4]),
        (True, "B", [2, 1, 0.5]),
        (False, 1, [0.5, 1, 2]),
    ],
)
def test_every_groups_ratio_to_the_best_or_to_the_reference(favourable, reference, ratios):
    found = rate_ratios(
        strata([20.0, 40.0, 80.0], errors=[1.0, 2.0, 4.0]),
        favourable=favourable,
        reference=reference,
    )

    assert [measure.estimate for measure in found] == ratios
    assert [measure.ci is None for measure in found] == [ratio == 1 for ratio in ratios]
    assert {measure.reference_index for measure in found} == {ratios.index(1)}
    assert found[ratios.index(2)].se_log == pytest.approx(sqrt(2) / 20)


def test_a_groups_ratio_may_be_undefined_and_the_others_not():
    found = rate_ratios(strata([0.0, None, 40.0, 80.0]), favourable=True)

    assert [m.reason for m in found] == ["zero_denominator", "missing_estimates", None, None]
    alone = rate_ratios(strata([40.0]), favourable=True)
    assert alone[0].reason == "needs_two_strata"
    unknown = rate_ratios(strata([20.0, 40.0]), favourable=True, reference="Hmong")
    assert {m.reason for m in unknown} == {"reference_missing"}
