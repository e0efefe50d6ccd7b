"""The prompts a station begins with: what people are asked in front of a picture."""

from __future__ import annotations

from ciforum.people.words import Words

PROMPTS = (
    Words(en="What do you notice?", es="¿Qué nota?"),
    Words(en="What surprises you?", es="¿Qué le sorprende?"),
    Words(en="What is missing?", es="¿Qué falta?"),
    Words(en="Why might it be so?", es="¿Por qué podría ser así?"),
    Words(en="What should we do?", es="¿Qué deberíamos hacer?"),
)


def prompts(languages: list[str]) -> list[Words]:
    """The usual questions, in the languages of a walk that they are there in."""
    return [
        Words({code: words[code] for code in languages if code in words}) or Words(words)
        for words in PROMPTS
    ]
