"""From approved rows to observations, in SQL, all or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Period, Place
from equity.models.groups import groups_by_key
from measurement.desk import staging
from measurement.desk.placenames import NEW, PlaceNames

if TYPE_CHECKING:
    from measurement.models import Submission

_GROUPS_CHANGED = _(
    "The groups were changed after this file was read. Send it back, so that it is read again."
)
_PLACES_CHANGED = _(
    "The places were changed after this file was read. Send it back, so that it is read again."
)


def observe(submission: Submission) -> tuple[int, int]:
    """Turn a submission's rows into observations; answers (added, restated).

    A row equal to the current observation adds nothing. One that differs takes its place as the
    next revision, with the submission's reason; the old row stays. So does one that says what was
    added up from other numbers here, but that is no restatement. The caller holds the locks.
    Raises ValidationError when groups or approved numbers changed since it was handed in.
    """
    _make_places(submission)
    _make_periods(submission)
    _make_strata(submission)
    restated = staging.changes(submission)
    if not submission.reason and restated:
        raise ValidationError(
            _(
                "Since this was handed in, other numbers were approved that it would replace. "
                "Send it back, so that the partner can say why."
            )
        )
    params = {
        "submission": submission.pk,
        "initiative": submission.initiative_id,
        "version": submission.version_id,
        "reason": submission.reason,
        # Where no number changes she was not asked why.
        "instead": gettext("Handed in. It was added up from other numbers before."),
        "now": clock.now(),
    }
    with staging.joining_many() as cursor:
        cursor.execute(_RETIRE, params)
        cursor.execute(_ADD, params)
        return cursor.rowcount - restated, restated


def _make_places(submission: Submission) -> None:
    """Make the places that are new, and name them by their codes from now on."""
    staged = list(submission.rows.values_list("place_code", flat=True).distinct())
    places = PlaceNames(submission.initiative)
    keys = [key for key in staged if key.startswith(NEW)]
    if any(key not in places.names for key in staged if not key.startswith(NEW)):
        raise ValidationError(_PLACES_CHANGED)
    codes = {key: places(key)[0] for key in keys}
    made = {key: places.free_code(key.removeprefix(NEW)) for key in keys if codes[key] == key}
    Place.objects.bulk_create(
        [
            Place(initiative=submission.initiative, code=code, name=key.removeprefix(NEW))
            for key, code in made.items()
        ]
    )
    codes.update(made)
    with connection.cursor() as cursor:
        params: list[Any] = [list(codes), list(codes.values()), submission.pk]
        cursor.execute(_NAME_PLACES, params)


def _make_periods(submission: Submission) -> None:
    staged = submission.rows.values_list("period_kind", "period_start", "period_end").distinct()
    Period.objects.bulk_create(
        [
            Period(initiative=submission.initiative, kind=kind, start=start, end=end)
            for kind, start, end in staged
        ],
        ignore_conflicts=True,
    )


def _make_strata(submission: Submission) -> None:
    """A group that was renamed by a new version of its dimension is not the group she meant."""
    groups = groups_by_key(submission.initiative)
    strata = apps.get_model("measurement", "Stratum").objects
    staged = dict(submission.rows.values_list("stratum_key", "group_keys").distinct())
    known = set(
        strata.for_initiative(submission.initiative)
        .filter(key__in=list(staged))
        .values_list("key", flat=True)
    )
    for key, names in staged.items():
        members = [groups[name] for name in names if name in groups]
        if "+".join(sorted(str(group.uid) for group in members)) != key:
            raise ValidationError(_GROUPS_CHANGED)
        if key not in known:
            strata.of(submission.initiative, members)


_NAME_PLACES = """
UPDATE measurement_submissionrow r SET place_code = named.code
FROM unnest(%s::text[], %s::text[]) AS named (key, code)
WHERE r.place_code = named.key AND r.submission_id = %s
"""

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
  AND (o.submission_id IS NULL
       OR (o.numerator, o.denominator, o.missing, o.sample_size, o.weight, o.grade, o.se)
          IS DISTINCT FROM
          (r.numerator, r.denominator, r.missing, r.sample_size, r.weight, r.grade, r.se))
"""  # noqa: S608 - made of constants

_ADD = f"""
INSERT INTO measurement_observation
    (initiative_id, version_id, period_id, place_id, stratum_id, numerator, denominator,
     denominator_is_derived, missing, sample_size, weight, grade, se, revision, is_current, reason,
     submission_id, approved_at)
SELECT %(initiative)s, %(version)s, p.id, pl.id, s.id, r.numerator, r.denominator,
       r.denominator_is_derived, r.missing, r.sample_size, r.weight, r.grade, r.se,
       coalesce(earlier.revision, 0) + 1, true,
       CASE WHEN earlier.revision IS NULL THEN ''
            ELSE coalesce(nullif(%(reason)s, ''), %(instead)s) END, %(submission)s, %(now)s
{_FOUND}
LEFT JOIN (
    SELECT o.period_id, o.place_id, o.stratum_id,
           max(o.revision) AS revision, bool_or(o.is_current) AS is_current
    FROM measurement_observation o
    WHERE o.initiative_id = %(initiative)s AND o.version_id = %(version)s
    GROUP BY o.period_id, o.place_id, o.stratum_id
) earlier ON earlier.period_id = p.id AND earlier.place_id = pl.id AND earlier.stratum_id = s.id
WHERE r.submission_id = %(submission)s AND coalesce(earlier.is_current, false) = false
"""  # noqa: S608 - made of constants
