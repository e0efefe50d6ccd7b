"""Explain this number: for members, from the public cell down to the file it came in."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ciforum.people.models import Period
from ciforum.people.requests import SignedInRequest
from measurement.curve_permissions import may_explain_numbers
from measurement.models import Indicator
from measurement.models.observations import Grade
from measurement.saying import explaining
from measurement.showing import printing, wording
from measurement.showing.derived import Derived
from measurement.showing.shown import SEPARATOR, Cell, Choice, Shown, Unknown, show
from measurement.views.crumbs import trail


@require_safe
def explain(
    request: SignedInRequest, initiative: str, slug: str, period: UUID, place: str
) -> HttpResponse:
    """Where one public number comes from. `?group=` names its groups; without, it is everyone's."""
    if not may_explain_numbers(request.membership):
        raise PermissionDenied
    own = Indicator.objects.for_initiative(request.initiative).select_related("initiative")
    indicator = get_object_or_404(own, slug=slug)
    when = get_object_or_404(Period.objects.for_initiative(request.initiative), uid=period)
    shown, cell = _cell(indicator, when, place, request.GET.get("group", ""))
    derived = Derived(shown)
    found = derived.precision(cell)
    return render(
        request,
        "measurement/explain.html",
        {
            "crumbs": trail(request, indicator),
            "indicator": indicator,
            "shown": shown,
            "cell": cell,
            "who": wording.series_name(cell.series),
            "texts": printing.texts(derived, cell),
            "value": printing.value(derived, cell),
            "interval": printing.interval(derived, cell),
            "decision": found.decision if found else "",
            "grade": Grade(cell.grade).label,
            "revisions": explaining.revisions(shown, cell, request.membership),
        },
    )


def _cell(indicator: Indicator, when: Period, place: str, group: str) -> tuple[Shown, Cell]:
    by = SEPARATOR.join(sorted({each.split(":")[0] for each in group.split("+") if each}))
    try:
        shown = show(indicator, Choice(place, by, when.kind))
    except Unknown as error:
        raise Http404 from error
    if shown is None:
        raise Http404
    for cell in shown.cells:
        if cell.period == when and cell.series.key == group:
            return shown, cell
    raise Http404
