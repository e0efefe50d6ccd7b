"""Refuse to start when a gate could not hold anything, or when nobody passes it."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from ciforum.people.checks import AT_EVERY_START
from equity.gates import Gate


@register(AT_EVERY_START)
def every_gate_has_a_rule_in_force(**kwargs: Any) -> list[CheckMessage]:
    """A gate without a rule would let everything pass; one that only waits, nothing."""
    return [
        Error(
            f"The gate {gate.name} has no rule in force.",
            hint="Register one in equity/strategies/.",
            id="equity.E001",
        )
        for gate in Gate.all.values()
        if not any(rule.in_force for rule in gate.rules)
    ]


@register(AT_EVERY_START)
def every_gate_is_passed_by_somebody(**kwargs: Any) -> list[CheckMessage]:
    """Rules at a gate that no record passes would be a promise nobody keeps."""
    return [
        Error(
            f"{why} {gate.name}.",
            hint="The app that owns the records calls gate.guards(Model) at start-up; the model "
            "has a field `passed` and a trigger that names the gate.",
            id="equity.E002",
        )
        for gate in Gate.all.values()
        if (why := _unguarded(gate))
    ]


def _unguarded(gate: Gate[Any]) -> str:
    if gate.model is None:
        return "No model passes the gate"
    meta = gate.model._meta
    if not any(field.name == gate.kept_in for field in meta.fields):
        return f"{meta.label} does not keep the ledger entry with which it passed"
    if not any(f"'{gate.name}'" in str(trigger.func) for trigger in getattr(meta, "triggers", [])):
        return f"No trigger holds {meta.label} back behind the database's own"
    return ""
