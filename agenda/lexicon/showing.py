"""How a term reads where others cite it, and what the lexicon shows for the equity strategies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agenda.citing import hang, record_of
from agenda.lexicon.marking import opening
from agenda.models import Term
from ciforum.people import registry
from ciforum.people.folding import folded
from ciforum.people.models import Citable, Initiative, Membership
from ciforum.people.registry import Evidence, EvidenceSource

if TYPE_CHECKING:
    from uuid import UUID

    from agenda.models.lexicon import TermQuerySet

KIND = "term"


def of(citable: Any) -> Term:
    """The term that a citable stands for."""
    term: Term = record_of(citable, _every())
    return term


def _every() -> TermQuerySet:
    return Term.objects.all().whole()


def _excerpt(citable: Any, member: Membership | None) -> str:
    return opening(str(of(citable).definition))


def _visible(citable: Any, member: Membership | None) -> bool:
    term = of(citable)
    return term.is_public or (member is not None and member.initiative_id == term.initiative_id)


def _choices(initiative: Initiative, member: Membership | None) -> Iterable[tuple[UUID, str]]:
    terms = Term.objects.for_initiative(initiative).in_use().whole()
    named = [(term.uid, str(term.word)) for term in terms]
    return sorted(named, key=lambda each: folded(each[1]))


def _find(initiative: Initiative, uid: Any) -> Citable | None:
    term = Term.objects.for_initiative(initiative).in_use().whole().filter(uid=uid).first()
    return Citable.of(term, KIND) if term else None


def core_words(initiative: Initiative, member: Membership | None) -> Evidence:
    """How many of the words that the charter waits for are agreed."""
    agreed = Term.objects.agreed_core(initiative).count()
    every = agreed + len(Term.missing_core(initiative))
    sentence = ngettext(
        "%(agreed)s of %(every)s core word is agreed.",
        "%(agreed)s of %(every)s core words are agreed.",
        every,
    ) % {"agreed": agreed, "every": every}
    url = reverse("agenda:lexicon", args=[initiative.slug])
    return Evidence(sentence, agreed, ((_("See the lexicon"), url),))


def _urls(initiative: Initiative) -> Iterable[str]:
    """The public pages, for the sitemap."""
    yield reverse("agenda:lexicon", args=[initiative.slug])
    for code in Term.objects.for_initiative(initiative).public().values_list("code", flat=True):
        yield reverse("agenda:term", args=[initiative.slug, code])


def register() -> None:
    """Fill the ground's tables of citations, evidence and public pages; called once at start-up."""
    registry.citations.add(
        KIND,
        registry.CitationKind(
            label=gettext_lazy("Word of the lexicon"),
            icon="book-open",
            title=lambda citable: str(of(citable).word),
            url=lambda citable: of(citable).get_absolute_url(),
            excerpt=_excerpt,
            visible_to=_visible,
            choices=_choices,
            find=_find,
            load=lambda citables: hang(citables, _every()),
        ),
    )
    registry.evidence.add(
        "agenda.core_words",
        EvidenceSource(1, gettext_lazy("Do we mean the same by our core words?"), core_words),
    )
    registry.public_urls.add("lexicon", _urls)
