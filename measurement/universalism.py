"""Targeted universalism: one goal for everybody, and how far each group is from it.

The goal is universal and the ways to it are targeted: every group is measured against the goal,
never against the group that is best off, and no group has an end goal of its own. Two groups that
are equally far from it have not reached it.

Source: powell, Menendian & Ake, "Targeted Universalism: Policy & Practice", Othering & Belonging
Institute, 2019. Percent of the gap closed is Healthy People 2030's "percent of targeted change
achieved". What the inputs mean is read in `positions`, what is wrong in `universal_alarms`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from measurement.universal_alarms import Standing, alarms_of, over, spread, weighted_mean

NOISE = 1e-9  # of the scale: sums of floats miss a goal by less than this


@dataclass(frozen=True)
class GroupValue:
    """One group as it was counted.

    value: per `scale` people; None where it is hidden, unreliable or was not measured.
    n: people in the group; None where nobody knows.
    """

    group: str
    value: float | None
    n: float | None = None


@dataclass(frozen=True)
class GroupAssessment:
    """One group against the universal goal. None: not known, not shown, or not applicable.

    gap_to_goal: in units of the value, 0 at the goal and beyond. people_short: people of the
    group for whom the goal is not yet true; people_short_ceil: the same as whole people.
    required_change_per_year: gap over the years left, always positive, None once they are over.
    share_of_total_shortfall_pct: of all people short, how many are of this group, in percent.
    percent_of_gap_closed: of the gap at baseline; below 0 where it grew, None where there was none.
    """

    group: str
    value: float | None = None
    n: float | None = None
    gap_to_goal: float | None = None
    goal_met: bool | None = None
    people_short: float | None = None
    people_short_ceil: int | None = None
    required_change_per_year: float | None = None
    share_of_total_shortfall_pct: float | None = None
    baseline: float | None = None
    percent_of_gap_closed: float | None = None


@dataclass(frozen=True)
class Assessment:
    """All groups against one goal; `dataclasses.asdict` gives it by the names of its fields.

    between_group_difference, between_group_ratio: largest less (over) smallest value shown. Both,
    because one can narrow while the other widens; neither is the goal.
    alarms: codes, in this order: "levelling_down" (the difference is smaller because somebody
        fell), "total_up_gap_wider", "parity_below_goal", "overall_meets_goal_group_never" and
        "unserved_gap". alarm_groups: the groups each is about, in the order given.
    """

    universal_goal: float
    favourable: bool
    scale: float
    years_to_deadline: float | None
    overall: float | None
    overall_gap_to_goal: float | None
    total_people_short: float | None
    groups: list[GroupAssessment]
    between_group_difference: float | None
    between_group_ratio: float | None
    alarms: list[str] = field(default_factory=list)
    alarm_groups: dict[str, list[str]] = field(default_factory=dict)


Groups = Sequence[GroupValue | Mapping[str, Any]]


def assess(
    groups: Groups,
    *,
    goal: float,
    favourable: bool,
    scale: float,
    years_to_deadline: float | None,
    previous: Groups | Mapping[str, float | None] | None = None,
    served: Collection[str] | None = None,
    overall: float | None = None,
    previous_overall: float | None = None,
) -> Assessment:
    """How far each group is from the universal goal, and what must not be overlooked.

    groups: mutually exclusive groups (or mappings with the keys group, value, n).
    goal: in the unit of the values. favourable: higher is better. scale: 1, 100, 1000 or
        100000, whatever the values are counted per.
    years_to_deadline: None or 0 and less (it has passed): no pace.
    previous: the same groups at baseline, or their values by name (then today's n weigh them).
    served: the groups with a barrier or a strategy; None where nobody asks for them.
    overall, previous_overall: the value of everyone, where it is known by itself.

    A group without a value stays in the list, without any number. Then nothing is given that its
    number could be worked out from by subtraction: the overall value is only the one passed in
    (which is public anyway), and people short in total and all shares are None. Groups without
    an n have no people short, which leaves the total and the shares open too.

    Raises ValueError for a group named twice, a scale of 0 or less, and for a goal, value or n
    that is no number or (value, n) negative.
    """
    now, then = positions(groups), positions(previous or [])
    if not (scale > 0 and math.isfinite(scale) and math.isfinite(goal)):
        raise ValueError("The goal must be a number, and the scale a number above 0.")
    aim = _Aim(float(goal), favourable, float(scale), years_to_deadline)
    judged = _with_shares([_judge(each, then.get(each.group), aim) for each in now.values()])
    today = overall if overall is not None else weighted_mean(now.values())
    before = previous_overall if previous_overall is not None else _mean_then(now, then)
    known = [each.value for each in now.values() if each.value is not None]
    difference, ratio = spread(known)
    alarms = alarms_of(
        [Standing(g.group, g.value, g.baseline, g.goal_met) for g in judged if g.value is not None],
        favourable=favourable,
        overall=today,
        previous_overall=before,
        overall_met=None if today is None else aim.gap(today) == 0,
        served=served,
    )
    return Assessment(
        universal_goal=aim.goal,
        favourable=favourable,
        scale=scale,
        years_to_deadline=years_to_deadline,
        overall=today,
        overall_gap_to_goal=None if today is None else aim.gap(today),
        total_people_short=_total_short(judged),
        groups=judged,
        between_group_difference=difference,
        between_group_ratio=ratio,
        alarms=list(alarms),
        alarm_groups=alarms,
    )


def positions(
    groups: Groups | Mapping[str, float | None],
) -> dict[str, GroupValue]:
    """The groups by name, in their order. Raises ValueError as `assess` says."""
    if isinstance(groups, Mapping):
        groups = [GroupValue(name, value) for name, value in groups.items()]
    found: dict[str, GroupValue] = {}
    for each in groups:
        one = each if isinstance(each, GroupValue) else _read(each)
        if one.group in found:
            raise ValueError(f"The group {one.group!r} is there twice.")
        value = _number(one.value, f"The value of {one.group!r}")
        found[one.group] = GroupValue(one.group, value, _number(one.n, f"The n of {one.group!r}"))
    return found


def _read(each: Mapping[str, Any]) -> GroupValue:
    return GroupValue(each["group"], each.get("value"), each.get("n"))


def _number(value: float | None, what: str) -> float | None:
    if value is None:
        return None
    # A whole number of people stays one; exact rates come as Decimal.
    found = value if isinstance(value, int) else float(value)
    if not math.isfinite(found) or found < 0:
        raise ValueError(f"{what} must be 0 or more, not {value!r}.")
    return found


@dataclass(frozen=True)
class _Aim:
    goal: float
    favourable: bool
    scale: float
    years: float | None

    def gap(self, value: float) -> float:
        """max(0, G - y), turned round where lower is better."""
        gap = self.goal - value if self.favourable else value - self.goal
        return gap if gap > NOISE * self.scale else 0.0

    def closed(self, baseline: float, value: float) -> float | None:
        """Percent of the gap at baseline that is closed: 100 (y - y0) / (G - y0)."""
        if self.gap(baseline) == 0:
            return None
        return 100 * (value - baseline) / (self.goal - baseline)


def _judge(now: GroupValue, then: GroupValue | None, aim: _Aim) -> GroupAssessment:
    if now.value is None:
        return GroupAssessment(now.group)
    gap = aim.gap(now.value)
    short = None if now.n is None else gap / aim.scale * now.n
    baseline = None if then is None else then.value
    return GroupAssessment(
        group=now.group,
        value=now.value,
        n=now.n,
        gap_to_goal=gap,
        goal_met=gap == 0,
        people_short=short,
        people_short_ceil=None if short is None else whole_people(short),
        required_change_per_year=gap / aim.years if aim.years and aim.years > 0 else None,
        baseline=baseline,
        percent_of_gap_closed=None if baseline is None else aim.closed(baseline, now.value),
    )


def whole_people(short: float) -> int:
    """Rounded up, for nobody is helped by part of a place; 180.0000001 is 180 with float noise."""
    return math.ceil(round(short, 6))


def _total_short(judged: Sequence[GroupAssessment]) -> float | None:
    shorts = [each.people_short for each in judged if each.people_short is not None]
    return sum(shorts) if judged and len(shorts) == len(judged) else None


def _with_shares(judged: list[GroupAssessment]) -> list[GroupAssessment]:
    total = _total_short(judged)
    if not total:
        return judged
    return [
        replace(each, share_of_total_shortfall_pct=100 * each.people_short / total)
        for each in judged
        if each.people_short is not None
    ]


def _mean_then(now: Mapping[str, GroupValue], then: Mapping[str, GroupValue]) -> float | None:
    """The overall value at baseline; groups that came without their n have today's."""
    if not then or now.keys() != then.keys():
        return None  # other people: not the same whole
    return weighted_mean(
        [
            each if each.n is not None else replace(each, n=now[name].n)
            for name, each in then.items()
        ]
    )


@dataclass(frozen=True)
class Framing:
    """Two groups at two times, told as success and as failure; each list is [then, now].

    diff: first less second group, the same either way up to its sign. ratio_success,
    ratio_failure: second over first; None where the first has none.
    conflicts: one ratio came closer to 1 while the other went away, so both must be shown.
    """

    diff: list[float]
    ratio_success: list[float | None]
    ratio_failure: list[float | None]

    @property
    def conflicts(self) -> bool:
        turns = [_turn(self.ratio_success), _turn(self.ratio_failure)]
        return min(turns) < 0 < max(turns)


def framing(success0: Sequence[float], success1: Sequence[float], scale: float) -> Framing:
    """The same change told both ways.

    success0, success1: shape (2,), the value of the first and the second group then and now,
    per `scale`; failure is scale - success.
    """
    pairs = [(float(one), float(two)) for one, two in (success0, success1)]
    return Framing(
        diff=[one - two for one, two in pairs],
        ratio_success=[over(two, one) for one, two in pairs],
        ratio_failure=[over(scale - two, scale - one) for one, two in pairs],
    )


def _turn(ratios: Sequence[float | None]) -> float:
    """Above 0 where the ratio moved away from 1, below where it came closer, 0 if unknown."""
    then, now = ratios
    if not then or not now or then < 0 or now < 0:
        return 0.0
    change = abs(math.log(now)) - abs(math.log(then))
    return change if abs(change) > NOISE else 0.0
