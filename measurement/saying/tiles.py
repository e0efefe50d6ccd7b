"""Indicators at a glance: the newest public number for everyone, and where it goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from measurement.models.indicators import Direction, Indicator, Measure
from measurement.showing import printing, wording
from measurement.showing.derived import of
from measurement.showing.shown import Cell, Choice, Shown, show_all

WIDTH, HEIGHT, EDGE = 120, 36, 4


@dataclass(frozen=True)
class Tile:
    """What `_tile.html` needs."""

    name: str
    url: str
    number: str = ""
    unit: str = ""
    spark: str = ""
    spark_x: str = ""
    spark_y: str = ""
    delta: str = ""
    direction: str = ""
    better: bool | None = None
    note: str = ""
    signs: tuple[wording.Sign, ...] = ()


def tiles(indicators: Iterable[Indicator]) -> list[Tile]:
    """A tile each, in the same order; from releases only, with as many queries for one as many."""
    wanted = [(indicator, Choice(by="")) for indicator in indicators]
    return [
        _tile(indicator, found if isinstance(found, Shown) else None)
        for (indicator, _choice), found in zip(wanted, show_all(wanted), strict=True)
    ]


def _tile(indicator: Indicator, shown: Shown | None) -> Tile:
    name, url = str(indicator.name), indicator.get_absolute_url()
    line, place = (shown.line(shown.everyone), shown.place) if shown else ([], None)
    numbered = [cell for cell in line if cell.value is not None]
    if shown is None or not numbered:
        return Tile(name, url, note=_("No number for everyone can be shown."))
    newest, derived = numbered[-1], of(shown)
    alike = [
        cell
        for cell in numbered
        if (cell.version, cell.period.kind) == (newest.version, newest.period.kind)
        and derived.value(cell) is not None
    ]
    spark, x, y = _spark(alike)
    # A change from or to a number that could easily be another one is none.
    is_firm = newest in alike and not printing.is_unreliable(derived, newest)
    delta, direction, better = _change(alike) if is_firm else ("", "", None)
    return Tile(
        name=name,
        url=url,
        number=printing.value(derived, newest),
        unit=_unit(newest),
        spark=spark,
        spark_x=x,
        spark_y=y,
        delta=delta,
        direction=direction,
        better=better,
        note=_("%(place)s, %(period)s") % {"place": place, "period": newest.period},
        signs=tuple(printing.signs([(derived, newest)], whole=False)),
    )


def signs(made: Iterable[Tile]) -> list[wording.Sign]:
    """What the signs on these tiles mean, each once."""
    return list(dict.fromkeys(sign for tile in made for sign in tile.signs))


def _unit(cell: Cell) -> str:
    if cell.version.measure == Measure.COUNT:
        return str(cell.version.unit)
    return "" if cell.version.scale == 100 else wording.per(cell.version)


def _change(line: list[Cell]) -> tuple[str, str, bool | None]:
    """How far the newest number is from the one before, which way, and whether that is the aim."""
    if len(line) < 2:
        return "", "", None
    before, after = line[-2].value, line[-1].value
    if before is None or after is None or wording.value(line[-2]) == wording.value(line[-1]):
        return "", "", None
    rises = after > before
    wanted = line[-1].version.direction == Direction.UP
    text = _("from %(value)s") % {"value": wording.value(line[-2])}
    return text, "up" if rises else "down", rises == wanted


def _spark(line: list[Cell]) -> tuple[str, str, str]:
    """Points of the small line in 120 × 36, and its last point."""
    values = [Decimal(cell.value) for cell in line if cell.value is not None]
    if len(values) < 3:
        return "", "", ""
    low, high = min(values), max(values)
    step = Decimal(WIDTH - 2 * EDGE) / (len(values) - 1)
    rise = Decimal(HEIGHT - 2 * EDGE) / (high - low or 1)
    points = [
        (f"{EDGE + step * index:.1f}", f"{HEIGHT - EDGE - rise * (value - low):.1f}")
        for index, value in enumerate(values)
    ]
    return " ".join(f"{x},{y}" for x, y in points), *points[-1]
