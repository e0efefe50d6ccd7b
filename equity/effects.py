"""What a decision of the community can do to the policy: make one threshold looser."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ciforum.people import registry
from ciforum.people.models import Initiative
from equity.gates import Answer
from equity.models import Loosening
from equity.steps import Carrier, loosen_policy

LOOSEN = "policy.loosen"


def params_of(loosening: Loosening) -> dict[str, Any]:
    """What a decision keeps of it: plain values."""
    return {
        "loosening": str(loosening.uid),
        "threshold": loosening.threshold,
        "value": loosening.after,
    }


def _sentence(loosening: Loosening) -> str:
    return _("“%(threshold)s” goes from %(before)s to %(after)s.") % {
        "threshold": loosening.threshold_name,
        "before": loosening.before,
        "after": loosening.after,
    }


def _subject(initiative: Initiative, params: dict[str, Any]) -> Loosening | None:
    try:
        uid = UUID(str(params.get("loosening", "")))
    except ValueError:
        return None
    found = Loosening.objects.for_initiative(initiative).filter(
        uid=uid, threshold=params.get("threshold"), after=params.get("value")
    )
    return found.first()


def _ask(loosening: Loosening, decision: Carrier) -> list[Answer]:
    return loosen_policy.ask(loosening.carried_by(decision))


def _carry_out(decision: Carrier, loosening: Loosening) -> None:
    loosening.adopt(decision=decision)


def _content(loosening: Loosening) -> dict[str, Any]:
    return {
        "threshold": loosening.threshold,
        "before": loosening.before,
        "after": loosening.after,
        "reason": dict(loosening.reason),
    }


def _choices(initiative: Initiative) -> Iterable[tuple[dict[str, Any], str]]:
    waiting = Loosening.objects.for_initiative(initiative).proposed().filter(decision_uid=None)
    return [(params_of(each), _sentence(each)) for each in waiting]


def _freeze(loosening: Loosening, decision: Carrier) -> None:
    loosening.be_carried(decision)


def _let_go(loosening: Loosening, decision: Carrier) -> None:
    if loosening.state == Loosening.State.PROPOSED:
        loosening.drop(by=decision.closed_by)


def register() -> None:
    """Fill the ground's table of effects; called once at start-up."""
    registry.effects.add(
        LOOSEN,
        registry.Effect(
            label=gettext_lazy("Make a threshold looser"),
            sentence=_sentence,
            subject=_subject,
            ask=_ask,
            carry_out=_carry_out,
            content=_content,
            choices=_choices,
            freeze=_freeze,
            let_go=_let_go,
        ),
    )
