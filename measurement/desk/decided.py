"""What was approved with a submission, for its own page: kept with the numbers, as rows."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import F, QuerySet

from equity.models.groups import groups_by_key
from measurement.desk.preview import Preview, Shown, few_somewhere
from measurement.models import Observation, Submission, SubmissionRow

if TYPE_CHECKING:
    from ciforum.people.models import Membership


class Approved(Preview):
    """Writes the numbers that came into the initiative with one submission, for one reader.

    Numbers that were the same before are not among them: nothing was added for them.
    """

    def __init__(self, submission: Submission, member: Membership | None) -> None:
        super().__init__(submission, member)
        self.keys = {
            str(group.uid): key for key, group in groups_by_key(submission.initiative).items()
        }

    @cached_property
    def numbers_of_it(self) -> QuerySet[Observation]:
        found: QuerySet[Observation] = (
            Observation.objects.filter(
                submission=self.submission, initiative=self.submission.initiative_id
            )
            .select_related("place", "period", "stratum")
            .prefetch_related("stratum__groups")
            .order_by("place__name", "-period__start", F("stratum__key"), "id")
        )
        return found

    @cached_property
    def hides_all(self) -> bool:
        return self.masked and few_somewhere(self.numbers_of_it.order_by(), self.floor)

    def observed(self, found: Iterable[Observation]) -> list[Shown]:
        return [self._row(self._as_row(each)) for each in found]

    def _as_row(self, each: Observation) -> SubmissionRow:
        """The number as it stood in the file; not stored."""
        groups = each.stratum.groups.all()
        return SubmissionRow(
            place_code=each.place.code,
            place_name=each.place.name,
            period_kind=each.period.kind,
            period_start=each.period.start,
            period_end=each.period.end,
            group_keys=[self.keys.get(str(group.uid), str(group.name)) for group in groups],
            numerator=each.numerator,
            denominator=each.denominator,
            denominator_is_derived=each.denominator_is_derived,
            missing=each.missing,
        )
