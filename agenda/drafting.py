"""Two people write at the same draft: what each changed is kept, and nothing is lost.

Each form carries a stamp of the words it began with. Where somebody else changed the same words
since, nothing is kept and both versions are shown. Plain values only.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ciforum.people.models.chain import digest
from ciforum.people.words import Words

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Typed:
    """What a form sent for one text: the stamp it began with, and the words it holds now.

    languages: the languages the form had boxes for; words in others stay as they are.
    """

    seen: str
    text: Words
    languages: Collection[str]


@dataclass(frozen=True)
class Chosen:
    """What a form sent for one choice: what was chosen when it began, and what is now."""

    seen: Any
    value: Any


class Overtaken(ValidationError):
    """Somebody else changed the same words first. `texts`: key → what it says now, or None."""

    def __init__(self, texts: Mapping[Any, Words | None]) -> None:
        self.texts = dict(texts)
        super().__init__(
            _(
                "Somebody else changed the same words while you were writing. Nothing of yours is "
                "lost: it stands in the form. Below it you see what they wrote. Put both together, "
                "then save again."
            ),
            code="overtaken",
        )


def stamp(text: Mapping[str, str], languages: Collection[str]) -> str:
    """Names the words of these languages; as short as a form can carry."""
    return digest({code: tidy(text[code]) for code in sorted(languages) if text.get(code)})[:20]


def merge(now: Mapping[Key, Words], typed: Mapping[Key, Typed]) -> dict[Key, Words]:
    """The texts to keep: those the editor changed, over what stands there now.

    Raises Overtaken with every text that both changed, or that she changed and another removed.
    """
    kept: dict[Key, Words] = {}
    overtaken: dict[Key, Words | None] = {}
    for key, each in typed.items():
        wanted = stamp(each.text, each.languages)
        if wanted == each.seen:
            continue  # she left it alone
        present = now.get(key)
        if present is None:
            overtaken[key] = None
        elif stamp(present, each.languages) not in (each.seen, wanted):
            overtaken[key] = present
        else:
            kept[key] = _over(present, each)
    if overtaken:
        raise Overtaken(overtaken)
    return kept


def settle(now: Any, chosen: Chosen) -> Any:
    """The choice to keep. Raises Overtaken when both changed it, differently."""
    if chosen.value == chosen.seen:
        return now
    if now not in (chosen.seen, chosen.value):
        raise Overtaken({})
    return chosen.value


def tidy(text: str) -> str:
    """One way to end a line, whatever the browser sends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _over(present: Words, typed: Typed) -> Words:
    others = {code: text for code, text in present.items() if code not in typed.languages}
    return Words({**others, **{code: tidy(text) for code, text in typed.text.items() if text}})
