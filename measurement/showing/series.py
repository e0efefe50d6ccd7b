"""Whom a line of numbers is about: sets of groups, the same over all versions of a dimension."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from equity.models import Dimension
from measurement.models.observations import StratumGroup

if TYPE_CHECKING:
    from equity.models import Group

SEPARATOR = "."  # between dimensions in addresses; slugs have none


@dataclass(frozen=True)
class Member:
    """One group of a series. Known by its codes, whichever version of the dimension counted it."""

    dimension: str
    code: str
    name: str = field(compare=False)
    order: tuple[int, ...] = field(compare=False)
    overlaps: bool = field(compare=False)
    within: Dimension = field(compare=False, repr=False)


@dataclass(frozen=True)
class Series:
    """The people one line is about: no members means everyone. The same over all versions."""

    members: tuple[Member, ...] = ()

    def __hash__(self) -> int:
        return hash(self.key)  # asked for each cell of a page, many times

    @cached_property
    def key(self) -> str:
        return "+".join(f"{member.dimension}:{member.code}" for member in self.members)

    @cached_property
    def breakdown(self) -> str:
        return SEPARATOR.join(sorted({member.dimension for member in self.members}))

    @cached_property
    def name(self) -> str:
        """The groups' names; "" for everyone, which is worded by whoever shows it."""
        return ", ".join(member.name for member in self.members)

    @cached_property
    def order(self) -> tuple[tuple[int, ...], ...]:
        return tuple(member.order for member in self.members)


def series_of(strata: set[int]) -> dict[int, Series]:
    """Stratum → whom it is about."""
    members: dict[int, list[Member]] = {pk: [] for pk in strata}
    rows = StratumGroup.objects.filter(stratum__in=strata).select_related(
        "group__parent__parent", "dimension"
    )
    for row in rows:
        members[row.stratum_id].append(_member(row))
    return {
        pk: Series(tuple(sorted(inside, key=lambda member: (member.dimension, member.code))))
        for pk, inside in members.items()
    }


def _member(row: StratumGroup) -> Member:
    orders: list[int] = []
    above: Group | None = row.group
    while above is not None:
        orders.append(above.order)
        above = above.parent
    return Member(
        dimension=row.dimension.code,
        code=row.group.code,
        name=str(row.group.name),
        order=tuple(reversed(orders)),
        overlaps=row.dimension.kind == Dimension.Kind.OVERLAPPING,
        within=row.dimension,
    )
