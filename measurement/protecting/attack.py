"""The attacker's program against one group of linked cells, and what his success teaches."""

# SciPy has no annotations of its own.
# mypy: disable-error-code="no-untyped-call,attr-defined"
from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from measurement.protecting.disclosure import Linked, whole_step

# Whole multiples tried for a dual price: 1 serves two-way tables, the others odd linkings.
SCALES = (1, 2, 6, 12, 60, 2520, 720720)
NEARLY_SHOWN = 1e-4
# Cells looked at around a small one, before the whole table is; and of one long sum at most.
NEAR = (400, 1600)
OF_ONE_SUM = 8


@dataclass(frozen=True)
class Demand:
    """The cell must be free to move by `by` in the direction of `sign` in a table he allows."""

    cell: int
    sign: int
    by: int


class Attack:
    """Tests sets of hidden cells. Tables once found are kept: they serve every larger set."""

    def __init__(self, group: Linked, demands: list[Demand]) -> None:
        self.group, self.demands = group, demands
        self.sums = sparse.csc_array(group.sums)
        self.across = sparse.csr_array(group.sums.T)
        self.lines = sparse.csr_array(group.sums)
        self.steps: list[tuple[np.ndarray, np.ndarray]] = []
        # For each demand, cells of a step that meets it: what `grown` and `pruned` keep.
        self.ways: dict[Demand, np.ndarray] = {}
        self.at: dict[int, list[Demand]] = defaultdict(list)
        for demand in demands:
            self.at[demand.cell].append(demand)

    def refuted(self, hidden: np.ndarray, *, first_only: bool = False) -> list[Demand]:
        """The demands that hiding exactly these cells does not meet."""
        low, high = self._known_reach(hidden)
        failed: list[Demand] = []
        for demand in self._open(low, high):
            # A step found for an earlier demand of this loop may meet this one as well.
            if (high if demand.sign > 0 else -low)[demand.cell] >= demand.by:
                continue
            step = self._step(demand, hidden)
            if step is not None:
                self._keep(step, low, high)
            else:
                failed.append(demand)
                if first_only:
                    break
        return failed

    def grown(
        self, hidden: np.ndarray, price: np.ndarray, tell: Callable[[float], None]
    ) -> tuple[np.ndarray, list[Demand]]:
        """These cells and a cheap way out for every demand; and the demands that have none.

        tell: called with the share done, 0 to 1. Nothing is proved cheapest, but every demand is
        met by a step that was found.
        """
        hidden = hidden.copy()
        lost = []
        self.ways = {}
        for done, demand in enumerate(self.demands):
            tell(done / len(self.demands))
            if demand in self.ways:
                continue
            step = self._way_out(demand, hidden, price)
            if step is None:
                lost.append(demand)
                continue
            hidden |= step != 0
            self.ways = self._met_by(step) | self.ways
        return hidden, lost

    def _met_by(self, step: np.ndarray) -> dict[Demand, np.ndarray]:
        """The demands that this step meets, or its reverse, or a multiple: with the cells it moves.

        Multiples keep every sum as the step does; only counts below zero have to be ruled out.
        """
        cells = np.flatnonzero(step)
        unit = step[cells] // np.gcd.reduce(step[cells])
        found = {}
        for at, cell in enumerate(cells):
            for demand in self.at.get(int(cell), ()):
                turn = demand.sign * np.sign(unit[at])
                moved = unit * turn * -(-demand.by // abs(int(unit[at])))
                if (self.group.values[cells] + moved >= 0).all():
                    found[demand] = cells
        return found

    def pruned(self, hidden: np.ndarray, order: Iterable[int], until: float) -> np.ndarray:
        """Show again, in this order, what no demand needs. `hidden` is what `grown` answered.

        Only near steps are looked for, so a cell may stay hidden that could be shown; none is
        shown that must not. until: in seconds of `time.monotonic`; then the rest stays hidden.
        """
        hidden = hidden.copy()
        users: dict[int, set[Demand]] = defaultdict(set)
        for demand, cells in self.ways.items():
            for cell in cells:
                users[cell].add(demand)
        for cell in order:
            if time.monotonic() > until:
                break
            hidden[cell] = False
            others = self._other_ways(users[cell], hidden)
            if others is None:
                hidden[cell] = True
                continue
            for demand, cells in others.items():
                for used in self.ways[demand]:
                    users[used].discard(demand)
                for used in cells:
                    users[used].add(demand)
            self.ways |= others
        return hidden

    def _other_ways(
        self, demands: Iterable[Demand], hidden: np.ndarray
    ) -> dict[Demand, np.ndarray] | None:
        found: dict[Demand, np.ndarray] = {}
        wanted = sorted(demands, key=lambda each: (each.cell, each.sign))
        for demand in wanted:
            if demand in found:
                continue
            step = self._step(demand, hidden, is_near=True)
            if step is None:
                return None
            met = self._met_by(step)
            found |= {each: cells for each, cells in met.items() if each in wanted}
            found[demand] = np.flatnonzero(step)
        return found

    def _keep(self, step: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        """Remember a step, and how far cells reach with it."""
        cells = np.flatnonzero(step)
        self.steps.append((cells, step[cells]))
        low[cells] = np.minimum(low[cells], step[cells])
        high[cells] = np.maximum(high[cells], step[cells])

    def _known_reach(self, hidden: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        low = np.zeros(len(hidden), dtype=np.int64)
        high = low.copy()
        for cells, moves in self.steps:
            if hidden[cells].all():
                low[cells] = np.minimum(low[cells], moves)
                high[cells] = np.maximum(high[cells], moves)
        return low, high

    def _open(self, low: np.ndarray, high: np.ndarray) -> list[Demand]:
        return [d for d in self.demands if (high if d.sign > 0 else -low)[d.cell] < d.by]

    def _step(
        self, demand: Demand, hidden: np.ndarray, *, is_near: bool = False
    ) -> np.ndarray | None:
        """A step to another table that meets the demand and touches hidden cells only.

        is_near: only look around the cell. Most cells have a neighbour to move with, so a small
        part of a large table is tried first.
        """
        if hidden.sum() > 2 * NEAR[0]:
            for most in NEAR:
                part = self.around(demand.cell, hidden, most)
                found = self._step_within(demand, part)
                if found is not None:
                    return found
            if is_near:
                return None
        return self._step_within(demand, hidden)

    def around(
        self, cell: int, hidden: np.ndarray, most: int, price: np.ndarray | None = None
    ) -> np.ndarray:
        """Which of these cells hang together with one of them by the fewest sums, as a mask.

        price: those that cost least are taken first from a long sum.
        """
        part = np.zeros(len(hidden), dtype=bool)
        part[cell] = True
        # How many sums of a cell touch the part already: with two or more it can close a circle.
        met = np.zeros(len(hidden), dtype=np.int64)
        seen = np.zeros(self.lines.shape[0], dtype=bool)
        worth = self.group.values if price is None else price
        edge, size = [cell], 1
        while edge and size < most:
            fresh: list[int] = []
            lines = [line for line in dict.fromkeys(self._lines_of(edge)) if not seen[line]]
            for line in lines:
                seen[line] = True
                met[self._in_line(line)] += 1
            for line in lines:
                cells = self._in_line(line)
                cells = cells[hidden[cells] & ~part[cells]]
                if len(cells) > OF_ONE_SUM:
                    cells = cells[np.lexsort((worth[cells], -met[cells]))[:OF_ONE_SUM]]
                part[cells] = True
                fresh += cells.tolist()
            edge, size = fresh, size + len(fresh)
        return part

    def _in_line(self, line: int) -> np.ndarray:
        return self.lines.indices[self.lines.indptr[line] : self.lines.indptr[line + 1]]

    def _lines_of(self, cells: list[int]) -> Iterator[int]:
        """The sums that these cells stand in."""
        for cell in cells:
            yield from self.sums.indices[self.sums.indptr[cell] : self.sums.indptr[cell + 1]]

    def _step_within(self, demand: Demand, hidden: np.ndarray) -> np.ndarray | None:
        values, sums = self.group.keep(hidden)
        cell = int(hidden[: demand.cell].sum())
        low, high = -values.astype(float), np.full(len(values), np.inf)
        # At least so far, not just so far: sums that count a part twice can leave gaps.
        (low if demand.sign > 0 else high)[cell] = demand.sign * demand.by
        found = whole_step(sums, np.zeros(len(values)), low, high)
        if found is None:
            return None
        step = np.zeros(len(hidden), dtype=np.int64)
        step[hidden] = found
        return step

    def _way_out(self, demand: Demand, hidden: np.ndarray, price: np.ndarray) -> np.ndarray | None:
        """A step that meets the demand and moves cheap cells; not the cheapest. None: there is no
        such step, whatever is hidden."""
        everywhere = np.ones(len(hidden), dtype=bool)
        left = np.where(hidden, 0.0, price)
        if len(hidden) > 2 * NEAR[0]:
            for most in NEAR:
                part = self.around(demand.cell, everywhere, most, left)
                found = self._way_within(demand, left, part)
                if found is not None:
                    return found
        return self._way_within(demand, left, everywhere)

    def _way_within(self, demand: Demand, price: np.ndarray, part: np.ndarray) -> np.ndarray | None:
        values, sums = self.group.keep(part)
        cells, cell = len(values), int(part[: demand.cell].sum())
        up, down = np.full(cells, np.inf), values.astype(float)
        (down if demand.sign > 0 else up)[cell] = 0
        low = np.zeros(2 * cells)
        low[cell if demand.sign > 0 else cells + cell] = demand.by
        push = np.tile(price[part] / demand.by + NEARLY_SHOWN, 2)
        both = sparse.hstack([sums, -sums], format="csr")
        found = whole_step(both, push, low, np.concatenate([up, down]))
        if found is None:
            return None
        step = np.zeros(len(price), dtype=np.int64)
        step[part] = found[:cells] - found[cells:]
        return step

    def demand_against(self, demand: Demand, hidden: np.ndarray, small: np.ndarray) -> np.ndarray:
        """A row r such that r @ hidden >= 1 for every safe set, but not for this one."""
        for nearly in (NEARLY_SHOWN, 0.0):
            room = np.where(hidden, np.inf, nearly * 2 * demand.by)
            fall = self.group.values * np.where(hidden, 1.0, nearly)
            row = self._row(demand, fall, room, hidden.astype(float), small)
            if row is not None:
                return row
        return self._row_of_all_supersets(demand, hidden)

    def fractional_demand(
        self, demand: Demand, chosen: np.ndarray, small: np.ndarray
    ) -> np.ndarray | None:
        """The same for cells that are hidden in part; None when nothing is violated."""
        fall = np.minimum(self.group.values, demand.by) * chosen
        return self._row(demand, fall, demand.by * chosen, chosen, small)

    def _row(
        self,
        demand: Demand,
        fall: np.ndarray,
        room: np.ndarray,
        chosen: np.ndarray,
        small: np.ndarray,
    ) -> np.ndarray | None:
        """From the dual prices of the sums, when the cell cannot move far enough."""
        push = np.zeros(len(fall))
        push[demand.cell] = -demand.sign
        bounds = np.column_stack([-fall, np.maximum(room, 0)])
        end = 1 if demand.sign > 0 else 0
        bounds[demand.cell, end] = demand.sign * demand.by
        still = np.zeros(self.sums.shape[0])
        found = linprog(push, A_eq=self.sums, b_eq=still, bounds=bounds, method="highs-ds")
        if found.x is None or -found.fun >= demand.by - 1e-6:
            return None
        prices = found.eqlin.marginals
        for scale in SCALES:
            weights = self.across @ np.rint(prices * scale).astype(np.int64)
            weights[demand.cell] += demand.sign * scale
            row = self._as_row(weights, demand.by * scale, small)
            if row is not None and row @ chosen < 1 - 1e-6:
                return row
        return None

    def _as_row(self, weights: np.ndarray, need: int, small: np.ndarray) -> np.ndarray | None:
        """Any prices give a true demand: by * scale <= what hidden cells can contribute in all.

        A cell with a positive weight may rise without limit, one with a negative weight falls to
        zero at most; no cell need count for more than the whole.
        """
        falls = np.minimum(self.group.values, need) * np.maximum(-weights, 0)
        reach = np.where(weights > 0, need, np.minimum(falls, need))
        missing = need - int(reach[small].sum())
        if missing <= 0:
            return None
        return np.where(small, 0.0, np.minimum(reach, missing) / missing)

    def _row_of_all_supersets(self, demand: Demand, hidden: np.ndarray) -> np.ndarray:
        """One of the cells outside must be hidden, where hiding all the others is not enough.

        For tables whose fractional tables reach further than the whole ones.
        """
        grown = hidden.copy()
        pending = [np.flatnonzero(~hidden)]
        while pending:
            more = pending.pop()
            tried = grown.copy()
            tried[more] = True
            if self._step(demand, tried) is None:
                grown = tried
            elif len(more) > 1:
                pending += [more[: len(more) // 2], more[len(more) // 2 :]]
        return np.where(grown, 0.0, 1.0)
