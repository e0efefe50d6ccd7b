"""Data walks: residents and leaders read easy pictures together, and say what they see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, move, verb
from ciforum.people.words import Words, WordsField
from measurement.models.walk_guards import FEWEST, MOST, WALK_GUARDS
from measurement.walking import telling
from measurement.walking.codes import new_code

if TYPE_CHECKING:
    from ciforum.people.models import Initiative, User
    from measurement.models.stations import Station


class DataWalkQuerySet(ScopedQuerySet):
    def shown(self) -> DataWalkQuerySet:
        """Walks that anyone may see."""
        return self.exclude(state=DataWalk.State.PREPARING)

    def preparing(self) -> DataWalkQuerySet:
        return self.filter(state=DataWalk.State.PREPARING)


class DataWalk(Scoped):
    """One walk: a hall, a day, five to ten stations, and what was said at them.

    preparing → open → debrief → closed. What stands at the stations is fixed when it opens, so
    that everybody sees the same pictures and the posters stay true.
    """

    class State(models.TextChoices):
        PREPARING = "preparing", _("Being prepared")
        OPEN = "open", _("Open")
        DEBRIEF = "debrief", _("Debrief")
        CLOSED = "closed", _("Closed")

    title = WordsField(_("title"), max_length=160)
    hall = models.CharField(
        _("where"),
        max_length=200,
        help_text=_("The hall and its address, so that people find it."),
    )
    starts = models.DateTimeField(_("when it begins"))
    languages = ArrayField(models.CharField(max_length=10), verbose_name=_("languages"))
    invitation = WordsField(
        _("invitation"),
        long=True,
        max_length=2000,
        blank=True,
        help_text=_("What people find there: food, child care, interpreters, how to come."),
    )
    code = models.CharField(max_length=12, default=new_code, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.PREPARING, editable=False)
    next_steps = WordsField(_("what comes next"), long=True, max_length=3000, blank=True)
    made_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    debrief_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = DataWalkQuerySet.as_manager()

    class Meta:
        verbose_name = _("data walk")
        verbose_name_plural = _("data walks")
        ordering = ["-starts", "-id"]
        constraints = [
            models.UniqueConstraint("initiative", "code", name="one_walk_per_code"),
            models.CheckConstraint(condition=~Q(languages=[]), name="walk_speaks_a_language"),
            models.CheckConstraint(
                condition=Q(state="preparing") | Q(opened_at__isnull=False),
                name="walk_was_opened",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | (Q(closed_at__isnull=False) & ~Q(next_steps={})),
                name="closed_walk_says_what_comes_next",
            ),
        ]
        triggers = WALK_GUARDS

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return reverse("measurement:walk", args=[self.initiative.slug, self.uid])

    def phone_url(self) -> str:
        """Where the QR code leads."""
        return reverse("measurement:walk_phone", args=[self.initiative.slug, self.code])

    # --- questions

    @property
    def is_preparing(self) -> bool:
        return self.state == self.State.PREPARING

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.CLOSED

    @property
    def takes_paper(self) -> bool:
        """Reactions on paper are typed in while it is open, and until it is closed."""
        return self.state in (self.State.OPEN, self.State.DEBRIEF)

    @property
    def is_on_another_day(self) -> bool:
        """Today is not the day it is announced for, where it takes place."""
        zone = self.initiative.zone
        return localtime(clock.now(), zone).date() != localtime(self.starts, zone).date()

    def in_order(self) -> list[Station]:
        """Its stations with all that their pictures need, first to last."""
        found = list(
            self.stations.select_related(
                "indicator__initiative", "place", "release__version"
            ).prefetch_related("prompts")
        )
        for each in found:
            each.walk = self
        return found

    def missing(self) -> list[str]:
        """What still keeps it from opening, one sentence each."""
        stations = self.in_order()
        said = []
        if not FEWEST <= len(stations) <= MOST:
            said.append(
                _t("A walk has %(fewest)s to %(most)s stations; this one has %(count)s.")
                % {"fewest": FEWEST, "most": MOST, "count": len(stations)}
            )
        return [*said, *(sentence for each in stations for sentence in each.missing())]

    # --- changes

    @classmethod
    @verb
    def prepare(cls, *, initiative: Initiative, by: User, **fields: Any) -> DataWalk:
        """Begin one. Raises ValidationError."""
        walk = cls(initiative=initiative, made_by=by, made_at=clock.now(), **fields)
        walk._check()
        walk.save()
        audit(walk, before="", after=cls.State.PREPARING, by=by)
        return walk

    @verb
    def describe(self, *, by: User, **fields: Any) -> None:
        """Change what it says of itself. Raises ValidationError.

        Its languages are fixed once it is open: the posters are printed in them.
        """
        lock(self)
        if self.state not in (self.State.PREPARING, self.State.OPEN):
            raise StateChanged
        languages = fields.get("languages", self.languages)
        if not self.is_preparing and sorted(languages) != sorted(self.languages):
            raise ValidationError({"languages": _t("The posters are printed in these languages.")})
        for name, value in fields.items():
            setattr(self, name, value)
        self._check()
        self.save(update_fields=list(fields))
        self.initiative.public_changed()
        audit(self, before=self.state, after="described", by=by)

    def _check(self) -> None:
        unknown = set(self.languages) - set(self.initiative.languages)
        if unknown or not self.languages:
            raise ValidationError({"languages": _t("Choose languages of this initiative.")})
        for name in ("title", "invitation"):
            said: Words = getattr(self, name)
            absent = [code for code in self.languages if said and not said.get(code)]
            if absent:
                raise ValidationError({name: _t("Write it in every language of the walk.")})
        self.full_clean(validate_constraints=False)

    @verb
    def open(self, *, by: User) -> None:
        """Fix its pictures and let people in. Raises ValidationError with all that is missing."""
        lock(self)
        if not self.is_preparing:
            raise StateChanged
        if missing := self.missing():
            raise ValidationError(missing)
        for station in self.in_order():
            station.freeze()
        move(
            self,
            start=self.State.PREPARING,
            to=self.State.OPEN,
            by=by,
            opened_at=clock.now(),
        )
        self.initiative.public_changed()

    @verb
    def take_back(self, *, by: User) -> None:
        """Back into preparation, to mend a station: only while nobody has left anything there."""
        lock(self)
        if self.stations.filter(reactions__isnull=False).exists():
            raise ValidationError(_t("People have reacted already, so the pictures stay."))
        themes = self.stations.filter(themes__isnull=False)
        if self.followers.exists() or self.findings.exists() or themes.exists():
            raise ValidationError(
                _t("Somebody has left an address, a finding or a theme already, so it stays open.")
            )
        move(self, start=self.State.OPEN, to=self.State.PREPARING, by=by, opened_at=None)
        self.stations.update(release=None)
        self.initiative.public_changed()

    @verb
    def begin_debrief(self, *, by: User) -> None:
        """The round is over: phones rest, paper is still typed in, findings are written."""
        lock(self)
        move(self, start=self.State.OPEN, to=self.State.DEBRIEF, by=by, debrief_at=clock.now())
        self.initiative.public_changed()

    @verb
    def resume(self, *, by: User) -> None:
        """The round goes on after all: phones send again. Raises ValidationError once a finding
        is agreed: it speaks of everything that was said.
        """
        lock(self)
        if self.findings.filter(state="agreed").exists():
            raise ValidationError(_t("A finding is agreed already, so the round stays over."))
        move(self, start=self.State.DEBRIEF, to=self.State.OPEN, by=by, debrief_at=None)
        self.initiative.public_changed()

    @verb
    def close(self, *, next_steps: Words, by: User) -> None:
        """End it, and tell everybody who left an address what comes next."""
        lock(self)
        if any(not next_steps.get(code, "").strip() for code in self.languages):
            raise ValidationError(
                {"next_steps": _t("Say in every language of the walk what comes next.")}
            )
        move(
            self,
            start=self.State.DEBRIEF,
            to=self.State.CLOSED,
            by=by,
            closed_at=clock.now(),
            next_steps=next_steps,
        )
        self.full_clean(validate_constraints=False)
        self.initiative.public_changed()
        telling.closed(self)

    @verb
    def discard(self, *, by: User) -> None:
        """Drop one that was never open."""
        lock(self)
        if not self.is_preparing:
            raise StateChanged
        audit(self, before=self.state, after="discarded", by=by)
        for station in self.stations.all():
            station.drop()
        self.delete()
