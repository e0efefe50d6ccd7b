"""What must not be overlooked when groups are measured against one goal.

A smaller difference between groups looks like success, and is none where it came about by the
better-off falling, where everybody is equally far from the goal, or where the total hides a group.
Source: powell, Menendian & Ake, "Targeted Universalism: Policy & Practice", 2019.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

NOISE = 1e-9
PARITY = 1.01  # groups whose values are within 1 % of each other are as good as equal


class Counted(Protocol):
    @property
    def value(self) -> float | None: ...
    @property
    def n(self) -> float | None: ...


@dataclass(frozen=True)
class Standing:
    """A group whose value is known; its baseline may not be."""

    group: str
    value: float
    baseline: float | None
    goal_met: bool | None


def weighted_mean(groups: Iterable[Counted]) -> float | None:
    """Σ n·y / Σ n over mutually exclusive groups; None where one is unknown, or nobody lives."""
    total = people = 0.0
    for each in groups:
        if each.value is None or each.n is None:
            return None
        total, people = total + each.value * each.n, people + each.n
    return total / people if people else None


def spread(values: Sequence[float]) -> tuple[float | None, float | None]:
    """(largest - smallest, largest / smallest); None for fewer than two, no ratio to 0."""
    if len(values) < 2:
        return None, None
    most, least = max(values), min(values)
    return most - least, over(most, least)


def over(one: float, other: float) -> float | None:
    """one / other; None where there is no such number."""
    ratio = one / other if other else math.inf
    return ratio if math.isfinite(ratio) else None


def alarms_of(
    groups: Sequence[Standing],
    *,
    favourable: bool,
    overall: float | None,
    previous_overall: float | None,
    overall_met: bool | None,
    served: Collection[str] | None,
) -> dict[str, list[str]]:
    """The alarms that ring, each with the groups it is about, in their order."""
    sign = 1 if favourable else -1
    rose = (
        overall is not None
        and previous_overall is not None
        and _above(sign * overall, sign * previous_overall)
    )
    missed = [each.group for each in groups if not each.goal_met]
    found = {
        "levelling_down": _fell(groups, sign),
        "total_up_gap_wider": _left_behind(groups, sign) if rose else [],
        "parity_below_goal": missed if _is_parity(groups, missed) else [],
        "overall_meets_goal_group_never": missed if overall_met else [],
        "unserved_gap": [] if served is None else [name for name in missed if name not in served],
    }
    return {code: names for code, names in found.items() if names}


def _above(one: float, other: float) -> bool:
    return one - other > NOISE * max(1.0, abs(one), abs(other))


def _followed(groups: Sequence[Standing], sign: int) -> list[tuple[str, float, float]]:
    """(group, then, now), higher being better, of the groups known at both times."""
    return [(g.group, sign * g.baseline, sign * g.value) for g in groups if g.baseline is not None]


def _differences(followed: Sequence[tuple[str, float, float]]) -> tuple[float, float]:
    then, now = [each[1] for each in followed], [each[2] for each in followed]
    return max(then) - min(then), max(now) - min(now)


def _fell(groups: Sequence[Standing], sign: int) -> list[str]:
    """Who fell, where the difference narrowed, and would have narrowed less had nobody fallen."""
    followed = _followed(groups, sign)
    if len(followed) < 2:
        return []
    _before, after = _differences(followed)
    kept = [max(then, now) for _, then, now in followed]
    # Wider without the falls is possible only where the difference narrowed with them.
    if not _above(max(kept) - min(kept), after):
        return []
    return [name for name, then, now in followed if _above(then, now)]


def _left_behind(groups: Sequence[Standing], sign: int) -> list[str]:
    """Who is worst off now, where the difference is wider than it was."""
    followed = _followed(groups, sign)
    if len(followed) < 2:
        return []
    before, after = _differences(followed)
    worst = min(now for _, _, now in followed)
    return [name for name, _, now in followed if now == worst] if _above(after, before) else []


def _is_parity(groups: Sequence[Standing], missed: Sequence[str]) -> bool:
    if len(groups) < 2 or len(missed) < len(groups):
        return False
    values = [each.value for each in groups]
    return max(values) <= PARITY * min(values)
