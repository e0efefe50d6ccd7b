"""Proposes which known group, place or outcome a text stands for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from difflib import get_close_matches

from measurement.reading.catalogue import GroupName, PlaceName
from measurement.reading.folding import words
from measurement.reading.mapping import EVERYONE, NO, UNKNOWN, YES
from measurement.reading.synonyms import NO_WORDS, YES_WORDS, concept


def guess_labels(
    texts: Sequence[str],
    role: str,
    *,
    groups: Sequence[GroupName] = (),
    places: Sequence[PlaceName] = (),
) -> dict[str, str]:
    """Text → key for the texts whose meaning is plain; the others are left to the person."""
    if role == "outcome":
        pairs = [(text, outcome_of(text)) for text in texts]
    else:
        names = by_concept(groups) if role == "group" else by_concept(places)
        pairs = [(text, _key(text, role, names)) for text in texts]
    return {text: key for text, key in pairs if key}


def by_concept(named: Sequence[GroupName] | Sequence[PlaceName]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in named:
        for name in (each.name, *telling(each.key), *each.synonyms):
            found.setdefault(place_word(name) if isinstance(each, PlaceName) else concept(name),
                             each.key)  # fmt: skip
    return found


def telling(key: str) -> tuple[str, ...]:
    """A key may be a word people use (`black`); a single letter or a number tells nothing."""
    return (key,) if len(key) > 2 and not key.isdigit() else ()


def _key(text: str, role: str, names: dict[str, str]) -> str | None:
    if role == "place":
        return names.get(place_word(text))
    if key := names.get(concept(text)):
        return key
    return {"everyone": EVERYONE, "race_unknown": UNKNOWN}.get(concept(text)) if text else UNKNOWN


_PLACE_KIND = re.compile(
    r"\b(?:county|city|town|village|parish|borough|commonwealth|state|of|condado|ciudad|de|del"
    r"|public schools|school district|division)\b"
)


def place_word(text: str) -> str:
    """ "Commonwealth of Virginia" and "Virginia" meet; "Albemarle" and "Albemarle County" too."""
    folded = " ".join(words(text))
    return " ".join(_PLACE_KIND.sub(" ", folded).split()) or folded


CLOSE = 0.85  # of 1; "Alder Couty" and "Alder County" reach 0.96


class CloseNames:
    """Known names that a text most likely misspells.

    Names that differ in a digit (Ward 1, Ward 2) are different names, not slips.
    """

    def __init__(self, named: Sequence[GroupName] | Sequence[PlaceName]) -> None:
        self.keys: dict[str, str] = {}
        self.alike: defaultdict[str, list[str]] = defaultdict(list)
        for each in named:
            for name in (each.name, *each.synonyms):
                self.keys.setdefault(" ".join(words(name)), each.key)
        for folded in self.keys:
            self.alike[_digits(folded)].append(folded)
        self.seen: dict[str, str | None] = {}

    def __call__(self, text: str) -> str | None:
        """The key of the closest name; None where none is close."""
        if text not in self.seen:
            self.seen[text] = self._find(" ".join(words(text)))
        return self.seen[text]

    def _find(self, said: str) -> str | None:
        if said in self.keys or not said:
            return self.keys.get(said)
        alike = self.alike.get(_digits(said), [])
        near = [name for name in alike if abs(len(name) - len(said)) <= 0.3 * len(said)]
        found = get_close_matches(said, near, n=1, cutoff=CLOSE)
        return self.keys[found[0]] if found else None


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def outcome_of(text: str) -> str | None:
    folded = " ".join(words(text))
    if folded in YES_WORDS:
        return YES
    if folded in NO_WORDS or folded.startswith(("not ", "did not ", "no ")):
        return NO
    return UNKNOWN if concept(text) == "race_unknown" or not folded else None
