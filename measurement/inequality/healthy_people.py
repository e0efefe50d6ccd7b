"""The measures of Healthy People 2030: groups compared with the best one, every group alike.

For any groups that exclude each other, from unrounded values. Source: Healthy People 2020
Statistical Notes 25 and 27; Keppel et al., Vital Health Stat 2(141) (2005). Intervals by
parametric bootstrap, as in `dispersion`, with the best group of each draw.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from measurement.inequality.comparison import Comparison
from measurement.inequality.dispersion import simulated
from measurement.inequality.pairs import largest_and_smallest, quotient
from measurement.inequality.reasons import Refused
from measurement.inequality.values import Array, Measure, Stratum, refusal


def mrd(comparison: Comparison) -> Measure:
    """Maximal rate difference: the largest − the smallest value. Two groups or more."""
    comparison.need_pair()
    found = simulated(comparison, lambda _, y: y.max(axis=-1) - y.min(axis=-1))
    return replace(found, subgroups=largest_and_smallest(comparison))


def mrr(comparison: Comparison) -> Measure:
    """Maximal rate ratio: the largest / the smallest value, which must be above 0."""
    comparison.need_pair()
    comparison.need_ratio_scale()
    if comparison.y.min() == 0:
        raise Refused("zero_denominator")
    found = simulated(comparison, lambda _, y: y.max(axis=-1) / y.min(axis=-1))
    return replace(found, subgroups=largest_and_smallest(comparison))


def srr(comparison: Comparison) -> Measure:
    """Summary rate ratio, 1 or more: best / mean of the others if favourable, else inverted.

    More than two groups; in the mean of the others every group counts alike. Below 1 only where
    an unreliable group, which is never the best, has a better value.
    """
    comparison.need_several()
    comparison.need_ratio_scale()
    best, others = _best_and_others(comparison, comparison.y)
    if (others if comparison.favourable else best) == 0:
        raise Refused("zero_denominator")
    return simulated(comparison, _srr)


def idis_best_reference_hp2010(comparison: Comparison) -> Measure:
    """Index of disparity of Healthy People 2010: 100·Σ |y − y_best| / ((J − 1)·y_best), percent.

    The same as (SRR − 1)·100 if adverse. Not WHO's index (`idisu`), whose reference is the mean.
    """
    comparison.need_several()
    comparison.need_ratio_scale()
    if comparison.best_of(comparison.y)[0] == 0:
        raise Refused("zero_denominator")
    return simulated(comparison, _idis)


def rate_ratios(
    strata: Iterable[Stratum], *, favourable: bool, reference: Any = None
) -> list[Measure]:
    """The rate ratio of every stratum to the best reliable one, or to `reference`, in their order.

    1 or more for a group that is behind: reference / group if favourable, else group / reference.
    The reference itself has 1, without an interval. Arguments as for `summarize`.
    """
    comparison = Comparison(
        strata, ordered=False, favourable=favourable, scale=None, reference=reference
    )
    with np.errstate(all="ignore"):
        return [_rate_ratio(comparison, n, reference) for n in range(len(comparison.strata))]


def _rate_ratio(comparison: Comparison, position: int, reference: Any) -> Measure:
    try:
        comparison.need_pair()
        best = comparison.best if reference is None else comparison.reference
        if math.isnan(comparison.y_all[position]):
            raise Refused("missing_estimates")
        pair = (best, position) if comparison.favourable else (position, best)
        found = quotient(comparison, *pair)
    except Refused as refused:
        return refusal(refused)
    if position == best:
        return Measure(1.0, subgroups=pair, reference_index=best, no_interval="is_reference")
    return replace(found, reference_index=best)


def _best_and_others(comparison: Comparison, y: Array) -> tuple[Array, Array]:
    """The best value and the mean of the others, shape (…,) each."""
    best = comparison.best_of(y)[..., 0]
    return best, (y.sum(axis=-1) - best) / (y.shape[-1] - 1)


def _srr(comparison: Comparison, y: Array) -> Array:
    best, others = _best_and_others(comparison, y)
    return best / others if comparison.favourable else others / best


def _idis(comparison: Comparison, y: Array) -> Array:
    best = comparison.best_of(y)
    return 100 * (np.abs(y - best) / best).sum(axis=-1) / (y.shape[-1] - 1)
