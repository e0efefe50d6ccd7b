"""A text that is borrowed from another language says so."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from ciforum.people.templatetags.words import spoken, tongue
from ciforum.people.words import Words

BOTH = Words(en="Birth", es="Nacimiento")
ONE = Words(en="<b>Birth</b>")


@pytest.mark.parametrize(
    ("words", "language", "shown"),
    [
        (BOTH, "en", "Birth"),
        (BOTH, "es", "Nacimiento"),
        (Words(), "es", ""),
        ("plain", "es", "plain"),
        (None, "es", ""),
    ],
)
def test_words_in_the_readers_language_stand_alone(words, language, shown):
    with override(language):
        assert spoken(words) == tongue(words) == shown


def test_borrowed_words_are_marked_escaped_and_explained():
    with override("es"):
        assert tongue(ONE) == '<span lang="en">&lt;b&gt;Birth&lt;/b&gt;</span>'
        assert spoken(ONE).startswith(tongue(ONE) + ' <span class="soft small">')
