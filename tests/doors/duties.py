"""Reports that are owed, agreements, reminders, and numbers that changed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from ciforum.people import clock
from ciforum.people.models import Membership, Period
from ciforum.people.words import Words
from measurement.models import ReportDuty, ReportingRule
from tests import builders
from tests.doors.roles import BACKBONE, DESK, members

_HERE = ("initiative",)
_DUTY = ("initiative", "duty")
_RESTATEMENT = ("initiative", "restatement")

TABLE = {
    "measurement:duties": ("get", _HERE, members(only=DESK)),
    "measurement:duties_csv": ("get", _HERE, members(only=DESK)),
    "measurement:duty_partner": ("get", ("initiative", "organization"), members(only=DESK)),
    "measurement:duty_new": ("get", _HERE, members(only=BACKBONE)),
    "measurement:duty_rules": ("get", _HERE, members(only=DESK)),
    "measurement:duty_rule_new": ("get", _HERE, members(only=BACKBONE)),
    "measurement:duty_rule_end": ("get", ("initiative", "rule"), members(only=BACKBONE)),
    "measurement:duty_reminders": ("get", _HERE, members(only=DESK)),
    "measurement:duty_mute": ("post", _HERE, members(302, only=DESK)),
    "measurement:duty": ("get", _DUTY, members(only=DESK)),
    "measurement:duty_excuse": ("get", _DUTY, members(only=("partner",))),
    "measurement:duty_accept": (
        "post",
        ("initiative", "excused_duty"),
        members(302, only=BACKBONE),
    ),
    "measurement:duty_ask_again": ("get", _DUTY, members(only=BACKBONE)),
    "measurement:duty_close": ("get", _DUTY, members(only=BACKBONE)),
    "measurement:duty_reopen": ("post", ("initiative", "closed_duty"), members(302, only=BACKBONE)),
    "measurement:duty_put_off": ("get", _DUTY, members(only=BACKBONE)),
    "measurement:restatements": ("get", _HERE, members()),
    "measurement:restatements_csv": ("get", _HERE, members()),
    "measurement:restatement": ("get", _RESTATEMENT, members()),
    "measurement:restatement_csv": ("get", _RESTATEMENT, members(only=DESK)),
    "measurement:restatement_explain": ("get", _RESTATEMENT, members(only=BACKBONE)),
    "measurement:submission_retract": (
        "get",
        ("initiative", "approved_submission"),
        members(only=DESK),
    ),
}


def furnish(house: Any) -> dict[str, Any]:
    """An agreement with its report, one without numbers, one closed, and a corrected number."""
    staff, partner = _member(house, "backbone"), _member(house, "partner")
    indicator = builders.an_indicator(house.initiative, "Attendance")
    today = clock.now().date()
    rule = ReportingRule.agree(
        indicator=indicator,
        organization=partner.organization,
        every="month",
        days_after=20,
        begins=today - timedelta(days=40),
        by=staff.user,
    )
    excused, closed = (_once(indicator, partner, staff, year) for year in (2001, 2002))
    excused.excuse(reason="not_collected", words=Words(en="Not then."), by=partner.user)
    closed.close(words=Words(en="Nobody needs it."), by=staff.user)
    builders.approved(indicator, partner, staff, {(2020, "Here"): (50, 600)})
    corrected = builders.approved(
        indicator, partner, staff, {(2020, "Here"): (51, 600)}, "One was forgotten."
    )
    return {
        "duty": rule.duties.order_by("due")[0].uid,
        "rule": rule.uid,
        "excused_duty": excused.uid,
        "closed_duty": closed.uid,
        "restatement": corrected.restatements.get().uid,
        "approved_submission": corrected.uid,
    }


def _once(indicator: Any, partner: Membership, staff: Membership, year: int) -> Any:
    period = Period.objects.of(indicator.initiative, "year", date(year, 1, 1), date(year + 1, 1, 1))
    due = clock.now() + timedelta(days=30)
    return ReportDuty.expect(
        indicator=indicator,
        organization=partner.organization,
        period=period,
        due=due,
        by=staff.user,
    )


def _member(house: Any, role: str) -> Membership:
    return Membership.objects.get(initiative=house.initiative, user=house.people[role])
