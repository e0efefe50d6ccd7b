"""Charts of public numbers, as Plotly figures built here and drawn by the browser.

Colours are names of the style sheets' custom properties; see docs/look.md.
"""

# Plotly has no annotations of its own.
# mypy: disable-error-code="attr-defined,no-untyped-call"
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from measurement import wording
from measurement.breaks import Break, Joints
from measurement.models.indicators import Measure, Scale

if TYPE_CHECKING:
    from measurement.reasons import Mark
    from measurement.shown import Cell, Series, Shown

COLOURS = 8
NOTES = 8  # letters of events that fit side by side on a phone
LABELS = 6  # on the time axis; more would run into each other on a phone
MARKERS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "pentagon")
DASHES = ("solid", "dash", "dot", "dashdot")


def lines(shown: Shown, marks: Sequence[Mark] = ()) -> dict[str, Any]:
    """A line per group over the periods; a gap where a number is missing or hidden.

    marks: events of these years, each a letter at the top; the page lists what they are.

    Answers the figure as plain values. Points are printed numbers only, so no range, label or
    hover text knows more than the table.
    """
    import plotly.graph_objects as go  # noqa: PLC0415 - takes a moment, and few pages need it

    figure = go.Figure(layout={"template": "none"})
    joints = Joints(shown)
    breaks = joints.definitions()
    for index, series in enumerate(shown.series):
        figure.add_trace(_trace(go, joints, series, index))
    figure.update_layout(
        xaxis=_time_axis(shown),
        yaxis={"rangemode": "tozero", **_value_axis(shown)},
        showlegend=len(shown.series) > 1,
        shapes=[
            *(_break_line(each) for each in breaks),
            *(_event_line(day) for day in sorted({_day(mark) for mark in marks})),
        ],
        annotations=[
            *(_break_note(each, above=bool(marks)) for each in breaks),
            *_letters(shown, marks),
        ],
    )
    if marks:
        figure.update_layout(margin={"t": 52 if breaks else 32})
    found: dict[str, Any] = figure.to_plotly_json()
    found["layout"].pop("template", None)
    return found


def _trace(go: Any, joints: Joints, series: Series, index: int) -> Any:
    points = list(_with_gaps(joints.shown.line(series), joints))
    name = wording.series_name(series)
    alone = not series.members
    colour = "var(--chart-1)" if alone else f"var(--chart-{1 + index % COLOURS})"
    return go.Scatter(
        name=name,
        x=[x for x, _cell in points],
        y=[
            None if cell is None or cell.value is None else float(cell.value) for _x, cell in points
        ],
        text=[
            "" if cell is None or cell.value is None else _hover(cell, name) for _x, cell in points
        ],
        hoverinfo="text",
        mode="lines+markers",
        connectgaps=False,
        line={
            "color": colour,
            "width": 3.5 if alone else 2,
            "dash": DASHES[index // COLOURS % len(DASHES)],
        },
        marker={"color": colour, "symbol": MARKERS[index % len(MARKERS)], "size": 7},
    )


def _with_gaps(line: list[Cell], joints: Joints) -> Iterable[tuple[str, Cell | None]]:
    """Points in time order, with an empty one where a period is missing, another definition
    counts, or the group means other people.
    """
    before: Cell | None = None
    for cell in line:
        if before and (before.period.end < cell.period.start or joints.breaks(before, cell)):
            yield cell.period.start.isoformat(), None
        yield cell.period.start.isoformat(), cell
        before = cell


def _height(cell: Cell | None) -> float | None:
    return None if cell is None or cell.value is None else float(cell.value)


def _hover(cell: Cell | None, name: str) -> str:
    if cell is None or cell.value is None:
        return ""
    texts = wording.cell_texts(cell)
    values = {"group": name, "period": cell.period, "value": wording.value(cell)}
    if cell.version.measure == Measure.COUNT:
        return _("%(group)s, %(period)s: %(value)s") % values
    return _("%(group)s, %(period)s: %(value)s (%(count)s of %(all)s)") % {
        **values,
        "count": texts.numerator,
        "all": texts.denominator,
    }


def _time_axis(shown: Shown) -> dict[str, Any]:
    """Labels of some periods, evenly spread, the newest always among them."""
    periods = shown.periods
    step = max(1, -(-len(periods) // LABELS))
    labelled = periods[::-1][::step][::-1]
    return {
        "type": "date",
        "tickmode": "array",
        "tickvals": [period.start.isoformat() for period in labelled],
        "ticktext": [str(period) for period in labelled],
    }


def _value_axis(shown: Shown) -> dict[str, Any]:
    if shown.version.measure == Measure.COUNT:
        return {"title": {"text": str(shown.version.unit)}}
    if shown.version.scale == Scale.HUNDRED:
        return {"ticksuffix": "%"}
    return {"title": {"text": wording.per(shown.version)}}


def _break_line(at: Break) -> dict[str, Any]:
    day = at.period.start.isoformat()
    line = {"color": "var(--chart-goal)", "width": 1.5, "dash": "dot"}
    return {"type": "line", "x0": day, "x1": day, "y0": 0, "y1": 1, "yref": "paper", "line": line}


def _day(mark: Mark) -> str:
    return mark.period.start.isoformat()


def _event_line(day: str) -> dict[str, Any]:
    line = {"color": "var(--chart-goal)", "width": 1, "dash": "dash"}
    return {
        **{"type": "line", "x0": day, "x1": day, "y0": 0, "y1": 1, "yref": "paper"},
        **{"line": line, "layer": "below"},
    }


def _letters(shown: Shown, marks: Sequence[Mark]) -> list[dict[str, Any]]:
    """The letters above the chart, those that would run into each other as one: "B–D"."""
    days = (shown.periods[-1].start - shown.periods[0].start).days if shown.periods else 0
    together: list[list[Mark]] = []
    for mark in marks:
        start = together[-1][0].period.start if together else None
        if start and (mark.period.start - start).days < max(1, days / NOTES):
            together[-1].append(mark)
        else:
            together.append([mark])
    return [_letter(each) for each in together]


def _letter(marks: list[Mark]) -> dict[str, Any]:
    first, last = marks[0], marks[-1]
    joint = "–" if len(marks) > 2 else ", "
    text = first.letter if first is last else first.letter + joint + last.letter
    return {
        "x": _day(first),
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "showarrow": False,
        "text": text,
        "hovertext": " · ".join(str(mark.event.title) for mark in marks),
    }


def _break_note(at: Break, *, above: bool) -> dict[str, Any]:
    return {
        "x": at.period.start.isoformat(),
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "xanchor": "right",
        "showarrow": False,
        "yshift": 18 if above else 0,  # the letters of events have the first row
        "text": _("counted differently from here"),
        "hovertext": str(at.reason or ""),
    }
