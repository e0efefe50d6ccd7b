"""How far groups without an order lie from their mean, from the best one, from a reference.

w: population shares, μ = Σ w·y, J: number of groups with a value. For groups without an order,
more than two, at most 15 % without a value. The weighted ones, and those around the mean, need
every population. Source: Schlotheuber & Hosseinpoor (2022).

Intervals are found by simulation (Ahn et al., PLoS One 2019; 2.5th and 97.5th percentile of the
measure over `Comparison.draws`, with the mean and the best group of each draw): noise alone drives
groups apart, so they lie rather high and the estimate near their lower end. BGV has a closed form.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from measurement.inequality.comparison import Comparison
from measurement.inequality.values import Array, Measure, absolute, finite

# The measure of every row of values, shape (…, J) -> (…,).
Formula: TypeAlias = Callable[[Comparison, Array], Array]


def bgv(comparison: Comparison) -> Measure:
    """Between-group variance Σ w·(y − μ)², in the squared unit, with `bias_corrected`.

    SE = √(4·Σ w²s²(y − μ)² + 2·[(Σ w²s²)² − Σ w⁴s⁴ + Σ w²(1 − w)²s⁴]) (Ahn et al., 2018).
    bias_corrected = BGV − Σ w(1 − w)s²: groups that are all equal would have 0 on average.
    """
    comparison.need_several(ordered=False)
    w, s, apart = comparison.w, comparison.s, comparison.y - comparison.mean
    estimate = float(w @ apart**2)
    noise = (w * s) ** 2
    quartic = noise.sum() ** 2 - (noise**2).sum() + (w**2 * (1 - w) ** 2 * s**4).sum()
    measure = absolute(estimate, math.sqrt(4 * (noise * apart**2).sum() + 2 * max(quartic, 0.0)))
    corrected = float(estimate - (w * (1 - w) * s**2).sum())
    return replace(measure, bias_corrected=corrected) if math.isfinite(corrected) else measure


def bgsd(comparison: Comparison) -> Measure:
    """Between-group standard deviation √BGV, in the indicator's unit."""
    return _unordered(comparison, _bgsd)


def cov(comparison: Comparison) -> Measure:
    """Coefficient of variation 100·BGSD / μ, in percent of the mean."""
    return _of_the_mean(comparison, _bgsd)


def mdmu(comparison: Comparison) -> Measure:
    """Mean difference from the mean (1/J)·Σ |y − μ|, every group counting alike."""
    return _unordered(comparison, _mdmu)


def mdmw(comparison: Comparison) -> Measure:
    """Mean difference from the mean Σ w·|y − μ|, every person counting alike."""
    return _unordered(comparison, _mdmw)


def idisu(comparison: Comparison) -> Measure:
    """Index of disparity 100·MDMU / μ, in percent of the mean, every group counting alike.

    WHO's index: its reference is the mean and its divisor J. That of Healthy People 2010 is
    `idis_best_reference_hp2010`.
    """
    return _of_the_mean(comparison, _mdmu)


def idisw(comparison: Comparison) -> Measure:
    """Index of disparity 100·MDMW / μ, in percent of the mean, every person counting alike."""
    return _of_the_mean(comparison, _mdmw)


def mdbu(comparison: Comparison) -> Measure:
    """Mean difference from the best group (1/J)·Σ |y − y_best|; the best counts as 0.

    Best: the largest reliable value if favourable, the smallest if adverse.
    """
    return _unordered(comparison, lambda c, y: np.abs(y - c.best_of(y)).mean(axis=-1))


def mdbw(comparison: Comparison) -> Measure:
    """Mean difference from the best group Σ w·|y − y_best|, every person counting alike."""
    return _unordered(comparison, lambda c, y: np.abs(y - c.best_of(y)) @ c.w)


def mdru(comparison: Comparison) -> Measure:
    """Mean difference from the reference group (1/J)·Σ |y − y_ref|."""
    return _unordered(comparison, lambda c, y: np.abs(y - c.reference_of(y)).mean(axis=-1))


def mdrw(comparison: Comparison) -> Measure:
    """Mean difference from the reference group Σ w·|y − y_ref|, every person counting alike."""
    return _unordered(comparison, lambda c, y: np.abs(y - c.reference_of(y)) @ c.w)


def _bgsd(comparison: Comparison, y: Array) -> Array:
    return np.sqrt((y - comparison.mean_of(y)) ** 2 @ comparison.w)


def _mdmu(comparison: Comparison, y: Array) -> Array:
    return np.abs(y - comparison.mean_of(y)).mean(axis=-1)


def _mdmw(comparison: Comparison, y: Array) -> Array:
    return np.abs(y - comparison.mean_of(y)) @ comparison.w


def _unordered(comparison: Comparison, formula: Formula) -> Measure:
    comparison.need_several(ordered=False)
    return simulated(comparison, formula)


def _of_the_mean(comparison: Comparison, formula: Formula) -> Measure:
    comparison.need_several(ordered=False)
    comparison.positive_mean()

    def relative(c: Comparison, y: Array) -> Array:
        return 100 * formula(c, y) / c.mean_of(y)[..., 0]

    return simulated(comparison, relative)


def simulated(comparison: Comparison, formula: Formula) -> Measure:
    """The measure of the values, with the interval of the measure of their draws."""
    estimate = finite(float(formula(comparison, comparison.y)))
    if np.isnan(comparison.s).any():
        return Measure(estimate, no_interval="no_standard_errors")
    if comparison.outside:
        return Measure(estimate, no_interval="estimate_outside_scale")
    if not comparison.simulations:
        return Measure(estimate, no_interval="not_simulated")
    low, high = np.percentile(formula(comparison, comparison.draws), [2.5, 97.5])
    if not np.isfinite([low, high]).all():
        return Measure(estimate, no_interval="out_of_range")
    return Measure(estimate, ci=(float(low), float(high)))
