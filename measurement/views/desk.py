"""The partners' desk: what was handed in, and bringing a new file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ciforum.people.context import Link
from ciforum.people.requests import MemberRequest
from measurement.desk.askedperiods import address_of, asked_period
from measurement.desk.looking import first_look
from measurement.desk.stages import next_step
from measurement.desk.troubles import pasted_sentence, sentence
from measurement.forms.desk import BringForm, DeskFilter, UploadForm
from measurement.models import DataRequest, Indicator, Submission
from measurement.permissions import hands_in_for, may_approve_any, may_open_desk
from measurement.reading.errors import Unreadable

PER_PAGE = 25


def crumbs(request: MemberRequest, *more: Link) -> list[Link]:
    """The way from the top of measurement to a page of the desk."""
    slug = request.initiative.slug
    return [Link(_("Measures"), reverse("measurement:overview", args=[slug])), *more]


def desk_link(request: MemberRequest) -> Link:
    return Link(_("Data desk"), reverse("measurement:desk", args=[request.initiative.slug]))


@require_safe
def desk(request: MemberRequest, initiative: str) -> HttpResponse:
    """A partner's own submissions and what to do; for the backbone all of them."""
    if not may_open_desk(request.membership):
        raise PermissionDenied
    sees_all = may_approve_any(request.membership)
    own = hands_in_for(request.membership)
    found = Submission.objects.for_initiative(request.initiative)
    if not sees_all:
        found = found.filter(organization__in=own)
    filters = DeskFilter(request.GET, initiative=request.initiative)
    if not sees_all and len(own) < 2:
        del filters.fields["partner"]
    listed = _in_order(filters.narrow(found), sees_all)
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "crumbs": crumbs(request),
        "page": page,
        "rows": [(each, next_step(each, request.membership)) for each in page],
        "filters": filters,
        "is_filtered": any(request.GET.get(name) for name in filters.fields),
        "sees_all": sees_all,
        "may_upload": bool(own),
        "asked": _asked_of(request, own),
    }
    return render(request, "measurement/desk/desk.html", context)


def _in_order(submissions: Any, sees_all: bool) -> Any:
    """First what waits for this reader, then the newest."""
    first = ["handed_in"] if sees_all else ["returned", "checked", "uploaded"]
    return (
        submissions.select_related("indicator", "organization", "file", "initiative")
        .annotate(turn=Case(When(state__in=first, then=Value(0)), default=Value(1)))
        .order_by("turn", "-uploaded_at", "-id")
    )


def _asked_of(request: MemberRequest, own: list[Any]) -> list[DataRequest]:
    """Open requests for data that her organizations were asked for."""
    asked = DataRequest.objects.for_initiative(request.initiative).filter(
        organization__in=own, state=DataRequest.State.SENT
    )
    return list(asked.select_related("indicator", "dimension").order_by("due")[:5])


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: MemberRequest, initiative: str) -> HttpResponse:
    """Bring a file: looked at on the spot, kept only when it can be read."""
    own = hands_in_for(request.membership)
    if not own:
        raise PermissionDenied
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(
        *data, initiative=request.initiative, organizations=own, initial=wanted(request)
    )
    if request.method == "POST" and form.is_valid():
        file, kind = form.cleaned_data["file"], form.cleaned_data["kind"]
        if submission := receive(request, form, file, "file", kind=kind):
            return go_on(request, submission, form.cleaned_data["period"])
    context = {**ways(request, "upload"), "form": form, "has_indicators": has_indicators(request)}
    status = 422 if form.is_bound else 200
    return render(request, "measurement/desk/upload.html", context, status=status)


def has_indicators(request: MemberRequest) -> bool:
    found = Indicator.objects.for_initiative(request.initiative)
    return found.filter(retired_at=None).exists()


def wanted(request: MemberRequest) -> dict[str, Any]:
    """An address may name indicator, partner and period, so that pages can link here."""
    slug = request.GET.get("indicator", "").replace("\x00", "")
    found = Indicator.objects.for_initiative(request.initiative).filter(slug=slug).first()
    partner = request.GET.get("organization", "")
    period = asked_period(request.GET.get("period", ""))
    return {
        "indicator": found.uid if found else None,
        "organization": partner,
        "period": address_of(period) if period else "",
    }


def ways(request: MemberRequest, current: str) -> dict[str, Any]:
    """The ways to hand in as tabs of one another, with what the address asked for."""
    slug = request.initiative.slug
    asked = request.GET.urlencode()
    names = [
        ("upload", _("Bring a file"), "file-up"),
        ("paste", _("Paste a table"), "copy"),
        ("grid", _("Type the numbers"), "pencil"),
    ]
    period = asked_period(request.GET.get("period", ""))
    return {
        "crumbs": crumbs(request, desk_link(request)),
        "tabs_label": _("Ways to hand in"),
        "tabs": [
            Link(
                label,
                reverse(f"measurement:{name}", args=[slug]) + (f"?{asked}" if asked else ""),
                icon,
                name == current,
            )
            for name, label, icon in names
        ],
        "asked_for": str(period) if period else "",
    }


def receive(
    request: MemberRequest, form: BringForm, file: File[bytes], field: str, **how: Any
) -> Submission | None:
    """Look at a table and keep it; what speaks against it goes to a field of the form.

    how: `kind` and `way`, as Submission.receive wants them.
    """
    kind = how.setdefault("kind", Submission.Kind.TABLE)
    try:
        look = first_look(file, kind)
    except Unreadable as trouble:
        form.add_error(field, _refusal(trouble, file.name or "", how.get("way", "")))
        return None
    return Submission.receive(
        indicator=form.cleaned_data["indicator"],
        organization=form.for_organization,
        file=file,
        header=[name[:200] for name in look.header],
        signature=look.signature,
        sheets=look.sheets,
        by=request.user,
        **how,
    )


def _refusal(trouble: Unreadable, name: str, way: str) -> str:
    """Why it was not taken; what was pasted never was a file with a name."""
    if way == Submission.Way.PASTE:
        why = pasted_sentence(trouble.code, trouble.params)
        return _("The table was not taken. %(sentence)s") % {"sentence": why}
    said = {"file": name, "sentence": sentence(trouble.code, trouble.params)}
    return _("“%(file)s” was not taken. %(sentence)s") % said


def go_on(request: MemberRequest, submission: Submission, asked: str = "") -> HttpResponse:
    """To the next question: which sheets, or what the columns mean."""
    page = "sheets" if submission.awaits_sheets else "columns"
    if submission.awaits_sheets:
        messages.success(request, _("The workbook is here. Say which of its sheets to read."))
    elif submission.twin is None and submission.way == Submission.Way.PASTE:
        messages.success(request, _("The table is here. Say what its columns mean."))
    elif submission.twin is None:
        messages.success(request, _("The file is here. Say what its columns mean."))
    url = reverse(f"measurement:submission_{page}", args=[request.initiative.slug, submission.uid])
    period = asked_period(asked)
    return redirect(f"{url}?{urlencode({'period': address_of(period)})}" if period else url)
