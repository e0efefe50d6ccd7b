"""Files, jobs, notices and duties: what later things hang on."""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models.scoped import Scoped, ScopedQuerySet

if TYPE_CHECKING:
    from ciforum.people.models.initiative import Initiative


def _private_name(file: StoredFile, name: str) -> str:
    # The name on disk says nothing of the person or the file; `name` keeps what it was called.
    return f"{file.initiative_id}/{file.uid}"


class StoredFile(Scoped):
    """A file somebody handed in, with its SHA-256. Reached through views only."""

    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    storage = models.FileField(upload_to=_private_name, max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    # Set when the bytes are gone and only hash, size and name are left.
    forgotten_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def keep(cls, file: File[bytes], *, initiative: Initiative, kind: str) -> StoredFile:
        """Store the bytes once, hashing them on the way."""
        digest = hashlib.sha256()
        for chunk in file.chunks():
            digest.update(chunk)
        file.seek(0)
        stored = cls(
            initiative=initiative,
            name=(file.name or "file").rsplit("/", 1)[-1][:255],
            kind=kind,
            sha256=digest.hexdigest(),
            size=file.size,
        )
        stored.storage.save("file", file, save=False)
        try:
            with transaction.atomic():
                stored.save()
        except Exception:
            stored.storage.delete(save=False)
            raise
        return stored

    def forget(self) -> None:
        """Delete the bytes when the transaction commits; hash, size and name stay.

        Not before: a rollback could not bring them back. A crash in between leaves `forgotten_at`
        with a storage name, by which a sweep finds them.
        """
        self.forgotten_at = clock.now()
        self.save(update_fields=["forgotten_at"])
        transaction.on_commit(self.erase)

    def erase(self) -> None:
        """Delete the bytes now. Only for a file that is forgotten."""
        if self.storage:
            self.storage.delete(save=False)
        self.storage = ""
        self.save(update_fields=["storage"])


class Job(models.Model):
    """Work that must happen. The queue only says "look now"; this row is what counts.

    `args` holds ids and plain values only.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    args = models.JSONField(default=list)
    dedup_key = models.CharField(max_length=200, blank=True)
    run_at = models.DateTimeField(default=clock.now)
    tries = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    percent = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "kind",
                "dedup_key",
                name="one_pending_job_per_key",
                condition=~Q(dedup_key="") & Q(state__in=["waiting", "running"]),
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="job_percent"),
        ]
        indexes = [
            models.Index(
                fields=["run_at"], name="jobs_to_run", condition=Q(state__in=["waiting", "running"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.args}"

    def report(self, percent: float) -> None:
        """Say how far the work is, 0 to 100, and that it is alive."""
        Job.objects.filter(pk=self.pk).update(
            percent=max(0, min(100, int(percent))), started_at=clock.now()
        )


class NoticeQuerySet(ScopedQuerySet):
    def unread_by(self, user: models.Model) -> NoticeQuerySet:
        return self.filter(to=user, read_at=None)


class Notice(Scoped):
    """Something a person should know: `kind` and `params` become words in her language."""

    to = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    about = models.UUIDField(null=True)
    params = models.JSONField(default=dict)
    dedup_key = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint("to", "dedup_key", name="one_notice_per_person_and_event")
        ]

    def __str__(self) -> str:
        return self.kind


class DutyQuerySet(ScopedQuerySet):
    def open_for(self, membership: models.Model) -> DutyQuerySet:
        return self.filter(owner=membership, done_at=None).order_by(
            F("due").asc(nulls_last=True), "id"
        )


class Duty(Scoped):
    """Something a member has to do by a date. Today reads these, wherever they come from."""

    owner = models.ForeignKey("people.Membership", on_delete=models.CASCADE, related_name="duties")
    kind = models.CharField(max_length=60)
    about = models.UUIDField(null=True)
    params: Any = models.JSONField(default=dict)
    due = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    dedup_key = models.CharField(max_length=200)

    objects = DutyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("owner", "dedup_key", name="one_duty_per_owner_and_event")
        ]

    def __str__(self) -> str:
        return self.kind
