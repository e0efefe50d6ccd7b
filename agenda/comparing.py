"""Two versions of a text, word by word. Plain values only.

The difference is found by difflib over words and the blanks between them, so that what is printed
is what was written.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Generic, Literal, TypeVar

Key = TypeVar("Key", bound=Hashable)
Mark = Literal["", "removed", "added"]

_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Run:
    """Some words in a row, and whether they were removed, added, or neither."""

    text: str
    mark: Mark = ""


@dataclass(frozen=True)
class Pair(Generic[Key]):
    """One paragraph in both versions: `state` is same, changed, moved, added or removed."""

    key: Key
    state: str
    before: tuple[Run, ...]
    after: tuple[Run, ...]


def words(before: str, after: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """The older text with what was removed marked, and the newer with what was added."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    left: list[Run] = []
    right: list[Run] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        changed = kind != "equal"
        _append(left, "".join(old[i1:i2]), "removed" if changed else "")
        _append(right, "".join(new[j1:j2]), "added" if changed else "")
    return tuple(left), tuple(right)


def pairs(before: Sequence[tuple[Key, str]], after: Sequence[tuple[Key, str]]) -> list[Pair[Key]]:
    """Paragraphs of one part, (key, text) each in order; the same key is the same paragraph.

    In the order of the newer version; what was removed stands where it stood.
    """
    old, new = dict(before), dict(after)
    moved = _moved([key for key, _text in before], [key for key, _text in after])
    found = [_pair(key, old.get(key), text, key in moved) for key, text in after]
    for place, (key, text) in enumerate(before):
        if key not in new:
            found.insert(_where(before[:place], found), _pair(key, text, None, False))
    return found


def _pair(key: Key, before: str | None, after: str | None, moved: bool) -> Pair[Key]:
    if before is None:
        return Pair(key, "added", (), words("", after or "")[1])
    if after is None:
        return Pair(key, "removed", words(before, "")[0], ())
    left, right = words(before, after)
    state = "changed" if before != after else "moved" if moved else "same"
    return Pair(key, state, left, right)


def _moved(before: Sequence[Key], after: Sequence[Key]) -> set[Key]:
    """Those in both whose place among the others changed: as few as explain the new order."""
    stay = [key for key in before if key in set(after)]
    now = [key for key in after if key in set(before)]
    blocks = SequenceMatcher(None, stay, now, autojunk=False).get_matching_blocks()
    kept = {key for block in blocks for key in now[block.b : block.b + block.size]}
    return set(now) - kept


def _where(earlier: Sequence[tuple[Key, str]], found: Sequence[Pair[Key]]) -> int:
    """Behind the nearest paragraph that stood before it in the older version."""
    places = {pair.key: place for place, pair in enumerate(found)}
    for key, _text in reversed(earlier):
        if key in places:
            return places[key] + 1
    return 0


def _append(runs: list[Run], text: str, mark: Mark) -> None:
    if text:
        runs.append(Run(text, mark))
