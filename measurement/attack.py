"""The attacker's program against one group of linked cells, and what his success teaches."""

# SciPy has no annotations of its own.
# mypy: disable-error-code="no-untyped-call,attr-defined"
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from measurement.disclosure import Linked, whole_step

# Whole multiples tried for a dual price: 1 serves two-way tables, the others odd linkings.
SCALES = (1, 2, 6, 12, 60, 2520, 720720)
NEARLY_SHOWN = 1e-4


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
        self.steps = np.zeros((0, len(group.values)), dtype=np.int64)

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
                self.steps = np.vstack([self.steps, step])
                low, high = np.minimum(low, step), np.maximum(high, step)
            else:
                failed.append(demand)
                if first_only:
                    break
        return failed

    def _known_reach(self, hidden: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        usable = self.steps[~(self.steps[:, ~hidden] != 0).any(axis=1)]
        return usable.min(axis=0, initial=0), usable.max(axis=0, initial=0)

    def _open(self, low: np.ndarray, high: np.ndarray) -> list[Demand]:
        return [d for d in self.demands if (high if d.sign > 0 else -low)[d.cell] < d.by]

    def _step(self, demand: Demand, hidden: np.ndarray) -> np.ndarray | None:
        """A step to another table that meets the demand and touches hidden cells only."""
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

    def way_out(self, demand: Demand, hidden: np.ndarray, price: np.ndarray) -> np.ndarray:
        """Cells that meet the demand when hidden as well: a cheap set, not the cheapest."""
        cells = len(hidden)
        up, down = np.full(cells, np.inf), self.group.values.astype(float)
        (down if demand.sign > 0 else up)[demand.cell] = 0
        low = np.zeros(2 * cells)
        low[demand.cell if demand.sign > 0 else cells + demand.cell] = demand.by
        push = np.tile(np.where(hidden, 0.0, price / demand.by) + NEARLY_SHOWN, 2)
        both = sparse.hstack([self.sums, -self.sums], format="csr")
        found = whole_step(both, push, low, np.concatenate([up, down]))
        if found is None:
            return np.ones(cells, dtype=bool)
        return np.asarray(found[:cells] != found[cells:])

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
