"""What the rules of the charter, goals and structural causes say, per code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrPromise

Params = dict[str, Any]

REMEDIES: dict[str, _StrPromise] = {}

SENTENCES: dict[str, Callable[[Params], str]] = {}
