"""What people say at a station, by phone or on paper, and how it is grouped in the debrief."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, verb
from measurement.models.stations import Prompt, Station
from measurement.models.walk_guards import REACTION_GUARDS
from measurement.models.walks import DataWalk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from uuid import UUID

    from ciforum.people.models import User

LONGEST = 1000
MOST_SHEETS = 999


class Theme(Scoped):
    """What several reactions at one station have in common, in the words of whoever sorts them."""

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="themes")
    name = models.CharField(_("theme"), max_length=120)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                "station",
                "name",
                name="one_theme_per_name",
                violation_error_message=_("There is a theme with this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    @verb
    def name_one(cls, *, station: Station, name: str, by: User) -> Theme:
        """Begin a theme. Raises ValidationError; StateChanged once the walk is closed."""
        _hold(station.walk)
        theme = cls(initiative=station.initiative, station=station, name=name.strip())
        theme.full_clean()
        theme.save()
        audit(station.walk, before=station.walk.state, after="theme named", by=by)
        return theme

    @verb
    def drop(self, *, by: User) -> None:
        """Forget the theme; its reactions are unsorted again."""
        _hold(self.station.walk)
        self.reactions.update(theme=None)
        self.delete()
        audit(self.station.walk, before=self.station.walk.state, after="theme dropped", by=by)


class ReactionQuerySet(ScopedQuerySet):
    def seen(self) -> ReactionQuerySet:
        """Those that nobody hid."""
        return self.filter(hidden_at=None)


class Reaction(Scoped):
    """A few words in answer to one prompt. Nobody's name, and no time finer than the day.

    So nothing leads from a reaction to the address that somebody left. No line of the audit trail
    is written for one that comes by phone, for the same reason.
    """

    class Via(models.TextChoices):
        PHONE = "phone", _("by phone")
        PAPER = "paper", _("on paper")

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="reactions")
    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, related_name="reactions")
    text = models.CharField(_("what she says"), max_length=LONGEST)
    via = models.CharField(max_length=6, choices=Via)
    language = models.CharField(max_length=10)
    # The number printed on the paper; it holds one person's answers at this station together.
    sheet = models.PositiveSmallIntegerField(null=True, blank=True)
    # The phone's page: what is sent twice is kept once.
    ticket = models.UUIDField(null=True, blank=True)
    day = models.DateField()
    typed_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, null=True, blank=True, related_name="reactions"
    )
    hidden_at = models.DateTimeField(null=True, blank=True, editable=False)
    hidden_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    hidden_reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = ReactionQuerySet.as_manager()

    class Meta:
        verbose_name = _("reaction")
        verbose_name_plural = _("reactions")
        ordering = ["station", "prompt__order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(via="phone", sheet=None, typed_by=None, ticket__isnull=False)
                | Q(via="paper", sheet__isnull=False, typed_by__isnull=False, ticket=None),
                name="reaction_by_phone_or_on_paper",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="reaction_says_something"),
            models.CheckConstraint(
                condition=Q(hidden_at=None) | (Q(hidden_by__isnull=False) & ~Q(hidden_reason="")),
                name="reaction_is_hidden_with_a_reason",
            ),
            models.UniqueConstraint(
                "prompt",
                "sheet",
                name="one_answer_on_a_sheet",
                condition=Q(via="paper", hidden_at=None),
            ),
            models.UniqueConstraint("prompt", "ticket", name="one_answer_from_a_page"),
        ]
        triggers = REACTION_GUARDS

    def __str__(self) -> str:
        return f"{self.station_id}/{self.prompt_id}: {self.get_via_display()}"

    @classmethod
    @verb
    def send(
        cls, *, station: Station, answers: Mapping[Prompt, str], language: str, ticket: UUID
    ) -> int:
        """Keep what somebody wrote on a phone; answers how many. Sent twice, it is kept once.

        Raises ValidationError when nothing was written or the walk takes nothing now.
        """
        walk = lock(station.walk)
        if not walk.is_open:
            raise ValidationError(_t("This walk takes no more reactions by phone."))
        written = {prompt: " ".join(said.split()) for prompt, said in answers.items()}
        if not any(written.values()):
            raise ValidationError(_t("Write something in at least one of the boxes."))
        rows = [
            cls(
                initiative=station.initiative,
                station=station,
                prompt=prompt,
                text=_short(said),
                via=cls.Via.PHONE,
                language=_spoken(walk, language),
                ticket=ticket,
                day=_today(walk),
            )
            for prompt, said in written.items()
            if said and prompt.station_id == station.pk
        ]
        cls.objects.bulk_create(rows, ignore_conflicts=True)
        return len(rows)

    @classmethod
    @verb
    def type_in(
        cls, *, station: Station, sheet: int, answers: Mapping[Prompt, str], language: str, by: User
    ) -> None:
        """Keep what stands on a paper sheet; typed again, it takes the place of what was typed.

        An emptied box hides what was typed there. Raises ValidationError, StateChanged.
        """
        walk = lock(station.walk)
        if not walk.takes_paper:
            raise StateChanged
        if not 1 <= sheet <= MOST_SHEETS:
            raise ValidationError(
                _t("Sheets are numbered from 1 to %(most)s.") % {"most": MOST_SHEETS}
            )
        now = {
            each.prompt_id: each
            for each in cls.objects.seen().filter(station=station, sheet=sheet, via=cls.Via.PAPER)
        }
        for prompt, text in answers.items():
            said = _short(" ".join(text.split()))
            if before := now.get(prompt.pk):
                before._retype(said, _spoken(walk, language), by)
            elif said and prompt.station_id == station.pk:
                cls.objects.create(
                    initiative=station.initiative,
                    station=station,
                    prompt=prompt,
                    text=said,
                    via=cls.Via.PAPER,
                    language=_spoken(walk, language),
                    sheet=sheet,
                    day=_today(walk),
                    typed_by=by,
                )
        audit(walk, before=walk.state, after="paper typed in", by=by)

    def _retype(self, said: str, language: str, by: User) -> None:
        if not said:
            self._conceal(_t("Taken out while typing in."), by)
        elif (said, language) != (self.text, self.language):
            self.text, self.language, self.typed_by = said, language, by
            self.save(update_fields=["text", "language", "typed_by"])

    @verb
    def hide(self, *, reason: str, by: User) -> None:
        """Show it no longer, and say why; the words are never changed. Raises ValidationError."""
        lock(self.station.walk)
        lock(self)
        if self.hidden_at:
            raise StateChanged
        if len(reason.strip()) < 5:
            raise ValidationError({"reason": _t("Say in a few words why.")})
        self._conceal(reason.strip(), by)
        audit(self, before="", after="hidden", by=by)

    @verb
    def show_again(self, *, by: User) -> None:
        """It was hidden by mistake. Raises ValidationError where another took its place."""
        lock(self.station.walk)
        lock(self)
        taken = Reaction.objects.seen().filter(prompt=self.prompt_id, sheet=self.sheet)
        if self.via == self.Via.PAPER and taken.exists():
            raise ValidationError(_t("Something else is typed in for this sheet already."))
        self.hidden_at, self.hidden_by, self.hidden_reason = None, None, ""
        self.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
        audit(self, before="hidden", after="", by=by)

    @classmethod
    @verb
    def sort(
        cls, *, station: Station, reactions: Iterable[UUID], theme: Theme | None, by: User
    ) -> int:
        """Put reactions of a station under one theme, or under none; answers how many."""
        _hold(station.walk)
        if theme is not None and theme.station_id != station.pk:
            raise ValidationError(_t("Choose a theme of this station."))
        found = cls.objects.filter(station=station, uid__in=list(reactions))
        changed = found.update(theme=theme)
        audit(station.walk, before=station.walk.state, after="reactions sorted", by=by)
        return changed

    def _conceal(self, reason: str, by: User) -> None:
        self.hidden_at, self.hidden_by, self.hidden_reason = clock.now(), by, reason
        self.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])


def _hold(walk: DataWalk) -> None:
    """Reactions are sorted until the walk is closed."""
    lock(walk)
    if not walk.takes_paper:
        raise StateChanged


def _short(text: str) -> str:
    if len(text) > LONGEST:
        raise ValidationError(
            _t("That is too long: at most %(most)s signs in each box.") % {"most": LONGEST}
        )
    return text


def _spoken(walk: DataWalk, language: str) -> str:
    return language if language in walk.languages else str(walk.languages[0])


def _today(walk: DataWalk) -> date:
    return localtime(clock.now(), walk.initiative.zone).date()
