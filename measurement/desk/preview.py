"""What a preview shows of staged rows, to whom: small counts are not for everybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from ciforum.people.models import Period
from equity.models import Policy
from equity.models.groups import groups_by_key
from measurement.desk import staging
from measurement.desk.troubles import problem_sentence
from measurement.models import Missing, RowProblem, Submission, SubmissionRow
from measurement.models.indicators import Measure
from measurement.permissions import may_see_small_counts

if TYPE_CHECKING:
    from ciforum.people.models import Membership

NONE = "–"
# Params of sentences that are lines of the reading.
_LINES = ("line", "first", "second", "last")


@dataclass(frozen=True)
class Shown:
    """One row in words. line: its number; in a workbook, with the sheet's name; "" if none."""

    line: str
    place: str
    is_new_place: bool
    period: str
    groups: str
    counted: str
    out_of: str
    rate: str
    text: str


@dataclass(frozen=True)
class ShownChange:
    now: Shown
    old_counted: str
    old_out_of: str
    old_rate: str


@dataclass(frozen=True)
class ShownProblem:
    line: str
    column: str
    sentence: str
    raw: str
    severity: str


class Preview:
    """Writes rows and problems of one submission for one reader."""

    def __init__(self, submission: Submission, member: Membership | None) -> None:
        self.submission = submission
        self.version = submission.version
        self.sees_all = may_see_small_counts(member, submission)
        self.floor = Policy.of(submission.initiative).small_count
        self.names = {
            key: str(group.name) for key, group in groups_by_key(submission.initiative).items()
        }

    @property
    def masked(self) -> bool:
        return not self.sees_all

    @cached_property
    def hides_all(self) -> bool:
        """One small count hides every number from her: the others would give it away by sums."""
        return self.masked and few_somewhere(self.submission.rows.all(), self.floor)

    def line(self, number: int | None) -> str:
        """Where a line of the reading stands in the partner's own file."""
        if not number:
            return ""
        sheet, row = self.submission.place_of(number)
        return _("%(sheet)s, row %(row)s") % {"sheet": sheet, "row": row} if sheet else str(row)

    def _placed(self, problem: RowProblem) -> RowProblem:
        """The problem with the lines in its sentence said as rows of the workbook."""
        if self.submission.sheets:
            problem.params = {
                name: self.line(int(value)) if name in _LINES and str(value).isdecimal() else value
                for name, value in problem.params.items()
            }
        return problem

    def rows(self, rows: Iterable[SubmissionRow]) -> list[Shown]:
        return [self._row(row) for row in rows]

    def _row(self, row: SubmissionRow) -> Shown:
        counted, out_of, rate = self.numbers(
            row.numerator, row.denominator, row.missing, row.denominator_is_derived
        )
        return Shown(
            line=self.line(row.line),
            place=row.place_name,
            is_new_place=row.place_code.startswith(staging.NEW),
            period=period_name(row.period_kind, row.period_start, row.period_end),
            groups=self.group_names(row.group_keys),
            counted=counted,
            out_of=out_of,
            rate=rate,
            text=row.text if self.sees_all else "",
        )

    def group_names(self, keys: Iterable[str]) -> str:
        return ", ".join(self.names.get(key, key) for key in keys) or _("everyone")

    def numbers(
        self, counted: int | None, out_of: int | None, missing: str, derived: bool = False
    ) -> tuple[str, str, str]:
        """Counted, out of, rate, as this reader may see them."""
        if counted is None:
            whole = NONE if self.hides_all else self._count(out_of)
            return str(Missing(missing).label) if missing else NONE, whole, NONE
        if self._tells_few(counted, out_of):
            return self._few(), NONE, NONE
        if self.hides_all:
            return _("hidden"), NONE, NONE
        whole = self._count(out_of)
        if derived and out_of is not None:
            whole = _("about %(number)s") % {"number": whole}
        return self._count(counted), whole, self._rate(counted, out_of)

    def _tells_few(self, counted: int, out_of: int | None) -> bool:
        """The count is small, or the rest of its whole is."""
        rest = None
        if out_of is not None and self.version.measure == Measure.PROPORTION:
            rest = out_of - counted
        return any(self._is_few(number) for number in (counted, out_of, rest))

    def _is_few(self, number: int | None) -> bool:
        return self.masked and number is not None and 0 < number < self.floor

    def _few(self) -> str:
        return _("fewer than %(floor)s") % {"floor": self.floor}

    def _count(self, number: int | None) -> str:
        if number is None:
            return NONE
        return self._few() if self._is_few(number) else number_format(number, force_grouping=True)

    def _rate(self, counted: int, out_of: int | None) -> str:
        if not out_of or self.version.measure == Measure.COUNT:
            return NONE
        rate = round(Decimal(counted) * self.version.scale / Decimal(out_of), 1)
        return number_format(rate, decimal_pos=1, force_grouping=True)

    def changes(self, changes: list[staging.Change]) -> list[ShownChange]:
        rows = SubmissionRow.objects.in_bulk([change.row_id for change in changes])
        return [
            ShownChange(self._row(rows[change.row_id]), *self.numbers(*change.old))
            for change in changes
            if change.row_id in rows
        ]

    def problems(self, problems: Iterable[RowProblem]) -> list[ShownProblem]:
        floor = self.floor if self.masked else None
        return [
            ShownProblem(
                line=self.line(problem.line),
                column=problem.column,
                sentence=problem_sentence(
                    self._placed(problem), floor=floor, hides_all=self.hides_all
                ),
                raw=problem.raw if self.sees_all else "",
                severity=problem.severity,
            )
            for problem in problems
        ]

    def periods(self) -> list[tuple[str, str]]:
        """Choices for the filter, newest first."""
        return [
            (f"{kind}_{start}_{end}", period_name(kind, *map(date.fromisoformat, (start, end))))
            for kind, start, end in self.submission.summary.get("periods", [])
        ]

    def groups(self) -> list[tuple[str, str]]:
        keys: list[Any] = self.submission.summary.get("groups", [])
        return [("everyone", _("everyone")), *((key, self.names.get(key, key)) for key in keys)]


def few_somewhere(numbers: QuerySet[Any], floor: int) -> bool:
    """Is a count, its whole or the rest of it below the floor anywhere?"""
    small = (F("numerator"), F("denominator"), F("denominator") - F("numerator"))
    few = [Q(**{f"part{n}__gt": 0, f"part{n}__lt": floor}) for n in range(len(small))]
    parts = numbers.annotate(**{f"part{n}": part for n, part in enumerate(small)})
    return parts.filter(few[0] | few[1] | few[2]).exists()


def period_name(kind: str, start: date, end: date) -> str:
    return str(Period(kind=kind, start=start, end=end))
