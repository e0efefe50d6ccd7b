"""Reports made ahead, put on partners' Today pages, and reminded of: what the clock does."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from celery import shared_task
from django.db import connection, transaction
from django.urls import reverse

from ciforum.people import clock
from ciforum.people.duties import owe
from ciforum.people.models import Duty, Initiative, Membership, Role, User
from ciforum.people.notices import notify
from ciforum.people.transitions import verb
from measurement.models.duties import OWED, ReportDuty
from measurement.models.duty_rules import USUAL_DAYS, ReportingRule
from measurement.owing import telling_duties
from measurement.owing.expecting import AHEAD

# A report comes onto Today this long before its date.
SOON = timedelta(days=21)
# A reminder whose day was missed for longer is left out: it would say what is no longer true.
WINDOW = timedelta(days=3)


@shared_task
def keep_reports() -> None:
    """Make what agreements call for, put it on Today, remind. Safe to run twice, or late."""
    look_ahead()
    owe_soon()
    remind()


def look_ahead() -> int:
    """Make the reports of every agreement up to a month ahead; answers how many are new."""
    until = clock.now().date() + AHEAD
    rules = ReportingRule.objects.standing().exclude(made_until__gt=until + timedelta(days=1))
    return sum(rule.look_ahead() for rule in rules.select_related("initiative"))


def owe_soon() -> None:
    """Give the partner's people each report that is due soon, once."""
    due = _owed().filter(due__lte=clock.now() + SOON)
    there = set(
        Duty.objects.filter(
            kind=telling_duties.HAND_IN, about__in=due.values("uid"), done_at=None
        ).values_list("owner_id", "about")
    )
    team: dict[int, list[Membership]] = defaultdict(list)
    organizations = set(due.values_list("organization_id", flat=True))
    partners = Membership.objects.filter(organization__in=organizations, user__is_active=True)
    for member in partners.current().with_role(Role.PARTNER):
        team[member.organization_id].append(member)
    for duty in due.select_related("indicator", "organization", "period"):
        for member in team[duty.organization_id]:
            if (member.pk, duty.uid) not in there:
                owe_report(duty, member)


def owe_report(duty: ReportDuty, member: Membership) -> None:
    owe(
        member,
        telling_duties.HAND_IN,
        about=duty.uid,
        due=duty.due,
        uid=str(duty.uid),
        indicator=dict(duty.indicator.name),
        period=telling_duties.period_params(duty.period),
    )


def _owed() -> Any:
    """Reports that wait for the partner, of organizations that are still with us."""
    return (
        ReportDuty.objects.filter(state="open", organization__ended_at=None)
        .with_standing()
        .filter(standing__in=OWED)
    )


@verb
def remind() -> int:
    """Remind partners of what is due: one mail a person and date; answers how many.

    Each reminder's row is claimed first, so of two workers one tells. The mail itself goes out
    when this has committed.
    """
    letters: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for duty, user, days, due, organization in _claim():
        letters[user, organization, days, due].append(duty)
    duties = ReportDuty.objects.select_related(
        "initiative", "indicator", "period", "organization"
    ).in_bulk([pk for pks in letters.values() for pk in pks])
    people = User.objects.in_bulk([key[0] for key in letters])
    for (user, _organization, days, due), pks in letters.items():
        _write(people[user], days, due, [duties[pk] for pk in pks])
    return len(letters)


def _write(to: User, days: int, due: datetime, reports: list[ReportDuty]) -> None:
    initiative: Initiative = reports[0].initiative
    reports.sort(key=lambda each: (str(each.indicator.name), each.period.start))
    mute = reverse("measurement:duty_reminders", args=[initiative.slug])
    notify(
        to,
        telling_duties.REMINDER,
        initiative=initiative,
        dedup_key=str(uuid4()),  # claimed above; nothing else could make it once
        about=reports[0].uid,
        organization=reports[0].organization.name,
        days=days,
        due=due.isoformat(),
        mute=mute + (f"?duty={reports[0].uid}" if len(reports) == 1 else ""),
        reports=[
            {
                "uid": str(each.uid),
                "indicator": dict(each.indicator.name),
                "period": telling_duties.period_params(each.period),
            }
            for each in reports
        ],
    )


def _claim() -> list[tuple[int, int, int, datetime, int]]:
    """(duty, user, days, due, organization) of every reminder whose moment has come, once each."""
    now = clock.now()
    near = _owed().filter(due__range=(now - timedelta(days=64), now + timedelta(days=61)))
    params: dict[str, Any] = {
        "duties": list(near.values_list("pk", flat=True)),
        "now": now,
        "since": now - WINDOW,
        "usual": list(USUAL_DAYS),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, params)
        return list(cursor.fetchall())


# Of several moments that have come, only the last; at eight in the morning where they live.
_CLAIM = """
WITH moments AS (
    SELECT d.id AS duty_id, d.organization_id, d.due, step.days
    FROM measurement_reportduty d
    JOIN people_initiative i ON i.id = d.initiative_id
    LEFT JOIN measurement_reminderschedule chosen ON chosen.initiative_id = i.id
    JOIN LATERAL (
        SELECT days, ((d.due AT TIME ZONE i.time_zone)::date + days::int + time '08:00')
                     AT TIME ZONE i.time_zone AS moment
        FROM unnest(coalesce(chosen.days, %(usual)s::smallint[])) AS days
        WHERE ((d.due AT TIME ZONE i.time_zone)::date + days::int + time '08:00')
              AT TIME ZONE i.time_zone <= %(now)s
        ORDER BY days DESC LIMIT 1
    ) step ON step.moment > %(since)s
    WHERE d.id = ANY(%(duties)s::bigint[])
), claimed AS (
    INSERT INTO measurement_reportreminder (duty_id, user_id, days, due, at)
    SELECT DISTINCT moments.duty_id, m.user_id, moments.days, moments.due, %(now)s
    FROM moments
    JOIN people_membership m ON m.organization_id = moments.organization_id
         AND m.ended_at IS NULL AND 'partner' = ANY(m.roles)
    JOIN people_user u ON u.id = m.user_id AND u.is_active
    WHERE NOT EXISTS (SELECT 1 FROM measurement_remindermute mute
                      WHERE mute.user_id = m.user_id AND mute.initiative_id = m.initiative_id
                        AND (mute.duty_id IS NULL OR mute.duty_id = moments.duty_id))
    ON CONFLICT DO NOTHING
    RETURNING duty_id, user_id, days, due
)
SELECT claimed.duty_id, claimed.user_id, claimed.days, claimed.due, moments.organization_id
FROM claimed JOIN moments ON moments.duty_id = claimed.duty_id
"""
