"""What time it is. Verbs ask here, so that the demo and tests can live through years."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

_set: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The present moment, aware; or the one that `at` has set."""
    return _set.get() or timezone.now()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let `now()` answer `moment` inside the block. For the demo's past and for tests."""
    token = _set.set(moment)
    try:
        yield
    finally:
        _set.reset(token)


def days_on(days: int, zone: str) -> datetime:
    """The end of the day that lies `days` days after now: a "by" date is never cut short."""
    return end_of_day((now().astimezone(ZoneInfo(zone)) + timedelta(days=days)).date(), zone)


def end_of_day(day: date, zone: str) -> datetime:
    """The last moment of `day` in `zone`: what "by that date" means everywhere."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(zone))
    return midnight - timedelta(microseconds=1)
