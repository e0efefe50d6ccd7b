"""Today: a person's own page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from backbone.shortcuts import shortcuts
from ciforum.people import clock, notices, registry
from ciforum.people.models import Duty, Notice
from ciforum.people.requests import SignedInRequest

DUTIES_ON_A_PAGE = 30
NOTICES_SHOWN = 20


@dataclass(frozen=True)
class DutyLine:
    """One duty as its owner reads it."""

    sentence: str
    url: str
    action: Any
    icon: str
    due: datetime | None
    is_late: bool


@dataclass(frozen=True)
class NoticeLine:
    """One notice as its reader reads it."""

    subject: str
    body: str
    url: str
    at: datetime


@require_safe
def today(request: SignedInRequest, initiative: str) -> HttpResponse:
    """What needs her, what she was told, and where to go."""
    page = Paginator(_duties(request), DUTIES_ON_A_PAGE).get_page(request.GET.get("page"))
    unread = _notices(request, read=False)
    return render(
        request,
        "backbone/today.html",
        {
            "page": page,
            "duties": [_duty_line(duty) for duty in page],
            "late": _duties(request).filter(due__lt=clock.now()).count(),
            "unread": unread,
            "earlier": _notices(request, read=True),
            "shortcuts": shortcuts(request),
        },
    )


def _duties(request: SignedInRequest) -> Any:
    """Hers, in all her memberships here: by date, those without one last."""
    return (
        Duty.objects.for_initiative(request.initiative)
        .filter(owner__user=request.user, owner__ended_at=None, done_at=None)
        .filter(kind__in=[name for name, _kind in registry.duties.items()])
        .select_related("initiative")
        .order_by(F("due").asc(nulls_last=True), "id")
    )


def _duty_line(duty: Duty) -> DutyLine:
    kind = registry.duties[duty.kind]
    return DutyLine(
        sentence=kind.sentence(duty.params),
        url=kind.url(duty.initiative, duty.params),
        action=kind.action,
        icon=kind.icon,
        due=duty.due,
        is_late=duty.due is not None and duty.due < clock.now(),
    )


def _notices(request: SignedInRequest, *, read: bool) -> list[NoticeLine]:
    """The newest of hers that she has, or has not, marked read."""
    hers = (
        Notice.objects.for_initiative(request.initiative)
        .filter(to=request.user, read_at__isnull=not read)
        .filter(kind__in=[name for name, _kind in registry.notices.items()])
        .select_related("initiative")
    )
    return [
        NoticeLine(*notices.words(notice), at=notice.created_at) for notice in hers[:NOTICES_SHOWN]
    ]


@require_POST
def notices_read(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Mark her notices read: those that were there when she looked."""
    number = (
        Notice.objects.for_initiative(request.initiative)
        .filter(to=request.user, read_at=None)
        .update(read_at=clock.now())
    )
    text = ngettext(
        "%(number)s message is marked as read.", "%(number)s messages are marked as read.", number
    )
    messages.success(request, text % {"number": number})
    return redirect("backbone:today", initiative)
