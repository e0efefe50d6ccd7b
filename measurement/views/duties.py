"""Who owes which numbers for which time: the matrix, its file, and one partner's history."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ciforum.people.cells import harmless
from ciforum.people.context import Link
from ciforum.people.models import Organization
from ciforum.people.requests import SignedInRequest
from measurement.forms.duties import MatrixFilter
from measurement.models import ReportDuty
from measurement.owing import matrix
from measurement.permissions import hands_in_for, may_plan_duties, may_see_duties
from measurement.views.crumbs import trail
from measurement.views.tabs import tabs

ON_A_PAGE = 40


class Echo:
    """A file that gives back what is written to it, line by line."""

    def write(self, line: str) -> str:
        return line


def visible(request: SignedInRequest) -> Any:
    """The reports she may see: all of them for the backbone, her organizations' for a partner."""
    if not may_see_duties(request.membership):
        raise PermissionDenied
    duties = ReportDuty.objects.for_initiative(request.initiative)
    if not may_plan_duties(request.membership):
        duties = duties.filter(organization__in=hands_in_for(request.membership))
    return duties


def crumb(request: SignedInRequest) -> list[Link]:
    link = Link(_("Reports owed"), reverse("measurement:duties", args=[request.initiative.slug]))
    return [*trail(request), link]


@require_safe
def duties(request: SignedInRequest, initiative: str) -> HttpResponse:
    """The matrix: partner × indicator × time."""
    own = visible(request)
    filters = MatrixFilter(request.GET, duties=own)
    if not may_plan_duties(request.membership) and len(hands_in_for(request.membership)) < 2:
        del filters.fields["partner"]
    found = filters.narrow(own).with_standing()
    counts = matrix.counts(found)
    state = filters.cleaned_data.get("state") or ""
    shown = matrix.build(
        found.filter(standing=state) if state else found,
        sort=filters.sorted_by,
        page=request.GET.get("page"),
        earlier=_number(request.GET.get("earlier")),
        hands_in_for=hands_in_for(request.membership),
    )
    context = {
        "crumbs": trail(request),
        "matrix": shown,
        "page": shown.page,
        "filters": filters,
        "is_filtered": any(request.GET.get(name) for name in filters.fields if name != "sort"),
        "counts": [
            (*each, "?" + _query(request, state=each[0]), each[0] == state) for each in counts
        ],
        "all_url": "?" + _query(request, state=""),
        "earlier_url": "?" + _query(request, earlier=str(shown.columns_page + 1)),
        "later_url": "?" + _query(request, earlier=str(max(0, shown.columns_page - 1))),
        "csv_query": _query(request),
        "state": state,
        "may_plan": may_plan_duties(request.membership),
        **tabs(request, "duties"),
    }
    return render(request, "measurement/duties/matrix.html", context)


def _number(text: str | None) -> int:
    return min(int(text), 200) if text and text.isascii() and text.isdigit() else 0


def _query(request: SignedInRequest, **changed: str) -> str:
    """The filters as they stand, without the page, with these changed."""
    kept = {
        name: request.GET[name]
        for name in ("partner", "indicator", "state", "since", "until", "sort")
        if request.GET.get(name)
    }
    return urlencode({name: text for name, text in {**kept, **changed}.items() if text})


@require_safe
def duties_csv(request: SignedInRequest, initiative: str) -> StreamingHttpResponse:
    """What the matrix shows as a file, a line each; words are safe for a spreadsheet."""
    own = visible(request)
    filters = MatrixFilter(request.GET, duties=own)
    found = filters.narrow(own).with_standing()
    if state := filters.cleaned_data.get("state"):
        found = found.filter(standing=state)
    lines = found.select_related("organization", "indicator", "period", "initiative")
    writer = csv.writer(Echo())
    return StreamingHttpResponse(
        _lines(writer, lines.order_by("organization__name", "period__end", "pk")),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="reports-owed.csv"'},
    )


def _lines(writer: Any, duties: Any) -> Iterator[str]:
    yield "\ufeff"
    head = (
        *(_("Partner"), _("Indicator"), _("Period"), _("From"), _("To"), _("Due on")),
        *(_("State"), _("Why")),
    )
    yield writer.writerow(head)
    for duty in duties.iterator(chunk_size=2_000):
        cells = (
            *(duty.organization.name, duty.indicator.name, duty.period),
            *(duty.period.start, duty.period.end),
            localtime(duty.due, duty.initiative.zone).date(),
            *(matrix.word(duty), duty.why),
        )
        yield writer.writerow([harmless(str(cell)) for cell in cells])


@require_safe
def duty_partner(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """What one partner owed and brought, the newest first."""
    own = visible(request)
    organizations = Organization.objects.for_initiative(request.initiative)
    partner = get_object_or_404(organizations, slug=slug)
    if not may_plan_duties(request.membership) and partner not in hands_in_for(request.membership):
        raise Http404
    found = own.filter(organization=partner).with_standing()
    page = Paginator(
        found.select_related("organization", "indicator", "period", "initiative").order_by(
            "-period__end", "-period__start", "indicator__slug", "pk"
        ),
        ON_A_PAGE,
    ).get_page(request.GET.get("page"))
    mine = {each.pk for each in hands_in_for(request.membership)}
    context = {
        "crumbs": crumb(request),
        "partner": partner,
        "counts": matrix.counts(found),
        "page": page,
        "rows": [(duty, matrix.cell(duty, mine)) for duty in page],
    }
    return render(request, "measurement/duties/partner.html", context)
