"""A draft's table as its readers will see it: for whoever prepares it, and for councils."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from measurement.models.indicators import Measure
from measurement.saying.indicator_page import heads
from measurement.showing import printing, wording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ciforum.people.models import Period
    from measurement.models import IndicatorVersion
    from measurement.protecting.rehearsal import Rehearsal
    from measurement.showing.shown import Cell


def context(
    table: Rehearsal, version: IndicatorVersion, periods: Iterable[tuple[Period, list[Cell]]]
) -> dict[str, Any]:
    """What `_numbers.html` and the box above it need of these periods of the table."""
    listed = list(periods)
    places = [(each.code, each.name, each == table.place) for each in table.places]
    return {
        "rehearsal": table,
        "choices": {"place": places} if len(places) > 1 else {},
        "groups": [
            {"period": period, "rows": [_row(table, cell) for cell in cells]}
            for period, cells in listed
        ],
        "version": version,
        "heads": heads(version),
        "has_whole": version.measure != Measure.COUNT,
        **dict.fromkeys(("has_intervals", "has_samples", "has_grades"), False),
        "signs": printing.signs((table, cell) for _period, cells in listed for cell in cells),
    }


def _row(table: Rehearsal, cell: Cell) -> dict[str, Any]:
    return {
        "name": wording.series_name(cell.series),
        "texts": printing.texts(table, cell),
        "value": printing.value(table, cell),
    }
