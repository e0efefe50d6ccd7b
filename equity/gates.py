"""Gates: named steps that are held until every rule is met.

A gate is a typed object: a misspelt one is an import error, and mypy reports a record that cannot
answer its Protocol. Rules register themselves in `equity/strategies/`. A rule that crashes holds
the step: gates fail closed. Every answer is written to the ledger: passing records the evidence,
failing raises `GateClosed` with every unmet rule at once.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from ciforum.people.transitions import Refused
from equity.models import LedgerEntry, Policy, Waiver

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from ciforum.people.models import Initiative, User

log = logging.getLogger(__name__)


class Gated(Protocol):
    """What every record that stands before a gate can answer."""

    uid: UUID

    @property
    def initiative(self) -> Initiative: ...

    def ledger_label(self) -> dict[str, str]:
        """What the ledger calls this record, per language."""
        ...

    def remedy_url(self, code: str) -> str:
        """The screen where the rule with this code can be met."""
        ...

    def get_absolute_url(self) -> str: ...


@dataclass(frozen=True)
class Met:
    """The rule is content; `evidence` (plain values) says what it saw."""

    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Unmet:
    """The rule is not content. `params` fill the sentence that its code names."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class NotYet:
    """The rule's evidence cannot exist yet: listed in public, never counted as passed."""

    until: str


Verdict = Met | Unmet | NotYet
Record = TypeVar("Record", bound=Gated)
Question = Callable[[Record, Policy], Verdict]


@dataclass(frozen=True)
class Rule(Generic[Record]):
    """One question of one strategy at one gate. `promise` says to everybody what it asks for."""

    gate: Gate[Record]
    strategy: int
    code: str
    promise: str | _StrPromise
    ask: Question[Record]
    waivable: bool = False
    until: str = ""  # what it waits for, when its evidence cannot exist yet

    @property
    def in_force(self) -> bool:
        return not self.until


@dataclass(frozen=True)
class Answer:
    """What one rule said: outcome is met, unmet, waived or not_yet; params are plain values."""

    rule: Rule[Any]
    outcome: str
    code: str
    params: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule.code,
            "strategy": self.rule.strategy,
            "outcome": self.outcome,
            "code": self.code,
            "params": self.params,
        }


class GateClosed(Refused):
    """The step is held. `unmet` lists every rule that is not met, `answers` all of them."""

    entry: LedgerEntry | None = None  # the hold, once it is written

    def __init__(
        self, gate: Gate[Any], record: Gated, answers: list[Answer], by: User | None
    ) -> None:
        self.gate, self.subject, self.answers, self.by = gate, record, answers, by
        self.unmet = [Unmet(a.code, a.params) for a in answers if a.outcome == "unmet"]
        super().__init__(f"{gate.name}: " + ", ".join(unmet.code for unmet in self.unmet))

    def record(self) -> None:
        """Write the hold to the ledger, after the rollback."""
        self.entry = LedgerEntry.write(
            kind=LedgerEntry.Kind.HOLD,
            gate=self.gate.name,
            record=self.subject,
            answers=[answer.as_json() for answer in self.answers],
            by=self.by,
        )


class Gate(Generic[Record]):
    """A named step. `Gate.all` knows every gate there is."""

    all: dict[str, Gate[Any]] = {}

    def __init__(self, name: str, label: str | _StrPromise) -> None:
        if name in Gate.all:
            raise ValueError(f"the gate {name!r} stands twice")
        self.name, self.label = name, label
        self.rules: list[Rule[Record]] = []
        self.model: type[models.Model] | None = None
        self.kept_in = "passed"
        Gate.all[name] = self

    def guards(self, model: type[models.Model], *, kept_in: str = "passed") -> None:
        """Say which records pass here, and in which field they keep the entry of the passage.

        The app that owns them calls this at start-up.
        """
        self.model, self.kept_in = model, kept_in

    def find(self, initiative: Initiative, uid: UUID) -> Any | None:
        """The record of this initiative with this uid, if it stands before this gate."""
        if self.model is None:
            return None
        return self.model._base_manager.filter(initiative=initiative, uid=uid).first()

    def rule(
        self, *, strategy: int, code: str, promise: str | _StrPromise, waivable: bool = False
    ) -> Callable[[Question[Record]], Question[Record]]:
        """Register a question as a rule of an equity strategy (1–5) at this gate."""

        def register(ask: Question[Record]) -> Question[Record]:
            self._add(Rule(self, strategy, code, promise, ask, waivable))
            return ask

        return register

    def later(self, *, strategy: int, code: str, promise: str | _StrPromise, until: str) -> None:
        """List a rule whose evidence cannot exist before `until`: it is never counted as met."""
        self._add(Rule(self, strategy, code, promise, lambda *_asked: NotYet(until), until=until))

    def _add(self, rule: Rule[Record]) -> None:
        if rule.strategy not in range(1, 6):
            raise ValueError(f"{self.name}: there is no equity strategy {rule.strategy}")
        if any(known.code == rule.code for known in self.rules):
            raise ValueError(f"{self.name} has the rule {rule.code!r} already")
        self.rules.append(rule)

    def ask(self, record: Record) -> list[Answer]:
        """What every rule says of this record now. Changes nothing."""
        policy = Policy.of(record.initiative)
        waived = Waiver.codes_for(self.name, record)
        return [_answer(rule, record, policy, waived.get(rule.code)) for rule in self.rules]

    def require(self, record: Record, *, by: User | None) -> LedgerEntry:
        """Answer the ledger entry of the passage, or raise GateClosed with every objection.

        The verb that asks holds the locks on all that the rules read. A gate none of whose rules
        could be met or waived stays closed too.
        """
        answers = self.ask(record)
        if all(answer.outcome == "not_yet" for answer in answers):
            answers.append(_nothing_in_force(self))
        if any(answer.outcome == "unmet" for answer in answers):
            raise GateClosed(self, record, answers, by)
        return LedgerEntry.write(
            kind=LedgerEntry.Kind.PASS,
            gate=self.name,
            record=record,
            answers=[answer.as_json() for answer in answers],
            by=by,
        )


def _answer(
    rule: Rule[Record], record: Record, policy: Policy, waived_until: datetime | None
) -> Answer:
    """One rule's answer; a rule that crashes, or answers what cannot be kept, is not met."""
    try:
        # A savepoint: a query that fails in one rule must not silence the rules after it.
        with transaction.atomic():
            verdict = rule.ask(record, policy)
        match verdict:
            case Met(evidence):
                return Answer(rule, "met", rule.code, _plain(evidence))
            case NotYet(until):
                return Answer(rule, "not_yet", rule.code, {"until": until})
            case Unmet(code, params) if rule.waivable and waived_until:
                return Answer(
                    rule, "waived", code, _plain({**params, "waived_until": waived_until})
                )
            case Unmet(code, params):
                return Answer(rule, "unmet", code, _plain(params))
        raise TypeError(f"{verdict!r} is no verdict")
    except Exception:
        log.exception("the rule %s of %s crashed; the step is held", rule.code, rule.gate.name)
        return Answer(rule, "unmet", "could_not_be_checked", {"rule": rule.code})


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """As the ledger will keep them. Raises TypeError or ValueError for what JSON cannot hold."""
    return json.loads(json.dumps(values, cls=DjangoJSONEncoder, allow_nan=False))


def _nothing_in_force(gate: Gate[Any]) -> Answer:
    rule = Rule(gate, 5, "no_rule_in_force", "", lambda *_asked: Unmet("no_rule_in_force"))
    return Answer(rule, "unmet", rule.code, {})


class Releasable(Gated, Protocol):
    """What the rules of `measurement.release.publish` ask a release."""

    def missing_dimensions(self) -> list[dict[str, Any]]:
        """Required dimensions without values in the latest period and without a standing request.

        Each is {"dimension": words, "groups": [words], "request": a key of GAP_CODES}.
        """
        ...

    def filled_dimensions(self) -> list[dict[str, str]]: ...

    def protection(self) -> dict[str, Any]:
        """{"state": "none" | "stale" | "impossible" | "weak" | "sound", counts…}."""
        ...

    def authorities(self) -> list[dict[str, Any]]:
        """The councils with authority over a group's numbers in it, and what their seats say.

        Each is {"group": words, "council": words, "seats": n, "release": n, "withhold": n, "says":
        "release" | "withhold" | "", "withheld": whether the protection hides the group}.
        """
        ...

    def story_words(self) -> int:
        """How many words the story behind the numbers has, in its fullest language."""
        ...

    def has_values(self) -> bool: ...

    def structural_causes(self) -> dict[str, Any]:
        """Whether it shows groups, and why they differ.

        {"groups": bool, "events": how many structural events are named, "until": day of the
        statement that it has not been looked into, or "", "overdue": whether that day is over}.
        """
        ...

    def systems_shifts(self) -> dict[str, Any]:
        """Whether it is a headline number, and the systems shifts that are meant to move it.

        {"headline": bool, "shifts": {state: how many}}, without those that were withdrawn.
        """
        ...


publish_release: Gate[Releasable] = Gate("measurement.release.publish", _("Publish a release"))
