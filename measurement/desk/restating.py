"""Approved numbers that change, in SQL: what replaced what, what a withdrawal goes back to.

Nothing is overwritten or removed. A change is the next revision of a number; whoever withdraws a
submission makes each of its numbers go back to what another approved submission said of the same
place, period and group, or become missing, "withdrawn by its holder".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from measurement.desk import staging

if TYPE_CHECKING:
    from measurement.models import Restatement, Submission


def confirm(submission: Submission) -> None:
    """Keep which of its rows say what is approved already, before the rows go."""
    with staging.joining_many() as cursor:
        cursor.execute(_CONFIRM, _of(submission))


def note_replaced(made: Restatement) -> None:
    """List what the submission's new revisions have replaced."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, {"restatement": made.pk, **_of(made.submission)})


def held(submission: Submission) -> int:
    """How many current numbers stand on this submission and on no other approved one."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {_HELD}", _of(submission))
        return int(cursor.fetchone()[0])


def take_back(made: Restatement) -> None:
    """Let every number that only this submission holds go back or become missing.

    The caller holds policy, indicator and submission.
    """
    params = {
        **_of(made.submission),
        "restatement": made.pk,
        "reason": made.reason,
        "now": made.at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LIST_HELD, params)
        cursor.execute(_RETIRE, params)
        cursor.execute(_GO_BACK, params)


def touched(made: Restatement) -> list[int]:
    """Ids of the public releases that show one of these numbers, hidden or not."""
    with connection.cursor() as cursor:
        params = {
            "restatement": made.pk,
            "initiative": made.initiative_id,
            "version": made.version_id,
        }
        cursor.execute(_TOUCHED, params)
        return [pk for (pk,) in cursor.fetchall()]


def would_touch(submission: Submission) -> list[int]:
    """Ids of the public releases that a withdrawal of this submission would touch."""
    with connection.cursor() as cursor:
        cursor.execute(_WOULD_TOUCH, _of(submission))
        return [pk for (pk,) in cursor.fetchall()]


def pairs(made: Restatement, start: int, stop: int) -> list[dict[str, Any]]:
    """Some of its numbers, with both revisions: period, place, stratum, old and new values."""
    params = {
        "restatement": made.pk,
        "initiative": made.initiative_id,
        "version": made.version_id,
        "limit": stop - start,
        "offset": start,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, params)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _of(submission: Submission) -> dict[str, Any]:
    return {
        "submission": submission.pk,
        "initiative": submission.initiative_id,
        "version": submission.version_id,
    }


_CONFIRM = """
INSERT INTO measurement_confirmation
    (submission_id, version_id, period_id, place_id, stratum_id, revision)
SELECT %(submission)s, o.version_id, o.period_id, o.place_id, o.stratum_id, o.revision
FROM measurement_submissionrow r
JOIN people_period p ON p.initiative_id = %(initiative)s AND p.kind = r.period_kind
     AND p.start = r.period_start AND p."end" = r.period_end
JOIN people_place pl ON pl.initiative_id = %(initiative)s AND pl.code = r.place_code
JOIN measurement_stratum s ON s.initiative_id = %(initiative)s AND s.key = r.stratum_key
JOIN measurement_observation o ON o.initiative_id = %(initiative)s
     AND o.version_id = %(version)s AND o.is_current
     AND o.period_id = p.id AND o.place_id = pl.id AND o.stratum_id = s.id
WHERE r.submission_id = %(submission)s AND o.submission_id <> %(submission)s
ON CONFLICT DO NOTHING
"""

_NOTE = """
INSERT INTO measurement_restatednumber
    (restatement_id, period_id, place_id, stratum_id, before, after)
SELECT %(restatement)s, o.period_id, o.place_id, o.stratum_id, o.revision - 1, o.revision
FROM measurement_observation o
JOIN measurement_observation old ON old.initiative_id = o.initiative_id
     AND old.version_id = o.version_id AND old.period_id = o.period_id
     AND old.place_id = o.place_id AND old.stratum_id = o.stratum_id
     AND old.revision = o.revision - 1
WHERE o.initiative_id = %(initiative)s AND o.version_id = %(version)s
  AND o.submission_id = %(submission)s AND o.is_current
  -- Handing in what was added up here changes no number.
  AND (old.submission_id IS NOT NULL
       OR (old.numerator, old.denominator) IS DISTINCT FROM (o.numerator, o.denominator))
"""

# Whether an approved submission other than this one says what revision `o` says.
_ELSEWHERE = """
    EXISTS (SELECT 1 FROM measurement_submission own
            WHERE own.id = o.submission_id AND own.id <> %(submission)s
              AND own.state = 'approved')
    OR EXISTS (SELECT 1 FROM measurement_confirmation c
               JOIN measurement_submission same ON same.id = c.submission_id
               WHERE c.version_id = o.version_id AND c.period_id = o.period_id
                 AND c.place_id = o.place_id AND c.stratum_id = o.stratum_id
                 AND c.revision = o.revision AND same.id <> %(submission)s
                 AND same.state = 'approved')
"""

# Current numbers that it brought or confirmed, and nobody else stands by.
_HELD = f"""
FROM (
    SELECT o.* FROM measurement_observation o
    WHERE o.initiative_id = %(initiative)s AND o.version_id = %(version)s
      AND o.is_current AND o.submission_id = %(submission)s
    UNION
    SELECT o.* FROM measurement_confirmation c
    JOIN measurement_observation o ON o.initiative_id = %(initiative)s
         AND o.version_id = c.version_id AND o.period_id = c.period_id
         AND o.place_id = c.place_id AND o.stratum_id = c.stratum_id
         AND o.revision = c.revision AND o.is_current
    WHERE c.submission_id = %(submission)s
) o
WHERE o.missing <> 'withdrawn' AND NOT ({_ELSEWHERE})
"""  # noqa: S608 - made of constants

_LIST_HELD = f"""
INSERT INTO measurement_restatednumber
    (restatement_id, period_id, place_id, stratum_id, before, after)
SELECT %(restatement)s, o.period_id, o.place_id, o.stratum_id, o.revision, o.revision + 1 {_HELD}
"""

_RETIRE = """
UPDATE measurement_observation o SET is_current = false
FROM measurement_restatednumber n
WHERE n.restatement_id = %(restatement)s AND o.initiative_id = %(initiative)s
  AND o.version_id = %(version)s AND o.period_id = n.period_id AND o.place_id = n.place_id
  AND o.stratum_id = n.stratum_id AND o.revision = n.before AND o.is_current
"""

_GO_BACK = f"""
INSERT INTO measurement_observation
    (initiative_id, version_id, period_id, place_id, stratum_id, numerator, denominator,
     denominator_is_derived, missing, sample_size, weight, grade, se, revision, is_current, reason,
     submission_id, approved_at)
SELECT %(initiative)s, %(version)s, n.period_id, n.place_id, n.stratum_id,
       earlier.numerator, earlier.denominator, coalesce(earlier.denominator_is_derived, false),
       coalesce(earlier.missing, 'withdrawn'), earlier.sample_size, earlier.weight,
       coalesce(earlier.grade, 'unknown'), earlier.se, n.after, true, %(reason)s,
       coalesce(earlier.source, %(submission)s), %(now)s
FROM measurement_restatednumber n
LEFT JOIN LATERAL (
    SELECT o.*, CASE WHEN by.state = 'approved' AND by.id <> %(submission)s THEN by.id ELSE (
        SELECT min(c.submission_id) FROM measurement_confirmation c
        JOIN measurement_submission same ON same.id = c.submission_id
        WHERE c.version_id = o.version_id AND c.period_id = o.period_id
          AND c.place_id = o.place_id AND c.stratum_id = o.stratum_id
          AND c.revision = o.revision AND same.state = 'approved'
          AND same.id <> %(submission)s) END AS source
    FROM measurement_observation o
    JOIN measurement_submission by ON by.id = o.submission_id
    WHERE o.initiative_id = %(initiative)s AND o.version_id = %(version)s
      AND o.period_id = n.period_id AND o.place_id = n.place_id AND o.stratum_id = n.stratum_id
      AND o.revision < n.before AND o.missing <> 'withdrawn' AND ({_ELSEWHERE})
    ORDER BY o.revision DESC LIMIT 1
) earlier ON true
WHERE n.restatement_id = %(restatement)s
"""  # noqa: S608 - made of constants

# The numbers themselves, and what was added up from them.
_TOUCHED = """
WITH RECURSIVE added AS (
    SELECT o.id, o.period_id, o.place_id, o.stratum_id, unnest(o.parts) AS part
    FROM measurement_observation o
    WHERE o.version_id = %(version)s AND o.submission_id IS NULL
), number AS (
    SELECT o.id, o.period_id, o.place_id, o.stratum_id
    FROM measurement_restatednumber n
    JOIN measurement_observation o ON o.initiative_id = %(initiative)s
         AND o.version_id = %(version)s AND o.period_id = n.period_id
         AND o.place_id = n.place_id AND o.stratum_id = n.stratum_id AND o.revision = n.before
    WHERE n.restatement_id = %(restatement)s
    UNION
    SELECT added.id, added.period_id, added.place_id, added.stratum_id
    FROM number JOIN added ON added.part = number.id
)
SELECT DISTINCT pointer.release_id
FROM number
JOIN measurement_published pointer
     ON pointer.version_id = %(version)s AND pointer.period_id = number.period_id
JOIN measurement_releasecell cell
     ON cell.release_id = pointer.release_id AND cell.period_id = number.period_id
    AND cell.place_id = number.place_id AND cell.stratum_id = number.stratum_id
ORDER BY pointer.release_id
"""

_WOULD_TOUCH = f"""
SELECT DISTINCT pointer.release_id
FROM (SELECT o.period_id, o.place_id, o.stratum_id {_HELD}) n
JOIN measurement_published pointer
     ON pointer.version_id = %(version)s AND pointer.period_id = n.period_id
JOIN measurement_releasecell cell
     ON cell.release_id = pointer.release_id AND cell.period_id = n.period_id
    AND cell.place_id = n.place_id AND cell.stratum_id = n.stratum_id
ORDER BY pointer.release_id
"""  # noqa: S608 - made of constants

_PAIRS = """
SELECT n.period_id, n.place_id, n.stratum_id,
       old.numerator AS old_numerator, old.denominator AS old_denominator,
       old.missing AS old_missing, old.denominator_is_derived AS old_derived,
       new.numerator AS new_numerator, new.denominator AS new_denominator,
       new.missing AS new_missing, new.denominator_is_derived AS new_derived
FROM measurement_restatednumber n
JOIN people_period p ON p.id = n.period_id
JOIN people_place pl ON pl.id = n.place_id
JOIN measurement_observation old ON old.initiative_id = %(initiative)s
     AND old.version_id = %(version)s AND old.period_id = n.period_id
     AND old.place_id = n.place_id AND old.stratum_id = n.stratum_id AND old.revision = n.before
JOIN measurement_observation new ON new.initiative_id = %(initiative)s
     AND new.version_id = %(version)s AND new.period_id = n.period_id
     AND new.place_id = n.place_id AND new.stratum_id = n.stratum_id AND new.revision = n.after
WHERE n.restatement_id = %(restatement)s
ORDER BY p."end" DESC, p.start, pl.name, n.stratum_id, n.id
LIMIT %(limit)s OFFSET %(offset)s
"""
