"""Data walks: the list, one walk, its steps, and the debrief."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from ciforum.people.transitions import StateChanged
from measurement.forms.walks import CloseForm, HideForm, ThemeForm
from measurement.models import DataWalk, Reaction, Theme
from measurement.views.answering import form_page, must, pressed, say, submitted
from measurement.views.tabs import tabs
from measurement.views.walk_common import find_station, find_walk, way
from measurement.walking.permissions import may_help, may_hold_walks, may_see_reactions
from measurement.walking.presenting import boards, counts, qr, stop
from measurement.walking.sheet import sheet

ON_A_PAGE = 20


@public
@require_safe
def walks(request: MemberRequest, initiative: str) -> HttpResponse:
    """Walks that are open or were held, with what was found; members also see what is prepared."""
    own = DataWalk.objects.for_initiative(request.initiative).select_related("initiative")
    found = own.shown().prefetch_related("findings__authors")
    return render(
        request,
        "measurement/walks/walks.html",
        {
            **tabs(request, "walks"),
            "crumbs": way(request)[:-1],
            "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
            "preparing": list(own.preparing()) if request.membership else [],
            "may_hold": may_hold_walks(request.membership),
        },
    )


@public
@require_safe
def walk(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """One walk: where and when, its stations, what was found, and what can be done next."""
    found = find_walk(request, uid)
    member = request.membership
    stations = found.in_order()
    findings = found.findings.standing().prefetch_related("authors")
    return render(
        request,
        "measurement/walks/walk.html",
        {
            "walk": found,
            "crumbs": way(request),
            "stops": [(each, stop(each)) for each in stations],
            "missing": found.missing() if found.is_preparing else [],
            "findings": findings if member else findings.agreed(),
            "counts": counts(found) if member else {},
            "may_hold": may_hold_walks(member),
            "may_help": may_help(member),
            "member": member,
            "phone_address": request.build_absolute_uri(found.phone_url()),
            "qr": "" if found.is_preparing else qr(found.phone_url()),
            "may_resume": found.state == DataWalk.State.DEBRIEF
            and not any(each.is_agreed for each in findings),
            "may_take_back": found.is_open
            and not Reaction.objects.filter(station__walk=found).exists(),
        },
    )


@require_POST
def walk_open(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Fix the pictures, and let people in; on another day than announced it asks once."""
    found = find_walk(request, uid)
    must(may_hold_walks(request.membership))
    if found.is_on_another_day and "sure" not in request.POST and not found.missing():
        page = {"walk": found, "crumbs": way(request, found)}
        return render(request, "measurement/walks/open.html", page)
    return _step(
        request,
        uid,
        lambda found: found.open(by=request.user),
        _("The walk is open. Its pictures stay as they are now: print the posters."),
    )


@require_POST
def walk_take_back(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Back into preparation, while nobody reacted."""
    return _step(
        request,
        uid,
        lambda found: found.take_back(by=request.user),
        _("The walk is being prepared again. Posters that are printed may no longer fit."),
    )


@require_POST
def walk_begin_debrief(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """The round is over."""
    return _step(
        request,
        uid,
        lambda found: found.begin_debrief(by=request.user),
        _("Phones rest now. Type in what is on paper, and talk about what was said."),
    )


@require_POST
def walk_resume(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """The round was ended too early."""
    return _step(
        request,
        uid,
        lambda found: found.resume(by=request.user),
        _("The round goes on. Phones can send again."),
    )


def _step(
    request: SignedInRequest, uid: UUID, verb: Callable[[DataWalk], None], done: str
) -> HttpResponse:
    found = find_walk(request, uid)
    must(may_hold_walks(request.membership))
    return pressed(request, lambda: verb(found), done, back=found)


@require_http_methods(["GET", "HEAD", "POST"])
def walk_close(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Say what comes next, and tell everybody who left an address."""
    found = find_walk(request, uid)
    must(may_hold_walks(request.membership))
    form = CloseForm(request.POST or None, walk=found)
    if answer := submitted(
        request,
        form,
        lambda: found.close(by=request.user, **form.cleaned_data),
        _("Closed. Everybody who left an address gets a mail."),
        back=found,
    ):
        return answer
    return form_page(
        request,
        form,
        title=_("What comes next?"),
        lede=_("People gave their time and their words. Tell them what becomes of it."),
        button=_("Close the walk and tell everybody"),
        back=found.get_absolute_url(),
        crumbs=way(request, found),
    )


# --- the debrief


@require_safe
def walk_debrief(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """For the wall: what was said, station by station; themes are made here."""
    found = find_walk(request, uid)
    all_boards = boards(found)
    number = request.GET.get("station", "")
    one = [each for each in all_boards if str(each.station.order) == number]
    return render(
        request,
        "measurement/walks/debrief.html",
        {
            "walk": found,
            "crumbs": way(request, found),
            "boards": one or all_boards,
            "all_boards": all_boards,
            "station": number if one else "",
            "findings": found.findings.standing().prefetch_related("authors", "stations"),
            "may_help": may_help(request.membership) and found.takes_paper,
            "may_write": may_help(request.membership) and not found.is_preparing,
            "may_hold": may_hold_walks(request.membership),
        },
    )


@require_POST
def walk_themes(
    request: SignedInRequest, initiative: str, uid: UUID, station: UUID
) -> HttpResponse:
    """Begin a theme, drop one, or put reactions under one."""
    walk = find_walk(request, uid)
    must(may_help(request.membership))
    here = find_station(walk, station)
    try:
        _theme(request, here)
    except (ValidationError, StateChanged) as error:
        say(request, error)
    back = reverse("measurement:walk_debrief", args=[initiative, uid])
    query = f"?station={here.order}" if request.POST.get("only") else ""
    return redirect(f"{back}{query}#station-{here.order}")


def _theme(request: SignedInRequest, station: Any) -> None:
    said = request.POST
    if "drop" in said:
        get_object_or_404(station.themes, uid=_uid(said["drop"])).drop(by=request.user)
        messages.success(request, _("The theme is gone; what was said is unsorted again."))
        return
    theme: Theme | None = None
    if said.get("name", "").strip():
        form = ThemeForm({"name": said["name"]})
        if not form.is_valid():
            raise ValidationError([each for errors in form.errors.values() for each in errors])
        theme = Theme.name_one(station=station, by=request.user, **form.cleaned_data)
    elif said.get("theme"):
        theme = get_object_or_404(station.themes, uid=_uid(said["theme"]))
    chosen = [uid for text in said.getlist("reaction") if (uid := _uid(text))]
    if not chosen:
        if theme is None or not said.get("name", "").strip():
            raise ValidationError(_("Choose what belongs together, or name a new theme."))
        return
    moved = Reaction.sort(station=station, reactions=chosen, theme=theme, by=request.user)
    messages.success(
        request,
        ngettext("%(count)s reaction moved.", "%(count)s reactions moved.", moved)
        % {"count": moved},
    )


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def walk_hide(request: SignedInRequest, initiative: str, uid: UUID, said: UUID) -> HttpResponse:
    """Show a reaction no longer, with a reason; or show it again."""
    walk = find_walk(request, uid)
    must(may_hold_walks(request.membership))
    found = get_object_or_404(
        Reaction.objects.filter(station__walk=walk).select_related("station__walk", "prompt"),
        uid=said,
    )
    back = reverse("measurement:walk_debrief", args=[initiative, uid])
    form = HideForm(request.POST or None)
    if request.method == "POST" and (found.hidden_at or form.is_valid()):
        try:
            if found.hidden_at:
                found.show_again(by=request.user)
            else:
                found.hide(by=request.user, **form.cleaned_data)
        except (ValidationError, StateChanged) as error:
            say(request, error)
        return redirect(f"{back}#station-{found.station.order}")
    page = {"walk": walk, "said": found, "form": form, "back": back, "crumbs": way(request, walk)}
    status = 422 if form.errors else 200
    return render(request, "measurement/walks/hide.html", page, status=status)


@require_safe
def walk_csv(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """What was said, as a table for members."""
    found = find_walk(request, uid)
    must(may_see_reactions(request.membership))
    return HttpResponse(
        sheet(found),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="walk-{found.code}.csv"',
            "Cache-Control": "private, no-store",
        },
    )
