"""A file's own codes for "no number", such as -9 or -8888, as a partner writes them down.

Which code means what differs from file to file: in the Civil Rights Data Collection -9 is "not
applicable", elsewhere it is "suppressed". So none is ever guessed, and without a word from whoever
brings the file a number below zero stays a mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from measurement.reading.folding import tidy
from measurement.reading.values import parse_count


def listed(text: str) -> list[str]:
    """What stands between commas, semicolons or line ends, each once, in order."""
    found = (tidy(each) for each in re.split(r"[,;\n]", text))
    return list(dict.fromkeys(each for each in found if each))


def is_count(text: str) -> bool:
    """It could be a number somebody counted: as a code it would swallow true numbers."""
    return parse_count(text).value is not None


def written(missing: Mapping[str, str], code: str) -> str:
    """The texts that mean this, as they are typed in."""
    texts: Iterable[str] = (text for text, meaning in missing.items() if meaning == code)
    return ", ".join(texts)
