"""What the timeline shows, and how an event reads where others cite it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.citing import hang, record_of
from agenda.models.history import HistoryEvent
from agenda.permissions import may_publish_event
from ciforum.people import registry
from ciforum.people.folding import folded
from ciforum.people.models import Citable, Citation

if TYPE_CHECKING:
    from uuid import UUID

    from agenda.models.history import HistoryEventQuerySet
    from ciforum.people.models import Initiative, Membership, Place

KIND = "event"


@dataclass(frozen=True)
class Asked:
    """What the reader asked to see of the timeline; empty is all."""

    kind: str = ""
    place: Place | None = None
    words: str = ""
    structural: bool = False


@dataclass(frozen=True)
class Decade:
    year: int
    events: list[HistoryEvent] = field(default_factory=list)


def found(initiative: Initiative, asked: Asked) -> list[HistoryEvent]:
    """The published events that fit, oldest first."""
    events = HistoryEvent.objects.for_initiative(initiative).published()
    events = events.select_related("place", "initiative")
    if asked.kind:
        events = events.filter(kind=asked.kind)
    if asked.structural:
        events = events.structural()
    if asked.place:
        events = events.filter(place__in=_with_parts(asked.place))
    words = folded(asked.words).split()
    return [each for each in events if not words or _says(each, words)]


def _with_parts(place: Place) -> list[int]:
    """The place and everything that lies in it."""
    every, layer = {place.pk}, {place.pk}
    while layer:
        parts = type(place).objects.filter(parent__in=layer).values_list("pk", flat=True)
        layer = set(parts) - every
        every |= layer
    return list(every)


def _says(event: HistoryEvent, words: list[str]) -> bool:
    """All of the words stand somewhere in it, in any of its languages."""
    texts = (*event.title.values(), *event.what_happened.values(), event.told_by, event.source)
    whole = folded(" ".join(texts))
    return all(word in whole for word in words)


def decades(events: Iterable[HistoryEvent]) -> list[Decade]:
    return [Decade(year, list(inside)) for year, inside in groupby(events, lambda e: e.decade)]


def drafts_for(initiative: Initiative, member: Membership | None) -> HistoryEventQuerySet:
    """Events that wait to be published: her own, or all where she may publish."""
    drafts = HistoryEvent.objects.for_initiative(initiative).filter(state="draft")
    drafts = drafts.select_related("place", "initiative", "proposed_by")
    if member is None:
        return drafts.none()
    return drafts if may_publish_event(member) else drafts.filter(proposed_by=member.user)


# --- where others cite it


def citing(event: HistoryEvent, member: Membership | None) -> tuple[list[Any], int]:
    """What cites the event, as far as this reader may see it, and how much else does."""
    if event.citable_id is None:
        return [], 0
    citations = list(Citation.objects.filter(citable=event.citable_id))
    shown: list[Any] = []
    hidden = 0
    for citation in citations:
        citer = registry.citers.get(citation.source_kind)
        face = citer(citation, member) if citer else None
        if face is None:
            hidden += 1
        else:
            shown.append(face)
    return shown, hidden


def of(citable: Citable) -> HistoryEvent:
    found: HistoryEvent = record_of(citable, _every())
    return found


def _every() -> HistoryEventQuerySet:
    return HistoryEvent.objects.select_related("initiative")


def _title(citable: Citable) -> str:
    event = of(citable)
    return str(event.title) if event.is_published else _("An event that was withdrawn")


def _excerpt(citable: Citable, member: Membership | None) -> str:
    event = of(citable)
    return _("%(when)s: %(kind)s. %(title)s") % {
        "when": event.when,
        "kind": event.get_kind_display(),
        "title": event.title,
    }


def _visible(citable: Citable, member: Membership | None) -> bool:
    return of(citable).is_published


def _choices(initiative: Initiative, member: Membership | None) -> Iterable[tuple[UUID, str]]:
    for event in HistoryEvent.objects.for_initiative(initiative).published():
        yield event.uid, f"{event.began} · {event.title}"


def _find(initiative: Initiative, uid: UUID) -> Citable | None:
    events = HistoryEvent.objects.for_initiative(initiative).published()
    event = events.filter(Q(uid=uid)).first()
    return Citable.of(event, KIND) if event else None


def _traits(citable: Citable) -> set[str]:
    event = of(citable)
    return {"structural"} if event.is_structural and event.is_published else set()


def register() -> None:
    """Let others cite events; called once at start-up."""
    registry.citations.add(
        KIND,
        registry.CitationKind(
            label=gettext_lazy("Event of our history"),
            icon="history",
            title=_title,
            url=lambda citable: of(citable).get_absolute_url(),
            excerpt=_excerpt,
            visible_to=_visible,
            choices=_choices,
            find=_find,
            traits=_traits,
            load=lambda citables: hang(citables, _every()),
        ),
    )
