"""Which further cells to hide, so that small ones cannot be worked out from their neighbours.

A covering problem solved by cuts: a small integer program chooses cells to hide; the attacker's
program looks for the smallest and largest count he must still allow for every small cell; where
he knows too much, its dual says "one of these cells must be hidden too", and the choice is made
again. Hiding more never helps the attacker, so every such demand holds for all safe tables, and
the first choice that he cannot refute is the cheapest.

Source: M. Fischetti, J. J. Salazar, Management Science 47 (2001), capacity and bridgeless
inequalities. Demands are rounded to whole multipliers and recomputed in whole numbers, and every
table that shows a cell to be safe is checked in whole numbers, so tolerance never counts as proof.
"""

# SciPy has no annotations of its own.
# mypy: disable-error-code="no-untyped-call,attr-defined"
from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from measurement.protecting.attack import Attack, Demand
from measurement.protecting.disclosure import Linked, intervals, is_plain_sum

SECONDS = 5.0  # for one group of linked cells; then the best safe set known is taken
LARGE = 700  # cells of a group, beyond which proving a choice the cheapest is not tried
MENDING = 1000  # cells for which a second is spent on showing again what proves needless
LONG = 200  # cells in a sum, beyond which the many rows of _keep_company cost more than they save
SAME = 1e-6  # relative difference below which two prices are the same price

log = logging.getLogger(__name__)


class Unreachable(Exception):
    """Cells, by position, that stay narrow even when every cell of the group is hidden."""

    def __init__(self, cells: Iterable[int]) -> None:
        self.cells = sorted(cells)
        super().__init__(f"No table protects cells {self.cells}")


@dataclass(frozen=True, eq=False)
class Wish:
    """Which cells are hidden for their own sake, and what each must look like it could be.

    small: shape (cells,), bool. low, high: shape (cells,), int64; read where `small` is true.
    """

    small: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @classmethod
    def of(cls, names: Sequence[str], wishes: Mapping[str, tuple[int, int]]) -> Wish:
        ends = np.array([wishes.get(name, (0, 0)) for name in names], dtype=np.int64)
        small = np.array([name in wishes for name in names])
        return cls(small, ends[:, 0], ends[:, 1])

    def unmet(self, cell: int | np.integer, least: int, most: int | None) -> bool:
        return least > self.low[cell] or (most is not None and most < self.high[cell])


def unreachable(group: Linked, wish: Wish) -> list[int]:
    """Small cells that stay narrow even when every cell of the group is hidden, by position."""
    if is_plain_sum(group.sums) or not group.sums.shape[0]:
        found = intervals(group.values, group.sums)
        return [int(n) for n in np.flatnonzero(wish.small) if wish.unmet(n, *found[n])]
    attack = Attack(group, demands(group, wish))
    return sorted({demand.cell for demand in attack.refuted(np.ones(len(wish.small), dtype=bool))})


def demands(group: Linked, wish: Wish) -> list[Demand]:
    """How far each small cell must be free to fall and to rise; nothing where it is there."""
    ends = [
        (int(n), int(wish.low[n]), int(wish.high[n]), int(group.values[n]))
        for n in np.flatnonzero(wish.small)
    ]
    falls = [Demand(n, -1, value - low) for n, low, _, value in ends if value > low]
    return falls + [Demand(n, 1, high - value) for n, _, high, value in ends if value < high]


def is_large(group: Linked) -> bool:
    """Too large to be proved cheapest, and to be asked beforehand whether it can be safe."""
    return len(group.names) > LARGE


def cheapest(
    group: Linked,
    wish: Wish,
    price: np.ndarray | None = None,
    tell: Callable[[float], None] = lambda share: None,
) -> np.ndarray:
    """Which cells of the group to hide, as a mask: the small ones and the cheapest complements.

    price: shape (cells,), per complement; None means "fewest". Ties go to the fewest, then to the
    smallest sum. tell: called with the share done of a large group, 0 to 1. The group must be
    reachable (see above); a large one may turn out not to be: then this raises Unreachable.
    """
    small, wanted = wish.small, demands(group, wish)
    if not group.sums.shape[0] or not wanted:
        return small
    goals = [np.ones(len(small)), group.values.astype(float)]
    if price is not None:
        goals.insert(0, price)
    goals = [np.where(small, 0.0, goal) for goal in goals]
    if is_plain_sum(group.sums):
        one = _one_more(group, wish, goals)
        if one is not None:
            return one
    return _Choice(group, small, Attack(group, wanted), goals, tell).made()


def _one_more(group: Linked, wish: Wish, goals: list[np.ndarray]) -> np.ndarray | None:
    """In a single sum one complement is nearly always enough: the cheapest that does.

    (Any that is not zero is at least as large as the threshold; a zero serves if a pair would.)
    """
    small = wish.small
    order = np.lexsort(goals[::-1])
    for extra in [np.flatnonzero(small)[0], *order[~small[order]]]:  # a small one: nothing more
        hidden = small.copy()
        hidden[extra] = True
        found = dict(zip(np.flatnonzero(hidden), intervals(*group.keep(hidden)), strict=True))
        if not any(wish.unmet(n, *found[n]) for n in np.flatnonzero(small)):
            return hidden
    return None


class _Choice:
    """The integer program that chooses complements, and the demands gathered so far."""

    def __init__(
        self,
        group: Linked,
        small: np.ndarray,
        attack: Attack,
        goals: list[np.ndarray],
        tell: Callable[[float], None],
    ) -> None:
        self.tell = tell
        self.small, self.attack, self.goals = small, attack, goals
        self.last = small
        self.deadline = time.monotonic() + SECONDS
        self.is_large = is_large(group)
        self.rows: list[sparse.csr_array] = []
        self.least: list[float] = []
        if not self.is_large:
            self._start_with_sums(group)

    def _start_with_sums(self, group: Linked) -> None:
        """A hidden cell alone in its sum is plain to see, and a complement there is of no use."""
        restless = {demand.cell for demand in self.attack.demands}
        for row in group.sums:
            cells = np.sort(row.indices)
            known = cells[self.small[cells]]
            if len(known) == 1 and int(known[0]) in restless:
                self._demand(np.isin(np.arange(len(self.small)), cells) & ~self.small, 1.0)
            elif not len(known) and len(cells) <= LONG:
                self._keep_company(cells)

    def _keep_company(self, cells: np.ndarray) -> None:
        """None of these cells is hidden unless another one is."""
        rows = np.ones((len(cells), len(cells))) - 2 * np.eye(len(cells))
        where = np.repeat(np.arange(len(cells)), len(cells))
        shape = (len(cells), len(self.small))
        block = (rows.ravel(), (where, np.tile(cells, len(cells))))
        self.rows.append(sparse.csr_array(block, shape=shape))
        self.least += [0.0] * len(cells)

    def _demand(self, row: np.ndarray, least: float) -> None:
        self.rows.append(sparse.csr_array(row[None, :].astype(float)))
        self.least.append(least)

    def made(self) -> np.ndarray:
        """Each goal in turn, without giving up on the ones before it."""
        if self.is_large:
            return self._mended()
        best: np.ndarray | None = None
        for number in range(len(self.goals)):
            found = self._best(number, best)
            if found is None:
                log.warning("Hid a safe set of cells that is not proved to be the cheapest")
                break
            best = found
        return self._mended() if best is None else best

    def _best(self, number: int, best: np.ndarray | None) -> np.ndarray | None:
        """The hidden cells that are best for this goal; None when time is up."""
        goal, bounds = self.goals[number], Bounds(self.small.astype(float), 1.0)
        kept = [] if best is None else [(g, g[best].sum()) for g in self.goals[:number]]
        self._cut_fractions(goal, kept)
        while (left := self.deadline - time.monotonic()) > 0:
            found = milp(
                goal,
                constraints=self._constraints(kept),
                integrality=np.ones(len(goal)),
                bounds=bounds,
                options={"mip_rel_gap": 0, "time_limit": left},
            )
            if found.status != 0:
                return None
            self.last = hidden = np.asarray(found.x > 0.5)
            if not self._cut(hidden):
                return hidden
        return None

    def _constraints(self, kept: list[tuple[np.ndarray, float]]) -> list[LinearConstraint]:
        limits = [LinearConstraint(g[None, :], -np.inf, _about(top)) for g, top in kept]
        if self.rows:
            rows, least = sparse.vstack(self.rows), np.array(self.least) - 1e-9
            limits.append(LinearConstraint(rows, least, np.inf))
        return limits

    def _cut(self, hidden: np.ndarray) -> bool:
        """Add what the attacker's success against these cells demands; False if he has none."""
        refuted = self.attack.refuted(hidden)
        for demand in refuted:
            self._demand(self.attack.demand_against(demand, hidden, self.small), 1.0)
        return bool(refuted)

    def _cut_fractions(self, goal: np.ndarray, kept: list[tuple[np.ndarray, float]]) -> None:
        """Demands against the program without wholeness: cheap, and they save most later rounds."""
        suspects = self.attack.demands
        while suspects and time.monotonic() < self.deadline:
            rows = [*self.rows, *(sparse.csr_array(-g[None, :]) for g, _ in kept)]
            least = [*self.least, *(-_about(top) for _, top in kept)]
            found = linprog(
                goal,
                A_ub=-sparse.vstack(rows) if rows else None,
                b_ub=-np.array(least) if rows else None,
                bounds=np.column_stack([self.small.astype(float), np.ones(len(goal))]),
            )
            if found.x is None:
                return
            cuts = [(s, self.attack.fractional_demand(s, found.x, self.small)) for s in suspects]
            suspects = [suspect for suspect, row in cuts if row is not None]
            for _, row in cuts:
                if row is not None:
                    self._demand(row, 1.0)

    def _mended(self) -> np.ndarray:
        """The last choice with cheap ways out added, then what proves needless shown again."""
        hidden, lost = self.attack.grown(self.last, self.goals[0], self.tell)
        if lost:
            raise Unreachable({demand.cell for demand in lost})
        costliest = np.lexsort([-goal for goal in self.goals[::-1]])
        order = costliest[hidden[costliest] & ~self.small[costliest]]
        return self.attack.pruned(hidden, order.tolist(), time.monotonic() + len(hidden) / MENDING)


def _about(price: float) -> float:
    return price + SAME * max(1.0, price)
