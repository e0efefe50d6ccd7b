"""The history timeline: one list for everybody, and a page for each event."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda.forms.history import EventForm, TimelineFilter, WithdrawForm
from agenda.models import HistoryEvent
from agenda.overlay import draw
from agenda.permissions import (
    may_edit_event,
    may_propose_event,
    may_publish_event,
    may_see_event,
    may_withdraw_event,
)
from agenda.timeline import Asked, citing, decades, drafts_for, found
from agenda.views.tabs import crumbs, tabs
from ciforum.people.context import Link
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from ciforum.people.transitions import StateChanged
from equity.forms import put

ON_A_PAGE = 60


@public
@require_safe
def history(request: MemberRequest, initiative: str) -> HttpResponse:
    """The timeline, oldest first, with what waits to be published for those who may see it."""
    form = TimelineFilter(request.GET or None, initiative=request.initiative)
    events = found(request.initiative, form.asked() if form.is_bound else Asked())
    page = Paginator(events, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "agenda/history/history.html",
        {
            **tabs(request, "history"),
            "filter": form,
            "is_filtered": any(request.GET.get(name) for name in form.fields),
            "page": page,
            "decades": decades(page.object_list),
            "drafts": list(drafts_for(request.initiative, request.membership)),
            "may_propose": may_propose_event(request.membership),
        },
    )


@public
@require_safe
def event(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """One event: what happened, who tells it, its picture and map, and what cites it."""
    record = _find(request, uid)
    shown, hidden = citing(record, request.membership)
    member = request.membership
    return render(
        request,
        "agenda/history/event.html",
        {
            "crumbs": _crumbs(request),
            "event": record,
            "drawing": draw(record.overlay) if record.overlay else None,
            "citing": shown,
            "citing_elsewhere": hidden,
            "may_edit": may_edit_event(member, record),
            "may_publish": may_publish_event(member),
            "may_withdraw": may_withdraw_event(member, record),
            "may_agree": member is not None
            and record.waits_for_her
            and record.proposed_by_id == member.user_id,
        },
    )


@public
@require_safe
def event_image(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponseBase:
    """The picture of an event, for whoever may see the event."""
    record = _find(request, uid)
    if not record.image or not record.image.storage:
        raise Http404
    # Asked again each time: a withdrawal reaches every browser.
    return FileResponse(
        record.image.storage.open("rb"),
        content_type=record.image_type,
        filename="picture.webp",
        headers={"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def event_new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Write down what happened; others read it before it is public."""
    if not may_propose_event(request.membership):
        raise PermissionDenied
    form = EventForm(request.POST or None, request.FILES or None, initiative=request.initiative)
    if request.method == "POST" and form.is_valid():
        try:
            made = HistoryEvent.propose(
                initiative=request.initiative, by=request.user, **form.values()
            )
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(
                request, _("It is written down. Somebody of the backbone or a committee reads it.")
            )
            return redirect(made)
    return _form(
        request,
        form,
        title=_("Add to our history"),
        lede=_("What happened here that still shapes how people live."),
        button=_("Write it down"),
        back=reverse("agenda:history", args=[request.initiative.slug]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def event_edit(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Change an event; how it was told before is kept."""
    record = _find(request, uid)
    if not may_edit_event(request.membership, record):
        raise PermissionDenied
    form = EventForm(
        request.POST or None,
        request.FILES or None,
        instance=record,
        initiative=request.initiative,
    )
    if request.method == "POST" and form.is_valid():
        try:
            record.edit(by=request.user, **form.values())
        except ValidationError as error:
            put(form, error)
        except StateChanged as error:
            messages.error(request, str(error))
            return redirect(record)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect(record)
    return _form(
        request,
        form,
        title=_("Change the event"),
        lede=_own_words_note(request, record),
        button=_("Save the changes"),
        back=record.get_absolute_url(),
        event=record,
    )


def _own_words_note(request: SignedInRequest, record: HistoryEvent) -> str:
    if record.own_words and record.proposed_by_id != request.user.pk:
        return _("She tells this herself. If you change her words, she has to agree to them.")
    return ""


@require_POST
def event_publish(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Let everyone read it."""
    record = _find(request, uid)
    if not may_publish_event(request.membership):
        raise PermissionDenied
    try:
        record.publish(by=request.user)
    except (ValidationError, StateChanged) as error:
        _say(request, error)
    else:
        messages.success(request, _("The event is on the timeline."))
    return redirect(record)


@require_POST
def event_agree(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """She agrees to what somebody else made of her words."""
    record = _find(request, uid)
    if record.proposed_by_id != request.user.pk:
        raise PermissionDenied
    try:
        record.agree_to_wording(by=request.user)
    except ValidationError as error:
        _say(request, error)
    else:
        messages.success(request, _("You agreed to the words as they stand now."))
    return redirect(record)


@require_http_methods(["GET", "HEAD", "POST"])
def event_withdraw(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Take it back for good, after saying that one knows what is lost."""
    record = _find(request, uid)
    if not may_withdraw_event(request.membership, record):
        raise PermissionDenied
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            record.withdraw(by=request.user)
        except StateChanged as error:
            _say(request, error)
        else:
            messages.success(request, _("The event is withdrawn. Only its date is left."))
        return redirect(reverse("agenda:history", args=[request.initiative.slug]))
    return _form(
        request,
        form,
        title=_("Withdraw the event"),
        lede=_("Whatever cites it will say that it was withdrawn, and when."),
        button=_("Withdraw it for good"),
        back=record.get_absolute_url(),
        event=record,
    )


def _find(request: MemberRequest, uid: UUID) -> HistoryEvent:
    """An event she may see; a withdrawn one is found too, and has nothing left to show."""
    own = HistoryEvent.objects.for_initiative(request.initiative)
    record: HistoryEvent = get_object_or_404(
        own.select_related("initiative", "place", "image", "proposed_by", "citable"), uid=uid
    )
    if not may_see_event(request.membership, record):
        raise Http404
    return record


def _crumbs(request: MemberRequest) -> list[Link]:
    address = reverse("agenda:history", args=[request.initiative.slug])
    return crumbs(request, (_("History"), address))


def _form(request: SignedInRequest, form: Any, **page: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"form": form, "crumbs": _crumbs(request), **page}
    return render(request, "agenda/history/form.html", context, status=status)


def _say(request: SignedInRequest, error: Exception) -> None:
    for text in getattr(error, "messages", [str(error)]):
        messages.error(request, text)
