"""Quotes at a station: words that their teller lets be shown there, asked at every rendering.

A kind of record can be quoted when its citations have `consented(citable, audience, purpose)`. It
answers the words that this audience may read now for this purpose, or "". Nothing else can put a
quote at a station; while no kind offers it, no station has one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ciforum.people import registry
from ciforum.people.models import Citation

if TYPE_CHECKING:
    from ciforum.people.models import Citable, Initiative
    from ciforum.people.registry import CitationKind

# A station hangs in a hall and opens on any phone.
AUDIENCE, PURPOSE = "public", "data_walk"


@dataclass(frozen=True)
class Quote:
    """Somebody's words, with what they are called and where they come from."""

    words: str
    title: str
    url: str


def kinds() -> dict[str, CitationKind]:
    """The kinds of record whose words can be quoted with consent."""
    return {name: kind for name, kind in registry.citations.items() if kind.consented}


def find(initiative: Initiative, kind: str, uid: Any) -> Citable | None:
    """The record to quote, if its teller allows it here now."""
    known = kinds().get(kind)
    citable: Citable | None = known.find(initiative, uid) if known else None
    return citable if citable is not None and _words(citable) else None


def at(station: Any) -> Quote | None:
    """The quote of a station as it may be read now, or None."""
    citation = Citation.objects.of(station).select_related("citable__initiative").first()
    if citation is None:
        return None
    citable, words = citation.citable, _words(citation.citable)
    if not words:
        return None
    kind = kinds()[citable.kind]
    return Quote(words, kind.title(citable), kind.url(citable))


def _words(citable: Citable) -> str:
    kind = kinds().get(citable.kind)
    if kind is None or kind.consented is None or citable.withdrawn_at:
        return ""
    return kind.consented(citable, AUDIENCE, PURPOSE)
