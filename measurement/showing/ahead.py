"""What to expect if nothing changes, worked out from public cells only.

A group that cannot be shown has no forecast, and points on two sides of a break are never joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

from measurement.forecast import Forecast, Outlook, forecast, outlook
from measurement.models.indicators import Measure

if TYPE_CHECKING:
    from ciforum.people.models import Period
    from measurement.showing.derived import Derived
    from measurement.showing.shown import Cell, Series

FURTHEST_YEARS = 10
MOST = 40  # periods on the way to a deadline
YEAR = 365.25


@dataclass(frozen=True)
class Outset:
    """A group's line drawn on: what to expect, and when the goal would be reached."""

    series: Series
    expected: Forecast
    outlook: Outlook | None


class Ahead:
    """The lines of one table drawn on to the deadline, or for as long as there are years."""

    def __init__(self, derived: Derived) -> None:
        self.derived = derived
        self.drawn: dict[Series, Outset] = {}

    def forecast(self, series: Series) -> Outset:
        """Of one group, or of everyone."""
        if series not in self.drawn:
            self.drawn[series] = self._draw(series)
        return self.drawn[series]

    def _draw(self, series: Series) -> Outset:
        derived, goal = self.derived, self.derived.goal
        shown = [cell for cell in derived.shown.line(series) if derived.value(cell) is not None]
        line = one_of_each_end(shown)
        points = [(year_of(cell.period), derived.value(cell), self._error(cell)) for cell in line]
        scale = self._scale(line)
        found = forecast(points, self.years, scale=scale, breaks=self._breaks(line))
        if goal is None:
            return Outset(series, found, None)
        deadline = decimal_year(goal.deadline + timedelta(days=1)) if goal.deadline else None
        seen = outlook(found, goal=goal.value, favourable=derived.favourable, deadline=deadline)
        return Outset(series, found, seen)

    def _error(self, cell: Cell) -> float | None:
        found = self.derived.precision(cell)
        return found.se if found else None

    def _scale(self, line: Sequence[Cell]) -> float:
        """The largest value possible; infinite for counts, and for rates that went beyond it."""
        derived = self.derived
        if derived.shown.version.measure == Measure.COUNT:
            return inf
        own = [cell for cell in line if cell.version == derived.shown.version]
        fits = all((derived.value(cell) or 0) <= derived.scale for cell in own)
        return derived.scale if fits else inf

    def _breaks(self, line: Sequence[Cell]) -> list[float]:
        return [
            year_of(after.period)
            for before, after in pairwise(line)
            if self.derived.joints.breaks(before, after)
        ]

    @cached_property
    def years(self) -> list[float]:
        """The ends of the periods to come, as decimal years."""
        return [decimal_year(end) for _start, end in self.periods]

    @cached_property
    def periods(self) -> list[tuple[date, date]]:
        """(first day, day after the last) of periods to come: up to the deadline, at most ten
        years and, without one, at most as many as were counted.
        """
        counted = self.derived.shown.periods
        if not counted:
            return []
        last, deadline = counted[-1], self.derived.goal.deadline if self.derived.goal else None
        ends = sorted({period.end for period in counted})
        if len(ends) < 2:
            return []
        step = min((after - before).days for before, after in pairwise(ends))
        until = last.end + timedelta(days=int(FURTHEST_YEARS * YEAR))
        if deadline and deadline > last.end:
            until = min(until, deadline + timedelta(days=1))
        found: list[tuple[date, date]] = []
        for index in range(1, 1 + (MOST if deadline else len(counted))):
            start, end = _later(last.start, step, index), _later(last.end, step, index)
            if end > until:
                break
            found.append((start, end))
        return found


def one_of_each_end(line: Sequence[Cell]) -> list[Cell]:
    """One number for each end of a period: where spans share it, the one as long as the newest.

    Two years added up may end with a single one; a line has one number at a time.
    """
    if not line:
        return []
    wanted = _days(line[-1].period)
    found: dict[date, Cell] = {}
    for cell in sorted(line, key=lambda each: abs(_days(each.period) - wanted), reverse=True):
        found[cell.period.end] = cell
    return sorted(found.values(), key=lambda cell: cell.period.end)


def _days(period: Period) -> int:
    return (period.end - period.start).days


def decimal_year(day: date) -> float:
    """2024.0 is the first day of 2024."""
    start = date(day.year, 1, 1)
    return day.year + (day - start).days / (date(day.year + 1, 1, 1) - start).days


def year_of(period: Period) -> float:
    """When its number was reached: its end."""
    return decimal_year(period.end)


def _later(day: date, step: int, times: int) -> date:
    """`times` periods later; whole years and months keep their day."""
    months = round(step / 30.44)
    if months and abs(step - months * 30.44) < 3:
        total = day.month - 1 + months * times
        return date(day.year + total // 12, total % 12 + 1, min(day.day, 28))
    return day + timedelta(days=step * times)
