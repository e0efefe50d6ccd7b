"""State changes: verbs that open the transaction, lock what they read, and leave an audit line."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _

from ciforum.people import clock

if TYPE_CHECKING:
    from ciforum.people.models import User

P = ParamSpec("P")
R = TypeVar("R")
Record = TypeVar("Record", bound=models.Model)

# What was refused since the outermost verb began; None outside of any verb.
_refusals: ContextVar[list[Refused] | None] = ContextVar("refusals", default=None)


class Refused(Exception):
    """A verb said no. `record()` keeps what must be known about the refusal after the rollback."""

    def record(self) -> None:
        """Write what outlives the rollback. Called once, in a transaction of its own."""


class StateChanged(Exception):
    """Somebody else was faster: the record is no longer in the state the verb starts from."""

    def __str__(self) -> str:
        return _("Somebody else changed this a moment ago. Look at it again before you go on.")


def verb(method: Callable[P, R]) -> Callable[P, R]:
    """Run a method as one state change.

    The outermost verb opens the transaction. When it is Refused, everything it did is rolled
    back, *then* the refusal is recorded in a transaction of its own, and the exception goes on.
    A verb inside a verb only raises; if the outer one catches that and goes on, nothing of the
    inner one is kept, and its refusal is recorded all the same. No other transaction may be open
    around a verb: its rollback would take the record of the refusal with it.
    """

    @functools.wraps(method)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _refusals.get() is not None:
            with _noting(), transaction.atomic():
                return method(*args, **kwargs)
        refusals: list[Refused] = []
        token = _refusals.set(refusals)
        try:
            with _noting(), transaction.atomic(durable=True):
                return method(*args, **kwargs)
        finally:
            try:
                _record(refusals)
            finally:
                _refusals.reset(token)

    return run


@contextmanager
def _noting() -> Iterator[None]:
    """Remember a refusal that comes by, once however many verbs it passes on its way out."""
    try:
        yield
    except Refused as refused:
        noted = _refusals.get()
        if noted is not None and not any(known is refused for known in noted):
            noted.append(refused)
        raise


def _record(refusals: list[Refused]) -> None:
    for refused in refusals:
        with transaction.atomic(durable=True):
            refused.record()


def lock(record: Record) -> Record:
    """Hold the record's row until the transaction ends, and read it afresh.

    Raises StateChanged when the row is gone.

    One order everywhere: the initiative's policy, then the aggregate's root, then its children by
    key. FOR NO KEY UPDATE lets others keep inserting rows that point at it.
    """
    rows = type(record)._base_manager.select_for_update(of=("self",), no_key=True)
    fresh = rows.filter(pk=record.pk).first()
    if fresh is None:
        raise StateChanged
    for column in record._meta.concrete_fields:
        setattr(record, column.attname, getattr(fresh, column.attname))
        if isinstance(column, models.ForeignKey) and column.is_cached(record):
            column.delete_cached_value(record)
    return record


def move(
    record: models.Model, *, start: str | tuple[str, ...], to: str, by: User | None, **also: Any
) -> None:
    """Take the record from state `start` to `to` and write the audit line.

    One `UPDATE … WHERE state = start`: of two people at the same moment one wins, the other gets
    StateChanged. `also` names further fields that change with the state.
    """
    from_states = (start,) if isinstance(start, str) else start
    before = getattr(record, "state", "")
    changed = (
        type(record)
        ._base_manager.filter(pk=record.pk, state__in=from_states)
        .update(state=to, **also)
    )
    if not changed:
        raise StateChanged
    for name, value in {"state": to, **also}.items():
        setattr(record, name, value)
    audit(record, before=before, after=to, by=by)


def audit(record: Any, *, before: str, after: str, by: User | None, note: str = "") -> None:
    """Write one line of the trail of states. Never put private words into `note`."""
    apps.get_model("people", "AuditLine").objects.create(
        initiative_id=getattr(record, "initiative_id", None),
        record_kind=record._meta.label_lower,
        record_uid=record.uid,
        before=before,
        after=after,
        by_uid=by.uid if by else None,
        at=clock.now(),
        note=note,
    )
