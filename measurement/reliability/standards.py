"""Whether a proportion is precise enough to be shown.

Source: Parker JD et al., "National Center for Health Statistics Data Presentation Standards for
Proportions", Vital and Health Statistics 2(175), 2017, revised 2021. In this order:

1. fewer than 30 people asked, or an effective sample below 30: suppress.
2. 95 % Clopper-Pearson interval (Korn-Graubard in surveys) 0.30 wide or more: suppress.
3. at most 0.05 wide: present. In between: suppress if wider than 130 % of the proportion.
4. nobody or everybody, or fewer than 8 degrees of freedom: a statistician looks at it first.

A shown proportion whose complement would fail step 3 carries a footnote. Widths are compared as
they are, never rounded. There is no least number of events. All of this is about precision: 2 of
400 is precise enough, and privacy still hides it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, SupportsFloat

from measurement.reliability.intervals import (
    Interval,
    clopper_pearson,
    effective_sample,
    korn_graubard,
    number,
    of_sample,
)

Decision = Literal["present", "review", "suppress"]

LEAST_SAMPLE = 30
WIDE = 0.30
NARROW = 0.05
RELATIVE_WIDTH = 1.30
LEAST_DF = 8


@dataclass(frozen=True)
class Standard:
    """What the standard says about one number.

    decision: present; review (a statistician decides; show it with a footnote until then, or
        not); suppress (show [u] and the reason).
    interval, width: 95 %, in fractions for proportions, in events for counts, in the rate's own
        unit for rates. relative_width: width / estimate, 1.3 for 130 %; None where it is 0 or
        nobody was asked.
    reasons: codes why it is suppressed, in the order of the standard. review: codes why a
        statistician should look, whether or not it is also suppressed.
    complement_footnote: the share of the others (1 - p) may be unreliable though p is not.
    """

    decision: Decision
    interval: Interval
    width: float
    relative_width: float | None
    reasons: list[str] = field(default_factory=list)
    complement_footnote: bool = False
    review: list[str] = field(default_factory=list)
    estimate: float | None = None
    effective_n: float = 0.0
    rse_percent: float | None = None

    @property
    def may_be_best(self) -> bool:
        """Only what is presented outright may be the group that others are compared with."""
        return self.decision == "present"


def decide(reasons: list[str], review: list[str]) -> Decision:
    """Suppressing goes before asking."""
    if reasons:
        return "suppress"
    return "review" if review else "present"


def present_proportion(
    x: SupportsFloat,
    n: SupportsFloat,
    *,
    se: SupportsFloat | None = None,
    df: SupportsFloat | None = None,
) -> Standard:
    """What NCHS's standard says about x of n.

    x: people counted, or p·n of a survey estimate (then it may have a fraction); n: people asked,
    unweighted. se: the survey's standard error of p, as a fraction; without it a simple sample is
    assumed. df: the survey's degrees of freedom (clusters - strata).

    Raises ValueError for an x larger than n, and for what is negative or not a number.
    """
    part, whole = of_sample(x, n)
    error = None if se is None else number(se, "The standard error")
    freedom = None if df is None else number(df, "The degrees of freedom")
    p = part / whole if whole else None
    interval, n_eff = _sampled(part, whole, error, freedom)
    width = interval[1] - interval[0]
    reasons = _reasons(p, min(whole, n_eff), width)
    review = _review(part, whole, freedom)
    decision = decide(reasons, review)
    return Standard(
        decision=decision,
        interval=interval,
        width=width,
        relative_width=width / p if p else None,
        reasons=reasons,
        complement_footnote=decision != "suppress" and p is not None and _too_wide(1 - p, width),
        review=review,
        estimate=p,
        effective_n=min(whole, n_eff),
    )


def _sampled(x: float, n: float, se: float | None, df: float | None) -> tuple[Interval, float]:
    """The interval that decides, and the effective sample before it is capped at n."""
    if se is None or n == 0:
        return clopper_pearson(x, n), n
    return korn_graubard(x / n, n, se, df), effective_sample(x / n, n, se)


def _reasons(p: float | None, sample: float, width: float) -> list[str]:
    found = []
    if sample < LEAST_SAMPLE:
        found.append("n<30")
    if width >= WIDE:
        found.append("abs_width>=0.30")
    elif p is not None and _too_wide(p, width):
        found.append("rel_width>130%")
    return found


def _too_wide(p: float, width: float) -> bool:
    """Wide beside the proportion itself; never asked where there is nobody, or a narrow one."""
    return p > 0 and width > NARROW and width / p > RELATIVE_WIDTH


def _review(x: float, n: float, df: float | None) -> list[str]:
    found = []
    if x == 0 and n > 0:
        found.append("events=0")
    if x == n and n > 0:
        found.append("events=n")
    if df is not None and df < LEAST_DF:
        found.append("df<8")
    return found
