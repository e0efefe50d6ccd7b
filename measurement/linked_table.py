"""The counts of a table as cells and sums, the way `suppression` wants them.

A row (one stratum, place and period) has up to three cells: x, the people counted; n, all of
them; c, the others (n − x). They are linked: n = x + c; a stratum is the sum of its parts along
every exclusive dimension; a place is the sum of its places; a span of years is the sum of its
years. A total nobody counted links its splits all the same. What known parts leave of their total
is a cell as well: somebody is in it. Equal counts of the same people are one cell, whichever
release or definition shows them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from measurement.hierarchy import Groups, Hierarchy
from measurement.suppression import Unprotectable, audit, protect

Relation = tuple[str, tuple[str, ...]]
Key = tuple[int, int, Groups]  # period, place, groups
# Hiding what is never printed (a rest, the others, a superseded count) costs next to nothing.
FREE = 0.001
# Denominators worked out from rounded percents add up to their total only about so well.
NEAR = 0.05


@dataclass(frozen=True, slots=True)
class Row:
    """One observation in one vintage of the table. `printed`: what earlier releases show of it."""

    period: int
    place: int
    stratum: int
    numerator: int | None
    denominator: int | None
    is_derived: bool
    has_others: bool
    x_printed: bool = False
    n_printed: bool = False

    def value(self, what: str) -> int | None:
        return self.numerator if what == "x" else self.denominator


@dataclass
class Layer:
    """One kind of count (x or n) of one vintage: cell and value by key, and which are exact."""

    what: str
    cells: dict[Key, tuple[str, int]] = field(default_factory=dict)
    counted: set[Key] = field(default_factory=set)
    near: set[Key] = field(default_factory=set)


class LinkedTable:
    """Cells, sums, what readers know already and what hiding costs."""

    def __init__(self, tree: Hierarchy) -> None:
        self.tree = tree
        self.cells: dict[str, int] = {}
        self.relations: dict[Relation, None] = {}
        self.known: dict[str, int] = {}
        self.printable: set[str] = set()
        self.stand_ins: dict[str, str] = {}

    # --- cells

    def name(self, what: str, row: Row) -> str:
        """The cell of a row; equal counts of the same people share it."""
        start, end = self.tree.spans[row.period]
        return f"{what}|{start}|{end}|{row.place}|{row.stratum}|{self._value(what, row)}"

    @staticmethod
    def _value(what: str, row: Row) -> int | None:
        if what != "c":
            return row.value(what)
        x, n = row.numerator, row.denominator
        return n - x if row.has_others and x is not None and n is not None and n >= x else None

    def add(self, rows: Sequence[Row], *, is_new: bool) -> None:
        """One vintage: its cells and how they are linked. `is_new`: it is about to be printed."""
        for row in rows:
            self._add_row(row, is_new)
        for what in "xn":
            layer = Layer(what)
            for row in rows:
                self._place(layer, row)
            self._link(layer)

    def _add_row(self, row: Row, is_new: bool) -> None:
        names = {}
        for what in "xnc":
            value = self._value(what, row)
            if value is None:
                continue
            names[what] = name = self.name(what, row)
            self.cells[name] = value
            if is_new and what != "c":
                self.printable.add(name)
        for what, printed in (("x", row.x_printed), ("n", row.n_printed)):
            if printed and what in names:
                self.known[names[what]] = self.cells[names[what]]
        if "c" in names:
            self.relations[(names["n"], (names["x"], names["c"]))] = None
            if names["x"] in self.known and names["n"] in self.known:
                self.known[names["c"]] = self.cells[names["c"]]

    def _place(self, layer: Layer, row: Row) -> None:
        value = row.value(layer.what)
        if value is None:
            return
        key = (row.period, row.place, self.tree.strata[row.stratum])
        layer.cells[key] = (self.name(layer.what, row), value)
        layer.counted.add(key)
        if layer.what == "n" and row.is_derived:
            layer.near.add(key)

    # --- sums

    def _link(self, layer: Layer) -> None:
        found: list[tuple[Key, list[Key], str]] = []
        ranks: dict[int, set[Key]] = defaultdict(set)
        for key in layer.cells:
            ranks[self.tree.rank(key[1], key[2])].add(key)
        for rank in range(max(ranks, default=0), 0, -1):
            splits = self._splits(ranks[rank])
            self._count_the_uncounted(layer, splits)
            for (whole, split), parts in splits.items():
                if whole in layer.cells:
                    ranks[self.tree.rank(whole[1], whole[2])].add(whole)
                    found.append((whole, parts, str(split[0])))
        found += self._over_time(layer)
        for whole, parts, gap in _without_dead_ends(layer, found):
            self._sum(layer, whole, parts, gap)

    def _splits(self, keys: Iterable[Key]) -> dict[tuple[Key, tuple[Any, ...]], list[Key]]:
        """Every whole and split of these parts: by group and by place."""
        parts: dict[tuple[Key, tuple[Any, ...]], list[Key]] = defaultdict(list)
        for period, place, groups in sorted(keys, key=_order):
            for whole, split in self.tree.wholes(groups):
                parts[(period, place, whole), split].append((period, place, groups))
            if outer := self.tree.places.get(place):
                parts[(period, outer, groups), ("place",)].append((period, place, groups))
        return parts

    def _count_the_uncounted(
        self, layer: Layer, splits: dict[tuple[Key, tuple[Any, ...]], list[Key]]
    ) -> None:
        """A whole without a count of its own still ties its splits together."""
        sums: dict[Key, int] = {}
        for (whole, split), parts in splits.items():
            if whole not in layer.cells and split[0] != "alone":
                total = sum(layer.cells[part][1] for part in parts)
                sums[whole] = max(total, sums.get(whole, 0))
        for (period, place, groups), value in sums.items():
            inside = "+".join(map(str, sorted(groups)))
            start, end = self.tree.spans[period]
            name = f"sum|{layer.what}|{start}|{end}|{place}|{inside}|{value}"
            layer.cells[period, place, groups] = (name, value)

    def _over_time(self, layer: Layer) -> Iterator[tuple[Key, list[Key], str]]:
        by_series: dict[tuple[int, Groups], set[int]] = defaultdict(set)
        for period, place, groups in layer.cells:
            by_series[place, groups].add(period)
        for (place, groups), periods in by_series.items():
            if len(periods) > 1:
                for whole, chain, gaps in self.tree.splits(periods):
                    parts = [(step, place, groups) for step in chain]
                    yield (whole, place, groups), parts, f"{gaps}" if gaps else "of"

    def _sum(self, layer: Layer, whole: Key, parts: list[Key], split: str) -> None:
        """One total with its parts, and a cell for what they leave of it."""
        total, value = layer.cells[whole]
        names = [layer.cells[part][0] for part in parts]
        rest = value - sum(layer.cells[part][1] for part in parts)
        self.cells.setdefault(total, value)
        for part in parts:
            self.cells.setdefault(*layer.cells[part])
        is_near = bool(layer.near.intersection((whole, *parts)))
        if split == "alone" and (rest < 0 or is_near):
            return
        if rest < 0 or (is_near and split == "of" and 0 < rest <= value * NEAR):
            total = self._stand_in(total, names, value - rest)
        elif rest:
            place = f"{whole[1]}|{sorted(whole[2])}"
            of = total if split in ("of", "place", "alone") else place
            other = f"rest|{layer.what}|{of}|{split}|{'' if of is place else sorted(names)}|{rest}"
            self.cells[other] = rest
            names.append(other)
        self.relations[(total, tuple(sorted(names)))] = None

    def _stand_in(self, total: str, names: list[str], value: int) -> str:
        """The total that these parts ought to have, hidden together with the one that is printed.

        The parts exceed their total, or are only near the truth; readers can still subtract.
        """
        ought = f"ought|{total}|{'+'.join(sorted(names))}"
        self.cells[ought] = value
        self.stand_ins[ought] = total
        if total in self.known:
            self.known[ought] = value
        return ought

    # --- what to hide

    def solve(self, threshold: int, progress: Callable[[float], None]) -> frozenset[str]:
        """The cells that stay hidden. Raises Unprotectable.

        Checked like an attacker would: from all that is printed, every small cell must still
        look like anything from 1 to threshold − 1.
        """
        hidden: set[str] = set()
        parts = self._components(threshold)
        for index, (cells, relations) in enumerate(parts):
            hidden |= self._solve_part(cells, relations, threshold)
            progress((index + 1) / len(parts))
        return frozenset(hidden)

    def _solve_part(
        self, cells: dict[str, int], relations: list[Relation], threshold: int
    ) -> frozenset[str]:
        earlier = {name: value for name, value in self.known.items() if name in cells}
        for kept in (_without_slack(cells, relations, threshold, self._is_free), relations):
            used = {name for total, inside in kept for name in (total, *inside)}
            small = {name for name, value in cells.items() if 1 <= value < threshold}
            inside = {name: value for name, value in cells.items() if name in used | small}
            hidden = protect(
                inside,
                kept,
                threshold=threshold,
                earlier={name: value for name, value in earlier.items() if name in inside},
                cost=self._costs(inside),
            )
            hidden |= {self.stand_ins[name] for name in hidden if name in self.stand_ins}
            if self._holds(cells, relations, hidden, earlier, threshold):
                return hidden
        raise Unprotectable(small)

    def _holds(
        self,
        cells: dict[str, int],
        relations: list[Relation],
        hidden: frozenset[str],
        earlier: dict[str, int],
        threshold: int,
    ) -> bool:
        """True when nobody can narrow down a small cell from what this leaves in print."""
        unseen = {
            name
            for name in cells.keys() - earlier.keys()
            if name[0] != "c" and (name in hidden or self._is_free(name))
        }
        for total, inside in relations:
            if inside[-1][0] == "c" and {total, inside[0]} & unseen:
                unseen.add(inside[-1])  # the others are known where both counts are
        bounds = audit(cells, relations, frozenset(unseen), earlier=earlier)
        return all(
            name in bounds
            and bounds[name][0] <= 1
            and (bounds[name][1] is None or bounds[name][1] >= threshold - 1)  # type: ignore[operator]
            for name, value in cells.items()
            if 1 <= value < threshold
        )

    def _is_free(self, name: str) -> bool:
        """Never printed by the release in hand, so hiding it takes nothing from readers."""
        ought = self.stand_ins.get(name)
        return (ought or name) not in self.printable

    def _costs(self, cells: dict[str, int]) -> dict[str, float]:
        """Few cells, then small ones. A stand-in is paid for with its total."""
        whole = sum(cells.values()) + 1
        return {
            name: FREE if self._is_free(name) else 1 + value / whole
            for name, value in cells.items()
        }

    def _components(self, threshold: int) -> list[tuple[dict[str, int], list[Relation]]]:
        """Cells that hang together, where one of them is small."""
        leader = {name: name for name in self.cells}

        def find(name: str) -> str:
            while leader[name] != name:
                leader[name] = leader[leader[name]]
                name = leader[name]
            return name

        ties = [*self.relations, *((ought, (total,)) for ought, total in self.stand_ins.items())]
        for total, parts in ties:
            for part in parts:
                leader[find(part)] = find(total)
        cells: dict[str, dict[str, int]] = defaultdict(dict)
        for name, value in self.cells.items():
            cells[find(name)][name] = value
        relations: dict[str, list[Relation]] = defaultdict(list)
        for relation in self.relations:
            relations[find(relation[0])].append(relation)
        return [
            (inside, relations[top])
            for top, inside in cells.items()
            if any(1 <= value < threshold for value in inside.values())
        ]


def _order(key: Key) -> tuple[int, int, list[int]]:
    return key[0], key[1], sorted(key[2])


def _without_dead_ends(
    layer: Layer, found: list[tuple[Key, list[Key], str]]
) -> list[tuple[Key, list[Key], str]]:
    """Drop sums to a total that nobody counted and that nothing else uses: they tell nothing."""
    while True:
        uses = Counter(key for whole, parts, _split in found for key in (whole, *parts))
        kept = [each for each in found if each[0] in layer.counted or uses[each[0]] > 1]
        if len(kept) == len(found):
            return kept
        found = kept


def _without_slack(
    cells: dict[str, int],
    relations: list[Relation],
    threshold: int,
    is_free: Callable[[str], bool],
) -> list[Relation]:
    """Drop sums with a large rest of their own: it takes up any move that hides a small cell."""
    uses = Counter(name for total, parts in relations for name in (total, *parts))
    return [
        (total, parts)
        for total, parts in relations
        if not any(
            name.startswith("rest|")
            and uses[name] == 1
            and cells[name] >= (threshold - 1) * (len(parts) + 1)
            for name in parts
        )
    ]
