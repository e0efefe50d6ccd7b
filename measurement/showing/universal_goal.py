"""The universal goal that an indicator measures, as its public page needs it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from django.utils.timezone import localtime

from agenda.models import Goal
from agenda.models.plans import Barrier, Strategy
from measurement.models import Target

if TYPE_CHECKING:
    from decimal import Decimal

    from measurement.models import IndicatorVersion
    from measurement.showing.shown import Shown


@dataclass(frozen=True)
class UniversalGoal:
    """One goal for everybody.

    value: in the unit of the indicator. deadline: its last day, None without one.
    considered: codes of the dimensions whose groups it plans for. served: keys of series
    ("race:black") that have a barrier and a strategy. blocks: the barriers of each.
    """

    goal: Goal
    value: float
    deadline: date | None
    considered: frozenset[str]
    served: frozenset[str]
    blocks: dict[str, list[Barrier]]

    def turned_round(self, scale: float) -> UniversalGoal:
        """The same goal, told as what is still missing: 90 of 100 become 10 of 100."""
        return replace(self, value=scale - self.value)


def goal_of(shown: Shown, *, plans: bool = True) -> UniversalGoal | None:
    """The goal that these numbers measure; see `goal_measured_by`."""
    return goal_measured_by(shown.version, plans=plans)


def goal_measured_by(version: IndicatorVersion, *, plans: bool = True) -> UniversalGoal | None:
    """The goal put to a decision or adopted that this definition measures; None without one.

    plans: read its barriers and strategies too, by three more queries.
    """
    aimed = (
        Target.objects.standing()
        .filter(
            version=version.pk,
            goal__state__in=[Goal.State.ADOPTED, Goal.State.PROPOSED],
            goal__target_value__isnull=False,
        )
        .select_related("goal__initiative")
        .order_by("goal__state", "-set_at")  # adopted goes before proposed
        .first()
    )
    if aimed is None:
        return None
    goal: Goal = aimed.goal
    blocks, served = _plans(goal) if plans else ({}, set())
    return UniversalGoal(
        goal=goal,
        value=_number(goal.target_value),
        deadline=localtime(goal.target_by).date() if goal.target_by else None,
        considered=_considered(goal) if plans else frozenset(),
        served=frozenset(served),
        blocks=blocks,
    )


def _number(value: Decimal | None) -> float:
    return float(value or 0)


def _considered(goal: Goal) -> frozenset[str]:
    return frozenset(goal.dimensions.values_list("code", flat=True))


def _plans(goal: Goal) -> tuple[dict[str, list[Barrier]], set[str]]:
    """Barriers by group, and the groups with a barrier as well as a strategy."""
    blocks: dict[str, list[Barrier]] = {}
    rows = goal.barriers.filter(kind=Barrier.Kind.BLOCKS).select_related("group__dimension")
    for barrier in rows:
        blocks.setdefault(f"{barrier.group.dimension.code}:{barrier.group.code}", []).append(
            barrier
        )
    planned = Strategy.objects.filter(goal=goal).values_list(
        "group__dimension__code", "group__code"
    )
    return blocks, {f"{code}:{group}" for code, group in planned} & blocks.keys()
