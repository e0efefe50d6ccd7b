"""How public numbers are printed, and which sign stands where one cannot be: the one door.

A rate that NCHS's standard suppresses, or that rests on fewer people than the rules of its release
ask for, is not printed: [u]. The counts it came from stay, for privacy is another gate. A count
that is too small to be firm is printed and flagged. Pages, files, pictures, maps and sentences ask
here, so that none of them prints what another one calls unreliable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from django.utils.translation import ngettext

from measurement.models.indicators import Measure
from measurement.showing import wording
from measurement.showing.symbols import CONFIDENTIAL, UNRELIABLE, Symbol, of_missing
from measurement.showing.wording import Sign

if TYPE_CHECKING:
    from collections.abc import Iterable

    from measurement.showing.derived import Derived
    from measurement.showing.precision import Precision
    from measurement.showing.shown import Cell


class Judge(Protocol):
    """Knows how precise the cells of one table are, such as `Derived`."""

    def precision(self, cell: Cell) -> Precision | None: ...


def is_unreliable(derived: Judge, cell: Cell) -> bool:
    """It has a number, and the standard would suppress it."""
    found = derived.precision(cell)
    return found is not None and not found.is_shown


def symbol(derived: Judge, cell: Cell) -> Symbol | None:
    """Which sign stands for its number, or beside it; None for a number to rely on."""
    if cell.is_protected:
        return CONFIDENTIAL
    if cell.numerator is None:
        return of_missing(cell.missing)
    return UNRELIABLE if is_unreliable(derived, cell) else None


def value(derived: Judge, cell: Cell | None) -> str:
    """Rate or count, its sign, or [u]."""
    if cell is None:
        return wording.NOT_COUNTED
    text = wording.value(cell)
    if not is_unreliable(derived, cell):
        return text
    is_count = cell.version.measure == Measure.COUNT
    return f"{text} {UNRELIABLE.sign}" if is_count else UNRELIABLE.sign


def texts(derived: Judge, cell: Cell) -> wording.Texts:
    """Numerator, denominator and rate as a table prints them."""
    found = wording.cell_texts(cell)
    if cell.version.measure == Measure.COUNT or not is_unreliable(derived, cell):
        return found
    return wording.Texts(found.numerator, found.denominator, UNRELIABLE.sign)


def interval(derived: Judge, cell: Cell) -> str:
    """The 95 % interval; "" without a number, where it is unreliable or its error is kept back."""
    found = derived.precision(cell)
    if found is None or not found.is_shown or not found.has_interval:
        return ""
    return wording.interval(found.low, found.high, cell.version)


def signs(
    printed: Iterable[tuple[Judge, Cell]], *, has_holes: bool = False, whole: bool = True
) -> list[Sign]:
    """Every sign that stands for these cells, with what it means.

    has_holes: a table has places without any cell. whole: numerators and denominators are printed
    too; where False only the value of each cell is, such as on a tile, a map or a poster.
    """
    pairs = list(printed)
    cells = [cell for _derived, cell in pairs if whole or _has_no_firm_count(cell)]
    found = wording.signs(cells, has_holes)
    if any(is_unreliable(derived, cell) for derived, cell in pairs):
        found.append(Sign(UNRELIABLE.sign, str(UNRELIABLE.meaning)))
    return [each for index, each in enumerate(found) if each.sign not in _before(found, index)]


def _before(found: list[Sign], index: int) -> set[str]:
    return {each.sign for each in found[:index]}


def _has_no_firm_count(cell: Cell) -> bool:
    """A rate that is printed says nothing of its counts, so their signs are not on the page."""
    return cell.version.measure == Measure.COUNT or cell.value is None


def unreliable(derived: Derived) -> str:
    """How many numbers carry the sign, in a sentence that explains it; "" without any."""
    number = sum(is_unreliable(derived, cell) for cell in derived.shown.cells)
    if not number:
        return ""
    return ngettext(
        "%(number)s number is marked %(sign)s, unreliable: it rests on so few people that it could "
        "easily be another one.",
        "%(number)s numbers are marked %(sign)s, unreliable: each rests on so few people that it "
        "could easily be another one.",
        number,
    ) % {"number": wording.count(number), "sign": UNRELIABLE.sign}
