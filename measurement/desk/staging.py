"""The waiting room between a file and its approval: rows and problems of one submission."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection, transaction

from equity.models import Policy
from equity.models.groups import groups_by_key
from measurement.desk.doubts import doubts
from measurement.desk.placenames import NEW, PlaceNames
from measurement.reading.checks import without_duplicates
from measurement.reading.errors import Problem, Severity, Unreadable

if TYPE_CHECKING:
    from ciforum.people.models import Initiative
    from measurement.models import Submission
    from measurement.reading.rows import PeopleReading, Row, TableReading

# More are counted but not kept: nobody reads five thousand lines of the same complaint.
PROBLEMS_KEPT = 5_000
# So many periods are offered as a filter; a file of days has more.
PERIODS_OFFERED = 400

_COLUMNS = (
    *("submission_id", "line", "place_code", "place_name", "period_kind", "period_start"),
    *("period_end", "period_label", "group_keys", "stratum_key", "numerator", "denominator"),
    *("denominator_is_derived", "rate", "missing", "sample_size", "weight", "grade", "se"),
    "text",
)


def clear(submission: Submission) -> None:
    """Forget rows and problems."""
    submission.rows.all().delete()
    submission.problems.all().delete()


def replace(
    submission: Submission, reading: TableReading | PeopleReading, raw: Mapping[int, str]
) -> dict[str, Any]:
    """Keep a reading in place of the last one; answers the counts for the submission.

    raw: physical line → its text, for the lines that have problems. Raises Unreadable when a
    group or a place that the mapping names is gone.
    """
    clear(submission)
    places = PlaceNames(submission.initiative)
    rows, repeated = _one_row_each(reading.rows, places)
    problems = [*reading.problems, *repeated, *doubts(submission, rows)]
    _copy_rows(submission, rows, places)
    _keep_problems(submission, problems, raw)
    errors = {problem.line for problem in problems if problem.severity == "error"}
    return {
        "lines": getattr(reading, "lines", 0) or getattr(reading, "persons", 0),
        "row_count": len(rows),
        "error_count": len(errors),
        "warning_count": sum(1 for problem in problems if problem.severity == "warning"),
        "summary": _summary(rows, reading),
    }


def _one_row_each(
    rows: Sequence[Row], places: PlaceNames
) -> tuple[Sequence[Row], Sequence[Problem]]:
    """Two spellings may turn out to be one place; then its rows are compared like any others."""
    keys = {row.place for row in rows}
    if len({places(key)[0] for key in keys}) == len(keys):
        return rows, []
    return without_duplicates([row._replace(place=places(row.place)[0]) for row in rows])


def _summary(rows: Sequence[Row], reading: TableReading | PeopleReading) -> dict[str, Any]:
    periods = {(row.period.kind, row.period.start, row.period.end) for row in rows}
    newest = sorted(periods, key=lambda each: each[2], reverse=True)[:PERIODS_OFFERED]
    left_out = reading.left_out
    return {
        "places": len({row.place for row in rows}),
        "period_count": len(periods),
        "periods": [[kind, start.isoformat(), end.isoformat()] for kind, start, end in newest],
        "groups": sorted({key for row in rows for key in row.groups}),
        "left_out": left_out if isinstance(left_out, int) else sum(left_out.values()),
    }


def _copy_rows(submission: Submission, rows: Iterable[Row], places: PlaceNames) -> None:
    table = apps.get_model("measurement", "SubmissionRow")._meta.db_table
    # Read before COPY begins: the connection can do nothing else until it ends.
    strata = _Strata(submission.initiative)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(_COLUMNS)}) FROM STDIN") as copy,
    ):
        for record in _records(submission, rows, places, strata):
            copy.write_row(record)


def _records(
    submission: Submission, rows: Iterable[Row], places: PlaceNames, strata: _Strata
) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        code, name = places(row.place)
        period = row.period
        yield (
            *(submission.pk, row.line, code, name, period.kind, period.start, period.end),
            *(period.label[:60], *strata(row.groups), row.numerator),
            *(row.denominator, row.denominator_derived, row.rate),
            "" if row.numerator is not None else row.missing or "unknown",
            *(row.sample_size, row.weight, row.grade or "unknown", row.se, row.text[:200]),
        )


class _Strata:
    """Group keys → (sorted keys, stratum key), worked out once per set of groups."""

    def __init__(self, initiative: Initiative) -> None:
        self.groups = groups_by_key(initiative)
        self.known: dict[frozenset[str], tuple[list[str], str]] = {}

    def __call__(self, keys: frozenset[str]) -> tuple[list[str], str]:
        if keys not in self.known:
            if gone := [key for key in sorted(keys) if key not in self.groups]:
                raise Unreadable("group_gone", name=gone[0])
            uids = sorted(str(self.groups[key].uid) for key in keys)
            self.known[keys] = sorted(keys), "+".join(uids)
        return self.known[keys]


def _keep_problems(
    submission: Submission, problems: Sequence[Problem], raw: Mapping[int, str]
) -> None:
    if submission.is_of_people:
        problems, raw = list(without_persons(problems, submission.initiative)), {}
    kept = apps.get_model("measurement", "RowProblem")
    kept.objects.bulk_create(
        [
            kept(
                submission=submission,
                line=problem.line,
                column=(problem.column or "")[:200],
                code=problem.code,
                params={name: _plain(value) for name, value in problem.params.items()},
                raw=raw.get(problem.line or 0, "")[:300],
                severity=problem.severity,
            )
            for problem in sorted(problems, key=lambda each: each.severity)[:PROBLEMS_KEPT]
        ],
        batch_size=1_000,
    )


def _plain(value: Any) -> str | int:
    return value if isinstance(value, int) else str(value)[:200]


def without_persons(problems: Iterable[Problem], initiative: Initiative) -> Iterator[Problem]:
    """Problems of a file of people, without a text that only few of them have.

    Such a text may be somebody's name in a column that was mapped by mistake.
    """
    floor = Policy.of(initiative).small_count
    rare: dict[tuple[str | None, Severity], int] = {}
    for problem in problems:
        count = problem.params.get("count")
        if "text" not in problem.params or (isinstance(count, int) and count >= floor):
            yield problem
        elif isinstance(count, int):
            where = problem.column, problem.severity
            rare[where] = rare.get(where, 0) + count
    for (column, severity), count in rare.items():
        yield Problem(None, column, "rare_people_label", {"count": count}, severity)


@dataclass(frozen=True, slots=True)
class Change:
    """A staged row that differs from what is approved: `old` is (numerator, denominator, why)."""

    row_id: int
    old: tuple[int | None, int | None, str]


@contextmanager
def joining_many() -> Iterator[Any]:
    """A cursor for joins over all rows of a submission.

    Rows that were just copied have no statistics yet. Taking them for a handful, the planner
    would loop over hundreds of thousands; hash joins are right for many and fine for few.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield cursor
        cursor.execute("SET LOCAL enable_nestloop = on")


def changes(submission: Submission) -> int:
    """How many rows differ from what is approved already for the same place, period, stratum."""
    with joining_many() as cursor:
        cursor.execute(f"SELECT count(*) {_CHANGED}", _params(submission))
        return int(cursor.fetchone()[0])


def changed_rows(submission: Submission, start: int, stop: int) -> list[Change]:
    """Some of them, in the file's order."""
    query = f"""
        SELECT r.id, o.numerator, o.denominator, o.missing {_CHANGED}
        ORDER BY r.line NULLS FIRST, r.id LIMIT %(limit)s OFFSET %(offset)s
    """
    params = {**_params(submission), "limit": stop - start, "offset": start}
    with joining_many() as cursor:
        cursor.execute(query, params)
        return [Change(row, (x, n, why)) for row, x, n, why in cursor.fetchall()]


def touched_releases(submission: Submission) -> list[int]:
    """Ids of the public releases that show a number which this submission would change."""
    query = f"""
        SELECT DISTINCT public.release_id {_CHANGED_FROM}
        JOIN measurement_published public
             ON public.version_id = o.version_id AND public.period_id = o.period_id
        {_CHANGED_WHERE}
    """
    with joining_many() as cursor:
        cursor.execute(query, _params(submission))
        return sorted(release for (release,) in cursor.fetchall())


def _params(submission: Submission) -> dict[str, int]:
    return {"submission": submission.pk, "version": submission.version_id}


_CHANGED_FROM = """
FROM measurement_submissionrow r
JOIN measurement_submission sub ON sub.id = r.submission_id
JOIN people_period p ON p.initiative_id = sub.initiative_id AND p.kind = r.period_kind
     AND p.start = r.period_start AND p."end" = r.period_end
JOIN people_place pl ON pl.initiative_id = sub.initiative_id AND pl.code = r.place_code
JOIN measurement_stratum s ON s.initiative_id = sub.initiative_id AND s.key = r.stratum_key
JOIN measurement_observation o ON o.initiative_id = sub.initiative_id
     AND o.version_id = %(version)s AND o.is_current
     AND o.period_id = p.id AND o.place_id = pl.id AND o.stratum_id = s.id
"""

_CHANGED_WHERE = """
WHERE r.submission_id = %(submission)s
  AND (o.numerator, o.denominator, o.missing, o.sample_size, o.weight, o.grade, o.se)
      IS DISTINCT FROM
      (r.numerator, r.denominator, r.missing, r.sample_size, r.weight, r.grade, r.se)
"""

_CHANGED = _CHANGED_FROM + _CHANGED_WHERE

__all__ = [
    "NEW",
    "Change",
    "changed_rows",
    "changes",
    "clear",
    "replace",
    "touched_releases",
    "without_persons",
]
