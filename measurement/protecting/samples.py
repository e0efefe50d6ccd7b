"""How many were asked, and for how many they stand: never a way round to a hidden number.

The rule is plain on purpose. As soon as one row of a cluster of periods (periods that overlap in
time) is hidden or missing, no group shows its sample size or weight there, in no breakdown and at
no place: whatever could be subtracted from one another is left out together. Everyone's are kept
while every row about everyone is shown. A sample of fewer people than the smallest count is
treated like a hidden row. A standard error is shown only in clusters where nothing at all is
hidden or missing, everyone's too: variances of groups add up to everyone's, so one subtraction
would bring a hidden share back.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from measurement.models import Release


def bare_periods(
    release: Release,
    clusters: Iterable[frozenset[int]],
    hidden: Iterable[list[Any]],
    small_count: int,
) -> tuple[set[int], set[int]]:
    """Periods, by id, that show no sample sizes and weights of groups; and those that show none.

    hidden: [period, place, stratum, …] by id.
    """
    touched = {tuple(key[:3]) for key in hidden} | _uncertain(release, small_count)
    everyone = set(release.observations().filter(stratum__key="").values_list("stratum", flat=True))
    groups = {period for period, _place, _stratum in touched}
    whole = {period for period, _place, stratum in touched if stratum in everyone}
    bare, all_bare = set[int](), set[int]()
    for cluster in clusters:
        bare |= cluster if cluster & groups else set()
        all_bare |= cluster if cluster & whole else set()
    return bare, all_bare


def _uncertain(release: Release, small_count: int) -> set[tuple[int, int, int]]:
    """Rows without a number, and those whose sample is small itself, or is told to be by its error:
    p(1 - p)/SE² people would be as precise.
    """
    rows = release.observations()
    found = rows.filter(numerator=None) | rows.filter(sample_size__lt=small_count)
    keys = set(found.values_list("period", "place", "stratum"))
    estimates = rows.filter(se__gt=0, denominator__gt=0, numerator__isnull=False).values_list(
        *("period", "place", "stratum", "numerator", "denominator", "se")
    )
    for period, place, stratum, x, n, se in estimates:
        if x * (n - x) < small_count * (se * n) ** 2:
            keys.add((period, place, stratum))
    return keys
