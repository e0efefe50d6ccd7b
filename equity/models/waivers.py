"""Waivers: one held step let through, in the open and for a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Membership, Role, Scoped, ScopedQuerySet
from ciforum.people.transitions import audit, lock, move, verb
from ciforum.people.words import Words, WordsField
from equity import telling
from equity.models.ledger import LedgerEntry
from equity.models.policy import Policy

if TYPE_CHECKING:
    from ciforum.people.models import User


class WaiverQuerySet(ScopedQuerySet):
    def live(self) -> WaiverQuerySet:
        return self.filter(state=Waiver.State.AGREED, expires_at__gt=clock.now())


class Waiver(Scoped):
    """Lets one record pass one rule for a while: asked with a reason, agreed by a resident.

    Public and counted. Whoever agrees is a community member who neither asked for it nor works
    for the backbone. Rules that guard people's safety cannot be waived at all.
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
    # What the rule said when it was asked to stand back: {"code": …, "params": …}.
    objection = models.JSONField(default=dict)
    reason = models.TextField(
        _("reason, shown to everybody"), max_length=1000, validators=[MinLengthValidator(30)]
    )
    expires_at = models.DateTimeField(_("ends"))
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    entry = models.ForeignKey(
        LedgerEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = WaiverQuerySet.as_manager()

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                "record_uid",
                "gate",
                "code",
                name="one_open_waiver",
                condition=Q(state="asked"),
                violation_error_message=_("A waiver of this rule has been asked for already."),
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by=None)
                | (
                    ~Q(state="asked")
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decided_by=F("asked_by"))
                ),
                name="waiver_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("asked_at")), name="waiver_ends_after_it_begins"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="agreed_in_the_ledger",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__state="agreed"),
                func="""
                    IF NOT EXISTS (SELECT 1 FROM equity_ledgerentry entry
                                   WHERE entry.id = NEW.entry_id AND entry.kind = 'waiver'
                                     AND entry.gate = NEW.gate
                                     AND entry.record_uid = NEW.record_uid
                                     AND entry.initiative_id = NEW.initiative_id) THEN
                        RAISE EXCEPTION 'an agreed waiver stands in the ledger'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(
                name="decided_stays",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state="asked"),
            ),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.label}"

    def get_absolute_url(self) -> str:
        return reverse("equity:waiver", args=[self.initiative.slug, self.uid])

    @property
    def is_live(self) -> bool:
        return self.state == self.State.AGREED and self.expires_at > clock.now()

    @classmethod
    def codes_for(cls, gate: str, record: Any) -> dict[str, datetime]:
        """The rules waived now for this record at this gate, and until when."""
        live = cls.objects.for_initiative(record.initiative).live()
        found = live.filter(gate=gate, record_uid=record.uid).order_by("expires_at")
        return dict(found.values_list("code", "expires_at"))

    @classmethod
    @verb
    def ask(cls, *, gate: Any, record: Any, code: str, reason: str, days: int, by: User) -> Waiver:
        """Ask that `record` may pass one rule for `days` days. Raises ValidationError."""
        policy = lock(Policy.of(record.initiative))
        objection = _objection(gate, record, code)
        if not 1 <= days <= policy.waiver_days:
            raise ValidationError(
                {"days": _("A waiver lasts 1 to %(days)s days.") % {"days": policy.waiver_days}}
            )
        now = clock.now()
        waiver = cls(
            initiative=record.initiative,
            gate=gate.name,
            record_kind=record._meta.label_lower,
            record_uid=record.uid,
            label=Words(record.ledger_label()),
            url=record.get_absolute_url(),
            code=code,
            objection=objection,
            reason=reason,
            expires_at=now + timedelta(days=days),
            asked_by=by,
            asked_at=now,
        )
        waiver.full_clean()
        waiver.save()
        audit(waiver, before="", after=cls.State.ASKED, by=by)
        telling.waiver_asked(waiver)
        return waiver

    @verb
    def agree(self, *, by: User) -> None:
        """Let it be. Written to the ledger. Raises ValidationError for who may not decide it."""
        self._lock_to_decide(by)
        if self.expires_at <= clock.now():
            raise ValidationError(_("The time this waiver was asked for is over. Ask again."))
        self._decide(self.State.AGREED, by, entry=self._write_down(by))

    @verb
    def refuse(self, *, by: User) -> None:
        """Say no; the step stays held."""
        self._lock_to_decide(by)
        self._decide(self.State.REFUSED, by)

    def _lock_to_decide(self, by: User) -> None:
        lock(Policy.of(self.initiative))
        lock(self)
        if by.pk == self.asked_by_id:
            raise ValidationError(_("Somebody else has to decide about this waiver."))
        if not _is_resident(self.initiative_id, by):
            raise ValidationError(
                _("A community member decides, who does not work for the backbone.")
            )

    def _decide(self, to: str, by: User, **also: Any) -> None:
        now = clock.now()
        move(self, start=self.State.ASKED, to=to, by=by, decided_by=by, decided_at=now, **also)
        telling.waiver_decided(self)

    def _write_down(self, by: User) -> LedgerEntry:
        params = {"reason": self.reason, "until": self.expires_at.isoformat()}
        return LedgerEntry.objects.create(
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
                    "strategy": self.objection.get("strategy"),
                    "outcome": "waived",
                    "code": "waiver",
                    "params": params,
                }
            ],
            by_uid=by.uid,
            at=clock.now(),
        )


def _objection(gate: Any, record: Any, code: str) -> dict[str, Any]:
    """What the rule has against the record now. Raises ValidationError if it can't be waived."""
    answer = next((each for each in gate.ask(record) if each.rule.code == code), None)
    if answer is None or not answer.rule.waivable:
        raise ValidationError(_("This rule keeps people safe and cannot be waived."))
    if answer.outcome != "unmet":
        raise ValidationError(_("This rule does not hold the step now. No waiver is needed."))
    if answer.code == "could_not_be_checked":
        raise ValidationError(_("A rule that could not be checked cannot be waived."))
    return {"code": answer.code, "params": answer.params, "strategy": answer.rule.strategy}


def _is_resident(initiative_id: int, person: User) -> bool:
    roles = {
        role
        for own in Membership.objects.current().filter(initiative=initiative_id, user=person)
        for role in own.roles
    }
    return Role.COMMUNITY in roles and Role.BACKBONE not in roles
