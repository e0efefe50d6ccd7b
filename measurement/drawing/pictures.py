"""Still pictures of public numbers, drawn on the server as SVG: for posters, phones and print.

A line is told by its colour, its dashes, its marks and its name at the end, so never by colour
alone. What is hidden, missing or unreliable is not drawn. Text is drawn with the font that comes
with matplotlib, so it looks the same on every printer. No style attribute stands in the picture:
our Content-Security-Policy would refuse it where the picture is opened by itself.
"""

# matplotlib's own types are incomplete.
# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

import io
import threading
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from django.utils.formats import number_format
from django.utils.translation import override

from measurement.boarding.panes import pieces
from measurement.drawing.wrapping import MM, line_mm, wrapped
from measurement.models.indicators import Measure
from measurement.saying.headline import chart_sentence, headline, without_line
from measurement.showing import printing, wording
from measurement.showing.derived import of

if TYPE_CHECKING:
    from ciforum.people.models import Period
    from measurement.showing.derived import Derived
    from measurement.showing.shown import Cell, Series, Shown

# The colours of the light scheme (`static/css/tokens.css`): each 3:1 or more on white.
COLOURS = (
    *("#0f5c63", "#c4531c", "#6b4fa0", "#4a7a1e"),
    *("#a8326b", "#8a6a00", "#2a6fb0", "#5d6669"),
)
MARKERS = ("o", "s", "D", "^", "P", "X", "v", "p")
DASHES = ("-", (0, (6, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)))
INK, GRID, POINTER = "#1c2b2d", "#d5dcdd", "#8b9a9d"
LABELS = 6  # on the time axis
NAME_SIGNS = 18  # in one line of a name
LETTER = 0.58  # of its size: how wide a letter is
_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_settings = threading.Lock()


def line_picture(shown: Shown, *, width_mm: float, height_mm: float, language: str) -> bytes:
    """A line per group over the periods, as SVG; its title and description are the sentences.

    width_mm, height_mm: of the whole picture; letters grow with the width. language: of names,
    numbers and sentences. The same numbers make the same bytes.
    """
    with override(language):
        figure = blank(width_mm, height_mm)
        below = _name_absent(figure, of(shown), width_mm, height_mm)
        draw_lines(axes_in(figure, width_mm, height_mm, below), shown)
        return plain_svg(figure, headline(shown), chart_sentence(shown))


def draw_lines(axes: Any, shown: Shown) -> None:
    """A line per group that has a number, each named at its end."""
    derived = of(shown)
    lines = [each for each in shown.series if _last(derived, each) is not None]
    for index, series in enumerate(lines):
        _draw(axes, derived, series, index)
    label_axes(axes, shown)
    _name_lines(axes, derived, lines)


def _last(derived: Derived, series: Series) -> Cell | None:
    """Its newest number that is neither hidden nor too unreliable to be drawn."""
    line = reversed(derived.drawn(series))
    return next((cell for cell in line if derived.value(cell) is not None), None)


def _name_absent(figure: Any, derived: Derived, width_mm: float, height_mm: float) -> float:
    """Write who has no line, and why, at the foot; answers how high that is, in millimetres."""
    said = without_line(derived)
    if not said:
        return 0
    size = letter_size(width_mm) * 0.8
    lines = wrapped(said, size, width_mm * 0.96)
    tall = len(lines) * line_mm(size) + line_mm(size) / 2
    text = "\n".join(lines)
    figure.text(0.02, tall / height_mm, text, fontsize=size, va="top", color=INK, linespacing=1.2)
    return tall


def blank(width_mm: float, height_mm: float) -> Any:
    from matplotlib.figure import Figure  # noqa: PLC0415 - takes a second, and few pages need it

    _set_once()
    return Figure(figsize=(width_mm / MM, height_mm / MM))


def axes_in(
    figure: Any, width_mm: float, height_mm: float, below_mm: float = 0, above_mm: float = 0
) -> Any:
    """A drawing with room for names at its right, between text of these heights."""
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    size = letter_size(width_mm)
    inner = height_mm - below_mm - above_mm
    left, bottom, width, height = _frame(width_mm, inner, size)
    part = inner / height_mm
    axes.set_position((left, below_mm / height_mm + bottom * part, width, height * part))
    plain_axes(axes, size)
    return axes


def plain_axes(axes: Any, size: float, grid: str = "y") -> None:
    """No box, quiet lines across, letters of this size."""
    axes.tick_params(labelsize=size, colors=INK, length=size / 3, width=size / 12)
    axes.grid(axis=grid, color=GRID, linewidth=size / 12)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set(color=INK, linewidth=size / 12)
    axes.letter_size = size


def _set_once() -> None:
    """Names may hold a dollar sign: no formula is meant. The salt keeps the bytes the same."""
    import matplotlib as mpl  # noqa: PLC0415

    with _settings:
        mpl.rcParams.update({"svg.hashsalt": "ci-forum", "text.parse_math": False})


def letter_size(width_mm: float) -> float:
    """Size of the letters: 9 points on a phone's 95 mm, 22 on a poster's 380."""
    return 5 + width_mm / 22


def _frame(width_mm: float, height_mm: float, size: float) -> tuple[float, float, float, float]:
    """Left, bottom, width and height of the drawing within the picture; names stand at its right.

    A point is 25.4/72 mm.
    """
    letter, line = size * LETTER * MM / 72, size * 1.25 * MM / 72
    left, bottom = 6.5 * letter / width_mm, 2.2 * line / height_mm
    right, top = (NAME_SIGNS + 1) * letter / width_mm, 1.8 * line / height_mm
    return left, bottom, 1 - left - right, 1 - bottom - top


def _draw(axes: Any, derived: Derived, series: Series, index: int) -> None:
    alone = not series.members
    size = axes.letter_size
    label_index = index % len(COLOURS)
    for part in pieces(derived, series):
        axes.plot(
            [cell.period.start.toordinal() for cell in part],
            [float(cell.value) for cell in part if cell.value is not None],
            color=INK if alone else COLOURS[label_index],
            linestyle=DASHES[0] if alone else DASHES[index % len(DASHES)],
            linewidth=size / (3.2 if alone else 4.5),
            marker=MARKERS[label_index],
            markersize=size * 0.7,
            markeredgecolor="white",
            markeredgewidth=size / 14,
            clip_on=False,
            zorder=3 + alone,
        )


def label_axes(axes: Any, shown: Shown) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: PLC0415

    size = axes.letter_size
    axes.set_ylim(bottom=0)
    counts = shown.version.measure == Measure.COUNT
    axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10], integer=counts))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _at: tick(shown, value)))
    axes.tick_params(axis="y", length=0)
    periods = shown.periods
    step = max(1, -(-len(periods) // _labels(axes, periods)))
    labelled = periods[::-1][::step][::-1]
    axes.set_xticks([period.start.toordinal() for period in labelled])
    axes.set_xticklabels([str(period) for period in labelled])
    unit = str(shown.version.unit) if shown.version.measure == Measure.COUNT else ""
    if per := unit or ("" if shown.version.scale == 100 else wording.per(shown.version)):
        axes.set_title(per, fontsize=size, color=INK, loc="left", pad=size * 0.6)


def _labels(axes: Any, periods: list[Period]) -> int:
    """How many names of periods stand side by side, LABELS at most."""
    inches = axes.get_position().width * axes.figure.get_size_inches()[0]
    signs = max((len(str(period)) for period in periods), default=1)
    return max(2, min(LABELS, int(inches * 72 / (axes.letter_size * 0.62 * (signs + 2)))))


def tick(shown: Shown, value: float) -> str:
    exact = Decimal(str(round(value, 4))).normalize()
    places = max(0, -int(exact.as_tuple().exponent))
    text = number_format(exact, decimal_pos=places, force_grouping=True)
    is_percent = shown.version.measure != Measure.COUNT and shown.version.scale == 100
    return f"{text}%" if is_percent else text


def _name_lines(axes: Any, derived: Derived, lines: list[Series]) -> None:
    """Each name at the end of its line, moved apart where they would stand on one another."""
    named = sorted(
        ((_end(derived, series), series) for series in lines), key=lambda pair: pair[0][1]
    )
    if not named:
        return
    size = axes.letter_size
    room = NAME_SIGNS * size * LETTER * MM / 72
    texts = [_name(series, derived, size, room) for _end_, series in named]
    box = axes.get_position()
    height = box.height * axes.figure.get_size_inches()[1] * 72
    low, high = axes.get_ylim()
    wished = [(y - low) / (high - low) for (_x, y), _series in named]
    steps = [(text.count("\n") + 1) * size * 1.2 / height for text in texts]
    right = axes.get_xlim()[1]
    for ((x, y), series), text, at in zip(named, texts, _apart(wished, steps), strict=True):
        index = lines.index(series)
        axes.annotate(
            text,
            xy=(x, y),
            xytext=(1.025, at),
            textcoords="axes fraction",
            va="center",
            fontsize=size,
            linespacing=1.0,
            fontweight="bold" if not series.members else "normal",
            color=INK if not series.members else COLOURS[index % len(COLOURS)],
            annotation_clip=False,
            # From the middle of the name's left edge, so that line and name meet.
            arrowprops={
                "arrowstyle": "-",
                "color": POINTER,
                "linewidth": size / 14,
                "relpos": (0, 0.5),
                "shrinkA": size / 8,
                "shrinkB": size / 2,
            }
            if x < right
            else None,
        )


def _end(derived: Derived, series: Series) -> tuple[float, float]:
    cell = _last(derived, series)
    if cell is None or cell.value is None:
        raise ValueError("a line without numbers has no end")
    return cell.period.start.toordinal(), float(cell.value)


def _name(series: Series, derived: Derived, size: float, width_mm: float) -> str:
    """Its name and newest number, in lines of this width."""
    value = printing.value(derived, _last(derived, series))
    weight = "normal" if series.members else "bold"
    return "\n".join(wrapped(f"{wording.series_name(series)} {value}", size, width_mm, weight))


def _apart(wished: list[float], heights: list[float]) -> list[float]:
    """Middles of names, lowest first, as near to `wished` as they can be without touching.

    All in parts of the drawing's height. Where all of them do not fit they share it evenly.
    """
    shrink = min(1.0, 1.0 / sum(heights)) if heights else 1.0
    heights = [height * shrink for height in heights]
    found: list[float] = []
    floor = 0.0
    for wish, height in zip(wished, heights, strict=True):
        found.append(max(wish, floor + height / 2))
        floor = found[-1] + height / 2
    ceiling = 1.0
    for index in reversed(range(len(found))):
        found[index] = min(found[index], ceiling - heights[index] / 2)
        ceiling = found[index] - heights[index] / 2
    return found


# --- from matplotlib's SVG to ours


def plain_svg(figure: Any, title: str, description: str) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    # Made by matplotlib a moment ago, from our own words: no stranger's XML is read here.
    root = ET.fromstring(file.getvalue())  # noqa: S314
    for unwanted in ("metadata", "style"):
        _take_out(root, unwanted)
    for element in root.iter():
        _without_style(element)
    root.attrib.update({"role": "img", "stroke-linejoin": "round", "stroke-linecap": "butt"})
    for tag, words in (("desc", description), ("title", title)):
        told = ET.Element(f"{{{_SVG}}}{tag}")
        told.text = words
        root.insert(0, told)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _take_out(root: ET.Element, tag: str) -> None:
    """Remove every element of this kind."""
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == f"{{{_SVG}}}{tag}":
                parent.remove(child)


def _without_style(element: ET.Element) -> None:
    """Turn `style="fill: none"` into `fill="none"`, which says the same."""
    style = element.attrib.pop("style", "")
    for part in filter(None, (each.strip() for each in style.split(";"))):
        name, _colon, value = part.partition(":")
        element.set(name.strip(), value.strip())
