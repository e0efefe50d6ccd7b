"""From approved rows to observations, in SQL, all or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection

from ciforum.people import clock
from ciforum.people.models import Period, Place
from equity.models.groups import groups_by_key

if TYPE_CHECKING:
    from measurement.models import Submission


def observe(submission: Submission) -> tuple[int, int]:
    """Turn a submission's rows into observations; answers (added, restated).

    A row equal to the current observation adds nothing. One that differs takes its place as the
    next revision, with the submission's reason; the old row stays. The caller holds the locks.
    """
    _make_places(submission)
    _make_periods(submission)
    _make_strata(submission)
    params = {
        "submission": submission.pk,
        "initiative": submission.initiative_id,
        "version": submission.version_id,
        "reason": submission.reason,
        "now": clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_RETIRE, params)
        restated = cursor.rowcount
        cursor.execute(_ADD, params)
        return cursor.rowcount - restated, restated


def _make_places(submission: Submission) -> None:
    names = dict(submission.rows.values_list("place_code", "place_name").distinct())
    known = set(
        Place.objects.for_initiative(submission.initiative)
        .filter(code__in=names)
        .values_list("code", flat=True)
    )
    Place.objects.bulk_create(
        [
            Place(initiative=submission.initiative, code=code, name=name)
            for code, name in names.items()
            if code not in known
        ]
    )


def _make_periods(submission: Submission) -> None:
    spans = submission.rows.values_list("period_kind", "period_start", "period_end").distinct()
    for kind, start, end in spans:
        Period.objects.of(submission.initiative, kind, start, end)


def _make_strata(submission: Submission) -> None:
    groups = groups_by_key(submission.initiative)
    strata = apps.get_model("measurement", "Stratum").objects
    for keys in submission.rows.values_list("group_keys", flat=True).distinct():
        strata.of(submission.initiative, [groups[key] for key in keys])


_FOUND = """
FROM measurement_submissionrow r
JOIN people_period p ON p.initiative_id = %(initiative)s AND p.kind = r.period_kind
     AND p.start = r.period_start AND p."end" = r.period_end
JOIN people_place pl ON pl.initiative_id = %(initiative)s AND pl.code = r.place_code
JOIN measurement_stratum s ON s.initiative_id = %(initiative)s AND s.key = r.stratum_key
"""

_RETIRE = f"""
UPDATE measurement_observation o SET is_current = false
{_FOUND}
WHERE r.submission_id = %(submission)s AND o.initiative_id = %(initiative)s
  AND o.version_id = %(version)s AND o.is_current
  AND o.period_id = p.id AND o.place_id = pl.id AND o.stratum_id = s.id
  AND (o.numerator, o.denominator, o.missing)
      IS DISTINCT FROM (r.numerator, r.denominator, r.missing)
"""

_ADD = f"""
INSERT INTO measurement_observation
    (initiative_id, version_id, period_id, place_id, stratum_id, numerator, denominator,
     denominator_is_derived, missing, revision, is_current, reason, submission_id, approved_at)
SELECT %(initiative)s, %(version)s, p.id, pl.id, s.id, r.numerator, r.denominator,
       r.denominator_is_derived, r.missing, coalesce(earlier.revision, 0) + 1, true,
       CASE WHEN earlier.revision IS NULL THEN '' ELSE %(reason)s END, %(submission)s, %(now)s
{_FOUND}
LEFT JOIN LATERAL (
    SELECT max(o.revision) AS revision, bool_or(o.is_current) AS is_current
    FROM measurement_observation o
    WHERE o.initiative_id = %(initiative)s AND o.version_id = %(version)s
      AND o.period_id = p.id AND o.place_id = pl.id AND o.stratum_id = s.id
) earlier ON true
WHERE r.submission_id = %(submission)s AND coalesce(earlier.is_current, false) = false
"""
