"""The public page of an indicator, its chart and its CSV file: from releases only."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ciforum.people.models import Period, Role
from ciforum.people.permissions import holds, public
from ciforum.people.requests import MemberRequest
from ciforum.people.words import Words
from equity.sentences import strategy_name
from measurement.curve_permissions import (
    may_choose_comparison,
    may_explain_numbers,
    may_turn_curves,
)
from measurement.drawing import figures, sheet
from measurement.models import Indicator, Withholding
from measurement.permissions import (
    may_ask_for_data,
    may_manage_indicators,
    may_open_desk,
    may_release,
)
from measurement.protecting import preset_words
from measurement.releasing import restated_notes
from measurement.releasing.publishing import waiting
from measurement.saying import indicator_page
from measurement.saying.beside import Beside, beside, past_of
from measurement.saying.indicator_page import Asked
from measurement.saying.reasons import Marks, marks
from measurement.showing.pages import SECONDS, cached, cached_part, kept
from measurement.showing.shown import SEPARATOR, Choice, Shown, Unknown, show
from measurement.views.crumbs import trail

CHOICES = ("place", "by", "periods", "framing")


@public
@require_safe
def indicator(request: MemberRequest, initiative: str, slug: str) -> HttpResponse:
    """What anyone may see of an indicator; members also see how its next release stands."""
    return cached(request, (*CHOICES, "page"), lambda: _page(request, slug))


@public
@require_safe
def chart(request: MemberRequest, initiative: str, slug: str) -> HttpResponse:
    """The figure of the page's chart, as JSON."""
    return cached(request, CHOICES, lambda: _drawn(request, slug))


def _drawn(request: MemberRequest, slug: str) -> HttpResponse:
    """The same for all who read: members take it from the same shelf as strangers."""
    content = cached_part(request, CHOICES, (), lambda: json.dumps(_figure(request, slug)))
    return HttpResponse(content, content_type="application/json")


def _figure(request: MemberRequest, slug: str) -> dict[str, Any]:
    shown, known = published(request, slug)
    derived = indicator_page.derive(shown, _asked(request), known)
    return figures.lines(derived, _marks(shown, known).marks)


def _marks(shown: Shown, known: Beside) -> Marks:
    return marks(shown, past_of(shown.indicator), known.why.causes)


@public
@require_safe
def table_csv(request: MemberRequest, initiative: str, slug: str) -> HttpResponse:
    """The page's table as a file."""
    return cached(request, CHOICES, lambda: _file(request, slug))


def _file(request: MemberRequest, slug: str) -> HttpResponse:
    shown, known = published(request, slug)
    name = "-".join(filter(None, [slug, shown.place.code if shown.place else "", shown.by]))
    safe = name.encode("ascii", "ignore").decode()
    return HttpResponse(
        sheet.sheet(indicator_page.derive(shown, _asked(request), known)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{safe}.csv"'},
    )


def published(request: MemberRequest, slug: str) -> tuple[Shown, Beside]:
    indicator = _find(request, slug)
    indicator.initiative = request.initiative
    known = beside(indicator)
    shown = _shown(request, indicator, known) if known else None
    if known is None or shown is None:
        raise Http404
    return shown, known


def _find(request: MemberRequest, slug: str) -> Indicator:
    own = Indicator.objects.for_initiative(request.initiative)
    known = own.select_related("steward", "initiative", "baseline")
    found: Indicator = get_object_or_404(known, slug=slug)
    return found


def _shown(request: MemberRequest, indicator: Indicator, known: Beside) -> Shown | None:
    asked = request.GET
    choice = Choice(asked.get("place", ""), asked.get("by"), asked.get("periods", ""))
    try:
        return show(indicator, choice, known.names)
    except Unknown as error:
        raise Http404 from error


def _page(request: MemberRequest, slug: str) -> HttpResponse:
    indicator = _find(request, slug)
    indicator.initiative = request.initiative
    links = _links(request)
    half = cached_part(
        request,
        (*CHOICES, "page"),
        (request.membership is not None, *links.values()),
        lambda: _half(request, indicator, links),
    )
    if not half and request.membership is None:
        raise Http404
    context = {
        "indicator": indicator,
        "crumbs": trail(request),
        "half": _unpacked(half),
        "version": None if half else indicator.current,
        "requests": [] if half else list(indicator.requests.select_related("dimension")),
        "desk": _desk(request, indicator),
    }
    return render(request, "measurement/indicator.html", context)


def _half(request: MemberRequest, indicator: Indicator, links: dict[str, bool]) -> str:
    """What all strangers, or all members with the same links, see alike, as JSON of its parts.

    "" when nothing is published.
    """
    known = beside(indicator)
    shown = _shown(request, indicator, known) if known else None
    if known is None or shown is None:
        return ""
    context = {"indicator": indicator, **_public(request, shown, known), **links}
    context["version"] = context["shown"].version
    context["restated"] = (
        restated_notes.notes(indicator, request.membership) if known.was_restated else []
    )
    return json.dumps(
        {
            "place": str(shown.place or ""),
            "headline": context["headline"],
            "numbers": render_to_string("measurement/_numbers_half.html", context, request),
            "about": render_to_string("measurement/_about_half.html", context, request),
        }
    )


def _unpacked(half: str) -> dict[str, str] | None:
    """What `_half` packed; the two pieces that were rendered are HTML, the others are text."""
    if not half:
        return None
    parts: dict[str, str] = json.loads(half)
    rendered = {name: mark_safe(parts[name]) for name in ("numbers", "about")}  # noqa: S308
    return parts | rendered


def _links(request: MemberRequest) -> dict[str, bool]:
    """What this reader may do from the page; the seat is asked for once."""
    member = request.membership
    if member is not None and request.user.is_authenticated:
        member.initiative, member.user = request.initiative, request.user  # known, so not asked for
    may_write = _may_write(request)
    return {
        "may_name_causes": may_write,
        "may_turn_curves": may_write,
        "may_choose_comparison": may_choose_comparison(member),
        "may_explain": may_explain_numbers(member),
    }


def _may_write(request: MemberRequest) -> bool:
    """Whether to offer links that the pages behind them check again; a seat changes in public."""
    member = request.membership
    if member is None or holds(member, Role.BACKBONE):
        return may_turn_curves(member)
    name = ("may turn curves", member.pk, str(member.roles))
    return kept(request.initiative, name, lambda: may_turn_curves(member), SECONDS)


def _asked(request: MemberRequest) -> Asked:
    asked = request.GET
    return Asked(
        page=asked.get("page", ""),
        framing=asked.get("framing", ""),
        places=tuple(code for each in asked.getlist("places") for code in each.split(",")),
        find=asked.get("find", "").strip()[:100],
    )


def _kept(shown: Shown) -> list[dict[str, Words]]:
    """The groups whose council keeps their numbers here and lets the page say so."""
    found = {
        (str(Words(each["council"])), str(Words(each["group"]))): each
        for release in {cell.release for cell in shown.cells}
        for each in release.payload.get("kept", [])
    }
    return [
        {name: Words(each[name]) for name in ("council", "group")}
        for _key, each in sorted(found.items())
    ]


def _kept_back(shown: Shown) -> list[Withholding]:
    """What councils keep back that these releases showed when they came out."""
    found = shown.indicator.withholdings.in_force().select_related(
        "authority__council", "authority__group__dimension"
    )
    out = [cell.release.published_at for cell in shown.cells if cell.is_protected]
    return [each for each in found if any(at and at <= each.since for at in out)]


def _protected_by(shown: Shown) -> str:
    """The named rules under which its newest release was protected; "" without a name."""
    rules = shown.release.protected.get("rules", {})
    return preset_words.said(rules.get("preset", ""), rules.get("version", ""))


def _public(request: MemberRequest, shown: Shown, known: Beside) -> dict[str, Any]:
    """What the template needs of the public numbers."""
    asked = _asked(request)
    derived = indicator_page.derive(shown, asked, known)
    address = [shown.indicator.initiative.slug, shown.indicator.slug]
    query = _query(shown, request.GET.get("lang", ""), asked.framing)
    context = indicator_page.context(derived, asked, shown, known)
    return {
        **context,
        **known.shifts,
        "kept": _kept(shown),
        "kept_back": _kept_back(shown),
        "protected_by": _protected_by(shown),
        "choices": _choices(shown, context["places"]["all"]),
        "chart_url": reverse("measurement:chart", args=address) + query,
        "csv_url": reverse("measurement:table_csv", args=address) + query,
        "here": _query(shown, request.GET.get("lang", ""), ""),
        "other_framing": _query(
            shown,
            request.GET.get("lang", ""),
            "" if asked.framing == indicator_page.FAILURE else indicator_page.FAILURE,
        ),
        "holds": _holds(known),
        "why": known.why,
        "marked": _marks(shown, known),
        "story": shown.release.story,
        "story_note": _borrowed_note(),
        "requests": known.requests,
    }


def _borrowed_note() -> str:
    wanted = get_language_info((get_language() or "en").split("-")[0])
    return _("(not yet in %(language)s)") % {"language": wanted["name_translated"]}


def _query(shown: Shown, language: str, framing: str) -> str:
    """The reader's choice as it stands in the address, whatever was left to default."""
    query = QueryDict(mutable=True)
    if shown.place:
        query["place"] = shown.place.code
    query["by"] = shown.by
    if len(shown.kinds) > 1:
        query["periods"] = shown.kind
    if framing == indicator_page.FAILURE:
        query["framing"] = framing
    if language:
        query["lang"] = language
    return "?" + query.urlencode()


def _choices(shown: Shown, places: list[tuple[str, str]]) -> dict[str, list[tuple[str, str, bool]]]:
    """The boxes of the form: (value, label, is chosen); only those with a choice."""
    kinds = {period.kind: period.get_kind_display() for period in shown.periods}
    boxes = {
        "place": [
            (code, name, bool(shown.place and code == shown.place.code)) for code, name in places
        ],
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


def _holds(known: Beside) -> list[dict[str, Any]]:
    """How often this release was held before it passed, by strategy; counts only."""
    counts = Counter(strategy for held in known.holds for strategy in held)
    return [
        {"total": len(known.holds), "name": strategy_name(number), "count": count}
        for number, count in sorted(counts.items())
    ]


def _desk(request: MemberRequest, indicator: Indicator) -> dict[str, Any] | None:
    """For members: the releases, and what the backbone can do next."""
    member = request.membership
    if member is None:
        return None
    releases = list(indicator.releases.defer("protected"))
    for each in releases:
        each.initiative = indicator.initiative
    draft = next((each for each in releases if each.state == each.State.DRAFT), None)
    return {
        "releases": releases,
        "draft": draft,
        "current": indicator.current,
        "waiting": {} if draft else waiting(indicator),
        "may_open_desk": may_open_desk(member),
        "may_release": may_release(member),
        "may_manage": may_manage_indicators(member),
        "may_ask": may_ask_for_data(member),
    }
