"""Refuse to start when a gate could not hold anything."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from equity.gates import Gate


@register
def every_gate_has_a_rule(**kwargs: Any) -> list[CheckMessage]:
    """A gate without a rule would let everything pass."""
    return [
        Error(
            f"The gate {gate.name} has no rule.",
            hint="Register one in equity/strategies/.",
            id="equity.E001",
        )
        for gate in Gate.all.values()
        if not gate.rules
    ]
