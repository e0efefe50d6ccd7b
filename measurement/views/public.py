"""The public page of an indicator, its chart and its CSV file: from releases only."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ciforum.people.models import Period
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest
from equity.models import LedgerEntry
from equity.sentences import strategy_name
from measurement import figures, headline, restated_notes, sheet, wording
from measurement.breaks import Joints
from measurement.models import Indicator
from measurement.models.indicators import Measure
from measurement.pages import cached
from measurement.permissions import (
    may_ask_for_data,
    may_manage_indicators,
    may_name_causes,
    may_open_desk,
    may_release,
)
from measurement.publishing import unpublished_periods
from measurement.reasons import marks, why
from measurement.shown import SEPARATOR, Cell, Choice, Shown, Unknown, show
from measurement.views.crumbs import trail

CHOICES = ("place", "by", "periods")
ROWS_ON_A_PAGE = 150


@public
@require_safe
def indicator(request: MemberRequest, initiative: str, slug: str) -> HttpResponse:
    """What anyone may see of an indicator; members also see how its next release stands."""
    return cached(request, (*CHOICES, "page"), lambda: _page(request, slug))


@public
@require_safe
def chart(request: MemberRequest, initiative: str, slug: str) -> HttpResponse:
    """The figure of the page's chart, as JSON."""
    return cached(request, CHOICES, lambda: JsonResponse(_figure(request, slug)))


def _figure(request: MemberRequest, slug: str) -> dict[str, Any]:
    shown = _published(request, slug)
    return figures.lines(shown, marks(shown).marks)


@public
@require_safe
def table_csv(request: MemberRequest, initiative: str, slug: str) -> HttpResponse:
    """The page's table as a file."""
    return cached(request, CHOICES, lambda: _file(request, slug))


def _file(request: MemberRequest, slug: str) -> HttpResponse:
    shown = _published(request, slug)
    name = "-".join(filter(None, [slug, shown.place.code if shown.place else "", shown.by]))
    safe = name.encode("ascii", "ignore").decode()
    return HttpResponse(
        sheet.sheet(shown),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{safe}.csv"'},
    )


def _published(request: MemberRequest, slug: str) -> Shown:
    shown = _shown(request, _find(request, slug))
    if shown is None:
        raise Http404
    return shown


def _find(request: MemberRequest, slug: str) -> Indicator:
    own = Indicator.objects.for_initiative(request.initiative)
    found: Indicator = get_object_or_404(own.select_related("steward", "initiative"), slug=slug)
    return found


def _shown(request: MemberRequest, indicator: Indicator) -> Shown | None:
    asked = request.GET
    try:
        return show(
            indicator, Choice(asked.get("place", ""), asked.get("by"), asked.get("periods", ""))
        )
    except Unknown as error:
        raise Http404 from error


def _page(request: MemberRequest, slug: str) -> HttpResponse:
    indicator = _find(request, slug)
    shown = _shown(request, indicator)
    if shown is None and request.membership is None:
        raise Http404
    version = shown.version if shown else indicator.current
    context = {
        "indicator": indicator,
        "version": version,
        "crumbs": trail(request),
        "requests": list(indicator.requests.select_related("dimension")),
        "restated": restated_notes.notes(indicator, request.membership) if shown else [],
        "desk": _desk(request, indicator),
    }
    if shown:
        context |= _numbers(request, shown)
    return render(request, "measurement/indicator.html", context)


def _numbers(request: MemberRequest, shown: Shown) -> dict[str, Any]:
    """What the template needs of the public numbers."""
    query = _query(shown, request.GET.get("lang", ""))
    address = [shown.indicator.initiative.slug, shown.indicator.slug]
    page = _table(shown, request.GET.get("page"))
    return {
        "shown": shown,
        "headline": headline.headline(shown),
        "sentence": headline.chart_sentence(shown),
        "overlap_note": headline.overlap_note() if shown.overlaps else "",
        "choices": _choices(shown),
        "chart_url": reverse("measurement:chart", args=address) + query,
        "csv_url": reverse("measurement:table_csv", args=address) + query,
        "page": page,
        "has_whole": shown.version.measure != Measure.COUNT,
        "per": wording.per(shown.version),
        "signs": wording.signs(cell for rows in page for cell in rows["cells"]),
        "is_near": any(cell.is_near and cell.denominator is not None for cell in shown.cells),
        "protected": wording.hidden_cells(hidden) if (hidden := _hidden(shown)) else "",
        "holds": _holds(shown),
        "shows_groups": any(series.members for series in shown.series),
        "gap": headline.gap(shown),
        "why": why(shown.indicator),
        "may_name_causes": may_name_causes(request.membership),
        "marked": marks(shown),
        "breaks": Joints(shown).all(),
        "story": shown.release.story,
        "story_note": _borrowed_note(),
    }


def _borrowed_note() -> str:
    wanted = get_language_info((get_language() or "en").split("-")[0])
    return _("(not yet in %(language)s)") % {"language": wanted["name_translated"]}


def _hidden(shown: Shown) -> int:
    return sum(cell.is_protected for cell in shown.cells)


def _query(shown: Shown, language: str) -> str:
    """The reader's choice as it stands in the address, whatever was left to default."""
    query = QueryDict(mutable=True)
    if shown.place:
        query["place"] = shown.place.code
    query["by"] = shown.by
    if len(shown.kinds) > 1:
        query["periods"] = shown.kind
    if language:
        query["lang"] = language
    return "?" + query.urlencode()


def _choices(shown: Shown) -> dict[str, list[tuple[str, str, bool]]]:
    """The boxes of the form: (value, label, is chosen); only those with a choice."""
    kinds = {period.kind: period.get_kind_display() for period in shown.periods}
    boxes = {
        "place": [(each.code, each.name, each == shown.place) for each in shown.places],
        "by": [(by, _breakdown_name(shown, by), by == shown.by) for by in shown.breakdowns],
        "periods": [
            (kind, str(_kind_label(shown, kind, kinds)), kind == shown.kind) for kind in shown.kinds
        ],
    }
    return {name: box for name, box in boxes.items() if len(box) > 1}


def _kind_label(shown: Shown, kind: str, known: dict[str, str]) -> str:
    if kind in known:
        return known[kind]
    return str(Period.Kind(kind).label)


def _breakdown_name(shown: Shown, by: str) -> str:
    names = [str(dimension.name) for dimension in shown.breakdowns[by]]
    return " × ".join(names) if names else (by.replace(SEPARATOR, " × ") or _("Everyone"))


def _table(shown: Shown, number: str | None) -> Any:
    """Periods, newest first, each with its rows; a page holds about ROWS_ON_A_PAGE rows."""
    periods: list[dict[str, Any]] = [
        {
            "period": period,
            "cells": [
                cell for series in shown.series if (cell := shown.by_key.get((period, series)))
            ],
        }
        for period in reversed(shown.periods)
    ]
    paginator = Paginator(periods, max(1, ROWS_ON_A_PAGE // max(1, len(shown.series))))
    page = paginator.get_page(number)
    for each in page.object_list:
        each["rows"] = [_row(cell) for cell in each["cells"]]
    return page


def _row(cell: Cell) -> dict[str, Any]:
    return {
        "name": wording.series_name(cell.series),
        "texts": wording.cell_texts(cell),
        "is_everyone": not cell.series.members,
        "depth": max((len(member.order) for member in cell.series.members), default=0),
    }


def _holds(shown: Shown) -> list[dict[str, Any]]:
    """How often this release was held before it passed, by strategy; counts only."""
    counts: dict[int, int] = {}
    entries = LedgerEntry.objects.about(shown.release).filter(kind=LedgerEntry.Kind.HOLD)
    total = 0
    for entry in entries:
        total += 1
        for strategy in {a["strategy"] for a in entry.answers if a["outcome"] == "unmet"}:
            counts[strategy] = counts.get(strategy, 0) + 1
    return [
        {"total": total, "strategy": number, "name": strategy_name(number), "count": count}
        for number, count in sorted(counts.items())
    ]


def _desk(request: MemberRequest, indicator: Indicator) -> dict[str, Any] | None:
    """For members: the releases, and what the backbone can do next."""
    member = request.membership
    if member is None:
        return None
    releases = list(indicator.releases.prefetch_related("periods"))
    waiting = unpublished_periods(indicator.current)
    return {
        "releases": releases,
        "draft": next((each for each in releases if each.state == each.State.DRAFT), None),
        "waiting": waiting,
        "may_open_desk": may_open_desk(member),
        "may_release": may_release(member),
        "may_manage": may_manage_indicators(member),
        "may_ask": may_ask_for_data(member),
        "missing": list(indicator.required_dimensions.all()),
    }
