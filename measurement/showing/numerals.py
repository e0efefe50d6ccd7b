"""Numbers as the reader's language writes them. A page has a thousand of them, so it is quick.

The same as Django's `number_format(…, force_grouping=True)`, a test compares them; but how a
language groups and parts its digits is looked up once, not for each number.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.utils.formats import get_format, number_format
from django.utils.translation import get_language

_UNITS = [Decimal(1).scaleb(-places) for places in range(8)]


def rounded(value: Decimal, places: int) -> Decimal:
    """Half a unit goes away from zero, as people round."""
    return value.quantize(_UNITS[places], rounding=ROUND_HALF_UP)


def written(number: Decimal | int, places: int = 0) -> str:
    """`1,234.5` in English, `1.234,5` in Spanish. number: with `places` digits behind the point."""
    marks = _marks(get_language())
    if marks is None:
        return number_format(number, decimal_pos=places, force_grouping=True)
    text = f"{number or 0:,.{places}f}" if places else f"{number or 0:,}"
    return text.translate(marks)


@lru_cache(maxsize=64)
def _marks(language: str | None) -> dict[int, str] | None:
    """What stands for the comma and the point; None where digits are not grouped by three."""
    if get_format("NUMBER_GROUPING", language) != 3:
        return None
    thousands = get_format("THOUSAND_SEPARATOR", language)
    point = get_format("DECIMAL_SEPARATOR", language)
    return str.maketrans({",": str(thousands), ".": str(point)})
