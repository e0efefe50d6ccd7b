"""Maps of understanding: how one journey goes for people whom the same system treats differently.

Columns are invented people, from most marginalized to most privileged; rows are the stages of the
journey; each cell holds what stands in the way there and what helps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pghistory
import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import CanBeCited, Citable, Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, move, verb
from ciforum.people.words import Words, WordsField

if TYPE_CHECKING:
    from ciforum.people.models import Initiative, User

FEWEST = 2
MOST_SCENARIOS = 6
MOST_STAGES = 12
MOST_MARKS = 12  # in one cell: more cannot be read in a room
TAKEN = ("new",)


class ScenarioSetQuerySet(ScopedQuerySet):
    def published(self) -> ScenarioSetQuerySet:
        """Maps that anyone may read."""
        return self.filter(state=ScenarioSet.State.PUBLISHED)


@pghistory.track(fields=["title", "purpose", "slug", "state"], model_name="ScenarioSetTrail")
class ScenarioSet(CanBeCited, Scoped):
    """One map: draft → published → withdrawn. Its parts change through its verbs, which lock it.

    A published map goes on being mended: every change leaves an audit line and the earlier words.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("In preparation")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    slug = models.SlugField(_("short name in addresses"), max_length=60)
    title = WordsField(_("title"))
    purpose = WordsField(_("what the map is for"), long=True, blank=True, max_length=2000)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    started_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=clock.now)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ScenarioSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("map of understanding")
        verbose_name_plural = _("maps of understanding")
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                "initiative",
                "slug",
                name="one_map_per_slug",
                violation_error_message=_("There is a map with this short name already."),
            ),
            models.CheckConstraint(
                condition=Q(state="draft", published_at=None)
                | Q(state="published", published_at__isnull=False)
                | Q(state="withdrawn", withdrawn_at__isnull=False),
                name="map_says_since_when",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="its_way",
                field="state",
                transitions=[("draft", "published"), ("published", "withdrawn")],
            ),
            pgtrigger.Protect(
                name="public_map_stays",
                operation=pgtrigger.Delete,
                condition=~pgtrigger.Q(old__state="draft"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return reverse("agenda:scenario_set", args=[self.initiative.slug, self.slug])

    def clean(self) -> None:
        if self.slug in TAKEN:
            raise ValidationError({"slug": _("This word is used by the site. Choose another.")})

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    # --- changes

    @classmethod
    @verb
    def start(cls, *, initiative: Initiative, by: User, **fields: Any) -> ScenarioSet:
        """Begin an empty map; people and stages are added next. Raises ValidationError."""
        made = cls(initiative=initiative, started_by=by, started_at=clock.now(), **fields)
        made.full_clean()
        made.save()
        audit(made, before="", after=cls.State.DRAFT, by=by)
        return made

    @verb
    def describe(self, *, by: User, seen: int | None = None, **fields: Any) -> None:
        """Change title and purpose. `seen` is the revision she looked at. Raises StateChanged."""
        self._open()
        _must_be_as_seen(self, seen)
        for name, value in fields.items():
            setattr(self, name, value)
        self.revision += 1
        self.full_clean()
        self.save(update_fields=[*fields, "revision"])
        self._note("described", by)

    @verb
    def publish(self, *, by: User) -> None:
        """Show it to everyone. Raises ValidationError while it has no two people and stages."""
        self._open()
        for wanted, number in (
            (_("Add at least two people: a map compares."), self.scenarios.live().count()),
            (_("Add at least two stages of the journey."), self.stages.live().count()),
        ):
            if number < FEWEST:
                raise ValidationError(wanted)
        self._must_have_marks()
        move(
            self,
            start=self.State.DRAFT,
            to=self.State.PUBLISHED,
            by=by,
            published_at=clock.now(),
        )

    @verb
    def withdraw(self, *, by: User) -> None:
        """Take it off the public pages, for good; whoever cites it is told so in its place."""
        lock(self)
        now = clock.now()
        move(self, start=self.State.PUBLISHED, to=self.State.WITHDRAWN, by=by, withdrawn_at=now)
        if self.citable_id:
            Citable.objects.filter(pk=self.citable_id).update(withdrawn_at=now)

    @verb
    def add_scenario(self, *, name: Words, who: Words, origin: str, by: User) -> Scenario:
        """Add a person at the most privileged end. Raises ValidationError."""
        self._open()
        self._must_have_room(self.scenarios, MOST_SCENARIOS)
        return self._add(Scenario(set=self, name=name, who=who, origin=origin), by, "person added")

    @verb
    def add_stage(self, *, title: Words, by: User) -> Stage:
        """Add a stage at the end of the journey. Raises ValidationError."""
        self._open()
        self._must_have_room(self.stages, MOST_STAGES)
        return self._add(Stage(set=self, title=title), by, "stage added")

    @verb
    def add_mark(
        self, *, scenario: Scenario, stage: Stage, kind: str, text: Words, by: User
    ) -> Mark:
        """Say what stands in her way at this stage, or what helps. Raises ValidationError."""
        self._open()
        if {scenario.set_id, stage.set_id} != {self.pk}:
            raise ValidationError(_("Choose a person and a stage of this map."))
        mark = Mark(set=self, scenario=scenario, stage=stage, kind=kind, text=text)
        self._must_have_room(mark.siblings(), MOST_MARKS)
        return self._add(mark, by, "entry added")

    @verb
    def change(self, part: Part, *, by: User, seen: int | None = None, **fields: Any) -> None:
        """Change the words of a part. Raises StateChanged when somebody changed it since `seen`."""
        self._open()
        self._hold(part)
        _must_be_as_seen(part, seen)
        for name, value in fields.items():
            if name not in part.EDITABLE:
                raise ValueError(f"{name} is not changed by hand")
            setattr(part, name, value)
        part.revision += 1
        part.full_clean()
        part.save(update_fields=[*fields, "revision"])
        self._note(f"{part.CALLED} changed", by)

    @verb
    def shift(self, part: Part, *, by: User, steps: int) -> None:
        """Move a part back (negative) or on among its like; stops at either end."""
        self._open()
        self._hold(part)
        order = list(part.siblings().live())
        here = order.index(part)
        there = min(max(here + steps, 0), len(order) - 1)
        order.insert(there, order.pop(here))
        for position, each in enumerate(order, start=1):
            type(part).objects.filter(pk=each.pk).update(position=position)
        self._note(f"{part.CALLED} moved", by)

    @verb
    def remove(self, part: Part, *, by: User) -> None:
        """Take a part off the map; `restore` brings it back. A public map keeps two of each."""
        self._open()
        self._hold(part)
        if self.is_published and not isinstance(part, Mark):
            self._must_keep_two(part)
        part.removed_at = clock.now()
        part.save(update_fields=["removed_at"])
        self._note(f"{part.CALLED} removed", by)

    @verb
    def restore(self, part: Part, *, by: User) -> None:
        """Bring a removed part back, at the end of its like. Raises ValidationError."""
        self._open()
        lock(part)
        if part.set_id != self.pk or part.removed_at is None:
            raise StateChanged
        self._must_have_room(part.siblings(), part.MOST)
        part.removed_at, part.position = None, _next(part.siblings())
        part.save(update_fields=["removed_at", "position"])
        self._note(f"{part.CALLED} restored", by)

    # --- inside

    def _open(self) -> None:
        lock(self)
        if self.state == self.State.WITHDRAWN:
            raise StateChanged

    def _hold(self, part: Part) -> None:
        """Lock a part that is on this map now. Raises StateChanged when it is no longer."""
        lock(part)
        if part.set_id != self.pk or part.removed_at is not None:
            raise StateChanged

    def _add(self, part: Any, by: User, note: str) -> Any:
        part.initiative, part.position = self.initiative, _next(part.siblings())
        part.full_clean()
        part.save()
        self._note(note, by)
        return part

    def _note(self, what: str, by: User) -> None:
        audit(self, before=self.state, after=what, by=by)

    def _must_have_room(self, parts: Any, most: int) -> None:
        if parts.live().count() >= most:
            raise ValidationError(
                _("There is room for %(most)s here. Remove one first.") % {"most": most}
            )

    def _must_keep_two(self, part: Part) -> None:
        if part.siblings().live().count() <= FEWEST:
            raise ValidationError(
                _("A published map keeps at least two people and two stages. Change it instead.")
            )

    def _must_have_marks(self) -> None:
        marked = set(self.marks.live().values_list("scenario", flat=True))
        bare = [each for each in self.scenarios.live() if each.pk not in marked]
        if bare:
            raise ValidationError(
                _("Say what stands in the way of %(name)s, or what helps.") % {"name": bare[0]}
            )


class PartQuerySet(ScopedQuerySet):
    def live(self) -> PartQuerySet:
        """Those on the map now, in their order."""
        return self.filter(removed_at=None).order_by("position", "pk")

    def removed(self) -> PartQuerySet:
        """Those taken off, the last one first."""
        return self.exclude(removed_at=None).order_by("-removed_at")


class Part(Scoped):
    """What every part of a map has. `revision` counts its wordings, so that two editors at once
    are told apart."""

    EDITABLE: tuple[str, ...] = ()
    CALLED = "part"
    MOST = 0

    set: Any
    set_id: int
    position = models.PositiveIntegerField(default=0, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        abstract = True

    def siblings(self) -> PartQuerySet:
        """Its like on the same map, removed ones among them."""
        parts: Any = type(self).objects
        return parts.filter(set=self.set_id)


@pghistory.track(
    fields=["name", "who", "origin", "position", "removed_at"], model_name="ScenarioTrail"
)
class Scenario(Part):
    """One invented person, or a type of person: a column of the map."""

    class Origin(models.TextChoices):
        INVENTED = "invented", _("Invented")
        COMPOSITE = "composite", _("Put together from several people")
        REAL = "real", _("A real person")

    EDITABLE = ("name", "who", "origin")
    CALLED = "person"
    MOST = MOST_SCENARIOS

    set = models.ForeignKey(ScenarioSet, on_delete=models.PROTECT, related_name="scenarios")
    name = WordsField(_("name"), max_length=80)
    who = WordsField(_("who she or he is, in one line"), blank=True, max_length=300)
    origin = models.CharField(_("Where this person comes from"), max_length=10, choices=Origin)

    class Meta:
        verbose_name = _("person of a map")
        verbose_name_plural = _("people of a map")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(origin__in=["invented", "composite"]), name="nobody_real_on_a_map"
            )
        ]

    def __str__(self) -> str:
        return str(self.name)

    def clean(self) -> None:
        if self.origin == self.Origin.REAL:
            raise ValidationError({"origin": NOBODY_REAL})

    def validate_constraints(self, exclude: Any = None) -> None:
        """`clean` says it in its own words."""
        if self.origin != self.Origin.REAL:
            super().validate_constraints(exclude)


NOBODY_REAL = _(
    "A real person belongs on a map only with her own consent to her story, and stories are not "
    "kept here yet. Invent somebody, or put her together from several people, so that nobody can "
    "be recognized."
)


@pghistory.track(fields=["title", "position", "removed_at"], model_name="StageTrail")
class Stage(Part):
    """One stage of the journey: a row of the map."""

    EDITABLE = ("title",)
    CALLED = "stage"
    MOST = MOST_STAGES

    set = models.ForeignKey(ScenarioSet, on_delete=models.PROTECT, related_name="stages")
    title = WordsField(_("stage"), max_length=80)

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.title)


@pghistory.track(fields=["kind", "text", "position", "removed_at"], model_name="MarkTrail")
class Mark(Part):
    """One thing that stands in the way of a person at a stage, or that helps her there."""

    class Kind(models.TextChoices):
        OBSTACLE = "obstacle", _("Obstacle")
        SUPPORT = "support", _("Support")

    EDITABLE = ("kind", "text")
    CALLED = "entry"
    MOST = MOST_MARKS

    set = models.ForeignKey(ScenarioSet, on_delete=models.PROTECT, related_name="marks")
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="marks")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="marks")
    kind = models.CharField(_("what it is"), max_length=10, choices=Kind)
    text = WordsField(_("in a few words"), max_length=300)

    class Meta:
        verbose_name = _("entry of a map")
        verbose_name_plural = _("entries of a map")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["obstacle", "support"]), name="mark_kind_known"
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="one_map",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM agenda_scenario person, agenda_stage stage
                        WHERE person.id = NEW.scenario_id AND stage.id = NEW.stage_id
                          AND person.set_id = NEW.set_id AND stage.set_id = NEW.set_id) THEN
                        RAISE EXCEPTION 'an entry, its person and its stage are of one map'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return str(self.text)

    def get_absolute_url(self) -> str:
        return self.set.get_absolute_url()

    def siblings(self) -> PartQuerySet:
        return Mark.objects.filter(scenario=self.scenario_id, stage=self.stage_id)

    def about_to_cite(self) -> None:
        """Evidence is added or taken away: hold the map. Raises StateChanged when it is gone."""
        self.set._open()
        self.set._hold(self)


def _next(parts: Any) -> int:
    return (parts.aggregate(last=models.Max("position"))["last"] or 0) + 1


def _must_be_as_seen(record: Any, seen: int | None) -> None:
    if seen is not None and record.revision != seen:
        raise StateChanged
