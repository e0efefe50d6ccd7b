"""A period as an address names it: `year:2024-01-01:2025-01-01`, and as a file would write it."""

from __future__ import annotations

from datetime import date, timedelta

from ciforum.people.models import Period


def asked_period(text: str) -> Period | None:
    """The period that an address names, not kept; None for anything else."""
    kind, _colon, days = text.replace("\x00", "").partition(":")
    start, _colon, end = days.partition(":")
    try:
        first, after = date.fromisoformat(start), date.fromisoformat(end)
    except ValueError:
        return None
    if kind not in Period.Kind.values or after <= first:
        return None
    return Period(kind=kind, start=first, end=after)


def address_of(period: Period) -> str:
    """The reverse of `asked_period`."""
    return f"{period.kind}:{period.start.isoformat()}:{period.end.isoformat()}"


def period_text(period: Period) -> str:
    """As `parse_period` reads it back; "" for days that no such text can name."""
    start, last = period.start, period.end - timedelta(days=1)
    match period.kind:
        case "year":
            return f"{start.year}"
        case "school_year":
            return f"{start.year}-{last.year}"
        case "fiscal_year":
            return f"FY{last.year}"
        case "quarter":
            return f"{start.year} Q{(start.month + 2) // 3}"
        case "month":
            return f"{start.year}-{start.month:02}"
        case "day":
            return start.isoformat()
        case _:
            return f"{start.year}-{last.year}"
