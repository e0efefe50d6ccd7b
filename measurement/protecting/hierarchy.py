"""What is part of what: groups in groups, places in places, periods in longer periods."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ciforum.people.models import Period, Place
from equity.models import Dimension, Group
from measurement.models.observations import StratumGroup

if TYPE_CHECKING:
    from ciforum.people.models import Initiative

Groups = frozenset[int]
Span = tuple[date, date]


@dataclass(frozen=True)
class Hierarchy:
    """The trees of one initiative, by id.

    strata: stratum → its groups. parents: group → the group it is part of.
    exclusive: groups whose dimension puts each person in one group → that dimension.
    places: place → the place it is part of. spans: period → [first day, day after the last).
    """

    strata: dict[int, Groups]
    parents: dict[int, int | None]
    exclusive: dict[int, int]
    places: dict[int, int | None]
    spans: dict[int, Span]

    @classmethod
    def of(cls, initiative: Initiative, strata: set[int]) -> Hierarchy:
        """The trees, with the groups of these strata."""
        members: dict[int, set[int]] = {pk: set() for pk in strata}
        for stratum, group in StratumGroup.objects.filter(stratum__in=strata).values_list(
            "stratum", "group"
        ):
            members[stratum].add(group)
        groups = list(
            Group.objects.for_initiative(initiative).values_list(
                "pk", "parent", "dimension", "dimension__kind"
            )
        )
        periods = Period.objects.for_initiative(initiative).values_list("pk", "start", "end")
        places = Place.objects.for_initiative(initiative).values_list("pk", "parent")
        return cls(
            strata={pk: frozenset(inside) for pk, inside in members.items()},
            parents={pk: parent for pk, parent, _dimension, _kind in groups},
            exclusive={
                pk: dimension
                for pk, _parent, dimension, kind in groups
                if kind == Dimension.Kind.EXCLUSIVE
            },
            places=dict(places),
            spans={pk: (start, end) for pk, start, end in periods},
        )

    @cached_property
    def parts(self) -> dict[int, set[int]]:
        """Group → the groups that are directly part of it."""
        found: dict[int, set[int]] = defaultdict(set)
        for group, parent in self.parents.items():
            if parent:
                found[parent].add(group)
        return dict(found)

    def with_more(self, strata: Mapping[int, Groups], spans: Mapping[int, Span]) -> Hierarchy:
        """The same trees with strata and periods that are only thought of."""
        return replace(self, strata={**self.strata, **strata}, spans={**self.spans, **spans})

    def wholes(self, groups: Groups) -> Iterator[tuple[Groups, tuple[Any, ...]]]:
        """Every set of groups these people are a part of, and the split they are one part of.

        Parts of the same whole and split add up to it. People in a group of an overlapping
        dimension are a part too, but of a split of their own: what is left are all others.
        """
        for group in groups:
            parent = self.parents.get(group)
            whole = groups - {group} | ({parent} if parent else frozenset())
            dimension = self.exclusive.get(group)
            yield whole, ("alone", group) if dimension is None else ("of", dimension, parent or 0)

    def rank(self, place: int, groups: Groups) -> int:
        """How many steps below "everyone, in the widest place"."""
        return self._depth(self.places, place) + sum(
            1 + self._depth(self.parents, group) for group in groups
        )

    @staticmethod
    def _depth(parents: dict[int, int | None], pk: int) -> int:
        steps, above = 0, parents.get(pk)
        while above is not None and steps <= len(parents):
            steps, above = steps + 1, parents.get(above)
        return steps

    def clusters(self, periods: Iterable[int]) -> list[frozenset[int]]:
        """Periods that overlap in time belong together; others share no count."""
        found: list[set[int]] = []
        last = date.min
        for pk in sorted(periods, key=lambda pk: self.spans[pk]):
            start, end = self.spans[pk]
            if found and start < last:
                found[-1].add(pk)
            else:
                found.append({pk})
            last = max(last, end)
        return [frozenset(cluster) for cluster in found]

    def splits(self, periods: Iterable[int]) -> Iterator[tuple[int, list[int], tuple[Span, ...]]]:
        """(a period, periods inside it that follow each other, the spans they leave open)."""
        known = sorted(periods, key=lambda pk: self.spans[pk])
        for whole in known:
            start, end = self.spans[whole]
            inside = [
                pk
                for pk in known
                if self.spans[pk] != (start, end)
                and start <= self.spans[pk][0]
                and self.spans[pk][1] <= end
            ]
            if inside:
                yield whole, *_chain(inside, self.spans, start, end)


def _chain(
    inside: list[int], spans: dict[int, Span], start: date, end: date
) -> tuple[list[int], tuple[Span, ...]]:
    """The longest steps from start to end, and the gaps between them."""
    chain, gaps = [], []
    while start < end:
        ahead = [pk for pk in inside if spans[pk][0] >= start]
        if not ahead:
            gaps.append((start, end))
            break
        step = min(ahead, key=lambda pk: (spans[pk][0], -spans[pk][1].toordinal()))
        if spans[step][0] > start:
            gaps.append((start, spans[step][0]))
        chain.append(step)
        start = spans[step][1]
    return chain, tuple(gaps)
