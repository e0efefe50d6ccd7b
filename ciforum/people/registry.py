"""What has to point up points through here.

Apps above the ground fill these tables in `AppConfig.ready()`, and the pages below read them, so
that no import runs upward.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise
    from django.utils.safestring import SafeString

    from ciforum.people.models import Initiative, Membership
    from ciforum.people.requests import MemberRequest

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

    def items(self) -> Iterable[tuple[str, Entry]]:
        return self._entries.items()

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


@dataclass(frozen=True)
class FrontPart:
    """What stands in one section of the public front page: a partial and what it needs."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DemoPerson:
    """Somebody one can enter as, with one click, in the demonstration."""

    key: str
    email: str
    name: str
    role_label: str | _StrPromise
    try_this: str | _StrPromise


sections: Registry[Section] = Registry("section")
notices: Registry[NoticeKind] = Registry("notice")
evidence: Registry[EvidenceSource] = Registry("evidence")
duties: Registry[DutyKind] = Registry("duty")
jobs: Registry[Callable[..., None]] = Registry("job")
# Under the name of its section: what the front page shows of it now; None shows nothing.
front_parts: Registry[Callable[[MemberRequest], FrontPart | None]] = Registry("front part")
# Addresses of public pages of an initiative, for the sitemap.
public_urls: Registry[Callable[[Initiative], Iterable[str]]] = Registry("set of public URLs")
# How words that the initiative agreed on are marked: (a paragraph, its language, the codes marked
# in this text so far) → the paragraph as safe HTML, everything in it escaped.
glossary: Registry[Callable[[str, str, set[str]], SafeString]] = Registry("glossary")
demo_people: Registry[DemoPerson] = Registry("demo person")
# What hangs on a membership: a sentence why it cannot end (roles None) or have these roles, or "".
ties: Registry[Callable[[Membership, list[str] | None], str]] = Registry("tie of a membership")


@dataclass(frozen=True)
class CitationKind:
    """How one kind of record is cited. `visible_to(citable, member)` is asked at every rendering;
    `member` is None for a reader who is signed out.

    `load(citables)` may fetch at once what the functions need for many of them, and hang it on
    `citable.record`; `citable.detail` is the state that the citation pins (from `pin` when it was
    made), empty where nothing was cited yet.
    """

    label: str | _StrPromise
    icon: str
    title: Callable[[Any], str]
    url: Callable[[Any], str]
    # What it says, in one sentence for this reader; never stored by whoever cites it.
    excerpt: Callable[[Any, Membership | None], str]
    visible_to: Callable[[Any, Membership | None], bool]
    # Records that may be cited now: (uid, title); and the Citable of one of them, or None.
    choices: Callable[[Initiative, Membership | None], Iterable[tuple[Any, str]]]
    find: Callable[[Initiative, Any], Any]
    # What gates ask about it, for example {"disaggregated"}.
    traits: Callable[[Any], set[str]] = lambda citable: set()
    # Which state is looked at now, in plain values: {"release": uid}.
    pin: Callable[[Any], dict[str, Any]] = lambda citable: {}
    load: Callable[[list[Any]], None] | None = None
    # `consented(citable, audience, purpose)`: the words that their teller lets this audience read
    # for this purpose now, or "". None: words of this kind are quoted nowhere.
    consented: Callable[[Any, str, str], str] | None = None


@dataclass(frozen=True)
class Effect:
    """What a passed decision does: adopt this charter, loosen this threshold.

    `params` are plain values that the decision keeps. `subject(initiative, params)` finds the
    record, or None. `ask` answers what its gate says now (a list of `equity.gates.Answer`), before
    a vote opens; `carry_out(decision, subject)` does it at the close, inside the decision's
    transaction, and may raise GateClosed; `content` is what the decision's text hash covers.
    """

    label: str | _StrPromise
    sentence: Callable[[Any], str]
    subject: Callable[[Initiative, dict[str, Any]], Any]
    ask: Callable[[Any, Any], list[Any]]
    carry_out: Callable[[Any, Any], None]
    content: Callable[[Any], Any]
    # What can be put to a decision now: (params, label) for the form that opens one.
    choices: Callable[[Initiative], Iterable[tuple[dict[str, Any], str]]]
    # `freeze(subject, decision)` when the decision opens for input: from now on the subject may
    # not change; `let_go(subject, decision)` when the decision failed or was withdrawn.
    freeze: Callable[[Any, Any], None] | None = None
    let_go: Callable[[Any, Any], None] | None = None


@dataclass(frozen=True)
class ChainKind:
    """What `verify_record` asks about links of one kind: the content anew, from the rows.

    `find(initiative, uids)` fetches the records of some links with all that the questions need, in
    a few queries however many there are. `content(record)` answers the plain values that the link
    was made for; `trouble(record)` names the first row that does not fit its record, or "".
    `unlinked(initiative)` names a record that should have a link and has none, or "".
    """

    find: Callable[[Initiative, Sequence[UUID]], Mapping[UUID, Any]]
    content: Callable[[Any], dict[str, Any]]
    trouble: Callable[[Any], str]
    unlinked: Callable[[Initiative], str]
    # What a record is called, for whoever looks for it: "the count of decision 3".
    name: Callable[[Any], str]


citations: Registry[CitationKind] = Registry("kind of citation")
effects: Registry[Effect] = Registry("effect of a decision")
chains: Registry[ChainKind] = Registry("kind of chain link")


@dataclass(frozen=True)
class Citer:
    """What cites a record, as the cited record's own page lists it."""

    label: str | _StrPromise
    title: str
    url: str


# Under the source's `label_lower`: what this citation's source is to this reader, or None where
# she may not see it.
citers: Registry[Callable[[Any, Membership | None], Citer | None]] = Registry("kind of citer")
