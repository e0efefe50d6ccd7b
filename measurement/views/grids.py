"""Typing numbers on screen, kept as she goes, then read like any other file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ciforum.people.models import Organization, Period
from ciforum.people.requests import MemberRequest
from ciforum.people.transitions import StateChanged
from measurement.desk.askedperiods import address_of, asked_period, period_text
from measurement.desk.doubts import today_of
from measurement.desk.grids import MOST_PLACES, REASONS, Grid, typed
from measurement.desk.looking import first_look
from measurement.desk.placenames import fold
from measurement.forms.columns import KNOWN_GRADES
from measurement.forms.handin import GridStart
from measurement.models import Grade, GridDraft, Indicator, Submission
from measurement.permissions import hands_in_for
from measurement.views.desk import has_indicators, wanted, ways


@require_http_methods(["GET", "HEAD", "POST"])
def grid(request: MemberRequest, initiative: str) -> HttpResponse:
    """First which numbers, then the grid of them."""
    own = hands_in_for(request.membership)
    if not own:
        raise PermissionDenied
    found = _asked(request, own)
    if found is None:
        return _start(request, own)
    draft = _draft(found)
    if draft and draft.submission and draft.submission.state == Submission.State.HANDED_IN:
        messages.info(request, _("These numbers are handed in and wait for approval."))
        return redirect(draft.submission)
    if request.method == "POST":
        return _save(request, found, draft)
    return _page(request, Grid(*found, draft))


# What became of a draft's submission when the draft has served.
OVER = ("approved", "retracted")
Asked = tuple[Indicator, Organization, Period]


def _asked(request: MemberRequest, own: list[Organization]) -> Asked | None:
    """What the address names; None where something is missing or not hers."""
    slug = request.GET.get("indicator", "").replace("\x00", "")
    found = Indicator.objects.for_initiative(request.initiative)
    indicator = found.filter(slug=slug, retired_at=None).select_related("initiative").first()
    uid = request.GET.get("organization", "")
    organization = next((each for each in own if str(each.uid) == uid), None)
    organization = organization or (own[0] if len(own) == 1 else None)
    period = asked_period(request.GET.get("period", ""))
    if indicator is None or organization is None or period is None:
        return None
    return indicator, organization, period


def _start(request: MemberRequest, own: list[Organization]) -> HttpResponse:
    asked = asked_period(request.GET.get("period", ""))
    initial = {**wanted(request), "when": period_text(asked) if asked else ""}
    posted = request.POST if request.method == "POST" else None
    form = GridStart(posted, initiative=request.initiative, organizations=own, initial=initial)
    if form.is_bound and form.is_valid():
        return redirect(_address(request, form))
    drafts = GridDraft.objects.for_initiative(request.initiative).filter(organization__in=own)
    context = {
        **ways(request, "grid"),
        "form": form,
        "has_indicators": has_indicators(request),
        "drafts": [(each, _address_of(request, each)) for each in _unfinished(drafts)],
    }
    status = 422 if form.is_bound else 200
    return render(request, "measurement/desk/grid_start.html", context, status=status)


def _unfinished(drafts: Any) -> Any:
    listed = drafts.exclude(submission__state__in=["handed_in", *OVER])
    return listed.select_related("indicator", "organization").order_by("-saved_at")[:10]


def _address(request: MemberRequest, form: GridStart) -> str:
    said = {
        "indicator": form.cleaned_data["indicator"].slug,
        "organization": form.for_organization.uid,
        "period": form.cleaned_data["when"],
    }
    return f"{reverse('measurement:grid', args=[request.initiative.slug])}?{urlencode(said)}"


def _address_of(request: MemberRequest, draft: GridDraft) -> dict[str, Any]:
    period = Period(kind=draft.period_kind, start=draft.period_start, end=draft.period_end)
    said = {
        "indicator": draft.indicator.slug,
        "organization": draft.organization.uid,
        "period": address_of(period),
    }
    url = f"{reverse('measurement:grid', args=[request.initiative.slug])}?{urlencode(said)}"
    return {"url": url, "period": str(period)}


def _draft(asked: Asked) -> GridDraft | None:
    """Her draft; one whose numbers were approved has served and makes room for a correction."""
    found = _drafts(asked).select_related("submission").first()
    served = found and found.submission and found.submission.state in OVER
    return None if served else found


def _drafts(asked: Asked) -> Any:
    indicator, organization, period = asked
    return GridDraft.objects.for_initiative(indicator.initiative).filter(
        indicator=indicator,
        organization=organization,
        period_kind=period.kind,
        period_start=period.start,
        period_end=period.end,
    )


def _page(
    request: MemberRequest, grid: Grid, *, checked: bool = False, status: int = 200
) -> HttpResponse:
    draft = grid.draft
    cells = draft.cells if draft else grid.approved()
    rows = [] if grid.is_too_long else grid.rows(cells, checked=checked)
    context = {
        **ways(request, "grid"),
        "grid": grid,
        "draft": draft,
        "rows": rows,
        "wrong": [row for row in rows if row.error],
        "reasons": REASONS,
        "grades": KNOWN_GRADES,
        "grade": draft.grade if draft else Grade.UNKNOWN,
        "has_approved": draft is None and bool(cells),
    }
    return render(request, "measurement/desk/grid.html", context, status=status)


def _save(request: MemberRequest, asked: Asked, draft: GridDraft | None) -> HttpResponse:
    """Keep what she typed; then, as she asked, add a place or have it checked."""
    grid = Grid(*asked, draft or _new(asked, request))
    assert grid.draft is not None  # noqa: S101 - just made
    action = request.POST.get("action", "save")
    keys = [row.key for row in grid.rows({})]
    grid.draft.write(
        by=request.user,
        cells=typed(request.POST, keys),
        places=_with_new_place(request, grid) if action == "add" else grid.draft.places,
        grade=_grade(request.POST.get("grade", "")),
    )
    if action == "check":
        return _check(request, grid)
    if request.htmx:
        return render(request, "measurement/desk/_saved.html", {"draft": grid.draft})
    if action == "save":
        messages.success(request, _("Saved. You can go on later, on any device."))
    return redirect(request.get_full_path())


def _new(asked: Asked, request: MemberRequest) -> GridDraft:
    """One draft for each grid, however many windows are open."""
    indicator, organization, period = asked
    made, created = GridDraft.objects.get_or_create(
        initiative=indicator.initiative,
        indicator=indicator,
        organization=organization,
        period_kind=period.kind,
        period_start=period.start,
        period_end=period.end,
        defaults={"saved_by": request.user},
    )
    if not created:  # it served before: a correction begins
        made.write(by=request.user, cells={}, places=[], submission=None)
    return made


def _grade(text: str) -> str:
    return text if text in Grade.values else Grade.UNKNOWN


def _with_new_place(request: MemberRequest, grid: Grid) -> list[str]:
    assert grid.draft is not None  # noqa: S101 - just made
    added: list[str] = list(grid.draft.places)
    name = " ".join(request.POST.get("place", "").replace("\x00", "").split())[:100]
    known = {fold(each) for each in grid.places.values()}
    if not name or fold(name) in known or "|" in name:
        messages.warning(request, _("Give a place a name that is not in the list yet."))
    elif len(grid.places) >= MOST_PLACES:
        messages.warning(request, _("So many places are easier to hand in as a file."))
    else:
        added.append(name)
    return added


def _check(request: MemberRequest, grid: Grid) -> HttpResponse:
    """Make a file of what is typed and have it read; mistakes are told before."""
    assert grid.draft is not None  # noqa: S101 - just saved
    rows = grid.rows(grid.draft.cells, checked=True)
    filled = [row for row in rows if not row.is_blank]
    if any(row.error for row in filled):
        return _page(request, grid, checked=True, status=422)
    if not filled:
        messages.warning(request, _("There is no number yet. Type at least one."))
        return redirect(request.get_full_path())
    try:
        return redirect(_submit(request, grid, filled))
    except StateChanged as changed:
        messages.warning(request, str(changed))
        return redirect(request.get_full_path())


def _submit(request: MemberRequest, grid: Grid, filled: list[Any]) -> Submission:
    """Through the same door as every file; what was made of this draft before is taken back."""
    draft = grid.draft
    assert draft is not None  # noqa: S101 - just saved
    content, mapping = grid.file(filled, draft.grade)
    day = today_of(grid.indicator.initiative).isoformat()
    file = ContentFile(content, _("typed on %(day)s.csv") % {"day": day})
    look = first_look(file, Submission.Kind.TABLE)
    earlier = draft.submission
    if earlier and earlier.state in Submission.OPEN:
        earlier.withdraw(by=request.user)
    submission = Submission.receive(
        indicator=grid.indicator,
        organization=grid.organization,
        file=file,
        kind=Submission.Kind.TABLE,
        way=Submission.Way.GRID,
        header=list(look.header),
        signature=look.signature,
        by=request.user,
    )
    draft.write(by=request.user, submission=submission)
    submission.read_as(mapping, by=request.user)
    return submission
