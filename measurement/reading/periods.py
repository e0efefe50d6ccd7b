"""The time a number is about, read from the many ways people write it.

A school year runs from 1 July to 30 June, as federal and most state data systems count it; a
fiscal year starts on 1 July unless told otherwise (46 of 50 states), a federal one on 1 October.
What could mean two things is settled by the other periods in the same file, or refused.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from measurement.reading.folding import fold
from measurement.reading.months import MONTHS

Kind = Literal["year", "school_year", "fiscal_year", "years", "quarter", "month", "day"]
KINDS: tuple[Kind, ...] = (
    "year", "school_year", "fiscal_year", "years", "quarter", "month", "day",
)  # fmt: skip
Bucket = Literal["as_is", "year", "school_year", "quarter", "month"]
EARLIEST, LATEST = 1800, 2199
LONGEST = 50  # years in a span; a longer one is a slip of the pen


class BadPeriod(ValueError):
    """The text is no period, or could be two. `code` names a sentence in `messages`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class PeriodSpec(NamedTuple):
    """start is the first day, end the first day after it; label is in one spelling per kind."""

    start: date
    end: date
    kind: Kind
    label: str


@dataclass(frozen=True, slots=True)
class PeriodRules:
    """How this file writes its periods; None means not yet settled.

    consecutive: what `2005-2006` is. dash: whether `2005-06` is June 2005 or a span of years.
    day_first: whether `03/04/2019` is the third of April. fiscal_month: first month of `FY2020`.
    """

    consecutive: Literal["school_year", "years"] = "school_year"
    dash: Literal["month", "span"] | None = None
    day_first: bool | None = None
    fiscal_month: int = 7


DEFAULT_RULES = PeriodRules()


def parse_period(text: str, rules: PeriodRules = DEFAULT_RULES) -> PeriodSpec:
    """The period this text names. Raises BadPeriod: no_period, bad_period, ambiguous_period."""
    return _parse(text, rules)


@lru_cache(maxsize=8192)
def _parse(text: str, rules: PeriodRules) -> PeriodSpec:
    tidy = tidy_period(text)
    if not tidy:
        raise BadPeriod("no_period")
    for pattern, build in PATTERNS:
        if found := pattern.fullmatch(tidy):
            return _checked(build, found, rules)
    raise BadPeriod("bad_period")


def _checked(build: Builder, found: re.Match[str], rules: PeriodRules) -> PeriodSpec:
    try:
        period = build(found, rules)
    except (ValueError, OverflowError) as error:
        if isinstance(error, BadPeriod):
            raise
        raise BadPeriod("bad_period") from error
    if not EARLIEST <= period.start.year <= LATEST:
        raise BadPeriod("bad_period")
    return period


def tidy_period(text: str) -> str:
    """Lower case, one kind of dash and space, without remarks such as "(provisional)"."""
    tidy = re.sub(r"[\u2010-\u2015\u2212]", "-", fold(text, keep="-/.,:()"))
    tidy = re.sub(r"\s*\((?:provisional|preliminary|preliminar|final)\)$", "", tidy)
    return re.sub(r"\s*([-/])\s*", r"\1", tidy).strip().lstrip("'")


def settle(texts: Iterable[str], rules: PeriodRules = DEFAULT_RULES) -> PeriodRules:
    """Rules with the open questions answered by the whole column, where it can answer them.

    A day above 12 settles which part is the day; `2005-13` or `2005-07` settles what a dash means.
    """
    tidy = {tidy_period(text) for text in texts}
    if rules.day_first is None:
        rules = replace(rules, day_first=_day_first(tidy))
    if rules.dash is None:
        rules = replace(rules, dash=_dash(tidy))
    return rules


def _day_first(tidy: set[str]) -> bool | None:
    found = [match for text in tidy if (match := SLASHED.fullmatch(text))]
    first = any(int(match["a"]) > 12 for match in found)
    second = any(int(match["b"]) > 12 for match in found)
    return None if first == second else first


def _dash(tidy: set[str]) -> Literal["month", "span"] | None:
    """A span when every second part is the year after, or one of them cannot be a month."""
    found = [match for text in tidy if (match := SHORT_SPAN.fullmatch(text))]
    if not found:
        return None
    parts = [(int(match["a"]), int(match["b"])) for match in found]
    if all(b == (a + 1) % 100 for a, b in parts) or any(not 1 <= b <= 12 for _, b in parts):
        return "span"
    return "month"


def bucketed(period: PeriodSpec, bucket: Bucket) -> PeriodSpec:
    """The longer period that holds this one. Raises BadPeriod when it does not fit into one."""
    if bucket == "as_is":
        return period
    start = period.start
    whole = {
        "year": lambda: year(start.year),
        "school_year": lambda: school_year(start.year - (start.month < 7)),
        "quarter": lambda: quarter(start.year, (start.month + 2) // 3),
        "month": lambda: month(start.year, start.month),
    }[bucket]()
    if period.end > whole.end:
        raise BadPeriod("period_too_long")
    return whole


def year(number: int) -> PeriodSpec:
    return PeriodSpec(date(number, 1, 1), date(number + 1, 1, 1), "year", f"{number:04}")


def school_year(first: int) -> PeriodSpec:
    label = f"{first}\u2013{(first + 1) % 100:02}"
    return PeriodSpec(date(first, 7, 1), date(first + 1, 7, 1), "school_year", label)


def fiscal_year(last: int, starts: int) -> PeriodSpec:
    """FY2020 is named after the calendar year it ends in."""
    first = last - (starts > 1)
    start, end = date(first, starts, 1), date(first + 1, starts, 1)
    return PeriodSpec(start, end, "fiscal_year", f"FY{last}")


def years(first: int, last: int) -> PeriodSpec:
    if not first < last <= first + LONGEST:
        raise BadPeriod("bad_period")
    return PeriodSpec(date(first, 1, 1), date(last + 1, 1, 1), "years", f"{first}\u2013{last}")


def quarter(number: int, which: int) -> PeriodSpec:
    start = date(number, 3 * which - 2, 1)
    end = date(number + which // 4, (3 * which) % 12 + 1, 1)
    return PeriodSpec(start, end, "quarter", f"{number}-Q{which}")


def month(number: int, which: int) -> PeriodSpec:
    start = date(number, which, 1)
    end = start + timedelta(days=calendar.monthrange(number, which)[1])
    return PeriodSpec(start, end, "month", f"{number:04}-{which:02}")


def day(number: int, which: int, of_month: int) -> PeriodSpec:
    start = date(number, which, of_month)
    return PeriodSpec(start, start + timedelta(days=1), "day", start.isoformat())


def _span(found: re.Match[str], rules: PeriodRules) -> PeriodSpec:
    first, last = int(found["a"]), int(found["b"])
    if last == first + 1 and rules.consecutive == "school_year":
        return school_year(first)
    return years(first, last)


def _short_span(found: re.Match[str], rules: PeriodRules) -> PeriodSpec:
    """`2005-06`: the school year, June 2005, or (`2016-20`) several years."""
    first, second = int(found["a"]), int(found["b"])
    follows = second == (first + 1) % 100
    can_be_month = 1 <= second <= 12
    if can_be_month and (rules.dash == "month" or (rules.dash is None and not follows)):
        return month(first, second)
    last = first + 1 if follows else first - first % 100 + second
    if follows and rules.consecutive == "school_year":
        return school_year(first)
    return years(first, last)


def _school(found: re.Match[str], rules: PeriodRules) -> PeriodSpec:
    first, last = int(found["a"]), int(found["b"])
    if last % 100 != (first + 1) % 100 or last not in (first + 1, (first + 1) % 100):
        raise BadPeriod("bad_period")
    return school_year(first)


def _slashed(found: re.Match[str], rules: PeriodRules) -> PeriodSpec:
    a, b = int(found["a"]), int(found["b"])
    day_first = rules.day_first
    if day_first is None and a != b:
        if a <= 12 and b <= 12:
            raise BadPeriod("ambiguous_period")
        day_first = a > 12
    return day(int(found["y"]), b, a) if day_first else day(int(found["y"]), a, b)


def _fiscal(found: re.Match[str], rules: PeriodRules) -> PeriodSpec:
    last = int(found["y"]) + (2000 if len(found["y"]) == 2 else 0)
    return fiscal_year(last, 10 if found["federal"] else rules.fiscal_month)


def _named_month(found: re.Match[str], rules: PeriodRules) -> PeriodSpec:
    return month(int(found["y"]), MONTHS[found["m"]])


def _named_day(found: re.Match[str], rules: PeriodRules) -> PeriodSpec:
    return day(int(found["y"]), MONTHS[found["m"]], int(found["d"]))


Builder = Callable[[re.Match[str], PeriodRules], PeriodSpec]
_NAME = "(?P<m>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
_SCHOOL = r"(?:sy|ay|school year|academic year|ano escolar|curso(?: escolar)?|ciclo escolar)"
_PAIR = r"(?P<a>\d{4})[-/](?P<b>\d{4}|\d{2})"
_CLOCK = r"(?:[t ]\d\d?:\d\d(?::\d\d(?:\.\d+)?)?z?)?"
SLASHED = re.compile(r"(?P<a>\d{1,2})[/.](?P<b>\d{1,2})[/.](?P<y>\d{4})(?: 00?:00(?::00)?)?")
SHORT_SPAN = re.compile(r"(?P<a>\d{4})[-/](?P<b>\d{2})")
PATTERNS: tuple[tuple[re.Pattern[str], Builder], ...] = tuple(
    (pattern if isinstance(pattern, re.Pattern) else re.compile(pattern), build)
    for pattern, build in (
        (r"(?:cy ?)?(?P<y>\d{4})(?:\.0+)?", lambda found, rules: year(int(found["y"]))),
        (r"(?P<a>\d{4})(?:-| to | a )(?P<b>\d{4})", _span),
        (r"(?P<a>\d{4})/(?P<b>\d{4})", _span),
        (SHORT_SPAN, _short_span),
        (_SCHOOL + r" ?-?" + _PAIR, _school),
        (_PAIR + r" " + _SCHOOL, _school),
        (
            r"(?P<y>\d{4})[- ]?[qt](?P<q>[1-4])",
            lambda found, rules: quarter(int(found["y"]), int(found["q"])),
        ),
        (
            r"(?:[qt](?P<q>[1-4])|(?P<q2>[1-4])[qt])[- /]?(?P<y>\d{4})",
            lambda found, rules: quarter(int(found["y"]), int(found["q"] or found["q2"])),
        ),
        (
            r"(?P<y>\d{4})([-/])(?P<m>\d{1,2})\2(?P<d>\d{1,2})" + _CLOCK,
            lambda found, rules: day(int(found["y"]), int(found["m"]), int(found["d"])),
        ),
        (
            r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?:\.0+)?",
            lambda found, rules: day(int(found["y"]), int(found["m"]), int(found["d"])),
        ),
        (
            r"(?P<m>\d{1,2})[-/](?P<y>\d{4})",
            lambda found, rules: month(int(found["y"]), int(found["m"])),
        ),
        (SLASHED, _slashed),
        (r"(?P<federal>f)?f(?:iscal )?y(?:ear)? ?-?(?P<y>\d{4}|\d{2})", _fiscal),
        (_NAME + r"[ ,/-]+(?:de |del )?(?P<y>\d{4})", _named_month),
        (r"(?P<y>\d{4})[ ,/-]+" + _NAME, _named_month),
        (_NAME + r" (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>\d{4})", _named_day),
        (r"(?P<d>\d{1,2})[ -](?:de )?" + _NAME + r"[ ,-]+(?:de |del )?(?P<y>\d{4})", _named_day),
    )
)
