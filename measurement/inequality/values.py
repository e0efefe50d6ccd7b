"""What goes into a comparison of groups, and what comes out of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from measurement.inequality.reasons import NOT_APPLICABLE, Refused

Array: TypeAlias = NDArray[np.float64]
Status = Literal["ok", "not_applicable", "not_computable"]
Z = 1.959963984540054  # a standard normal value is within ±Z with probability 0.95


@dataclass(frozen=True)
class Stratum:
    """One group: its value, how precise it is, how many people it has, and its place.

    estimate: in the indicator's unit; None or NaN: not measured. A measured 0 is a value.
    se: standard error in the same unit; None or NaN: not known. 0 means measured without error.
    population: people (or the sample count: see `par`); None: not known.
    order: place in an ordered dimension, smallest = most disadvantaged; None where there is none.
    reliable: False if the value is too uncertain to be anybody's best (see `reliability`).
    """

    name: str
    estimate: float | None
    se: float | None = None
    population: float | None = None
    order: float | None = None
    reliable: bool = True


@dataclass(frozen=True)
class Measure:
    """A summary of inequality, or the code of the reason why there is none.

    estimate: a finite number if and only if status is "ok".
    se: standard error in the estimate's unit; of a ratio, that of its natural logarithm (the same
        as `se_log`). None where no closed form is used: see `ci`.
    ci: 95 % confidence interval (low, high), or None; then `no_interval` may say why.
    reason: code, a key of `EXPLANATIONS`; None if status is "ok".
    subgroups: positions of the two strata compared, the first one minus or over the second.
    reference_index: position of the stratum the others are compared with.
    bias_corrected: of `bgv`, the estimate less what sampling alone would bring about.
    alternate: of `risk_ratio`, whether the comparison is with the state.
    """

    estimate: float | None
    se: float | None = None
    ci: tuple[float, float] | None = None
    status: Status = "ok"
    reason: str | None = None
    se_log: float | None = None
    subgroups: tuple[int, int] | None = None
    reference_index: int | None = None
    bias_corrected: float | None = None
    no_interval: str | None = None
    alternate: bool = False


def refusal(refused: Refused) -> Measure:
    """The result that stands for `refused`."""
    not_applicable = refused.code in NOT_APPLICABLE
    status: Status = "not_applicable" if not_applicable else "not_computable"
    return Measure(None, status=status, reason=refused.code)


def finite(value: float) -> float:
    """The value as a plain float. Raises Refused where calculating broke down."""
    if not math.isfinite(value):
        raise Refused("out_of_range")
    return float(value)


def absolute(estimate: float, se: float | None, *, why: str = "no_standard_errors") -> Measure:
    """A measure with the interval estimate ± Z·se; `why` says what it means if se is no number."""
    low, high = _ends(estimate, se)
    if se is None or not math.isfinite(low) or not math.isfinite(high):
        return Measure(finite(estimate), no_interval=why)
    return Measure(finite(estimate), float(se), (low, high))


def ratio(estimate: float, se_log: float | None, *, why: str = "no_standard_errors") -> Measure:
    """A ratio with the interval exp(ln estimate ± Z·se_log); else as `absolute`."""
    centre = math.log(estimate) if finite(estimate) > 0 else math.nan
    low, high = (float(np.exp(end)) for end in _ends(centre, se_log))
    if se_log is None or not math.isfinite(low) or not math.isfinite(high):
        return Measure(float(estimate), no_interval=why)
    return Measure(float(estimate), float(se_log), (low, high), se_log=float(se_log))


def _ends(centre: float, se: float | None) -> tuple[float, float]:
    if se is None:
        return math.nan, math.nan
    return float(centre - Z * se), float(centre + Z * se)
