from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from measurement.reading.values import LARGEST, MISSING, parse_count, parse_rate


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("22,506", 22506),
        (" 12 ", 12),
        ("1\u00a0234", 1234),
        ("1\u202f234\u202f567", 1234567),
        ("'12", 12),
        ("+5", 5),
        ("62.0", 62),
        ("0", 0),
        ("007", 7),
        ("1e+05", 100_000),  # how R writes it
        ("\uff11\uff12", 12),  # full-width digits
        ("\u0661\u0662", 12),  # Arabic digits
        ("\ufeff3", 3),
    ],
)
def test_counts_in_the_ways_people_write_them(text, count):
    cell = parse_count(text)

    assert (cell.count, cell.missing, cell.problem, cell.text) == (count, None, None, text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("62.5", "not_whole"),
        ("-3", "negative"),
        ("\u22123", "negative"),
        ("71.9%", "percent_in_count"),
        ("1,23", "bad_number"),
        ("12\u00b3", "bad_number"),  # a footnote mark, not 123
        ("12*", "bad_number"),
        ("$5", "bad_number"),
        ("1_000", "bad_number"),
        ("0x10", "bad_number"),
        ("inf", "bad_number"),
        ("=1+1", "bad_number"),
        ("39-21", "bad_number"),
        ("twelve", "bad_number"),
        ("9" * 70, "bad_number"),
        ("1" + "0" * 16, "number_too_large"),
        ("1.23457E+11", "lossy_number"),
    ],
)
def test_what_is_no_count_is_a_problem_and_never_a_guess(text, problem):
    cell = parse_count(text)

    assert (cell.value, cell.missing, cell.problem) == (None, None, problem)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "unknown"), ("NA", "unknown"), ("n/a", "unknown"), ("-", "unknown"),
        ("--", "unknown"), ("\u2014", "unknown"), (".", "unknown"), ("\u2026", "unknown"),
        ("NaN", "unknown"), ("s", "too_small"), ("*", "too_small"), ("**", "too_small"),
        ("Suppressed", "too_small"), ("PS", "too_small"), ("Unreliable", "unreliable"),
        ("Not Applicable", "not_applicable"), ("Not Available", "not_collected"),
        ("refused", "refused"), ("pending", "late"), (" Suprimido ", "too_small"),
    ],
)  # fmt: skip
def test_missing_numbers_are_typed_and_never_zero(text, code):
    for cell in (parse_count(text), parse_rate(text)):
        assert (cell.value, cell.missing, cell.problem, cell.text) == (None, code, None, text)


@pytest.mark.parametrize(
    ("text", "of_count", "of_rate"),
    [
        ("<10", (0, 9), (0, 10)),
        ("n<10", (0, 9), (0, 10)),
        ("N < 11", (0, 10), (0, 11)),
        ("fewer than 11", (0, 10), (0, 11)),
        ("LT50", (0, 49), (0, 50)),
        ("LE5", (0, 5), (0, 5)),
        ("GE95", (95, None), (95, None)),
        (">95%", (96, None), (95, None)),
        ("21-39", (21, 39), (21, 39)),
        ("21\u201339", (21, 39), (21, 39)),
    ],
)
def test_ranges_keep_their_ends_and_never_become_midpoints(text, of_count, of_rate):
    for cell, (low, high) in ((parse_count(text), of_count), (parse_rate(text), of_rate)):
        assert (cell.value, cell.missing) == (None, "too_small")
        assert (cell.low, cell.high) == (low, high)


@pytest.mark.parametrize(
    ("text", "comma", "rate"),
    [
        ("71.90%", False, "71.90"),
        ("5.9", False, "5.9"),
        ("1,234.5", False, "1234.5"),
        (".5", False, "0.5"),
        ("5e-04", False, "0.0005"),
        ("1.234,5", True, "1234.5"),
        ("5,9", True, "5.9"),
    ],
)
def test_rates_keep_their_digits(text, comma, rate):
    assert parse_rate(text, decimal_comma=comma).value == Decimal(rate)


def test_a_point_is_not_a_comma():
    assert parse_rate("5.9", decimal_comma=True).problem == "bad_number"
    assert parse_rate("5,9").problem == "bad_number"


@settings(deadline=None)
@given(some.integers(0, LARGEST), some.sampled_from(["{}", "{:,}", " {} ", "{}.0", "'{}", "+{}"]))
def test_every_count_survives_its_spelling(number, spelling):
    assert parse_count(spelling.format(number)).count == number


@settings(deadline=None)
@given(some.decimals(0, 10**9, allow_nan=False, places=3))
def test_every_rate_survives_both_spellings(number):
    comma = f"{number:,}".translate(str.maketrans(",.", ".,"))

    assert parse_rate(f"{number:,}").value == number
    assert parse_rate(comma, decimal_comma=True).value == number


@settings(deadline=None)
@given(some.text(max_size=80))
def test_any_text_is_a_number_a_reason_or_a_problem(text):
    for cell in (parse_count(text), parse_rate(text), parse_rate(text, decimal_comma=True)):
        said = [cell.value is not None, cell.missing is not None, cell.problem is not None]
        assert said.count(True) == 1
        assert cell.text == text
        assert cell.missing is None or cell.missing in MISSING
        assert cell.value is None or 0 <= cell.value <= LARGEST
