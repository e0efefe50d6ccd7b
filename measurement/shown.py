"""What anyone may read of an indicator: cells of releases, found through the Published pointers.

Everything public (sentence, chart, table, CSV) is made from these cells and nothing else, so what
a release hides is in none of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import F, QuerySet

from ciforum.people.models import Period, Place
from equity.models import Dimension
from measurement.home import home_of
from measurement.models.indicators import Measure
from measurement.models.observations import StratumGroup
from measurement.models.releases import Published, ReleaseCell

if TYPE_CHECKING:
    from ciforum.people.models import Initiative
    from equity.models import Group
    from measurement.models import Indicator, IndicatorVersion, Release

SEPARATOR = "."  # between dimensions in addresses; slugs have none


@dataclass(frozen=True)
class Member:
    """One group of a series. Known by its codes, whichever version of the dimension counted it."""

    dimension: str
    code: str
    name: str = field(compare=False)
    order: tuple[int, ...] = field(compare=False)
    overlaps: bool = field(compare=False)


@dataclass(frozen=True)
class Series:
    """The people one line is about: no members means everyone. The same over all versions."""

    members: tuple[Member, ...] = ()

    @property
    def key(self) -> str:
        return "+".join(f"{member.dimension}:{member.code}" for member in self.members)

    @property
    def breakdown(self) -> str:
        return SEPARATOR.join(sorted({member.dimension for member in self.members}))

    @property
    def name(self) -> str:
        """The groups' names; "" for everyone, which is worded by whoever shows it."""
        return ", ".join(member.name for member in self.members)

    @property
    def order(self) -> tuple[tuple[int, ...], ...]:
        return tuple(member.order for member in self.members)


@dataclass(frozen=True)
class Cell:
    """One number that is public, or the sign that stands in its place.

    numerator, denominator: None where hidden or missing. rate: numerator of every `scale`, exact.
    """

    period: Period
    series: Series
    version: IndicatorVersion
    release: Release
    numerator: int | None
    denominator: int | None
    is_near: bool
    is_protected: bool
    missing: str

    @classmethod
    def of(cls, row: ReleaseCell, pointer: Published, series: Series) -> Cell:
        return cls(
            period=pointer.period,
            series=series,
            version=pointer.version,
            release=pointer.release,
            numerator=row.numerator,
            denominator=row.denominator,
            is_near=row.denominator_is_derived,
            is_protected=row.is_protected,
            missing=row.missing,
        )

    @property
    def rate(self) -> Decimal | None:
        if self.numerator is None or not self.denominator:
            return None
        return Decimal(self.numerator) * self.version.scale / Decimal(self.denominator)

    @property
    def value(self) -> Decimal | int | None:
        """What the chart shows: the rate, or the count where there is no whole."""
        return self.numerator if self.version.measure == Measure.COUNT else self.rate


@dataclass(frozen=True)
class Choice:
    """What the reader asked to see: codes as they stand in the address, "" for the default."""

    place: str = ""
    by: str | None = None
    kind: str = ""


class Unknown(LookupError):
    """The reader asked for a place, breakdown or kind of period that is not published."""


@dataclass
class Shown:
    """The public numbers of one indicator at one place in one breakdown, oldest period first."""

    indicator: Indicator
    version: IndicatorVersion
    place: Place | None
    by: str
    kind: str
    places: list[Place]
    breakdowns: dict[str, list[Dimension]]
    kinds: list[str]
    cells: list[Cell]
    release: Release
    releases: list[Release] = field(default_factory=list)

    @cached_property
    def periods(self) -> list[Period]:
        return list(dict.fromkeys(cell.period for cell in self.cells))

    @cached_property
    def series(self) -> list[Series]:
        """Everyone first, then groups in their own order, whole groups before their parts."""
        return sorted({cell.series for cell in self.cells}, key=lambda each: each.order)

    @cached_property
    def by_key(self) -> Mapping[tuple[Period, Series], Cell]:
        return {(cell.period, cell.series): cell for cell in self.cells}

    @property
    def overlaps(self) -> bool:
        """A person can be in several of these groups, so they are never added up."""
        return any(member.overlaps for series in self.series for member in series.members)

    def line(self, series: Series) -> list[Cell]:
        return [cell for period in self.periods if (cell := self.by_key.get((period, series)))]

    def latest(self, series: Series) -> Cell | None:
        """Its newest cell with a number."""
        return next((cell for cell in reversed(self.line(series)) if cell.value is not None), None)

    @property
    def everyone(self) -> Series:
        return Series()


def show(indicator: Indicator, choice: Choice) -> Shown | None:
    """The public numbers, or None when nothing is published. Raises Unknown."""
    pointers = _pointers(indicator)
    if not pointers:
        return None
    kind, kinds = _kind(pointers, choice)
    of_kind = {pk: pointer for pk, pointer in pointers.items() if pointer.period.kind == kind}
    places = _places(indicator, of_kind)
    place = _place(indicator.initiative, places, choice)
    strata = _public_cells(indicator).filter(place=place).values_list("stratum", flat=True)
    series = series_of(set(strata.distinct()))
    breakdowns = _breakdowns(series.values())
    by = _by(indicator, breakdowns, choice)
    wanted = {pk: each for pk, each in series.items() if each.breakdown in ("", by)}
    newest = max(pointers.values(), key=lambda pointer: pointer.version.number).version
    releases = sorted(
        {pointer.release for pointer in pointers.values()},
        key=lambda release: (release.version.number, release.number),
    )
    return Shown(
        indicator=indicator,
        version=newest,
        place=place,
        by=by,
        kind=kind,
        places=places,
        breakdowns=_dimensions(indicator.initiative, breakdowns),
        kinds=kinds,
        cells=_cells(indicator, place, of_kind, wanted),
        release=releases[-1],
        releases=releases,
    )


def _pointers(indicator: Indicator) -> dict[int, Published]:
    """By period: where its public numbers are read from; the newest definition wins."""
    found = (
        Published.objects.filter(version__indicator=indicator)
        .select_related("version", "period", "release__version")
        .order_by("version__number")
    )
    return {pointer.period_id: pointer for pointer in found}


def _kind(pointers: Mapping[int, Published], choice: Choice) -> tuple[str, list[str]]:
    counts = Counter(pointer.period.kind for pointer in pointers.values())
    kinds = [kind for kind, _number in counts.most_common()]
    if choice.kind and choice.kind not in kinds:
        raise Unknown(choice.kind)
    return choice.kind or kinds[0], kinds


def _public_cells(indicator: Indicator) -> QuerySet[ReleaseCell]:
    """Cells that a pointer names: those of a period's own release, not of an earlier one."""
    return ReleaseCell.objects.filter(
        initiative=indicator.initiative_id,
        release__indicator=indicator,
        release__pointers__period=F("period"),
    )


def _places(indicator: Indicator, pointers: Mapping[int, Published]) -> list[Place]:
    found = _public_cells(indicator).filter(period__in=pointers).values("place")
    return list(Place.objects.filter(pk__in=found).order_by("name", "pk"))


def _place(initiative: Initiative, places: list[Place], choice: Choice) -> Place | None:
    if choice.place:
        for place in places:
            if place.code == choice.place:
                return place
        raise Unknown(choice.place)
    return home_of(initiative, places)


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
    )


def _breakdowns(series: Iterable[Series]) -> list[str]:
    found = {each.breakdown for each in series}
    return sorted(found, key=lambda by: (by.count(SEPARATOR), by))


def _by(indicator: Indicator, breakdowns: list[str], choice: Choice) -> str:
    if choice.by is not None:
        if choice.by not in breakdowns:
            raise Unknown(choice.by)
        return choice.by
    required = [dimension.code for dimension in indicator.required_dimensions.all()]
    single = [by for by in breakdowns if by and SEPARATOR not in by]
    return next(
        iter([*(code for code in required if code in single), *single, *breakdowns[::-1]]), ""
    )


def _dimensions(initiative: Initiative, breakdowns: list[str]) -> dict[str, list[Dimension]]:
    """Each breakdown with its dimensions in their newest version."""
    newest = {
        dimension.code: dimension
        for dimension in Dimension.objects.for_initiative(initiative).order_by("version")
    }
    return {
        by: [newest[code] for code in by.split(SEPARATOR) if code in newest] for by in breakdowns
    }


def _cells(
    indicator: Indicator,
    place: Place | None,
    pointers: Mapping[int, Published],
    series: Mapping[int, Series],
) -> list[Cell]:
    rows = _public_cells(indicator).filter(place=place, period__in=pointers, stratum__in=series)
    found = [
        Cell.of(row, pointer, series[row.stratum_id])
        for row in rows
        if (pointer := pointers[row.period_id]).release_id == row.release_id
    ]
    return sorted(found, key=lambda cell: (cell.period.end, cell.period.start, cell.series.order))
