"""The risk ratio of the Individuals with Disabilities Education Act.

Source: 34 CFR 300.647: how many times likelier children of one race are to be identified, placed
or suspended than all other children of the same district. Cells of 10 and groups of 30 are the
largest minimums that a State need not justify. `measurement.inequality` has the same ratio as a
measure with its interval, for pages; here is the State's own record: which ratio, and why not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, SupportsFloat

from measurement.reliability.intervals import of_sample

LEAST_CELL = 10
LEAST_GROUP = 30


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
    if reason := _too_small(target, min_cell, min_n):
        return RiskRatio(_ratio(target, other), computable=False, reason=reason)
    if other[0] >= min_cell and other[1] >= min_n:
        ratio = _ratio(target, other)
        # With a minimum cell of 0 nobody in the comparison group may have been counted.
        why = None if ratio is not None else "comparison risk 0 -> do not calculate"
        return RiskRatio(ratio, computable=ratio is not None, reason=why)
    if state_cases is None or state_n is None:
        why = "comparison group fails min cell/n, no STATE comparison group -> do not calculate"
        return RiskRatio(None, computable=False, reason=why)
    return _against_state(target, of_sample(state_cases, state_n), min_cell, min_n)


def _too_small(target: tuple[float, float], min_cell: int, min_n: int) -> str | None:
    if target[0] < min_cell:
        return f"target numerator {target[0]:g} < min cell {min_cell} -> do not calculate"
    if target[1] < min_n:
        return f"target n {target[1]:g} < min n {min_n} -> do not calculate"
    return None


def _against_state(
    target: tuple[float, float], state: tuple[float, float], min_cell: int, min_n: int
) -> RiskRatio:
    ratio = _ratio(target, state)
    if ratio is None or state[0] < min_cell or state[1] < min_n:
        why = "comparison group and STATE comparison group fail min cell/n -> do not calculate"
        return RiskRatio(None, computable=False, reason=why)
    why = (
        "comparison group fails min cell/n -> use STATE comparison group "
        f"{state[0]:.0f} of {state[1]:.0f} (34 CFR 300.647(a)(1))"
    )
    return RiskRatio(None, computable="alternate", reason=why, alternate_risk_ratio=ratio)


def _ratio(first: tuple[float, float], second: tuple[float, float]) -> float | None:
    if first[1] == 0 or second[0] == 0:
        return None
    return (first[0] / first[1]) / (second[0] / second[1])
