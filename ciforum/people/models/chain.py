"""The record chain: what was decided, link after link, so that a changed one is found.

Links hold salted digests only. Words, voices and names stand outside, so that they can be erased
and the chain still verifies.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import UTC
from typing import TYPE_CHECKING, Any

import pgtrigger
from django.db import models
from django.db.models import F

from ciforum.people import clock
from ciforum.people.models.scoped import Scoped, ScopedQuerySet
from ciforum.people.transitions import lock

if TYPE_CHECKING:
    from ciforum.people.models.initiative import Initiative

GENESIS = "0" * 64


def canonical(value: Any) -> bytes:
    """The one way to write a JSON value: UTF-8, keys sorted, no blanks. Plain values only."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON of `value`, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def salted(salt: str, words: Any) -> str:
    """Digest of words that may be erased: nothing can be guessed from it without the salt."""
    return digest([salt, words])


class ChainHead(models.Model):
    """Where an initiative's chain ends now. Its row is the last lock of every verb that adds."""

    initiative = models.OneToOneField(
        "people.Initiative", on_delete=models.PROTECT, related_name="chain_head"
    )
    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)

    def __str__(self) -> str:
        return f"{self.number} {self.hash[:8]}"


class ChainLink(Scoped):
    """One link: `hash` = SHA-256 of previous hash, number, kind, record, content digest and time.

    Append-only: the database refuses to change or remove a link.
    """

    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=40)
    record_uid = models.UUIDField(db_index=True)
    content = models.CharField(max_length=64)
    at = models.DateTimeField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("initiative", "number", name="one_link_per_number"),
            models.UniqueConstraint("initiative", "previous", name="a_chain_never_forks"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"

    @property
    def face(self) -> dict[str, Any]:
        """What the hash is made of, as the public record shows it."""
        return {
            "number": self.number,
            "kind": self.kind,
            "record": str(self.record_uid),
            "content": self.content,
            "at": self.at.astimezone(UTC).isoformat(),
            "previous": self.previous,
        }

    @classmethod
    def add(
        cls, initiative: Initiative, *, kind: str, record_uid: uuid.UUID, content: Any
    ) -> ChainLink:
        """Add a link for `content` (plain values). Call it last in a verb: it locks the head."""
        ChainHead.objects.get_or_create(initiative=initiative)
        head = lock(ChainHead.objects.get(initiative=initiative))
        link = cls(
            initiative=initiative,
            number=head.number + 1,
            kind=kind,
            record_uid=record_uid,
            content=digest(content),
            at=clock.now(),
            previous=head.hash,
        )
        link.hash = digest(link.face)
        link.save()
        ChainHead.objects.filter(pk=head.pk).update(number=F("number") + 1, hash=link.hash)
        return link
