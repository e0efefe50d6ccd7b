"""What the pages of the lexicon say: rows of the list, the wordings of a term, who said what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from agenda.lexicon import tallying
from agenda.lexicon.marking import opening
from agenda.lexicon.tallying import MEMBERS, OPEN_DAYS, RESIDENTS, Count
from agenda.models import Stance, Term, TermSettlement, TermWording
from agenda.models.lexicon import TermQuerySet
from ciforum.people import clock
from ciforum.people.context import Link
from ciforum.people.folding import folded
from ciforum.people.models import Initiative
from ciforum.people.requests import MemberRequest
from ciforum.people.words import Words

STATES = ("agreed", "proposed", "contested")


def readable(request: MemberRequest) -> TermQuerySet:
    """The terms this reader may open: all for members, those once settled for anybody."""
    own = Term.objects.for_initiative(request.initiative)
    return own if request.membership else own.public()


@dataclass(frozen=True)
class Row:
    """One term in the list."""

    term: Term
    word: str
    state: str  # of `Term.State`
    icon_state: str  # for _status.html
    status: str
    count: Count

    @property
    def opening(self) -> Words:
        """The first paragraph of what it means."""
        return Words({code: opening(text) for code, text in self.term.definition.items()})


def rows(terms: Iterable[Term], initiative: Initiative) -> list[Row]:
    """Terms in the order of their words, accents and case aside. Two queries for all."""
    found = list(terms)
    members = tallying.standing(initiative)
    stances: dict[int, list[tuple[int, bool]]] = {}
    newest = [term.newest_id for term in found]
    said = Stance.objects.for_initiative(initiative).filter(wording__in=newest)
    for wording, person, agrees in said.values_list("wording", "person", "agrees"):
        stances.setdefault(wording, []).append((person, agrees))
    made = [
        Row(
            term,
            str(term.word),
            term.state,
            *status(term),
            tallying.count(stances.get(term.newest_id or 0, []), members),
        )
        for term in found
    ]
    return sorted(made, key=lambda row: folded(row.word))


def status(term: Term) -> tuple[str, str]:
    """How a term stands: for `_status.html`, and in words."""
    match term.state:
        case Term.State.AGREED:
            return "ok", _("Agreed")
        case Term.State.CONTESTED:
            return "off", _("Contested")
    if term.in_force_id:
        return "watch", _("Agreed; other words are proposed")
    return "watch", _("Proposed")


def counts(rows: Iterable[Row]) -> dict[str, int]:
    every = [row.state for row in rows]
    return {"all": len(every), **{state: every.count(state) for state in STATES}}


def matching(rows: Iterable[Row], *, state: str = "", q: str = "") -> list[Row]:
    """Rows of a state whose word or meaning has `q` in it, accents and case aside."""
    wanted = folded(q.strip())
    return [
        row
        for row in rows
        if (state not in STATES or row.state == state) and (not wanted or wanted in _text(row.term))
    ]


def _text(term: Term) -> str:
    shown = term.shown
    parts = [*shown.word.values(), *shown.also.values(), *shown.definition.values()]
    return folded(" ".join(parts))


def states(request: MemberRequest, counts: dict[str, int], state: str, q: str) -> list[Link]:
    """The filter by state, as links that keep the search."""
    labels = {
        "": _("All (%(count)s)") % {"count": counts["all"]},
        "agreed": _("Agreed (%(count)s)") % {"count": counts["agreed"]},
        "proposed": _("Proposed (%(count)s)") % {"count": counts["proposed"]},
        "contested": _("Contested (%(count)s)") % {"count": counts["contested"]},
    }
    base = reverse("agenda:lexicon", args=[request.initiative.slug])
    return [
        Link(label, f"{base}?{urlencode({'state': name, 'q': q})}", is_current=name == state)
        for name, label in labels.items()
    ]


@dataclass(frozen=True)
class Told:
    """One wording with what was said of it."""

    wording: TermWording
    settlement: TermSettlement | None
    count: Count
    dissent: list[Stance]

    @property
    def anchor(self) -> str:
        return f"wording-{self.wording.number}"


def page(request: MemberRequest, term: Term) -> dict[str, Any]:
    """Everything the page of one term shows this reader."""
    told = _told(request, term)
    open_one = told.get(term.newest_id or 0) if term.is_open else None
    in_force = told.get(term.in_force_id or 0)
    state, words = status(term)
    return {
        "term": term,
        "state": state,
        "status": words,
        "in_force": in_force,
        "open": open_one,
        "open_status": _("Contested") if state == "off" else _("Proposed"),
        "earlier": [each for each in told.values() if each not in (in_force, open_one)],
        "lacks": lacks(term, open_one) if open_one else [],
        "remarks": _remarks(request, term),
        "own": own_stance(request, term),
    }


def _told(request: MemberRequest, term: Term) -> dict[int, Told]:
    """The wordings this reader may see, newest first: all for members, else the settled ones."""
    wordings = term.wordings.select_related("proposed_by", "initiative", "term").prefetch_related(
        "settlements",
        Prefetch("stances", Stance.objects.select_related("person").order_by("at", "id")),
    )
    members = tallying.standing(term.initiative)
    found = {}
    for wording in wordings:
        settled = list(wording.settlements.all())
        if request.membership is None and not settled:
            continue
        stances = list(wording.stances.all())
        agreed = settled[-1] if settled and settled[-1].outcome == "agreed" else None
        now = tallying.count(((each.person_id, each.agrees) for each in stances), members)
        found[wording.pk] = Told(
            wording,
            settled[-1] if settled else None,
            agreed.counted if agreed else now,
            [each for each in stances if not each.agrees],
        )
    return found


def lacks(term: Term, told: Told) -> list[str]:
    """What is missing before the open wording can be agreed, in sentences."""
    count, found = told.count, []
    if count.agree < MEMBERS:
        found.append(_("At least %(count)s members have to agree.") % {"count": MEMBERS})
    if count.agree_residents < RESIDENTS:
        found.append(_("At least %(count)s of them have to be residents.") % {"count": RESIDENTS})
    if count.agree and count.dissent >= count.agree:
        found.append(_("More have to agree than dissent."))
    if told.wording.missing_languages:
        found.append(_("It has to be written in every language of the initiative."))
    if clock.now() < told.wording.settles_from:
        found.append(_("It has to be open for %(days)s days.") % {"days": OPEN_DAYS})
    return found


def _remarks(request: MemberRequest, term: Term) -> list[Any]:
    if request.membership is None:
        return []
    return list(term.remarks.select_related("person"))


def own_stance(request: MemberRequest, term: Term) -> dict[str, Any]:
    """What she said of the newest wording, for the form; empty when she has not spoken."""
    if request.membership is None:
        return {}
    own = term.stances.filter(wording=term.newest, person=request.user).first()
    if own is None:
        return {}
    return {
        "agrees": "yes" if own.agrees else "no",
        "note": own.note,
        "shows_name": own.shows_name,
        "language": own.language,
    }
