"""What a decision can do here: make one threshold looser, or end authority over data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ciforum.people import registry
from ciforum.people.models import Initiative
from equity.gates import Answer
from equity.models import DataAuthority, Loosening
from equity.steps import Carrier, end_authority, loosen_policy

LOOSEN = "policy.loosen"
END_AUTHORITY = "authority.end"


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


# --- ending a council's authority over its group's data


def _authority(initiative: Initiative, params: dict[str, Any]) -> DataAuthority | None:
    try:
        uid = UUID(str(params.get("authority", "")))
    except ValueError:
        return None
    own = DataAuthority.objects.for_initiative(initiative).standing()
    return own.select_related("group", "council", "initiative").filter(uid=uid).first()


def _ended(authority: DataAuthority) -> str:
    return _("“%(council)s” no longer decides whether numbers of “%(group)s” are shown.") % {
        "council": authority.council.name,
        "group": authority.group.name,
    }


def _authorities(initiative: Initiative) -> Iterable[tuple[dict[str, Any], str]]:
    standing = DataAuthority.objects.for_initiative(initiative).standing()
    known = standing.select_related("group", "council")
    return [({"authority": str(each.uid)}, _ended(each)) for each in known]


def _end(decision: Carrier, authority: DataAuthority) -> None:
    authority.end_by_decision(decision)


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
    registry.effects.add(
        END_AUTHORITY,
        registry.Effect(
            label=gettext_lazy("End a council's authority over data"),
            sentence=_ended,
            subject=_authority,
            ask=lambda authority, decision: end_authority.ask(authority.carried_by(decision)),
            carry_out=_end,
            content=lambda authority: {
                "council": dict(authority.council.name),
                "group": dict(authority.group.name),
            },
            choices=_authorities,
        ),
    )
