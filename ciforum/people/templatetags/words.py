"""Texts in several languages, as a page shows them."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

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
    wanted = get_language_info((get_language() or "en").split("-")[0])
    return format_html(
        '<span lang="{}">{}</span> <span class="soft small">{}</span>',
        words.borrowed,
        str(words),
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
