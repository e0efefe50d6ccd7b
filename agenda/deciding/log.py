"""The decision log: decisions found by state, committee, outcome, year and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from agenda.deciding import results
from agenda.deciding.standing import STATUS, when
from agenda.models import Decision, Outcome
from ciforum.people.folding import folded

if TYPE_CHECKING:
    from agenda.models.decisions import DecisionQuerySet
    from ciforum.people.models import Initiative, Membership

RUNNING = ("input", "deliberation", "last_word", "voting", "counted")
ORDERS = {
    "new": ("-number",),
    "old": ("number",),
    "soon": (F("next_at").asc(nulls_last=True), "-number"),
}


def readable(initiative: Initiative, member: Membership | None) -> DecisionQuerySet:
    """Those this reader may see: members also the drafts."""
    own = Decision.objects.for_initiative(initiative)
    return own if member is not None else own.public()


def counted(found: DecisionQuerySet) -> DecisionQuerySet:
    """With `result` (what came out, or None) and `next_at` (when the clock acts on it)."""
    standing = Outcome.objects.filter(decision=OuterRef("pk"), round__ended_how="")
    return found.annotate(
        result=Subquery(standing.values("outcome")[:1]),
        next_at=Case(When(state="input", then=F("input_until")), default=F("acts_at")),
    ).select_related("initiative", "committee__initiative")


def find(
    initiative: Initiative, member: Membership | None, wanted: Mapping[str, Any]
) -> DecisionQuerySet:
    """The decisions that fit. `wanted`: state, committee, outcome, year, q, order; all optional."""
    found = counted(readable(initiative, member)).filter(_fits(wanted))
    if wanted.get("outcome"):
        found = found.filter(result=wanted["outcome"])
    if q := folded(wanted.get("q") or ""):
        found = found.filter(pk__in=_with_words(found, q))
    return found.order_by(*ORDERS.get(wanted.get("order") or "", ORDERS["new"]))


def _fits(wanted: Mapping[str, Any]) -> Q:
    fits = Q()
    state = wanted.get("state")
    if state == "running":
        fits &= Q(state__in=RUNNING)
    elif state:
        fits &= Q(state=state)
    if committee := wanted.get("committee"):
        fits &= Q(committee=committee)
    if year := wanted.get("year"):
        fits &= Q(closed_at__year=year) | Q(closed_at=None, created_at__year=year)
    return fits


def _with_words(found: DecisionQuerySet, q: str) -> list[int]:
    """Those with the words in title, purpose or text, whatever the accents."""
    rows = found.values_list("pk", "title", "purpose", "text")
    return [
        pk
        for pk, *texts in rows
        if any(q in folded(each) for text in texts for each in text.values())
    ]


def years(found: DecisionQuerySet) -> list[int]:
    """The years in which they were closed or, where they are not, began; newest first."""
    moments = found.annotate(moment=Coalesce("closed_at", "created_at"))
    return [each.year for each in moments.dates("moment", "year", order="DESC")]


@dataclass(frozen=True)
class Row:
    """A decision as the log shows it."""

    decision: Decision
    state: str  # for _status.html
    status: str
    next_at: str


def row(decision: Any) -> Row:
    """Of a decision found by `find`: its outcome once it is counted, else its state."""
    state, status = STATUS[decision.state], str(decision.get_state_display())
    if decision.result and decision.state in ("counted", "closed"):
        state, status = results.STATES[decision.result], results.label(decision.result)
    return Row(decision, state, status, when(decision.next_at, decision.initiative.zone))
