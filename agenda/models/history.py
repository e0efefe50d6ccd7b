"""The community's history: what happened here, when, told by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pghistory
import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agenda.telling import history as telling
from agenda.when import DAY, MONTH, YEAR, When, span
from ciforum.people import clock
from ciforum.people.models import CanBeCited, Place, Scoped, ScopedQuerySet, StoredFile
from ciforum.people.transitions import StateChanged, audit, lock, move, verb
from ciforum.people.words import Words, WordsField

if TYPE_CHECKING:
    from datetime import date

    from agenda.pictures import Picture
    from ciforum.people.models import Initiative, User

# What makes a telling hers: nobody else may change these and publish them as her words.
TELLING = ("title", "what_happened", "told_by")
PRECISIONS = [(YEAR, _("the year")), (MONTH, _("the month")), (DAY, _("the day"))]


ICONS = {
    "policy": "gavel",
    "harm": "triangle-alert",
    "resistance": "megaphone",
    "funding": "hand-coins",
}


class HistoryEventQuerySet(ScopedQuerySet):
    def published(self) -> HistoryEventQuerySet:
        """Events that anyone may read."""
        return self.filter(state=HistoryEvent.State.PUBLISHED)

    def structural(self) -> HistoryEventQuerySet:
        """Policies, practices and flows of resources that can be named as a cause."""
        return self.filter(is_structural=True)

    def between(self, first: date, last: date) -> HistoryEventQuerySet:
        """Events of which some day lies between these days, both included."""
        return self.filter(start__lte=last, last_day__gte=first)

    def seen_by(self, person: User) -> HistoryEventQuerySet:
        """Published ones, and what she proposed herself."""
        return self.filter(
            Q(state=HistoryEvent.State.PUBLISHED)
            | Q(state=HistoryEvent.State.DRAFT, proposed_by=person)
        )


# The edit trail holds no words: those are in `HistoryWording`, which a withdrawal empties.
@pghistory.track(
    fields=["kind", "start", "end", "place", "is_structural", "source_url"],
    model_name="HistoryEventTrail",
)
class HistoryEvent(CanBeCited, Scoped):
    """Something that happened: a policy, a harm, resistance, money that came or went.

    draft → published → withdrawn. A withdrawal leaves the dates and nothing of the telling.
    """

    class Kind(models.TextChoices):
        POLICY = "policy", _("Policy")
        HARM = "harm", _("Harm")
        RESISTANCE = "resistance", _("Resistance")
        FUNDING = "funding", _("Funding")

    class State(models.TextChoices):
        DRAFT = "draft", _("Proposed")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    title = WordsField(_("title"), max_length=160, blank=True)
    what_happened = WordsField(_("what happened"), long=True, max_length=8000, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    start = models.DateField(_("when it began"))
    start_precision = models.CharField(max_length=5, choices=PRECISIONS, default=DAY)
    end = models.DateField(_("when it ended"), null=True, blank=True)
    end_precision = models.CharField(max_length=5, choices=PRECISIONS, default=DAY)
    # The last day of `end`, or of `start`, whatever its precision: for charts of those years.
    last_day = models.DateField(editable=False)
    place = models.ForeignKey(
        Place,
        verbose_name=_("place"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    is_structural = models.BooleanField(
        _("a structural cause"),
        default=False,
        help_text=_(
            "A policy, a practice or a flow of money that can be named as the cause of a gap."
        ),
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    source_url = models.CharField(
        _("address of the source"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["https", "http"])],
    )
    told_by = models.CharField(
        _("who tells it"),
        max_length=200,
        blank=True,
        help_text=_(
            "A circle, a group, a newspaper, e.g. “Eastgate elders’ circle”. Never a private "
            "person without her say."
        ),
    )
    # Told by the one who proposed it, in her own words.
    own_words = models.BooleanField(default=False)
    image = models.OneToOneField(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    image_type = models.CharField(max_length=20, blank=True)
    image_width = models.PositiveIntegerField(default=0)
    image_height = models.PositiveIntegerField(default=0)
    image_alt = WordsField(_("what the picture shows"), max_length=300, blank=True)
    image_credit = models.CharField(_("credit"), max_length=200, blank=True)
    # Areas and lines of a map, as `agenda.overlay.read` leaves them.
    overlay: Any = models.JSONField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    proposed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    # Somebody else changed her words; she has agreed to them, or not yet.
    reworded_at = models.DateTimeField(null=True, blank=True, editable=False)
    agreed_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = HistoryEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["start", "last_day", "id"]
        indexes = [
            models.Index(fields=["initiative", "state", "start"], name="events_of_an_initiative")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("start")) & (Q(end=None) | Q(end__gte=F("start"))),
                name="event_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | (Q(published_at__isnull=False) & ~Q(title={})),
                name="published_event_is_told",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(own_words=False)
                | Q(reworded_at=None)
                | Q(agreed_at__isnull=False),
                name="her_telling_is_in_her_words",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn")
                | Q(
                    withdrawn_at__isnull=False,
                    title={},
                    what_happened={},
                    image=None,
                    image_alt={},
                    overlay=None,
                    told_by="",
                    source="",
                ),
                name="withdrawn_event_is_empty",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="withdrawn_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="withdrawn"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return reverse("agenda:event", args=[self.initiative.slug, self.uid])

    # --- questions

    @property
    def began(self) -> When:
        return When(self.start, self.start_precision)

    @property
    def ended(self) -> When | None:
        return When(self.end, self.end_precision) if self.end else None

    @property
    def when(self) -> str:
        """Its dates in the reader's language."""
        return span(self.began, self.ended)

    @property
    def decade(self) -> int:
        return self.start.year // 10 * 10

    @property
    def icon(self) -> str:
        """The icon of its kind; always beside the word."""
        return ICONS[self.kind]

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def waits_for_her(self) -> bool:
        """Somebody else changed a telling in her own words, and she has not agreed."""
        return self.own_words and self.reworded_at is not None and self.agreed_at is None

    # --- changes

    @classmethod
    @verb
    def propose(
        cls,
        *,
        initiative: Initiative,
        by: User,
        began: When,
        ended: When | None = None,
        picture: Picture | None = None,
        **fields: Any,
    ) -> HistoryEvent:
        """Write an event down for others to read before it is public. Raises ValidationError."""
        event = cls(initiative=initiative, proposed_by=by, proposed_at=clock.now(), **fields)
        event._set_dates(began, ended)
        event._check()
        if picture:
            event._place(picture)
        event.save()
        event._keep_wording(by)
        audit(event, before="", after=cls.State.DRAFT, by=by)
        telling.proposed(event)
        return event

    @verb
    def edit(
        self,
        *,
        by: User,
        began: When,
        ended: When | None = None,
        picture: Picture | None = None,
        drop_picture: bool = False,
        **fields: Any,
    ) -> None:
        """Change it; the wording before is kept. Raises ValidationError, or StateChanged.

        Somebody else's own telling can be reworded only before it is public; it is noted, and she
        has to agree before it is published.
        """
        lock(self)
        self._must_not_be_withdrawn()
        before = {name: getattr(self, name) for name in TELLING}
        was_structural = self.is_structural
        for name, value in fields.items():
            setattr(self, name, value)
        self._set_dates(began, ended)
        reworded = any(getattr(self, name) != value for name, value in before.items())
        if reworded:
            self._note_rewording(by)
        if was_structural and not self.is_structural and self._is_cited():
            raise ValidationError(
                {"is_structural": _("Others name this event as a cause, so it stays one.")}
            )
        self._check()
        if drop_picture or picture:
            self._drop_picture()
        if picture:
            self._place(picture)
        self.save()
        if reworded:
            self._keep_wording(by)
            if self.waits_for_her:
                telling.reworded(self)
        self.initiative.public_changed()
        audit(self, before=self.state, after="edited", by=by)

    @verb
    def agree_to_wording(self, *, by: User) -> None:
        """She agrees to what somebody else made of her words. Raises ValidationError."""
        lock(self)
        if by.pk != self.proposed_by_id or not self.waits_for_her:
            raise ValidationError(_("Only the one who told it can agree to other words."))
        self.agreed_at = clock.now()
        self.save(update_fields=["agreed_at"])
        audit(self, before=self.state, after="wording agreed", by=by)
        telling.agreed(self)

    @verb
    def publish(self, *, by: User) -> None:
        """Let everyone read it. Raises ValidationError, or StateChanged if it is no draft."""
        lock(self)
        if self.waits_for_her:
            raise ValidationError(
                _(
                    "She told this herself, and somebody else changed her words. It can be "
                    "published once she agrees to them."
                )
            )
        self._check()
        move(
            self,
            start=self.State.DRAFT,
            to=self.State.PUBLISHED,
            by=by,
            published_at=clock.now(),
        )
        self.initiative.public_changed()
        telling.published(self, by)

    @verb
    def withdraw(self, *, by: User) -> None:
        """Take it back for good: words, picture and map are erased, whoever cites it is told.

        Raises StateChanged when it is withdrawn already.
        """
        lock(self)
        start, was_cited = self.state, self._is_cited()
        self._must_not_be_withdrawn()
        self._drop_picture()
        self.wordings.all().delete()
        self.withdraw_from_citations()
        move(
            self,
            start=start,
            to=self.State.WITHDRAWN,
            by=by,
            withdrawn_at=clock.now(),
            **_nothing(),
        )
        self.initiative.public_changed()
        telling.withdrawn(self, was_cited=was_cited)

    def _must_not_be_withdrawn(self) -> None:
        if self.state == self.State.WITHDRAWN:
            raise StateChanged

    def _set_dates(self, began: When, ended: When | None) -> None:
        if ended and ended.last < began.day:
            raise ValidationError({"ended": _("It cannot end before it begins.")})
        today = clock.now().astimezone(self.initiative.zone).date()
        for name, each in (("began", began), ("ended", ended)):
            if each and each.day > today:
                raise ValidationError({name: _("This day is still to come.")})
        self.start, self.start_precision = began.day, began.precision
        self.end = max(ended.day, began.day) if ended else None
        self.end_precision = ended.precision if ended else DAY
        self.last_day = max(began.last, ended.last) if ended else began.last

    def _check(self) -> None:
        missing = [name for name in ("title", "what_happened") if not getattr(self, name)]
        if missing:
            raise ValidationError(
                {name: _("Write this in at least one language.") for name in missing}
            )
        if self.place and self.place.initiative_id != self.initiative_id:
            raise ValidationError({"place": _("Choose a place of this initiative.")})
        self.full_clean(validate_constraints=False)

    def _note_rewording(self, by: User) -> None:
        if by.pk == self.proposed_by_id:
            self.reworded_at = self.agreed_at = None
        elif self.own_words and self.is_published:
            raise ValidationError(
                _("Only the one who told it can change her words once they are public.")
            )
        elif self.own_words:
            self.reworded_at, self.agreed_at = clock.now(), None

    def _keep_wording(self, by: User) -> None:
        last = self.wordings.aggregate(last=models.Max("number"))["last"] or 0
        HistoryWording.objects.create(
            initiative=self.initiative,
            event=self,
            number=last + 1,
            title=self.title,
            what_happened=self.what_happened,
            told_by=self.told_by,
            by=by,
            at=clock.now(),
        )

    def _is_cited(self) -> bool:
        return self.citable is not None and self.citable.citations.exists()

    def _place(self, picture: Picture) -> None:
        """Keep a picture that `agenda.pictures.read` made safe."""
        self.image = StoredFile.keep(
            picture.file, initiative=self.initiative, kind="history picture"
        )
        self.image_type = picture.content_type
        self.image_width, self.image_height = picture.width, picture.height

    def _drop_picture(self) -> None:
        if not self.image:
            return
        self.image.forget()
        self.image, self.image_type = None, ""
        self.image_width = self.image_height = 0


def _nothing() -> dict[str, Any]:
    """What is left of a telling that was withdrawn."""
    words = dict.fromkeys(("title", "what_happened", "image_alt"), Words())
    texts = dict.fromkeys(("source", "source_url", "told_by", "image_credit", "image_type"), "")
    return {**words, **texts, "image": None, "overlay": None, "place": None}


class HistoryWording(Scoped):
    """How an event was told at one time. Erased with it."""

    event = models.ForeignKey(HistoryEvent, on_delete=models.CASCADE, related_name="wordings")
    number = models.PositiveIntegerField()
    title = WordsField(_("title"), max_length=160)
    what_happened = WordsField(_("what happened"), long=True, max_length=8000)
    told_by = models.CharField(_("who tells it"), max_length=200, blank=True)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint("event", "number", name="one_wording_per_number")]

    def __str__(self) -> str:
        return f"{self.event_id}/{self.number}"
