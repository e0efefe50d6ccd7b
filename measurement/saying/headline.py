"""What the public numbers say, in sentences made from them.

No group is ranked or blamed: the sentences name the aim, which is the same for everybody, and
the systems that do not yet reach everybody alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measurement.models.indicators import Direction, Measure
from measurement.showing import printing, wording
from measurement.showing.derived import of
from measurement.showing.symbols import NOT_AVAILABLE, UNRELIABLE, Symbol

if TYPE_CHECKING:
    from measurement.models import IndicatorVersion
    from measurement.showing.derived import Derived
    from measurement.showing.shown import Cell, Series, Shown


def headline(source: Derived | Shown) -> str:
    """The newest number for everyone, the one before it, and the aim."""
    derived = of(source)
    shown = derived.shown
    cell = shown.latest(shown.everyone)
    if cell is None:
        return " ".join([_nothing_for_everyone(shown), aim(shown.version)])
    said = [_newest(derived, cell), _before(derived, cell), aim(shown.version)]
    return " ".join(filter(None, said))


def aim(version: IndicatorVersion) -> str:
    if version.direction == Direction.UP:
        return _("The aim is the same for every group: as high as it can be.")
    return _("The aim is the same for every group: as low as it can be.")


def chart_sentence(source: Derived | Shown) -> str:
    """What the chart shows, for those who cannot see it too. Stands below the headline."""
    derived = of(source)
    shown = derived.shown
    said = [gap(derived), _lines(derived), without_line(derived), _undrawn(derived)]
    hidden = sum(cell.is_protected for cell in shown.cells)
    if hidden:
        said.append(wording.hidden_cells(hidden))
    said.append(printing.unreliable(derived))
    if shown.overlaps:
        said.append(overlap_note())
    return " ".join(filter(None, said))


def overlap_note() -> str:
    return _("A person can be in several of these groups, so they are never added up.")


def _nothing_for_everyone(shown: Shown) -> str:
    return _("For %(place)s, no number for everyone can be shown.") % {"place": shown.place or ""}


def _newest(derived: Derived, cell: Cell) -> str:
    version, values = cell.version, _values(derived.shown, cell)
    if printing.is_unreliable(derived, cell):
        return _unreliable(version, values)
    if version.measure == Measure.COUNT:
        return _("%(place)s, %(period)s: %(numerator)s – %(count)s.") % values
    if version.scale == 100:
        return (
            _(
                "%(place)s, %(period)s: %(numerator)s were %(rate)s of all %(denominator)s "
                "(%(count)s of %(all)s)."
            )
            % values
        )
    return (
        _(
            "%(place)s, %(period)s: %(rate)s %(numerator)s for every %(scale)s %(denominator)s "
            "(%(count)s among %(all)s)."
        )
        % values
    )


def _unreliable(version: IndicatorVersion, values: dict[str, str]) -> str:
    """Its counts, and why no rate is told; a count is told, and what it is worth."""
    values = {**values, "sign": str(UNRELIABLE.sign)}
    if version.measure == Measure.COUNT:
        return (
            _(
                "%(place)s, %(period)s: %(numerator)s – %(count)s %(sign)s. The number is "
                "unreliable: it is so small that it could easily be another one."
            )
            % values
        )
    return (
        _(
            "%(place)s, %(period)s: %(numerator)s – %(count)s of %(all)s %(denominator)s. The rate "
            "is unreliable %(sign)s: it rests on so few people that it could easily be another one."
        )
        % values
    )


def _values(shown: Shown, cell: Cell) -> dict[str, str]:
    texts = wording.cell_texts(cell)
    return {
        "place": str(shown.place or ""),
        "period": str(cell.period),
        "numerator": str(cell.version.numerator),
        "denominator": str(cell.version.denominator),
        "count": texts.numerator,
        "all": texts.denominator,
        "rate": texts.rate,
        "scale": wording.count(cell.version.scale),
    }


def _before(derived: Derived, cell: Cell) -> str:
    """The number before, where it was counted the same way."""
    shown = derived.shown
    line = shown.line(shown.everyone)
    earlier = line[: line.index(cell)]
    if not earlier or earlier[-1].value is None or earlier[-1].version != cell.version:
        return ""
    values = {"period": earlier[-1].period, "value": printing.value(derived, earlier[-1])}
    if printing.is_unreliable(derived, earlier[-1]):
        return _("In %(period)s it was unreliable: %(value)s.") % values
    return _("In %(period)s it was %(value)s.") % values


def gap(source: Derived | Shown) -> str:
    """How far apart the groups are in their newest common period, naming none of them.

    A number that is too unreliable to stand alone is no end of it.
    """
    derived = of(source)
    shown = derived.shown
    if shown.version.measure == Measure.COUNT or not shown.periods:
        return ""
    newest = shown.periods[-1]
    rates = [
        cell
        for series in shown.series
        if series.members
        and (cell := shown.by_key.get((newest, series)))
        and derived.value(cell) is not None
    ]
    if len(rates) < 2:
        return ""
    low, high = (pick(rates, key=lambda cell: cell.rate or 0) for pick in (min, max))
    if wording.value(low) == wording.value(high):
        return ""
    return _(
        "Across the groups that can be shown, it ran from %(low)s to %(high)s in %(period)s: what "
        "surrounds people does not yet work for everyone alike."
    ) % {"low": wording.value(low), "high": wording.value(high), "period": newest}


def _undrawn(derived: Derived) -> str:
    if not derived.undrawn:
        return ""
    return _(
        "Numbers for %(periods)s were told in another unit, so they are in no line of the chart; "
        "the table has them."
    ) % {"periods": ", ".join(map(str, derived.undrawn))}


def without_line(source: Derived | Shown) -> str:
    """Which groups have no number that a line could be drawn of, and why; "" when all have one.

    The reason is that of the newest number: one sentence for all groups that share it.
    """
    derived = of(source)
    reasons: dict[Symbol, list[str]] = {}
    for series in derived.shown.series:
        if not _has_line(derived, series):
            line = derived.shown.line(series)
            found = printing.symbol(derived, line[-1]) if line else None
            reasons.setdefault(found or NOT_AVAILABLE, []).append(wording.series_name(series))
    return " ".join(
        _("There is no line for %(groups)s: %(reason)s %(sign)s.")
        % {"groups": ", ".join(names), "reason": reason.label, "sign": reason.sign}
        for reason, names in reasons.items()
    )


def _has_line(derived: Derived, series: Series) -> bool:
    return any(derived.value(cell) is not None for cell in derived.drawn(series))


def _lines(derived: Derived) -> str:
    """How many are drawn; who is not is said by `without_line`."""
    shown = derived.shown
    drawn = [series for series in shown.series if _has_line(derived, series)]
    groups = sum(bool(series.members) for series in drawn)
    if not shown.periods or not drawn:
        return ""
    span = {"first": shown.periods[0], "last": shown.periods[-1], "groups": groups}
    if not groups:
        return _("The chart shows everyone, from %(first)s to %(last)s.") % span
    if groups == len(drawn):
        return (
            ngettext(
                "The chart shows %(groups)s group, from %(first)s to %(last)s; its line has a gap "
                "where a number is missing or hidden.",
                "The chart shows %(groups)s groups, from %(first)s to %(last)s; a line has a gap "
                "where a number is missing or hidden.",
                groups,
            )
            % span
        )
    return (
        ngettext(
            "The chart shows everyone and %(groups)s group, from %(first)s to %(last)s; a line "
            "has a gap where a number is missing or hidden.",
            "The chart shows everyone and %(groups)s groups, from %(first)s to %(last)s; a line "
            "has a gap where a number is missing or hidden.",
            groups,
        )
        % span
    )
