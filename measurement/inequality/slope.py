"""Slope and relative index of inequality: the two ends of a curve fitted to all the groups.

The curve p̂(R) is fitted to the values by their relative rank R, weighted by population (once), so
that p̂(0) stands for the most disadvantaged and p̂(1) for the most advantaged person. For ordered
groups only, more than two, every one with a value and a population.

Logit: p̂(R) = scale / (1 + exp(−a − b·R)), for values between 0 and a known scale, which is never
guessed from the values; fitted by maximum quasi-likelihood to the exact proportions (Papke &
Wooldridge, J. Applied Econometrics 11:619, 1996). Linear: p̂(R) = a + b·R by weighted least squares.
Standard errors: HC1 sandwich (MacKinnon & White, J. Econometrics 29:305, 1985), J/(J − 2), and
the delta method. They measure how far the groups are off the curve.
Source of the measures: Schlotheuber & Hosseinpoor (2022); Mackenbach & Kunst, Social Science &
Medicine 44:757 (1997).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit

from measurement.inequality.comparison import Comparison
from measurement.inequality.reasons import Refused
from measurement.inequality.values import Array, Measure, absolute, ratio

STEPS = 200


class Curve(NamedTuple):
    """Both ends of the curve, and how each changes with a and b, (2,) each; cov: (2, 2)."""

    low: float
    high: float
    low_slope: Array
    high_slope: Array
    cov: Array


def sii(comparison: Comparison) -> Measure:
    """Slope index p̂(1) − p̂(0) of the logit curve, in the indicator's unit. Needs a scale.

    Positive where the advantaged have more.
    """
    return _slope_index(_logit_curve(comparison))


def rii(comparison: Comparison) -> Measure:
    """Relative index p̂(1) / p̂(0) of the logit curve, without unit. 1 if all are equal."""
    return _relative_index(_logit_curve(comparison))


def sii_linear(comparison: Comparison) -> Measure:
    """Slope index of the straight line: for rates and other values without a limit as well."""
    return _slope_index(_line(comparison))


def rii_linear(comparison: Comparison) -> Measure:
    """Relative index of the straight line. Needs a line that stays above 0 from end to end."""
    comparison.need_several(ordered=True)
    comparison.need_ratio_scale()
    return _relative_index(_line(comparison))


def _slope_index(curve: Curve) -> Measure:
    gradient = curve.high_slope - curve.low_slope
    return absolute(curve.high - curve.low, _deviation(gradient, curve.cov), why="out_of_range")


def _relative_index(curve: Curve) -> Measure:
    if curve.low == curve.high == 0:
        raise Refused("zero_denominator")
    if min(curve.low, curve.high) <= 0:
        raise Refused("predicted_not_positive")
    gradient = curve.high_slope / curve.high - curve.low_slope / curve.low
    return ratio(curve.high / curve.low, _deviation(gradient, curve.cov), why="out_of_range")


def _deviation(gradient: Array, cov: Array) -> float:
    return math.sqrt(max(float(gradient @ cov @ gradient), 0.0))


def _points(comparison: Comparison) -> tuple[Array, Array, Array]:
    """Values, design (1, R) and weights of the groups that have people in them."""
    comparison.need_several(ordered=True)
    peopled = comparison.w > 0
    design = np.column_stack([np.ones(len(comparison.y)), comparison.ranks])
    return comparison.y[peopled], design[peopled], comparison.w[peopled]


def _line(comparison: Comparison) -> Curve:
    y, design, w = _points(comparison)
    # Around mean and middle, so that equal values give exactly the flat line.
    off, apart = design[:, 1] - 0.5, y - comparison.mean
    slope = (w * off * apart).sum() / (w * off**2).sum()
    errors = apart - slope * off
    cov = _sandwich(design, w, errors, w)
    low, high = comparison.mean - slope / 2, comparison.mean + slope / 2
    return Curve(float(low), float(high), np.array([1.0, 0.0]), np.array([1.0, 1.0]), cov)


def _sandwich(design: Array, w: Array, errors: Array, information: Array) -> Array:
    """HC1: B·(X'·diag(w·e)²·X)·B·J/(J − 2), where B is the inverse of X'·diag(information)·X."""
    bread = _solve((design.T * information) @ design, np.eye(2))
    meat = (design.T * (w * errors) ** 2) @ design
    return bread @ meat @ bread * len(errors) / (len(errors) - 2)


def _solve(matrix: Array, right: Array) -> Array:
    try:
        return np.asarray(np.linalg.solve(matrix, right), dtype=float)
    except np.linalg.LinAlgError:
        raise Refused("out_of_range") from None


def _logit_curve(comparison: Comparison) -> Curve:
    comparison.need_several(ordered=True)
    scale = comparison.need_bounds()
    y, design, w = _points(comparison)
    if y.min() == y.max():  # a flat curve, also at 0 and at the scale, where the logit has no end
        none = np.zeros(2)
        return Curve(float(y[0]), float(y[0]), none, none, np.zeros((2, 2)))
    share = y / scale
    _refuse_split(share, design[:, 1])
    beta = _fit(share, design, w)
    fitted = expit(design @ beta)
    cov = _sandwich(design, w, share - fitted, w * fitted * (1 - fitted))
    low, high = expit(beta[0]), expit(beta.sum())
    low_slope = scale * low * (1 - low) * np.array([1.0, 0.0])
    high_slope = scale * high * (1 - high) * np.array([1.0, 1.0])
    return Curve(float(scale * low), float(scale * high), low_slope, high_slope, cov)


def _refuse_split(share: Array, ranks: Array) -> None:
    """Refuse values that are all 0 on one side of a rank and all 1 on the other.

    There the steepest curve always fits better than the one before: none is best.
    """
    some, short = ranks[share > 0], ranks[share < 1]
    if some.min() >= short.max() or some.max() <= short.min():
        raise Refused("no_fit")


def _fit(share: Array, design: Array, w: Array) -> Array:
    """The (a, b) with the largest Σ w·(y·ln p + (1 − y)·ln(1 − p)), by Newton's method."""
    beta = np.array([logit(float((w * share).sum())), 0.0])
    for _ in range(STEPS):
        fitted = expit(design @ beta)
        score = design.T @ (w * (share - fitted))
        step = _solve((design.T * (w * fitted * (1 - fitted))) @ design, score)
        if not np.isfinite(step).all():
            break
        before = _likelihood(beta, share, design, w)
        worse = before - 1e-9 * abs(before)  # less than that is rounding, not a step too far
        while _likelihood(beta + step, share, design, w) < worse:
            step /= 2
        beta = beta + step
        if np.abs(step).max() <= 1e-12 * (1 + np.abs(beta).max()):
            return beta
    raise Refused("no_fit")


def _likelihood(beta: Array, share: Array, design: Array, w: Array) -> float:
    eta = design @ beta
    return float((w * (share * eta - np.logaddexp(0, eta))).sum())
