"""Whether a count or a rate is precise enough to be shown, and rates adjusted for age.

Source of the standard: "National Center for Health Statistics Data Presentation Standards for
Rates and Counts", Vital and Health Statistics 2(200), 2023: at least 10 events and 10 people (and
as many effective ones), a 95 % interval at most 160 % as wide as the number, 8 degrees of freedom.
Before 2023 NCHS marked fewer than 20 events as unreliable; CDC WONDER still does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import SupportsFloat

from scipy import special

from measurement.reliability.intervals import TAIL, Interval, Z, number, poisson_exact
from measurement.reliability.standards import LEAST_DF, Standard, decide

LEAST_EVENTS = 10
LEAST_POPULATION = 10
RELATIVE_WIDTH = 1.60
UNRELIABLE_BELOW = 20


@dataclass(frozen=True)
class AdjustedRate:
    """A rate as it would be in the standard population, its 95 % interval, and the crude rate.

    All per `per` people. crude: None where nobody lives.
    """

    rate: float
    interval: Interval
    crude: float | None
    per: float


def present_count(
    events: SupportsFloat, *, se: SupportsFloat | None = None, df: SupportsFloat | None = None
) -> Standard:
    """What NCHS's standard says about a number of events (births, deaths, arrests).

    se: standard error of an estimated number, in events; without it the events are a full count
    with chance like Poisson's. df: the survey's degrees of freedom. Interval and width in events.
    Raises ValueError for what is negative or not a number.
    """
    return _judge(events, None, 1.0, se, df)


def present_rate(
    events: SupportsFloat,
    population: SupportsFloat,
    *,
    per: float = 100_000,
    se: SupportsFloat | None = None,
    df: SupportsFloat | None = None,
) -> Standard:
    """What NCHS's standard says about events per `per` people; interval and width in that unit.

    se: standard error of the number of events, in events. The population is taken as known.
    There may be more events than people (visits to a clinic). Without people there is no rate:
    estimate and relative width are None, the interval is (0, inf).
    """
    return _judge(events, number(population, "The population"), per, se, df)


def _judge(
    events: SupportsFloat,
    population: float | None,
    per: float,
    se: SupportsFloat | None,
    df: SupportsFloat | None,
) -> Standard:
    count = number(events, "The number of events")
    error = None if se is None else number(se, "The standard error")
    freedom = None if df is None else number(df, "The degrees of freedom")
    unit = 1.0 if population is None else (per / population if population else math.inf)
    low, high = poisson_exact(count) if error is None else _log_interval(count, error, freedom)
    effective = _effective(count, error)
    relative = (high - low) / count if count else None
    reasons = _reasons(effective, population, relative)
    review = ["df<8"] if freedom is not None and freedom < LEAST_DF else []
    known = math.isfinite(unit)
    return Standard(
        decision=decide(reasons, review),
        interval=(low * unit, high * unit) if known else (0.0, math.inf),
        width=(high - low) * unit if known else math.inf,
        relative_width=relative if known else None,
        reasons=reasons,
        review=review,
        estimate=count * unit if known else None,
        effective_n=effective,
        rse_percent=_rse_percent(count, error),
    )


def _effective(count: float, se: float | None) -> float:
    """How many events of a full count would be as precise: (D/SE)², at most D."""
    if se is None or se <= math.sqrt(count):
        return count
    return (count / se) ** 2


def _log_interval(count: float, se: float, df: float | None) -> Interval:
    """count·exp(±t·SE/count): log-transformed, so that it never goes below 0.

    No events leave Poisson's interval; no degrees of freedom leave none at all.
    """
    if count == 0:
        return poisson_exact(0)
    if df == 0:
        return 0.0, math.inf
    t = Z if df is None else float(special.stdtrit(df, 1 - TAIL))
    factor = math.exp(min(700.0, t * se / count))
    return count / factor, count * factor


def _reasons(effective: float, population: float | None, relative: float | None) -> list[str]:
    found = []
    if effective < LEAST_EVENTS:
        found.append("events<10")
    if population is not None and population < LEAST_POPULATION:
        found.append("population<10")
    if relative is not None and relative > RELATIVE_WIDTH:
        found.append("rel_width>160%")
    return found


def _rse_percent(count: float, se: float | None) -> float | None:
    """Relative standard error: 100/√D for a full count."""
    if count == 0:
        return None
    return 100 * (math.sqrt(count) if se is None else se) / count


def nchs_before_2023(events: SupportsFloat) -> str:
    """How NCHS's older reports mark a rate: fewer than 20 events (RSE of 23 % or more) get a *."""
    is_few = number(events, "The number of events") < UNRELIABLE_BELOW
    return "unreliable (*)" if is_few else "reliable"


def cdc_wonder(events: SupportsFloat) -> str:
    """What CDC WONDER prints for a count below the national level, and for its rate."""
    count = number(events, "The number of events")
    if count == 0:
        return "zero may be shown/suppressed by dataset"
    if count < LEAST_EVENTS:
        return "suppressed (1-9 subnational)"
    return "rate Unreliable" if count < UNRELIABLE_BELOW else "ok"


def fay_feuer(
    counts: Sequence[SupportsFloat],
    denominators: Sequence[SupportsFloat],
    standard: Sequence[SupportsFloat],
    *,
    per: float = 100_000,
) -> AdjustedRate:
    """Directly standardized rate with the gamma interval.

    counts, denominators, standard: shape (strata,), by age group: events, people, people of the
    standard population. With w = standard share / denominator: y = Σ w·count, v = Σ w²·count,
    L = v/2y · χ²⁻¹(.025; 2y²/v), U = V/2Y · χ²⁻¹(.975; 2Y²/V), Y = y + max w, V = v + (max w)².

    Raises ValueError for lists of different length, without anybody in the standard population,
    and where a stratum of it has no people to compare with.
    Source: Fay & Feuer, Statistics in Medicine 16 (1997), 791-801.
    """
    if not len(counts) == len(denominators) == len(standard):
        raise ValueError("Counts, denominators and standard population need one entry per stratum.")
    d, n, s = (
        [number(value, what) for value in values]
        for values, what in ((counts, "A count"), (denominators, "A denominator"),
                             (standard, "A standard population"))
    )  # fmt: skip
    weights = _weights(n, s)
    y = sum(w * x for w, x in zip(weights, d, strict=True))
    v = sum(w * w * x for w, x in zip(weights, d, strict=True))
    most = max(weights)
    low = v / y * float(special.gammaincinv(y * y / v, TAIL)) if y > 0 else 0.0
    up, spread = y + most, v + most * most
    high = spread / up * float(special.gammaincinv(up * up / spread, 1 - TAIL))
    crude = per * sum(d) / sum(n) if sum(n) else None
    return AdjustedRate(rate=per * y, interval=(per * low, per * high), crude=crude, per=per)


def _weights(denominators: Sequence[float], standard: Sequence[float]) -> list[float]:
    total = sum(standard)
    if total == 0:
        raise ValueError("The standard population has nobody in it.")
    if any(s > 0 and n == 0 for n, s in zip(denominators, standard, strict=True)):
        raise ValueError("A stratum of the standard population has nobody to compare with.")
    return [s / total / n if s else 0.0 for n, s in zip(denominators, standard, strict=True)]
