"""The paper of a decision: all that is put to the vote, in one value with one digest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ciforum.people import registry
from ciforum.people.models import Citation
from ciforum.people.models.chain import digest

if TYPE_CHECKING:
    from agenda.models import Decision

WORDS = ("title", "purpose", "can_change", "text")
RULES = ("method", "secret", "points", "quorum", "threshold", "voting_days", "last_word_days")


def content(decision: Decision) -> dict[str, Any]:
    """Plain values: words per language, options, groups, rules, evidence, and what it would do."""
    return {
        **{name: dict(getattr(decision, name)) for name in WORDS},
        **{name: getattr(decision, name) for name in RULES},
        "committee": str(decision.committee.uid),
        "options": [[each.key, dict(each.label)] for each in decision.options.order_by("key")],
        "groups": sorted(str(each.group.uid) for each in decision.affected.select_related("group")),
        "evidence": sorted(
            str(uid) for uid in Citation.objects.of(decision).values_list("citable__uid", flat=True)
        ),
        "effect": decision.effect,
        "effect_params": decision.effect_params,
        "effect_content": effect_content(decision),
    }


def effect_content(decision: Decision) -> Any:
    """The text that the effect would put in force, so that it is frozen with the decision."""
    effect = registry.effects.get(decision.effect)
    subject = effect.subject(decision.initiative, decision.effect_params) if effect else None
    return effect.content(subject) if effect and subject is not None else None


def fingerprint(decision: Decision) -> str:
    """SHA-256 of the paper as it stands now, in hex."""
    return digest(content(decision))
