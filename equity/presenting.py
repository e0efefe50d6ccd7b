"""Answers of rules as a page shows them: sorted by outcome, with sentence, remedy and waiver."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse

from equity.gates import Answer, Gate, Gated
from equity.permissions import may_ask_waiver
from equity.sentences import GAP_CODES, REMEDIES, sentence, strategy_name, waits_for

if TYPE_CHECKING:
    from ciforum.people.models import Membership
    from equity.models import LedgerEntry


@dataclass(frozen=True)
class Line:
    """One rule's answer, as `_rule.html` needs it."""

    strategy: int | None
    sentence: str
    promise: str = ""
    remedy_url: str = ""
    remedy_label: str = ""
    waiver_url: str = ""

    @property
    def strategy_name(self) -> str:
        return strategy_name(self.strategy)


@dataclass(frozen=True)
class Answers:
    """All rules of a gate, as `_held.html` needs them."""

    unmet: list[Line] = field(default_factory=list)
    met: list[Line] = field(default_factory=list)
    waived: list[Line] = field(default_factory=list)
    not_yet: list[Line] = field(default_factory=list)
    noted: list[Line] = field(default_factory=list)


def present(
    answers: Iterable[Answer], *, record: Gated | None = None, member: Membership | None = None
) -> Answers:
    """What a gate answers, in the reader's language.

    With `record`, an unmet rule links the screen that meets it; with a `member` who may ask for
    waivers, one that can be waived links the form as well.
    """
    shown = Answers()
    for answer in answers:
        gate, asked = answer.rule.gate, answer.as_json()
        waiver_url = _waiver_url(answer, record, member)
        for part in _apart(asked):
            _add(shown, gate.name, part, record, waiver_url)
    return shown


def present_entry(entry: LedgerEntry) -> Answers:
    """What the rules said when this entry was written."""
    shown = Answers()
    for answer in entry.answers:
        _add(shown, entry.gate, answer, None, "")
    return shown


def promise(gate: str, rule: str) -> str:
    """What the rule asks for, or "" when there is no such rule any more."""
    rules = Gate.all[gate].rules if gate in Gate.all else []
    return next((str(each.promise) for each in rules if each.code == rule), "")


def gate_label(gate: str) -> str:
    """What the gate is called; its bare name when there is no such gate any more."""
    known = Gate.all.get(gate)
    return str(known.label) if known else gate


def _apart(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """A rule that lacks several breakdowns says one line for each, with its own remedy."""
    if answer["outcome"] != "unmet" or answer["code"] not in GAP_CODES.values():
        return [answer]
    return [
        {
            **answer,
            "code": GAP_CODES[gap["request"]],
            "params": {**answer["params"], "missing": [gap]},
        }
        for gap in answer["params"]["missing"]
    ]


def _add(
    shown: Answers, gate: str, answer: dict[str, Any], record: Gated | None, waiver_url: str
) -> None:
    code, params, outcome = answer["code"], answer["params"], answer["outcome"]
    later = outcome == "not_yet"
    asked = promise(gate, answer["rule"])
    said = waits_for(params.get("until", "")) if later else sentence(code, params)
    has_remedy = outcome == "unmet" and record is not None and code in REMEDIES
    line = Line(
        strategy=answer.get("strategy"),
        sentence=f"{asked} {said}".strip() if later else said,
        promise=asked,
        remedy_url=record.remedy_url(code) if record and has_remedy else "",
        remedy_label=str(REMEDIES[code]) if has_remedy else "",
        waiver_url=waiver_url if outcome == "unmet" else "",
    )
    getattr(shown, outcome).append(line)


def _waiver_url(answer: Answer, record: Gated | None, member: Membership | None) -> str:
    rule = answer.rule
    if record is None or not rule.waivable or not may_ask_waiver(member):
        return ""
    if answer.outcome != "unmet" or answer.code == "could_not_be_checked":
        return ""
    query = urlencode({"record": record.uid, "gate": rule.gate.name, "rule": rule.code})
    return reverse("equity:waiver_new", args=[record.initiative.slug]) + "?" + query
