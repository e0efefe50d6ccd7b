"""Committees: who decides here, open to everybody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agenda import bodies
from agenda.forms.committees import CommitteeForm
from agenda.models import Decision
from agenda.permissions import may_manage_committees, may_offer_seat
from agenda.views.tabs import crumbs, tabs
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from ciforum.people.transitions import StateChanged
from equity.forms import put
from equity.models import Committee, Policy, Recusal

RECUSALS = 20


@public
@require_safe
def committees(request: MemberRequest, initiative: str) -> HttpResponse:
    """Every committee, with its composition at a glance."""
    every = Committee.objects.for_initiative(request.initiative).select_related("initiative")
    policy = Policy.of(request.initiative)
    return render(
        request,
        "agenda/committees/committees.html",
        {
            **tabs(request, "committees"),
            "shown": [_glance(each, policy) for each in every if each.ended_at is None],
            "ended": [each for each in every if each.ended_at],
            "may_manage": may_manage_committees(request.membership),
        },
    )


@public
@require_safe
def committee(request: MemberRequest, initiative: str, slug: str) -> HttpResponse:
    """One committee: its seats, its floor, how it came to be, and who proposes."""
    found = find(request, slug)
    return render(request, "agenda/committees/committee.html", _whole(request, found))


@require_http_methods(["GET", "HEAD", "POST"])
def committee_new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Found a committee."""
    _must_manage(request)
    form = CommitteeForm(request.POST or None, initiative=request.initiative)
    if request.method == "POST" and form.is_valid():
        try:
            made = Committee.found(
                initiative=request.initiative, by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(request, _("The committee stands. Now offer its seats."))
            return redirect(made)
    page = {
        "title": _("Found a committee"),
        "lede": _("A body that decides. Its seats are offered next; people take them themselves."),
        "button": _("Found it"),
        "back": reverse("agenda:committees", args=[initiative]),
    }
    return form_page(request, form, page)


@require_http_methods(["GET", "HEAD", "POST"])
def committee_edit(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Describe it anew, or let it end."""
    found = find(request, slug)
    _must_manage(request)
    if request.method == "POST" and "end" in request.POST:
        return _end(request, found)
    form = CommitteeForm(
        request.POST or None, instance=find(request, slug), initiative=request.initiative
    )
    if request.method == "POST" and form.is_valid():
        try:
            found.describe(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            put(form, error)
        except StateChanged as changed:
            messages.warning(request, str(changed))
            return redirect(found)
        else:
            messages.success(request, _("Saved."))
            return redirect(found)
    page = {
        "title": _("Describe the committee"),
        "lede": _("Who votes in it cannot change while people hold its seats."),
        "button": _("Save"),
        "back": found.get_absolute_url(),
        "ends": not found.ended_at,
    }
    return form_page(request, form, page, found)


def form_page(
    request: SignedInRequest, form: Any, page: dict[str, Any], found: Committee | None = None
) -> HttpResponse:
    """A form about a committee or a seat on a page of its own."""
    return render(
        request,
        "agenda/committees/form.html",
        {"form": form, "crumbs": trail(request, found), **page},
        status=422 if form.errors else 200,
    )


def find(request: MemberRequest, slug: str) -> Committee:
    every = Committee.objects.for_initiative(request.initiative)
    found: Committee = get_object_or_404(
        every.select_related("initiative", "dimension__initiative"), slug=slug
    )
    return found


def trail(request: MemberRequest, found: Committee | None = None) -> list[Any]:
    """The way down to a page about committees."""
    overview = reverse("agenda:committees", args=[request.initiative.slug])
    names = [(_("Committees"), overview)]
    if found:
        names.append((str(found), found.get_absolute_url()))
    return crumbs(request, *names)


def _end(request: SignedInRequest, found: Committee) -> HttpResponse:
    try:
        found.end(by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except StateChanged as changed:
        messages.warning(request, str(changed))
    else:
        messages.success(request, _("The committee has ended. What it decided stays."))
    return redirect(found)


def _glance(found: Committee, policy: Policy) -> dict[str, Any]:
    seated = list(found.seated())
    return {
        "committee": found,
        "parts": bodies.parts(seated),
        "total": len(seated),
        "standing": bodies.standing(found.composition(), policy),
    }


def _whole(request: MemberRequest, found: Committee) -> dict[str, Any]:
    """What the page of a committee shows. Offers and names of alternates are for members."""
    member = request.membership
    seats = bodies.seats_of(found)
    counted = set(found.seated().values_list("pk", flat=True))
    classes = bodies.classes_of(seats)
    over_time = bodies.moments(seats, request.initiative.zone)
    policy = Policy.of(request.initiative)
    return {
        "committee": found,
        "crumbs": trail(request),
        "seats": [_line(seat, member) for seat in seats if seat.pk in counted and seat.is_voting],
        "followers": [
            _line(seat, member) for seat in seats if seat.pk in counted and not seat.is_voting
        ],
        "offers": [_line(seat, member) for seat in seats if seat.state == "offered"],
        "paused": [
            _line(seat, member)
            for seat in seats
            if seat.state == "seated" and seat.pk not in counted
        ],
        "past": [_line(seat, member) for seat in seats if seat.state == "ended" and seat.taken_at],
        "board": [
            (group, _line(seat, member) if seat else None)
            for group, seat in bodies.board(found, seats)
        ],
        "parts": bodies.parts(seat for seat in seats if seat.pk in counted and seat.is_voting),
        "standing": bodies.standing(found.composition(), policy),
        "classes": classes,
        "moments": over_time,
        "drawing": bodies.drawing(over_time) if over_time else None,
        "change": bodies.change(over_time, classes) if over_time else "",
        "proposers": bodies.proposers(found),
        "recusals": _recusals(found),
        "may_manage": may_manage_committees(member),
        "may_offer": may_offer_seat(member) and not found.ended_at,
    }


def _line(seat: Any, member: Any) -> dict[str, Any]:
    return {"seat": seat, "name": bodies.name_for(seat, member)}


def _recusals(found: Committee) -> list[tuple[Recusal, Decision]]:
    """Who stood back from which decision, newest first, where the decision is public."""
    stood_back = list(
        Recusal.objects.filter(seat__committee=found)
        .select_related("seat__holder__user")
        .order_by("-at")[:RECUSALS]
    )
    own = Decision.objects.for_initiative(found.initiative).public()
    about = {
        each.uid: each
        for each in own.filter(uid__in=[row.about for row in stood_back]).select_related(
            "initiative"
        )
    }
    return [(row, about[row.about]) for row in stood_back if row.about in about]


def _must_manage(request: SignedInRequest) -> None:
    if not may_manage_committees(request.membership):
        raise PermissionDenied
