"""Words compared the way people mean them: without case, accents, spacing and punctuation."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def tidy(text: str) -> str:
    """The text itself, without surrounding space and with single spaces inside. Nothing else:
    a joiner inside a word or an emoji stays."""
    return " ".join(text.split()).strip("\u200b\ufeff\u2060")


@lru_cache(maxsize=16384)
def fold(text: str, keep: str = "") -> str:
    """For comparing only, never for showing: "Año_Escolar " and "ano escolar" become the same.

    keep: punctuation that matters to the caller; all other becomes a space.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_INVISIBLE).casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    kept = "".join(char if char.isalnum() or char in keep or _dash(char) else " " for char in plain)
    if "-" not in keep:
        kept = re.sub(r"[\u2010-\u2015\u2212-]", " ", kept)
    return " ".join(kept.split())


def _dash(char: str) -> bool:
    return char == "-" or "\u2010" <= char <= "\u2015" or char == "\u2212"


def words(header: str) -> tuple[str, ...]:
    """A header's words: `cohortSize_2019` → ("cohort", "size", "2019")."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", " ", header)
    return tuple(fold(spaced).split())
