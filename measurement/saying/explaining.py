"""Explain this number: which observation it is, from which file, who approved it, what changed.

For members. A count that the public does not see is never here but for those who may see small
counts of that very submission: neither the hidden number, nor what it was before it was corrected.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from measurement.models import Observation, Stratum, StratumGroup
from measurement.permissions import may_see_small_counts, may_see_submission
from measurement.showing import wording

if TYPE_CHECKING:
    from datetime import datetime

    from ciforum.people.models import Membership
    from measurement.models import Submission
    from measurement.showing.series import Series
    from measurement.showing.shown import Cell, Shown


@dataclass(frozen=True)
class Revision:
    """One version of the number. counts: "" where this reader may not see them.

    submission: None where she may not open it; then partner and days are all there is.
    """

    number: int
    is_current: bool
    is_public: bool
    counts: str
    reason: str
    partner: str
    handed_in: datetime | None
    approved_at: datetime
    approved_by: str
    file_name: str
    submission: Submission | None


def revisions(shown: Shown, cell: Cell, member: Membership | None) -> list[Revision]:
    """Every version of the number behind a public cell, the newest first."""
    stratum = _stratum(shown, cell.series)
    if stratum is None or shown.place is None:
        return []
    found = (
        Observation.objects.filter(
            initiative=shown.indicator.initiative,
            version=cell.version,
            period=cell.period,
            place=shown.place,
            stratum__in=stratum,
        )
        .select_related(
            *("submission__organization", "submission__decided_by", "submission__file"),
            "submission__initiative",
        )
        .order_by("-revision")
    )
    return [_revision(cell, each, member) for each in found]


def _stratum(shown: Shown, series: Series) -> list[int] | None:
    """The strata that this line is about, in every version of its dimensions."""
    initiative = shown.indicator.initiative
    if not series.members:
        return list(
            Stratum.objects.filter(initiative=initiative, key="").values_list("pk", flat=True)
        )
    found: set[int] | None = None
    for member in series.members:
        rows = StratumGroup.objects.filter(
            stratum__initiative=initiative,
            dimension__code=member.dimension,
            group__code=member.code,
        ).values_list("stratum", flat=True)
        found = set(rows) if found is None else found & set(rows)
    sizes = StratumGroup.objects.filter(stratum__in=found or ()).values_list("stratum", flat=True)
    counted = list(sizes)
    return [pk for pk in found or () if counted.count(pk) == len(series.members)]


def _revision(cell: Cell, seen: Observation, member: Membership | None) -> Revision:
    submission = seen.submission
    is_public = _is_public(cell, seen)
    may_see = may_see_submission(member, submission)
    may_count = is_public or may_see_small_counts(member, submission)
    by = submission.decided_by
    return Revision(
        number=seen.revision,
        is_current=seen.is_current,
        is_public=is_public,
        counts=_counts(seen) if may_count else "",
        reason=seen.reason,
        partner=str(submission.organization),
        handed_in=submission.handed_in_at,
        approved_at=seen.approved_at,
        approved_by=str(by) if by else "",
        file_name=submission.file.name if may_see and submission.file else "",
        submission=submission if may_see else None,
    )


def _is_public(cell: Cell, seen: Observation) -> bool:
    """It says what the public cell says, and the public cell says it."""
    if cell.is_protected or cell.numerator is None:
        return False
    return (cell.numerator, cell.denominator) == (seen.numerator, seen.denominator)


def _counts(seen: Observation) -> str:
    if seen.numerator is None:
        return str(seen.get_missing_display())
    if seen.denominator is None:
        return wording.count(seen.numerator)
    return f"{wording.count(seen.numerator)} / {wording.count(seen.denominator)}"
