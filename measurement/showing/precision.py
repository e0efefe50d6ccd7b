"""How precise many numbers are at once: intervals and NCHS's decision, vectorised.

The same as `reliability.present_proportion` and `present_count` one by one (a test compares them),
for the hundreds of cells of one page. A proportion is drawn with Wilson's interval and judged by
Clopper-Pearson's; a rate or count has Poisson's exact one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from measurement.reliability.rates import LEAST_EVENTS, LEAST_POPULATION
from measurement.reliability.rates import RELATIVE_WIDTH as WIDE_RATE
from measurement.reliability.standards import (
    LEAST_SAMPLE,
    NARROW,
    RELATIVE_WIDTH,
    WIDE,
    Decision,
)

TAIL = 0.025
Z = 1.959963984540054
Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Precision:
    """How far one number can be trusted.

    low, high: 95 % interval in the number's own unit. se: standard error in that unit, None where
    it is not known (nobody or everybody was counted). decision and reasons: of NCHS.
    has_interval: False where a survey's own error is kept back; counts alone would say too little.
    """

    low: float
    high: float
    se: float | None
    decision: Decision
    reasons: tuple[str, ...] = field(default=())
    has_interval: bool = True

    @property
    def is_firm(self) -> bool:
        """Shown outright; only such a number may be the best one."""
        return self.decision == "present"

    def doubted(self, why: str) -> Precision:
        """The same number, not to be relied on for one more reason."""
        return replace(self, decision="suppress", reasons=(*self.reasons, why))

    def without_interval(self) -> Precision:
        """The same number where its error may not be told."""
        return replace(self, se=None, has_interval=False)

    @property
    def is_shown(self) -> bool:
        """Anything but suppressed: a number that a statistician should look at is flagged."""
        return self.decision != "suppress"


def proportions(x: Sequence[float], n: Sequence[float], scale: float) -> list[Precision]:
    """Of x of n people, per `scale`. n: people really asked, above 0; x at most n, perhaps p·n."""
    from scipy import special  # noqa: PLC0415 - takes a moment, and pages without numbers need none

    part, whole = _array(x), _array(n)
    p = part / whole
    low, high = _wilson(p, whole)
    with np.errstate(all="ignore"):
        bottom = np.where(part > 0, special.betaincinv(part, whole - part + 1, TAIL), 0.0)
        top = np.where(part < whole, special.betaincinv(part + 1, whole - part, 1 - TAIL), 1.0)
        width = top - bottom
        few, wide = whole < LEAST_SAMPLE, width >= WIDE
        vague = ~wide & (width > NARROW) & (p > 0) & (width > RELATIVE_WIDTH * p)
    se = np.sqrt(p * (1 - p) / whole) * scale
    reasons = [("n<30", few), ("abs_width>=0.30", wide), ("rel_width>130%", vague)]
    review = [("events=0", part == 0), ("events=n", part == whole)]
    return _found(low * scale, high * scale, se, reasons, review)


def counts(events: Sequence[float], people: Sequence[float] | None, per: float) -> list[Precision]:
    """Of events, per `per` of `people` (each above 0), or as they are where people is None."""
    from scipy import special  # noqa: PLC0415 - as above

    d = _array(events)
    unit = np.ones_like(d) if people is None else per / _array(people)
    with np.errstate(all="ignore"):
        low = np.where(d > 0, special.gammaincinv(d, TAIL), 0.0)
        high = special.gammaincinv(d + 1, 1 - TAIL)
        vague = (d > 0) & (high - low > WIDE_RATE * d)
    reasons = [("events<10", d < LEAST_EVENTS), ("rel_width>160%", vague)]
    if people is not None:
        reasons.insert(1, ("population<10", _array(people) < LEAST_POPULATION))
    return _found(low * unit, high * unit, np.sqrt(d) * unit, reasons, [])


def _array(values: Sequence[float]) -> Array:
    return np.asarray(values, dtype=float)


def _wilson(p: Array, n: Array) -> tuple[Array, Array]:
    centre, spread = p + Z * Z / (2 * n), Z * np.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    low, high = (centre - spread) / (1 + Z * Z / n), (centre + spread) / (1 + Z * Z / n)
    return np.where(p == 0, 0.0, np.clip(low, 0, 1)), np.where(p == 1, 1.0, np.clip(high, 0, 1))


def _found(
    low: Array,
    high: Array,
    se: Array,
    reasons: Sequence[tuple[str, NDArray[np.bool_]]],
    review: Sequence[tuple[str, NDArray[np.bool_]]],
) -> list[Precision]:
    found: list[Precision] = []
    for i, (lowest, highest, error) in enumerate(
        zip(low.tolist(), high.tolist(), se.tolist(), strict=True)
    ):
        why = tuple(code for code, holds in reasons if holds[i])
        look = tuple(code for code, holds in review if holds[i])
        decision: Decision = "suppress" if why else "review" if look else "present"
        found.append(Precision(lowest, highest, error or None, decision, why + look))
    return found
