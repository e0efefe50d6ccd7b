"""All that the page of one decision shows to this reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from agenda import citing
from agenda.deciding import changes, heard, results, standing, words
from agenda.permissions import may_edit_decision
from ciforum.people import registry
from ciforum.people.models import Citation
from equity.gates import Gate
from equity.models import LedgerEntry
from equity.presenting import Answers, gate_label, present
from equity.sentences import sentence
from equity.steps import close_decision, open_input, open_voting

if TYPE_CHECKING:
    from agenda.deciding.standing import Reader
    from agenda.models import Decision, Outcome
    from ciforum.people.requests import MemberRequest

ENTRIES = 20

# The gate that stands before a decision in this state, and what passing it is called.
NEXT: dict[str, tuple[Gate[Any], Callable[[], str]]] = {
    "draft": (open_input, lambda: _("open it for input")),
    "last_word": (open_voting, lambda: _("open the vote")),
    "counted": (close_decision, lambda: _("close this decision")),
}


def context(request: MemberRequest, decision: Decision) -> dict[str, Any]:
    """Everything for `templates/agenda/decisions/decision.html`."""
    member = request.membership
    who = standing.reader(decision, member)
    outcome = decision.outcome
    rounds = list(decision.rounds.order_by("number"))
    return {
        "decision": decision,
        "who": who,
        "status": standing.STATUS[decision.state],
        "now": standing.now(decision),
        "steps": [] if decision.state in ("draft", "withdrawn") else standing.steps(decision),
        "action": standing.action(decision, who),
        "held": _held(request, decision),
        "rules": _rules(request, decision, who),
        **_paper(request, decision),
        **_said(request, decision, rounds),
        "changes": changes.between_rounds(decision, rounds),
        **_voting(decision, who),
        **_outcome(decision, outcome, who),
        "recusals": _recusals(decision),
        "entries": _entries(decision) if member else [],
        "may_edit": may_edit_decision(member, decision),
        "voids": standing.voids(decision),
        "may_recuse": bool(standing.may_stand_back(decision, who.seats)),
        "may_withdraw": who.takes_on and standing.may_withdraw(decision, outcome),
    }


# --- gates


def _entries(decision: Decision) -> list[tuple[LedgerEntry, str]]:
    """What its gates said so far, newest first, each with the name of its gate."""
    found = LedgerEntry.objects.about(decision).select_related("initiative")[:ENTRIES]
    return [(each, gate_label(each.gate)) for each in found]


def _held(request: MemberRequest, decision: Decision) -> tuple[Answers, str] | None:
    """After a try that was held: what the rules say by now; None once all are met."""
    if "held" not in request.GET or decision.state not in NEXT or request.membership is None:
        return None
    gate, name = NEXT[decision.state]
    answers = present(gate.ask(decision), record=decision, member=request.membership)
    return (answers, name()) if answers.unmet else None


def _rules(request: MemberRequest, decision: Decision, who: Reader) -> tuple[Answers, str] | None:
    """To those who take it on: what the next gate says, before they try."""
    if not who.takes_on or decision.state not in NEXT or "held" in request.GET:
        return None
    gate, name = NEXT[decision.state]
    return present(gate.ask(decision), record=decision, member=request.membership), name()


# --- the paper


def _paper(request: MemberRequest, decision: Decision) -> dict[str, Any]:
    seated = {seat.group_id for seat in decision.committee.seated() if seat.group_id}
    return {
        "options": list(decision.options.all()),
        "evidence": citing.present(Citation.objects.of(decision), request.membership),
        "affected": [
            (each, each.group_id in seated)
            for each in decision.affected.select_related("group__dimension")
        ],
        "method_words": words.METHODS[decision.method],
        "quorum": words.quorum_sentences(decision.quorum),
        "threshold": words.threshold_sentences(decision.threshold, decision.method),
        "effect": _effect(decision),
    }


def _effect(decision: Decision) -> dict[str, Any] | None:
    """What it would put in force: the effect's sentence, and a way to its subject."""
    effect = registry.effects.get(decision.effect)
    if effect is None:
        return None
    subject = effect.subject(decision.initiative, decision.effect_params)
    address = getattr(subject, "get_absolute_url", None)
    return {
        "label": effect.label,
        "sentence": effect.sentence(subject) if subject is not None else "",
        "url": address() if address else "",
    }


# --- what people said


def _said(request: MemberRequest, decision: Decision, rounds: list[Any]) -> dict[str, Any]:
    member, slug = request.membership, request.initiative.slug
    ended = [each for each in rounds if each.ended_how]
    standing_round = next((each for each in rounds if not each.ended_how), None)
    return {
        "inputs": heard.inputs(decision, member, "input"),
        "talk": heard.inputs(decision, member, "deliberation") if member else [],
        "round": standing_round,
        "last_words": heard.last_words(standing_round, member, slug),
        "earlier_words": [
            (each, said) for each in ended if (said := heard.last_words(each, member, slug))
        ],
    }


# --- vote and count


def _voting(decision: Decision, who: Reader) -> dict[str, Any]:
    """While the vote is open: that seats have voted, and nothing of what they chose."""
    round = decision.round
    if decision.state != "voting" or round is None:
        return {}
    voted = decision.voted_seats()
    back = set(decision.recusals().values_list("seat", flat=True))
    electors = [
        each
        for each in round.electors.select_related("seat__holder__user")
        if each.seat_id not in back
    ]
    return {
        "voted": standing.voted_sentence(voted, len(electors)),
        "electors": [(each, each.seat_id in voted) for each in electors] if who.member else [],
    }


def _outcome(decision: Decision, outcome: Outcome | None, who: Reader) -> dict[str, Any]:
    if outcome is None:
        return {}
    return {
        "outcome": outcome,
        "result": results.shown(decision, outcome),
        "ballots": results.ballots(decision, outcome),
        "held_by": [sentence(each["code"], each["params"]) for each in outcome.held_by],
        "answers": decision.answers.select_related("seat__holder__user", "seat__organization"),
        "my_answers": {seat.pk for seat in who.seats},
        "review_due": standing.is_due_for_review(decision),
    }


def _recusals(decision: Decision) -> list[Any]:
    return list(decision.recusals().select_related("seat__holder__user"))
