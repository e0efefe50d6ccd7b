"""The groups of one comparison as arrays, and the questions a measure asks before it counts."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from measurement.inequality.arguments import numbers, position_of, positive
from measurement.inequality.reasons import Refused
from measurement.inequality.values import Array, Stratum

MISSING_AT_MOST = 0.15  # share of the strata; WHO HEAT's rule for groups without an order
SEED = 20220319  # fixed, so that the same numbers always get the same interval
DRAWN_AT_MOST = 10_000_000  # numbers kept for simulation: 80 MB


class Comparison:
    """Strata without their gaps. A property that cannot be answered raises Refused, saying why.

    Arrays of shape (strata,) end in `_all`; the others, of shape (known,), leave out the strata
    without an estimate; `known` holds the positions of those that have one.

    Raises ValueError for a scale that is not positive and a reference index out of range.
    """

    def __init__(
        self,
        strata: Iterable[Stratum],
        *,
        ordered: bool,
        favourable: bool,
        scale: float | None,
        reference: Any = None,
        simulations: int = 0,
    ) -> None:
        self.strata = tuple(strata)
        self.ordered = ordered
        self.favourable = favourable
        self.scale = None if scale is None else positive(scale)
        self.simulations = simulations
        self._reference = position_of(self.strata, reference)
        self.y_all = numbers(stratum.estimate for stratum in self.strata)
        self.s_all = numbers(stratum.se for stratum in self.strata)
        self.s_all[self.s_all < 0] = np.nan  # no standard error is negative: not known
        self.order_all = numbers(stratum.order for stratum in self.strata)
        self.known = np.flatnonzero(~np.isnan(self.y_all))
        self.y, self.s = self.y_all[self.known], self.s_all[self.known]
        self.p = numbers(self.strata[n].population for n in self.known)
        self.reliable = np.array([self.strata[n].reliable for n in self.known], dtype=bool)

    # Whether a measure applies

    def need_pair(self) -> None:
        """Two strata at least, both with a value."""
        if len(self.strata) < 2:
            raise Refused("needs_two_strata")
        if len(self.known) < 2:
            raise Refused("missing_estimates")

    def need_several(self, *, ordered: bool | None = None) -> None:
        """More than two strata, with the order the measure is for, and few enough gaps."""
        if ordered is not None and ordered != self.ordered:
            raise Refused("needs_order" if ordered else "only_without_order")
        if len(self.strata) <= 2:
            raise Refused("needs_more_than_two_strata")
        self.need_most()

    def need_most(self) -> None:
        """Every stratum where they are ordered, else no more than 15 % without a value."""
        if not len(self.known):
            raise Refused("no_strata")
        gaps = len(self.strata) - len(self.known)
        if self.ordered and gaps:
            raise Refused("missing_estimates")
        if gaps > MISSING_AT_MOST * len(self.strata):
            raise Refused("too_many_missing")

    def need_bounds(self) -> float:
        """The scale, if there is one and every value is within it."""
        if self.scale is None:
            raise Refused("needs_scale")
        if self.outside:
            raise Refused("estimate_outside_scale")
        return self.scale

    def need_ratio_scale(self) -> None:
        """No negative value: shares and multiples of the mean would say nothing."""
        if (self.y < 0).any():
            raise Refused("negative_estimate")

    @property
    def outside(self) -> bool:
        """Whether a value lies outside 0 … scale. Never so without a scale."""
        return self.scale is not None and bool(((self.y < 0) | (self.y > self.scale)).any())

    # Weights, mean and rank

    @cached_property
    def shares(self) -> Array:
        """w = p / Σp, shape (known,)."""
        if np.isnan(self.p).any():
            raise Refused("missing_population")
        if (self.p < 0).any():
            raise Refused("negative_population")
        if not self.p.any():
            raise Refused("zero_population")
        part = self.p / self.p.max()  # the sum of very large numbers would overflow
        return part / part.sum()

    @cached_property
    def w(self) -> Array:
        """The shares, if at least three strata have people in them."""
        if np.count_nonzero(self.shares) < 3:
            raise Refused("too_few_populated")
        return self.shares

    def mean_of(self, y: Array) -> Array:
        """μ = Σ w·y over the last axis, which is kept, with length 1."""
        return average(y, self.w)

    @cached_property
    def mean(self) -> float:
        return float(self.mean_of(self.y)[0])

    def positive_mean(self) -> float:
        """The mean, if one can divide by it."""
        self.need_ratio_scale()
        if self.mean == 0:
            raise Refused("zero_mean")
        return self.mean

    @cached_property
    def ranks(self) -> Array:
        """R = Σ of the shares further down + half one's own, by declared order; shape (known,)."""
        places = self.order_all[self.known]
        if np.isnan(places).any():
            raise Refused("missing_order")
        if len(np.unique(places)) < len(places):
            raise Refused("tied_order")
        along = np.argsort(places)
        ranks = np.empty_like(self.w)
        ranks[along] = np.cumsum(self.w[along]) - self.w[along] / 2
        return ranks

    # Positions, in the caller's list, of single strata

    @cached_property
    def ends(self) -> tuple[int, int]:
        """The most advantaged and the most disadvantaged stratum of an ordered dimension."""
        if np.isnan(self.order_all).any():
            raise Refused("missing_order")
        top, bottom = int(self.order_all.argmax()), int(self.order_all.argmin())
        if any((self.order_all == self.order_all[end]).sum() > 1 for end in (top, bottom)):
            raise Refused("tied_order")
        if np.isnan(self.y_all[[top, bottom]]).any():
            raise Refused("missing_estimates")
        return top, bottom

    @property
    def reference(self) -> int:
        """The chosen reference stratum."""
        if self._reference is None:
            raise Refused("needs_reference")
        if isinstance(self._reference, str):
            raise Refused(self._reference)
        if math.isnan(self.y_all[self._reference]):
            raise Refused("reference_missing")
        return self._reference

    @cached_property
    def best(self) -> int:
        """The stratum with the best of the reliable values; the first one of several."""
        if not self.reliable.any():
            raise Refused("no_reliable_best")
        fit = np.where(self.reliable, self.y if self.favourable else -self.y, -np.inf)
        return int(self.known[fit.argmax()])

    def best_of(self, y: Array) -> Array:
        """The best reliable value of the last axis, which is kept, with length 1."""
        if not self.reliable.any():
            raise Refused("no_reliable_best")
        choice = y[..., self.reliable]
        return (choice.max if self.favourable else choice.min)(axis=-1, keepdims=True)

    def reference_of(self, y: Array) -> Array:
        """The reference stratum's value on the last axis, which is kept, with length 1."""
        return y[..., self.known == self.reference]

    # Simulation

    @cached_property
    def draws(self) -> Array:
        """Values that might have been measured, shape (simulations, known); of more than 250
        strata, fewer simulations, as memory allows.

        y* ~ Normal(y, s), truncated to 0 … scale, or to 0 and above where no value is negative
        and there is no scale. The order of the strata does not change a group's draws.
        """
        lowest = -np.inf if (self.y < 0).any() else 0.0
        highest = np.inf if self.scale is None else self.scale
        spread = np.where(self.s > 0, self.s, 1.0)
        below, above = (ndtr((end - self.y) / spread) for end in (lowest, highest))
        rows = min(self.simulations, max(DRAWN_AT_MOST // len(self.y), 1000))
        chance = np.random.default_rng(SEED).random((rows, len(self.y)))
        canonical = np.lexsort((self.p, self.s, self.y))
        chance = chance[:, np.argsort(canonical)]
        drawn = self.y + spread * ndtri(below + chance * (above - below))
        return np.where(self.s > 0, np.clip(drawn, lowest, highest), self.y)


def average(y: Array, w: Array) -> Array:
    """Σ w·y over the last axis, which is kept; exactly their value where all y are equal."""
    mean = np.clip(y @ w, y.min(axis=-1), y.max(axis=-1))
    return np.asarray(mean)[..., np.newaxis]
