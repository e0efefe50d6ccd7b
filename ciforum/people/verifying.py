"""Walks an initiative's record chain and recomputes every link from the rows under it.

Whoever may read the rows can do it: the walk changes nothing. It holds one batch of links and
their records at a time, so a chain of thousands takes no more memory than one of a hundred.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from ciforum.people import registry
from ciforum.people.models.chain import GENESIS, ChainHead, ChainLink, digest, parts

if TYPE_CHECKING:
    from ciforum.people.models import Initiative

BATCH = 100


@dataclass
class Verified:
    """What a walk came to: `trouble` is "" or names the first row that is broken."""

    links: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    head: str = GENESIS
    trouble: str = ""


def verify(initiative: Initiative) -> Verified:
    """Walk the chain from its first link to its head, on one snapshot of the database."""
    found = Verified()
    is_inside = connection.in_atomic_block
    with transaction.atomic():
        if not is_inside:
            _one_snapshot()
        for batch in _batches(initiative):
            records = _records(initiative, batch)
            for link in batch:
                found.trouble = _broken(link, found, records)
                if found.trouble:
                    return found
                found.links += 1
                found.kinds[link.kind] += 1
                found.head = link.hash
        found.trouble = _end(initiative, found)
    return found


def _one_snapshot() -> None:
    """What is written meanwhile is not seen, so that links and rows belong together."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _batches(initiative: Initiative) -> Iterator[list[ChainLink]]:
    last = 0
    links = ChainLink.objects.for_initiative(initiative).order_by("number")
    while batch := list(links.filter(number__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].number


def _records(initiative: Initiative, batch: list[ChainLink]) -> Mapping[tuple[str, UUID], Any]:
    found: dict[tuple[str, UUID], Any] = {}
    for kind in {link.kind for link in batch}:
        chain = registry.chains.get(kind)
        uids = [link.record_uid for link in batch if link.kind == kind]
        for uid, record in chain.find(initiative, uids).items() if chain else ():
            found[kind, uid] = record
    return found


def _broken(link: ChainLink, found: Verified, records: Mapping[tuple[str, UUID], Any]) -> str:
    """What is wrong with this link, in words; "" if nothing is."""
    about = {"number": link.number, "kind": link.kind, "uid": link.record_uid}
    if link.number != found.links + 1:
        return _("Link %(wanted)s is missing; the next one is link %(number)s.") % {
            **about,
            "wanted": found.links + 1,
        }
    if link.previous != found.head:
        return _("Link %(number)s (%(kind)s, %(uid)s) does not follow the link before it.") % about
    if link.hash != digest(link.face):
        return _("Link %(number)s (%(kind)s, %(uid)s) was changed: its hash does not fit.") % about
    chain = registry.chains.get(link.kind)
    if chain is None:
        return _("Link %(number)s is of a kind that nobody knows: %(kind)s.") % about
    record = records.get((link.kind, link.record_uid))
    if record is None:
        return _("Link %(number)s (%(kind)s): its record %(uid)s is gone.") % about
    return _in_record(link, chain, record)


def _in_record(link: ChainLink, chain: registry.ChainKind, record: Any) -> str:
    said = {"number": link.number, "record": chain.name(record), "uid": link.record_uid}
    content = chain.content(record)
    if digest(content) != link.content:
        where = {**said, "part": _changed_part(link, content)}
        return (
            _("Link %(number)s, %(record)s (%(uid)s): “%(part)s” is not what was recorded.") % where
        )
    trouble = chain.trouble(record)
    said["trouble"] = trouble
    if trouble:
        return _("Link %(number)s, %(record)s (%(uid)s): %(trouble)s") % said
    return ""


def _changed_part(link: ChainLink, content: dict[str, Any]) -> str:
    """The first part that is gone, came later, or was changed."""
    then, now = link.parts, parts(content)
    return next((name for name in sorted({*then, *now}) if then.get(name) != now.get(name)), "…")


def _end(initiative: Initiative, found: Verified) -> str:
    head = ChainHead.objects.filter(initiative=initiative).first()
    number, end = (head.number, head.hash) if head else (0, GENESIS)
    if (number, end) != (found.links, found.head):
        return _("The chain ends with link %(links)s, but its head says %(number)s %(hash)s.") % {
            "links": found.links,
            "number": number,
            "hash": end,
        }
    for chain in registry.chains:
        if unlinked := chain.unlinked(initiative):
            return _("%(record)s has no link in the chain.") % {"record": unlinked}
    return ""
