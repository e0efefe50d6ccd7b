"""What stood in public on the day a walk opened: the same picture on posters and every phone.

Only cells of releases are read, as everywhere in public; what a council keeps back since then is
not among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from measurement.models.releases import Release, ReleaseCell
from measurement.showing.kept_back import KeptBack
from measurement.showing.series import series_of
from measurement.showing.shown import Cell, Shown

if TYPE_CHECKING:
    from measurement.models.stations import Station


def shown(station: Station) -> Shown | None:
    """The picture of a station as of the release it is kept to."""
    releases = _releases(station)
    newest = {period: release for release, periods in releases for period in periods}
    found = ReleaseCell.objects.filter(
        initiative=station.initiative_id,
        release__in=[release for release, _periods in releases],
        place=station.place_id,
        period__kind=station.kind,
    ).select_related("period")
    rows = [row for row in found if newest.get(row.period_id, row.release).pk == row.release_id]
    series = series_of({row.stratum_id for row in rows})
    by_id = {release.pk: release for release, _periods in releases}
    kept_back = KeptBack.of(station.indicator)
    cells = [
        kept_back.shown(Cell.of(row, by_id[row.release_id], series[row.stratum_id]))
        for row in rows
        if series[row.stratum_id].breakdown in ("", station.breakdown)
    ]
    if not cells or station.release is None:
        return None
    return Shown(
        indicator=station.indicator,
        version=releases[-1][0].version,
        place=station.place,
        by=station.breakdown,
        kind=station.kind,
        breakdowns={},
        kinds=[station.kind],
        cells=sorted(
            cells, key=lambda cell: (cell.period.end, cell.period.start, cell.series.order)
        ),
        release=station.release,
        releases=[release for release, _periods in releases],
    )


def _releases(station: Station) -> list[tuple[Release, list[int]]]:
    """Releases that were out, each with its periods; the one that counts most comes last."""
    if station.release is None or station.release.published_at is None:
        return []
    found = (
        Release.objects.published()
        .filter(indicator=station.indicator_id, published_at__lte=station.release.published_at)
        .select_related("version")
        .prefetch_related("periods")
        .order_by("version__number", "number")
    )
    releases = []
    for each in found:
        each.indicator = each.version.indicator = station.indicator
        releases.append((each, [period.pk for period in each.periods.all()]))
    return releases
