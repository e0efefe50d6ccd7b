"""What has to point up points through here.

Apps above the ground fill these tables in `AppConfig.ready()`, and the pages below read them, so
that no import runs upward.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from ciforum.people.models import Initiative, Membership

Entry = TypeVar("Entry")


class Registry(Generic[Entry]):
    """Named entries, in the order they came; a name is taken once."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._entries: dict[str, Entry] = {}

    def add(self, name: str, entry: Entry) -> Entry:
        if name in self._entries:
            raise ImproperlyConfigured(f"{self.what} {name!r} is registered twice")
        self._entries[name] = entry
        return entry

    def get(self, name: str) -> Entry | None:
        return self._entries.get(name)

    def __getitem__(self, name: str) -> Entry:
        return self._entries[name]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())


@dataclass(frozen=True)
class Section:
    """One entry of the main navigation: a condition of collective impact, or equity."""

    order: int
    label: str | _StrPromise
    purpose: str | _StrPromise  # one sentence: what this part is for
    url_name: str  # takes the initiative's slug
    icon: str
    prefix: str  # first path part under the initiative


@dataclass(frozen=True)
class NoticeKind:
    """How one kind of message reads, for its reader, in her language."""

    subject: Callable[[dict[str, Any]], str]
    body: Callable[[dict[str, Any]], str]
    url: Callable[[Initiative, dict[str, Any]], str]


@dataclass(frozen=True)
class Evidence:
    """A live answer to one question of an equity strategy."""

    sentence: str
    count: int
    links: tuple[tuple[str, str], ...] = ()  # (label, URL)


@dataclass(frozen=True)
class EvidenceSource:
    strategy: int
    question: str | _StrPromise
    answer: Callable[[Initiative, Membership | None], Evidence]


@dataclass(frozen=True)
class DutyKind:
    """How one kind of duty reads on its owner's Today page."""

    sentence: Callable[[dict[str, Any]], str]
    url: Callable[[Initiative, dict[str, Any]], str]
    action: str | _StrPromise
    icon: str = "inbox"


sections: Registry[Section] = Registry("section")
notices: Registry[NoticeKind] = Registry("notice")
evidence: Registry[EvidenceSource] = Registry("evidence")
duties: Registry[DutyKind] = Registry("duty")
jobs: Registry[Callable[..., None]] = Registry("job")
