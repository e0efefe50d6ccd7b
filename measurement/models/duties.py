"""Reports a partner owes: one per indicator and period, each with its date and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, OuterRef, Q, Subquery, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, move, verb
from ciforum.people.words import Words, WordsField
from measurement.owing import expecting, telling_duties

if TYPE_CHECKING:
    from datetime import datetime

    from ciforum.people.models import Organization, Period, User
    from measurement.models.indicators import Indicator


class Standing(models.TextChoices):
    """How a report stands, worked out from its date, its submissions and what was said of it."""

    LATE = "late", _("Late")
    DUE = "due", _("Due")
    RETURNED = "returned", _("Sent back")
    RECEIVED = "received", _("Received")
    APPROVED = "approved", _("Approved")
    NOT_COLLECTED = "not_collected", _("No numbers")
    CLOSED = "closed", _("Closed")


class Reason(models.TextChoices):
    """Why there will be no numbers."""

    NOT_COLLECTED = "not_collected", _("We do not collect this")
    CANNOT_SHARE = "cannot_share", _("We cannot share this")
    NOT_APPLICABLE = "not_applicable", _("It does not apply to us")
    CLOSED = "closed", _("The program or site was closed in this time")


# Still to be handed in: the partner's turn.
OWED = (Standing.DUE, Standing.LATE, Standing.RETURNED)


class ReportDutyQuerySet(ScopedQuerySet):
    def with_standing(self) -> ReportDutyQuerySet:
        """Each with `standing`, `handed_uid` (of the newest submission that counts, or None)."""
        newest = (
            DutyHandIn.objects.filter(duty=OuterRef("pk"))
            .exclude(submission__state__in=["withdrawn", "retracted"])
            .order_by("-submission__handed_in_at", "-submission_id")
        )
        return self.annotate(
            handed_uid=Subquery(newest.values("submission__uid")[:1]),
            handed_state=Subquery(newest.values("submission__state")[:1]),
            standing=Case(
                When(handed_state="approved", then=Value(Standing.APPROVED)),
                When(handed_state="handed_in", then=Value(Standing.RECEIVED)),
                When(state="closed", then=Value(Standing.CLOSED)),
                When(state__in=["excused", "accepted"], then=Value(Standing.NOT_COLLECTED)),
                # Sent back, and perhaps read again since; not handed in again.
                When(handed_state__isnull=False, then=Value(Standing.RETURNED)),
                When(due__lt=clock.now(), then=Value(Standing.LATE)),
                default=Value(Standing.DUE),
                output_field=models.CharField(),
            ),
        )


class ReportDuty(Scoped):
    """One organization owes one indicator for one period by a date.

    `state` holds what people said of it; whether it is late or received is worked out, never kept
    (`with_standing`).
    """

    class State(models.TextChoices):
        OPEN = "open", _("Expected")
        EXCUSED = "excused", _("The partner says there are no numbers")
        ACCEPTED = "accepted", _("No numbers, and that is accepted")
        CLOSED = "closed", _("Closed")

    indicator = models.ForeignKey(
        "measurement.Indicator", on_delete=models.PROTECT, related_name="duties"
    )
    organization = models.ForeignKey(
        "people.Organization", on_delete=models.PROTECT, related_name="report_duties"
    )
    period = models.ForeignKey("people.Period", on_delete=models.PROTECT, related_name="+")
    due = models.DateTimeField(_("due"))
    rule = models.ForeignKey(
        "measurement.ReportingRule",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="duties",
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN, editable=False)
    reason = models.CharField(max_length=16, choices=Reason, blank=True, editable=False)
    # The words that go with the state: the partner's of an excuse, the backbone's of a closure.
    why = WordsField(_("why"), long=True, max_length=1_000, blank=True, editable=False)
    expected_at = models.DateTimeField(default=clock.now)

    objects = ReportDutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("report that is owed")
        verbose_name_plural = _("reports that are owed")
        ordering = ["due", "id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "indicator",
                "period",
                name="one_report_duty",
                violation_error_message=_("This report is expected already."),
            ),
            models.CheckConstraint(
                condition=(Q(state__in=["excused", "accepted"]) & ~Q(reason=""))
                | (Q(state__in=["open", "closed"]) & Q(reason="")),
                name="an_excuse_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="open", why=Words()) | (~Q(state="open") & ~Q(why=Words())),
                name="no_report_without_words",
            ),
        ]
        indexes = [models.Index(fields=["initiative", "due"], name="report_duties_by_date")]

    def __str__(self) -> str:
        return f"{self.organization}: {self.indicator}, {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("measurement:duty", args=[self.initiative.slug, self.uid])

    @property
    def now(self) -> str:
        """Its standing, asked afresh."""
        found = ReportDuty.objects.filter(pk=self.pk).with_standing()
        return str(found.values_list("standing", flat=True)[0])

    @classmethod
    @verb
    def expect(
        cls,
        *,
        indicator: Indicator,
        organization: Organization,
        period: Period,
        due: datetime,
        by: User,
    ) -> ReportDuty:
        """Expect one report. Raises ValidationError when it is expected already."""
        lock(indicator)  # as handing in does: of two at once, the later one sees the other
        duty = cls(
            initiative=indicator.initiative,
            indicator=indicator,
            organization=organization,
            period=period,
            due=due,
            expected_at=clock.now(),
        )
        duty.full_clean()
        duty.save()
        expecting.tie(duties=[duty.pk])
        audit(duty, before="", after="expected", by=by)
        return duty

    @verb
    def excuse(self, *, reason: str, words: Words, by: User) -> None:
        """The partner says that there will be no numbers, and why.

        Raises ValidationError without words, or when numbers were handed in already.
        """
        self._lock()
        if self.now in (Standing.RECEIVED, Standing.APPROVED):
            raise ValidationError(_("Numbers for this were handed in. Take them back first."))
        if reason not in Reason.values:
            raise ValidationError({"reason": _("Choose why there are no numbers.")})
        self._must_have(words, _("Say in a few words why there are no numbers."))
        self._say(DutyNote.Kind.EXCUSED, words, by, reason=reason)
        self._move((self.State.OPEN,), self.State.EXCUSED, by, reason=reason, why=words)
        telling_duties.excused(self)

    @verb
    def accept(self, *, by: User) -> None:
        """The backbone agrees that there are no numbers."""
        self._lock()
        self._say(DutyNote.Kind.ACCEPTED, Words(), by)
        self._move((self.State.EXCUSED,), self.State.ACCEPTED, by)
        telling_duties.accepted(self)

    @verb
    def ask_again(self, *, words: Words, by: User, due: datetime | None = None) -> None:
        """The backbone does not agree, or asks once more later; perhaps by another date."""
        self._lock()
        self._must_have(words, _("Say what you ask them for."))
        self._say(DutyNote.Kind.ASKED_AGAIN, words, by)
        start = (self.State.EXCUSED, self.State.ACCEPTED)
        self._move(start, self.State.OPEN, by, reason="", why=Words(), due=due or self.due)
        telling_duties.asked_again(self)

    @verb
    def close(self, *, words: Words, by: User) -> None:
        """Take no numbers for it any more; the partner reads why."""
        self._lock()
        self._must_have(words, _("Say why it is closed. The partner reads this."))
        self._say(DutyNote.Kind.CLOSED, words, by)
        start = (self.State.OPEN, self.State.EXCUSED, self.State.ACCEPTED)
        self._move(start, self.State.CLOSED, by, reason="", why=words)
        telling_duties.closed(self)

    @verb
    def reopen(self, *, by: User, due: datetime | None = None) -> None:
        """Take numbers for it again, perhaps by another date."""
        self._lock()
        self._say(DutyNote.Kind.REOPENED, Words(), by)
        self._move((self.State.CLOSED,), self.State.OPEN, by, why=Words(), due=due or self.due)
        telling_duties.reopened([self.uid])

    @verb
    def put_off(self, *, due: datetime, by: User) -> None:
        """Expect it by another date."""
        self._lock()
        if self.state == self.State.CLOSED:
            raise StateChanged
        self._say(DutyNote.Kind.PUT_OFF, Words(), by)
        self.due = due
        self.save(update_fields=["due"])
        audit(self, before=self.state, after="put off", by=by)
        telling_duties.put_off(self)

    def _lock(self) -> None:
        """The indicator first: handing in locks it too, so closing and handing in take turns."""
        lock(self.indicator)
        lock(self)

    def _must_have(self, words: Words, sentence: object) -> None:
        if not any(text.strip() for text in words.values()):
            raise ValidationError({"words": str(sentence)})

    def _say(self, kind: str, words: Words, by: User, reason: str = "") -> None:
        DutyNote.objects.create(
            duty=self, kind=kind, reason=reason, words=words, by=by, at=clock.now()
        )

    def _move(self, start: tuple[str, ...], to: str, by: User, **also: object) -> None:
        move(self, start=start, to=to, by=by, **also)


class DutyNote(models.Model):
    """What somebody said of an expected report. Nothing said is changed or removed."""

    class Kind(models.TextChoices):
        EXCUSED = "excused", _("No numbers")
        ACCEPTED = "accepted", _("Accepted")
        ASKED_AGAIN = "asked_again", _("Asked again")
        CLOSED = "closed", _("Closed")
        REOPENED = "reopened", _("Opened again")
        PUT_OFF = "put_off", _("Given another date")

    duty = models.ForeignKey(ReportDuty, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=12, choices=Kind)
    reason = models.CharField(max_length=16, choices=Reason, blank=True)
    words = WordsField(long=True, max_length=1_000, blank=True)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-at", "-id"]
        triggers = [
            pgtrigger.Protect(name="said_is_said", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.duty_id}: {self.kind}"


class DutyHandIn(models.Model):
    """A submission that was handed in for an expected report: same partner, indicator, period."""

    duty = models.ForeignKey(ReportDuty, on_delete=models.CASCADE, related_name="hand_ins")
    submission = models.ForeignKey(
        "measurement.Submission", on_delete=models.PROTECT, related_name="duties"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint("duty", "submission", name="a_submission_once_per_duty")
        ]

    def __str__(self) -> str:
        return f"{self.duty_id}: {self.submission_id}"
