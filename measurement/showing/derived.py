"""Everything worked out from public cells: precision, inequality, distance to the goal.

What to expect if nothing changes is in `ahead`.

It is given a `Shown` and nothing else, so it knows no number that is not printed. What belongs to
a hidden number goes with it: a group that cannot be shown has no distance, no people short and no
forecast, and nothing is worked out for which all groups would be needed. No total less the others
is ever taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from measurement.inequality import Measure, Stratum, summarize
from measurement.models.curve import Against
from measurement.models.indicators import Direction
from measurement.models.indicators import Measure as Kind
from measurement.showing.ahead import YEAR, Ahead
from measurement.showing.breaks import Joints
from measurement.showing.judging import judge
from measurement.showing.precision import Precision
from measurement.universalism import Assessment, Framing, GroupAssessment, GroupValue, assess
from measurement.universalism import framing as framed

if TYPE_CHECKING:
    from ciforum.people.models import Period
    from measurement.models import Comparison, IndicatorVersion
    from measurement.showing.shown import Cell, Series, Shown
    from measurement.showing.universal_goal import UniversalGoal

# Measures between two groups that can both be shown; all others need every group.
OF_TWO = frozenset(["d", "r", "d_ref", "r_ref", "mrd", "mrr"])
NOT_ALL_SHOWN = "groups_not_shown"
# Their formula for the uncertainty takes the people for those who were asked: see `attributable`.
OF_THE_ASKED = ("par", "paf")
DRAWS = 60_000  # of simulated values for one page, shared by its groups
FEWEST_DRAWS, MOST_DRAWS = 1_000, 10_000


class Derived:
    """What follows from the public numbers of one table. Nothing here asks the database but
    `Joints`, once.
    """

    def __init__(
        self,
        shown: Shown,
        goal: UniversalGoal | None = None,
        comparison: Comparison | None = None,
        joints: Joints | None = None,
    ) -> None:
        self.shown = shown
        self.goal = None if shown.version.measure == Kind.COUNT else goal
        self.comparison = comparison
        self.joints = joints or Joints(shown)

    # --- precision

    @cached_property
    def _precise(self) -> dict[tuple[Period, Series], Precision]:
        cells = [cell for cell in self.shown.cells if cell.value is not None]
        return {
            (cell.period, cell.series): found
            for cell, found in zip(cells, judge(cells), strict=True)
        }

    def precision(self, cell: Cell) -> Precision | None:
        """None where there is no number, for whatever reason."""
        return self._precise.get((cell.period, cell.series))

    def value(self, cell: Cell | None) -> float | None:
        """The number, unless it is hidden, missing or too unreliable to stand alone."""
        if cell is None or cell.value is None:
            return None
        if cell.version.measure == Kind.COUNT:
            return float(cell.value)  # a count says how small it is by itself; it is flagged
        found = self.precision(cell)
        return float(cell.value) if found and found.is_shown else None

    def is_firm(self, cell: Cell) -> bool:
        found = self.precision(cell)
        return bool(found and found.is_firm)

    # --- which groups

    @property
    def scale(self) -> float:
        return float(self.shown.version.scale)

    @property
    def favourable(self) -> bool:
        return bool(self.shown.version.direction == Direction.UP)

    @property
    def newest(self) -> Period | None:
        return self.shown.periods[-1] if self.shown.periods else None

    @cached_property
    def groups(self) -> list[Series]:
        """Every group and intersection, in declared order."""
        return [each for each in self.shown.series if each.members]

    @cached_property
    def whole_groups(self) -> list[Series]:
        """Those that exclude each other: no parts of another group; none where groups overlap."""
        if self.shown.overlaps:
            return []
        return [
            each for each in self.groups if all(len(member.order) == 1 for member in each.members)
        ]

    def cell(self, series: Series, period: Period | None = None) -> Cell | None:
        when = period or self.newest
        return self.shown.by_key.get((when, series)) if when else None

    @cached_property
    def is_complete(self) -> bool:
        """Every whole group has a number that can be shown in the newest period.

        A hidden total counts as a hidden group: what all groups together come to goes with it.
        """
        everyone = self.cell(self.shown.everyone)
        if everyone is not None and everyone.is_protected:
            return False
        return all(self.value(self.cell(each)) is not None for each in self.whole_groups)

    def drawn(self, series: Series) -> list[Cell]:
        """Its line in a chart: numbers in the unit of today's definition. One axis has one unit."""
        unit = _unit(self.shown.version)
        return [cell for cell in self.shown.line(series) if _unit(cell.version) == unit]

    @cached_property
    def undrawn(self) -> list[Period]:
        """Periods with numbers in another unit, which are in no chart."""
        unit = _unit(self.shown.version)
        known = (cell for cell in self.shown.cells if cell.value is not None)
        return list(dict.fromkeys(each.period for each in known if _unit(each.version) != unit))

    @property
    def is_ordered(self) -> bool:
        """The groups are of one dimension and stand in an order."""
        found = self.shown.breakdowns.get(self.shown.by, [])
        return len(found) == 1 and bool(found[0].is_ordered)

    # --- inequality

    @cached_property
    def reference(self) -> Series | None:
        """The group that was chosen to compare with, where it is in this table."""
        chosen = self.comparison.group if self.comparison else None
        if chosen is None:
            return None
        key = f"{chosen.dimension.code}:{chosen.code}"
        return next((each for each in self.whole_groups if each.key == key), None)

    @cached_property
    def measures(self) -> dict[str, Measure]:
        """Every summary measure between the whole groups in the newest period; {} without any."""
        if self.shown.version.measure == Kind.COUNT or len(self.whole_groups) < 2:
            return {}
        found = summarize(
            [self._stratum(each) for each in self.whole_groups],
            ordered=self.is_ordered,
            favourable=self.favourable,
            scale=self.scale if self.shown.version.measure == Kind.PROPORTION else None,
            reference=self.whole_groups.index(self.reference) if self.reference else None,
            simulations=max(FEWEST_DRAWS, min(MOST_DRAWS, DRAWS // len(self.whole_groups))),
        )
        if self._has_weights:
            found |= {key: _without_interval(found[key]) for key in OF_THE_ASKED if key in found}
        if self.is_complete:
            return found
        withheld = Measure(None, status="not_computable", reason=NOT_ALL_SHOWN)
        return {
            key: each if key in OF_TWO or each.status == "not_applicable" else withheld
            for key, each in found.items()
        }

    @property
    def _has_weights(self) -> bool:
        """People of a population stand in for those who were asked."""
        cells = [self.cell(each) for each in self.whole_groups]
        return any(cell is not None and cell.weight is not None for cell in cells)

    def _stratum(self, series: Series) -> Stratum:
        cell = self.cell(series)
        value = self.value(cell)
        found = self.precision(cell) if cell else None
        order = next((float(member.order[0]) for member in series.members), None)
        if cell is None or value is None or found is None:
            return Stratum(series.key, None, order=order)
        return Stratum(series.key, value, found.se, people(cell), order, reliable=found.is_firm)

    @cached_property
    def pair(self) -> tuple[str, str]:
        """The absolute and the relative measure that stand side by side."""
        against = self.comparison.against if self.comparison else Against.GOAL
        match against:
            case Against.MEAN:
                return "mdmw", "idisw"
            case Against.BEST:
                return "mdbw", "srr"
            case Against.GROUP if self.reference:
                return "d_ref", "r_ref"
        return ("sii", "rii") if self.is_ordered and len(self.whole_groups) > 2 else ("d", "r")

    # --- the universal goal

    @cached_property
    def baseline(self) -> Period | None:
        """Where we began: the period that was set, else the first one counted as today."""
        periods = self.shown.periods[:-1]
        wanted = self.shown.indicator.baseline_id
        chosen = next((each for each in periods if each.pk == wanted), None)
        return chosen or next((each for each in periods if self._is_as_today(each)), None)

    def _is_as_today(self, period: Period) -> bool:
        cell = next((each for each in self.shown.cells if each.period == period), None)
        return bool(cell and cell.version == self.shown.version)

    @property
    def years_left(self) -> float | None:
        if self.goal is None or self.goal.deadline is None or self.newest is None:
            return None
        return ((self.goal.deadline + timedelta(days=1)) - self.newest.end).days / YEAR

    @cached_property
    def assessment(self) -> Assessment | None:
        """Each group against the goal in the newest period; None without a goal or numbers.

        Whole groups are judged together. Parts of groups, and groups that overlap, are judged one
        by one: they are in no total, no share and no alarm but that of a group nobody serves.
        """
        if self.goal is None or self.newest is None:
            return None
        together = self._assess(self.whole_groups)
        alone = [
            judged
            for each in self.groups
            if each not in self.whole_groups
            for judged in self._assess([each]).groups
        ]
        found = {each.group: each for each in [*together.groups, *alone]}
        judged = [found[each.key] for each in self.groups]
        if self.value(self.cell(self.shown.everyone)) is None:
            together = replace(together, overall=None, overall_gap_to_goal=None)
        if not self.whole_groups or not self.is_complete:
            together = replace(together, total_people_short=None)
            judged = [replace(each, share_of_total_shortfall_pct=None) for each in judged]
        return replace(together, groups=judged)

    def _assess(self, series: Sequence[Series]) -> Assessment:
        assert self.goal is not None  # noqa: S101 - asked by `assessment`
        everyone = self.cell(self.shown.everyone)
        then = self.cell(self.shown.everyone, self.baseline) if self.baseline else None
        return assess(
            [self._position(each) for each in series],
            goal=self.goal.value,
            favourable=self.favourable,
            scale=self.scale,
            years_to_deadline=self.years_left,
            previous=[self._position(each, self.baseline) for each in series]
            if self.baseline
            else None,
            served=self._served(series),
            overall=self.value(everyone),
            previous_overall=self._before(then, everyone),
        )

    def _position(self, series: Series, period: Period | None = None) -> GroupValue:
        cell = self.cell(series, period)
        value = self.value(cell)
        if period is not None:
            value = self._before(cell, self.cell(series))
        n = people(cell) if cell and value is not None else None
        return GroupValue(series.key, value, n)

    def _before(self, then: Cell | None, now: Cell | None) -> float | None:
        """The earlier value, where it was counted as the later one and of the same people."""
        if then is None or now is None or self.joints.breaks(then, now):
            return None
        return self.value(then)

    def _served(self, series: Iterable[Series]) -> set[str] | None:
        """Groups with a plan; None where the goal does not plan for these groups."""
        assert self.goal is not None  # noqa: S101 - as above
        if self.shown.by not in self.goal.considered:
            return None
        return {each.key for each in series if each.key in self.goal.served}

    @cached_property
    def framing(self) -> Framing | None:
        """The groups that were furthest apart at baseline, told as success and as failure.

        None but for shares, and where one of the four numbers cannot be shown.
        """
        if self.shown.version.measure != Kind.PROPORTION or self.baseline is None:
            return None
        pairs = [
            (then, now)
            for each in self.whole_groups
            if (then := self._position(each, self.baseline).value) is not None
            and (now := self.value(self.cell(each))) is not None
        ]
        if len(pairs) < 2:
            return None
        low, high = min(pairs), max(pairs)
        return framed([high[0], low[0]], [high[1], low[1]], self.scale)

    @cached_property
    def ahead(self) -> Ahead:
        """What to expect if nothing changes."""
        return Ahead(self)


def _without_interval(found: Measure) -> Measure:
    if found.status != "ok":
        return found
    return replace(found, se=None, ci=None, se_log=None, no_interval="weighted_population")


def _unit(version: IndicatorVersion) -> tuple[bool, str]:
    is_count = version.measure == Kind.COUNT
    return is_count, str(version.unit) if is_count else str(version.scale)


def people(cell: Cell) -> float | None:
    """People of the population that the number stands for; None where only a sample is known."""
    if cell.weight is not None:
        return float(cell.weight)
    if cell.denominator is None:
        return None
    is_sample = cell.sample_size is not None and cell.denominator <= cell.sample_size
    return None if is_sample else float(cell.denominator)


def of(source: Derived | Shown) -> Derived:
    """What follows from public numbers by themselves, without a goal, unless it is there."""
    return source if isinstance(source, Derived) else Derived(source)


def by_key(assessment: Assessment | None) -> Mapping[str, GroupAssessment]:
    """Groups of an assessment by the key of their series."""
    return {each.group: each for each in assessment.groups} if assessment else {}
