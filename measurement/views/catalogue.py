"""The catalogue of indicators: what each one means, and a file of it all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ciforum.people.cells import harmless
from ciforum.people.models import Organization
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest
from measurement.catalogue.entries import ANY_FUNDER, Wanted, fill, find, funders, retired
from measurement.models.indicators import Aspect, Level, Tier
from measurement.permissions import may_manage_indicators
from measurement.showing.pages import cached
from measurement.views.crumbs import trail
from measurement.views.tabs import tabs

ON_A_PAGE = 20
# Free words are not among them: a page for made-up ones is built afresh and not kept.
PARAMETERS = tuple(each.name for each in fields(Wanted) if each.name != "words")
LANGUAGES = ("en", "es")
COLUMNS = (
    *("code", "name_en", "name_es", "tier", "level", "aspect", "frequency", "steward"),
    *("required_by", "required_breakdowns", "baseline_start", "baseline_end"),
    *("definition", "since", "why_changed_en", "why_changed_es", "measure"),
    *("counted_en", "counted_es", "out_of_en", "out_of_es", "direction", "shown_per"),
    *("unit_en", "unit_es", "source_en", "source_es", "last_release", "agreements_until"),
)


@dataclass(frozen=True)
class Filter:
    """One box: choices are (value, label); the first leaves it open."""

    name: str
    label: str
    choices: list[tuple[str, str]]
    chosen: str


@public
@require_safe
def catalogue(request: MemberRequest, initiative: str) -> HttpResponse:
    """Every published indicator with its definition; members see the others too."""
    return cached(request, (*PARAMETERS, "page"), lambda: _catalogue(request))


def _catalogue(request: MemberRequest) -> HttpResponse:
    wanted = Wanted.of(request.GET)
    member = request.membership
    found = find(request.initiative, wanted, everything=member is not None)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    fill(list(page.object_list))
    return render(
        request,
        "measurement/catalogue.html",
        {
            "page": page,
            "wanted": wanted,
            "filters": _filters(request, wanted),
            "query": request.GET.urlencode(),
            "may_manage": may_manage_indicators(member),
            "retired": retired(request.initiative) if member else [],
            "crumbs": trail(request),
            **tabs(request, "catalogue"),
        },
    )


def _filters(request: MemberRequest, wanted: Wanted) -> list[Filter]:
    stewards = (
        Organization.objects.for_initiative(request.initiative)
        .filter(stewarded_indicators__retired_at=None, stewarded_indicators__isnull=False)
        .distinct()
        .order_by("name")
    )
    named = [(name, name) for name in funders(request.initiative)]
    boxes: list[tuple[str, str, list[tuple[str, str]]]] = [
        ("tier", _("Tier"), _short(Tier)),
        ("level", _("Level"), _short(Level)),
        ("aspect", _("What it shows"), _short(Aspect)),
        ("steward", _("Steward"), [(each.slug, each.name) for each in stewards]),
        ("funder", _("Required by"), [(ANY_FUNDER, _("Any funder")), *named] if named else []),
        ("breakdowns", _("Required breakdowns"), [("none", _("None chosen yet"))]),
    ]
    if request.membership:
        release = [("yes", _("Released")), ("no", _("Not released yet"))]
        boxes.append(("release", _("Release"), release))
    found = [
        Filter(name, label, [("", _("All")), *choices], getattr(wanted, name))
        for name, label, choices in boxes
        if choices
    ]
    return [*found, Filter("sort", _("Order"), _sorts(), wanted.sort)]


def _sorts() -> list[tuple[str, str]]:
    return [
        ("tier", _("Headline first")),
        ("name", _("By name")),
        ("released", _("Newest release first")),
    ]


def _short(choices: Any) -> list[tuple[str, str]]:
    """ "Headline", without what explains it."""
    return [(value, str(label).split(":")[0]) for value, label in choices.choices]


@public
@require_safe
def catalogue_csv(request: MemberRequest, initiative: str) -> HttpResponse:
    """The same indicators as the page's, every one, as a file."""
    return cached(request, PARAMETERS, lambda: _file(request))


def _file(request: MemberRequest) -> HttpResponse:
    found = find(
        request.initiative, Wanted.of(request.GET), everything=request.membership is not None
    )
    fill(found)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([harmless(str(cell)) for cell in _row(each)] for each in found)
    return HttpResponse(
        out.getvalue().encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="catalogue.csv"'},
    )


def _row(each: Any) -> Iterable[Any]:
    version, baseline = each.version, each.baseline
    return (
        *(each.code, *_told(each.name), each.tier, each.level, each.aspect, each.frequency),
        *(each.steward or "", "; ".join(each.required_by)),
        " ".join(dimension.code for dimension in each.required_dimensions.all()),
        *((baseline.start, baseline.end) if baseline else ("", "")),
        *(version.number, localdate(version.defined_at), *_told(version.reason), version.measure),
        *(*_told(version.numerator), *_told(version.denominator)),
        *(version.direction, "" if version.measure == "count" else version.scale),
        *(*_told(version.unit), *_told(version.source)),
        localdate(each.released) if each.released else "",
        "; ".join(str(localdate(agreement.ends)) for agreement in each.in_force),
    )


def _told(words: Any) -> list[str]:
    return [words.get(code, "") for code in LANGUAGES]
