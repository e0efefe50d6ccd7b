"""The matrix partner × indicator × period of what is owed: a few queries however much it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Min, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ciforum.people.models import Period
from measurement.desk.askedperiods import address_of
from measurement.models.duties import OWED, Reason, Standing

if TYPE_CHECKING:
    from ciforum.people.models import Organization
    from measurement.models import ReportDuty

ROWS = 30
COLUMNS = 12

# Each standing: its icon, and its mark as a pill (docs/look.md). Words stand beside both.
ICONS = {
    Standing.LATE: "circle-alert",
    Standing.DUE: "clock",
    Standing.RETURNED: "undo-2",
    Standing.RECEIVED: "inbox",
    Standing.APPROVED: "circle-check",
    Standing.NOT_COLLECTED: "minus",
    Standing.CLOSED: "lock",
}


@dataclass(frozen=True)
class Cell:
    """One expected report as a reader may open it: `url` is what to do or what was handed in."""

    standing: str
    label: str
    icon: str
    period: str
    due: datetime
    url: str
    duty_url: str
    hands_in: bool
    why: str = ""


@dataclass(frozen=True)
class Row:
    partner: str
    partner_url: str
    indicator: str
    cells: list[Cell | None]

    @property
    def shown(self) -> list[Cell]:
        return [cell for cell in self.cells if cell]


@dataclass(frozen=True)
class Matrix:
    """A page of rows, and up to twelve periods as columns, the newest last."""

    periods: list[Period]
    rows: list[Row]
    page: Page[Any]
    has_earlier: bool
    columns_page: int


def name_of(path: str) -> Any:
    """The text of a `Words` column in the reader's language, for order."""
    language = (get_language() or "en").split("-")[0]
    return Coalesce(*(KeyTextTransform(code, path) for code in (language, "en", "es")))


def counts(duties: Any) -> list[tuple[str, str, str, int]]:
    """(standing, its word, icon, how many), for those that occur; counted in the database."""
    found = dict(
        duties.order_by().values("standing").annotate(n=Count("pk")).values_list("standing", "n")
    )
    return [
        (each.value, str(each.label), ICONS[each], found[each.value])
        for each in Standing
        if found.get(each.value)
    ]


def build(
    duties: Any, *, sort: str, page: str | None, earlier: int, hands_in_for: Iterable[Organization]
) -> Matrix:
    """The matrix of these duties (with their standing): `earlier` steps back by twelve periods."""
    periods, has_earlier = _periods(duties, earlier)
    rows = _pairs(duties.filter(period__in=periods), sort)
    shown = Paginator(rows, ROWS).get_page(page)
    own = {each.pk for each in hands_in_for}
    return Matrix(
        periods=periods,
        rows=_rows(duties, periods, list(shown), own),
        page=shown,
        has_earlier=has_earlier,
        columns_page=earlier,
    )


def _periods(duties: Any, earlier: int) -> tuple[list[Period], bool]:
    newest = Period.objects.filter(pk__in=duties.order_by().values("period")).order_by(
        "-end", "-start", "kind"
    )
    start = COLUMNS * earlier
    found = list(newest[start : start + COLUMNS + 1])
    return found[:COLUMNS][::-1], len(found) > COLUMNS


def _pairs(duties: Any, sort: str) -> Any:
    """Partner and indicator of each row, in the chosen order. No partner is ranked by another."""
    by_partner = ("organization__name", "indicator_name", "organization", "indicator")
    orders: dict[str, tuple[Any, ...]] = {
        "partner": by_partner,
        "indicator": ("indicator_name", "organization__name", "indicator", "organization"),
        "due": (F("first_due").asc(nulls_last=True), *by_partner),
    }
    pairs = (
        duties.order_by()
        .annotate(indicator_name=name_of("indicator__name"))
        .values("organization", "organization__name", "indicator", "indicator_name")
    )
    if sort == "due":
        pairs = pairs.annotate(first_due=Min("due", filter=Q(standing__in=OWED)))
    return pairs.distinct().order_by(*orders.get(sort, by_partner))


def _rows(
    duties: Any, periods: list[Period], pairs: list[dict[str, Any]], own: set[int]
) -> list[Row]:
    wanted = duties.filter(
        period__in=periods,
        organization__in={pair["organization"] for pair in pairs},
        indicator__in={pair["indicator"] for pair in pairs},
    )
    handed: dict[tuple[int, int, int], Any] = {
        (each.organization_id, each.indicator_id, each.period_id): each for each in fetched(wanted)
    }
    rows = []
    for pair in pairs:
        key = pair["organization"], pair["indicator"]
        cells = [_cell(handed.get((*key, period.pk)), own) for period in periods]
        first: Any = next(each for k, each in handed.items() if k[:2] == key)
        rows.append(
            Row(
                partner=first.organization.name,
                partner_url=reverse(
                    "measurement:duty_partner",
                    args=[first.initiative.slug, first.organization.slug],
                ),
                indicator=str(first.indicator.name),
                cells=cells,
            )
        )
    return rows


def fetched(duties: Any) -> list[ReportDuty]:
    """With all that a cell needs, in one query."""
    related = duties.select_related("organization", "indicator", "period", "initiative")
    return list(related.order_by("due", "pk"))


def _cell(duty: Any, own: set[int]) -> Cell | None:
    return cell(duty, own) if duty else None


def cell(duty: Any, own: set[int]) -> Cell:
    """A duty with its standing, as somebody sees it who hands in for the organizations `own`."""
    standing = Standing(duty.standing)
    hands_in = standing in (Standing.DUE, Standing.LATE) and duty.organization_id in own
    return Cell(
        standing=standing.value,
        label=word(duty),
        icon=ICONS[standing],
        period=str(duty.period),
        due=duty.due,
        url=_url(duty, hands_in),
        duty_url=duty.get_absolute_url(),
        hands_in=hands_in,
        why=str(duty.why) if duty.why and standing in _WORDED else "",
    )


_WORDED = (Standing.NOT_COLLECTED, Standing.CLOSED)


def word(duty: Any) -> str:
    """The standing in words; of what will not come, the reason, and whether it waits."""
    if duty.standing != Standing.NOT_COLLECTED:
        return str(Standing(duty.standing).label)
    reason = str(_REASONS[duty.reason]())
    if duty.state == "accepted":
        return reason
    return _("%(reason)s (no answer yet)") % {"reason": reason}


_REASONS = {
    Reason.NOT_COLLECTED: lambda: _("Not collected"),
    Reason.CANNOT_SHARE: lambda: _("Cannot be shared"),
    Reason.NOT_APPLICABLE: lambda: _("Does not apply"),
    Reason.CLOSED: lambda: _("Was closed then"),
}


def _url(duty: Any, hands_in: bool) -> str:
    slug = duty.initiative.slug
    if duty.handed_uid and duty.standing not in (Standing.CLOSED, Standing.NOT_COLLECTED):
        return reverse("measurement:submission", args=[slug, duty.handed_uid])
    if hands_in:
        return hand_in_url(duty)
    return str(duty.get_absolute_url())


def hand_in_url(duty: Any) -> str:
    """Where the partner hands in what this report asks for."""
    asked = {
        "indicator": duty.indicator.slug,
        "organization": duty.organization.uid,
        "period": address_of(duty.period),
    }
    address = reverse("measurement:upload", args=[duty.initiative.slug])
    return f"{address}?{urlencode(asked)}"
