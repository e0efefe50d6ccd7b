"""The counts of a table as cells and sums, the way `suppression` wants them.

A row (one stratum, place and period) has up to three cells: x, the people counted; n, all of
them; c, the others (n − x). They are linked: n = x + c; a stratum is the sum of its parts along
every exclusive dimension; a place is the sum of its places; a span of years is the sum of its
years. A total nobody counted links its splits all the same. What known parts leave of their total
is a cell as well: somebody is in it. Equal counts of the same people are one cell, whichever
release or definition shows them. So are equal denominators of sibling indicators, while each
sibling has numerators of its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from measurement.protecting.hierarchy import Groups, Hierarchy
from measurement.protecting.strictness import Counts, Range, Rules, next_smallest, own_ranges
from measurement.suppression import Unprotectable, opened, protect

Relation = tuple[str, tuple[str, ...]]
Key = tuple[int, int, Groups]  # period, place, groups
# Hiding what is never printed (a rest, the others, a superseded count) costs next to nothing.
FREE = 0.001
# Denominators worked out from rounded percents add up to their total only about so well.
NEAR = 0.05
# What hiding everyone's number costs more, and a group that was hidden for others before.
EVERYONE = 1.0
BURDEN = 0.9


@dataclass(frozen=True, slots=True)
class Row:
    """One observation in one vintage of the table. `printed`: what earlier releases show of it.

    family: 0, or the sibling indicator it belongs to; is_mirror: that one counts the others.
    """

    period: int
    place: int
    stratum: int
    numerator: int | None
    denominator: int | None
    is_derived: bool
    has_others: bool
    x_printed: bool = False
    n_printed: bool = False
    family: int = 0
    is_mirror: bool = False

    def tag(self, what: str) -> str:
        """The kind of count it is for readers of all siblings."""
        if self.is_mirror:
            return {"x": "c", "c": "x"}.get(what, what)
        return f"{what}@{self.family}" if self.family and what != "n" else what

    def value(self, what: str) -> int | None:
        return self.numerator if what == "x" else self.denominator


@dataclass
class Layer:
    """One kind of count (x or n) of one vintage: cell and value by key, and which are exact.

    tag: sets names of its sums and rests apart from those of other numerators.
    """

    what: str
    tag: str
    cells: dict[Key, tuple[str, int]] = field(default_factory=dict)
    counted: set[Key] = field(default_factory=set)
    near: set[Key] = field(default_factory=set)


class LinkedTable:
    """Cells, sums, what readers know already and what hiding costs."""

    def __init__(self, tree: Hierarchy) -> None:
        self.tree = tree
        self._limit: int | None = None
        self.cells: dict[str, int] = {}
        self.relations: dict[Relation, None] = {}
        self.known: dict[str, int] = {}
        self.printable: set[str] = set()
        self.stand_ins: dict[str, str] = {}
        # Printed by siblings: known, and nothing this release could still change.
        self.facts: set[str] = set()
        # Cells of siblings alone keep to the threshold they were protected with.
        self.limits: dict[str, int] = {}
        self.fresh: list[Row] = []
        # Strata that the council of their group keeps, whatever their size.
        self.withheld: set[int] = set()
        # How often a place and stratum was hidden only to protect others.
        self.burden: Counter[tuple[int, int]] = Counter()
        self.owners: dict[str, tuple[int, int]] = {}
        # Who is counted by each sibling (0: the indicator itself), in any vintage.
        self.counted: dict[int, dict[Key, dict[str, None]]] = defaultdict(dict)

    # --- cells

    def name(self, what: str, row: Row) -> str:
        """The cell of a row; equal counts of the same people share it."""
        start, end = self.tree.spans[row.period]
        value = self._value(what, row)
        return f"{row.tag(what)}|{start}|{end}|{row.place}|{row.stratum}|{value}"

    def _put(self, name: str, value: int) -> None:
        if self._limit is None:
            self.limits.pop(name, None)
        elif name not in self.cells:
            self.limits[name] = self._limit
        self.cells[name] = value

    @staticmethod
    def _value(what: str, row: Row) -> int | None:
        if what != "c":
            return row.value(what)
        x, n = row.numerator, row.denominator
        return n - x if row.has_others and x is not None and n is not None and n >= x else None

    def add(self, rows: Sequence[Row], *, is_new: bool, limit: int | None = None) -> None:
        """One vintage: its cells and how they are linked. `is_new`: it is about to be printed.

        limit: the threshold a sibling's release was protected with; only for siblings.
        """
        self._limit = limit
        if is_new:
            self.fresh += rows
        for row in rows:
            self._add_row(row, is_new)
        for what in "xn":
            layer = Layer(what, rows[0].tag(what) if rows else what)
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
            self._put(name, value)
            if is_new and what != "c":
                self.printable.add(name)
                self.owners[name] = (row.place, row.stratum)
        told = [
            names[what]
            for what, printed in (("x", row.x_printed), ("n", row.n_printed))
            if printed and what in names
        ]
        if "x" in names and not row.is_mirror:
            key = (row.period, row.place, self.tree.strata[row.stratum])
            self.counted[row.family].setdefault(key, {})[names["x"]] = None
        if "c" in names:
            others = (names["c"], names["x"]) if row.is_mirror else (names["x"], names["c"])
            self.relations[(names["n"], others)] = None
            if len(told) == 2:
                told.append(names["c"])
        for name in told:
            self.known[name] = self.cells[name]
            if row.family:
                self.facts.add(name)
            else:
                self.facts.discard(name)

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
            name = f"sum|{layer.tag}|{start}|{end}|{place}|{inside}|{value}"
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
        for name, count in ((total, value), *(layer.cells[part] for part in parts)):
            if name not in self.cells:
                self._put(name, count)
        is_near = bool(layer.near.intersection((whole, *parts)))
        if split == "alone" and (rest < 0 or is_near):
            return
        if rest < 0 or (is_near and split == "of" and 0 < rest <= value * NEAR):
            total = self._stand_in(total, names, value - rest)
        elif rest:
            place = f"{whole[1]}|{sorted(whole[2])}"
            of = total if split in ("of", "place", "alone") else place
            other = f"rest|{layer.tag}|{of}|{split}|{'' if of is place else sorted(names)}|{rest}"
            self._put(other, rest)
            names.append(other)
        self.relations[(total, tuple(sorted(names)))] = None

    def nest(self, inner: int, outer: int) -> None:
        """Whoever one sibling counts is counted by the other too: what is left is a cell as well.

        inner, outer: families, as in `Row`. Vintages that do not fit into each other say nothing.
        """
        self._limit = None
        for key, wholes in self.counted[outer].items():
            for whole in wholes:
                for part in self.counted[inner].get(key, ()):
                    self._nest(whole, part)

    def _nest(self, whole: str, part: str) -> None:
        left = self.cells[whole] - self.cells[part]
        if left < 0:
            return
        parts = [part]
        if left:
            rest = f"rest|{whole}|{part}|{left}"
            self._put(rest, left)
            parts.append(rest)
            if {whole, part} <= self.known.keys():
                self.known[rest] = left
                self.facts.add(rest)  # told already, whatever this release does
        self.relations[(whole, tuple(sorted(parts)))] = None

    def _stand_in(self, total: str, names: list[str], value: int) -> str:
        """The total that these parts ought to have, hidden together with the one that is printed.

        The parts exceed their total, or are only near the truth; readers can still subtract.
        """
        ought = f"ought|{total}|{'+'.join(sorted(names))}"
        self._put(ought, value)
        self.stand_ins[ought] = total
        if total in self.known:
            self.known[ought] = value
        return ought

    # --- what to hide

    def solve(self, rules: Rules, progress: Callable[[float], None]) -> frozenset[str]:
        """The cells that stay hidden. Raises Unprotectable.

        Checked like an attacker would: from all that is printed, every small cell must still
        look like anything that the rules call small.
        """
        hidden: set[str] = set()
        wishes = self.wishes(rules)
        parts = self._components(wishes)
        work = sum(len(cells) for cells, _relations in parts)
        done = 0
        for cells, relations in parts:
            tell = _share(progress, done / work, len(cells) / work)
            hidden |= self._solve_part(cells, relations, wishes, tell)
            done += len(cells)
            progress(done / work)
        return frozenset(hidden)

    def wishes(self, rules: Rules) -> dict[str, Range]:
        """What is hidden for its own sake, and what each of these must look like it could be."""
        found = {
            name: self._usual(name, rules)
            for name, value in self.cells.items()
            if name not in self.facts and self._is_small(name, value, rules)
        }
        for row in self.fresh:
            if row.stratum in self.withheld:
                for what in "xn":
                    if (value := row.value(what)) is not None:
                        self._wish(found, self.name(what, row), rules.around(value))
            if row.x_printed or row.n_printed:
                continue
            counts = Counts(*(self._value(what, row) for what in "xnc"))
            for what, range_ in own_ranges(counts, rules).items():
                self._wish(found, self.name(what, row), range_)
        also = [*self._totals(found)] if rules.totals else []
        also += [*self._next_smallest(found)] if rules.next_smallest else []
        for name in also:
            self._wish(found, name, (self.cells[name], self.cells[name]))
        return found

    def _usual(self, name: str, rules: Rules) -> Range:
        limit = self.limits.get(name)
        return rules.usual() if limit is None else (1, limit - 1)

    def _is_small(self, name: str, value: int, rules: Rules) -> bool:
        low, high = self._usual(name, rules)
        return max(low, 1) <= value <= high

    def _wish(self, found: dict[str, Range], name: str, range_: Range) -> None:
        """What is public already stays public: only the smallest count is held against that."""
        if name not in self.known:
            low, high = found.get(name, range_)
            found[name] = (min(low, range_[0]), max(high, range_[1]))

    def _next_smallest(self, small: Mapping[str, Range]) -> Iterator[str]:
        """Beside a small group of a breakdown, the numerator of the next smallest one."""
        rows = self._fresh_by_key()
        for inside in self._splits(rows).values():
            siblings = [
                (
                    self.name("x", rows[key]),
                    rows[key].denominator or rows[key].numerator or 0,
                    self._in(small, rows[key]),
                )
                for key in inside
                if rows[key].numerator is not None
            ]
            if name := next_smallest(siblings):
                yield name

    def _totals(self, small: Mapping[str, Range]) -> Iterator[str]:
        """The numerators of wholes of which a part is small."""
        rows = self._fresh_by_key()
        for (whole, _split), inside in self._splits(rows).items():
            row = rows.get(whole)
            if row and row.numerator is not None and any(self._in(small, rows[k]) for k in inside):
                yield self.name("x", row)

    def _fresh_by_key(self) -> dict[Key, Row]:
        return {(row.period, row.place, self.tree.strata[row.stratum]): row for row in self.fresh}

    def _in(self, small: Mapping[str, Range], row: Row) -> bool:
        return any(self.name(what, row) in small for what in "xnc")

    def _solve_part(
        self,
        cells: dict[str, int],
        relations: list[Relation],
        wishes: Mapping[str, Range],
        tell: Callable[[float], None],
    ) -> frozenset[str]:
        try:
            return self._protected(cells, relations, wishes, tell)
        except Unprotectable as lost:
            # Siblings' own affair, if nothing that this release hides would help them.
            theirs = lost.cells & self.limits.keys()
            if not theirs:
                raise
        left = {name: range_ for name, range_ in wishes.items() if name not in theirs}
        return self._solve_part(cells, relations, left, tell)

    def _protected(
        self,
        cells: dict[str, int],
        relations: list[Relation],
        wishes: Mapping[str, Range],
        tell: Callable[[float], None],
    ) -> frozenset[str]:
        earlier = {name: value for name, value in self.known.items() if name in cells}
        own = {name: wishes[name] for name in cells if name in wishes}
        for kept in (_without_slack(cells, relations, own, self._is_free), relations):
            used = {name for total, inside in kept for name in (total, *inside)}
            inside = {name: value for name, value in cells.items() if name in used or name in own}
            hidden = protect(
                inside,
                kept,
                threshold=1,  # the wishes say what is small
                earlier={name: value for name, value in earlier.items() if name in inside},
                cost=self._costs(inside),
                secret=own,
                tell=tell,
            )
            hidden |= {self.stand_ins[name] for name in hidden if name in self.stand_ins}
            if self._holds(cells, relations, hidden, earlier, own):
                return hidden
        raise Unprotectable(own)

    def _holds(
        self,
        cells: dict[str, int],
        relations: list[Relation],
        hidden: frozenset[str],
        earlier: dict[str, int],
        wishes: Mapping[str, Range],
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
        return not opened(cells, relations, frozenset(unseen), wishes, earlier=earlier)

    def _is_free(self, name: str) -> bool:
        """Never printed by the release in hand, so hiding it takes nothing from readers."""
        ought = self.stand_ins.get(name)
        return (ought or name) not in self.printable

    def _costs(self, cells: dict[str, int]) -> dict[str, float]:
        """Few cells, then those whose turn it is, then small ones. Everyone's number costs two.

        A stand-in is paid for with its total.
        """
        whole = sum(cells.values()) + 1
        return {
            name: FREE if self._is_free(name) else 1 + value / whole + self._turn(name)
            for name, value in cells.items()
        }

    def _turn(self, name: str) -> float:
        """Less than 1: so that no further cell is hidden only to let one rest."""
        owner = self.owners.get(self.stand_ins.get(name, name))
        if owner is None:
            return 0.0
        if not self.tree.strata[owner[1]]:
            return EVERYONE
        times = self.burden[owner]
        return BURDEN * times / (times + 1)

    def _components(
        self, wishes: Mapping[str, Range]
    ) -> list[tuple[dict[str, int], list[Relation]]]:
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
            if not wishes.keys().isdisjoint(inside)
        ]


def _share(progress: Callable[[float], None], start: float, part: float) -> Callable[[float], None]:
    """Tell the whole's share from a part's, in steps of a hundredth and never backwards."""
    told = start

    def tell(share: float) -> None:
        nonlocal told
        now = start + share * part
        if now >= told + 0.01:
            told = now
            progress(now)

    return tell


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
    wishes: Mapping[str, Range],
    is_free: Callable[[str], bool],
) -> list[Relation]:
    """Drop sums with a large rest of their own: it takes up any move that hides a small cell."""
    uses = Counter(name for total, parts in relations for name in (total, *parts))
    widest = max((high for _low, high in wishes.values()), default=0)
    return [
        (total, parts)
        for total, parts in relations
        if not any(
            name.startswith("rest|")
            and uses[name] == 1
            and cells[name] >= widest * (len(parts) + 1)
            for name in parts
        )
    ]
