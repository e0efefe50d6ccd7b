"""How we know of a systems shift: evidence with its grade, and what each seat says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock, registry
from ciforum.people.models import Citation, Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, verb
from ciforum.people.words import Words, WordsField
from equity.seats import COMMUNITY_CLASSES, Seat
from measurement.models import shift_guards
from measurement.models.shifts import SystemsShift
from measurement.shifting import telling_shifts as telling

if TYPE_CHECKING:
    from uuid import UUID

    from ciforum.people.models import User


class EvidenceGrade(models.TextChoices):
    DOCUMENTED = "documented", _("Documented")
    SEVERAL = "several", _("Several independent accounts")
    ONE = "one", _("One account")
    OWN = "own", _("Our own observation")
    UNKNOWN = "unknown", _("Not graded yet")


class ShiftEvidence(Scoped):
    """One thing that speaks for a shift: in words, with a link or a cited record, and its grade."""

    shift = models.ForeignKey(SystemsShift, on_delete=models.PROTECT, related_name="evidence")
    words = WordsField(_("what it shows"), long=True, max_length=1000)
    link = models.CharField(
        _("address on the web"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["https", "http"])],
    )
    citation = models.OneToOneField(
        Citation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    grade = models.CharField(_("grade"), max_length=12, choices=EvidenceGrade)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(grade__in=EvidenceGrade.values), name="shift_evidence_grade_known"
            ),
        ]
        triggers = shift_guards.EVIDENCE

    def __str__(self) -> str:
        return str(self.words)

    @classmethod
    @verb
    def add(
        cls,
        *,
        shift: SystemsShift,
        words: Words,
        grade: str,
        by: User,
        link: str = "",
        kind: str = "",
        uid: UUID | str = "",
    ) -> ShiftEvidence:
        """Add evidence; `kind` and `uid` name a record that it cites. Raises ValidationError."""
        lock(shift)
        if shift.state == SystemsShift.State.WITHDRAWN:
            raise StateChanged
        row = cls(
            initiative=shift.initiative,
            shift=shift,
            words=words,
            link=link,
            grade=grade,
            by=by,
            at=clock.now(),
        )
        row.full_clean()
        row.citation = _cited(shift, kind, uid, by) if kind else None
        row.save()
        shift.initiative.public_changed()
        audit(shift, before=shift.state, after="evidence added", by=by)
        return row

    @verb
    def drop(self, *, by: User) -> None:
        """Take it away while nothing was confirmed on it. Raises ValidationError."""
        lock(self.shift)
        if self.shift.state in (SystemsShift.State.CONFIRMED, SystemsShift.State.WITHDRAWN):
            raise ValidationError(_("What a shift was confirmed on stays."))
        citation = self.citation
        self.delete()
        if citation:
            citation.delete()
        self.shift.initiative.public_changed()
        audit(self.shift, before=self.shift.state, after="evidence taken away", by=by)


def _cited(shift: SystemsShift, kind: str, uid: UUID | str, by: User) -> Citation:
    """The citation of a record by the evidence of a shift, once."""
    known = registry.citations.get(kind)
    citable = known.find(shift.initiative, uid) if known else None
    if known is None or citable is None or citable.withdrawn_at:
        raise ValidationError({"record": _("This cannot be cited now. Choose something else.")})
    if citable.record_uid == shift.uid:
        raise ValidationError({"record": _("A shift is no evidence of itself.")})
    if Citation.objects.of(shift).filter(citable=citable).exists():
        raise ValidationError({"record": _("It is cited here already.")})
    return Citation.cite(shift, citable, by=by, anchor="evidence", detail=known.pin(citable))


class ShiftVoiceQuerySet(ScopedQuerySet):
    def standing(self) -> ShiftVoiceQuerySet:
        """What each seat says now."""
        return self.filter(ended_at=None)

    def of_community_seats(self) -> ShiftVoiceQuerySet:
        """What seats of lived experience and of grassroots groups say now."""
        found = self.standing().filter(seat__seat_class__in=COMMUNITY_CLASSES)
        return found.select_related("seat__holder", "seat__alternate")

    def disagreeing(self) -> ShiftVoiceQuerySet:
        return self.exclude(stance=ShiftVoice.Stance.YES)


class ShiftVoice(Scoped):
    """What a seat says of a claim. Said anew until it is confirmed; each saying is kept."""

    class Stance(models.TextChoices):
        YES = "yes", _("Yes, this changed")
        PARTLY = "partly", _("In part")
        NO = "no", _("No, this did not change")

    shift = models.ForeignKey(SystemsShift, on_delete=models.PROTECT, related_name="voices")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    stance = models.CharField(_("did it change?"), max_length=6, choices=Stance)
    words = WordsField(_("in her words"), long=True, max_length=1000, blank=True)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    answer = WordsField(_("answer"), long=True, max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ShiftVoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("voice")
        verbose_name_plural = _("voices")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                "shift", "seat", name="one_voice_per_seat", condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                condition=Q(stance="yes") | ~Q(words={}), name="disagreement_has_words"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | (Q(answered_by__isnull=False) & ~Q(answer={})),
                name="voice_answer_has_words",
            ),
        ]
        triggers = shift_guards.VOICE

    def __str__(self) -> str:
        return f"{self.seat}: {self.get_stance_display()}"

    def speakers(self) -> set[int]:
        """Who spoke, and who may speak for the seat."""
        alternate = self.seat.alternate.user_id if self.seat.alternate else None
        return {self.by_id, self.seat.holder.user_id} | ({alternate} if alternate else set())

    @classmethod
    @verb
    def say(
        cls,
        *,
        shift: SystemsShift,
        seat: Seat,
        stance: str,
        by: User,
        words: Words | None = None,
    ) -> ShiftVoice:
        """Say for a seat whether it changed; what the seat said before ends, and is kept.

        Raises ValidationError, or StateChanged when it is no claim.
        """
        lock(shift)
        if shift.state != SystemsShift.State.CLAIMED:
            raise StateChanged
        if seat.initiative_id != shift.initiative_id or not (
            seat.is_seated() and seat.may_speak(by)
        ):
            raise ValidationError({"seat": _("Only those who hold a seat now speak for it.")})
        if stance != cls.Stance.YES and not words:
            raise ValidationError({"words": _("Say in a few words what is not so.")})
        voice = cls(
            initiative=shift.initiative,
            shift=shift,
            seat=seat,
            stance=stance,
            words=words or Words(),
            by=by,
            at=clock.now(),
        )
        voice.full_clean(validate_constraints=False)
        shift.voices.standing().filter(seat=seat).update(ended_at=clock.now())
        voice.save()
        shift.initiative.public_changed()
        audit(shift, before=shift.state, after="a seat spoke", by=by)
        telling.spoke(voice)
        return voice

    @verb
    def reply(self, *, answer: Words, by: User) -> None:
        """Answer a seat that disagrees, in public, while the claim stands."""
        lock(self.shift)
        lock(self)
        if self.ended_at or self.shift.state != SystemsShift.State.CLAIMED:
            raise StateChanged
        if not answer:
            raise ValidationError({"answer": _("Write the answer in at least one language.")})
        self.answer, self.answered_by, self.answered_at = answer, by, clock.now()
        self.clean_fields(exclude={field.name for field in self._meta.fields} - {"answer"})
        self.save(update_fields=["answer", "answered_by", "answered_at"])
        self.shift.initiative.public_changed()
        audit(self.shift, before=self.shift.state, after="a seat was answered", by=by)
