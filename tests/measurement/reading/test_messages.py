from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils.translation import override

import measurement.reading
from measurement.reading.errors import Problem
from measurement.reading.messages import MESSAGES, say, say_problem

SOURCES = [
    path.read_text()
    for path in Path(measurement.reading.__file__).parent.glob("*.py")
    if path.name != "messages.py"
]


def test_every_code_that_the_package_names_has_its_sentence():
    named = set()
    for text in SOURCES:
        named |= set(re.findall(r'(?:Unreadable|BadMapping|BadPeriod|Example)\(\s*"(\w+)"', text))
        named |= set(re.findall(r'problem="(\w+)"|Problem\([^()]*?"(\w+)",', text)[0:0])
        named |= set(re.findall(r'problem="(\w+)"', text))
        named |= set(re.findall(r'(?:complain|warn)\("(\w+)"', text))
        named |= set(
            re.findall(r'Problem\((?:None|line|[\w.\[\]]+), (?:None|name|column), "(\w+)"', text)
        )

    assert len(named) > 40
    assert named - set(MESSAGES) == set()


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_every_sentence_is_whole_and_takes_its_params(code):
    names = {
        "agree", "cell", "cells", "column", "columns", "compared", "count", "denominator",
        "dimension", "encoding", "expected", "first", "given", "last", "limit", "line", "megabytes",
        "name",
        "now", "before",
        "numerator", "part", "place", "rate", "scale", "second", "sheet", "sum", "text", "total",
        "where",
    }  # fmt: skip

    sentence = say(code, dict.fromkeys(names, 2))

    assert sentence[-1] in ".?"
    assert "%" not in sentence
    assert sentence[0].isupper() or not sentence[0].isalpha()


def test_counts_are_shown_as_people_write_them_and_lines_are_not():
    with override("en"):
        assert say("duplicates_agree", {"first": 1204, "second": 1310}).startswith(
            "Lines 1204 and 1310"
        )
        assert "out of about 1,051" in say(
            "example_about",
            {"numerator": 62, "rate": Decimal("5.9"), "scale": 100, "denominator": 1051},
        )


def test_params_kept_as_text_still_choose_the_plural():
    problem = Problem(None, "race", "unknown_people_label", {"text": "Hmong", "count": "1"})

    with override("en"):
        assert say_problem(problem).startswith("1 person has")
        assert say("unknown_people_label", {"text": "x", "count": "1200"}).startswith(
            "1,200 people have"
        )


def test_text_from_the_file_is_shown_as_it_is():
    assert "%(text)s %s {0}" in say("bad_number", {"text": "%(text)s %s {0}"})
