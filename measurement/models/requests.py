"""Data we asked for: a request to whoever holds a breakdown and does not share it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Membership, Organization, Role, Scoped, ScopedQuerySet
from ciforum.people.transitions import audit, lock, move, verb
from measurement.models import request_guards
from measurement.releasing import letters

if TYPE_CHECKING:
    from ciforum.people.models import User
    from equity.models import Dimension
    from measurement.models.indicators import Indicator

LONGEST = timedelta(days=366)
# What was taken further is asked again this often, or it no longer keeps the gate open.
RENEWAL = timedelta(days=180)


class DataRequestQuerySet(ScopedQuerySet):
    def standing(self) -> DataRequestQuerySet:
        """Requests that keep the release gate open: still in time, promised for a day to come, or
        taken further in public and asked again since."""
        now, state = clock.now(), DataRequest.State
        in_time = Q(state=state.SENT, due__gte=now)
        promised = Q(state=state.WILL_COLLECT, collects_from__gte=now)
        return self.filter(in_time | promised | Q(renew_by__gte=now)).exclude(state=state.SHARED)

    def of_holder(self, holder: str) -> DataRequestQuerySet:
        """Everything asked of one holder, however the name is capitalized."""
        return self.filter(holder__iexact=holder.strip())


class DataRequest(Scoped):
    """A public request: which groups we asked to see counted, of whom, by when, what came of it.

    It opens the release gate only until its date, or until the day for which the holder promised
    the groups. After that the next release is held, unless the request was taken further in
    public: with a partner who signs it too and a call for another policy, renewed each half year.
    """

    class State(models.TextChoices):
        SENT = "sent", _("Waiting for an answer")
        SHARED = "shared", _("Shared")
        WILL_COLLECT = "will_collect", _("Will collect it")
        REFUSED = "refused", _("Refused")
        CANNOT = "cannot", _("Cannot")

    class Channel(models.TextChoices):
        LETTER = "letter", _("A letter on paper")
        EMAIL = "email", _("E-mail")
        FORM = "form", _("Their form for requests")
        IN_PERSON = "in_person", _("In person")

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
    # The letter as it was sent; its text stays.
    letter = models.TextField(_("the letter"), max_length=8000, blank=True)
    language = models.CharField(_("language of the letter"), max_length=10, default="en")
    channel = models.CharField(
        _("how it is sent"), max_length=10, choices=Channel, default=Channel.LETTER
    )
    state = models.CharField(max_length=12, choices=State, default=State.SENT)
    sent_at = models.DateTimeField(default=clock.now)
    sent_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    due = models.DateTimeField(_("answer by"))
    answer = models.TextField(_("their answer, in short"), max_length=4000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    collects_from = models.DateTimeField(_("they collect it from"), null=True, blank=True)
    escalation = models.TextField(_("what we do next, in public"), max_length=4000, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    asked_again_at = models.DateTimeField(null=True, blank=True)
    renew_by = models.DateTimeField(null=True, blank=True)

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
            models.CheckConstraint(
                condition=~Q(state="will_collect") | Q(collects_from__isnull=False),
                name="a_promise_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(collects_from=None) | Q(collects_from__lte=F("answered_at") + LONGEST),
                name="a_promise_is_near",
            ),
            models.CheckConstraint(
                condition=Q(escalated_at=None, asked_again_at=None, renew_by=None)
                | Q(
                    escalated_at__isnull=False,
                    renew_by__lte=Coalesce(F("asked_again_at"), F("escalated_at")) + RENEWAL,
                ),
                name="what_was_taken_further_is_renewed",
            ),
        ]
        triggers = request_guards.REQUEST

    def __str__(self) -> str:
        return f"{self.dimension} – {self.holder}"

    def get_absolute_url(self) -> str:
        return reverse("measurement:request", args=[self.initiative.slug, self.uid])

    @property
    def is_overdue(self) -> bool:
        return self.state == self.State.SENT and self.due < clock.now()

    @property
    def is_standing(self) -> bool:
        return type(self).objects.standing().filter(pk=self.pk).exists()

    @property
    def is_promise_over(self) -> bool:
        return (
            self.state == self.State.WILL_COLLECT
            and self.collects_from is not None
            and self.collects_from < clock.now()
        )

    @property
    def is_lapsed(self) -> bool:
        """Taken further, and not asked again in time."""
        return self.renew_by is not None and self.renew_by < clock.now()

    @property
    def why_not(self) -> str:
        """Why it does not keep the gate open: a key of `equity.sentences.GAP_CODES`."""
        if self.state == self.State.SHARED:
            return "none"
        if self.is_lapsed:
            return "lapsed"
        return {"refused": "refused", "cannot": "cannot", "will_collect": "promise_over"}.get(
            self.state, "overdue"
        )

    @property
    def can_escalate(self) -> bool:
        """It has been answered in vain, or its date is over, and nobody took it further."""
        in_vain = self.state in (self.State.REFUSED, self.State.CANNOT)
        return not self.escalated_at and (in_vain or self.is_overdue or self.is_promise_over)

    @property
    def can_answer(self) -> bool:
        """Waiting; or taken further, where the holder may think again."""
        if self.state == self.State.SENT:
            return True
        return bool(self.escalated_at) and self.state != self.State.SHARED

    def cosigners(self) -> models.QuerySet:
        """Those who sign it now."""
        found = self.signers.filter(withdrawn_at=None)
        return found.select_related("organization", "member__user")

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
        letter: str = "",
        language: str = "",
        channel: str = Channel.LETTER,
    ) -> DataRequest:
        """Ask in public. Raises ValidationError when the date is past or over a year away.

        letter: as it is sent; empty: as the template says it, in `language`.
        """
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
            language=language or indicator.initiative.languages[0],
            channel=channel,
            sent_at=now,
            sent_by=by,
        )
        request.letter = letter or letters.compose(request)
        request.full_clean()
        request.save()
        request.steps.create(kind="sent", words=ask, by=by, at=now)
        indicator.initiative.public_changed()
        audit(request, before="", after="sent", by=by)
        return request

    @verb
    def record_answer(
        self, *, outcome: str, answer: str, by: User, collects_from: datetime | None = None
    ) -> None:
        """Write down what they said, with their words. Raises ValidationError or StateChanged.

        outcome: any state but SENT. collects_from: only for WILL_COLLECT, within a year.
        """
        lock(self.indicator)
        lock(self)
        now, state = clock.now(), self.State
        if outcome not in state.values or outcome == state.SENT or not answer.strip():
            raise ValidationError(_("Say in a few words what the answer was."))
        promised = collects_from if outcome == state.WILL_COLLECT else None
        if outcome == state.WILL_COLLECT and not (promised and now < promised <= now + LONGEST):
            raise ValidationError(
                {"collects_from": _("Choose a date from tomorrow to a year from now.")}
            )
        move(
            self,
            start=self.state if self.can_answer else state.SENT,
            to=outcome,
            by=by,
            answer=answer,
            answered_at=now,
            collects_from=promised,
        )
        self.steps.create(kind=outcome, words=answer, by=by, at=now)
        self.initiative.public_changed()

    @verb
    def escalate(self, *, words: str, by: User, addressee: str = "", policy: str = "") -> None:
        """Take it further in public, once it is overdue or was answered in vain.

        Needs a partner, beside the backbone's own organization, who signs it too, and a call for
        finer collection: its text (`policy`) and whom it goes to. Raises ValidationError.
        """
        lock(self.indicator)
        lock(self)
        if not self.can_escalate:
            raise ValidationError(
                _("This request still has time. Escalate it when its date has passed.")
            )
        if len(words.strip()) < 30:
            raise ValidationError(_("Say in a sentence or two what happens next, and who does it."))
        if not self.cosigners().filter(organization__in=partners_beside_backbone(self)).exists():
            raise ValidationError(
                _("A partner organization has to sign the request too before it goes further.")
            )
        now = clock.now()
        self.policy_asks.model.put(request=self, addressee=addressee, text=policy, by=by)
        self.escalation, self.escalated_at, self.renew_by = words, now, now + RENEWAL
        self.save(update_fields=["escalation", "escalated_at", "renew_by"])
        self.steps.create(kind="escalated", words=words, by=by, at=now)
        self.initiative.public_changed()
        audit(self, before=self.state, after="escalated", by=by)

    @verb
    def ask_again(self, *, words: str, by: User) -> None:
        """Ask anew for what was taken further: it keeps the gate open for another half year."""
        lock(self.indicator)
        lock(self)
        if not self.escalated_at or self.state == self.State.SHARED:
            raise ValidationError(_("Only a request that was taken further is asked again."))
        if len(words.strip()) < 30:
            raise ValidationError(_("Say in a sentence or two how and whom you asked again."))
        now = clock.now()
        self.asked_again_at, self.renew_by = now, now + RENEWAL
        self.save(update_fields=["asked_again_at", "renew_by"])
        self.steps.create(kind="again", words=words, by=by, at=now)
        self.initiative.public_changed()
        audit(self, before=self.state, after="asked again", by=by)


def partners_beside_backbone(request: DataRequest) -> models.QuerySet[Organization]:
    """Organizations of the initiative none of whose people work for the backbone."""
    staff = Membership.objects.current().filter(initiative=request.initiative_id)
    with_staff = staff.with_role(Role.BACKBONE).exclude(organization=None)
    own = Organization.objects.filter(initiative=request.initiative_id, ended_at=None)
    return own.exclude(pk__in=with_staff.values("organization"))
