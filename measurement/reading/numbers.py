"""The numbers of one line: what they say together, and what they cannot mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Any

from measurement.reading.mapping import SCALES, Mapping
from measurement.reading.plan import Series
from measurement.reading.values import Cell, parse_count, parse_rate, same

Complaint = tuple[int, str, dict[str, Any]]  # column, code, params


@dataclass(slots=True)
class Numbers:
    """The number fields of a Row. errors keep the line out, warnings do not."""

    numerator: int | None = None
    denominator: int | None = None
    missing: str | None = None
    rate: Decimal | None = None
    denominator_derived: bool = False
    numerator_derived: bool = False
    sample_size: int | None = None
    weight: Decimal | None = None
    se: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    text: str = ""
    errors: list[Complaint] = field(default_factory=list)
    warnings: list[Complaint] = field(default_factory=list)


class NumberReader:
    """Reads number cells the way one file writes them."""

    def __init__(self, mapping: Mapping) -> None:
        self.scale = mapping.scale
        self.comma = mapping.decimal_comma
        self.own_words = {same(text): code for text, code in mapping.missing.items()}

    def read(self, cells: Sequence[str], series: Series) -> Numbers:
        numbers = Numbers()
        found = {
            "numerator": self._cell(cells, series.numerator, parse_count, numbers),
            "denominator": self._cell(cells, series.denominator, parse_count, numbers),
            "rate": self._cell(cells, series.rate, parse_rate, numbers),
            "sample_size": self._cell(cells, series.sample_size, parse_count, numbers),
            "weight": self._cell(cells, series.weight, parse_rate, numbers),
            "se": self._cell(cells, series.se, parse_rate, numbers),
        }
        if not numbers.errors:
            self._combine(numbers, series, found)
        return numbers

    def _cell(
        self, cells: Sequence[str], at: int | None, parse: Callable[..., Cell], numbers: Numbers
    ) -> Cell | None:
        if at is None:
            return None
        text = cells[at]
        if self.own_words and (code := self.own_words.get(same(text))):
            return Cell(text, missing=code)
        cell = parse(text, decimal_comma=self.comma)
        if cell.problem:
            numbers.errors.append((at, cell.problem, {"text": text[:80]}))
        return cell

    def _combine(self, numbers: Numbers, series: Series, found: dict[str, Cell | None]) -> None:
        numerator, denominator, rate = found["numerator"], found["denominator"], found["rate"]
        numbers.numerator = numerator.count if numerator else None
        numbers.denominator = denominator.count if denominator else None
        numbers.rate = rate.value if rate else None
        numbers.sample_size = found["sample_size"].count if found["sample_size"] else None
        numbers.weight = found["weight"].value if found["weight"] else None
        main = numerator or rate or Cell("", missing="unknown")
        numbers.text = main.text
        if main.missing:
            self._missing(numbers, main, [numerator, rate, denominator])
        elif numerator is None and numbers.rate is not None:
            self._from_rate(numbers, series, numbers.rate)
        elif numbers.denominator is None:
            self._denominator(numbers, series, denominator)
        self._error(numbers, series, found["se"])
        self._sanity(numbers, series)

    def _error(self, numbers: Numbers, series: Series, cell: Cell | None) -> None:
        """The standard error: of a share as a part of one, of a bare count in people.

        Files write it in the unit of their rate. Where there is no number it says nothing.
        """
        if cell is None or cell.value is None or series.se is None or numbers.missing:
            return
        has_whole = series.denominator is not None or series.rate is not None
        error = cell.value / self.scale if has_whole else cell.value
        if has_whole and self.scale and error > 1 and (numbers.denominator or 0) > 0:
            params = {"text": cell.text[:80], "scale": self.scale}
            numbers.errors.append((series.se, "se_out_of_range", params))
            return
        numbers.se = error

    @staticmethod
    def _missing(numbers: Numbers, main: Cell, cells: Sequence[Cell | None]) -> None:
        """The most telling reason on the line: `Suppressed` says more than a blank."""
        reasons = [cell.missing for cell in cells if cell and cell.missing]
        numbers.missing = next((code for code in reasons if code != "unknown"), main.missing)
        numbers.low, numbers.high = main.low, main.high

    def _from_rate(self, numbers: Numbers, series: Series, rate: Decimal) -> None:
        """A count that only a rate gives is taken when exactly one whole number fits it."""
        denominator = numbers.denominator
        if not denominator:
            numbers.errors.append((series.main, "needs_count", {"rate": rate}))
            return
        exact = rate * denominator / self.scale
        count = int(exact.to_integral_value(ROUND_HALF_EVEN))
        slack = half_step(rate) * denominator / self.scale + Decimal("1e-9") * max(1, count)
        if slack >= Decimal("0.5") or abs(exact - count) > slack:
            numbers.errors.append((series.main, "count_not_exact", {"rate": rate}))
            return
        numbers.numerator, numbers.numerator_derived = count, True

    def _denominator(self, numbers: Numbers, series: Series, cell: Cell | None) -> None:
        """Worked out from count and rate; impossible from a count or a rate of 0."""
        count, rate = numbers.numerator, numbers.rate
        if count and rate:
            numbers.denominator = round(count * self.scale / rate)
            numbers.denominator_derived = True
        elif cell is not None or series.rate is not None:
            numbers.warnings.append((series.main, "no_denominator", {"count": count}))

    def _sanity(self, numbers: Numbers, series: Series) -> None:
        count, whole, rate = numbers.numerator, numbers.denominator, numbers.rate
        if rate is not None and rate > self.scale and series.rate is not None:
            params = {"rate": rate, "scale": self.scale}
            numbers.errors.append((series.rate, "rate_out_of_range", params))
        elif count is not None and whole is not None and count > whole:
            params = {"numerator": count, "denominator": whole}
            numbers.errors.append((series.main, "numerator_above_denominator", params))


def half_step(rate: Decimal) -> Decimal:
    """Half a unit of the last digit that is written: 5.9 stands for 5.85 to 5.95."""
    exponent = rate.as_tuple().exponent
    return Decimal(5).scaleb((exponent if isinstance(exponent, int) else 0) - 1)


def fits(numerator: int, denominator: int, rate: Decimal, scale: int) -> bool:
    """Is this rate what the counts give? One unit of its last digit is allowed: some truncate."""
    given, slack = _with_slack(rate)
    return abs(numerator * scale / denominator - given) <= slack


@lru_cache(maxsize=65536)
def _with_slack(rate: Decimal) -> tuple[float, float]:
    return float(rate), 2 * float(half_step(rate)) + 1e-9 * float(rate)


class ScaleEvidence:
    """How many lines of a file agree with each scale; 0 agrees with all and so says nothing."""

    ENOUGH = 5_000  # lines; more would not change the verdict

    def __init__(self) -> None:
        self.compared = 0
        self.agree = dict.fromkeys(SCALES, 0)

    def add(self, numerator: int, denominator: int, rate: Decimal) -> None:
        if numerator and denominator and rate and self.compared < self.ENOUGH:
            self.compared += 1
            for scale in SCALES:
                self.agree[scale] += fits(numerator, denominator, rate, scale)

    def other_than(self, scale: int) -> int | None:
        """The scale that fits nearly every line where the given one fits few, if there is one."""
        best = max(SCALES, key=lambda each: self.agree[each])
        clear = self.agree[best] >= 0.8 * self.compared and self.agree[scale] < 0.5 * self.compared
        return best if self.compared and best != scale and clear else None
