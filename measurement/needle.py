"""Whether a number moved enough to say so: the 10 % badge, and Healthy People's classes.

Sources: "needle-moving" collaboratives show at least 10 % progress on a community-wide indicator
(White House Council for Community Solutions, 2012); National Center for Health Statistics, Healthy
People 2030 methods: percentage of targeted change achieved and its four classes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

MOVED_PERCENT = 10.0
DETECTABLE_PERCENT = 10.0
Z = 1.959963984540054
NOISE = 1e-9


@dataclass(frozen=True)
class Needle:
    """improvement_percent: of the baseline, in the wished direction; below 0 it got worse.

    reason, where it is not computable: "baseline_hidden", "latest_hidden", "baseline_unreliable",
    "latest_unreliable", "baseline_zero", "no_room" (10 % better would be beyond the scale).
    """

    status: Literal["moved", "not_moved", "not_computable"]
    reason: str | None = None
    improvement_percent: float | None = None


def improved_by(
    baseline: float | None,
    latest: float | None,
    favourable: bool,
    scale: float | None = None,
    *,
    baseline_reliable: bool = True,
    latest_reliable: bool = True,
) -> Needle:
    """Whether `latest` is at least 10 % better than `baseline`: 100·(latest - baseline)/baseline.

    For a headline indicator of the population, by group, and shown with the date of its baseline.
    baseline, latest: in one unit; None where hidden or not measured. favourable: higher is
    better. scale: the largest value possible, None where there is none.
    Raises ValueError for values that are negative or no numbers.
    """
    for value in (baseline, latest):
        if value is not None and not (math.isfinite(value) and value >= 0):
            raise ValueError(f"A value must be 0 or more, not {value!r}.")
    if baseline is None or latest is None:
        which = "baseline_hidden" if baseline is None else "latest_hidden"
        return Needle("not_computable", which)
    if not (baseline_reliable and latest_reliable):
        which = "latest_unreliable" if baseline_reliable else "baseline_unreliable"
        return Needle("not_computable", which)
    if baseline == 0:
        return Needle("not_computable", "baseline_zero")
    change = 100 * (latest - baseline) / baseline * (1 if favourable else -1)
    most = math.inf if scale is None or not favourable else 100 * (scale - baseline) / baseline
    if most < MOVED_PERCENT - NOISE:
        return Needle("not_computable", "no_room", change)
    return Needle("moved" if change >= MOVED_PERCENT - NOISE else "not_moved", None, change)


@dataclass(frozen=True)
class Progress:
    """category: the four classes of Healthy People, or not_computable (see reason).

    percent_of_targeted_change: 100·(latest - baseline)/(target - baseline), None where the
        baseline was at the target already. percent_change: of the baseline, None where that is 0.
    """

    category: Literal[
        "target_met", "improving", "little_or_no_change", "getting_worse", "not_computable"
    ]
    reason: str | None = None
    percent_of_targeted_change: float | None = None
    percent_change: float | None = None


def progress(
    baseline: float | None,
    latest: float | None,
    target: float,
    favourable: bool,
    *,
    baseline_se: float | None = None,
    latest_se: float | None = None,
) -> Progress:
    """Which class of progress towards the target this is.

    Target met or exceeded: the latest value is there. Otherwise a change is told from none by a
    two-sided test at 5 %, or, without both standard errors, by 10 %: of the targeted change when
    it is towards the target, of the baseline when it is away from it.
    None as a value (hidden or not measured) gives not_computable.
    """
    if baseline is None or latest is None:
        which = "baseline_hidden" if baseline is None else "latest_hidden"
        return Progress("not_computable", which)
    sign = 1 if favourable else -1
    gained, wanted = sign * (latest - baseline), sign * (target - baseline)
    achieved = 100 * gained / wanted if wanted > 0 else None
    change = 100 * (latest - baseline) / baseline if baseline else None
    detected = _is_detected(gained, baseline_se, latest_se)
    if sign * (latest - target) >= -NOISE * max(1.0, abs(target)):
        return Progress("target_met", None, achieved, change)
    if detected is None:
        size = achieved if gained > 0 else (math.inf if change is None else change)
        detected = gained != 0 and abs(size or 0.0) >= DETECTABLE_PERCENT - NOISE
    if not detected:
        return Progress("little_or_no_change", None, achieved, change)
    return Progress("improving" if gained > 0 else "getting_worse", None, achieved, change)


def _is_detected(gained: float, one: float | None, other: float | None) -> bool | None:
    """Whether the change is larger than chance explains; None where nobody knows the errors."""
    if one is None or other is None:
        return None
    return abs(gained) > Z * math.hypot(one, other)
