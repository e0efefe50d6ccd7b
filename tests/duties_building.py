"""Reports that are owed, and files that bring them, for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from ciforum.people.models import Membership, Period
from measurement.models import Indicator, ReportDuty, ReportingRule, Submission
from measurement.reading.periods import PeriodSpec
from measurement.reading.rows import TableReading
from tests import builders

NOW = datetime(2026, 5, 16, 15, tzinfo=UTC)


def a_quarter(year: int = 2026, quarter: int = 1) -> PeriodSpec:
    month = 3 * quarter - 2
    end = date(year + 1, 1, 1) if quarter == 4 else date(year, month + 3, 1)
    return PeriodSpec(date(year, month, 1), end, "quarter", f"{year} Q{quarter}")


def a_duty(
    indicator: Indicator,
    partner: Membership,
    backbone: Membership,
    *,
    days: int = 10,
    quarter: int = 1,
    year: int = 2026,
) -> Any:
    """A report of one quarter, due so many days from NOW."""
    spec = a_quarter(year, quarter)
    return ReportDuty.expect(
        indicator=indicator,
        organization=partner.organization,
        period=Period.objects.of(indicator.initiative, spec.kind, spec.start, spec.end),
        due=NOW + timedelta(days=days),
        by=backbone.user,
    )


def a_rule(
    indicator: Indicator, partner: Membership, backbone: Membership, **fields: Any
) -> ReportingRule:
    """Each quarter, twenty days after it ends."""
    values = {"every": "quarter", "days_after": 20, "begins": date(2026, 4, 1)}
    return ReportingRule.agree(
        indicator=indicator,
        organization=partner.organization,
        by=backbone.user,
        **{**values, **fields},
    )


def brought(
    indicator: Indicator,
    partner: Membership,
    period: PeriodSpec | None = None,
    *,
    numbers: tuple[int, int] = (50, 60),
    reason: str = "",
    hand_in: bool = True,
) -> Any:
    """A partner's file about one quarter, read and (unless told otherwise) handed in."""
    submission = builders.a_submission(indicator, partner)
    Submission.objects.filter(pk=submission.pk).update(state="checking")
    submission.refresh_from_db()
    row = builders._row((period or a_quarter(), "Here"), numbers)
    submission.store_reading(TableReading([row], []))
    if hand_in:
        submission.hand_in(by=partner.user, reason=reason)
    return submission


def standing(duty: ReportDuty) -> str:
    found = ReportDuty.objects.filter(pk=duty.pk).with_standing()
    return str(found.values_list("standing", flat=True)[0])
