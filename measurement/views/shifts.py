"""The log of systems shifts: grid, list, timeline, file, and a page for each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agenda import citing
from ciforum.people.context import Link
from ciforum.people.models import Citation
from ciforum.people.permissions import holds, public
from ciforum.people.requests import MemberRequest
from equity.models import LedgerEntry
from equity.presenting import present, present_entry
from equity.sentences import strategy_name
from equity.steps import confirm_shift
from measurement.forms.shifts import ShiftFilter
from measurement.models import SystemsShift
from measurement.models.shifts import Level
from measurement.shifting import shift_log, shift_sheet
from measurement.shifting import shift_permissions as rights
from measurement.shifting.shift_words import GRADES, KINDS, LEVELS
from measurement.views.crumbs import trail
from measurement.views.tabs import tabs

ON_A_PAGE = 20
ON_A_TIMELINE = 100
ENTRIES = 20


@public
@require_safe
def shifts(request: MemberRequest, initiative: str) -> HttpResponse:
    """The grid of strategies and levels, and below it the list that filters narrow."""
    form = _filter(request)
    found = shift_log.found(request.initiative, request.membership, form.asked())
    grid = shift_log.grid(request.initiative)
    return render(
        request,
        "measurement/shifts/log.html",
        {
            **_section(request, form),
            "grid": grid,
            "levels": [(value, label, LEVELS[value]) for value, label in Level.choices],
            "has_counts": any(box.total for row in grid for box in row.boxes),
            "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
        },
    )


@public
@require_safe
def shift_timeline(request: MemberRequest, initiative: str) -> HttpResponse:
    """The same shifts by the year since which they hold; made to be printed as well."""
    form = _filter(request)
    found = shift_log.found(request.initiative, request.membership, form.asked())
    page = Paginator(found, ON_A_TIMELINE).get_page(request.GET.get("page"))
    return render(
        request,
        "measurement/shifts/timeline.html",
        {**_section(request, form), "page": page, "years": shift_log.years(page.object_list)},
    )


@public
@require_safe
def shifts_csv(request: MemberRequest, initiative: str) -> HttpResponse:
    """The list as a file, narrowed by the same filters."""
    asked = _filter(request).asked()
    content = shift_sheet.sheet(shift_log.found(request.initiative, request.membership, asked))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{initiative}-systems-shifts.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@public
@require_safe
def shift(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Before and after, how we know, who confirms it, and what the gate says."""
    found = find(request, uid)
    return render(
        request,
        "measurement/shifts/shift.html",
        {
            "crumbs": crumbs(request),
            "shift": found,
            "is_tombstone": found.state == "withdrawn" and request.membership is None,
            "strategies": [(number, strategy_name(number)) for number in found.strategies],
            "level_means": LEVELS[found.level],
            "kind_means": KINDS[found.kind],
            "indicators": _indicators(request, found),
            "evidence": _evidence(request, found),
            **_voices(request, found),
            **_gate(request, found),
            **_may(request, found),
        },
    )


def find(request: MemberRequest, uid: UUID) -> SystemsShift:
    """A shift she may see."""
    own = SystemsShift.objects.for_initiative(request.initiative)
    found: SystemsShift = get_object_or_404(
        own.select_related("initiative", "passed", "claimed_by", "proposed_by"), uid=uid
    )
    if not rights.may_see_shift(request.membership, found):
        raise Http404
    return found


def crumbs(request: MemberRequest) -> list[Link]:
    address = reverse("measurement:shifts", args=[request.initiative.slug])
    return [*trail(request), Link(_("Systems change"), address)]


def _filter(request: MemberRequest) -> ShiftFilter:
    years = shift_log.known_years(request.initiative, request.membership)
    return ShiftFilter(
        request.GET, initiative=request.initiative, member=request.membership, years=years
    )


def _section(request: MemberRequest, form: ShiftFilter) -> dict[str, Any]:
    """What log and timeline share."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return {
        **tabs(request, "shifts"),
        "crumbs": trail(request),
        "filter": form,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "query": f"?{kept.urlencode()}" if kept else "",
        "may_propose": rights.may_propose_shift(request.membership),
    }


def _indicators(request: MemberRequest, found: SystemsShift) -> list[Any]:
    """The measures it aims at; to others than members, only those that are public."""
    aims = found.indicators.select_related("initiative").order_by("slug")
    return list(aims if request.membership else aims.published())


def _evidence(request: MemberRequest, found: SystemsShift) -> list[dict[str, Any]]:
    """Each row with what its grade means and what it cites, for this reader."""
    cited = {
        each.uid: each for each in citing.present(Citation.objects.of(found), request.membership)
    }
    rows = found.evidence.select_related("citation", "shift", "by")
    return [
        {
            "row": row,
            "grade_means": GRADES[row.grade],
            "cited": cited.get(row.citation.uid) if row.citation else None,
            "may_drop": rights.may_drop_evidence(request.membership, row),
        }
        for row in rows
    ]


def _voices(request: MemberRequest, found: SystemsShift) -> dict[str, Any]:
    """What seats say now, community seats first; and what they said before, for members."""
    seats = found.voices.select_related(
        "seat__committee", "seat__holder__user", "seat__alternate", "answered_by"
    )
    writers = set(found.writers.values_list("pk", flat=True))
    standing = sorted(seats.standing(), key=lambda each: (not each.seat.is_community, each.pk))
    for voice in standing:
        voice.is_own = bool(voice.speakers() & writers)
    return {
        "voices": standing,
        "earlier": list(seats.exclude(ended_at=None)) if request.membership else [],
        "needs_community": found.level != Level.STRUCTURAL,
    }


def _gate(request: MemberRequest, found: SystemsShift) -> dict[str, Any]:
    """What the rules say of a claim now, and on what a confirmed one passed; for members."""
    if request.membership is None:
        return {}
    shown: dict[str, Any] = {"entries": LedgerEntry.objects.about(found)[:ENTRIES]}
    if found.state == SystemsShift.State.CONFIRMED and found.passed:
        shown["passed"] = present_entry(found.passed)
    if found.state != SystemsShift.State.CLAIMED:
        return shown
    found.confirmer = request.user if rights.may_confirm_shift(request.membership) else None
    answers = present(confirm_shift.ask(found), record=found, member=request.membership)
    held = answers if "held" in request.GET and answers.unmet else None
    return {**shown, "answers": answers, "held": held}


def _may(request: MemberRequest, found: SystemsShift) -> dict[str, Any]:
    member, state = request.membership, found.state
    claimed = state == SystemsShift.State.CLAIMED
    return {
        "may_edit": rights.may_edit_shift(member, found),
        "may_aim": rights.may_aim_shift(member, found),
        "may_claim": state == "hoped_for" and rights.may_claim_shift(member),
        "may_confirm": claimed and rights.may_confirm_shift(member),
        "may_dispute": state in ("claimed", "confirmed") and rights.may_dispute_shift(member),
        "may_take_up": state == "disputed" and rights.may_claim_shift(member),
        "may_withdraw": rights.may_withdraw_shift(member, found),
        "may_add_evidence": rights.may_add_evidence(member, found),
        "may_answer": rights.may_answer_seats(member, found),
        "may_speak": claimed and bool(rights.seats_of(member)),
        "is_staff": holds(member, "backbone"),
    }
