"""Single lines of a file as they stand, to show beside what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from measurement.reading.decoding import examine
from measurement.reading.source import LIMITS, open_text

LONGEST = 300


def raw_lines(path: Path | str, wanted: Iterable[int]) -> dict[int, str]:
    """Physical line (from 1) → its text, cut at LONGEST and without control characters.

    Reads the file once, up to the last line that is wanted.
    """
    numbers = set(wanted)
    if not numbers:
        return {}
    last = max(numbers)
    path = Path(path)
    encoding = examine(path, max_bytes=LIMITS.bytes, max_line=LIMITS.line).encoding
    found: dict[int, str] = {}
    with open_text(path, encoding) as file:
        for number, line in enumerate(file, start=1):
            if number in numbers:
                found[number] = _shown(line)
            if number >= last:
                break
    return found


def _shown(line: str) -> str:
    text = "".join(char if char.isprintable() or char == "\t" else " " for char in line)
    return text.rstrip()[:LONGEST]
