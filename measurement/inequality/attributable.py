"""What the whole population would gain if every group did as well as the best one.

For any groups, more than two; ordered: every one with a value, else at most 15 % without.
Source: Schlotheuber & Hosseinpoor (2022); Walter, Int. J. Epidemiology 7:175 (1978) for the SE.
"""

from __future__ import annotations

import math
from dataclasses import replace

from measurement.inequality.comparison import Comparison
from measurement.inequality.reasons import Refused
from measurement.inequality.values import Measure, absolute


def par(comparison: Comparison) -> Measure:
    """Population attributable risk y_ref − μ, in the indicator's unit.

    The reference is the most advantaged rank (ordered) or the best reliable value (not ordered);
    it is in `reference_index`. Favourable: never below 0; adverse: never above 0.
    SE = μ·SE(fraction). Walter's formula takes `population` for the number of people asked:
    the interval is right only for sample counts, and far too narrow for a census population.
    """
    reference, gain = _gain(comparison)
    se, why = _se_of_the_fraction(comparison, reference)
    se = None if se is None else se * comparison.mean
    return replace(absolute(gain, se, why=why), reference_index=reference)


def paf(comparison: Comparison) -> Measure:
    """Population attributable fraction 100·PAR / μ, in percent of the mean, as is its SE."""
    reference, gain = _gain(comparison)
    mean = comparison.positive_mean()
    se, why = _se_of_the_fraction(comparison, reference)
    se = None if se is None else 100 * se
    return replace(absolute(100 * gain / mean, se, why=why), reference_index=reference)


def _gain(comparison: Comparison) -> tuple[int, float]:
    comparison.need_several()
    reference = comparison.ends[0] if comparison.ordered else comparison.best
    if not comparison.strata[reference].reliable:
        raise Refused("reference_unreliable")
    gain = float(comparison.y_all[reference] - comparison.mean)
    return reference, max(gain, 0.0) if comparison.favourable else min(gain, 0.0)


def _se_of_the_fraction(comparison: Comparison, reference: int) -> tuple[float | None, str]:
    """√(cN(ad(N − c) + bc²) / ((a + c)³(c + d)³)), or None, and the reason why it would be None.

    The four counts: c with and d without the outcome in the reference, a and b in the rest, N all.
    Here they are shares of N, which leaves a factor of 1/√N.
    """
    if comparison.scale is None:
        return None, "needs_scale"
    if comparison.outside:
        return None, "estimate_outside_scale"
    people = float(comparison.p.sum())
    cases = comparison.mean / comparison.scale
    inside = float(comparison.w[comparison.known == reference][0])
    c = float(comparison.y_all[reference]) / comparison.scale * inside
    a, d = cases - c, inside - c
    b = 1 - a - inside
    top = c * (a * d * (1 - c) + b * c**2)
    bottom = cases**3 * inside**3 * people
    if not 0 < bottom < math.inf or not top > 0:
        return None, "at_the_edge"
    return math.sqrt(top / bottom), "at_the_edge"
