"""Many small steps of a migration as few.

After each new model, field, constraint and trigger Django draws its picture again of all models
that hang together, and here all do; for some hundreds of steps that takes longer than the database
does. Neighbours of one kind are gathered here: the picture is drawn once for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

# Within a kind no step changes what another one made.
KINDS = ((CreateModel,), (AddField,), (AddConstraint, AddIndex, AddTrigger))


class Together(Operation):
    """Several steps of one kind as one."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = list(operations)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        # While there is no picture, none is mended; the next who asks draws it.
        state.clear_delayed_apps_cache()
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(operation.describe() for operation in self.operations)


def gathered(operations: Iterable[Operation]) -> list[Operation]:
    """The same operations, with neighbours of one kind joined into one."""
    found: list[Operation] = []
    for kind, run in groupby(operations, key=_kind):
        several = list(run)
        found += [Together(several)] if kind is not None and len(several) > 1 else several
    return found


def _kind(operation: Operation) -> int | None:
    return next((n for n, kind in enumerate(KINDS) if isinstance(operation, kind)), None)
