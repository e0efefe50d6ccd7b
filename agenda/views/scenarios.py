"""Maps of understanding: the list, the map, the screen for a room, and its state."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda.forms.scenarios import MapForm, MapStartForm, SeenForm
from agenda.maps import draw
from agenda.models import ScenarioSet
from agenda.permissions import may_draw_maps, may_publish_maps
from agenda.trail import changes_of
from agenda.views.tabs import crumbs, tabs
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from ciforum.people.transitions import StateChanged
from equity.forms import put

ON_A_PAGE = 20


@public
@require_safe
def scenarios(request: MemberRequest, initiative: str) -> HttpResponse:
    """Published maps; members see those in preparation too."""
    found = ScenarioSet.objects.for_initiative(request.initiative)
    if request.membership is None:
        found = found.published()
    found = found.select_related("initiative").annotate(
        people=Count("scenarios", filter=Q(scenarios__removed_at=None), distinct=True),
        steps=Count("stages", filter=Q(stages__removed_at=None), distinct=True),
    )
    found = found.order_by("-started_at", "-pk")
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {**tabs(request, "scenarios"), "page": page}
    context["may_draw"] = may_draw_maps(request.membership)
    return render(request, "agenda/scenarios/scenarios.html", context)


@public
@require_safe
def scenario_set(request: MemberRequest, initiative: str, slug: str) -> HttpResponse:
    """One map: side by side, with its counts."""
    found = find(request, slug)
    context = {
        "crumbs": trail(request),
        "set": found,
        "map": draw(found, request.membership),
        "may_draw": may_draw_maps(request.membership) and found.state != "withdrawn",
        "may_publish": may_publish_maps(request.membership),
    }
    return render(request, "agenda/scenarios/set.html", context)


@public
@require_safe
def scenario_room(request: MemberRequest, initiative: str, slug: str) -> HttpResponse:
    """The map for a room: large, stage by stage, nothing else on the screen."""
    found = find(request, slug)
    drawn = draw(found, request.membership)
    here = _stage_number(request, len(drawn.stages))
    context = {
        "set": found,
        "map": drawn,
        "here": here,
        "number": len(drawn.stages),
        "stage": drawn.stages[here - 1] if here else None,
        "columns": _until(drawn, here),
        "before": here - 1 if here else None,
        "after": here + 1 if here < len(drawn.stages) else None,
    }
    return render(request, "agenda/scenarios/room.html", context)


def _stage_number(request: MemberRequest, last: int) -> int:
    """0 is the beginning: who they are. Raises Http404 for a stage that is not there."""
    try:
        here = int(request.GET.get("stage", "0"))
    except ValueError:
        raise Http404 from None
    if not 0 <= here <= last:
        raise Http404
    return here


def _until(drawn: Any, here: int) -> list[dict[str, Any]]:
    """Each person with the cell of this stage and all obstacles met up to here."""
    most = max((column.obstacles for column in drawn.columns), default=0)
    found = []
    for column in drawn.columns:
        met = sum(len(cell.obstacles) for cell in column.cells[:here])
        found.append(
            {
                "scenario": column.scenario,
                "cell": column.cells[here - 1] if here else None,
                "met": met,
                "width": round(100 * met / most) if most else 0,
            }
        )
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def scenario_new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Begin a map."""
    must_draw(request)
    form = MapStartForm(request.POST or None, initiative=request.initiative)
    if request.method == "POST" and form.is_valid():
        try:
            made = ScenarioSet.start(
                initiative=request.initiative, by=request.user, **form.values()
            )
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(request, _("The map is begun. Add its people and stages now."))
            return redirect("agenda:scenario_edit", request.initiative.slug, made.slug)
    back = reverse("agenda:scenarios", args=[request.initiative.slug])
    return form_page(request, form, title=_("Begin a map"), button=_("Begin"), back=back)


@require_safe
def scenario_edit(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Where the map is made: people, stages, cells, what was removed, and who changed what."""
    must_draw(request)
    found = find_open(request, slug)
    removed = [
        *found.scenarios.removed(),
        *found.stages.removed(),
        *found.marks.removed().select_related("scenario", "stage"),
    ]
    context = {
        "crumbs": trail(request, found),
        "set": found,
        "map": draw(found, request.membership),
        "removed": removed,
        "changes": changes_of(found)[:20],
        "may_publish": may_publish_maps(request.membership),
    }
    return render(request, "agenda/scenarios/edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def scenario_describe(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Change title and purpose."""
    must_draw(request)
    found = find_open(request, slug)
    form = MapForm(request.POST or None, instance=found, initiative=request.initiative)
    if request.method == "POST" and form.is_valid():
        try:
            found.describe(by=request.user, seen=form.seen_revision, **form.values())
        except ValidationError as error:
            put(form, error)
        except StateChanged as changed:
            say_changed(form, found, str(changed), str(found.title))
        else:
            messages.success(request, _("The map is described anew."))
            return redirect(edit_url(found))
    return form_page(
        request,
        form,
        found,
        title=_("Describe the map"),
        button=_("Keep it"),
        back=edit_url(found),
    )


@require_POST
def scenario_publish(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Show it to everyone."""
    found = find_open(request, slug)
    if not may_publish_maps(request.membership):
        raise PermissionDenied
    try:
        found.publish(by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(edit_url(found))
    except StateChanged as changed:
        messages.warning(request, str(changed))
    else:
        messages.success(request, _("Everybody can see the map now."))
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
def scenario_withdraw(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Say what a withdrawal means; do it."""
    found = find(request, slug)
    if not may_publish_maps(request.membership):
        raise PermissionDenied
    if request.method == "POST":
        try:
            found.withdraw(by=request.user)
        except StateChanged as changed:
            messages.warning(request, str(changed))
        else:
            messages.success(request, _("The map is withdrawn. Members can still read it."))
        return redirect(found)
    context = {"crumbs": trail(request, found), "set": found}
    return render(request, "agenda/scenarios/withdraw.html", context)


# --- shared with the views of the parts


def find(request: MemberRequest, slug: str) -> ScenarioSet:
    """A map this reader may see: published, or any for members. Raises Http404."""
    every = ScenarioSet.objects.for_initiative(request.initiative).select_related("initiative")
    if request.membership is None:
        every = every.published()
    found: ScenarioSet | None = every.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def find_open(request: SignedInRequest, slug: str) -> ScenarioSet:
    """A map that can be changed. Raises Http404 for a withdrawn one."""
    found = find(request, slug)
    if found.state == ScenarioSet.State.WITHDRAWN:
        raise Http404
    return found


def must_draw(request: SignedInRequest) -> None:
    if not may_draw_maps(request.membership):
        raise PermissionDenied


def edit_url(found: ScenarioSet) -> str:
    return reverse("agenda:scenario_edit", args=[found.initiative.slug, found.slug])


def trail(request: MemberRequest, *within: ScenarioSet) -> list[Any]:
    overview = reverse("agenda:scenarios", args=[request.initiative.slug])
    return crumbs(
        request,
        (_("Maps of understanding"), overview),
        *((str(each), each.get_absolute_url()) for each in within),
    )


def say_changed(form: SeenForm, record: Any, why: str, now: str) -> None:
    """Two editors at once: show what it says now beside what she wrote, and let her decide."""
    record.refresh_from_db()
    form.add_error(None, f"{why} " + _("Now it says: “%(words)s”") % {"words": now})
    form.look_again(record.revision)


def form_page(
    request: SignedInRequest, form: Any, within: ScenarioSet | None = None, **words: Any
) -> HttpResponse:
    """One form on a page of its own."""
    context = {"crumbs": trail(request, *([within] if within else [])), "form": form, **words}
    status = 422 if form.errors else 200
    return render(request, "agenda/scenarios/form.html", context, status=status)
