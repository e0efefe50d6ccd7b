"""Dates of history: known to the year, the month or the day. Plain values; knows no Django models.

In forms and files a date is "1934", "1934-06" or "1934-06-12".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

YEAR, MONTH, DAY = "year", "month", "day"
_FORM = re.compile(r"(?a:(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?)")
EARLIEST = 1000


@dataclass(frozen=True, order=True)
class When:
    """A day, or the month or year in which something happened; `day` is the first of it."""

    day: date
    precision: str = DAY

    @property
    def last(self) -> date:
        """The last day that this may mean."""
        if self.precision == DAY:
            return self.day
        if self.precision == YEAR:
            return date(self.day.year, 12, 31)
        beyond = date(self.day.year, self.day.month, 28) + timedelta(days=4)
        return beyond - timedelta(days=beyond.day)

    @property
    def text(self) -> str:
        """As it is typed: "1934", "1934-06" or "1934-06-12"."""
        length = {YEAR: 4, MONTH: 7, DAY: 10}[self.precision]
        return self.day.isoformat()[:length]

    def __str__(self) -> str:
        """In the reader's language: "1934", "June 1934", "June 12, 1934"."""
        if self.precision == YEAR:
            return str(self.day.year)
        return date_format(
            self.day, "YEAR_MONTH_FORMAT" if self.precision == MONTH else "DATE_FORMAT"
        )


def read(text: str) -> When:
    """What somebody typed as a date. Raises ValueError with a sentence."""
    found = _FORM.fullmatch(text.strip())
    if not found:
        raise ValueError(_("Write a year, like 1934, a month, 1934-06, or a day, 1934-06-12."))
    year, month, day = found.groups()
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise ValueError(_("There is no such day in the calendar.")) from None
    if first.year < EARLIEST:
        raise ValueError(_("Write the year with four digits, from 1000 on."))
    return When(first, DAY if day else MONTH if month else YEAR)


def span(start: When, end: When | None) -> str:
    """From when to when, as it stands on a page: "1937 – 1968"."""
    if end is None or end == start:
        return str(start)
    return _("%(start)s – %(end)s") % {"start": start, "end": end}
