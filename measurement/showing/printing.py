"""One public number as pages print it: with its interval, or with [u] where it is unreliable.

A rate that NCHS's standard suppresses is not printed; the counts it came from stay, for privacy is
another gate. A count that is too small to be firm is printed and flagged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from measurement.models.indicators import Measure
from measurement.showing import wording
from measurement.showing.symbols import UNRELIABLE

if TYPE_CHECKING:
    from measurement.showing.derived import Derived
    from measurement.showing.shown import Cell


def is_unreliable(derived: Derived, cell: Cell) -> bool:
    """It has a number, and the standard would suppress it."""
    found = derived.precision(cell)
    return found is not None and not found.is_shown


def value(derived: Derived, cell: Cell | None) -> str:
    """Rate or count, its sign, or [u]."""
    if cell is None:
        return wording.NOT_COUNTED
    text = wording.value(cell)
    if not is_unreliable(derived, cell):
        return text
    is_count = cell.version.measure == Measure.COUNT
    return f"{text} {UNRELIABLE.sign}" if is_count else UNRELIABLE.sign


def interval(derived: Derived, cell: Cell) -> str:
    """The 95 % interval; "" where there is no number or it is unreliable."""
    found = derived.precision(cell)
    if found is None or not found.is_shown:
        return ""
    return wording.interval(found.low, found.high, cell.version)


def note(derived: Derived) -> str:
    """The line below a table that has the sign."""
    if any(is_unreliable(derived, cell) for cell in derived.shown.cells):
        return str(UNRELIABLE.meaning)
    return ""
