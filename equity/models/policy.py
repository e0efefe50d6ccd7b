"""How strict an initiative is, and the waivers that let one held step through."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.transitions import audit, lock, move, verb
from ciforum.people.words import WordsField
from equity.models.ledger import LedgerEntry

if TYPE_CHECKING:
    from ciforum.people.models import Initiative, User

# The floors everybody starts with; an initiative may only be stricter (see `Policy.tighten`).
SMALL_COUNT = 11
STORY_WORDS = 25
WAIVER_DAYS = 90


class Policy(Scoped):
    """The thresholds of one initiative. Its row is the first lock of every gated change."""

    initiative = models.OneToOneField(
        "people.Initiative", on_delete=models.PROTECT, related_name="equity_policy"
    )
    small_count = models.PositiveIntegerField(
        _("smallest count that may be shown"),
        default=SMALL_COUNT,
        validators=[MinValueValidator(SMALL_COUNT)],
    )
    story_words = models.PositiveIntegerField(
        _("words a story behind the numbers needs"),
        default=STORY_WORDS,
        validators=[MinValueValidator(STORY_WORDS)],
    )
    waiver_days = models.PositiveIntegerField(_("days a waiver may last"), default=WAIVER_DAYS)

    class Meta:
        verbose_name = _("equity policy")
        constraints = [
            models.CheckConstraint(
                condition=Q(small_count__gte=SMALL_COUNT), name="policy_small_count_floor"
            ),
            models.CheckConstraint(
                condition=Q(story_words__gte=STORY_WORDS), name="policy_story_floor"
            ),
            models.CheckConstraint(
                condition=Q(waiver_days__lte=WAIVER_DAYS), name="policy_waiver_ceiling"
            ),
        ]

    def __str__(self) -> str:
        return f"policy of {self.initiative}"

    @classmethod
    def of(cls, initiative: Initiative) -> Policy:
        """The initiative's policy, made with the common floors when it has none yet."""
        policy, _made = cls.objects.get_or_create(initiative=initiative)
        return policy

    @verb
    def tighten(self, *, by: User, **stricter: int) -> None:
        """Set stricter thresholds. Raises ValidationError when one would be looser.

        Loosening takes a decision with last word and a majority of community seats.
        """
        lock(self)
        for name, value in stricter.items():
            before = getattr(self, name)
            looser = value > before if name == "waiver_days" else value < before
            if looser:
                raise ValidationError(
                    {
                        name: _(
                            "This would be looser than now. Rules can be made stricter here; "
                            "making them looser takes a decision of the community."
                        )
                    }
                )
            setattr(self, name, value)
        self.full_clean()
        self.save(update_fields=list(stricter))
        audit(self, before="", after="tightened", by=by)


class WaiverQuerySet(ScopedQuerySet):
    def live(self) -> WaiverQuerySet:
        return self.filter(state=Waiver.State.AGREED, expires_at__gt=clock.now())


class Waiver(Scoped):
    """Lets one record pass one rule for a while: asked with a reason, agreed by a resident.

    Public and counted. Nobody agrees to her own waiver; rules that guard people's safety cannot
    be waived at all.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        AGREED = "agreed", _("Agreed")
        REFUSED = "refused", _("Refused")

    gate = models.CharField(max_length=60)
    record_kind = models.CharField(max_length=60)
    record_uid = models.UUIDField()
    label = WordsField()
    url = models.CharField(max_length=300)
    code = models.CharField(max_length=40)
    reason = models.TextField(
        _("reason, shown to everybody"), max_length=1000, validators=[MinLengthValidator(30)]
    )
    expires_at = models.DateTimeField(_("ends"))
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    objects = WaiverQuerySet.as_manager()

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                "record_uid",
                "code",
                name="one_open_waiver",
                condition=Q(state="asked"),
                violation_error_message=_("A waiver of this rule has been asked for already."),
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by=None)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))),
                name="waiver_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.label}"

    @property
    def is_live(self) -> bool:
        return self.state == self.State.AGREED and self.expires_at > clock.now()

    @classmethod
    def codes_for(cls, gate: str, record_uid: UUID) -> dict[str, datetime]:
        """The rules waived now for this record at this gate, and until when."""
        live = cls.objects.live().filter(gate=gate, record_uid=record_uid)
        return dict(live.values_list("code", "expires_at"))

    @classmethod
    @verb
    def ask(cls, *, gate: Any, record: Any, code: str, reason: str, days: int, by: User) -> Waiver:
        """Ask that `record` may pass one rule for `days` days. Raises ValidationError."""
        policy = lock(Policy.of(record.initiative))
        rule = next((rule for rule in gate.rules if rule.code == code), None)
        if rule is None or not rule.waivable:
            raise ValidationError(_("This rule keeps people safe and cannot be waived."))
        if not 1 <= days <= policy.waiver_days:
            raise ValidationError(
                {"days": _("A waiver lasts 1 to %(days)s days.") % {"days": policy.waiver_days}}
            )
        waiver = cls(
            initiative=record.initiative,
            gate=gate.name,
            record_kind=record._meta.label_lower,
            record_uid=record.uid,
            label=record.ledger_label(),
            url=record.get_absolute_url(),
            code=code,
            reason=reason,
            expires_at=clock.now() + timedelta(days=days),
            asked_by=by,
            asked_at=clock.now(),
        )
        waiver.full_clean()
        waiver.save()
        audit(waiver, before="", after="asked", by=by)
        return waiver

    @verb
    def agree(self, *, by: User) -> None:
        """Let it be. Written to the ledger. Raises ValidationError for the asker herself."""
        self._decide(self.State.AGREED, by)
        LedgerEntry.objects.create(
            initiative=self.initiative,
            kind=LedgerEntry.Kind.WAIVER,
            gate=self.gate,
            record_kind=self.record_kind,
            record_uid=self.record_uid,
            label=self.label,
            url=self.url,
            answers=[
                {
                    "rule": self.code,
                    "outcome": "waived",
                    "code": "waiver",
                    "params": {"reason": self.reason, "until": self.expires_at.isoformat()},
                }
            ],
            by_uid=by.uid,
            at=clock.now(),
        )

    @verb
    def refuse(self, *, by: User) -> None:
        """Say no; the step stays held."""
        self._decide(self.State.REFUSED, by)

    def _decide(self, to: str, by: User) -> None:
        lock(Policy.of(self.initiative))
        lock(self)
        if by.pk == self.asked_by_id:
            raise ValidationError(_("Somebody else has to agree to this waiver."))
        move(self, start=self.State.ASKED, to=to, by=by, decided_by=by, decided_at=clock.now())
