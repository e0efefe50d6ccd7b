"""Two versions of a text, word by word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agenda.comparing import Run, pairs, words


def test_a_changed_word_is_marked_on_both_sides():
    before, after = words("Every child is born well.", "Every baby is born well.")

    assert before == (Run("Every "), Run("child", "removed"), Run(" is born well."))
    assert after == (Run("Every "), Run("baby", "added"), Run(" is born well."))


def test_equal_texts_have_no_marks():
    before, after = words("We meet.", "We meet.")

    assert before == after == (Run("We meet."),)


@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_is_lost_or_made_up(old, new):
    before, after = words(old, new)

    assert "".join(run.text for run in before) == old
    assert "".join(run.text for run in after) == new
    assert [run.text for run in before if not run.mark] == [
        run.text for run in after if not run.mark
    ]


@pytest.mark.parametrize(
    ("before", "after", "states"),
    [
        ("ab", "ab", "a same, b same"),
        ("ab", "ba", "b moved, a same"),
        ("abc", "ac", "a same, b removed, c same"),
        ("abc", "bc", "a removed, b same, c same"),
        ("ac", "abc", "a same, b added, c same"),
        ("", "a", "a added"),
        ("a", "", "a removed"),
    ],
)
def test_paragraphs_are_known_again_by_their_key(before, after, states):
    found = pairs([(key, key) for key in before], [(key, key) for key in after])

    assert ", ".join(f"{pair.key} {pair.state}" for pair in found) == states


def test_a_changed_paragraph_is_changed_also_when_it_moved():
    found = pairs([(1, "one"), (2, "two")], [(2, "two!"), (1, "one")])

    assert {pair.key: pair.state for pair in found}[2] == "changed"
