"""What anyone may read of an indicator: the public tables that releases leave.

Everything public (sentence, chart, table, CSV) is made from these cells and nothing else, so what
a release hides is in none of them. However much was observed, a page reads one row for each
indicator it shows, with as many queries for one indicator as for twelve.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import prefetch_related_objects

from ciforum.people.models import Period, Place
from measurement.models.public_tables import PublicTable
from measurement.models.releases import Release, ReleaseCell
from measurement.showing.cell import Cell
from measurement.showing.home import home_of
from measurement.showing.series import SEPARATOR, Series, series_of

if TYPE_CHECKING:
    from equity.models import Dimension
    from measurement.models import Indicator, IndicatorVersion

__all__ = [
    "SEPARATOR",
    "Cell",
    "Choice",
    "Names",
    "Series",
    "Shown",
    "Unknown",
    "names_of",
    "series_of",
    "show",
    "show_all",
]


@dataclass(frozen=True)
class Choice:
    """What the reader asked to see: codes as they stand in the address, "" for the default."""

    place: str = ""
    by: str | None = None
    kind: str = ""


@dataclass(frozen=True)
class Names:
    """What the cells of one indicator name: its periods, groups and releases by their keys.

    releases: those its public numbers come from, the newest definition's last. Names of groups
    are in the language they were read in.
    """

    periods: Mapping[int, Period]
    series: Mapping[int, Series]
    releases: list[Release]

    def know(self, rows: Iterable[Sequence[Any]]) -> bool:
        """Whether these cells name nothing else."""
        own = {release.pk for release in self.releases}
        return all(
            row[0] in self.periods and row[3] in self.series and row[2] in own for row in rows
        )


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
    breakdowns: dict[str, list[Dimension]]
    kinds: list[str]
    cells: list[Cell]
    release: Release
    releases: list[Release] = field(default_factory=list)

    @cached_property
    def places(self) -> list[Place]:
        """Where it is public for this kind of period, by name; asked for when first needed."""
        found = PublicTable.objects.filter(indicator=self.indicator, kind=self.kind)
        return list(Place.objects.filter(pk__in=found.values("place")).order_by("name", "pk"))

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


class _Table(NamedTuple):
    """A public table without its cells."""

    pk: int
    indicator: int
    place: Place
    kind: str
    periods: int
    cells: list[list[Any]] | None


def show(indicator: Indicator, choice: Choice, names: Names | None = None) -> Shown | None:
    """The public numbers, or None when nothing is published. Raises Unknown.

    names: of this indicator, where they are known beforehand; that saves three queries.
    """
    (found,) = show_all([(indicator, choice)], names)
    if isinstance(found, Unknown):
        raise found
    return found


def show_all(
    wanted: Sequence[tuple[Indicator, Choice]], names: Names | None = None
) -> list[Shown | Unknown | None]:
    """Several at once, in the same order and with as many queries as for one.

    None: nothing of it is published. Unknown: something is, but not what was asked for.
    names: where all are of one indicator and its names are known.
    """
    if not wanted:
        return []
    tables = _tables(wanted)
    picked = [
        _pick(indicator, choice, tables.get(indicator.pk, [])) for indicator, choice in wanted
    ]
    shelf = _Shelf(wanted, [each for each in picked if isinstance(each, _Table)], names)
    return [
        shelf.shown(indicator, choice, each, tables[indicator.pk])
        if isinstance(each, _Table)
        else each
        for (indicator, choice), each in zip(wanted, picked, strict=True)
    ]


def _tables(wanted: Sequence[tuple[Indicator, Choice]]) -> dict[int, list[_Table]]:
    """Indicator → its public tables; only those of the places asked for, where all ask for one."""
    found = PublicTable.objects.filter(indicator__in={indicator.pk for indicator, _ in wanted})
    if all(choice.place for _, choice in wanted):
        found = found.filter(place__code__in={choice.place for _, choice in wanted})
    tables: dict[int, list[_Table]] = defaultdict(list)
    is_one = len(wanted) == 1 and bool(wanted[0][1].place)  # then there are no others to read
    found = found.select_related("place").defer(*(() if is_one else ("cells",)), "place__geojson")
    for table in found:
        cells = table.cells if is_one else None
        tables[table.indicator_id].append(
            _Table(table.pk, table.indicator_id, table.place, table.kind, table.periods, cells)
        )
    return tables


def _pick(indicator: Indicator, choice: Choice, tables: list[_Table]) -> _Table | Unknown | None:
    if not tables:
        is_public = choice.place and PublicTable.objects.filter(indicator=indicator).exists()
        return Unknown(choice.place) if is_public else None
    kind = choice.kind or _kinds(tables)[0]
    by_place = {table.place: table for table in tables if table.kind == kind}
    if not by_place:
        return Unknown(choice.kind)
    if choice.place:
        return next(
            (each for place, each in by_place.items() if place.code == choice.place),
            Unknown(choice.place),
        )
    places = sorted(by_place, key=lambda place: (place.name, place.pk))
    home = home_of(indicator.initiative, places)
    return by_place[home] if home else None


def _kinds(tables: list[_Table]) -> list[str]:
    """The kinds of period, the one with most periods first."""
    counts: Counter[str] = Counter()
    for table in tables:
        counts[table.kind] = max(counts[table.kind], table.periods)
    return [kind for kind, _number in counts.most_common()]


class _Shelf:
    """All that the cells of some public tables name, read once for all of them."""

    def __init__(
        self,
        wanted: Sequence[tuple[Indicator, Choice]],
        tables: list[_Table],
        names: Names | None,
    ) -> None:
        self.cells = _cells(tables)
        rows = [row for cells in self.cells.values() for row in cells]
        indicators = {indicator.pk: indicator for indicator, _ in wanted}
        if names is not None and names.know(rows):
            self.periods, self.series = names.periods, names.series
            self.releases = {pk: _of(each, names.releases) for pk, each in indicators.items()}
        else:
            self.periods = Period.objects.in_bulk({row[0] for row in rows})
            self.series = series_of({row[3] for row in rows})
            self.releases = _releases(indicators)
        if any(choice.by is None for _, choice in wanted):
            prefetch_related_objects(list(indicators.values()), "required_dimensions")

    def shown(
        self, indicator: Indicator, choice: Choice, table: _Table, tables: list[_Table]
    ) -> Shown | Unknown:
        rows = self.cells[table.pk]
        here = {self.series[pk] for pk in {row[3] for row in rows}}
        breakdowns = _breakdowns(here)
        by = _by(indicator, breakdowns, choice)
        if by is None:
            return Unknown(choice.by)
        releases = self.releases[indicator.pk]
        by_id = {release.pk: release for release in releases}
        cells = [
            self._cell(row, by_id) for row in rows if self.series[row[3]].breakdown in ("", by)
        ]
        order = {pk: index for index, pk in enumerate(dict.fromkeys(row[0] for row in rows))}
        return Shown(
            indicator=indicator,
            version=releases[-1].version,
            place=table.place,
            by=by,
            kind=table.kind,
            breakdowns=_dimensions(here, breakdowns),
            kinds=_kinds(tables),
            cells=sorted(cells, key=lambda cell: (order[cell.period.pk], cell.series.order)),
            release=releases[-1],
            releases=releases,
        )

    def _cell(self, row: list[Any], releases: Mapping[int, Release]) -> Cell:
        return Cell.of_table(row, self.periods[row[0]], self.series[row[3]], releases)


def _cells(tables: list[_Table]) -> dict[int, list[list[Any]]]:
    """Public table → its cells; one query for those that were not read with it."""
    unread = [table.pk for table in tables if table.cells is None]
    read = {table.pk: table.cells for table in tables if table.cells is not None}
    if not unread:
        return read
    found = PublicTable.objects.filter(pk__in=unread).values_list("pk", "cells")
    return read | dict(found)


def names_of(indicator: Indicator) -> Names | None:
    """All that its public numbers name; None when nothing is published. Four queries."""
    releases = _releases({indicator.pk: indicator}).get(indicator.pk)
    if not releases:
        return None
    cells = ReleaseCell.objects.filter(release__in=releases)
    pairs = cells.values_list("period", "stratum").distinct()
    periods, strata = ({pair[part] for pair in pairs} for part in (0, 1))
    return Names(Period.objects.in_bulk(periods), series_of(strata), releases)


def _releases(indicators: Mapping[int, Indicator]) -> dict[int, list[Release]]:
    """Indicator → the releases its public numbers come from, the newest definition's last."""
    found: dict[int, list[Release]] = defaultdict(list)
    rows = (
        Release.objects.filter(indicator__in=indicators, pointers__isnull=False)
        .distinct()
        .select_related("version")
        .order_by("version__number", "number")
    )
    for release in rows:
        found[release.indicator_id].append(release)
    return {pk: _of(indicators[pk], releases) for pk, releases in found.items()}


def _of(indicator: Indicator, releases: list[Release]) -> list[Release]:
    """The same releases, which then need not ask what they are of."""
    for release in releases:
        release.indicator = release.version.indicator = indicator
    return releases


def _breakdowns(series: Iterable[Series]) -> list[str]:
    found = {each.breakdown for each in series}
    return sorted(found, key=lambda by: (by.count(SEPARATOR), by))


def _by(indicator: Indicator, breakdowns: list[str], choice: Choice) -> str | None:
    """The breakdown to show; None when the one asked for is not public."""
    if choice.by is not None:
        return choice.by if choice.by in (*breakdowns, "") else None
    required = [dimension.code for dimension in indicator.required_dimensions.all()]
    single = [by for by in breakdowns if by and SEPARATOR not in by]
    return next(
        iter([*(code for code in required if code in single), *single, *breakdowns[::-1]]), ""
    )


def _dimensions(series: Iterable[Series], breakdowns: list[str]) -> dict[str, list[Dimension]]:
    """Each breakdown with its dimensions, in the newest version that counted anybody."""
    newest: dict[str, Dimension] = {}
    for member in (member for each in series for member in each.members):
        known = newest.get(member.dimension)
        if known is None or known.version < member.within.version:
            newest[member.dimension] = member.within
    return {by: [newest[code] for code in by.split(SEPARATOR) if code] for by in breakdowns}
