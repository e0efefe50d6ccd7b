"""Small drawings that stand in the page itself: bars with intervals, and small lines.

They are plain numbers for SVG in the templates, so they need no script, follow the colour scheme
and print. What is hidden, missing or unreliable has no shape, only its sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from measurement.showing import printing, wording

if TYPE_CHECKING:
    from measurement.showing.derived import Derived
    from measurement.showing.shown import Cell, Series, Shown

WIDTH, HEIGHT, EDGE = 160, 64, 5  # of a small line, in units of its viewBox


@dataclass(frozen=True)
class Bar:
    """One row of a bar chart. Numbers are percents of the width; None without a number.

    low, high: ends of the 95 % interval.
    """

    name: str
    value: str
    is_everyone: bool
    length: float | None = None
    low: float | None = None
    high: float | None = None
    interval: str = ""


def bars(derived: Derived) -> list[Bar]:
    """Every group in the newest period, in its own order, from zero, on one scale."""
    cells = newest_cells(derived.shown)
    known = [cell for cell in cells if derived.value(cell) is not None]
    top = max((reach(derived, cell)[1] for cell in known), default=0.0)
    return [_bar(derived, cell, top) for cell in cells]


def newest_cells(shown: Shown) -> list[Cell]:
    period = shown.periods[-1]
    return [cell for each in shown.series if (cell := shown.by_key.get((period, each)))]


def _bar(derived: Derived, cell: Cell, top: float) -> Bar:
    name, is_everyone = wording.series_name(cell.series), not cell.series.members
    text, value = printing.value(derived, cell), derived.value(cell)
    if value is None or top <= 0:
        return Bar(name, text, is_everyone)
    low, high = reach(derived, cell)
    interval = printing.interval(derived, cell)
    return Bar(
        name, text, is_everyone, _part(value, top), _part(low, top), _part(high, top), interval
    )


def reach(derived: Derived, cell: Cell) -> tuple[float, float]:
    """Ends of its interval; the number itself where there is none to be drawn."""
    value, found = derived.value(cell) or 0.0, derived.precision(cell)
    if found is None or not found.is_shown or not found.has_interval:
        return value, value
    return min(found.low, value), max(found.high, value)


def _part(value: float, top: float) -> float:
    return round(100 * min(value, top) / top, 2)


@dataclass(frozen=True)
class Pane:
    """One small line: its parts as SVG points, single points as (x, y), its newest number.

    goal: how high the goal for everyone lies, "" without one.
    """

    name: str
    value: str
    period: str
    parts: list[str]
    dots: list[tuple[str, str]]
    goal: str = ""


# A name, the numbers it is about, and which of their series.
Lines: TypeAlias = Sequence[tuple[str, "Derived", "Series"]]


def panes(lines: Lines, goal: float | None = None) -> list[Pane]:
    """Lines on one scale of numbers and one of time, so that they can be compared by eye.

    goal: the same for all, drawn in each.
    """
    first, last = span(lines)
    scale = _Scale(first, last, max(highest(lines), goal or 0.0), goal)
    return [_pane(name, derived, series, scale) for name, derived, series in lines]


def span(lines: Lines) -> tuple[int, int]:
    """First and last day of all these lines."""
    days = [
        cell.period.start.toordinal()
        for _name, derived, series in lines
        for cell in derived.drawn(series)
    ]
    return (min(days), max(days)) if days else (0, 0)


def highest(lines: Lines) -> float:
    """The highest number of all these lines, never 0."""
    values = [
        value
        for _name, derived, series in lines
        for cell in derived.drawn(series)
        if (value := derived.value(cell)) is not None
    ]
    return max(values, default=0.0) or 1.0


@dataclass(frozen=True)
class _Scale:
    first: int
    last: int
    top: float
    goal: float | None = None

    def point(self, cell: Cell) -> tuple[str, str]:
        days = self.last - self.first
        along = (cell.period.start.toordinal() - self.first) / days if days else 0.5
        return f"{EDGE + (WIDTH - 2 * EDGE) * along:.1f}", self.height(float(cell.value or 0))

    def height(self, value: float) -> str:
        return f"{HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * value / self.top:.1f}"


def _pane(name: str, derived: Derived, series: Series, scale: _Scale) -> Pane:
    parts = [[scale.point(cell) for cell in part] for part in pieces(derived, series)]
    line = derived.drawn(series)
    newest = line[-1] if line else None
    return Pane(
        name=name,
        value=printing.value(derived, newest),
        period=str(newest.period) if newest else "",
        parts=[" ".join(",".join(point) for point in part) for part in parts if len(part) > 1],
        dots=[part[-1] for part in parts],
        goal="" if scale.goal is None else scale.height(scale.goal),
    )


def pieces(derived: Derived, series: Series) -> list[list[Cell]]:
    """What may be joined: broken where a number is missing or counted in another way."""
    found: list[list[Cell]] = []
    before: Cell | None = None
    for cell in derived.drawn(series):
        if derived.value(cell) is None:
            before = None
            continue
        if (
            before is None
            or before.period.end < cell.period.start
            or derived.joints.breaks(before, cell)
        ):
            found.append([])
        found[-1].append(cell)
        before = cell
    return found
