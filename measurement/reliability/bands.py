"""Percentages near 0 and 100 of small groups, told as "at most" and "at least".

"All 12 pupils passed" tells something about each of them, so a percentage near an end is given as
a range that gets wider as the group gets smaller (top and bottom coding).
Source: NCES 2011-603, "Statistical Methods for Protecting Personally Identifiable Information in
Aggregate Reporting", 2011, as Utah's State Board of Education uses it.
"""

from __future__ import annotations

from typing import SupportsFloat

from measurement.reliability.intervals import number

LEAST_GROUP = 10
# (people at least, percentage points at each end), widest group first.
BANDS = ((300, 1), (100, 2), (40, 5), (20, 10), (10, 20))


def top_bottom(percent: SupportsFloat, n: SupportsFloat) -> str | None:
    """The label that stands for the percentage; None where its whole percent may be shown.

    percent: 0 to 100, as counted and not rounded; n: people in the group. Below 10 people even
    the percentage is left out: "N<10". Raises ValueError for a percentage above 100.
    """
    share, people = number(percent, "The percentage"), number(n, "The group")
    if share > 100:
        raise ValueError(f"The percentage must be at most 100, not {percent!r}.")
    if people < LEAST_GROUP:
        return f"N<{LEAST_GROUP}"
    edge = next(points for least, points in BANDS if people >= least)
    if share <= edge:
        return f"<={edge}%"
    return f">={100 - edge}%" if share >= 100 - edge else None
