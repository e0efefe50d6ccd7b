"""What the public page of an indicator shows, worked out from its public numbers.

One function for each part of the page; the view puts them together. Nothing here knows who reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from measurement.boarding.panes import panes
from measurement.models.indicators import Measure, Scale
from measurement.models.observations import Grade
from measurement.saying import (
    badges,
    between_words,
    cautions,
    forecast_words,
    goal_words,
    headline,
    measure_words,
    rolling_words,
)
from measurement.showing import places_of, printing, wording
from measurement.showing.derived import Derived
from measurement.showing.turning import can_be_turned, turned

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ciforum.people.models import Period
    from measurement.models import IndicatorVersion
    from measurement.saying.beside import Beside
    from measurement.showing.shown import Cell, Shown

ROWS_ON_A_PAGE = 100
FAILURE = "failure"


@dataclass(frozen=True)
class Asked:
    """What stands in the address beside place, breakdown and kind of period."""

    page: str = ""
    framing: str = ""
    places: tuple[str, ...] = ()
    find: str = ""


def derive(shown: Shown, asked: Asked, beside: Beside) -> Derived:
    """The numbers with their goal and comparison, told the way that was asked for."""
    goal = beside.goal
    if asked.framing == FAILURE and can_be_turned(shown):
        if goal:
            goal = goal.turned_round(shown.version.scale)
        shown = turned(shown)
    return Derived(shown, goal, beside.comparison)


def context(derived: Derived, asked: Asked, agreed: Shown, beside: Beside) -> dict[str, Any]:
    """Everything the public half of the page needs.

    agreed: the numbers as the definition has them; a badge is never won by telling them otherwise.
    """
    shown = derived.shown
    return {
        "shown": shown,
        "derived": derived,
        "headline": headline.headline(derived),
        "sentence": headline.chart_sentence(derived),
        "gap": headline.gap(derived),
        **_numbers(derived, asked),
        "goal": _goal(derived),
        "between": _between(derived),
        "forecast": _forecast(derived),
        "framing": _framing(derived, asked),
        "places": _places(derived, asked, beside),
        "badges": badges.badges(derived if agreed is shown else agreed),
        "unknown": cautions.unknown_groups(agreed),
        "breaks": derived.joints.all(),
        "findings": beside.findings,
        "curve": beside.curve,
    }


def _numbers(derived: Derived, asked: Asked) -> dict[str, Any]:
    """The table of all periods, and the notes below it."""
    shown = derived.shown
    page = table(derived, asked.page)
    cells = [cell for each in page for cell in each["cells"]]
    return {
        "page": page,
        "has_whole": shown.version.measure != Measure.COUNT,
        "has_intervals": True,
        "has_grades": any(cell.grade != Grade.UNKNOWN for cell in cells),
        "has_samples": any(cell.sample_size is not None for cell in cells),
        "heads": heads(shown.version),
        "signs": signs(derived, cells),
        "is_near": any(cell.is_near and cell.denominator is not None for cell in shown.cells),
        "protected": wording.hidden_cells(hidden) if (hidden := _hidden(shown)) else "",
        "rolled_up": rolling_words.notes(shown.cells),
        "overlap_note": headline.overlap_note() if shown.overlaps else "",
        "shows_groups": any(series.members for series in shown.series),
    }


def heads(version: IndicatorVersion) -> dict[str, str]:
    """What stands above its columns, worked out once for all their cells."""
    is_share = version.scale == Scale.HUNDRED
    return {
        "numerator": str(version.numerator),
        "denominator": str(version.denominator),
        "rate": _("Share") if is_share else wording.per(version),
    }


def _hidden(shown: Shown) -> int:
    return sum(cell.is_protected for cell in shown.cells)


def signs(derived: Derived, cells: Iterable[Cell]) -> list[wording.Sign]:
    """Every sign that stands in these cells, with what it means."""
    return printing.signs((derived, cell) for cell in cells)


def table(derived: Derived, number: str) -> Any:
    """Periods, newest first, each with its rows; a page holds about ROWS_ON_A_PAGE rows."""
    shown = derived.shown
    periods: list[dict[str, Any]] = [
        {
            "period": period,
            "cells": [
                cell for series in shown.series if (cell := shown.by_key.get((period, series)))
            ],
        }
        for period in reversed(shown.periods)
    ]
    paginator = Paginator(periods, max(1, ROWS_ON_A_PAGE // max(1, len(shown.series))))
    page = paginator.get_page(number)
    for each in page.object_list:
        explain = _explain(shown, each["period"])
        each["rows"] = [_row(derived, cell, explain) for cell in each["cells"]]
    return page


def _explain(shown: Shown, period: Period) -> str:
    """Where a member reads what the numbers of a period come from; the group is added to it."""
    place = shown.place.code if shown.place else "-"
    indicator = shown.indicator
    address = [indicator.initiative.slug, indicator.slug, period.uid, place]
    return reverse("measurement:explain", args=address)


def _row(derived: Derived, cell: Cell, explain: str) -> dict[str, Any]:
    texts = wording.cell_texts(cell)
    if cell.series.key:
        explain += "?" + urlencode({"group": cell.series.key})
    return {
        "name": wording.series_name(cell.series),
        "texts": texts,
        "value": printing.value(derived, cell),
        "interval": printing.interval(derived, cell),
        "grade": _grade(cell),
        "sample": "" if cell.sample_size is None else wording.count(cell.sample_size),
        "is_everyone": not cell.series.members,
        "depth": max((len(member.order) for member in cell.series.members), default=0),
        "explain": explain,
    }


def _grade(cell: Cell) -> str:
    return "" if cell.value is None else str(Grade(cell.grade).label)


def _goal(derived: Derived) -> dict[str, Any] | None:
    found = derived.assessment
    if found is None or derived.goal is None:
        return None
    said = (
        goal_words.goal_sentence(derived),
        goal_words.everyone_sentence(derived, found),
        goal_words.groups_sentence(derived, found),
        goal_words.short_sentence(derived, found),
    )
    rows = goal_words.rows(derived, found)
    return {
        "goal": derived.goal.goal,
        "sentences": [each for each in said if each],
        "alarms": goal_words.alarms(derived, found),
        "rows": rows,
        "signs": signs(derived, [cell for each in derived.groups if (cell := derived.cell(each))]),
        "has_short": any(row.short for row in rows),
        "has_pace": any(row.pace for row in rows),
        "has_closed": any(row.closed for row in rows),
        "baseline": derived.baseline,
        "period": derived.newest,
    }


def _between(derived: Derived) -> dict[str, Any] | None:
    sides = between_words.sides(derived)
    if not sides:
        return None
    return {
        "sides": sides,
        "compared": between_words.compared_with(derived),
        "reason": derived.comparison.reason if derived.comparison else None,
        "left_out": between_words.left_out(derived),
        "conflict": between_words.conflict(derived),
        "rows": measure_words.rows(derived.measures, derived.shown.version),
        "period": derived.newest,
    }


def _forecast(derived: Derived) -> dict[str, Any]:
    return {
        "sentence": forecast_words.sentence(derived),
        "rows": forecast_words.rows(derived),
        "until": derived.ahead.periods[-1][0].year if derived.ahead.periods else None,
    }


def _framing(derived: Derived, asked: Asked) -> dict[str, Any] | None:
    """The switch between those who are there and those who are not."""
    shown = derived.shown
    if not can_be_turned(shown):
        return None
    return {"is_turned": asked.framing == FAILURE, "label": str(shown.version.numerator)}


def _places(derived: Derived, asked: Asked, beside: Beside) -> dict[str, Any]:
    shown = derived.shown
    found = places_of.places(beside.places[shown.kind])
    codes = [code for code in asked.places if code]
    compared = places_of.compare(derived, codes) if codes else []
    goal = derived.goal.value if derived.goal else None
    return {
        "all": found.places,
        "is_long": found.is_long,
        "chosen": codes,
        "found": places_of.search(shown, asked.find) if asked.find else [],
        "find": asked.find,
        "rows": places_of.rows(compared),
        "panes": panes(places_of.lines(compared), goal),
        "sentence": places_of.sentence(compared) if compared else "",
        "signs": places_of.signs(compared),
        "goal": "" if goal is None else wording.figure(goal, shown.version),
        "most": places_of.COMPARED,
        "is_choice": found.is_long or len(found.places) > 1,
    }
