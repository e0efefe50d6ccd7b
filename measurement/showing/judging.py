"""Whether public numbers can be relied on: by NCHS's standard and by the rules of their release."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from measurement.models.indicators import Measure as Kind
from measurement.models.observations import KeptError
from measurement.reliability import present_count, present_proportion, present_rate
from measurement.showing import precision
from measurement.showing.precision import Precision

if TYPE_CHECKING:
    from measurement.reliability.standards import Standard
    from measurement.showing.cell import Cell

FEW_EVENTS = "events<rule"
SURVEY = "standard error"


class Counted(NamedTuple):
    """What is judged of a cell, for those who have no `Cell` of it. version, release: as there."""

    numerator: int | None
    denominator: int | None
    sample_size: int | None
    version: Any
    release: Any
    se: Decimal | None = None
    kept_error: str = ""


def judge(cells: Sequence[Cell | Counted]) -> list[Precision]:
    """The precision of cells with a value, each by its own definition. In their order.

    A survey's own standard error decides where it is known; where it is kept back, what it came
    to. A rate of fewer events than the rules of its release ask for is doubted, whatever its
    interval.
    """
    alike: dict[tuple[str, int, bool], list[int]] = {}
    for index, cell in enumerate(cells):
        alike.setdefault(_way(cell), []).append(index)
    found: dict[int, Precision] = {}
    for own in alike.values():
        found.update(zip(own, _by_counts([cells[index] for index in own]), strict=True))
    return [_with_rules(cell, found[index]) for index, cell in enumerate(cells)]


def _way(cell: Cell | Counted) -> tuple[str, int, bool]:
    """How it is judged, whatever stands beside it: definitions of one indicator may differ."""
    version = cell.version
    is_beyond = (cell.numerator or 0) > (cell.denominator or 0)
    is_rate = version.measure == Kind.RATE or (version.measure != Kind.COUNT and is_beyond)
    return version.measure, version.scale, is_rate


def _by_counts(cells: Sequence[Cell | Counted]) -> list[Precision]:
    """Of cells that are judged in one way."""
    measure, scale, is_rate = _way(cells[0])
    x = [float(cell.numerator or 0) for cell in cells]
    if measure == Kind.COUNT:
        return precision.counts(x, None, 1)
    n = [float(cell.denominator or 0) for cell in cells]
    asked = [_asked(cell) for cell in cells]
    events = [each * size / whole for each, size, whole in zip(x, asked, n, strict=True)]
    of_whole = precision.counts if is_rate else precision.proportions
    return of_whole(events, asked, float(scale))


def _asked(cell: Cell | Counted) -> float:
    """How many people were really asked."""
    whole = float(cell.denominator or 0)
    return min(float(cell.sample_size), whole) if cell.sample_size else whole


def _with_rules(cell: Cell | Counted, found: Precision) -> Precision:
    if cell.se:
        found = _by_survey(cell, float(cell.se))
    elif cell.kept_error:
        found = found.without_interval()
        if cell.kept_error == KeptError.UNRELIABLE:
            found = found.doubted(SURVEY)
    is_rate = cell.version.measure != Kind.COUNT
    if is_rate and _events(cell) < cell.release.reliable_count:
        found = found.doubted(FEW_EVENTS)
    return found


def _events(cell: Cell | Counted) -> float:
    """Of those who were asked."""
    return float(cell.numerator or 0) * _asked(cell) / float(cell.denominator or 1)


def _by_survey(cell: Cell | Counted, se: float) -> Precision:
    """By the standard error that the survey gave: Korn-Graubard's interval for shares.

    se: of a share as a part of one, of a count in people.
    """
    scale, n = float(cell.version.scale), _asked(cell)
    if cell.version.measure == Kind.COUNT:
        return _precision(present_count(float(cell.numerator or 0), se=se), 1.0, se)
    if cell.version.measure == Kind.RATE or _events(cell) > n:
        found = present_rate(_events(cell), n, per=scale, se=se * n)
        return _precision(found, 1.0, se * scale)
    return _precision(present_proportion(_events(cell), n, se=se), scale, se * scale)


def _precision(found: Standard, unit: float, se: float) -> Precision:
    low, high = found.interval
    reasons = (*found.reasons, *found.review)
    return Precision(low * unit, high * unit, se, found.decision, reasons)
