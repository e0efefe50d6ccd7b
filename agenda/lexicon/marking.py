"""Where words of a lexicon occur in a text. Plain values in, plain values out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_BETWEEN = r"[\s\-\u2010\u2011]+"


@dataclass(frozen=True)
class Spot:
    """`text[start:end]` is the term `code`, in whatever case and accents."""

    start: int
    end: int
    code: str


class Spellings:
    """The spellings of all terms in one language, ready to be looked for."""

    def __init__(self, spellings: Mapping[str, Iterable[str]]) -> None:
        """spellings: {code of a term: how it may be written}. Of two terms the first keeps a
        spelling that both have."""
        self._codes: dict[str, str] = {}
        for code, forms in spellings.items():
            for form in forms:
                if key := _key(form):
                    self._codes.setdefault(key, code)
        # At one place the longest wins: "structural racism" before "racism".
        longest = sorted(self._codes, key=lambda key: (-len(key), key))
        parts = "|".join(_BETWEEN.join(map(re.escape, key.split(" "))) for key in longest)
        self._pattern = re.compile(rf"(?<!\w)(?:{parts})(?!\w)") if parts else None

    def first_in(self, text: str, seen: set[str]) -> list[Spot]:
        """The first occurrence of each term not in `seen`, which then has it; in reading order.

        Whole words only. Case and accents are set aside; the spots name the original letters. A
        spot never lies inside another, nor inside a longer term that was marked before.
        """
        if self._pattern is None:
            return []
        plain, places = _flat(text)
        found = []
        for match in self._pattern.finditer(plain):
            code = self._codes[_key(match.group())]
            spot = _spot(match.start(), match.end(), places, code)
            if code in seen or spot is None:
                continue
            seen.add(code)
            found.append(spot)
        return found


def opening(text: str) -> str:
    """The first paragraph of a text."""
    return re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip(), maxsplit=1)[0]


def _spot(start: int, end: int, places: list[int], code: str) -> Spot | None:
    """The original letters of a match; None where it begins or ends within one letter (½, ﬁ)."""
    inside_first = start > 0 and places[start - 1] == places[start]
    if inside_first or places[end - 1] == places[end]:
        return None
    return Spot(places[start], places[end], code)


def _flat(text: str) -> tuple[str, list[int]]:
    """`text` without case and accents, and for each of its letters the place it came from.

    One more place at the end: the length of `text`. An accent belongs to the letter before it.
    """
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for sign in unicodedata.normalize("NFKD", letter.casefold()):
            if not unicodedata.combining(sign):
                letters.append(sign)
                places.append(place)
    return "".join(letters), [*places, len(text)]


def _key(form: str) -> str:
    """One spelling for "Low-Income" and "low  income": its words, flat, with single spaces.

    "" where no letter or digit is in it.
    """
    key = " ".join(re.split(_BETWEEN, _flat(form)[0])).strip()
    return key if any(sign.isalnum() for sign in key) else ""
