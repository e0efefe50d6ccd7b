"""Whether public numbers can be relied on: by NCHS's standard and by the rules of their release."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from measurement.models.indicators import Measure as Kind
from measurement.showing import precision

if TYPE_CHECKING:
    from measurement.showing.cell import Cell
    from measurement.showing.precision import Precision

FEW_EVENTS = "events<rule"


class Counted(NamedTuple):
    """What is judged of a cell, for those who have no `Cell` of it. version, release: as there."""

    numerator: int | None
    denominator: int | None
    sample_size: int | None
    version: Any
    release: Any


def judge(cells: Sequence[Cell | Counted]) -> list[Precision]:
    """The precision of cells with a value, all of one kind of measure. In their order.

    A rate of fewer events than the rules of its release ask for is doubted, whatever its interval.
    """
    if not cells:
        return []
    version = cells[0].version
    x = [float(cell.numerator or 0) for cell in cells]
    if version.measure == Kind.COUNT:
        return precision.counts(x, None, 1)
    n = [float(cell.denominator or 0) for cell in cells]
    asked = [
        float(min(cell.sample_size, whole) if cell.sample_size else whole)
        for cell, whole in zip(cells, n, strict=True)
    ]
    events = [each * size / whole for each, size, whole in zip(x, asked, n, strict=True)]
    if version.measure == Kind.RATE or any(e > size for e, size in zip(events, asked, strict=True)):
        found = precision.counts(events, asked, float(version.scale))
    else:
        found = precision.proportions(events, asked, float(version.scale))
    return [
        each.doubted(FEW_EVENTS) if number < cell.release.reliable_count else each
        for each, number, cell in zip(found, events, cells, strict=True)
    ]
