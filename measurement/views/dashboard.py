"""The dashboard made for funders: released results by group, what is held, what is overdue."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ciforum.people import clock
from ciforum.people.folding import folded
from ciforum.people.requests import SignedInRequest
from equity.models import LedgerEntry, Waiver
from measurement import headline, wording
from measurement.models import DataRequest, Indicator, Release
from measurement.models.indicators import Measure
from measurement.permissions import may_see_dashboard
from measurement.shown import Choice, Shown, show
from measurement.views.crumbs import trail

ON_A_PAGE = 6
PERIODS = 4


@require_safe
def dashboard(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Results by group for every released indicator, and what stands in the way of others."""
    if not may_see_dashboard(request.membership):
        raise PermissionDenied
    own = Indicator.objects.for_initiative(request.initiative).select_related("initiative")
    published = sorted(own.published(), key=lambda each: folded(str(each.name)))
    page = Paginator(published, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "measurement/dashboard.html",
        {
            "page": page,
            "results": [_result(each) for each in page.object_list],
            "facts": _facts(request, len(published)),
            "overdue": DataRequest.objects.for_initiative(request.initiative)
            .filter(state=DataRequest.State.SENT, due__lt=clock.now())
            .select_related("dimension", "indicator"),
            "crumbs": trail(request),
        },
    )


def _facts(request: SignedInRequest, published: int) -> list[tuple[str, int, str]]:
    """(what, how many, where to read on)."""
    initiative = request.initiative
    entries = LedgerEntry.objects.for_initiative(initiative)
    ledger = reverse("equity:ledger", args=[initiative.slug])
    drafts = Release.objects.for_initiative(initiative).filter(state=Release.State.DRAFT)
    return [
        (
            _("indicators are public"),
            published,
            reverse("measurement:overview", args=[initiative.slug]),
        ),
        (_("releases are in preparation"), drafts.count(), ""),
        (_("times a step was held"), entries.filter(kind="hold").count(), ledger),
        (_("times a step passed"), entries.filter(kind="pass").count(), ledger),
        (
            _("waivers are in force"),
            Waiver.objects.for_initiative(initiative).live().count(),
            reverse("equity:waivers", args=[initiative.slug]),
        ),
        (
            _("data requests wait for an answer"),
            DataRequest.objects.for_initiative(initiative).filter(state="sent").count(),
            reverse("measurement:requests", args=[initiative.slug]),
        ),
    ]


def _result(indicator: Indicator) -> dict[str, Any]:
    """One indicator: a sentence and its newest periods by group."""
    shown = show(indicator, Choice())
    if shown is None:
        return {"indicator": indicator}
    periods = shown.periods[-PERIODS:]
    holes = any(
        (period, series) not in shown.by_key for period in periods for series in shown.series
    )
    return {
        "indicator": indicator,
        "shown": shown,
        "sentence": headline.headline(shown),
        "note": headline.overlap_note() if shown.overlaps else "",
        "periods": periods,
        "rows": [_row(shown, series, periods) for series in shown.series],
        "per": wording.per(shown.version) if shown.version.measure != Measure.COUNT else "",
        "signs": wording.signs((cell for cell in shown.cells if cell.period in periods), holes),
    }


def _row(shown: Shown, series: Any, periods: list[Any]) -> dict[str, Any]:
    cells = [shown.by_key.get((period, series)) for period in periods]
    return {
        "name": wording.series_name(series),
        "values": [wording.value(cell) if cell else wording.NOT_COUNTED for cell in cells],
    }
