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


def parts(content: dict[str, Any], under: str = "") -> dict[str, str]:
    """A short digest of each part of a content, by its name: "ballots 4f2c…", "result".

    The items of a list are parts where they say who they are (`seat`, `code`, `number`, or the
    first of a pair). It proves nothing; it tells where to look when a digest does not fit.
    """
    found: dict[str, str] = {}
    rest: dict[str, Any] = {}
    for key, value in content.items():
        names = [_name(each) for each in value] if isinstance(value, list) else []
        if names and all(names) and len(set(names)) == len(names):
            for name, each in zip(names, value, strict=True):
                item = each if isinstance(each, dict) else {"": each}
                found |= parts(item, f"{under}{key} {name} ")
        else:
            rest[key] = value
    if under:
        return {under.strip(): digest(rest)[:16], **found}
    return {**{key: digest(value)[:16] for key, value in rest.items()}, **found}


def _name(item: Any) -> str:
    if isinstance(item, dict):
        return str(item.get("seat") or item.get("code") or item.get("number") or "")
    is_pair = isinstance(item, list) and len(item) == 2
    return str(item[0]) if is_pair else ""


class ChainHead(models.Model):
    """Where an initiative's chain ends now. Its row is the last lock of every verb that adds."""

    initiative = models.OneToOneField(
        "people.Initiative", on_delete=models.PROTECT, related_name="chain_head"
    )
    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="goes_on_by_a_link",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF NEW.initiative_id <> OLD.initiative_id OR NEW.number <> OLD.number + 1
                       OR NOT EXISTS (SELECT 1 FROM people_chainlink link
                                      WHERE link.initiative_id = NEW.initiative_id
                                        AND link.number = NEW.number AND link.hash = NEW.hash
                                        AND link.previous = OLD.hash) THEN
                        RAISE EXCEPTION 'a chain goes on by its next link'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        ]

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
    # See `parts`: not under the hash.
    parts: Any = models.JSONField(default=dict)
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
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="follows_the_head",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM people_chainhead head
                                   WHERE head.initiative_id = NEW.initiative_id
                                     AND NEW.number = head.number + 1
                                     AND NEW.previous = head.hash) THEN
                        RAISE EXCEPTION 'a link follows the head of its chain'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
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
        cls, initiative: Initiative, *, kind: str, record_uid: uuid.UUID, content: dict[str, Any]
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
            parts=parts(content),
            at=clock.now(),
            previous=head.hash,
        )
        link.hash = digest(link.face)
        link.save()
        ChainHead.objects.filter(pk=head.pk).update(number=F("number") + 1, hash=link.hash)
        return link
