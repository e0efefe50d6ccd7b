"""The dashboard made for funders: released results by group, what is held, what is overdue."""

from __future__ import annotations

from collections import Counter
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
from equity.gates import publish_release
from equity.models import LedgerEntry, Waiver
from equity.presenting import promise
from measurement.boarding.presenting import table_rows
from measurement.models import DataRequest, Indicator, Release
from measurement.models.indicators import Scale
from measurement.permissions import may_see_dashboard
from measurement.saying import headline
from measurement.saying.tiles import Tile
from measurement.showing import printing, wording
from measurement.showing.derived import of
from measurement.showing.shown import Choice, show
from measurement.views.crumbs import trail

ON_A_PAGE = 6
PERIODS = 3


@require_safe
def dashboard(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Results by group for every released indicator, and what stands in the way of others."""
    if not may_see_dashboard(request.membership):
        raise PermissionDenied
    own = Indicator.objects.for_initiative(request.initiative).select_related("initiative")
    published = sorted(own.published(), key=lambda each: folded(str(each.name)))
    page = Paginator(published, ON_A_PAGE).get_page(request.GET.get("page"))
    held, reasons = _holds(request)
    return render(
        request,
        "measurement/dashboard.html",
        {
            "page": page,
            "results": [_result(each) for each in page.object_list],
            "facts": _facts(request, len(published)),
            "held": held,
            "reasons": reasons,
            "overdue": DataRequest.objects.for_initiative(request.initiative)
            .filter(state=DataRequest.State.SENT, due__lt=clock.now())
            .select_related("dimension", "indicator"),
            "crumbs": trail(request),
        },
    )


def _facts(request: SignedInRequest, published: int) -> list[Tile]:
    """How much is public, in preparation, waived and asked for."""
    initiative = request.initiative
    drafts = Release.objects.for_initiative(initiative).filter(state=Release.State.DRAFT).count()
    waived = Waiver.objects.for_initiative(initiative).live().count()
    asked = DataRequest.objects.for_initiative(initiative).filter(state=DataRequest.State.SENT)
    found = (
        (_("Public indicators"), published, "measurement:overview"),
        (_("Releases in preparation"), drafts, "measurement:overview"),
        (_("Waivers in force"), waived, "equity:waivers"),
        (_("Data requests without an answer"), asked.count(), "measurement:requests"),
    )
    return [
        Tile(name, reverse(url, args=[initiative.slug]), number=wording.count(number))
        for name, number, url in found
    ]


def _holds(request: SignedInRequest) -> tuple[int, list[tuple[str, int]]]:
    """How often a release was held, and each rule that held one: what it asks, how often."""
    holds = LedgerEntry.objects.for_initiative(request.initiative).filter(
        kind=LedgerEntry.Kind.HOLD, gate=publish_release.name
    )
    unmet = Counter(
        answer["rule"]
        for answers in holds.values_list("answers", flat=True)
        for answer in answers
        if answer["outcome"] == "unmet"
    )
    return holds.count(), [
        (promise(publish_release.name, rule) or rule, number)
        for rule, number in unmet.most_common()
    ]


def _result(indicator: Indicator) -> dict[str, Any]:
    """One indicator: a sentence and its newest periods by group."""
    shown = show(indicator, Choice())
    if shown is None:
        return {"indicator": indicator}
    derived, periods = of(shown), shown.periods[-PERIODS:]
    holes = any(
        (period, series) not in shown.by_key for period in periods for series in shown.series
    )
    return {
        "indicator": indicator,
        "shown": shown,
        "sentence": headline.headline(derived),
        "note": headline.overlap_note() if shown.overlaps else "",
        "periods": periods,
        "rows": table_rows(derived, periods),
        "per": "" if shown.version.scale == Scale.HUNDRED else wording.per(shown.version),
        "signs": printing.signs(
            ((derived, cell) for cell in shown.cells if cell.period in periods),
            has_holes=holes,
            whole=False,
        ),
    }
