"""Numbers half typed in the demonstration: what a partner goes on with the next morning."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from ciforum.demo.people import Cast
from ciforum.people.models import Period
from measurement.desk.grids import Grid
from measurement.models import Grade, GridDraft, Indicator

# Mothers visited at home, and mothers, for the first rows; of one group nothing was shared.
TYPED = (("212", "655"), ("31", "84"), ("", ""), ("118", "402"))


def begin_typing(cast: Cast) -> None:
    """The health department has begun this year's home visits, and has not finished."""
    year = timezone.now().year
    indicator = Indicator.objects.get(initiative=cast.initiative, slug="home-visits")
    organization = cast.organization("partner")
    period = Period(kind=Period.Kind.YEAR, start=date(year, 1, 1), end=date(year + 1, 1, 1))
    draft = GridDraft.objects.create(
        initiative=cast.initiative,
        indicator=indicator,
        organization=organization,
        period_kind=period.kind,
        period_start=period.start,
        period_end=period.end,
        saved_by=cast.user("partner"),
    )
    cells = {
        row.key: {"counted": counted, "out_of": out_of, "why": "" if counted else "refused"}
        for row, (counted, out_of) in zip(
            Grid(indicator, organization, period).rows({}), TYPED, strict=False
        )
    }
    draft.write(by=cast.user("partner"), cells=cells, grade=Grade.ADMINISTRATIVE)
