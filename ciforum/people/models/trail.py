"""The audit line: who took which record from which state to which, and when."""

from __future__ import annotations

import pgtrigger
from django.db import models


class AuditLine(models.Model):
    """One state change. Append-only: the database refuses to change or remove a line."""

    initiative = models.ForeignKey(
        "people.Initiative", on_delete=models.PROTECT, null=True, related_name="+"
    )
    record_kind = models.CharField(max_length=60)
    record_uid = models.UUIDField()
    before = models.CharField(max_length=30, blank=True)
    after = models.CharField(max_length=30)
    by_uid = models.UUIDField(null=True)
    at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["record_uid", "at"], name="audit_of_a_record")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.record_kind} {self.before} → {self.after}"
