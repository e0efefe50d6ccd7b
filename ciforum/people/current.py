"""The request that is being answered, for what is rendered far from the view: marks in texts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_request: ContextVar[Any] = ContextVar("request", default=None)


def request() -> Any:
    """The request being answered, or None: in a task, a mail, a shell."""
    return _request.get()


@contextmanager
def answering(request: Any) -> Iterator[None]:
    """Let `request()` be this one until the block ends."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)
