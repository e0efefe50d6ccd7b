"""The ledger: every time a gate held a step or let it pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pgtrigger
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.words import Words, WordsField

if TYPE_CHECKING:
    from ciforum.people.models import User


class LedgerQuerySet(ScopedQuerySet):
    def about(self, record: Any) -> LedgerQuerySet:
        return self.filter(record_uid=record.uid)


class LedgerEntry(Scoped):
    """Who stood before which gate with what, when, and what each rule said.

    Append-only: the database refuses to change or remove an entry. Public in counts, in full to
    members. Names the person by her opaque uid, so it outlives her account.
    """

    class Kind(models.TextChoices):
        HOLD = "hold", _("Held")
        PASS = "pass", _("Passed")
        WAIVER = "waiver", _("Waiver")
        TRY = "try", _("Tried to reach")

    kind = models.CharField(max_length=10, choices=Kind)
    gate = models.CharField(max_length=60)
    record_kind = models.CharField(max_length=60)
    record_uid = models.UUIDField()
    label = WordsField()
    url = models.CharField(max_length=300, blank=True)
    answers = models.JSONField(default=list)
    by_uid = models.UUIDField(null=True)
    at = models.DateTimeField()

    objects = LedgerQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["initiative", "-at"], name="ledger_newest_first"),
            models.Index(fields=["record_uid", "gate"], name="ledger_of_a_record"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.gate}"

    def get_absolute_url(self) -> str:
        return reverse("equity:ledger_entry", args=[self.initiative.slug, self.uid])

    @classmethod
    def write(
        cls, *, kind: str, gate: str, record: Any, answers: list[dict[str, Any]], by: User | None
    ) -> LedgerEntry:
        """Add an entry about a record that stands before a gate."""
        return cls.objects.create(
            initiative=record.initiative,
            kind=kind,
            gate=gate,
            record_kind=record._meta.label_lower,
            record_uid=record.uid,
            label=Words(record.ledger_label()),
            url=record.get_absolute_url(),
            answers=answers,
            by_uid=by.uid if by else None,
            at=clock.now(),
        )
