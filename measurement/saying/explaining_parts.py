"""What an added-up number was made of, for members: each part, and its counts for whoever may.

A part that the public does not see is counted out only to those who may see the small counts of
the file it came in; where it was added up itself, to those who may see all of its own parts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from measurement.models import Observation, ReleaseCell
from measurement.permissions import may_see_small_counts
from measurement.showing import wording
from measurement.showing.series import series_of

if TYPE_CHECKING:
    from ciforum.people.models import Membership


@dataclass(frozen=True)
class Part:
    """One number that was added. counts: "" where this reader may not see them."""

    name: str
    period: str
    counts: str
    partner: str


def parts(of: Observation, member: Membership | None) -> list[Part]:
    """In order of time, then of the groups."""
    found = _parts(of)
    series = series_of({each.stratum_id for each in found})
    found.sort(key=lambda each: (each.period.end, series[each.stratum_id].order))
    return [
        Part(
            name=wording.series_name(series[each.stratum_id]),
            period=str(each.period),
            counts=counts(each) if may_count(each, member) else "",
            partner=str(each.submission.organization) if each.submission else "",
        )
        for each in found
    ]


def may_count(of: Observation, member: Membership | None) -> bool:
    """Everybody sees it, or she may see the small counts that it rests on."""
    if _is_public(of):
        return True
    if of.submission is not None:
        return may_see_small_counts(member, of.submission)
    return all(may_count(each, member) for each in _parts(of))


def counts(of: Observation) -> str:
    if of.numerator is None:
        return str(of.get_missing_display())
    if of.denominator is None:
        return wording.count(of.numerator)
    return f"{wording.count(of.numerator)} / {wording.count(of.denominator)}"


def _parts(of: Observation) -> list[Observation]:
    found: Iterable[Observation] = Observation.objects.filter(
        initiative=of.initiative_id, pk__in=of.parts or ()
    ).select_related("period", "submission__organization", "submission__initiative")
    return list(found)


def _is_public(of: Observation) -> bool:
    """The newest public table shows this very revision, with nothing hidden."""
    return ReleaseCell.objects.filter(
        initiative=of.initiative_id,
        release__pointers__version=of.version_id,
        release__pointers__period=of.period_id,
        period=of.period_id,
        place=of.place_id,
        stratum=of.stratum_id,
        revision=of.revision,
        is_protected=False,
    ).exists()
