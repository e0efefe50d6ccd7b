"""Standard errors and intervals, compared with what small changes of the values bring about."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest
from scipy.optimize import minimize

from measurement.inequality import RATIOS
from tests.measurement.test_inequality import ordered, strata, unordered

PEOPLE = [500, 200, 300, 400]
ERRORS = [0.5, 1.0, 0.8, 0.3]
SIMULATED = ["bgsd", "cov", "mdmu", "mdmw", "mdbu", "mdbw", "mdru", "mdrw", "idisu", "idisw"]
SIMULATED += ["mrd", "mrr", "srr", "idis_best_reference_hp2010"]


def gradient(key, values, ask, **more):
    """How the measure (of a ratio, its logarithm) changes with every value."""

    def at(changed):
        found = ask(changed, PEOPLE, simulations=0, **more)[key].estimate
        return log(found) if key in RATIOS else found

    step = 1e-4
    tips = [[v + sign * step * (n == m) for m, v in enumerate(values)] for sign in (1, -1)
            for n in range(len(values))]  # fmt: skip
    ups, downs = np.array([at(tip) for tip in tips]).reshape(2, -1)
    return (ups - downs) / (2 * step)


@pytest.mark.parametrize("key", ["mean", "d", "r", "d_ref", "r_ref", "ti", "mld"])
def test_errors_of_the_groups_carry_over(key):
    values = [20.0, 55.0, 40.0, 70.0]

    found = unordered(values, PEOPLE, ERRORS, reference=1)[key]

    wanted = sqrt(((gradient(key, values, unordered, reference=1) * ERRORS) ** 2).sum())
    assert found.se == pytest.approx(wanted, rel=1e-6)
    centre = log(found.estimate) if key in RATIOS else found.estimate
    ends = [centre - 1.959963984540054 * wanted, centre + 1.959963984540054 * wanted]
    assert found.ci == pytest.approx(np.exp(ends) if key in RATIOS else ends, rel=1e-6)
    assert found.se_log == (found.se if key in RATIOS else None)


@pytest.mark.parametrize(
    "key",
    SIMULATED,
)
@pytest.mark.parametrize("favourable", [True, False])
def test_simulation_finds_the_same_where_errors_are_small(key, favourable):
    values = [20.0, 55.0, 40.0, 70.0]
    asked = {"favourable": favourable, "reference": 1}

    found = unordered(values, PEOPLE, ERRORS, **asked)[key]

    slope = gradient(key, values, unordered, **asked)
    reach = 1.959963984540054 * sqrt(((slope * ERRORS) ** 2).sum())
    if key in RATIOS:
        reach *= found.estimate
    assert found.estimate - found.ci[0] == pytest.approx(reach, rel=0.06)
    assert found.ci[1] - found.estimate == pytest.approx(reach, rel=0.06)


def test_simulated_values_stay_on_the_scale():
    found = unordered([1.0, 50.0, 99.0], errors=[10.0, 10.0, 10.0])

    assert 90 < found["mrd"].ci[1] < 100
    assert unordered([1.0, 50.0, 99.0], errors=[10.0] * 3, scale=None)["mrd"].ci[1] > 100


def test_a_group_measured_without_error_is_not_moved():
    found = unordered([10.0, 50.0, 90.0], errors=[0.0, 0.0, 0.0])

    assert found["bgsd"].ci == pytest.approx([found["bgsd"].estimate] * 2)
    assert found["bgv"].se == 0


@pytest.mark.parametrize("key", ["sii", "rii", "sii_linear", "rii_linear"])
def test_the_sandwich_weighs_how_far_each_group_is_off_the_curve(key):
    # HC1: J/(J − 2)·Σ (change of the measure with the group's value × distance to the curve)².
    values = [20.0, 35.0, 60.0, 62.0]
    found = ordered(values, PEOPLE, simulations=0)
    kind = key[1:].removeprefix("ii")  # "" or "_linear"
    gap, times = found[f"sii{kind}"].estimate, found[f"rii{kind}"].estimate
    low = gap / (times - 1)
    ranks = (np.cumsum(PEOPLE) - np.array(PEOPLE) / 2) / sum(PEOPLE)
    if kind:
        curve = low + gap * ranks
    else:
        first, last = (log(p / (100 - p)) for p in (low, low + gap))
        curve = 100 / (1 + np.exp(-(first + (last - first) * ranks)))

    wanted = sqrt(2 * ((gradient(key, values, ordered) * (values - curve)) ** 2).sum())

    assert found[key].se == pytest.approx(wanted, rel=1e-5)


def test_the_logit_curve_is_the_likeliest():
    values, share = [20.0, 35.0, 60.0, 62.0], np.array(PEOPLE) / sum(PEOPLE)
    ranks = np.cumsum(share) - share / 2

    def unlikely(beta):
        eta = beta[0] + beta[1] * ranks
        return share @ (np.logaddexp(0, eta) - np.array(values) / 100 * eta)

    a, b = minimize(unlikely, [0, 0], method="Nelder-Mead", options={"xatol": 1e-10}).x
    low, high = 100 / (1 + np.exp(-a)), 100 / (1 + np.exp(-a - b))
    found = ordered(values, PEOPLE)
    assert found["sii"].estimate == pytest.approx(high - low, rel=1e-5)
    assert found["rii"].estimate == pytest.approx(high / low, rel=1e-5)


def test_the_same_question_gets_the_same_answer_in_any_sequence():
    groups = strata([20.0, 55.0, 40.0, 70.0], PEOPLE, ERRORS)
    turned = [groups[n] for n in (1, 0, 2, 3)]

    one, other = (
        unordered(*zip(*[(g.estimate, g.population, g.se) for g in order], strict=True))
        for order in (groups, turned)
    )

    for key in ("bgsd", "mdbw", "idisu", "srr"):
        assert one[key].ci == pytest.approx(other[key].ci, rel=1e-12)
