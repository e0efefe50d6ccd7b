"""One cell's text read as a count or a rate.

A measured zero, a number that was hidden and an empty cell stay three things: what is no number
becomes a code of MISSING, never 0. What is neither becomes a problem, never a guess.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal

from measurement.reading.missing import MISSING_WORDS

MISSING: tuple[str, ...] = (
    "not_collected",
    "refused",
    "too_small",
    "late",
    "not_applicable",
    "unreliable",
    "unknown",
)
LARGEST = 10**15
LONGEST_NUMBER = 64  # characters; anything longer is text that went astray


@dataclass(frozen=True, slots=True)
class Cell:
    """text: as it stood in the file. Exactly one of value, missing and problem is set.

    low, high: what a hidden number still says (`<10`: 0 to 9 as a count; `GE95`: 95 and up).
    problem: bad_number, negative, not_whole, number_too_large, percent_in_count or lossy_number.
    """

    text: str
    value: Decimal | None = None
    missing: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    problem: str | None = None

    @property
    def count(self) -> int | None:
        return None if self.value is None else int(self.value)


@lru_cache(maxsize=65536)
def parse_count(text: str, *, decimal_comma: bool = False) -> Cell:
    """A whole number of people or events: `22,506`, ` 12 `, `62.0`. `62.5` is a problem."""
    cell = _parse(text, "count", decimal_comma)
    value = cell.value
    if value is None:
        return cell
    if "%" in text:
        return Cell(text, problem="percent_in_count")
    if value != value.to_integral_value():
        return Cell(text, problem="not_whole")
    if "e" in text.casefold() and value >= 10**11:
        return Cell(text, problem="lossy_number")  # a spreadsheet's 1.23457E+11
    return Cell(text, value=Decimal(int(value)))


@lru_cache(maxsize=65536)
def parse_rate(text: str, *, decimal_comma: bool = False) -> Cell:
    """A rate with all its digits: `71.90%`, `5.9`, `1.234,5` (with decimal_comma)."""
    return _parse(text, "rate", decimal_comma)


def _parse(text: str, kind: Literal["count", "rate"], decimal_comma: bool) -> Cell:
    tidy = _tidy(text)
    if code := MISSING_WORDS.get(tidy.casefold()):
        return Cell(text, missing=code)
    if found := _RANGE.fullmatch(tidy):
        return _hidden(text, found, kind, decimal_comma)
    number = _number(tidy, decimal_comma)
    if number is None:
        return Cell(text, problem="bad_number")
    if number < 0:
        return Cell(text, problem="negative")
    if number > LARGEST:
        return Cell(text, problem="number_too_large")
    return Cell(text, value=number)


def is_reason(text: str) -> bool:
    """Does this word say why there is no number? A blank says nothing."""
    return MISSING_WORDS.get(same(text), "unknown") != "unknown"


def _tidy(text: str) -> str:
    """One kind of space, dash and digit; without the apostrophe spreadsheets put before text."""
    tidy = " ".join(text.translate(_SAME).split())
    if not tidy.isascii():
        tidy = "".join(_ascii_digit(char) for char in tidy)
    return tidy[1:].lstrip() if tidy.startswith("'") else tidy


def same(text: str) -> str:
    """For comparing a cell with a file's own codes: one kind of minus, space and case."""
    return _tidy(text).casefold()


def _ascii_digit(char: str) -> str:
    """Other scripts' digits become ours; a footnote's `³` stays: `12³` is never read as 123."""
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)


_SAME = {ord(char): "-" for char in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"} | {
    ord(char): None for char in "\u200b\u200c\u200d\u2060\ufeff"
}
_NUMBER = r"\d[\d.,]*"
_RANGE = re.compile(
    rf"(?:n ?)?(?P<op><=|>=|=<|=>|<|>|≤|≥|lt|le|gt|ge) ?(?P<bound>{_NUMBER}) ?%?"
    rf"|(?P<words>fewer than|less than|under|menos de) (?P<below>{_NUMBER}) ?%?"
    rf"|(?P<low>{_NUMBER}) ?%? ?(?:-|to) ?(?P<high>{_NUMBER}) ?%?",
    re.IGNORECASE,
)


def _hidden(text: str, found: re.Match[str], kind: str, decimal_comma: bool) -> Cell:
    """A number given only as a range: kept as its two ends."""

    def number(name: str) -> Decimal | None:
        return _number(found[name], decimal_comma) if found[name] else None

    step = 1 if kind == "count" else 0
    operator = (found["op"] or ("<" if found["words"] else "")).casefold()
    bound = number("bound") if found["op"] else number("below")
    low, high = number("low"), number("high")
    if operator in ("<", "lt") and bound is not None:
        low, high = Decimal(0), bound - step
    elif operator in ("<=", "=<", "≤", "le") and bound is not None:
        low, high = Decimal(0), bound
    elif bound is not None:
        low, high = (bound + step if operator in (">", "gt") else bound), None
    if low is None or (high is not None and high < low):
        return Cell(text, problem="bad_number")
    return Cell(text, missing="too_small", low=low, high=high)


def _number(tidy: str, decimal_comma: bool) -> Decimal | None:
    if len(tidy) > LONGEST_NUMBER:
        return None
    bare = tidy.removesuffix("%").rstrip()
    if decimal_comma:
        if not _COMMA_DECIMAL.fullmatch(bare):
            return None
        bare = bare.replace(".", "").replace(" ", "").replace(",", ".")
    elif _POINT_DECIMAL.fullmatch(bare):
        bare = bare.replace(",", "").replace(" ", "")
    else:
        return None
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None


_POWER = r"(?:e[+-]?\d{1,2})?"
_POINT_DECIMAL = re.compile(
    rf"[+-]?(?:\d+|\d{{1,3}}(?:,\d{{3}})+|\d{{1,3}}(?: \d{{3}})+)(?:\.\d*)?{_POWER}"
    rf"|[+-]?\.\d+{_POWER}",
    re.IGNORECASE | re.ASCII,
)
_COMMA_DECIMAL = re.compile(
    rf"[+-]?(?:\d+|\d{{1,3}}(?:\.\d{{3}})+|\d{{1,3}}(?: \d{{3}})+)(?:,\d*)?{_POWER}"
    rf"|[+-]?,\d+{_POWER}",
    re.IGNORECASE | re.ASCII,
)
