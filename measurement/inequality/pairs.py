"""Two groups compared: difference and ratio.

Source: Schlotheuber & Hosseinpoor, IJERPH 19:3697 (2022); Ahn et al., JCO CCI 2:1-19 (2018) for
the standard errors (independent groups).
"""

from __future__ import annotations

import math
from dataclasses import replace

from measurement.inequality.comparison import Comparison
from measurement.inequality.reasons import Refused
from measurement.inequality.values import Measure, absolute, ratio


def d(comparison: Comparison) -> Measure:
    """Difference D = y1 − y2, SE √(s1² + s2²). Unit of the indicator; any groups, two or more.

    Ordered: the two extreme ranks (favourable: most advantaged − most disadvantaged; adverse: the
    other way round). Not ordered: largest − smallest value; being picked for that, these two
    differ more than two groups picked beforehand, and the interval does not know it.
    """
    return difference(comparison, *_extremes(comparison))


def r(comparison: Comparison) -> Measure:
    """Ratio R = y1 / y2 of the same two groups, SE(ln R) = √((s1/y1)² + (s2/y2)²). No unit.

    Needs y2 ≠ 0 and no negative value; has an interval only if y1 is not 0 either.
    """
    return quotient(comparison, *_extremes(comparison))


def d_ref(comparison: Comparison) -> Measure:
    """Difference to the reference group. Favourable: y_ref − the smallest other value; adverse:
    the largest other value − y_ref. Negative where the reference is the one behind.
    """
    return difference(comparison, *_against_reference(comparison))


def r_ref(comparison: Comparison) -> Measure:
    """Ratio of the two groups of `d_ref`, by the formula and the rules of `r`."""
    return quotient(comparison, *_against_reference(comparison))


def difference(comparison: Comparison, first: int, second: int) -> Measure:
    """y[first] − y[second] with its interval."""
    y, s = comparison.y_all, comparison.s_all
    se = math.hypot(s[first], s[second])
    return replace(absolute(float(y[first] - y[second]), se), subgroups=(first, second))


def quotient(comparison: Comparison, first: int, second: int) -> Measure:
    """y[first] / y[second] with its interval."""
    y, s = comparison.y_all, comparison.s_all
    if min(y[first], y[second]) < 0:
        raise Refused("negative_estimate")
    if y[second] == 0:
        raise Refused("zero_denominator")
    if y[first] == 0:
        found = ratio(0.0, None, why="at_the_edge")
    else:
        se_log = math.hypot(s[first] / y[first], s[second] / y[second])
        found = ratio(float(y[first] / y[second]), se_log)
    return replace(found, subgroups=(first, second))


def _extremes(comparison: Comparison) -> tuple[int, int]:
    comparison.need_pair()
    if comparison.ordered:
        top, bottom = comparison.ends
        return (top, bottom) if comparison.favourable else (bottom, top)
    return largest_and_smallest(comparison)


def largest_and_smallest(comparison: Comparison) -> tuple[int, int]:
    """Positions of the first largest and the first smallest value, two strata in any case."""
    y, known = comparison.y, comparison.known
    largest, smallest = int(y.argmax()), int(y.argmin())
    if largest == smallest:  # all are equal
        smallest = len(y) - 1
    return int(known[largest]), int(known[smallest])


def _against_reference(comparison: Comparison) -> tuple[int, int]:
    comparison.need_pair()
    reference = comparison.reference
    others = [int(n) for n in comparison.known if n != reference]
    value = comparison.y_all.__getitem__
    if comparison.favourable:
        return reference, min(others, key=value)
    return max(others, key=value), reference
