"""A gate of the tests' own, and a record that stands before it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from ciforum.people.models import Initiative, Place
from ciforum.people.transitions import verb
from equity.gates import Gate


@dataclass
class Step:
    """A record that wants to go on; going on leaves a Place behind."""

    initiative: Initiative
    gate: Gate[Any]
    uid: uuid.UUID = field(default_factory=uuid.uuid4)
    _meta = SimpleNamespace(label_lower="tests.step")

    def ledger_label(self) -> dict[str, str]:
        return {"en": "A step", "es": "Un paso"}

    def remedy_url(self, code: str) -> str:
        return f"/remedy/{code}/"

    def get_absolute_url(self) -> str:
        return "/step/"

    @verb
    def go(self, *, by: Any) -> Any:
        Place.objects.create(initiative=self.initiative, code="trace", name="Trace")
        return self.gate.require(self, by=by)


@pytest.fixture
def gate():
    """A gate that nobody else knows; gone after the test."""
    gate: Gate[Any] = Gate("tests.step.go", "Go on")
    yield gate
    del Gate.all[gate.name]


@pytest.fixture
def step(initiative, gate):
    return Step(initiative, gate)
