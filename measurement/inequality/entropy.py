"""Theil index and mean log deviation: how far shares of the whole are from shares of the people.

r = y / μ, w: population shares; both without unit, times 1000 as WHO HEAT shows them, and so are
their standard errors here. 0 if all are equal, never negative. For groups without an order, more
than two, at most 15 % without a value, none negative; every population known; μ > 0.
Source: Schlotheuber & Hosseinpoor (2022); Ahn et al. (2018) for the standard errors.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import xlogy

from measurement.inequality.comparison import Comparison
from measurement.inequality.reasons import Refused
from measurement.inequality.values import Array, Measure, absolute


def ti(comparison: Comparison) -> Measure:
    """Theil index 1000·Σ w·r·ln r, where 0·ln 0 = 0: moved most by the groups at the top.

    SE = 1000·√Σ (1 + ln r − k)²·w²·s²/μ², k = Σ w·r·(1 + ln r); no interval if a value is 0.
    """
    w, r = _parts(comparison)
    # Σ w·r = Σ w: adding 1 − r changes nothing, but no term is negative then.
    estimate = 1000 * float(w @ (xlogy(r, r) - r + 1))
    if not r.all():
        return absolute(estimate, None, why="at_the_edge")
    k = float(w @ (r * (1 + np.log(r))))
    return absolute(max(estimate, 0.0), _se(comparison, 1 + np.log(r) - k))


def mld(comparison: Comparison) -> Measure:
    """Mean log deviation 1000·Σ w·(−ln r): moved most by the groups at the bottom.

    SE = 1000·√Σ (1 − 1/r)²·w²·s²/μ². Not computable if a value is 0: it would be infinite.
    """
    w, r = _parts(comparison)
    if not r.all():
        raise Refused("zero_estimate")
    estimate = 1000 * float(w @ (r - 1 - np.log(r)))
    return absolute(max(estimate, 0.0), _se(comparison, 1 - 1 / r))


def _parts(comparison: Comparison) -> tuple[Array, Array]:
    comparison.need_several(ordered=False)
    return comparison.w, comparison.y / comparison.positive_mean()


def _se(comparison: Comparison, gradient: Array) -> float:
    parts = gradient * comparison.w * comparison.s / comparison.positive_mean()
    return 1000 * math.sqrt((parts**2).sum())
