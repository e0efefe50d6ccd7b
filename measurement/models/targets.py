"""Which indicator measures how far a universal goal is: the only way numbers come to a goal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agenda.models import Goal
from ciforum.people import clock
from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.transitions import audit, lock, verb
from equity.models import Policy
from measurement import telling_goals
from measurement.models.indicators import Indicator, IndicatorVersion
from measurement.showing import reached

if TYPE_CHECKING:
    from ciforum.people.models import User
    from measurement.models.releases import Release


class TargetQuerySet(ScopedQuerySet):
    def standing(self) -> TargetQuerySet:
        return self.filter(ended_at=None)


class Target(Scoped):
    """One definition of an indicator measures one goal, until another takes its place."""

    # Only a draft can be dropped, and what measures it goes with it.
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="targets")
    version = models.ForeignKey(IndicatorVersion, on_delete=models.PROTECT, related_name="targets")
    set_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["set_at", "id"]
        constraints = [
            models.UniqueConstraint("goal", name="one_target_of_a_goal", condition=Q(ended_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.version} → {self.goal}"

    @classmethod
    @verb
    def aim(cls, *, goal: Goal, indicator: Indicator, by: User) -> Target:
        """Let the present definition of `indicator` measure `goal`, from its newest release on.

        A goal that was adopted keeps what measures it, but for a newer definition of the same
        indicator. Raises ValidationError.
        """
        _lock(goal, indicator)
        last = cls._last(goal)
        if goal.initiative_id != indicator.initiative_id:
            raise ValidationError(_("Choose an indicator of this initiative."))
        if goal.target_value is None:
            raise ValidationError(_("Write in step 1 how many or how much the goal is."))
        if not goal.takes_plans or (
            not goal.is_draft and last and last.version.indicator_id != indicator.pk
        ):
            raise ValidationError(_("This goal is no longer a draft: what measures it stays."))
        if last:
            last._end()
        target = cls.objects.create(
            initiative=goal.initiative,
            goal=goal,
            version=indicator.current,
            set_by=by,
            set_at=clock.now(),
        )
        reached.write(goal, target.version)
        telling_goals.aimed(goal)
        goal.initiative.public_changed()
        audit(goal, before=goal.state, after="measured by an indicator", by=by)
        return target

    @classmethod
    @verb
    def drop(cls, *, goal: Goal, by: User) -> None:
        """Nothing measures this draft any more. Raises ValidationError once it is no draft."""
        last = cls._last(goal)
        if last is None:
            return
        _lock(goal, last.version.indicator)
        if not goal.is_draft:
            raise ValidationError(_("This goal is no longer a draft: what measures it stays."))
        last._end()
        audit(goal, before=goal.state, after="no longer measured", by=by)

    @classmethod
    def _last(cls, goal: Goal) -> Target | None:
        found = cls.objects.standing().filter(goal=goal).select_related("version__indicator")
        return found.first()

    def _end(self) -> None:
        self.ended_at = clock.now()
        self.save(update_fields=["ended_at"])
        self.goal.distances.all().delete()


def _lock(goal: Goal, indicator: Indicator) -> None:
    """Policy, indicator, goal: the order of a release that is published."""
    lock(Policy.of(goal.initiative))
    lock(indicator)
    lock(goal)


def released(release: Release) -> None:
    """A release was published: tell every goal that it measures how far it is now.

    Called inside the verb that publishes, which holds policy and indicator.
    """
    aimed = Target.objects.standing().filter(version=release.version_id)
    for target in aimed.select_related("goal", "version").order_by("goal"):
        reached.write(target.goal, target.version)


def measured_by(indicator: Indicator) -> None:
    """What may be read of the indicator has changed: so has how far its goals are, as told.

    The caller holds policy and indicator.
    """
    aimed = Target.objects.standing().filter(version__indicator=indicator.pk)
    for target in aimed.select_related("goal", "version__indicator").order_by("goal"):
        reached.write_all(target.goal, target.version)
