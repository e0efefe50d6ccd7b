"""More still pictures of public numbers: bars with intervals, small lines side by side.

Drawn like the lines of `pictures`: nothing is told by colour alone, every number is written where
it is, and what is hidden, missing or unreliable has its sign and no shape.
"""

# matplotlib's own types are incomplete.
# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import override

from measurement.boarding.panes import Lines, highest, newest_cells, pieces, reach, span
from measurement.drawing.pictures import (
    COLOURS,
    INK,
    axes_in,
    blank,
    draw_lines,
    letter_size,
    line_picture,
    plain_axes,
    plain_svg,
    tick,
)
from measurement.drawing.pictures_text import Text
from measurement.drawing.wrapping import line_mm, wrapped
from measurement.models import Panel
from measurement.showing import printing, wording
from measurement.showing.derived import Derived, of

if TYPE_CHECKING:
    from measurement.boarding.presenting import Face
    from measurement.showing.shown import Cell, Series, Shown

WIDTH, HEIGHT = 190.0, 105.0  # mm
ACROSS = 4  # small lines beside one another
PANE = 34.0  # mm, the height of one
NAMES = 0.28  # of the width: the names left of bars
MOST = 24
SMALL = 0.7  # the size of letters beside small lines


def of_face(face: Face, language: str) -> bytes | None:
    """The picture of a panel as SVG; None for what has none (texts, tables, tiles, maps)."""
    if face.derived is None:
        return None
    if face.kind == Panel.Kind.LINE:
        shown = face.derived.shown
        return line_picture(shown, width_mm=WIDTH, height_mm=HEIGHT, language=language)
    with override(language):
        if face.kind == Panel.Kind.BARS:
            height = bars_height(face.derived)
            figure = blank(WIDTH, height)
            draw_bars(figure, face.derived, WIDTH, height)
        elif face.kind in (Panel.Kind.BY_GROUP, Panel.Kind.BY_PLACE):
            lines = lines_of(face)
            height = panes_height(lines)
            figure = blank(WIDTH, height)
            draw_panes(figure, lines, WIDTH, height)
        else:
            return None
        return plain_svg(figure, str(face.heading), face.sentence)


def lines_of(face: Face) -> Lines:
    """The small lines of a panel: its groups at one place, or one group at its places."""
    if face.derived is None:
        return []
    if not face.places:
        return by_group(face.derived)
    return [
        (name, derived, series)
        for name, derived in face.places
        for series in derived.shown.series
        if series.key == face.panel.group
    ][:MOST]


def by_group(derived: Derived) -> Lines:
    return [(wording.series_name(each), derived, each) for each in derived.shown.series][:MOST]


# --- bars


def bars_height(derived: Derived) -> float:
    """Millimetres for its bars and their axis, each as high as the longest name needs."""
    cells = newest_cells(derived.shown)
    most = max((len(_bar_name(cell.series)) for cell in cells), default=1)
    row = max(9.0, (most + 0.5) * line_mm(letter_size(WIDTH)))
    return 18 + row * len(cells)


def _bar_name(series: Series) -> list[str]:
    """In lines that stand left of the bars."""
    return wrapped(wording.series_name(series), letter_size(WIDTH), WIDTH * (NAMES - 0.04))


def draw_bars(
    figure: Any,
    derived: Derived,
    width_mm: float,
    height_mm: float,
    below: float = 0,
    above: float = 0,
) -> None:
    """The newest period by group, from zero, the first group on top."""
    size = letter_size(width_mm)
    cells = newest_cells(derived.shown)
    axes = figure.add_axes((0, 0, 1, 1))
    tall = (height_mm - below - above) / height_mm
    axes.set_position((NAMES, below / height_mm + 0.12 * tall, 0.6, 0.84 * tall))
    plain_axes(axes, size, grid="x")
    axes.spines["bottom"].set_visible(False)
    for row, cell in enumerate(cells):
        _bar(axes, derived, cell, row)
    axes.set_ylim(len(cells) - 0.4, -0.6)
    axes.set_xlim(left=0)
    axes.set_yticks(range(len(cells)))
    names = ["\n".join(_bar_name(cell.series)) for cell in cells]
    axes.set_yticklabels(names, fontsize=size)
    axes.tick_params(axis="y", length=0)
    _value_axis(axes.xaxis, derived.shown)


def _bar(axes: Any, derived: Derived, cell: Cell, row: int) -> None:
    size, text, value = axes.letter_size, printing.value(derived, cell), derived.value(cell)
    alone = not cell.series.members
    if value is None:
        axes.text(0, row, f" {text}", va="center", fontsize=size, color=INK)
        return
    low, high = reach(derived, cell)
    axes.barh(row, value, height=0.6, color=COLOURS[7] if alone else COLOURS[0])
    axes.errorbar(
        value,
        row,
        xerr=[[value - low], [high - value]],
        ecolor=INK,
        elinewidth=size / 8,
        capsize=size / 3,
        capthick=size / 8,
        fmt="none",
    )
    axes.annotate(
        text,
        (high, row),
        xytext=(size / 2, 0),
        textcoords="offset points",
        va="center",
        fontsize=size,
        fontweight="bold" if alone else "normal",
        color=INK,
        annotation_clip=False,
    )


def _value_axis(axis: Any, shown: Shown, most: int = 5) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: PLC0415

    axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _at: tick(shown, value)))


# --- small lines


def panes_height(lines: Lines) -> float:
    """Millimetres; a row is higher where a name needs more than two lines."""
    return 4 + _pane_mm(lines) * max(1, -(-len(lines) // ACROSS))


def _pane_mm(lines: Lines) -> float:
    most = max((len(_pane_name(name)) for name, _derived, _series in lines), default=1)
    return PANE + max(0, most - 2) * line_mm(letter_size(WIDTH) * SMALL)


def _pane_name(name: str) -> list[str]:
    return wrapped(name, letter_size(WIDTH) * SMALL, WIDTH * 0.76 / ACROSS)


def draw_panes(
    figure: Any, lines: Lines, width_mm: float, height_mm: float, below: float = 0, above: float = 0
) -> None:
    """All on one scale, from zero; the name and the newest number stand above each."""
    rows = max(1, -(-len(lines) // ACROSS))
    tall = (height_mm - below - above) / height_mm / rows
    top, (first, last) = highest(lines) * 1.08, span(lines)
    edge = max(20, (last - first) / 20)
    part = PANE / _pane_mm(lines)  # longer names take their room above
    for index, (name, derived, series) in enumerate(lines):
        row, column = divmod(index, ACROSS)
        bottom = below / height_mm + tall * (rows - 1 - row)
        axes = figure.add_axes(
            (
                (column + 0.18) / ACROSS,
                bottom + 0.18 * tall * part,
                0.76 / ACROSS,
                0.48 * tall * part,
            )
        )
        plain_axes(axes, letter_size(width_mm) * SMALL)
        _pane(axes, name, derived, series)
        axes.set_ylim(0, top)
        axes.set_xlim(first - edge, last + edge)
        _ends(axes, derived.shown)


def _pane(axes: Any, name: str, derived: Derived, series: Series) -> None:
    size = axes.letter_size
    for part in pieces(derived, series):
        axes.plot(
            [cell.period.start.toordinal() for cell in part],
            [float(cell.value or 0) for cell in part],
            color=COLOURS[0] if series.members else INK,
            linewidth=size / 4.5,
            marker="o",
            markersize=size * 0.4,
            clip_on=False,
        )
    line = derived.drawn(series)
    value = printing.value(derived, line[-1] if line else None)
    title = "\n".join([*_pane_name(name), value])
    axes.set_title(title, fontsize=size, color=INK, loc="left", linespacing=1.05)


def _ends(axes: Any, shown: Shown) -> None:
    """Only the first and the last period are named below a small line."""
    ends = list(dict.fromkeys([shown.periods[0], shown.periods[-1]]))
    axes.set_xticks([each.start.toordinal() for each in ends])
    axes.set_xticklabels([str(each) for each in ends])
    for label, side in zip(axes.get_xticklabels(), ("left", "right"), strict=False):
        label.set_ha(side)
    _value_axis(axes.yaxis, shown, most=2)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(labelsize=axes.letter_size * 0.85)


# --- with all that a picture needs when it stands alone

DRAWINGS = ("line", "bars", "by_group")


def alone(shown: Shown, drawing: str, language: str) -> tuple[Any, str, str]:
    """A figure with title, sentence, source, date and signs; and its title and sentence.

    drawing: one of DRAWINGS.
    """
    with override(language):
        derived = of(shown)
        text = Text.about(derived, drawing, WIDTH)
        height = _inner_height(derived, drawing) + text.above_mm + text.below_mm
        figure = blank(WIDTH, height)
        if drawing == "line":
            draw_lines(axes_in(figure, WIDTH, height, text.below_mm, text.above_mm), derived.shown)
        elif drawing == "bars":
            draw_bars(figure, derived, WIDTH, height, text.below_mm, text.above_mm)
        else:
            draw_panes(figure, by_group(derived), WIDTH, height, text.below_mm, text.above_mm)
        text.write(figure, height)
        return figure, text.title, text.sentence


def _inner_height(derived: Derived, drawing: str) -> float:
    if drawing == "bars":
        return bars_height(derived)
    return HEIGHT if drawing == "line" else panes_height(by_group(derived))
