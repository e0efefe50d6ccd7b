"""Concentration indices: how much of the whole lies with the groups further up the order.

w: population shares, R: relative ranks, μ: mean, y: values; all sums over the groups.
For ordered groups only, more than two, every one with a value and a population. Positive where
the advantaged have more (of a good or of a burden alike).

The standard errors are those of the "convenient regression" of 2·var(R)·y on R, weighted by
population, J − 2 degrees of freedom (Kakwani, Wagstaff & van Doorslaer, J. Econometrics 77:87,
1997): they measure how far the groups are off a straight line and need no errors of the groups.
"""

from __future__ import annotations

import math

import numpy as np

from measurement.inequality.comparison import Comparison
from measurement.inequality.reasons import Refused
from measurement.inequality.values import Measure, absolute


def aci(comparison: Comparison) -> Measure:
    """Absolute concentration index Σ w·(2R − 1)·y = 2·cov(y, R), in the indicator's unit.

    Source: Schlotheuber & Hosseinpoor (2022).
    """
    return _scaled(*_index(comparison), 1.0)


def rci(comparison: Comparison) -> Measure:
    """Relative concentration index ACI / μ: no unit, −1 … 1. Needs μ > 0, no negative value.

    Source: Schlotheuber & Hosseinpoor (2022).
    """
    index = _index(comparison)
    return _scaled(*index, 1 / comparison.positive_mean())


def rci_wagstaff(comparison: Comparison) -> Measure:
    """Wagstaff's normalization for values between bounds: RCI / (1 − μ*), μ* = μ / scale.

    −1 … 1 whatever the mean, and the same but for its sign if successes are counted as failures.
    Needs a scale, 0 < μ < scale. Source: Wagstaff, Health Economics 20:1155 (2011).
    """
    index = _index(comparison)
    scale = comparison.need_bounds()
    room = 1 - comparison.positive_mean() / scale
    if room == 0:
        raise Refused("mean_at_bound")
    return _scaled(*index, 1 / (comparison.mean * room))


def rci_erreygers(comparison: Comparison) -> Measure:
    """Erreygers' corrected index 4·μ*·RCI = 4·ACI / scale: no unit, −1 … 1; an absolute measure.

    Needs a scale. Source: Erreygers, J. Health Economics 28:504 (2009).
    """
    index = _index(comparison)
    return _scaled(*index, 4 / comparison.need_bounds())


def _scaled(index: float, se: float, factor: float) -> Measure:
    return absolute(index * factor, se * factor, why="out_of_range")


def _index(comparison: Comparison) -> tuple[float, float]:
    """ACI and its standard error."""
    comparison.need_several(ordered=True)
    w, off = comparison.w, comparison.ranks - 0.5  # Σ w·R is always one half
    apart = comparison.y - comparison.mean
    index = float(2 * (w * off * apart).sum())
    variance = (w * off**2).sum()
    errors = 2 * variance * apart - index * off
    freedom = np.count_nonzero(w) - 2
    return index, math.sqrt((w * errors**2).sum() / (freedom * variance))
