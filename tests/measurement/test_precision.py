"""Precision of many numbers at once is that of each by itself."""

from __future__ import annotations

import math

import pytest

from measurement.inequality import EXPLANATIONS, MEASURES
from measurement.reliability import (
    clopper_pearson,
    poisson_exact,
    present_count,
    present_proportion,
    present_rate,
    wilson,
)
from measurement.saying.measure_words import NAMES, REASONS
from measurement.showing import precision

PAIRS = [
    (x, n)
    for n in (1, 2, 7, 29, 30, 46, 48, 60, 100, 400, 12_000)
    for x in range(0, n + 1, max(1, n // 23))
]


def test_each_proportion_is_judged_as_alone():
    found = precision.proportions([x for x, _n in PAIRS], [n for _x, n in PAIRS], 100)

    for (x, n), each in zip(PAIRS, found, strict=True):
        alone = present_proportion(x, n)
        assert (each.decision, list(each.reasons)) == (
            alone.decision,
            [*alone.reasons, *alone.review],
        ), (x, n)
        low, high = wilson(x, n)
        assert each.low == pytest.approx(100 * low, abs=1e-9)
        assert each.high == pytest.approx(100 * high, abs=1e-9)


def test_a_sample_with_a_fraction_is_judged_as_alone():
    (found,) = precision.proportions([12.4], [61], 1)

    assert found.decision == present_proportion(12.4, 61).decision
    assert clopper_pearson(12.4, 61)[0] < found.low < 12.4 / 61 < found.high


@pytest.mark.parametrize("events", [0, 1, 9, 10, 11, 20, 250])
def test_each_count_and_rate_is_judged_as_alone(events):
    (count,), (rate,) = (
        precision.counts([events], None, 1),
        precision.counts([events], [4000], 1000),
    )

    alone, as_rate = present_count(events), present_rate(events, 4000, per=1000)
    assert (count.decision, list(count.reasons)) == (alone.decision, alone.reasons)
    assert (count.low, count.high) == pytest.approx(poisson_exact(events))
    assert (rate.decision, list(rate.reasons)) == (as_rate.decision, as_rate.reasons)
    assert (rate.low, rate.high) == pytest.approx(as_rate.interval)


def test_a_rate_of_very_few_people_says_so():
    (found,) = precision.counts([9], [9], 1000)

    assert found.reasons == ("events<10", "population<10")
    assert not found.is_shown


def test_nobody_and_everybody_have_no_standard_error_and_are_never_the_best():
    none, every = precision.proportions([0, 400], [400, 400], 100)

    assert (none.se, every.se) == (None, None)
    assert (none.low, every.high) == (0, 100)
    assert not none.is_firm
    assert none.is_shown
    assert not math.isnan(none.high)


def test_every_measure_and_every_reason_has_words():
    assert NAMES.keys() == MEASURES.keys()
    assert EXPLANATIONS.keys() <= REASONS.keys()
