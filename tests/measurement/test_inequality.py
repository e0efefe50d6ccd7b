"""Summary measures of inequality, compared with worked cases and with numbers made by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from math import log, sqrt
from pathlib import Path

import pytest

from measurement.inequality import EXPLANATIONS, Measure, Stratum, summarize

HERE = Path(__file__).resolve()
OUTSIDE = HERE.parents[3] / "shared" / "cases" / "inequality.json"
FILES = [HERE.parent / "cases" / "inequality.json", OUTSIDE]
CASES = [case for file in FILES if file.exists() for case in json.loads(file.read_text())["cases"]]
WORKED = {case["id"]: case for case in reversed(CASES)}
NOT_A_MEASURE = {"aci_closed_form_check"}  # the same number, found in another way


def of(case, **more):
    strata = [
        Stratum(s["name"], s["estimate"], s["se"], s["population"], s["order"])
        for s in case["strata"]
    ]
    asked = {key: case[key] for key in ("ordered", "favourable", "scale")}
    return summarize(strata, **{**asked, "reference": case["reference_index"], **more})


def strata(values, people=None, errors=None, order=None):
    people = people or [100] * len(values)
    errors = errors or [None] * len(values)
    order = order or range(1, len(values) + 1)
    rows = zip("ABCDEFGHIJ", values, errors, people, order, strict=False)
    return [Stratum(*row) for row in rows]


def ordered(values, people=None, errors=None, *, favourable=True, scale=100.0, **more):
    return summarize(
        strata(values, people, errors), ordered=True, favourable=favourable, scale=scale, **more
    )


def unordered(values, people=None, errors=None, *, favourable=True, scale=100.0, **more):
    return summarize(
        strata(values, people, errors), ordered=False, favourable=favourable, scale=scale, **more
    )


@pytest.mark.parametrize("name", ["test5", "test25", "H1_three_equal", "H2_powell_reading"])
def test_the_worked_cases_are_here(name):
    if not OUTSIDE.exists() and name.startswith("test"):
        pytest.skip("the cases of ../shared/cases are not here")

    assert name in WORKED


@pytest.mark.parametrize(
    ("case", "key"),
    [
        pytest.param(case, key, id=f"{name}: {key}")
        for name, case in WORKED.items()
        for key in sorted(case["expected"].keys() - NOT_A_MEASURE)
    ],
)
def test_a_worked_case(case, key):
    wanted = case["expected"][key]
    wanted = dict(wanted) if isinstance(wanted, dict) else {"estimate": wanted}
    simulated = wanted.pop("mc_ci95_200k", None)
    why = {wanted.pop(name, None) for name in ("reason", "note")}

    found = of(case)[key]

    for field, value in wanted.items():
        value = tuple(value) if isinstance(value, list) else value
        assert getattr(found, field) == (
            value if value is None else pytest.approx(value, rel=1e-6, abs=1e-9)
        )
    assert found.status == ("ok" if wanted["estimate"] is not None else "not_computable")
    assert why == {None} or found.reason or found.no_interval
    if simulated:
        two_percent = 0.02 * (simulated[1] - simulated[0])
        assert found.ci == pytest.approx(simulated, abs=two_percent)


def test_three_ordered_groups_by_hand():
    # Ranks 1/6, 1/2, 5/6; mean 50; line 15, 50, 85 through 20, 40, 90, which are 5, −10, 5 off.
    found = ordered([20.0, 40.0, 90.0])

    assert found["d"].estimate == 70
    assert found["r"].estimate == 4.5
    assert found["mean"].estimate == 50
    assert found["aci"].estimate == pytest.approx(140 / 9)
    assert found["aci"].se == pytest.approx(20 / sqrt(27))
    assert found["rci"].estimate == pytest.approx(14 / 45)
    assert found["rci"].se == pytest.approx(0.4 / sqrt(27))
    assert found["rci_wagstaff"].estimate == pytest.approx(28 / 45)
    assert found["rci_erreygers"].estimate == pytest.approx(28 / 45)
    assert found["sii_linear"].estimate == pytest.approx(105)
    assert found["sii_linear"].se == pytest.approx(sqrt(337.5))
    assert found["rii_linear"].reason == "predicted_not_positive"  # −2.5 at the lower end
    assert found["par"].estimate == 40
    assert found["paf"].estimate == pytest.approx(80)


def test_wagstaff_and_erreygers_differ_away_from_one_half():
    found = ordered([10.0, 20.0, 30.0])  # ACI 40/9, mean 20

    assert found["rci_wagstaff"].estimate == pytest.approx((40 / 9 / 20) / 0.8)
    assert found["rci_erreygers"].estimate == pytest.approx(4 * (40 / 9) / 100)


def test_a_logit_curve_that_goes_through_every_group():
    # Odds 1/4, 1, 4 at ranks 1/6, 1/2, 5/6: they double six times from 0 to 1, 1/8 to 8.
    found = ordered([20.0, 50.0, 80.0])

    assert found["sii"].estimate == pytest.approx(100 * (8 / 9 - 1 / 9), rel=1e-9)
    assert found["rii"].estimate == pytest.approx(8, rel=1e-9)
    assert found["sii"].se == pytest.approx(0, abs=1e-9)


def test_the_scale_is_said_and_never_guessed():
    percents = ordered([0.2, 0.5, 0.8], scale=100.0)["sii"].estimate
    shares = ordered([0.2, 0.5, 0.8], scale=1.0)["sii"].estimate

    assert shares == pytest.approx(7 / 9)
    assert percents > 0.9
    assert percents != pytest.approx(shares)


def test_three_unordered_groups_by_hand():
    # Adverse; mean 5 + 6 + 12 = 23, 13, 3 and 37 away.
    found = unordered([10.0, 20.0, 60.0], [50, 30, 20], favourable=False, reference="B")

    assert {key: found[key].estimate for key in found if found[key].status == "ok"} == {
        "mean": pytest.approx(23),
        "d": 50,
        "r": 6,
        "d_ref": 40,
        "r_ref": 3,
        "bgv": pytest.approx(361),
        "bgsd": pytest.approx(19),
        "cov": pytest.approx(1900 / 23),
        "mdmu": pytest.approx(53 / 3),
        "mdmw": pytest.approx(14.8),
        "mdbu": pytest.approx(20),
        "mdbw": pytest.approx(13),
        "mdru": pytest.approx(50 / 3),
        "mdrw": pytest.approx(13),
        "idisu": pytest.approx(5300 / 69),
        "idisw": pytest.approx(1480 / 23),
        "ti": pytest.approx(1000 / 23 * (5 * log(10 / 23) + 6 * log(20 / 23) + 12 * log(60 / 23))),
        "mld": pytest.approx(
            -1000 * (0.5 * log(10 / 23) + 0.3 * log(20 / 23) + 0.2 * log(60 / 23))
        ),
        "par": pytest.approx(-13),
        "paf": pytest.approx(-1300 / 23),
        "mrd": 50,
        "mrr": 6,
        "srr": pytest.approx(4),
        "srr_hp2020": pytest.approx(4),
        "idis_best_reference_hp2010": pytest.approx(300),
    }
    assert found["par"].reference_index == 0
    assert found["d"].subgroups == (2, 0)
    assert found["d_ref"].subgroups == (2, 1)


def test_the_variance_between_groups_by_hand():
    # Only A is uncertain: 4·w²s²·13² = 676, and (w²s²)² − w⁴s⁴ + w²(1 − w)²s⁴ = 1.
    bgv = unordered([10.0, 20.0, 60.0], [50, 30, 20], [2.0, 0.0, 0.0])["bgv"]

    assert bgv.se == pytest.approx(sqrt(678))
    assert bgv.bias_corrected == pytest.approx(360)


@pytest.mark.parametrize(
    ("favourable", "d", "d_ref", "best", "par"),
    [(True, (2, 0), (1, 0), 2, 80 - 50), (False, (0, 2), (2, 1), 0, 20 - 50)],
)
def test_what_is_better_decides_who_is_compared(favourable, d, d_ref, best, par):
    values = [20.0, 50.0, 80.0]

    by_rank = ordered(values, favourable=favourable)
    by_value = unordered(values, favourable=favourable, reference=1)

    assert by_rank["d"].subgroups == d
    assert by_rank["d"].estimate == (60 if favourable else -60)
    assert by_value["d"].subgroups == (2, 0)
    assert by_value["d_ref"].subgroups == d_ref
    assert by_value["d_ref"].estimate == 30
    assert by_value["par"].reference_index == best
    assert by_value["par"].estimate == pytest.approx(par)
    assert by_rank["sii_linear"].estimate == pytest.approx(90)  # the advantaged have more


def test_nobody_gains_from_a_top_that_is_behind():
    assert ordered([80.0, 50.0, 20.0])["par"].estimate == 0
    assert ordered([20.0, 50.0, 80.0], favourable=False)["paf"].estimate == 0


def test_a_noisy_group_is_never_the_best():
    groups = strata([40.0, 60.0, 0.0], [500, 400, 6])
    groups[2] = replace(groups[2], reliable=False)

    found = summarize(groups, ordered=False, favourable=False, scale=100)

    assert found["par"].reference_index == 0
    assert found["par"].estimate == pytest.approx(40 - (40 * 500 + 60 * 400) / 906)
    assert found["mdbu"].estimate == pytest.approx((0 + 20 + 40) / 3)
    unsure = [replace(group, reliable=False) for group in groups]
    found = summarize(unsure, ordered=False, favourable=False, scale=100)
    assert found["par"].reason == found["srr"].reason == "no_reliable_best"
    found = summarize(groups, ordered=True, favourable=False, scale=100)
    assert found["par"].reason == "reference_unreliable"


def test_walters_interval_counts_the_people_asked():
    few = ordered([40.0, 50.0, 60.0], [10, 10, 10])["par"]
    many = ordered([40.0, 50.0, 60.0], [1000, 1000, 1000])["par"]

    assert few.estimate == many.estimate
    assert few.se == pytest.approx(10 * many.se)


def test_every_reason_has_a_sentence_and_every_ok_none():
    found = {**ordered([1.0, None, 3.0]), **unordered([0.0, 0.0])}

    for measure in found.values():
        assert isinstance(measure, Measure)
        if measure.status == "ok":
            assert measure.reason is None
        else:
            assert (measure.estimate, measure.se, measure.ci) == (None, None, None)
            assert EXPLANATIONS[measure.reason].endswith(".")
