"""What stands between a group and a goal, and what is done for it: steps 4 and 5."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pghistory
import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.words import WordsField
from equity.models import Group

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agenda.models.goals import Goal


# Drafts change freely; an adopted goal may get more entries, and keeps every one it had.
FROZEN = """
    PERFORM 1 FROM agenda_goal goal WHERE goal.id = COALESCE(NEW.goal_id, OLD.goal_id) FOR SHARE;
    IF EXISTS (SELECT 1 FROM agenda_goal goal
               WHERE goal.id IN (NEW.goal_id, OLD.goal_id)
                 AND NOT (goal.state = 'draft' OR (TG_OP = 'INSERT' AND goal.state = 'adopted')))
    THEN
        RAISE EXCEPTION 'a goal stays as it was put to the decision'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""


def _frozen() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="frozen_with_its_goal",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=FROZEN,
    )


class Entry(Scoped):
    """What every entry of a plan has."""

    CALLED = "entry"

    goal: Any
    group: Any
    revision = models.PositiveIntegerField(default=1, editable=False)
    added_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True

    def clean(self) -> None:
        if self.group.dimension_id not in self.goal.considered.values_list("dimension", flat=True):
            raise ValidationError({"group": _("Choose a group that this goal considers.")})

    def copied_to(self, goal: Goal, barriers: Mapping[int, Barrier]) -> Any:
        """The same entry for another goal, not saved yet; `barriers`: old key → their copies."""
        values = {
            each.name: getattr(self, each.name)
            for each in self._meta.concrete_fields
            if each.name not in ("id", "uid", "goal", "revision")
        }
        if "barrier" in values:
            values["barrier"] = barriers.get(getattr(self, "barrier_id", None) or 0)
        kind: Any = type(self)
        return kind(goal=goal, **values)


@pghistory.track(fields=["kind", "text"], model_name="BarrierTrail")
class Barrier(Entry):
    """A structure that blocks a group on the way to the goal, or helps it: never the group."""

    class Kind(models.TextChoices):
        BLOCKS = "blocks", _("It blocks")
        HELPS = "helps", _("It helps")

    CALLED = "barrier"

    goal = models.ForeignKey("agenda.Goal", on_delete=models.PROTECT, related_name="barriers")
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="+", verbose_name=_("group")
    )
    kind = models.CharField(_("what it does"), max_length=6, choices=Kind, default=Kind.BLOCKS)
    text = WordsField(
        _("the structure"),
        max_length=400,
        help_text=_("A rule, a practice, a lack of something. Never what people are or do wrong."),
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("barrier")
        verbose_name_plural = _("barriers")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["blocks", "helps"]), name="barrier_kind_known"
            )
        ]
        triggers = [_frozen()]

    def __str__(self) -> str:
        return str(self.text)

    def about_to_cite(self) -> None:
        """A structural event is cited, or no longer: only in a draft. Raises StateChanged."""
        self.goal._lock()
        self.goal._must_be_draft()


@pghistory.track(fields=["text", "barrier"], model_name="StrategyTrail")
class Strategy(Entry):
    """What is done for a group, so that the structures around it let it reach the goal."""

    CALLED = "strategy"

    goal = models.ForeignKey("agenda.Goal", on_delete=models.PROTECT, related_name="strategies")
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="+", verbose_name=_("group")
    )
    text = WordsField(_("what is done"), max_length=400)
    barrier = models.ForeignKey(
        Barrier,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="strategies",
        verbose_name=_("which barrier it lowers"),
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("strategy")
        verbose_name_plural = _("strategies")
        ordering = ["id"]
        triggers = [_frozen()]

    def __str__(self) -> str:
        return str(self.text)

    def clean(self) -> None:
        super().clean()
        if self.barrier and (self.barrier.goal_id, self.barrier.group_id) != (
            self.goal_id,
            self.group_id,
        ):
            raise ValidationError({"barrier": _("Choose a barrier of this group.")})


class NotYetQuerySet(ScopedQuerySet):
    def live(self) -> NotYetQuerySet:
        """Those that have not run out."""
        return self.filter(until__gt=clock.now())


@pghistory.track(fields=["until", "why"], model_name="NotYetTrail")
class NotYet(Entry):
    """Said openly: this group has no strategy yet, why, and until when."""

    CALLED = "not yet"

    goal = models.ForeignKey("agenda.Goal", on_delete=models.PROTECT, related_name="waits")
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="+", verbose_name=_("group")
    )
    until = models.DateTimeField(_("until the end of"))
    why = WordsField(_("why not yet"), max_length=400)

    objects = NotYetQuerySet.as_manager()

    class Meta:
        verbose_name = _("not yet")
        verbose_name_plural = _("not yet")
        ordering = ["until", "id"]
        triggers = [_frozen()]

    def __str__(self) -> str:
        return str(self.why)

    @property
    def is_over(self) -> bool:
        return self.until <= clock.now()

    def clean(self) -> None:
        super().clean()
        if self.until and self.until <= clock.now():
            raise ValidationError({"until": _("Choose a day that is still to come.")})


@dataclass
class GroupPlan:
    """One group on its way: how far it is, what stands there, what is done."""

    group: Group
    depth: int = 0
    distance: Any = None  # its GroupDistance of the newest period; None: not measured
    barriers: list[Barrier] = field(default_factory=list)
    strategies: list[Strategy] = field(default_factory=list)
    waits: list[NotYet] = field(default_factory=list)
    above: GroupPlan | None = None

    @property
    def still_to_go(self) -> Decimal | None:
        return self.distance.distance if self.distance else None

    @property
    def is_known(self) -> bool:
        return self.still_to_go is not None

    @property
    def needs_plan(self) -> bool:
        """Below the goal, or not known to have reached it."""
        return self.still_to_go is None or self.still_to_go > 0

    @property
    def blocks(self) -> list[Barrier]:
        return [each for each in self.barriers if each.kind == Barrier.Kind.BLOCKS]

    @property
    def helps(self) -> list[Barrier]:
        return [each for each in self.barriers if each.kind == Barrier.Kind.HELPS]

    @property
    def wait(self) -> NotYet | None:
        """A "not yet" that has not run out."""
        now = clock.now()
        return next((each for each in self.waits if each.until > now), None)

    @property
    def own_lacks(self) -> list[str]:
        if self.wait:
            return []
        lacks = [] if self.blocks else ["barrier"]
        return lacks if self.strategies else [*lacks, "strategy"]

    @property
    def borrows(self) -> bool:
        """A part whose own distance nobody knows goes with the plan of the group it is part of."""
        return (
            self.above is not None
            and not self.is_known
            and bool(self.own_lacks)
            and not self.above.lacks
        )

    @property
    def lacks(self) -> list[str]:
        """Of "barrier", "strategy", those that are missing. A dated "not yet" stands for both."""
        return [] if self.borrows else self.own_lacks


def plan_of(goal: Goal) -> list[GroupPlan]:
    """Every group the goal considers, whole groups before their parts, with all about them."""
    groups = goal.groups()
    plans = {group.pk: GroupPlan(group) for group in groups}
    for group in groups:
        plans[group.pk].above = plans.get(group.parent_id or 0)
    for name in ("barriers", "strategies", "waits"):
        for entry in getattr(goal, name).all():
            if plan := plans.get(entry.group_id):
                getattr(plan, name).append(entry)
    known = {_key(each.group): each for each in newest_distances(goal) if each.group}
    for plan in plans.values():
        plan.distance = known.get(_key(plan.group))
    return _in_tree_order(list(plans.values()))


def newest_distances(goal: Goal) -> list[Any]:
    """The distances of the newest period, everyone's among them (group None)."""
    rows = list(goal.distances.select_related("group__dimension", "period").order_by("-as_of"))
    return [each for each in rows if each.period_id == rows[0].period_id]


def _key(group: Group) -> tuple[str, str]:
    """The same group, whichever version of its dimension counted it."""
    return group.dimension.code, group.code


def _in_tree_order(plans: list[GroupPlan]) -> list[GroupPlan]:
    below: dict[int | None, list[GroupPlan]] = {}
    for plan in plans:
        below.setdefault(plan.above.group.pk if plan.above else None, []).append(plan)

    def walk(parent: int | None, depth: int) -> list[GroupPlan]:
        found: list[GroupPlan] = []
        for plan in below.get(parent, []):
            plan.depth = depth
            found += [plan, *walk(plan.group.pk, depth + 1)]
        return found

    return walk(None, 0)
