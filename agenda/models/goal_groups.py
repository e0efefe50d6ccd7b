"""Which groups a goal considers, and how far each of them was from it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import pgtrigger
from django.db import models
from django.db.models import Q

from agenda.distances import distance
from ciforum.people.models import Period, Scoped, ScopedQuerySet
from ciforum.people.transitions import lock
from equity.models import Dimension, Group

if TYPE_CHECKING:
    from agenda.models.goals import Goal

# Per group, None for everyone: the number or None, why it is missing or "", the release's uid.
Numbers = Mapping[Group | None, tuple[Decimal | None, str, UUID]]


class GoalDimension(Scoped):
    """A dimension whose groups the goal considers."""

    goal = models.ForeignKey("agenda.Goal", on_delete=models.PROTECT, related_name="considered")
    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("goal", "dimension", name="one_dimension_of_a_goal")]
        triggers = [
            pgtrigger.Trigger(
                name="frozen_with_its_goal",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    PERFORM 1 FROM agenda_goal goal
                    WHERE goal.id = COALESCE(NEW.goal_id, OLD.goal_id) FOR SHARE;
                    IF EXISTS (SELECT 1 FROM agenda_goal goal
                               WHERE goal.id IN (NEW.goal_id, OLD.goal_id)
                                 AND goal.state <> 'draft') THEN
                        RAISE EXCEPTION 'a goal stays as it was put to the decision'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN COALESCE(NEW, OLD);
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.goal_id}/{self.dimension_id}"


class GroupDistance(Scoped):
    """How far everyone, or a group, was from the goal at the end of a period.

    Its only source is a release: `number` is what everybody can read there, `missing` why there is
    none ("protected": too few to show). `distance` is what is still to go, 0 or less once reached.
    """

    goal = models.ForeignKey("agenda.Goal", on_delete=models.PROTECT, related_name="distances")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, related_name="+")
    period = models.ForeignKey("people.Period", on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()
    rises = models.BooleanField()  # higher is better
    number = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    distance = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    missing = models.CharField(max_length=16, blank=True)
    release_uid = models.UUIDField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["as_of", "id"]
        constraints = [
            models.UniqueConstraint(
                "goal",
                "period",
                "group",
                name="one_distance_per_group_and_period",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=False, missing="") | Q(number=None, distance=None),
                name="no_distance_without_a_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.goal_id}/{self.group_id or 'everyone'}/{self.as_of}"

    @staticmethod
    def keep(goal: Goal, period: Period, rises: bool, numbers: Numbers) -> None:
        """Keep how far everyone (key None) and each group was, by a release's public numbers.

        Replaces what was kept for this period. Called inside the verb that publishes, which locked
        policy and indicator.
        """
        lock(goal)
        goal.distances.filter(period=period).delete()
        GroupDistance.objects.bulk_create(
            GroupDistance(
                initiative=goal.initiative,
                goal=goal,
                group=group,
                period=period,
                as_of=period.end,
                rises=rises,
                number=number,
                distance=distance(goal.target_value, number, rises=rises),
                missing=missing,
                release_uid=release,
            )
            for group, (number, missing, release) in numbers.items()
        )

    @staticmethod
    def measure_again(goal: Goal) -> None:
        """The target may have moved: the same numbers, other distances."""
        rows = list(goal.distances.all())
        for row in rows:
            row.distance = distance(goal.target_value, row.number, rises=row.rises)
        GroupDistance.objects.bulk_update(rows, ["distance"])
