"""What can be wrong with a file: as a whole, or in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warning"]


class Refusal(Exception):
    """Something cannot be read; `code` and `params` name a sentence in `messages`."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.code, self.params)


def _again(kind: type[Refusal], code: str, params: Mapping[str, Any]) -> Refusal:
    return kind(code, **params)


class Unreadable(Refusal):
    """The file as a whole cannot be read."""


class BadMapping(Refusal):
    """The mapping contradicts itself or the file."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to show the person who brought the file.

    line: physical line in the file, counted from 1 as a text editor does; None for the whole file.
    column: name in the header, None where the whole line is meant.
    code, params: a sentence in `messages`; params are plain str, int or Decimal.
    severity: an error keeps the row (or, without a line, the whole file) out; a warning does not.
    """

    line: int | None
    column: str | None
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = "error"
