"""What a reader can work out about counts that a table does not print.

The reader (the "attacker" of the literature) knows every printed count and every sum that joins
the cells, and that counts are whole and not negative; nothing else. Written in steps away from
the true table: a table he cannot rule out is a whole vector `step` with `sums @ step = 0`,
`step >= -values`, and no step on a printed cell.

Sources: M. Fischetti, J. J. Salazar, "Solving the cell suppression problem on tabular data with
linear constraints", Management Science 47 (2001); D. Gusfield, "A graph theoretic approach to
statistical data security", SIAM J. Comput. 17 (1988).
"""

# SciPy has no annotations of its own.
# mypy: disable-error-code="no-untyped-call,attr-defined"
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import index

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

Relation = tuple[str, Sequence[str]]
Interval = tuple[int, int | None]

LARGEST = 2**53  # beyond it a float, and so the solver, no longer tells neighbours apart


@dataclass(frozen=True, eq=False)
class Linked:
    """Unknown cells that sums join, directly or through one another.

    names: sorted, so that the same table in another order gives the same answer.
    values: shape (cells,), int64, the true counts.
    sums: shape (relations, cells), int64; +1 for a total, -1 for a part, printed cells left out.
    """

    names: tuple[str, ...]
    values: np.ndarray
    sums: sparse.csr_array

    def keep(self, chosen: np.ndarray) -> tuple[np.ndarray, sparse.csr_array]:
        """Values and sums of the chosen cells alone, the others being printed."""
        sums = self.sums[:, chosen]
        return self.values[chosen], sums[np.diff(sums.indptr) > 0]


def read(
    cells: Mapping[str, int], relations: Sequence[Relation], earlier: Mapping[str, int]
) -> tuple[dict[str, int], list[dict[str, int]]]:
    """Every count by name, and every relation as signed cells that add up to zero.

    Raises ValueError for a count that is negative or not whole, a name that is neither in `cells`
    nor in `earlier`, a cell whose count changed since it was published, and a relation that the
    counts do not satisfy.
    """
    values = {name: _count(name, value) for name, value in earlier.items()}
    for name, value in cells.items():
        if values.setdefault(name, _count(name, value)) != value:
            raise ValueError(f"{name!r} is {value}, but was published as {values[name]}")
    return values, [_signed(total, parts, values) for total, parts in relations]


def _count(name: str, value: int) -> int:
    try:
        count = index(value)
    except TypeError:
        raise ValueError(f"{name!r} is {value!r}, not a whole number") from None
    if isinstance(value, bool) or not 0 <= count < LARGEST:
        raise ValueError(f"{name!r} is {value!r}, not a count")
    return count


def _signed(total: str, parts: Sequence[str], values: Mapping[str, int]) -> dict[str, int]:
    if isinstance(parts, str):
        raise ValueError(f"The parts of {total!r} are one text, not a list of names")
    if unknown := sorted({total, *parts} - values.keys()):
        raise ValueError(f"The relation of {total!r} names cells without a value: {unknown}")
    if (added := sum(values[part] for part in parts)) != values[total]:
        raise ValueError(f"{total!r} is {values[total]}, but its parts add up to {added}")
    signs = Counter({total: 1})
    signs.subtract(parts)
    return {name: sign for name, sign in signs.items() if sign}


def linked(
    values: Mapping[str, int], relations: Sequence[Mapping[str, int]], unknown: Collection[str]
) -> Iterator[Linked]:
    """The unknown cells, in groups that tell nothing about each other; printed cells cut links."""
    # A relation written twice, or with both sides swapped, says one thing.
    seen = dict.fromkeys(filter(None, (_row(relation, unknown) for relation in relations)))
    leader = _leaders(unknown, seen)
    groups: dict[str, list[str]] = defaultdict(list)
    rows: dict[str, list[tuple[tuple[str, int], ...]]] = defaultdict(list)
    for name in sorted(unknown):
        groups[leader[name]].append(name)
    for row in sorted(seen):
        rows[leader[row[0][0]]].append(row)
    for head, names in groups.items():
        counts = np.array([values[name] for name in names], dtype=np.int64)
        yield Linked(tuple(names), counts, _matrix(names, rows[head]))


def _row(relation: Mapping[str, int], unknown: Collection[str]) -> tuple[tuple[str, int], ...]:
    row = sorted((name, sign) for name, sign in relation.items() if name in unknown)
    turn = -1 if row and row[0][1] < 0 else 1
    return tuple((name, turn * sign) for name, sign in row)


def _leaders(
    unknown: Collection[str], rows: Collection[tuple[tuple[str, int], ...]]
) -> dict[str, str]:
    parent = {name: name for name in unknown}

    def leader(name: str) -> str:
        while parent[name] != name:
            parent[name] = name = parent[parent[name]]
        return name

    for row in rows:
        for name, _ in row:
            parent[leader(name)] = leader(row[0][0])
    return {name: leader(name) for name in parent}


def _matrix(names: Sequence[str], rows: list[tuple[tuple[str, int], ...]]) -> sparse.csr_array:
    place = {name: number for number, name in enumerate(names)}
    entries = [(r, place[name], sign) for r, row in enumerate(rows) for name, sign in row]
    where, column, sign = zip(*entries, strict=True) if entries else ((), (), ())
    shape = (len(rows), len(names))
    return sparse.csr_array((np.array(sign, dtype=np.int64), (where, column)), shape=shape)


def intervals(values: np.ndarray, sums: sparse.csr_array) -> list[Interval]:
    """The smallest and the largest count each cell can have, None where nothing limits it."""
    if sums.shape[0] == 0:
        return [(0, None)] * len(values)
    if is_plain_sum(sums):
        return _in_one_sum(values, sums.toarray()[0])
    return _searched(values, sums)


def is_plain_sum(sums: sparse.csr_array) -> bool:
    """One relation in which every cell counts once: then no solver is needed."""
    return bool(sums.shape[0] == 1 and (np.abs(sums.data) == 1).all() and sums.nnz == sums.shape[1])


def _in_one_sum(values: np.ndarray, signs: np.ndarray) -> list[Interval]:
    left, plus, minus = int(signs @ values), int((signs > 0).sum()), int((signs < 0).sum())
    # x1 + x2 + … - y1 - y2 … = left: a neighbour on its own side lets a cell fall to zero,
    # a cell on the other side lets it rise without limit.
    side = {
        1: (max(left, 0) if plus == 1 else 0, None if minus else left),
        -1: (max(-left, 0) if minus == 1 else 0, None if plus else -left),
    }
    return [side[int(sign)] for sign in signs]


def _searched(values: np.ndarray, sums: sparse.csr_array) -> list[Interval]:
    endless = _endless(sums)
    low, high = values.copy(), values.copy()
    for cell in range(len(values)):
        for sign in (-1, 1):
            if (sign < 0 and low[cell] == 0) or (sign > 0 and endless[cell]):
                continue  # another cell's extreme table, or a ray, has answered this one already
            table = values + _furthest(values, sums, cell, sign)
            low, high = np.minimum(low, table), np.maximum(high, table)
    return [
        (int(least), None if free else int(most))
        for least, most, free in zip(low, high, endless, strict=True)
    ]


def _endless(sums: sparse.csr_array) -> np.ndarray:
    """Which cells can grow without limit: those on a ray of steps that are nowhere negative."""
    relations, cells = sums.shape
    nothing = sparse.csr_array((relations, cells))
    keeps_sums = sparse.hstack([sums, nothing], format="csr")
    marked = sparse.hstack([sparse.eye_array(cells), -sparse.eye_array(cells)], format="csr")
    found = milp(
        np.concatenate([np.zeros(cells), -np.ones(cells)]),
        constraints=[LinearConstraint(keeps_sums, 0, 0), LinearConstraint(marked, 0, np.inf)],
        bounds=Bounds(0, np.concatenate([np.full(cells, np.inf), np.ones(cells)])),
    )
    if found.x is None:
        raise ArithmeticError(f"The solver gave up: {found.message}")
    return np.asarray(found.x[cells:] > 0.5)


def _furthest(values: np.ndarray, sums: sparse.csr_array, cell: int, sign: int) -> np.ndarray:
    push = np.zeros(len(values))
    push[cell] = -sign
    step = whole_step(sums, push, -values, np.full(len(values), np.inf))
    if step is None:
        raise ArithmeticError("The solver found no table, though the true one is a table")
    return step


def whole_step(
    sums: sparse.csr_array, push: np.ndarray, low: np.ndarray, high: np.ndarray
) -> np.ndarray | None:
    """The whole step within [low, high] that keeps every sum and makes `push @ step` least.

    None when there is none. Every step returned was checked in whole numbers, so a solver's
    tolerance can never pass for a table that does not exist.
    """
    found = milp(
        push,
        constraints=LinearConstraint(sums, 0, 0) if sums.shape[0] else None,
        integrality=np.ones(len(push)),
        bounds=Bounds(low, high),
        options={"mip_rel_gap": 0},
    )
    if found.x is None:
        return None
    step = np.rint(found.x).astype(np.int64)
    is_exact = not (sums @ step).any() and (step >= low).all() and (step <= high).all()
    return step if is_exact else None
