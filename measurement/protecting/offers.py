"""What adding up would let people see, tried out before anybody decides: counts only, no value.

Each way is rehearsed with rows that are only thought of, against the same audit as the release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from equity.models import Group
from measurement.models.observations import RolledUp, Stratum
from measurement.protecting.hierarchy import Groups, Hierarchy, Span
from measurement.protecting.linked_table import Row
from measurement.protecting.protection import (
    Protection,
    current_rows,
    fingerprint,
    gather,
    search,
)
from measurement.protecting.rolling import Counted, Sum
from measurement.protecting.strictness import Rules
from measurement.releasing import rolling_up

if TYPE_CHECKING:
    from measurement.models import Release


@dataclass(frozen=True)
class Tally:
    """What a table lets people see.

    shown, hidden: rows with a number. unseen: groups at a place that no row of any period shows,
    neither by themselves nor within a group that they are part of.
    """

    shown: int
    hidden: int
    unseen: int

    def shows_more_than(self, other: Tally) -> bool:
        """Fewer groups that nobody sees; or as many, and more numbers."""
        return (-self.unseen, self.shown) > (-other.unseen, other.shown)


@dataclass(frozen=True)
class Offers:
    """Before, and after each way that would add anything. Only for the release as it was.

    impossible: ways after which no safe table exists.
    """

    fingerprint: str
    rules: dict[str, Any]
    before: Tally
    after: dict[str, Tally] = field(default_factory=dict)
    impossible: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Offers:
        return cls(
            **{
                **data,
                "before": Tally(**data["before"]),
                "after": {way: Tally(**found) for way, found in data["after"].items()},
            }
        )


@dataclass(frozen=True)
class Thought:
    """Rows that one way would add, with their strata and periods; those not there are below 0."""

    rows: list[Row]
    strata: dict[int, Groups]
    spans: dict[int, Span]


def thought_of(release: Release, way: str) -> Thought:
    """Every row that adding up would make, whole groups of whole groups too."""
    table = rolling_up.table_of(release)
    found: list[Sum] = []
    while sums := table.sums(way):
        known = [_counted(each, -len(found) - n) for n, each in enumerate(sums, 1)]
        table = replace(table, rows=[*table.rows, *known])
        found += sums
    strata = _strata(release, {each.groups for each in found})
    numbers = {groups: pk for pk, groups in strata.items()}
    has_others = release.version.measure == "proportion"
    return Thought(
        rows=[
            Row(
                *(each.period, each.place, numbers[each.groups], each.numerator),
                *(each.denominator, each.is_derived, has_others),
            )
            for each in found
        ],
        strata=strata,
        spans={each.period: table.tree.spans[each.period] for each in found},
    )


def _counted(found: Sum, number: int) -> Counted:
    return Counted(
        *(number, found.period, found.place, found.groups, found.numerator, found.denominator)
    )


def _strata(release: Release, wanted: set[Groups]) -> dict[int, Groups]:
    """The strata of these groups, by id; below zero where there is none yet."""
    uids = dict(Group.objects.filter(pk__in=frozenset().union(*wanted)).values_list("pk", "uid"))
    keys = {"+".join(sorted(str(uids[pk]) for pk in groups)): groups for groups in wanted}
    known = dict(
        Stratum.objects.for_initiative(release.initiative)
        .filter(key__in=keys)
        .values_list("key", "pk")
    )
    return {known.get(key, -n): groups for n, (key, groups) in enumerate(keys.items(), 1)}


def look(
    release: Release, rules: Rules, *, progress: Callable[[float], None] = lambda percent: None
) -> Offers:
    """Try every way that adds anything. Long work, outside any lock.

    progress: called with 0 to 100. Answers what holds for the release as `fingerprint` saw it; a
    release that is not protected, or whose protection no longer holds, shows nothing before.
    """
    seen = fingerprint(release)
    rows = current_rows(release)
    tree = gather(release, rows).tree
    found = Protection.from_json(release.protected)
    before = _tally(tree, rows, rows, found.hidden, set(found.open_periods))
    after: dict[str, Tally] = {}
    impossible: list[str] = []
    for n, way in enumerate(RolledUp.values):
        more = thought_of(release, way)
        if not more.rows:
            continue
        every = [*rows, *more.rows]
        known = gather(release, every, more.strata, more.spans)
        tell = _share(progress, n, len(RolledUp.values))
        hidden, unsafe = search(release, every, known, rules, progress=tell)
        after[way] = _tally(known.tree, every, rows, hidden, unsafe)
        if unsafe - set(found.open_periods):
            impossible.append(way)
    progress(100)
    return Offers(seen, rules.to_json(), before, after, impossible)


def _share(progress: Callable[[float], None], n: int, of: int) -> Callable[[float], None]:
    return lambda percent: progress((100 * n + percent) / of)


def _tally(
    tree: Hierarchy,
    rows: Iterable[Row],
    asked: Iterable[Row],
    hidden: Iterable[list[Any]],
    unsafe: set[int],
) -> Tally:
    """asked: rows whose groups are looked for; the same before and after."""
    secret = {tuple(key[:3]) for key in hidden}
    counted = [row for row in rows if row.numerator is not None]
    shown = [
        row
        for row in counted
        if (row.period, row.place, row.stratum) not in secret and row.period not in unsafe
    ]
    in_sight = {(row.place, tree.strata[row.stratum]) for row in shown}
    groups = {(row.place, tree.strata[row.stratum]) for row in asked if row.numerator is not None}
    unseen = sum(
        in_sight.isdisjoint((place, above) for above in _upward(tree, inside))
        for place, inside in groups
        if inside
    )
    return Tally(len(shown), len(counted) - len(shown), unseen)


def _upward(tree: Hierarchy, groups: Groups) -> set[Groups]:
    """These groups, and every set in which some of them are told by a group above."""
    found, edge = {groups}, {groups}
    while edge:
        edge = {
            each - {group} | {parent}
            for each in edge
            for group in each
            if (parent := tree.parents.get(group))
        } - found
        found |= edge
    return found


def still_offered(release: Release) -> Offers | None:
    """What was tried out for the release as it is now; None where something moved since."""
    if not release.offers:
        return None
    found = Offers.from_json(release.offers)
    is_new = found.fingerprint == fingerprint(release) and found.rules == release.protected["rules"]
    return found if is_new else None
