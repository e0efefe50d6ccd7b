"""How many people stand in the whole but in none of its groups: those whose group nobody knows.

Pure over what is shown: made from released cells alone, so it tells nothing that they do not.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from measurement.models.indicators import Measure
from measurement.reading.synonyms import concept

if TYPE_CHECKING:
    from ciforum.people.models import Period
    from measurement.showing.series import Series
    from measurement.showing.shown import Cell, Shown

# Above this share a comparison of groups may be the work of who was left out.
MUCH = Decimal("0.10")


def unknown_share(shown: Shown, period: Period | None = None) -> Decimal | None:
    """Share of everyone, 0 to 1, whose group is not known: everyone minus the groups.

    period: the newest by default. People of the denominator are counted, or those of the numerator
    where there is no whole. None where it cannot be told: groups that overlap, no total, a group
    that is hidden, missing or only near the truth, or groups that add up to more than everyone.
    """
    when = period or (shown.periods[-1] if shown.periods else None)
    groups = [series for series in shown.series if _is_whole_group(series)]
    if when is None or not groups or shown.overlaps:
        return None
    everyone = _people(shown, shown.by_key.get((when, shown.everyone)))
    parts = [_people(shown, shown.by_key.get((when, series))) for series in _known(groups)]
    known = [part for part in parts if part is not None]
    if not everyone or len(known) < len(parts) or sum(known) > everyone:
        return None
    return Decimal(everyone - sum(known)) / Decimal(everyone)


def is_asked(shown: Shown) -> bool:
    """Are there whole groups that could leave somebody out? Says nothing of any number."""
    return not shown.overlaps and any(_is_whole_group(series) for series in shown.series)


def is_much(share: Decimal | None) -> bool:
    """Worth a warning on the chart."""
    return share is not None and share > MUCH


def _is_whole_group(series: Series) -> bool:
    """One group of one dimension, not a part of another group."""
    return len(series.members) == 1 and len(series.members[0].order) == 1


def _known(groups: Iterable[Series]) -> list[Series]:
    """Without a group that itself stands for those who are not known."""
    return [
        series
        for series in groups
        if "race_unknown" not in (concept(series.members[0].code), concept(series.name))
    ]


def _people(shown: Shown, cell: Cell | None) -> int | None:
    if cell is None or cell.is_near or cell.is_protected or cell.missing:
        return None
    return cell.numerator if shown.version.measure == Measure.COUNT else cell.denominator
