"""From an agreement to the single reports it makes, ahead of time; and which file brings which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection

from ciforum.people import clock
from ciforum.people.models import Period

if TYPE_CHECKING:
    from measurement.models import ReportingRule

# A report is made this long before its period begins, so that a partner sees it coming.
AHEAD = timedelta(days=31)
# School and fiscal years as files are read here (`reading.periods`): from 1 July to 30 June.
_MONTHS = {"month": 1, "quarter": 3, "year": 12, "school_year": 12, "fiscal_year": 12}
_FIRST_MONTH = {"school_year": 7, "fiscal_year": 7}


def first_start(every: str, day: date) -> date:
    """The first day, on or after `day`, on which a period of this kind begins."""
    months, first = _MONTHS[every], _FIRST_MONTH.get(every, 1)
    start = date(day.year - 1, first, 1)
    while start < day:
        start = _later(start, months)
    return start


def around(every: str, day: date) -> tuple[date, date]:
    """The period of this kind that holds `day`."""
    months, start = _MONTHS[every], date(day.year - 1, _FIRST_MONTH.get(every, 1), 1)
    while _later(start, months) <= day:
        start = _later(start, months)
    return start, _later(start, months)


def spans(every: str, begins: date, until: date) -> Iterator[tuple[date, date]]:
    """(first day, day after the last) of each period that starts in [begins, until]."""
    start = first_start(every, begins)
    while start <= until:
        end = _later(start, _MONTHS[every])
        yield start, end
        start = end


def _later(day: date, months: int) -> date:
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, 1)


def make(rule: ReportingRule) -> int:
    """Make the reports of an agreement that are to be seen by now; answers how many are new.

    Safe to run twice: what is there stays. The caller holds the rule.
    """
    initiative = rule.initiative
    until = clock.now().astimezone(initiative.zone).date() + AHEAD
    wanted = list(spans(rule.every, rule.made_until or rule.begins, until))
    if not wanted:
        return 0
    keys = [{"initiative": initiative, "kind": rule.every, "start": s, "end": e} for s, e in wanted]
    Period.objects.bulk_create([Period(**key) for key in keys], ignore_conflicts=True)
    periods = Period.objects.for_initiative(initiative).filter(
        kind=rule.every, start__in=[start for start, _end in wanted]
    )
    duties = apps.get_model("measurement", "ReportDuty").objects
    before = set(duties.filter(rule=rule).values_list("pk", flat=True))
    duties.bulk_create([_duty(rule, period) for period in periods], ignore_conflicts=True)
    new = duties.filter(rule=rule).exclude(pk__in=before).values_list("pk", flat=True)
    tie(duties=list(new))
    rule.made_until = wanted[-1][1]
    rule.save(update_fields=["made_until"])
    return len(new)


def _duty(rule: ReportingRule, period: Period) -> Any:
    last_day = period.end - timedelta(days=1)
    return apps.get_model("measurement", "ReportDuty")(
        initiative=rule.initiative,
        indicator_id=rule.indicator_id,
        organization_id=rule.organization_id,
        period=period,
        rule=rule,
        due=clock.end_of_day(last_day + timedelta(days=rule.days_after), rule.initiative.time_zone),
        expected_at=clock.now(),
    )


def tie(*, duties: Sequence[int] = (), submission: int | None = None) -> list[int]:
    """Tie reports to the submissions that bring them; answers the reports that are newly tied.

    Give new reports (they may have been handed in already), or the submission just handed in.
    A submission's own list of periods says what it is about; of the many periods in a file of
    days only the newest are listed there.
    """
    params = {"duties": list(duties), "submission": submission}
    with connection.cursor() as cursor:
        cursor.execute(_TIE, params)
        return [duty for (duty,) in cursor.fetchall()]


def closed_periods(submission: Any) -> list[Any]:
    """The closed reports for which this submission brings new or other numbers."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOSED, {"submission": submission.pk, "version": submission.version_id})
        ids = [pk for (pk,) in cursor.fetchall()]
    return list(
        apps.get_model("measurement", "ReportDuty")
        .objects.filter(pk__in=ids)
        .select_related("period")
        .order_by("period__start")
    )


_TIE = """
INSERT INTO measurement_dutyhandin (duty_id, submission_id)
SELECT d.id, s.id
FROM measurement_reportduty d
JOIN people_period p ON p.id = d.period_id
JOIN measurement_submission s
     ON s.indicator_id = d.indicator_id AND s.organization_id = d.organization_id
WHERE (d.id = ANY(%(duties)s::bigint[]) OR s.id = %(submission)s)
  AND s.state IN ('handed_in', 'approved')
  AND s.summary->'periods'
      @> jsonb_build_array(jsonb_build_array(p.kind, p.start::text, p."end"::text))
ON CONFLICT DO NOTHING
RETURNING duty_id
"""

_CLOSED = """
SELECT DISTINCT d.id
FROM measurement_submission s
JOIN measurement_reportduty d ON d.indicator_id = s.indicator_id
     AND d.organization_id = s.organization_id AND d.state = 'closed'
JOIN people_period p ON p.id = d.period_id
JOIN measurement_submissionrow r ON r.submission_id = s.id AND r.period_kind = p.kind
     AND r.period_start = p.start AND r.period_end = p."end"
LEFT JOIN people_place pl ON pl.initiative_id = s.initiative_id AND pl.code = r.place_code
LEFT JOIN measurement_stratum st
     ON st.initiative_id = s.initiative_id AND st.key = r.stratum_key
LEFT JOIN measurement_observation o ON o.initiative_id = s.initiative_id
     AND o.version_id = %(version)s AND o.is_current AND o.period_id = p.id
     AND o.place_id = pl.id AND o.stratum_id = st.id
     AND (o.numerator, o.denominator, o.missing)
         IS NOT DISTINCT FROM (r.numerator, r.denominator, r.missing)
WHERE s.id = %(submission)s AND o.id IS NULL
"""
