"""The five strategies as questions, with live evidence and every rule. Never one score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from ciforum.people import registry
from ciforum.people.permissions import public
from ciforum.people.registry import Evidence
from ciforum.people.requests import MemberRequest
from equity.gates import Gate, Rule
from equity.sentences import STRATEGIES, waits_for
from equity.views.tabs import tabs


@dataclass(frozen=True)
class Strategy:
    number: int
    name: str | Promise
    question: str | Promise
    evidence: list[tuple[str | Promise, Evidence]]
    gates: list[tuple[Gate[Any], list[RuleLine]]]


@dataclass(frozen=True)
class RuleLine:
    rule: Rule[Any]

    @property
    def waits(self) -> str:
        """What a rule that is not in force waits for."""
        return "" if self.rule.in_force else waits_for(self.rule.until)


@public
@require_safe
def strategies(request: MemberRequest, initiative: str) -> HttpResponse:
    """What each strategy asks of this initiative, what it can show, and what its rules hold."""
    return render(
        request,
        "equity/strategies.html",
        {
            **tabs(request, "strategies"),
            "strategies": [
                Strategy(number, name, question, _evidence(request, number), list(_gates(number)))
                for number, (name, question) in STRATEGIES.items()
            ],
        },
    )


def _evidence(request: MemberRequest, number: int) -> list[tuple[str | Promise, Evidence]]:
    return [
        (source.question, source.answer(request.initiative, request.membership))
        for source in registry.evidence
        if source.strategy == number
    ]


def _gates(number: int) -> Iterator[tuple[Gate[Any], list[RuleLine]]]:
    """Each gate at which this strategy has rules, those in force first."""
    for gate in Gate.all.values():
        rules = [RuleLine(rule) for rule in gate.rules if rule.strategy == number]
        if rules:
            yield gate, sorted(rules, key=lambda line: not line.rule.in_force)
