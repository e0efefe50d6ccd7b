"""Explain this number: which observation it is, from which file, who approved it, what changed.

For members. A count that the public does not see is never here but for those who may see small
counts of that very submission: neither the hidden number, nor what it was before it was corrected.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from measurement.models import Observation, Stratum, StratumGroup
from measurement.permissions import may_see_submission
from measurement.saying import explaining_parts

if TYPE_CHECKING:
    from datetime import datetime

    from ciforum.people.models import Membership
    from measurement.models import Submission
    from measurement.saying.explaining_parts import Part
    from measurement.showing.series import Series
    from measurement.showing.shown import Cell, Shown


@dataclass(frozen=True)
class Revision:
    """One version of the number. counts: "" where this reader may not see them.

    submission: None where she may not open it; then partner and days are all there is. rolled_up:
    how it was added up from its parts, and then no partner brought it; "" where one did.
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
    rolled_up: str = ""
    parts: list[Part] = field(default_factory=list)


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
    may_count = is_public or explaining_parts.may_count(seen, member)
    may_see = submission is not None and may_see_submission(member, submission)
    by = submission.decided_by if submission else None
    return Revision(
        number=seen.revision,
        is_current=seen.is_current,
        is_public=is_public,
        counts=explaining_parts.counts(seen) if may_count else "",
        # What this place itself writes of a sum is said in the reader's language.
        reason=gettext(seen.reason) if seen.rolled_up and seen.reason else seen.reason,
        partner=str(submission.organization) if submission else "",
        handed_in=submission.handed_in_at if submission else None,
        approved_at=seen.approved_at,
        approved_by=str(by) if by else "",
        file_name=submission.file.name if submission and may_see and submission.file else "",
        submission=submission if may_see else None,
        rolled_up=str(seen.get_rolled_up_display()) if seen.rolled_up else "",
        parts=explaining_parts.parts(seen, member) if seen.rolled_up else [],
    )


def _is_public(cell: Cell, seen: Observation) -> bool:
    """It says what the public cell says, and the public cell says it."""
    if cell.is_protected or cell.numerator is None:
        return False
    return (cell.numerator, cell.denominator) == (seen.numerator, seen.denominator)
