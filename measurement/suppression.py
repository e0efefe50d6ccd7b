"""Which counts a public table must hide, and what readers can still work out.

Policy: CMS Cell Size Suppression Policy (HHS, 1 January 2020): no count of 1 to 10 is shown, and
none may be derivable from what is shown. The stricter bar kept here is "full range": a reader
learns nothing about a small cell beyond its being small. Model: Fischetti & Salazar,
Management Science 47 (2001).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import numpy as np

from measurement.protecting.complements import Unreachable, Wish, cheapest, is_large, unreachable
from measurement.protecting.disclosure import Interval, Linked, Relation, intervals, linked, read


class Unprotectable(Exception):
    """No choice of hidden cells protects `cells`, a frozenset of names of primary cells."""

    def __init__(self, cells: Iterable[str]) -> None:
        self.cells = frozenset(cells)
        super().__init__(f"No table protects {', '.join(sorted(self.cells))}")


def protect(
    cells: Mapping[str, int],
    relations: Sequence[Relation],
    *,
    threshold: int = 11,
    zero_is_small: bool = False,
    earlier: Mapping[str, int] = {},
    cost: Mapping[str, float] | None = None,
    secret: Mapping[str, tuple[int, int]] = {},
    tell: Callable[[float], None] = lambda share: None,
) -> frozenset[str]:
    """The names to hide so that no small count can be worked out, even roughly.

    Hidden are the primary cells (every cell, totals too, with 1 <= count < threshold; with
    `zero_is_small` also 0) and the fewest others, then those with the smallest sum. The rest is
    safe to print: for every primary cell, `audit` leaves an interval that covers 1…threshold-1
    (0…threshold-1 with `zero_is_small`, so that a reader cannot tell a zero from a small count).

    cells: counts of people by name. What readers can compute is a cell too: pass the complement
        n - x, the difference of two releases, and the remainder of a total whose other parts
        nobody counted (cost 0, if it is not going to be printed anyway).
    relations: (total, parts) that the counts satisfy exactly. A part listed twice counts twice.
    earlier: counts already public, which stay public. A name may be in `cells` too, with the
        same count. Names that are only in `earlier` are facts: known, and not protected.
    cost: price of hiding a cell as a complement; then the cheapest set is hidden, and count and
        sum break ties. A cell that is not listed costs 1; math.inf means "always print". Primary
        cells are hidden at any price.
    secret: further primary cells, with the range (lowest, highest) that readers must believe
        possible; it replaces 1…threshold-1 for a cell that is small anyway. A range that is the
        count itself asks for hiding and nothing more.
    tell: called with the share done of a large table, 0 to 1, as often as there is news.

    Ties are broken the same way every time, whatever the order of the arguments.
    A group of linked cells that is large, or cannot be proved best within seconds, gets a safe set
    that may hide more than the fewest (measured: 3 percent more). It is never unsafe.

    Raises Unprotectable when no set is safe, as for a primary cell that is already public;
    ValueError for counts that are negative or not whole, relations they do not satisfy, names
    without a count, a threshold below 1, and a price that is negative or not a number.
    """
    prices = _prices(cells, cost)
    if threshold < 1:
        raise ValueError(f"The threshold is {threshold}, but must be 1 or more")
    values, signed = read(cells, relations, earlier)
    usual = (0 if zero_is_small else 1, threshold - 1)
    wishes = {n: usual for n in cells if usual[0] <= values[n] <= usual[1]}
    wishes |= _ranges(cells, secret)
    hideable = {n for n in cells if n in wishes or prices[n] < math.inf} - earlier.keys()
    groups = [
        (group, Wish.of(group.names, wishes))
        for group in linked(values, signed, hideable)
        if not wishes.keys().isdisjoint(group.names)
    ]
    # Printed small cells are beyond help, unless nothing but their own value counts as small.
    lost = {n for n in wishes.keys() & earlier.keys() if wishes[n] != (values[n], values[n])}
    for group, wish in groups:
        if not is_large(group):
            lost |= {group.names[n] for n in unreachable(group, wish)}
    if lost:
        raise Unprotectable(lost)
    hidden: set[str] = set()
    for group, wish in groups:
        price = None if cost is None else np.array([prices[name] for name in group.names])
        try:
            hidden.update(np.array(group.names)[cheapest(group, wish, price, tell)].tolist())
        except Unreachable as alone:
            lost |= {group.names[n] for n in alone.cells}
    if lost:
        raise Unprotectable(lost)
    return frozenset(hidden)


def _ranges(
    cells: Mapping[str, int], secret: Mapping[str, tuple[int, int]]
) -> dict[str, tuple[int, int]]:
    for name, (low, high) in secret.items():
        if name not in cells:
            raise ValueError(f"{name!r} is secret, but has no count")
        if not 0 <= low <= cells[name] <= high:
            raise ValueError(f"{name!r} is {cells[name]}, which is not in {low}…{high}")
    return dict(secret)


def _prices(cells: Mapping[str, int], cost: Mapping[str, float] | None) -> dict[str, float]:
    prices = {name: 1.0 if cost is None else float(cost.get(name, 1.0)) for name in cells}
    for name, price in prices.items():
        if not price >= 0:  # also true of NaN
            raise ValueError(f"Hiding {name!r} costs {price}, but must cost 0 or more")
    return prices


def opened(
    cells: Mapping[str, int],
    relations: Sequence[Relation],
    hidden: Collection[str],
    ranges: Mapping[str, tuple[int, int]],
    *,
    earlier: Mapping[str, int] = {},
) -> set[str]:
    """Of the names in `ranges`, those of which a reader can rule out a count within the range.

    As `audit`, but it asks only what has to be known, so it answers for large tables too. A range
    that is the count itself asks nothing.
    """
    values, signed = read(cells, relations, earlier)
    asked = {name: range_ for name, range_ in ranges.items() if range_[0] < range_[1]}
    unknown = set(hidden) - earlier.keys()
    found = asked.keys() - unknown
    for group in linked(values, signed, unknown):
        if not asked.keys().isdisjoint(group.names):
            wish = Wish.of(group.names, asked)
            found |= {group.names[n] for n in unreachable(group, wish)}
    return found


def audit(
    cells: Mapping[str, int],
    relations: Sequence[Relation],
    hidden: Collection[str],
    *,
    earlier: Mapping[str, int] = {},
) -> dict[str, tuple[int, int | None]]:
    """What a reader can still infer: the least and the largest count of each hidden cell.

    The reader knows the printed cells, `earlier` and the relations, and that counts are whole and
    not negative. Both ends are attained by a table he cannot rule out; None means without limit.
    A hidden cell that is in `earlier` is no secret: its interval is its count.

    Arguments as for `protect`. Raises ValueError as it does, and for hidden names not in `cells`.
    """
    if isinstance(hidden, str) or not set(hidden) <= cells.keys():
        raise ValueError(f"Hidden are names of cells, not {hidden!r}")
    values, signed = read(cells, relations, earlier)
    found: dict[str, Interval] = {n: (values[n], values[n]) for n in hidden if n in earlier}
    for group in linked(values, signed, set(hidden) - earlier.keys()):
        found.update(_inferred(group))
    return {name: found[name] for name in hidden}


def _inferred(group: Linked) -> Iterable[tuple[str, Interval]]:
    return zip(group.names, intervals(group.values, group.sums), strict=True)
