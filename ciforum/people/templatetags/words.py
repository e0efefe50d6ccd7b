"""Texts in several languages, as a page shows them."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import normalize_newlines
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from ciforum.people import registry
from ciforum.people.words import Words

register = template.Library()


@register.filter
def spoken(words: Words | str | None) -> SafeString | str:
    """The text in the reader's language; where it is borrowed from another, it says so.

    A borrowed text carries its own `lang`, so that a screen reader pronounces it, and a short
    note: "(not yet in Spanish)".
    """
    if not isinstance(words, Words):
        return words or ""
    if not words.borrowed:
        return str(words)
    return format_html('<span lang="{}">{}</span> {}', words.borrowed, str(words), _note())


def _note() -> SafeString:
    wanted = get_language_info((get_language() or "en").split("-")[0])
    return format_html(
        '<span class="soft small">{}</span>',
        _("(not yet in %(language)s)") % {"language": wanted["name_translated"]},
    )


@register.filter
def tongue(words: Words | str | None) -> SafeString | str:
    """Like `spoken` without the note: for headings and links, where only `lang` has room."""
    if not isinstance(words, Words):
        return words or ""
    if not words.borrowed:
        return str(words)
    return format_html('<span lang="{}">{}</span>', words.borrowed, str(words))


@register.filter
def defined(text: Words | str | None, how: str = "") -> SafeString:
    """A text that people wrote, with the words that the initiative agreed on explained in it.

    Everything is escaped, a safe string too. Paragraphs as of `linebreaks`; `defined:"inline"`
    makes none, for a place inside a paragraph. A mark is a button, so never use it inside a link,
    a button or a heading. A borrowed text says so, like `spoken`; with "quiet" it only carries
    its language, like `tongue`.
    """
    words = text if isinstance(text, Words) else None
    language = words.chosen() if words else (get_language() or "en").split("-")[0]
    shown = str(text or "")
    inline = "inline" in how
    body = _inline(shown, language, set()) if inline else _paragraphs(shown, language)
    if not words or not words.borrowed:
        return body
    tag = mark_safe("span" if inline else "div")  # noqa: S308 - ours
    body = format_html('<{} lang="{}">{}</{}>', tag, language, body, tag)
    return body if "quiet" in how else format_html("{} {}", body, _note())


def _paragraphs(text: str, language: str) -> SafeString:
    """As `linebreaks` does. Line by line, so that no mark reaches over a line break."""
    marked: set[str] = set()
    parts = [part for part in re.split(r"\n{2,}", normalize_newlines(text).strip("\n")) if part]
    made = [[_inline(line, language, marked) for line in part.split("\n")] for part in parts]
    return format_html_join(
        "\n",
        "<p>{}</p>",
        ((mark_safe("<br>".join(lines)),) for lines in made),  # noqa: S308 - each is escaped
    )


def _inline(line: str, language: str, marked: set[str]) -> SafeString:
    for mark in registry.glossary:
        return mark(line, language, marked)
    return escape(line)
