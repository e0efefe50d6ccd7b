"""What is said where a measure of inequality does not apply, or a number is missing."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from measurement.inequality import Stratum, summarize
from tests.measurement.test_inequality import ordered, strata, unordered

ORDERED = {"aci", "rci", "rci_wagstaff", "rci_erreygers", "sii", "rii", "sii_linear", "rii_linear"}
UNORDERED = {"bgv", "bgsd", "cov", "mdmu", "mdmw", "mdbu", "mdbw", "mdru", "mdrw"}
UNORDERED |= {"idisu", "idisw", "ti", "mld"}
COMPLEX = {*ORDERED, *UNORDERED, "par", "paf", "srr", "idis_best_reference_hp2010", "srr_hp2020"}
PAIRS = {"d", "r", "mrd", "mrr"}
MANY = [float(value) for value in range(30, 40)]


def reasons(found, keys=None):
    return {found[key].reason for key in keys or found}


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_groups_are_no_case_for_a_complex_measure(count):
    for found in (ordered([40.0, 50.0][:count]), unordered([40.0, 50.0][:count], reference="A")):
        assert {found[key].status for key in COMPLEX} == {"not_applicable"}
        assert {found[key].status for key in PAIRS} == (
            {"ok"} if count == 2 else {"not_applicable"}
        )
        assert found["mean"].reason == ("no_strata" if count == 0 else None)


def test_order_decides_which_measures_apply():
    assert reasons(ordered([1.0, 2.0, 4.0], reference=0), UNORDERED) == {"only_without_order"}
    assert reasons(unordered([1.0, 2.0, 4.0]), ORDERED) == {"needs_order"}
    assert ordered([1.0, 2.0, 4.0])["bgv"].status == "not_applicable"


def test_without_a_reference_nothing_is_compared_with_it():
    found = unordered([1.0, 2.0, 4.0])

    assert reasons(found, ["d_ref", "r_ref", "mdru", "mdrw"]) == {"needs_reference"}
    assert found["d_ref"].status == "not_applicable"


@pytest.mark.parametrize("reference", [1, "B", strata([30.0, 50.0, 70.0])[1]])
def test_a_reference_is_a_position_a_name_or_a_stratum(reference):
    found = unordered([30.0, 50.0, 70.0], reference=reference)

    assert found["d_ref"].subgroups == (1, 0)
    assert found["mdru"].estimate == pytest.approx(40 / 3)


@pytest.mark.parametrize(
    ("reference", "reason"), [("Hmong", "reference_missing"), (2, "reference_missing")]
)
def test_a_reference_that_is_not_here_is_a_result(reference, reason):
    values = [30.0, 40.0, None, 50.0, 60.0, 70.0, 80.0, 90.0]
    found = unordered(values, reference=reference)

    assert reasons(found, ["d_ref", "r_ref", "mdru", "mdrw"]) == {reason}
    assert found["d_ref"].status == "not_computable"


def test_a_name_two_groups_have_is_no_reference():
    twins = [
        Stratum(name, value, None, 10, None) for name, value in zip("AAB", (1, 2, 3), strict=1)
    ]

    found = summarize(twins, ordered=False, favourable=True, scale=None, reference="A")

    assert found["d_ref"].reason == "reference_ambiguous"
    found = summarize(twins, ordered=False, favourable=True, scale=None, reference=twins[1])
    assert found["d_ref"].subgroups == (1, 0)


@pytest.mark.parametrize("reference", [3, -1])
def test_a_position_out_of_range_is_a_mistake(reference):
    with pytest.raises(ValueError, match=f"{reference} is not a position in 3 strata"):
        unordered([1.0, 2.0, 3.0], reference=reference)


@pytest.mark.parametrize("scale", [0, -1, math.nan, math.inf])
def test_a_scale_is_positive(scale):
    with pytest.raises(ValueError, match="positive"):
        unordered([1.0, 2.0, 3.0], scale=scale)


def test_ordered_groups_need_every_value():
    found = ordered([*MANY[:4], None, *MANY[4:]])

    assert reasons(found, [*ORDERED, "par", "paf", "mean"]) == {"missing_estimates"}
    assert found["d"].subgroups == (9, 0)
    assert ordered([None, *MANY])["d"].reason == "missing_estimates"  # an end of the order


def test_up_to_fifteen_percent_of_unordered_groups_may_lack_a_value():
    one_in_seven = unordered([None, *MANY[:6]], reference=1)
    one_in_six = unordered([None, *MANY[:5]], reference=1)

    assert one_in_seven["bgv"].estimate == pytest.approx(35 / 12)
    assert one_in_seven["d"].subgroups == (6, 1)
    assert one_in_seven["mdbu"].estimate == pytest.approx(2.5)
    assert reasons(one_in_six, [*UNORDERED, "par", "srr"]) == {"too_many_missing"}
    assert one_in_six["d"].estimate == 4


@pytest.mark.parametrize("nothing", [None, math.nan, math.inf])
def test_nan_and_infinity_are_missing(nothing):
    found = unordered([nothing, *MANY[:6]], [nothing, *[10] * 6], [nothing, *[1.0] * 6])

    assert found["bgv"].estimate == pytest.approx(35 / 12)
    assert found["bgv"].ci is not None


@pytest.mark.parametrize(
    ("people", "reason"),
    [
        ([10, None, 10], "missing_population"),
        ([10, -1, 10], "negative_population"),
        ([0, 0, 0], "zero_population"),
        ([10, 0, 10], "too_few_populated"),
    ],
)
def test_weights_need_people(people, reason):
    found = unordered([30.0, 40.0, 50.0], people, reference=0)
    in_order = ordered([30.0, 40.0, 50.0], people)

    weighted = UNORDERED - {"mdbu", "mdru"} | {"par", "paf"}
    assert reasons(found, weighted) == reasons(in_order, ORDERED) == {reason}
    unweighted = {key: found[key].estimate for key in ("d", "mdbu", "mdru", "mrd", "srr")}
    assert unweighted == pytest.approx({"d": 20, "mdbu": 10, "mdru": 10, "mrd": 20, "srr": 10 / 7})


def test_a_group_without_people_has_no_weight():
    without = ordered([30.0, 45.0, 50.0], [10, 20, 30])
    beside = ordered([30.0, 45.0, 50.0, 90.0], [10, 20, 30, 0])

    for key in ("aci", "sii", "sii_linear", "rii_linear"):
        assert beside[key].estimate == pytest.approx(without[key].estimate)
        assert beside[key].se == pytest.approx(without[key].se)


def test_without_standard_errors_there_is_an_estimate_and_no_interval():
    found = unordered([30.0, 40.0, 50.0], errors=[1.0, None, 1.0], reference=1)

    for key in ("bgv", "bgsd", "cov", "mdmu", "mdbw", "idisw", "ti", "mld", "d_ref", "mrd", "srr"):
        assert found[key].status == "ok"
        assert (found[key].se, found[key].ci) == (None, None)
        assert found[key].no_interval == "no_standard_errors"
    assert found["d"].se == pytest.approx(math.sqrt(2))  # the two that it compares have theirs


def test_a_negative_standard_error_is_none():
    assert unordered([30.0, 50.0], errors=[1.0, -1.0])["d"].ci is None


def test_zero_values_leave_some_ratios_undefined():
    found = unordered([0.0, 40.0, 50.0], errors=[0.0, 2.0, 2.0], favourable=False)
    top = ordered([50.0, 40.0, 0.0], errors=[2.0, 2.0, 2.0])["r"]

    zero = {"r", "mrr", "srr", "idis_best_reference_hp2010"}
    assert reasons(found, zero) == {"zero_denominator"}
    assert found["mld"].reason == "zero_estimate"
    assert found["ti"].status == "ok"
    assert found["ti"].no_interval == found["par"].no_interval == "at_the_edge"
    assert (top.estimate, top.ci, top.no_interval) == (0, None, "at_the_edge")


def test_zero_everywhere_is_equal_and_has_no_ratio():
    found = {**unordered([0.0, 0.0, 0.0], reference=0), **ordered([0.0, 0.0, 0.0])}
    alike = unordered([0.0, 0.0, 0.0], reference=0)

    equal = {"d", "mrd", "par", "aci", "rci_erreygers", "sii", "sii_linear"}
    assert {found[key].estimate for key in equal} == {0}
    assert reasons(found, ["rci", "rci_wagstaff", "paf"]) == {"zero_mean"}
    assert reasons(found, ["r", "rii", "rii_linear", "mrr", "srr"]) == {"zero_denominator"}
    assert reasons(alike, ["cov", "idisu", "idisw", "ti", "mld", "paf"]) == {"zero_mean"}
    assert {alike[key].estimate for key in ("bgv", "bgsd", "mdmu", "mdbw", "mdrw")} == {0}


def test_a_value_everybody_has_leaves_wagstaff_nothing_to_divide_by():
    found = ordered([100.0, 100.0, 100.0])

    assert found["rci_wagstaff"].reason == "mean_at_bound"
    assert (found["sii"].estimate, found["rii"].estimate, found["rii"].ci) == (0, 1, (1, 1))


def test_without_a_scale_only_the_straight_line_is_fitted():
    found = ordered([120.0, 340.0, 560.0], scale=None)

    bounded = ["sii", "rii", "rci_wagstaff", "rci_erreygers"]
    assert reasons(found, bounded) == {"needs_scale"}
    assert {found[key].status for key in bounded} == {"not_applicable"}
    assert found["sii_linear"].estimate == pytest.approx(660)
    assert found["par"].no_interval == "needs_scale"
    assert found["par"].estimate == pytest.approx(220)


@pytest.mark.parametrize("value", [101.0, -1.0])
def test_a_value_outside_the_scale_has_no_curve(value):
    found = ordered([30.0, 40.0, value])
    apart = unordered([30.0, 40.0, value], errors=[1.0] * 3)

    assert reasons(found, ["sii", "rii", "rci_wagstaff", "rci_erreygers"]) == {
        "estimate_outside_scale"
    }
    assert found["par"].no_interval == "estimate_outside_scale"
    assert apart["bgsd"].no_interval == "estimate_outside_scale"
    assert apart["d"].estimate == max(30, 40, value) - min(30, value)


def test_negative_values_have_differences_and_no_ratios():
    found = unordered([-2.0, 1.0, 4.0], errors=[0.1] * 3, scale=None)
    in_order = ordered([-2.0, 1.0, 4.0], scale=None)

    relative = ["r", "cov", "idisu", "idisw", "ti", "mld", "paf", "mrr", "srr"]
    assert reasons(found, relative) == {"negative_estimate"}
    assert reasons(in_order, ["r", "rci", "rii_linear", "paf"]) == {"negative_estimate"}
    assert found["bgv"].estimate == pytest.approx(6)
    assert found["bgsd"].ci[0] < math.sqrt(6) < found["bgsd"].ci[1]
    assert in_order["sii_linear"].estimate == pytest.approx(9)


def test_an_order_with_gaps_or_ties_ranks_nobody():
    def with_order(*places):
        groups = strata([30.0, 40.0, 50.0, 60.0], order=places)
        return summarize(groups, ordered=True, favourable=True, scale=100)

    assert reasons(with_order(1, 2, None, 4), [*ORDERED, "d", "par"]) == {"missing_order"}
    assert reasons(with_order(1, 2, 4, 4), [*ORDERED, "d", "par"]) == {"tied_order"}
    tied_inside = with_order(1, 2, 2, 4)
    assert reasons(tied_inside, ORDERED) == {"tied_order"}
    assert tied_inside["d"].subgroups == (3, 0)
    assert with_order(10, 40, 20, 30)["d"].subgroups == (1, 0)


@pytest.mark.parametrize("values", [[0.0, 0.0, 100.0], [100.0, 60.0, 0.0], [0.0, 100.0, 100.0]])
def test_all_and_nothing_have_no_curve(values):
    found = ordered(values)

    assert found["sii"].reason == found["rii"].reason == "no_fit"
    assert found["sii_linear"].status == "ok"


def test_values_at_both_ends_have_a_curve_if_they_overlap():
    found = ordered([0.0, 100.0, 0.0, 100.0])

    assert 0 < found["sii"].estimate < 100


def test_decimals_and_whole_numbers_are_values_too():
    exact = summarize(
        [Stratum(str(n), Decimal(n), Decimal(1), 10 * n, n) for n in (1, 2, 3)],
        ordered=True,
        favourable=True,
        scale=Decimal(100),
    )

    assert exact["d"].estimate == 2.0
    assert isinstance(exact["d"].estimate, float)
    assert exact["sii"].status == "ok"


def test_a_number_too_large_for_arithmetic_is_said_to_be():
    found = unordered([1e308, 0.0, 1.0, -1e308], scale=None)

    assert found["bgv"].reason == "out_of_range"
    assert found["d"].reason == "out_of_range"


def test_populations_of_any_size_are_shares():
    assert ordered([30.0, 40.0, 50.0], [1e308] * 3)["aci"].estimate == pytest.approx(40 / 9)


def test_without_simulations_there_are_no_simulated_intervals():
    found = unordered([30.0, 40.0, 50.0], errors=[1.0] * 3, simulations=0)

    assert found["bgsd"].no_interval == "not_simulated"
    assert found["bgv"].ci is not None


def test_equal_groups_are_compared_two_by_two_and_none_with_itself():
    found = unordered([40.0, 40.0, 40.0], errors=[3.0, 1.0, 4.0])["d"]

    assert found.subgroups == (0, 2)
    assert (found.estimate, found.se) == (0, 5)


def test_one_group_has_everything():
    favourable = unordered([0.0, 0.0, 50.0])
    adverse = unordered([0.0, 0.0, 50.0], favourable=False)

    assert favourable["srr"].reason == adverse["srr"].reason == "zero_denominator"
    assert favourable["idis_best_reference_hp2010"].estimate == 100
