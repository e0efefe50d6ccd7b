"""Charts of public numbers, as Plotly figures built here and drawn by the browser.

Colours are names of the style sheets' custom properties; see docs/look.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from measurement.models.indicators import Measure, Scale
from measurement.showing import printing, wording
from measurement.showing.breaks import Break, Joints
from measurement.showing.derived import of

if TYPE_CHECKING:
    from measurement.saying.reasons import Mark
    from measurement.showing.derived import Derived
    from measurement.showing.shown import Cell, Series, Shown

COLOURS = 8
NOTES = 8  # letters of events that fit side by side on a phone
LABELS = 6  # on the time axis; more would run into each other on a phone
MARKERS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "pentagon")
DASHES = ("solid", "dash", "dot", "dashdot")
BARS_AT_MOST = 6  # groups whose intervals are drawn; more would hide each other


def lines(source: Derived | Shown, marks: Sequence[Mark] = ()) -> dict[str, Any]:
    """A line per group over the periods; a gap where a number is missing, hidden or unreliable.

    With it the universal goal, the intervals, and for everyone what to expect if nothing changes.
    marks: events of these years, each a letter at the top; the page lists what they are.

    Answers the figure as plain values. Points are printed numbers only, so no range, label or
    hover text knows more than the table.
    """
    derived = of(source)
    shown = derived.shown
    breaks = derived.joints.definitions()
    ahead = _ahead(derived)
    data = [_trace(derived, series, index) for index, series in enumerate(shown.series)]
    data += [*_goal(derived, ahead), *ahead]
    layout: dict[str, Any] = {
        "xaxis": _time_axis(derived, ahead),
        "yaxis": {"rangemode": "tozero", **_value_axis(shown)},
        "showlegend": len(data) > 1,
        "shapes": [
            *(_break_line(each) for each in breaks),
            *(_event_line(day) for day in sorted({_day(mark) for mark in marks})),
        ],
        "annotations": [
            *(_break_note(each, above=bool(marks)) for each in breaks),
            *_letters(shown, marks),
        ],
    }
    if marks:
        layout["margin"] = {"t": 52 if breaks else 32}
    return {"data": data, "layout": layout}


def _trace(derived: Derived, series: Series, index: int) -> dict[str, Any]:
    points = list(_with_gaps(derived.drawn(series), derived.joints))
    name = wording.series_name(series)
    alone = not series.members
    colour = "var(--chart-1)" if alone else f"var(--chart-{1 + index % COLOURS})"
    trace: dict[str, Any] = {
        "type": "scatter",
        "name": name,
        "x": [x for x, _cell in points],
        "y": [derived.value(cell) for _x, cell in points],
        "text": [_hover(derived, cell, name) for _x, cell in points],
        "hoverinfo": "text",
        "mode": "lines+markers",
        "connectgaps": False,
        "line": {
            "color": colour,
            "width": 3.5 if alone else 2,
            "dash": DASHES[index // COLOURS % len(DASHES)],
        },
        "marker": {"color": colour, "symbol": MARKERS[index % len(MARKERS)], "size": 7},
    }
    if alone or len(derived.groups) <= BARS_AT_MOST:
        trace["error_y"] = _bars(derived, [cell for _x, cell in points], colour)
    return trace


def _bars(derived: Derived, cells: Sequence[Cell | None], colour: str) -> dict[str, Any]:
    """The 95 % intervals, up and down from each point."""
    ends = [_reach(derived, cell) for cell in cells]
    return {
        "type": "data",
        "symmetric": False,
        "array": [up for _down, up in ends],
        "arrayminus": [down for down, _up in ends],
        "color": colour,
        "thickness": 1,
        "width": 3,
    }


def _reach(derived: Derived, cell: Cell | None) -> tuple[float | None, float | None]:
    value = derived.value(cell)
    found = derived.precision(cell) if cell else None
    if value is None or found is None or not found.has_interval:
        return None, None
    return max(0.0, value - found.low), max(0.0, found.high - value)


def _goal(derived: Derived, ahead: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The universal goal as one line for all, from the first period to the last one drawn."""
    shown, goal = derived.shown, derived.goal
    if goal is None or not shown.periods:
        return []
    last = ahead[0]["x"][-1] if ahead else shown.periods[-1].start.isoformat()
    text = _("The goal for everyone: %(value)s") % {
        "value": wording.figure(goal.value, shown.version)
    }
    return [
        {
            "type": "scatter",
            "name": _("The goal for everyone"),
            "x": [shown.periods[0].start.isoformat(), last],
            "y": [goal.value, goal.value],
            "text": [text, text],
            "hoverinfo": "text",
            "mode": "lines",
            "line": {"color": "var(--chart-goal)", "width": 2.5, "dash": "longdash"},
        }
    ]


def _ahead(derived: Derived) -> list[dict[str, Any]]:
    """If nothing changes: the line of everyone drawn on, and the two ends of its band."""
    shown = derived.shown
    last = shown.latest(shown.everyone)
    found = derived.ahead.forecast(shown.everyone).expected if last else None
    if found is None or last is None or not found.points or derived.value(last) is None:
        return []
    x = [start.isoformat() for start, _end in derived.ahead.periods]
    names = (_("If nothing changes"), _("its upper end"), _("its lower end"))
    heights = (
        [point.value for point in found.points],
        [point.high for point in found.points],
        [point.low for point in found.points],
    )
    return [
        {
            "type": "scatter",
            "name": name,
            "x": x,
            "y": y,
            "text": [
                _("If nothing changes, %(year)s: %(value)s")
                % {"year": day[:4], "value": wording.figure(point.value, shown.version)}
                for day, point in zip(x, found.points, strict=True)
            ],
            "hoverinfo": "text" if index == 0 else "skip",
            "mode": "lines",
            "showlegend": index == 0,
            "line": {
                "color": "var(--chart-1)",
                "width": 2 if index == 0 else 1,
                "dash": "dash" if index == 0 else "dot",
            },
        }
        for index, (name, y) in enumerate(zip(names, heights, strict=True))
    ]


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


def _hover(derived: Derived, cell: Cell | None, name: str) -> str:
    if cell is None or derived.value(cell) is None:
        return ""
    texts = wording.cell_texts(cell)
    values = {"group": name, "period": cell.period, "value": wording.value(cell)}
    if cell.version.measure == Measure.COUNT:
        return _("%(group)s, %(period)s: %(value)s") % values
    return _("%(group)s, %(period)s: %(value)s (%(count)s of %(all)s; 95%% %(interval)s)") % {
        **values,
        "count": texts.numerator,
        "all": texts.denominator,
        "interval": printing.interval(derived, cell),
    }


def _time_axis(derived: Derived, ahead: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Labels of some periods, evenly spread, the newest always among them; then the last year
    that is drawn on to.
    """
    periods = derived.shown.periods
    step = max(1, -(-len(periods) // (LABELS - bool(ahead))))
    labelled = periods[::-1][::step][::-1]
    days = [period.start.isoformat() for period in labelled]
    texts = [str(period) for period in labelled]
    if ahead:
        days.append(ahead[0]["x"][-1])
        texts.append(days[-1][:4])
    return {"type": "date", "tickmode": "array", "tickvals": days, "ticktext": texts}


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
