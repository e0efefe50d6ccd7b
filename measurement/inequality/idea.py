"""The risk ratio by which States look for significant disproportionality in special education.

Source: 34 CFR 300.646–300.647 (IDEA Part B, 2016).
"""

from __future__ import annotations

import math
from dataclasses import replace

from measurement.inequality.reasons import Refused
from measurement.inequality.values import Measure, ratio, refusal
from measurement.reliability.idea import LEAST_CELL, LEAST_GROUP, compared_with


def risk_ratio(
    target_cases: float | None,
    target_n: float | None,
    other_cases: float | None,
    other_n: float | None,
    *,
    state_cases: float | None = None,
    state_n: float | None = None,
    min_cell: float = LEAST_CELL,
    min_n: float = LEAST_GROUP,
) -> Measure:
    """How many times as likely an outcome is in one group as in all others: (a/n) / (c/m).

    Not computable where the group has fewer than `min_cell` cases or `min_n` people. Where all
    others of the district have too few, they are replaced by the same others of the whole State
    (`state_cases` of `state_n`): the alternate risk ratio, marked `alternate`; if those are too
    few or not known either, there is none.
    SE(ln ratio) = √(1/a − 1/n + 1/c − 1/m) (Katz et al., Biometrics 34:469, 1978).

    Counts of people; None where not known. Raises ValueError for a negative count and for more
    cases than people.
    """
    target = _counts("target group", target_cases, target_n)
    others = _counts("comparison group", other_cases, other_n)
    state = _counts("state's comparison group", state_cases, state_n)
    try:
        if target is None or others is None:
            raise Refused("missing_counts")
        found = compared_with(target, others, state, min_cell=min_cell, min_n=min_n)
        if found.counts is None:
            raise Refused(found.reason)
        return replace(_katz(*target, *found.counts), alternate=found.is_state)
    except Refused as refused:
        return refusal(refused)


def _counts(whose: str, cases: float | None, people: float | None) -> tuple[float, float] | None:
    if cases is None or people is None or math.isnan(cases) or math.isnan(people):
        return None
    if not 0 <= cases <= people < math.inf:
        raise ValueError(f"{cases} cases among {people} people in the {whose} cannot be")
    return float(cases), float(people)


def _katz(a: float, n: float, c: float, m: float) -> Measure:
    if c == 0:
        raise Refused("zero_denominator")
    if a == 0:
        return ratio(0.0, None, why="at_the_edge")
    se_log = math.sqrt(max(1 / a - 1 / n + 1 / c - 1 / m, 0.0))
    return ratio((a / n) / (c / m), se_log)
