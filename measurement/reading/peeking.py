"""The first look at a file's lines: what its columns hold, what they could mean, first mistakes."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from measurement.reading.catalogue import GroupName
from measurement.reading.errors import Problem, Refusal
from measurement.reading.guessing import guess
from measurement.reading.looking import LOOKED_AT, Looked, decimal_comma, look
from measurement.reading.mapping import Mapping
from measurement.reading.source import Source, open_text
from measurement.reading.tables import read_table

ColumnKind = Literal["number", "time", "text", "empty"]
FIRST = 5  # problems
# What nobody could have answered yet.
_ASKED_LATER = ("unknown_label", "no_place")


@dataclass(frozen=True)
class Peek:
    """lines: data lines looked at. kinds: column → what its first lines hold. problems: the first
    few that would keep a line out, if the columns meant what `mapping` says."""

    source: Source
    mapping: Mapping
    lines: int
    kinds: AnyMapping[str, ColumnKind]
    problems: tuple[Problem, ...]


def peek(
    source: Source, mapping: Mapping | None = None, *, groups: Sequence[GroupName] = (),
    **known: Any,
) -> Peek:  # fmt: skip
    """mapping: what was said of such a file before; else it is guessed with what is known."""
    columns = look(source, decimal_comma(source))
    meant = mapping or guess(source, groups=groups, **known)
    lines = len(columns[0].cells) if columns else 0
    kinds = {each.name: _kind(each) for each in columns}
    problems = () if meant.kind == "people" else tuple(_first_problems(source, meant))
    return Peek(source, meant, lines, kinds, problems)


def _kind(each: Looked) -> ColumnKind:
    if not any(each.texts):
        return "empty"
    return "time" if each.periodic else "number" if each.numeric else "text"


def _first_problems(source: Source, mapping: Mapping) -> list[Problem]:
    """Of the first lines alone; none where they cannot be read like this at all."""
    with tempfile.TemporaryDirectory(prefix="reading-") as folder:
        try:
            reading = read_table(_head(source, Path(folder) / "head.csv"), mapping)
        except Refusal:
            return []
    errors = [each for each in reading.errors if each.line and each.code not in _ASKED_LATER]
    return errors[:FIRST]


def _head(source: Source, path: Path) -> Source:
    """The first lines as a file of their own, written like the whole."""
    with (
        open_text(source.path, source.encoding) as file,
        path.open("w", encoding=source.encoding, newline="") as head,
    ):
        head.writelines(islice(file, source.header_line + LOOKED_AT))
    few = replace(source, path=path, warnings=())
    few.__dict__.pop("sample", None)
    return few
