"""All summary measures of inequality of one set of groups at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from measurement.inequality import (
    attributable,
    concentration,
    dispersion,
    entropy,
    healthy_people,
    pairs,
    slope,
)
from measurement.inequality.comparison import Comparison, average
from measurement.inequality.reasons import Refused
from measurement.inequality.values import Measure, Stratum, absolute, refusal

SIMULATIONS = 40_000  # the ends of an interval are then off by about 0.4 % of its width


def mean(comparison: Comparison) -> Measure:
    """The population's value μ = Σ w·y, SE √Σ w²s². Any number of groups; needs populations."""
    comparison.need_most()
    w = comparison.shares
    se = float(np.sqrt(((w * comparison.s) ** 2).sum()))
    return absolute(float(average(comparison.y, w)[0]), se)


MEASURES: dict[str, Callable[[Comparison], Measure]] = {
    "mean": mean,
    "d": pairs.d,
    "r": pairs.r,
    "d_ref": pairs.d_ref,
    "r_ref": pairs.r_ref,
    "aci": concentration.aci,
    "rci": concentration.rci,
    "rci_wagstaff": concentration.rci_wagstaff,
    "rci_erreygers": concentration.rci_erreygers,
    "sii": slope.sii,
    "rii": slope.rii,
    "sii_linear": slope.sii_linear,
    "rii_linear": slope.rii_linear,
    "bgv": dispersion.bgv,
    "bgsd": dispersion.bgsd,
    "cov": dispersion.cov,
    "mdmu": dispersion.mdmu,
    "mdmw": dispersion.mdmw,
    "mdbu": dispersion.mdbu,
    "mdbw": dispersion.mdbw,
    "mdru": dispersion.mdru,
    "mdrw": dispersion.mdrw,
    "idisu": dispersion.idisu,
    "idisw": dispersion.idisw,
    "ti": entropy.ti,
    "mld": entropy.mld,
    "par": attributable.par,
    "paf": attributable.paf,
    "mrd": healthy_people.mrd,
    "mrr": healthy_people.mrr,
    "srr": healthy_people.srr,
    "idis_best_reference_hp2010": healthy_people.idis_best_reference_hp2010,
}
# Names under which the same measures are known as well.
ALIASES = {"srr_hp2020": "srr"}
# Those that stay the same if every value is doubled; the others are in the indicator's unit, but
# for bgv (its square) and rci_erreygers (a share of the scale).
RATIOS = frozenset(["r", "r_ref", "rii", "rii_linear", "mrr", "srr", "srr_hp2020"])
RELATIVE = RATIOS | {"rci", "rci_wagstaff", "cov", "idisu", "idisw", "ti", "mld", "paf"}
RELATIVE |= {"idis_best_reference_hp2010"}


def summarize(
    strata: Iterable[Stratum],
    *,
    ordered: bool,
    favourable: bool,
    scale: float | None,
    reference: Any = None,
    simulations: int = SIMULATIONS,
) -> dict[str, Measure]:
    """Every summary measure of inequality between the strata, by its key; see `MEASURES`.

    A measure that does not apply or cannot be computed is a `Measure` whose status and reason say
    so; no number is ever NaN, infinite or made up. The strata's sequence changes nothing, but for
    which one of several equal strata is named.

    strata: groups that exclude each other. An estimate, SE, population or order that is None, NaN
        or infinite is missing; so is a negative SE. A population of 0 has no weight.
    ordered: the strata have an order from most disadvantaged to most advantaged, which their
        `order` declares. If not, `order` is not looked at.
    favourable: more is better.
    scale: largest possible value: 100 for percents, 1 for proportions, 1000 for a proportion per
        1,000; None for rates and means without a limit. Never guessed from the values.
    reference: position, name or Stratum to compare with in `d_ref`, `r_ref`, `mdru` and `mdrw`.
        One that is not among the strata makes these four not computable.
    simulations: draws for the intervals of `dispersion` and `healthy_people`; with 0 these
        measures have no interval, and the answer comes some 50 times as fast.

    Raises ValueError for a scale that is not positive and a position out of range.
    """
    comparison = Comparison(
        strata,
        ordered=ordered,
        favourable=favourable,
        scale=scale,
        reference=reference,
        simulations=simulations,
    )
    with np.errstate(all="ignore"):  # what breaks down is found by `finite`
        found = {key: _measure(comparison, measure) for key, measure in MEASURES.items()}
    return found | {alias: found[key] for alias, key in ALIASES.items()}


def _measure(comparison: Comparison, measure: Callable[[Comparison], Measure]) -> Measure:
    try:
        return measure(comparison)
    except Refused as refused:
        return refusal(refused)
    except ArithmeticError:
        return refusal(Refused("out_of_range"))
