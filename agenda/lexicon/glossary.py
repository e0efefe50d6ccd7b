"""Marks in texts: each word in force is a button that opens what it means here.

One query for a page, however many texts it has. Without a request (a mail, a task) nothing is
marked.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from agenda.lexicon.marking import Spellings, opening
from agenda.models import Term
from ciforum.people import current
from ciforum.people.models import Initiative
from ciforum.people.words import Words

# More would make every page slow to write; a lexicon of this size is no longer shared.
MOST = 400


Meaning = tuple[Words, Words, Words]


class Glossary:
    """The words in force of one initiative, for one page."""

    def __init__(
        self,
        initiative: Initiative,
        prefix: str = "term-",
        meanings: dict[str, Meaning] | None = None,
    ) -> None:
        """prefix: of the ids of the marks, which are numbered through the page.
        meanings: code → word, other spellings, definition; read when first needed."""
        self.initiative = initiative
        self.prefix = prefix
        self.marks = 0
        # Codes that are not marked on this page: a word on its own page explains itself.
        self.left_out: set[str] = set()
        self._meanings = meanings
        self._spellings: dict[str, Spellings] = {}

    def spellings(self, language: str) -> Spellings:
        if language not in self._spellings:
            self._spellings[language] = Spellings(
                {
                    code: [word.get(language, ""), *also.get(language, "").split(",")]
                    for code, (word, also, _definition) in self.meanings.items()
                }
            )
        return self._spellings[language]

    @property
    def meanings(self) -> dict[str, Meaning]:
        if self._meanings is None:
            terms = Term.objects.for_initiative(self.initiative).in_use().order_by("code")
            rows = terms.values_list(
                "code", "in_force__word", "in_force__also", "in_force__definition"
            )
            self._meanings = {
                code: (Words(word), Words(also), Words(definition))
                for code, word, also, definition in rows[:MOST]
            }
        return self._meanings


def mark(line: str, language: str, marked: set[str]) -> SafeString:
    """The line as HTML, with the first occurrence of each word that is not in `marked`."""
    glossary = _of_this_page()
    if glossary is None:
        return escape(line)
    marked |= glossary.left_out
    parts, done = [], 0
    for spot in glossary.spellings(language).first_in(line, marked):
        parts += [
            escape(line[done : spot.start]),
            _button(glossary, spot.code, line[spot.start : spot.end], language),
        ]
        done = spot.end
    return mark_safe("".join([*parts, escape(line[done:])]))  # noqa: S308 - each part is escaped


def leave_out(code: str) -> None:
    """Do not mark this term on the page that is being made."""
    if glossary := _of_this_page():
        glossary.left_out.add(code)


def _button(glossary: Glossary, code: str, written: str, language: str) -> SafeString:
    """The word as it is written, and beside it what it means: native, so it needs no script."""
    word, _also, definition = glossary.meanings[code]
    glossary.marks += 1
    return format_html(
        '<button type="button" class="defined" popovertarget="{id}">{written}</button>'
        '<span popover class="defined__words" id="{id}" lang="{language}">'
        "<strong>{word}</strong> {meaning} "
        '<a href="{url}">{more}</a></span>',
        id=f"{glossary.prefix}{glossary.marks}",
        written=written,
        language=language,
        word=word.get(language, ""),
        meaning=opening(definition.get(language, "")),
        url=reverse("agenda:term", args=[glossary.initiative.slug, code]),
        more=_("More in the lexicon"),
    )


def _of_this_page() -> Glossary | None:
    request: Any = current.request()
    initiative = getattr(request, "initiative", None)
    if initiative is None:
        return None
    found: Glossary | None = getattr(request, "_glossary", None)
    if found is None:
        fragment = request.headers.get("HX-Request")
        prefix = f"term-{secrets.token_hex(3)}-" if fragment else "term-"
        found = request._glossary = Glossary(initiative, prefix)
    return found
