"""The risk ratio of the Individuals with Disabilities Education Act.

Source: 34 CFR 300.647: how many times likelier children of one race are to be identified, placed
or suspended than all other children of the same district. Cells of 10 and groups of 30 are the
largest minimums that a State need not justify. `compared_with` is that rule;
`measurement.inequality` gives its ratio as a measure with an interval, for pages, and
`idea_risk_ratio` the State's own record: which ratio, and why not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, SupportsFloat

from measurement.reliability.intervals import of_sample

LEAST_CELL = 10
LEAST_GROUP = 30


Counts = tuple[float, float]  # cases, people


@dataclass(frozen=True)
class Compared:
    """With whom a group is compared. counts: None where there is to be no ratio; reason says why.

    is_state: the State's other children stand in for the district's.
    """

    counts: Counts | None
    reason: Literal["", "small_target", "no_state", "small_comparison"] = ""
    is_state: bool = False


def compared_with(
    target: Counts, others: Counts, state: Counts | None, *, min_cell: float, min_n: float
) -> Compared:
    """The rule of 34 CFR 300.647: (cases, people) of the group, of the district's other children,
    and of the State's, where they are known.
    """

    def is_enough(counts: Counts) -> bool:
        return counts[0] >= min_cell and counts[1] >= min_n

    if not is_enough(target):
        return Compared(None, "small_target")
    if is_enough(others):
        return Compared(others)
    if state is None:
        return Compared(None, "no_state")
    return (
        Compared(state, is_state=True) if is_enough(state) else Compared(None, "small_comparison")
    )


@dataclass(frozen=True)
class RiskRatio:
    """risk_ratio against the district's other children, even where the rule forbids its use.

    computable: True; False (see reason); "alternate" where the State's other children stand in,
        then alternate_risk_ratio is the one to use and risk_ratio is None.
    """

    risk_ratio: float | None
    computable: bool | Literal["alternate"]
    reason: str | None = None
    alternate_risk_ratio: float | None = None


def idea_risk_ratio(
    target_cases: SupportsFloat,
    target_n: SupportsFloat,
    other_cases: SupportsFloat,
    other_n: SupportsFloat,
    *,
    state_cases: SupportsFloat | None = None,
    state_n: SupportsFloat | None = None,
    min_cell: int = LEAST_CELL,
    min_n: int = LEAST_GROUP,
) -> RiskRatio:
    """(target_cases / target_n) / (other_cases / other_n), if the groups are large enough.

    Target below a minimum: not computable. Comparison group below one: the alternate ratio
    against the State's other children, where those are given and large enough.
    Raises ValueError for more cases than children.
    """
    target, other = of_sample(target_cases, target_n), of_sample(other_cases, other_n)
    found = compared_with(target, other, None, min_cell=min_cell, min_n=min_n)
    if found.reason == "no_state" and state_cases is not None and state_n is not None:
        state = of_sample(state_cases, state_n)
        found = compared_with(target, other, state, min_cell=min_cell, min_n=min_n)
    if found.reason == "small_target":
        reason = _too_small(target, min_cell, min_n)
        return RiskRatio(_ratio(target, other), computable=False, reason=reason)
    ratio = _ratio(target, found.counts) if found.counts else None
    if ratio is None or found.counts is None:
        return RiskRatio(None, computable=False, reason=_why_none(found))
    if not found.is_state:
        return RiskRatio(ratio, computable=True)
    reason = (
        "comparison group fails min cell/n -> use STATE comparison group "
        f"{found.counts[0]:.0f} of {found.counts[1]:.0f} (34 CFR 300.647(a)(1))"
    )
    return RiskRatio(None, computable="alternate", reason=reason, alternate_risk_ratio=ratio)


def _too_small(target: Counts, min_cell: int, min_n: int) -> str:
    if target[0] < min_cell:
        return f"target numerator {target[0]:g} < min cell {min_cell} -> do not calculate"
    return f"target n {target[1]:g} < min n {min_n} -> do not calculate"


def _why_none(found: Compared) -> str:
    if found.reason == "no_state":
        return "comparison group fails min cell/n, no STATE comparison group -> do not calculate"
    if found.is_state or found.reason:
        return "comparison group and STATE comparison group fail min cell/n -> do not calculate"
    # With a minimum cell of 0 nobody in the comparison group may have been counted.
    return "comparison risk 0 -> do not calculate"


def _ratio(first: Counts, second: Counts) -> float | None:
    if first[1] == 0 or second[0] == 0:
        return None
    return (first[0] / first[1]) / (second[0] / second[1])
