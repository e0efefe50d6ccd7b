"""Groups with authority over their data: who holds it, and what councils say of a release."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from ciforum.people.transitions import StateChanged
from equity.forms import put
from equity.models import DataAuthority, Seat
from measurement.forms.authority import AuthorityForm, KeepForm, WordForm
from measurement.models import PublicNumbers, Release
from measurement.permissions import may_propose_authority, may_release
from measurement.protecting.rehearsal import rehearse
from measurement.releasing import authority as of_release
from measurement.releasing import telling_asking
from measurement.saying import rehearsed
from measurement.showing.shown import Unknown
from measurement.views.answering import pressed
from measurement.views.crumbs import trail


@public
@require_safe
def authorities(request: MemberRequest, initiative: str) -> HttpResponse:
    """Every group whose council agrees before its numbers are shown."""
    own = DataAuthority.objects.for_initiative(request.initiative)
    found = own.select_related("group__dimension", "council", "initiative")
    return render(
        request,
        "measurement/authority/list.html",
        {
            "open": found.filter(ended_at=None),
            "ended": found.exclude(ended_at=None).exclude(since=None),
            "may_propose": may_propose_authority(request.membership),
            "crumbs": trail(request),
        },
    )


@public
@require_safe
def authority(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """One council's authority; for those who sit there, the releases that wait for their word."""
    found = find(request, uid)
    seats = seats_of(request, found)
    may_propose = may_propose_authority(request.membership)
    return render(
        request,
        "measurement/authority/one.html",
        {
            "found": found,
            "seats": seats,
            "number": found.seats().count(),
            "releases": _waiting(found) if seats or may_release(request.membership) else [],
            "public": _public(found, bool(seats) or may_release(request.membership)),
            "ending": found.newest(found.uid) if seats else [],
            "may_consent": not found.since and any(seat.is_lived for seat in seats),
            "may_take_back": may_propose and not found.since and not found.ended_at,
            "crumbs": trail(request),
        },
    )


def _waiting(found: DataAuthority) -> list[dict[str, Any]]:
    """Drafts that hold numbers of the group, with what its seats say so far."""
    if not found.is_standing:
        return []
    drafts = Release.objects.for_initiative(found.initiative).filter(state=Release.State.DRAFT)
    return [
        {"release": draft, "count": found.count(draft)}
        for draft in drafts.select_related("indicator", "initiative", "version")
        if draft.seen_by(found)
    ]


def _public(found: DataAuthority, is_inside: bool) -> list[dict[str, Any]]:
    """Indicators with public numbers of the group, and since when the council keeps them back.

    is_inside: for those who sit there and the backbone; others read it where pages may say so.
    """
    if not found.is_standing:
        return []
    told = found.withholdings.in_force()
    told = told if is_inside else told.filter(is_told=True)
    back = dict(told.values_list("indicator", "since"))
    return [
        {"indicator": each, "kept_since": back.get(each.pk)}
        for each in PublicNumbers.about(found).select_related("initiative").order_by("slug")
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def authority_new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Ask a council to hold authority over its group's numbers."""
    if not may_propose_authority(request.membership):
        raise PermissionDenied
    form = AuthorityForm(request.POST or None, initiative=request.initiative)
    if request.method == "POST" and form.is_valid():
        try:
            made = DataAuthority.propose(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(request, _("It stands once a resident of the council consents."))
            return redirect(made)
    return _form(
        request,
        form,
        title=_("Propose authority over data"),
        lede=_("From then on the group's numbers are released only with its council's word."),
        button=_("Propose it"),
    )


@require_POST
def authority_consent(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """A resident who sits in the council consents."""
    found = find(request, uid)
    lived = [seat for seat in seats_of(request, found) if seat.is_lived]
    if not lived:
        raise PermissionDenied
    return _done(
        request,
        found,
        lambda: found.consent(seat=lived[0], by=request.user),
        _("Your council holds authority over these numbers from now on."),
    )


@require_POST
def authority_take_back(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Drop a proposal to which nobody consented."""
    found = find(request, uid)
    if not may_propose_authority(request.membership):
        raise PermissionDenied
    return _done(
        request, found, lambda: found.take_back(by=request.user), _("The proposal is gone.")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def authority_keep(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Say for a seat whether the council keeps its authority."""
    found = find(request, uid)
    seats = must_sit(request, found)
    form = KeepForm(request.POST or None, seats=seats, initiative=request.initiative)
    if request.method == "POST" and form.is_valid():
        return _done(
            request,
            found,
            lambda: found.speak_of_itself(by=request.user, **form.cleaned_data),
            _("Your seat has spoken. It ends once more than half of the seats say so."),
        )
    return _form(
        request,
        form,
        title=_("Keep or end this authority"),
        lede=_("Only your council ends it, by more than half of its seats, or a decision does."),
        button=_("Say it"),
        back=found.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def authority_word(
    request: SignedInRequest, initiative: str, uid: UUID, release: UUID
) -> HttpResponse:
    """What the council says of one release: its own group's table, its seats' words, the form."""
    found = find(request, uid)
    seats = seats_of(request, found)
    if not seats and not may_release(request.membership):
        raise PermissionDenied
    drafts = Release.objects.for_initiative(request.initiative)
    draft = get_object_or_404(drafts.select_related("indicator", "initiative"), uid=release)
    form = WordForm(request.POST or None, seats=seats, initiative=request.initiative)
    if request.method == "POST":
        must_sit(request, found)
        if form.is_valid():
            try:
                word = found.speak(record=draft, by=request.user, **form.cleaned_data)
            except ValidationError as error:
                put(form, error)
            except StateChanged as changed:
                messages.warning(request, str(changed))
                return redirect(found)
            else:
                telling_asking.spoke(word)
                messages.success(
                    request, _("Your seat has spoken. You can change it until it is public.")
                )
                return redirect(request.path)
    return render(
        request,
        "measurement/authority/word.html",
        {
            "found": found,
            "release": draft,
            "form": form,
            "may_speak": bool(seats) and draft.state == Release.State.DRAFT and found.is_standing,
            "words": found.newest(draft.uid),
            "count": found.count(draft),
            "crumbs": trail(request),
            **_table(request, draft, found),
        },
        status=422 if form.errors else 200,
    )


def _table(request: SignedInRequest, draft: Release, found: DataAuthority) -> dict[str, Any]:
    """The group's own rows as everybody would see them; only once they are safe to look at."""
    if draft.state != Release.State.DRAFT or draft.protection()["state"] != "sound":
        return {}
    codes, dimension = of_release.codes_of(found), found.group.dimension.code
    try:
        table = rehearse(draft, request.GET.get("place", ""))
    except Unknown as error:
        raise Http404 from error
    periods = [
        (
            period,
            [
                cell
                for cell in cells
                if any(m.dimension == dimension and m.code in codes for m in cell.series.members)
            ],
        )
        for period, cells in table.periods
    ]
    return rehearsed.context(
        table, draft.version, [(period, cells) for period, cells in periods if cells]
    )


def find(request: MemberRequest, uid: UUID) -> DataAuthority:
    own = DataAuthority.objects.for_initiative(request.initiative)
    related = ("group__dimension", "council__initiative", "initiative", "consented_by")
    found: DataAuthority = get_object_or_404(own.select_related(*related), uid=uid)
    return found


def seats_of(request: MemberRequest, found: DataAuthority) -> list[Seat]:
    return found.seats_of(request.membership.user) if request.membership else []


def must_sit(request: SignedInRequest, found: DataAuthority) -> list[Seat]:
    if not (seats := seats_of(request, found)):
        raise PermissionDenied
    return seats


def _done(
    request: SignedInRequest, found: DataAuthority, verb: Callable[[], Any], said: str
) -> HttpResponse:
    return pressed(request, verb, said, back=found, faster=messages.warning)


def _form(request: SignedInRequest, form: forms.BaseForm, **page: str) -> HttpResponse:
    crumbs = trail(request)
    context = {"form": form, "crumbs": crumbs, "back": crumbs[-1].url, **page}
    status = 422 if form.errors else 200
    return render(request, "measurement/form.html", context, status=status)
