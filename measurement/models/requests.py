"""Data we asked for: a request to whoever holds a breakdown and does not share it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.transitions import audit, lock, move, verb

if TYPE_CHECKING:
    from ciforum.people.models import Organization, User
    from equity.models import Dimension
    from measurement.models.indicators import Indicator

LONGEST = timedelta(days=366)


class DataRequestQuerySet(ScopedQuerySet):
    def standing(self) -> DataRequestQuerySet:
        """Requests that keep the release gate open: still in time, or escalated in public."""
        in_time = Q(state=DataRequest.State.SENT, due__gte=clock.now())
        return self.filter(in_time | Q(escalated_at__isnull=False)).exclude(
            state=DataRequest.State.SHARED
        )


class DataRequest(Scoped):
    """A public request: which groups we asked to see counted, of whom, by when, what came of it.

    It opens the release gate only until its date. Unanswered or refused, the next release is held
    unless the request was escalated in public.
    """

    class State(models.TextChoices):
        SENT = "sent", _("Waiting for an answer")
        SHARED = "shared", _("Shared")
        REFUSED = "refused", _("Refused")

    indicator = models.ForeignKey(
        "measurement.Indicator", on_delete=models.PROTECT, related_name="requests"
    )
    dimension = models.ForeignKey(
        "equity.Dimension",
        verbose_name=_("breakdown"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    holder = models.CharField(_("who holds the data"), max_length=200)
    organization = models.ForeignKey(
        "people.Organization",
        verbose_name=_("partner, if the holder is one"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    ask = models.TextField(
        _("what we ask for, and why"),
        max_length=4000,
        validators=[MinLengthValidator(30)],
        help_text=_("Shown to everybody."),
    )
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    sent_at = models.DateTimeField(default=clock.now)
    sent_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    due = models.DateTimeField(_("answer by"))
    answer = models.TextField(_("their answer, in short"), max_length=4000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    escalation = models.TextField(_("what we do next, in public"), max_length=4000, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("data request")
        verbose_name_plural = _("data requests")
        ordering = ["-sent_at"]
        constraints = [
            models.UniqueConstraint(
                "indicator",
                "dimension",
                name="one_open_request",
                condition=Q(state="sent"),
                violation_error_message=_(
                    "This has been asked for already and waits for an answer."
                ),
            ),
            models.CheckConstraint(
                condition=Q(due__gt=F("sent_at")) & Q(due__lte=F("sent_at") + LONGEST),
                name="request_has_a_near_date",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", answered_at=None)
                | (~Q(state="sent") & Q(answered_at__isnull=False) & ~Q(answer="")),
                name="an_answer_has_words",
            ),
            models.CheckConstraint(
                condition=Q(escalated_at=None) | ~Q(escalation=""), name="escalation_has_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dimension} – {self.holder}"

    def get_absolute_url(self) -> str:
        return reverse("measurement:request", args=[self.initiative.slug, self.uid])

    @property
    def is_overdue(self) -> bool:
        return self.state == self.State.SENT and self.due < clock.now()

    @property
    def is_standing(self) -> bool:
        if self.state == self.State.SHARED:
            return False
        return bool(self.escalated_at) or (
            self.state == self.State.SENT and self.due >= clock.now()
        )

    @property
    def days_waiting(self) -> int:
        return ((self.answered_at or clock.now()) - self.sent_at).days

    @classmethod
    @verb
    def send(
        cls,
        *,
        indicator: Indicator,
        dimension: Dimension,
        holder: str,
        ask: str,
        due: datetime,
        by: User,
        organization: Organization | None = None,
    ) -> DataRequest:
        """Ask in public. Raises ValidationError when the date is past or over a year away."""
        lock(indicator)
        now = clock.now()
        if not now < due <= now + LONGEST:
            raise ValidationError({"due": _("Choose a date from tomorrow to a year from now.")})
        request = cls(
            initiative=indicator.initiative,
            indicator=indicator,
            dimension=dimension,
            holder=holder,
            organization=organization,
            ask=ask,
            due=due,
            sent_at=now,
            sent_by=by,
        )
        request.full_clean()
        request.save()
        indicator.initiative.public_changed()
        audit(request, before="", after="sent", by=by)
        return request

    @verb
    def record_answer(self, *, outcome: str, answer: str, by: User) -> None:
        """Write down what they said: State.SHARED or State.REFUSED, with their words."""
        lock(self.indicator)
        if outcome not in (self.State.SHARED, self.State.REFUSED) or not answer.strip():
            raise ValidationError(_("Say in a few words what the answer was."))
        move(
            self,
            start=self.State.SENT,
            to=outcome,
            by=by,
            answer=answer,
            answered_at=clock.now(),
        )
        self.initiative.public_changed()

    @verb
    def escalate(self, *, words: str, by: User) -> None:
        """Take it further in public, once it is overdue or refused."""
        lock(self.indicator)
        lock(self)
        if not (self.is_overdue or self.state == self.State.REFUSED):
            raise ValidationError(
                _("This request still has time. Escalate it when its date has passed.")
            )
        if len(words.strip()) < 30:
            raise ValidationError(_("Say in a sentence or two what happens next, and who does it."))
        self.escalation, self.escalated_at = words, clock.now()
        self.save(update_fields=["escalation", "escalated_at"])
        self.initiative.public_changed()
        audit(self, before=self.state, after="escalated", by=by)
