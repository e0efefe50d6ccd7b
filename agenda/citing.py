"""Citing: choosing a record of any kind, keeping the link, and showing what it says now.

Whoever cites keeps a link and nothing else. What the cited record says is asked for at every
rendering, and only for a reader who may see it; what was withdrawn leaves a sentence that says so.

On a page: `present(Citation.objects.of(record), member)` for `agenda/_citations.html`;
`cite_form(initiative, member, …)` for `agenda/_cite.html`; `cite` and `uncite` after a POST.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from agenda.forms.citing import CiteForm
from ciforum.people import registry
from ciforum.people.models import Citable, Citation
from ciforum.people.transitions import audit, lock, verb

if TYPE_CHECKING:
    from ciforum.people.models import Initiative, Membership, User


@dataclass(frozen=True)
class Cited:
    """One citation as `_citations.html` shows it; `url` is "" where there is nothing to see."""

    uid: UUID
    anchor: str
    kind: str
    label: str
    icon: str
    title: str
    url: str
    excerpt: str
    note: str
    withdrawn: bool = False
    hidden: bool = False


def present(citations: Iterable[Citation], member: Membership | None) -> list[Cited]:
    """What each citation says to this reader now, in the order they come.

    As many queries for many as for one of a kind, where the kind has `load`.
    """
    return [_shown(citation, member) for citation in loaded(citations)]


def by_anchor(citations: Iterable[Citation], member: Membership | None) -> dict[str, list[Cited]]:
    """As `present`, under the part of the source that cites."""
    found: dict[str, list[Cited]] = {}
    for cited in present(citations, member):
        found.setdefault(cited.anchor, []).append(cited)
    return found


def loaded(citations: Iterable[Citation]) -> list[Citation]:
    """Citations with their citables, each knowing its pinned state, fetched kind by kind."""
    if isinstance(citations, QuerySet):
        citations = citations.select_related("citable__initiative")
    found = list(citations)
    kinds: dict[str, list[Citable]] = {}
    for citation in found:
        citation.citable.detail = citation.detail
        kinds.setdefault(citation.citable.kind, []).append(citation.citable)
    for name, citables in kinds.items():
        kind = registry.citations.get(name)
        if kind and kind.load:
            kind.load(citables)
    return found


def hang(citables: Iterable[Citable], records: QuerySet[Any]) -> None:
    """Give each citable its record in one query: what most kinds' `load` needs."""
    waiting = list(citables)
    found = {each.uid: each for each in records.filter(uid__in=[c.record_uid for c in waiting])}
    for citable in waiting:
        citable.record = found.get(citable.record_uid)


def record_of(citable: Citable, records: QuerySet[Any]) -> Any:
    """The record that a citable stands for, fetched when `load` was not asked before."""
    if citable.record is None:
        citable.record = records.filter(uid=citable.record_uid).first()
    return citable.record


def cite_form(
    initiative: Initiative,
    member: Membership | None,
    data: Any = None,
    *,
    q: str = "",
    kinds: Iterable[str] = (),
) -> CiteForm:
    """The form that picks a record to cite: all kinds, or these, with titles that hold `q`."""
    return CiteForm(data, initiative=initiative, member=member, q=q, kinds=tuple(kinds))


@verb
def cite(
    source: Any, *, kind: str, uid: Any, by: User, anchor: str = "", note: str = ""
) -> Citation:
    """Let `source` cite the record `uid` of this kind, once in each part.

    A source that must not change at all times has `about_to_cite()`, which locks its root and
    raises ValidationError; any other is locked itself. Raises ValidationError for a record that
    cannot be cited now.
    """
    _hold(source)
    known = registry.citations.get(kind)
    citable = known.find(source.initiative, uid) if known else None
    if known is None or citable is None or citable.withdrawn_at:
        raise ValidationError(_("This cannot be cited now. Choose something else."))
    citation = Citation.cite(
        source, citable, by=by, anchor=anchor, note=note, detail=known.pin(citable)
    )
    audit(source, before="", after="cites", by=by, note=kind)
    return citation


@verb
def uncite(source: Any, *, uid: Any, by: User) -> None:
    """Take a citation away again; nothing happens when it is gone already."""
    _hold(source)
    gone, _rows = Citation.objects.of(source).filter(uid=uid).delete()
    if gone:
        audit(source, before="cites", after="", by=by)


def traits(citation: Citation) -> list[str]:
    """What gates may ask about a citation, for example ["disaggregated"]; sorted."""
    kind = registry.citations.get(citation.citable.kind)
    return sorted(kind.traits(citation.citable)) if kind else []


def _hold(source: Any) -> None:
    prepare = getattr(source, "about_to_cite", None)
    if prepare is None:
        lock(source)
    else:
        prepare()


def _shown(citation: Citation, member: Membership | None) -> Cited:
    citable, kind = citation.citable, registry.citations.get(citation.citable.kind)
    label = str(kind.label) if kind else _("A record")
    icon = kind.icon if kind else "link"
    seen = kind is not None and not citable.withdrawn_at and kind.visible_to(citable, member)
    return Cited(
        uid=citation.uid,
        anchor=citation.anchor,
        kind=citable.kind,
        label=label,
        icon=icon,
        title=kind.title(citable) if kind and seen else label,
        url=kind.url(citable) if kind and seen else "",
        excerpt=kind.excerpt(citable, member) if kind and seen else _why_not(citable),
        # A note may repeat what the record said, so it goes with it.
        note=citation.note if seen else "",
        withdrawn=citable.withdrawn_at is not None,
        hidden=not seen and citable.withdrawn_at is None,
    )


def _why_not(citable: Citable) -> str:
    if citable.withdrawn_at is None:
        return _("You cannot see this one: it is not shown to you, or no longer.")
    day = date_format(localtime(citable.withdrawn_at), "DATE_FORMAT")
    return _("Withdrawn on %(day)s. What it said is no longer shown.") % {"day": day}
