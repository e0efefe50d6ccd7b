"""What happens if nothing changes, in words and rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from measurement.showing import printing, wording

if TYPE_CHECKING:
    from measurement.showing.ahead import Outset
    from measurement.showing.derived import Derived
    from measurement.showing.series import Series


@dataclass(frozen=True)
class Row:
    """One line of the table. value and band are "" where there is no forecast; why says so."""

    name: str
    now: str
    value: str
    band: str
    when: str
    why: str


def sentence(derived: Derived) -> str:
    """For everyone: what to expect, and whether the goal would be reached in time."""
    found = derived.ahead.forecast(derived.shown.everyone)
    if found.expected.reason or not found.expected.points:
        return _why(found.expected.reason)
    version, last = derived.shown.version, found.expected.points[-1]
    said = [
        _("If nothing changes, expect %(value)s for everyone in %(year)s.")
        % {"value": wording.figure(last.value, version), "year": _last_year(derived)}
    ]
    if last.low is not None and last.high is not None:
        said.append(
            _("Most likely it is from %(interval)s.")
            % {"interval": wording.interval(last.low, last.high, version)}
        )
    if last.is_far:
        said.append(_("That is further ahead than the numbers reach back, so take it as a hint."))
    said.append(when_sentence(derived, found))
    return " ".join(filter(None, said))


def when_sentence(derived: Derived, found: Outset) -> str:
    """When the goal would be reached at this pace, and what pace the day asks for."""
    seen = found.outlook
    if seen is None:
        return ""
    match seen.status:
        case "reached":
            return _("The goal is reached, if it stays so.")
        case "never":
            return _("At this pace the goal is not reached.")
        case "year" if seen.year is not None:
            said = _("At this pace the goal is reached around %(year)s.") % {"year": int(seen.year)}
        case _:
            return ""
    if seen.required_change_per_year is None or seen.expected_change_per_year is None:
        return said
    return (
        said
        + " "
        + _("In time it would take %(needed)s a year; the line of these years makes %(expected)s.")
        % {
            "needed": wording.difference(seen.required_change_per_year, derived.shown.version),
            "expected": wording.difference(seen.expected_change_per_year, derived.shown.version),
        }
    )


def rows(derived: Derived) -> list[Row]:
    """Everyone and each group, in declared order."""
    series = [derived.shown.everyone, *derived.groups]
    return [_row(derived, each) for each in series if derived.shown.line(each)]


def _row(derived: Derived, series: Series) -> Row:
    found, version = derived.ahead.forecast(series), derived.shown.version
    last = found.expected.points[-1] if found.expected.points else None
    has_band = last is not None and last.low is not None and last.high is not None
    return Row(
        name=wording.series_name(series),
        now=printing.value(derived, derived.cell(series)),
        value=wording.figure(last.value, version) if last else "",
        band=wording.interval(last.low, last.high, version)  # type: ignore[arg-type]
        if last and has_band
        else "",
        when=_when(found),
        why=_why(found.expected.reason) if last is None else "",
    )


def _when(found: Outset) -> str:
    if found.outlook is None:
        return ""
    match found.outlook.status:
        case "reached":
            return _("reached")
        case "never":
            return _("not at this pace")
        case "year" if found.outlook.year is not None:
            return str(int(found.outlook.year))
    return ""


def _why(reason: str | None) -> str:
    if reason == "method_break":
        return _("No forecast: there are fewer than three numbers since it is counted this way.")
    return _("No forecast: it takes three numbers that can be shown and are counted alike.")


def _last_year(derived: Derived) -> str:
    """The last period of the forecast, by the year it begins in."""
    return str(derived.ahead.periods[-1][0].year)
