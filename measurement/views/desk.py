"""The partners' desk: what was handed in, and bringing a new file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ciforum.people.context import Link
from ciforum.people.requests import MemberRequest
from measurement.forms.desk import DeskFilter, UploadForm
from measurement.looking import first_look
from measurement.models import DataRequest, Indicator, Submission
from measurement.permissions import hands_in_for, may_approve_any, may_open_desk
from measurement.reading.errors import Unreadable
from measurement.stages import next_step
from measurement.troubles import sentence

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
    wanted = {"indicator": _wanted_indicator(request)}
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*data, initiative=request.initiative, organizations=own, initial=wanted)
    if request.method == "POST" and form.is_valid():
        submission = _receive(request, form)
        if submission is not None:
            if submission.twin is None:
                messages.success(request, _("The file is here. Say what its columns mean."))
            return redirect("measurement:submission_columns", initiative, submission.uid)
    context = {
        "crumbs": crumbs(request, desk_link(request)),
        "form": form,
        "has_indicators": Indicator.objects.for_initiative(request.initiative)
        .filter(retired_at=None)
        .exists(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "measurement/desk/upload.html", context, status=status)


def _wanted_indicator(request: MemberRequest) -> Any:
    """An address may name the indicator, so that its page can link here."""
    slug = request.GET.get("indicator", "").replace("\x00", "")
    found = Indicator.objects.for_initiative(request.initiative).filter(slug=slug).first()
    return found.uid if found else None


def _receive(request: MemberRequest, form: UploadForm) -> Submission | None:
    file, kind = form.cleaned_data["file"], form.cleaned_data["kind"]
    try:
        source = first_look(file, kind)
    except Unreadable as trouble:
        form.add_error("file", sentence(trouble.code, trouble.params))
        return None
    return Submission.receive(
        indicator=form.cleaned_data["indicator"],
        organization=form.for_organization,
        file=file,
        kind=kind,
        header=[name[:200] for name in source.header],
        signature=source.layout_signature,
        by=request.user,
    )
