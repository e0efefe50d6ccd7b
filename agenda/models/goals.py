"""Universal goals, by the five steps of targeted universalism.

One goal for everyone, how far everyone is from it, how far each group is, what blocks or helps each
group, and what is done for each. A goal is adopted by a decision and then stays as it was adopted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pghistory
import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from agenda.models.goal_groups import GoalDimension, GroupDistance
from agenda.models.plans import Barrier, NotYet, Strategy, plan_of
from agenda.wording import gap_words, reword
from ciforum.people import clock
from ciforum.people.models import CanBeCited, Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, move, verb
from ciforum.people.words import Words, WordsField
from equity.models import Dimension, Group, LedgerEntry, Policy
from equity.steps import adopt_goal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agenda.models.decisions import Decision
    from ciforum.people.models import Initiative, User

TAKEN = ("new",)
COPIED = ("level", "name", "why", "target_value", "target_unit", "target_by")


class GoalQuerySet(ScopedQuerySet):
    def public(self) -> GoalQuerySet:
        """Those anyone may read: put to a decision, adopted, or replaced since."""
        return self.exclude(state=Goal.State.DRAFT)

    def current(self) -> GoalQuerySet:
        """Those that hold or are about to."""
        return self.filter(state__in=[Goal.State.PROPOSED, Goal.State.ADOPTED])

    def levels(self, initiative: Initiative) -> dict[str, int]:
        """How many goals of each level are adopted or put to a decision."""
        counted = (
            self.for_initiative(initiative)
            .current()
            .order_by()
            .values_list("level")
            .annotate(models.Count("pk"))
        )
        return {**dict.fromkeys(Goal.Level.values, 0), **dict(counted)}


@pghistory.track(
    fields=["name", "why", "level", "target_value", "target_unit", "target_by", "state"],
    model_name="GoalTrail",
)
class Goal(CanBeCited, Scoped):
    """A goal for everyone: draft → proposed (in a decision) → adopted → superseded or retired."""

    class Level(models.TextChoices):
        POPULATION = "population", _("What changes for people")
        SYSTEMS = "systems", _("What changes in systems")

    class State(models.TextChoices):
        DRAFT = "draft", _("In preparation")
        PROPOSED = "proposed", _("Put to a decision")
        ADOPTED = "adopted", _("Adopted")
        SUPERSEDED = "superseded", _("Replaced by a newer one")
        RETIRED = "retired", _("Ended")

    level = models.CharField(_("level"), max_length=10, choices=Level)
    slug = models.SlugField(_("short name in addresses"), max_length=60)
    name = WordsField(_("the goal, for everyone"), max_length=250)
    why = WordsField(_("why this goal"), long=True, blank=True, max_length=4000)
    target_value = models.DecimalField(
        _("how many or how much"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    target_unit = WordsField(_("of what"), blank=True, max_length=80)
    target_by = models.DateTimeField(_("by the end of"), null=True, blank=True)
    dimensions = models.ManyToManyField(
        Dimension,
        through="agenda.GoalDimension",
        related_name="+",
        verbose_name=_("which groups are considered"),
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    supersedes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    started_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=clock.now)
    decision_uid = models.UUIDField(null=True, blank=True, editable=False)
    adopted_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    passed = models.ForeignKey(
        LedgerEntry, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = GoalQuerySet.as_manager()

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["level", "started_at", "id"]
        constraints = [
            models.UniqueConstraint(
                "initiative",
                "slug",
                name="one_goal_per_slug",
                violation_error_message=_("There is a goal with this short name already."),
            ),
            models.CheckConstraint(
                condition=Q(state="draft", passed=None, decision_uid=None)
                | Q(state="proposed", passed=None, decision_uid__isnull=False)
                | Q(
                    state__in=["adopted", "superseded", "retired"],
                    passed__isnull=False,
                    adopted_at__isnull=False,
                    decision_uid__isnull=False,
                ),
                name="goal_passed_its_gate",
            ),
            models.CheckConstraint(
                condition=Q(level__in=["population", "systems"]), name="goal_level_known"
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="its_way",
                field="state",
                transitions=[
                    ("draft", "proposed"),
                    ("proposed", "draft"),
                    ("proposed", "adopted"),
                    ("adopted", "superseded"),
                    ("adopted", "retired"),
                ],
            ),
            pgtrigger.Trigger(
                name="adopted_by_a_decision",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__state="adopted"),
                func="""
                    IF NOT EXISTS (SELECT 1 FROM equity_ledgerentry entry
                                   WHERE entry.id = NEW.passed_id AND entry.kind = 'pass'
                                     AND entry.gate = 'agenda.goal.adopt'
                                     AND entry.record_uid = NEW.uid
                                     AND entry.initiative_id = NEW.initiative_id)
                       OR NOT EXISTS (SELECT 1 FROM agenda_decision decision
                                   WHERE decision.uid = NEW.decision_uid
                                     AND decision.initiative_id = NEW.initiative_id
                                     AND decision.effect = 'goal.adopt'
                                     AND decision.effect_params ->> 'goal' = NEW.uid::text
                                     AND decision.state IN ('counted', 'closed')) THEN
                        RAISE EXCEPTION 'a goal is adopted by a decision, through its gate only'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="text_is_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state="draft"),
                func="""
                    IF (OLD.level, OLD.slug, OLD.name, OLD.why, OLD.target_value, OLD.target_unit,
                        OLD.target_by, OLD.uid, OLD.initiative_id, OLD.supersedes_id)
                       IS DISTINCT FROM
                       (NEW.level, NEW.slug, NEW.name, NEW.why, NEW.target_value, NEW.target_unit,
                        NEW.target_by, NEW.uid, NEW.initiative_id, NEW.supersedes_id)
                       OR (OLD.state <> 'proposed' AND (OLD.passed_id, OLD.decision_uid)
                           IS DISTINCT FROM (NEW.passed_id, NEW.decision_uid)) THEN
                        RAISE EXCEPTION 'a goal stays as it was put to the decision'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(
                name="public_goal_stays",
                operation=pgtrigger.Delete,
                condition=~pgtrigger.Q(old__state="draft"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return reverse("agenda:goal", args=[self.initiative.slug, self.slug])

    def step_url(self, step: str) -> str:
        """The page of one of the five steps: its name is "universal", "everyone", …"""
        return reverse(f"agenda:goal_{step}", args=[self.initiative.slug, self.slug])

    def clean(self) -> None:
        if self.slug in TAKEN:
            raise ValidationError({"slug": _("This word is used by the site. Choose another.")})
        if self.target_unit and self.target_value is None:
            raise ValidationError({"target_value": _("Write the number as well.")})
        if found := self.gap_wording():
            raise ValidationError({"name": self.gap_refusal(found)})

    def gap_refusal(self, found: str) -> Any:
        """Why a goal about a gap is refused, and how it could be said for everybody."""
        said = [self.better_name(code) for code, text in self.name.items() if gap_words(text)]
        return format_lazy(
            "{why} {suggestion}",
            why=GAP_REFUSED % {"words": found},
            suggestion=GAP_SUGGESTION % {"suggestion": " / ".join(said)},
        )

    def better_name(self, code: str) -> str:
        """The name in one language, worded for everybody, with the target of the form."""
        share = ""
        if self.target_value is not None:
            unit = self.target_unit.get(code) or str(self.target_unit)
            share = f"{self.target_value.normalize():f} {unit}".strip()
        return reword(self.name.get(code, ""), code, share)

    # --- questions, the gate's among them

    @property
    def is_public(self) -> bool:
        return self.state != self.State.DRAFT

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def takes_plans(self) -> bool:
        """Barriers and strategies may be added: to a draft freely, to an adopted goal for good."""
        return self.state in (self.State.DRAFT, self.State.ADOPTED)

    def ledger_label(self) -> dict[str, str]:
        return dict(self.name)

    def remedy_url(self, code: str) -> str:
        """Where the rule with this code can be met."""
        match code:
            case "gap_goal":
                return self.step_url("universal")
            case "goal_without_groups":
                return self.step_url("groups")
            case "barriers_missing":
                return self.step_url("structures")
            case "strategies_missing":
                return self.step_url("strategies")
            case _:
                return self.get_absolute_url()

    def gap_wording(self) -> str:
        found = [words for text in self.name.values() if (words := gap_words(text))]
        return found[0] if found else ""

    def groups(self) -> list[Group]:
        """Every group of the dimensions it considers, whole groups before their parts."""
        chosen = Group.objects.filter(dimension__in=self.dimensions.all())
        return list(chosen.select_related("dimension").order_by("dimension__code", "order", "pk"))

    def groups_considered(self) -> int:
        return len(self.groups())

    def groups_without_plan(self) -> list[dict[str, Any]]:
        return [
            {"group": dict(each.group.name), "lacks": each.lacks}
            for each in plan_of(self)
            if each.needs_plan and each.lacks
        ]

    def groups_with_plan(self) -> int:
        return sum(each.needs_plan and not each.lacks for each in plan_of(self))

    # --- changes of the draft

    @classmethod
    @verb
    def start(
        cls,
        *,
        initiative: Initiative,
        by: User,
        dimensions: Iterable[Dimension] = (),
        **fields: Any,
    ) -> Goal:
        """Begin a goal. Raises ValidationError, for one about a gap too."""
        goal = cls(initiative=initiative, started_by=by, started_at=clock.now(), **fields)
        goal.full_clean(exclude=["dimensions"])
        goal.save()
        goal._consider(dimensions)
        audit(goal, before="", after=cls.State.DRAFT, by=by)
        return goal

    @verb
    def describe(self, *, by: User, seen: int | None = None, **fields: Any) -> None:
        """Change the words or the target of a draft. `seen`: the revision she looked at.

        Raises ValidationError, or StateChanged when it is no draft or changed since.
        """
        self._lock()
        self._must_be_draft()
        if seen is not None and self.revision != seen:
            raise StateChanged
        for name, value in fields.items():
            setattr(self, name, value)
        self.revision += 1
        self.full_clean(exclude=["dimensions"])
        self.save(update_fields=[*fields, "revision"])
        GroupDistance.measure_again(self)
        audit(self, before=self.state, after="described", by=by)

    @verb
    def consider(self, *, dimensions: Iterable[Dimension], by: User) -> None:
        """Say which groups are considered. Raises ValidationError or StateChanged."""
        self._lock()
        self._must_be_draft()
        self._consider(dimensions)
        audit(self, before=self.state, after="groups chosen", by=by)

    @verb
    def discard(self, *, by: User) -> None:
        """Drop a draft; nothing of it was ever public."""
        self._lock()
        self._must_be_draft()
        audit(self, before=self.state, after="discarded", by=by)
        for rows in (self.strategies, self.barriers, self.waits, self.distances, self.considered):
            rows.all().delete()
        self.delete()

    # --- what blocks, helps and is done

    @verb
    def name_barrier(self, *, group: Group, kind: str, text: Words, by: User) -> Barrier:
        """Name a structure that blocks or helps a group. Raises ValidationError."""
        self._lock()
        return self._add(Barrier(goal=self, group=group, kind=kind, text=text), by, "barrier named")

    @verb
    def plan(
        self, *, group: Group, text: Words, barrier: Barrier | None = None, by: User
    ) -> Strategy:
        """Say what is done for a group, and which barrier it lowers. Raises ValidationError."""
        self._lock()
        made = Strategy(goal=self, group=group, text=text, barrier=barrier)
        return self._add(made, by, "strategy planned")

    @verb
    def wait(self, *, group: Group, until: Any, why: Words, by: User) -> NotYet:
        """Say openly that a group has no strategy yet, why, and until when. ValidationError."""
        self._lock()
        return self._add(NotYet(goal=self, group=group, until=until, why=why), by, "put off")

    @verb
    def mend(self, entry: Any, *, by: User, seen: int | None = None, **fields: Any) -> None:
        """Change an entry of a draft. Raises ValidationError, or StateChanged as `describe`."""
        self._lock()
        self._must_be_draft()
        self._hold(entry)
        if seen is not None and entry.revision != seen:
            raise StateChanged
        for name, value in fields.items():
            setattr(entry, name, value)
        entry.revision += 1
        entry.full_clean()
        entry.save(update_fields=[*fields, "revision"])
        audit(self, before=self.state, after=f"{entry.CALLED} changed", by=by)

    @verb
    def drop(self, entry: Any, *, by: User) -> None:
        """Take an entry out of a draft. Raises ValidationError for a barrier still in use."""
        self._lock()
        self._must_be_draft()
        self._hold(entry)
        if isinstance(entry, Barrier) and entry.strategies.exists():
            raise ValidationError(_("A strategy lowers this barrier. Change the strategy first."))
        entry.delete()
        audit(self, before=self.state, after=f"{entry.CALLED} removed", by=by)

    # --- what a decision does

    @verb
    def propose(self, *, decision: Decision, by: User | None) -> None:
        """A decision carries it from now on: public, and frozen. Raises StateChanged."""
        self._lock()
        move(
            self,
            start=self.State.DRAFT,
            to=self.State.PROPOSED,
            by=by,
            decision_uid=decision.uid,
        )
        self.initiative.public_changed()

    @verb
    def take_back(self, *, decision: Decision, by: User | None) -> None:
        """The decision failed or was withdrawn: it may be changed again. Others' word is left."""
        self._lock()
        if self.state == self.State.PROPOSED and self.decision_uid == decision.uid:
            move(
                self,
                start=self.State.PROPOSED,
                to=self.State.DRAFT,
                by=by,
                decision_uid=None,
            )
            self.initiative.public_changed()

    @verb
    def adopt(self, *, decision: Decision, by: User | None) -> None:
        """The effect of a passed decision. Raises GateClosed, StateChanged or ValidationError."""
        self._lock()
        if self.decision_uid != decision.uid:
            raise ValidationError(_("A goal is adopted by the decision that carries it."))
        entry = adopt_goal.require(self, by=by)
        now = clock.now()
        move(
            self,
            start=self.State.PROPOSED,
            to=self.State.ADOPTED,
            by=by,
            passed=entry,
            adopted_at=now,
        )
        if self.supersedes and self.supersedes.state == self.State.ADOPTED:
            move(
                lock(self.supersedes),
                start=self.State.ADOPTED,
                to=self.State.SUPERSEDED,
                by=by,
                ended_at=now,
            )
        self.initiative.public_changed()

    @verb
    def retire(self, *, decision: Decision, by: User | None) -> None:
        """The effect of a decision that ends a goal. Raises StateChanged."""
        self._lock()
        move(self, start=self.State.ADOPTED, to=self.State.RETIRED, by=by, ended_at=clock.now())
        self.initiative.public_changed()

    @verb
    def renew(self, *, by: User) -> Goal:
        """A draft with the same words and plans, to change and put to a decision in its place."""
        self._lock()
        if self.state != self.State.ADOPTED:
            raise StateChanged
        after = Goal.objects.create(
            initiative=self.initiative,
            slug=self._free_slug(),
            supersedes=self,
            started_by=by,
            started_at=clock.now(),
            **{name: getattr(self, name) for name in COPIED},
        )
        after._consider(self.dimensions.all())
        self._copy_plans(after)
        audit(after, before="", after=self.State.DRAFT, by=by, note="in place of another")
        return after

    # --- inside

    def _lock(self) -> None:
        """The policy first, as every verb that changes what a gate reads."""
        lock(Policy.of(self.initiative))
        lock(self)

    def _must_be_draft(self) -> None:
        if self.state != self.State.DRAFT:
            raise StateChanged

    def _consider(self, dimensions: Iterable[Dimension]) -> None:
        chosen = list(dimensions)
        if any(each.initiative_id != self.initiative_id for each in chosen):
            raise ValidationError({"dimensions": _("Choose dimensions of this initiative.")})
        self.considered.all().delete()
        GoalDimension.objects.bulk_create(
            GoalDimension(initiative=self.initiative, goal=self, dimension=each) for each in chosen
        )

    def _add(self, entry: Any, by: User, note: str) -> Any:
        if not self.takes_plans:
            raise StateChanged
        entry.initiative, entry.added_at = self.initiative, clock.now()
        entry.full_clean()
        entry.save()
        if self.state == self.State.ADOPTED:  # what anyone may read has one more entry
            self.initiative.public_changed()
        audit(self, before=self.state, after=note, by=by)
        return entry

    def _hold(self, entry: Any) -> None:
        if not type(entry).objects.filter(pk=entry.pk, goal=self).exists():
            raise StateChanged
        lock(entry)

    def _free_slug(self) -> str:
        taken = set(Goal.objects.for_initiative(self.initiative).values_list("slug", flat=True))
        numbered = (f"{self.slug[:55]}-{number}" for number in range(2, len(taken) + 3))
        return next(slug for slug in numbered if slug not in taken)

    def _copy_plans(self, after: Goal) -> None:
        copies: dict[int, Barrier] = {}
        for entry in [*self.barriers.all(), *self.strategies.all(), *self.waits.live()]:
            old = entry.pk
            fresh = entry.copied_to(after, copies)
            fresh.save()
            if isinstance(fresh, Barrier):
                copies[old] = fresh


GAP_REFUSED = _(
    "“%(words)s” is a goal about a gap. A gap can close because some fare worse, and it makes some "
    "people the problem. Say one goal for everyone; each group gets its own way there in step 5."
)
GAP_SUGGESTION = _("For example: %(suggestion)s")
