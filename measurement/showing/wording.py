"""Public cells as text: numbers in the reader's format, and signs where there is none."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from measurement.models.indicators import Measure, Scale
from measurement.models.observations import Missing
from measurement.showing import numerals
from measurement.showing.symbols import (
    CONFIDENTIAL,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    REASONS,
    SYMBOLS,
    of_missing,
)

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from measurement.models import IndicatorVersion
    from measurement.showing.shown import Cell, Series

# One sign for every protected cell, whether small itself or hidden to protect another.
PROTECTED = CONFIDENTIAL.sign
NEAR = "≈"
NO_RATE = NOT_APPLICABLE.sign
NOT_COUNTED = NOT_AVAILABLE.sign
_MEANINGS: dict[str, _StrPromise] = {
    NEAR: gettext_lazy("about: worked out from a count and a rounded percent"),
    **{each.sign: each.meaning for each in SYMBOLS.values()},
}


@dataclass(frozen=True)
class Texts:
    """One cell, ready to print. Where there is no number there is a sign."""

    numerator: str
    denominator: str
    rate: str


@dataclass(frozen=True)
class Sign:
    sign: str
    meaning: str


@lru_cache(maxsize=64)
def _in_its_words(what: str, language: str | None) -> str:
    """The frames around numbers, looked up once for each language: a page has hundreds of them."""
    return {"percent": _("%(number)s%%"), "interval": _("%(low)s to %(high)s")}[what]


def count(number: int) -> str:
    return numerals.written(number)


def decimals(value: Decimal) -> int:
    """One digit behind the point; two where the number is below one."""
    return 2 if 0 < value < 1 else 1


def rate(value: Decimal, scale: int) -> str:
    """`7.2%`, or `5.9` for other scales (the table's head says "of every 1,000")."""
    number = plain(value, decimals(value))
    if scale != Scale.HUNDRED:
        return number
    return _in_its_words("percent", get_language()) % {"number": number}


def plain(number: float | Decimal, places: int = 1) -> str:
    """A number as the reader's language writes it, without a unit."""
    exact = number if isinstance(number, Decimal) else Decimal(str(number))
    return numerals.written(numerals.rounded(exact, places), places)


def figure(number: float, version: IndicatorVersion) -> str:
    """A worked-out value in the indicator's unit, as its table writes it: `7.2%` or `5.9`."""
    if version.measure == Measure.COUNT:
        return plain(number, 0)
    return rate(Decimal(str(number)), version.scale)


def difference(number: float, version: IndicatorVersion) -> str:
    """The distance of two values: points where they are percents, for these are no percents."""
    text = plain(number, 2 if 0 < abs(number) < 1 else 1)
    if version.measure == Measure.COUNT or version.scale != Scale.HUNDRED:
        return text
    return _("%(number)s points") % {"number": text}


def interval(low: float, high: float, version: IndicatorVersion) -> str:
    """The 95 % interval of a value."""
    ends = {"low": figure(low, version), "high": figure(high, version)}
    return _in_its_words("interval", get_language()) % ends


def value(cell: Cell) -> str:
    """What the cell says at a glance: rate or count, or its sign."""
    texts = cell_texts(cell)
    return texts.numerator if cell.version.measure == Measure.COUNT else texts.rate


def cell_texts(cell: Cell) -> Texts:
    """Numerator, denominator and rate as the table prints them."""
    sign = sign_of(cell)
    numerator = sign if cell.numerator is None else count(cell.numerator)
    if cell.denominator is not None:
        near = NEAR + "\N{NO-BREAK SPACE}" if cell.is_near else ""
        denominator = near + count(cell.denominator)
    else:
        denominator = PROTECTED if cell.is_protected else sign or NOT_AVAILABLE.sign
    if cell.rate is not None:
        shown = rate(cell.rate, cell.version.scale)
    elif cell.is_protected:
        shown = PROTECTED
    else:
        shown = sign or (NO_RATE if cell.denominator == 0 else NOT_AVAILABLE.sign)
    return Texts(numerator, denominator, shown)


def sign_of(cell: Cell) -> str:
    """The sign for a count that is not there, or "" where it is."""
    if cell.numerator is not None:
        return ""
    if cell.is_protected:
        return PROTECTED
    return of_missing(cell.missing).sign


def signs(cells: Iterable[Cell], has_holes: bool = False) -> list[Sign]:
    """Every sign that stands in these cells, with what it means.

    has_holes: NOT_COUNTED stands where the table has no cell at all.
    """
    found: set[str] = {NOT_COUNTED} if has_holes else set()
    why = {Missing.NOT_COLLECTED.value} if has_holes else set()
    for cell in cells:
        texts = cell_texts(cell)
        found |= {text for text in (texts.numerator, texts.rate) if text in _MEANINGS}
        if cell.version.measure != Measure.COUNT:
            found |= {texts.denominator} & _MEANINGS.keys()
        if cell.is_near and cell.denominator is not None:
            found.add(NEAR)
        if cell.numerator is None and not cell.is_protected:
            why.add(cell.missing)
    return [Sign(sign, _meaning(sign, why)) for sign in _MEANINGS if sign in found]


def _meaning(sign: str, why: Collection[str]) -> str:
    """What it stands for; for "not available", what the sources say of it."""
    reasons = [str(text) for missing, text in REASONS.items() if missing in why]
    if sign != NOT_AVAILABLE.sign or not reasons:
        return str(_MEANINGS[sign])
    return _("%(sign)s: %(reasons)s") % {
        "sign": NOT_AVAILABLE.label,
        "reasons": "; ".join(reasons),
    }


def series_name(series: Series) -> str:
    return series.name or _("Everyone")


def per(version: IndicatorVersion) -> str:
    """How the rate is to be read: "of every 1,000"."""
    if version.measure == Measure.COUNT:
        return ""
    return _("of every %(number)s") % {"number": count(version.scale)}


def hidden_cells(number: int) -> str:
    return ngettext(
        "%(number)s number is hidden to protect people.",
        "%(number)s numbers are hidden to protect people.",
        number,
    ) % {"number": count(number)}
