"""The paper of a decision: all that is put to the vote, in one value with one digest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ciforum.people import registry
from ciforum.people.models import Citation
from ciforum.people.models.chain import digest

if TYPE_CHECKING:
    from agenda.models import Decision

WORDS = ("title", "purpose", "can_change", "text")
RULES = ("method", "secret", "points", "quorum", "threshold", "voting_days", "last_word_days")


def content(decision: Decision) -> dict[str, Any]:
    """Plain values: words per language, options, groups, rules, evidence, and what it would do."""
    cited = Citation.objects.of(decision).values_list("citable__uid", flat=True)
    return {**own_content(decision, cited), "effect_content": effect_content(decision)}


def own_content(decision: Decision, cited: Iterable[UUID]) -> dict[str, Any]:
    """The same without what the effect would put in force; `cited` is the evidence pack."""
    options = sorted(decision.options.all(), key=lambda each: each.key)
    return {
        **{name: dict(getattr(decision, name)) for name in WORDS},
        **{name: getattr(decision, name) for name in RULES},
        "committee": str(decision.committee.uid),
        "options": [[each.key, dict(each.label)] for each in options],
        "groups": sorted(str(each.group.uid) for each in decision.affected.all()),
        "evidence": sorted(str(uid) for uid in cited),
        "effect": decision.effect,
        "effect_params": decision.effect_params,
    }


def effect_content(decision: Decision) -> Any:
    """The text that the effect would put in force, so that it is frozen with the decision."""
    effect = registry.effects.get(decision.effect)
    subject = effect.subject(decision.initiative, decision.effect_params) if effect else None
    return effect.content(subject) if effect and subject is not None else None


def fingerprint(decision: Decision) -> str:
    """SHA-256 of the paper as it stands now, in hex."""
    return digest(content(decision))
