"""What holds of the measures of inequality whatever the groups."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from measurement.inequality import RELATIVE, Stratum, summarize
from tests.measurement.test_inequality import strata

# In steps of a quarter, so that differing values differ by more than rounding does.
percents = st.integers(1, 396).map(lambda quarters: quarters / 4)
groups = st.lists(st.tuples(percents, st.integers(1, 900)), min_size=3, max_size=7).map(
    lambda rows: [Stratum(str(n), y, 1.0, p, n) for n, (y, p) in enumerate(rows)]
)
questions = st.fixed_dictionaries({"ordered": st.booleans(), "favourable": st.booleans()})
whatever = st.none() | st.floats(width=64)
strange = st.lists(
    st.builds(
        Stratum,
        st.sampled_from("ABC"),
        whatever | st.sampled_from([0.0, 50.0, 100.0]),
        whatever | st.sampled_from([0.0, 1.0]),
        whatever | st.integers(0, 5),
        whatever | st.integers(0, 9),
        st.booleans(),
    ),
    max_size=9,
)
ABSOLUTE_ZERO = {"d", "mrd", "aci", "sii", "sii_linear", "bgv", "bgsd", "mdmu", "mdmw", "mdbu"}
ABSOLUTE_ZERO |= {"mdbw", "mdru", "mdrw", "cov", "idisu", "idisw", "ti", "mld", "rci"}
ABSOLUTE_ZERO |= {"idis_best_reference_hp2010", "rci_erreygers"}
ONE = {"r", "rii", "rii_linear", "mrr", "srr"}


def ask(groups, *, scale=100.0, simulations=0, **question):
    reference = 0 if groups else None
    return summarize(groups, scale=scale, reference=reference, simulations=simulations, **question)


def estimates(found):
    return {key: measure.estimate for key, measure in found.items() if measure.status == "ok"}


def close(wanted):
    return pytest.approx(wanted, rel=1e-7, abs=1e-8)


@given(groups=groups, question=questions, factor=st.sampled_from([0.25, 7, 1e6]))
@settings(max_examples=60, deadline=None)
def test_only_shares_of_the_people_count(groups, question, factor):
    more = [replace(group, population=group.population * factor) for group in groups]

    assert estimates(ask(more, **question)) == close(estimates(ask(groups, **question)))


@given(groups=groups, question=questions)
@settings(max_examples=60, deadline=None)
def test_the_unit_changes_only_absolute_measures(groups, question):
    per_mille = [replace(group, estimate=group.estimate * 10) for group in groups]

    found = estimates(ask(groups, **question))

    power = {key: 0 if key in RELATIVE | {"rci_erreygers"} else 1 for key in found} | {"bgv": 2}
    wanted = {key: value * 10 ** power[key] for key, value in found.items()}
    assert estimates(ask(per_mille, scale=1000.0, **question)) == close(wanted)


@given(groups=groups, question=questions, chance=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_sequence_of_the_groups_does_not_matter(groups, question, chance):
    first, *others = groups
    chance.shuffle(others)

    assert estimates(ask([first, *others], **question)) == close(estimates(ask(groups, **question)))


@given(groups=groups, question=questions)
@settings(max_examples=60, deadline=None)
def test_zero_if_and_only_if_all_are_equal(groups, question):
    same = [replace(group, estimate=groups[0].estimate) for group in groups]

    equal, found = estimates(ask(same, **question)), estimates(ask(groups, **question))

    assert {equal[key] for key in ABSOLUTE_ZERO & equal.keys()} == {0}
    assert {equal[key] for key in ONE & equal.keys()} == {1}
    apart = len({group.estimate for group in groups}) > 1
    for key in {"mrd", "bgv", "bgsd", "mdmu", "mdmw", "mdbu", "ti", "mld"} & found.keys():
        assert (found[key] > 1e-12) == apart, key


@given(groups=groups, question=questions)
@settings(max_examples=60, deadline=None)
def test_signs(groups, question):
    found = estimates(ask(groups, **question))

    assert min(found.get(key, 0) for key in ABSOLUTE_ZERO & {"ti", "mld", "bgv", "mdbw"}) >= 0
    assert found["par"] * (1 if question["favourable"] else -1) >= 0
    assert found["paf"] * found["par"] >= 0
    assert found["srr"] >= 1 - 1e-12
    assert -1 <= found.get("rci_wagstaff", 0) <= 1
    assert -1 <= found.get("rci_erreygers", 0) <= 1


@given(groups=groups, favourable=st.booleans())
@settings(max_examples=60, deadline=None)
def test_turning_the_order_turns_the_sign(groups, favourable):
    turned = [replace(group, order=-group.order) for group in groups]

    one = estimates(ask(groups, ordered=True, favourable=favourable))
    other = estimates(ask(turned, ordered=True, favourable=favourable))

    for key in ("aci", "rci", "rci_wagstaff", "rci_erreygers", "sii", "sii_linear", "d"):
        assert other[key] == close(-one[key])
    for key in ("r", "rii"):
        assert other[key] == close(1 / one[key])


@given(groups=groups)
@example(groups=strata([11.0, 11.5, 9.75], [36, 1, 1]))  # a curve read far beyond its groups
@settings(max_examples=60, deadline=None)
def test_counting_failures_instead_of_successes(groups):
    failures = [replace(group, estimate=100 - group.estimate) for group in groups]

    one = estimates(ask(groups, ordered=True, favourable=True))
    other = estimates(ask(failures, ordered=True, favourable=False))

    for key in ("aci", "rci_wagstaff", "rci_erreygers", "sii", "sii_linear", "par"):
        assert other[key] == close(-one[key])
    assert other["d"] == close(one["d"])


@given(groups=groups)
@settings(max_examples=60, deadline=None)
def test_the_concentration_index_is_twice_a_covariance(groups):
    found = estimates(ask(groups, ordered=True, favourable=True))

    whole = sum(group.population for group in groups)
    below, sum_of_products = 0.0, 0.0
    for group in groups:
        share = group.population / whole
        sum_of_products += share * group.estimate * (below + share / 2)
        below += share
    assert found["aci"] == close(2 * (sum_of_products - found["mean"] / 2))


@given(
    groups=strange,
    question=questions,
    scale=st.sampled_from([None, 1.0, 100.0, 1e300, 1e-300]),
    simulations=st.sampled_from([0, 50]),
)
@settings(max_examples=400, deadline=None)
def test_whatever_comes_in_no_nan_no_infinity_no_crash(groups, question, scale, simulations):
    found = ask(groups, scale=scale, simulations=simulations, **question)

    for measure in found.values():
        assert (measure.status == "ok") == (measure.estimate is not None)
        assert (measure.reason is None) == (measure.status == "ok")
        numbers = [measure.estimate, measure.se, measure.se_log, *(measure.ci or ())]
        numbers += [measure.bias_corrected]
        assert all(math.isfinite(number) for number in numbers if number is not None)
        assert measure.ci is None or measure.ci[0] <= measure.ci[1]
        assert all(type(number) in (float, type(None)) for number in numbers)
