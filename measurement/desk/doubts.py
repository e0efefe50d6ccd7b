"""What is odd about numbers that were read, seen with the indicator and the calendar in mind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from ciforum.people import clock
from measurement.reading.errors import Problem

if TYPE_CHECKING:
    from ciforum.people.models import Initiative
    from measurement.models import Submission
    from measurement.reading.mapping import Mapping
    from measurement.reading.rows import Row

COUNT = "count"  # a measure without a whole


def doubts(submission: Submission, rows: Sequence[Row]) -> Iterator[Problem]:
    """Warnings about all lines together; none of them keeps a line out."""
    if submission.version.measure != COUNT and _no_whole(rows):
        yield Problem(None, None, "no_line_has_whole", {}, "warning")
    yield from _not_over(rows, today_of(submission.initiative))


def lacks_whole(submission: Submission, mapping: Mapping) -> bool:
    """A share of which no column says out of how many."""
    is_share = submission.version.measure != COUNT
    whole = mapping.names("denominator", "rate")
    return is_share and not submission.is_of_people and not whole


def _no_whole(rows: Sequence[Row]) -> bool:
    counted = [row for row in rows if row.numerator is not None]
    return bool(counted) and all(row.denominator is None for row in counted)


def _not_over(rows: Sequence[Row], today: date) -> Iterator[Problem]:
    """One warning for each time that has not ended, on its first line."""
    open_ones = {row.period: row.line for row in reversed(rows) if row.period.end > today}
    for period, line in sorted(open_ones.items(), key=lambda each: each[0].start):
        yield Problem(line, None, "time_not_over", {"text": period.label}, "warning")


def today_of(initiative: Initiative) -> date:
    """The day on the initiative's own calendar."""
    return clock.now().astimezone(initiative.zone).date()
