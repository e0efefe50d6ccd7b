"""The waiting room between a file and its approval: rows and problems of one submission."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection
from django.utils.text import slugify

from equity.models.groups import groups_by_key

if TYPE_CHECKING:
    from measurement.models import Submission
    from measurement.reading.errors import Problem
    from measurement.reading.rows import PeopleReading, Row, TableReading

NEW = "new:"
# More are counted but not kept: nobody reads ten thousand lines of the same complaint.
PROBLEMS_KEPT = 5_000

_COLUMNS = (
    *("submission_id", "line", "place_code", "place_name", "period_kind", "period_start"),
    *("period_end", "period_label", "group_keys", "stratum_key", "numerator", "denominator"),
    *("denominator_is_derived", "rate", "missing", "text"),
)


def clear(submission: Submission) -> None:
    """Forget rows and problems."""
    submission.rows.all().delete()
    submission.problems.all().delete()


def replace(submission: Submission, reading: TableReading | PeopleReading) -> dict[str, int]:
    """Keep a reading in place of the last one; answers the counts for the submission."""
    clear(submission)
    _copy_rows(submission, reading.rows)
    _keep_problems(submission, reading.problems)
    errors = {problem.line for problem in reading.errors}
    return {
        "lines": getattr(reading, "lines", 0) or getattr(reading, "persons", 0),
        "row_count": len(reading.rows),
        "error_count": len(errors),
        "warning_count": len(reading.problems) - len(reading.errors),
    }


def _copy_rows(submission: Submission, rows: Iterable[Row]) -> None:
    table = apps.get_model("measurement", "SubmissionRow")._meta.db_table
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(_COLUMNS)}) FROM STDIN") as copy,
    ):
        for record in _records(submission, rows):
            copy.write_row(record)


def _records(submission: Submission, rows: Iterable[Row]) -> Iterator[tuple[Any, ...]]:
    groups = groups_by_key(submission.initiative)
    places = dict(_places(submission))
    keys: dict[frozenset[str], str] = {}
    for row in rows:
        if row.groups not in keys:
            keys[row.groups] = "+".join(sorted(str(groups[key].uid) for key in row.groups))
        code, name = _place(row.place, places)
        period = row.period
        yield (
            *(submission.pk, row.line, code, name, period.kind, period.start, period.end),
            *(period.label[:60], sorted(row.groups), keys[row.groups], row.numerator),
            *(row.denominator, row.denominator_derived, row.rate),
            *("" if row.numerator is not None else row.missing or "unknown", row.text[:200]),
        )


def _places(submission: Submission) -> Iterable[tuple[str, str]]:
    place = apps.get_model("people", "Place")
    return place.objects.filter(initiative=submission.initiative).values_list("code", "name")


def _place(key: str, places: dict[str, str]) -> tuple[str, str]:
    """Code and name; a place the initiative does not know yet gets a code from its name."""
    if not key.startswith(NEW):
        return key, places.get(key, key)
    name = key.removeprefix(NEW)[:200]
    return slugify(name, allow_unicode=True)[:80] or "place", name


def _keep_problems(submission: Submission, problems: list[Problem]) -> None:
    kept = apps.get_model("measurement", "RowProblem")
    kept.objects.bulk_create(
        [
            kept(
                submission=submission,
                line=problem.line,
                column=(problem.column or "")[:200],
                code=problem.code,
                params={name: str(value) for name, value in problem.params.items()},
                severity=problem.severity,
            )
            for problem in sorted(problems, key=lambda each: each.severity)[:PROBLEMS_KEPT]
        ],
        batch_size=1_000,
    )


def changes(submission: Submission) -> int:
    """How many rows differ from what is approved already for the same place, period, stratum."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, {"submission": submission.pk, "version": submission.version_id})
        return int(cursor.fetchone()[0])


_CHANGES = """
SELECT count(*)
FROM measurement_submissionrow r
JOIN measurement_submission sub ON sub.id = r.submission_id
JOIN people_period p ON p.initiative_id = sub.initiative_id AND p.kind = r.period_kind
     AND p.start = r.period_start AND p."end" = r.period_end
JOIN people_place pl ON pl.initiative_id = sub.initiative_id AND pl.code = r.place_code
JOIN measurement_stratum s ON s.initiative_id = sub.initiative_id AND s.key = r.stratum_key
JOIN measurement_observation o ON o.initiative_id = sub.initiative_id
     AND o.version_id = %(version)s AND o.is_current
     AND o.period_id = p.id AND o.place_id = pl.id AND o.stratum_id = s.id
WHERE r.submission_id = %(submission)s
  AND (o.numerator, o.denominator, o.missing)
      IS DISTINCT FROM (r.numerator, r.denominator, r.missing)
"""
