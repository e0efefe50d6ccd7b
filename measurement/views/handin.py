"""Other ways to bring a table: pasted, as sheets of a workbook; and the file with what to mend."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ciforum.people.context import Link
from ciforum.people.requests import MemberRequest
from ciforum.people.transitions import StateChanged
from measurement.desk import looking, marking
from measurement.desk.doubts import today_of
from measurement.desk.stages import steps
from measurement.desk.troubles import sentence
from measurement.forms.handin import PasteForm, SheetsForm
from measurement.models import Submission
from measurement.permissions import hands_in_for, may_see_small_counts
from measurement.reading.errors import Unreadable
from measurement.reading.workbook import Sheet
from measurement.views.desk import crumbs, desk_link, go_on, has_indicators, receive, wanted, ways
from measurement.views.mapping import editable
from measurement.views.submissions import find


@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: MemberRequest, initiative: str) -> HttpResponse:
    """A table copied out of a spreadsheet; from here on it is a file like any other."""
    own = hands_in_for(request.membership)
    if not own:
        raise PermissionDenied
    form = PasteForm(
        request.POST or None,
        initiative=request.initiative,
        organizations=own,
        initial=wanted(request),
    )
    if form.is_bound and form.is_valid():
        name = _("pasted on %(day)s.tsv") % {"day": today_of(request.initiative).isoformat()}
        file = ContentFile(form.cleaned_data["table"].encode("utf-8", "replace"), name)
        if submission := receive(request, form, file, "table", way=Submission.Way.PASTE):
            return go_on(request, submission, form.cleaned_data["period"])
    context = {**ways(request, "paste"), "form": form, "has_indicators": has_indicators(request)}
    status = 422 if form.is_bound else 200
    return render(request, "measurement/desk/paste.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def submission_sheets(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Which sheets of a workbook to read."""
    submission = editable(request, uid)
    if isinstance(submission, HttpResponse):
        return submission
    if submission.header and not submission.sheets:  # a plain table has none
        return redirect("measurement:submission_columns", initiative, uid)
    try:
        found = looking.sheets(submission)
    except Unreadable as trouble:
        messages.error(request, sentence(trouble.code, trouble.params))
        return redirect(submission)
    form = SheetsForm(request.POST or None, found=found, chosen=submission.sheet_names)
    if form.is_bound and form.is_valid() and _choose(request, submission, form):
        page = reverse("measurement:submission_columns", args=[initiative, uid])
        asked = request.GET.get("period", "")
        return redirect(f"{page}?{urlencode({'period': asked})}" if asked else page)
    context = {
        "crumbs": crumbs(
            request, desk_link(request), Link(str(submission), submission.get_absolute_url())
        ),
        "submission": submission,
        "steps": steps(submission, "columns"),
        "form": form,
        "without_table": [_why_not(sheet) for sheet in found if not sheet.header],
    }
    status = 422 if form.is_bound else 200
    return render(request, "measurement/desk/sheets.html", context, status=status)


def _choose(request: MemberRequest, submission: Submission, form: SheetsForm) -> bool:
    """Read them together once, so that a sheet that does not fit is told at once."""
    try:
        look = looking.choose(submission, form.cleaned_data["sheets"])
        submission.choose_sheets(
            look.sheets,
            header=[name[:200] for name in look.header],
            signature=look.signature,
            by=request.user,
        )
    except Unreadable as trouble:
        form.add_error("sheets", sentence(trouble.code, trouble.params))
        return False
    except StateChanged as changed:
        form.add_error(None, str(changed))
        return False
    return True


def _why_not(sheet: Sheet) -> dict[str, Any]:
    if sheet.trouble in looking.DANGERS:
        return {"name": sheet.name, "why": sentence(sheet.trouble, sheet.params)}
    return {"name": sheet.name, "why": _("No table stands in it.")}


@require_safe
def submission_marked(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponseBase:
    """Her own file with one more column: what to mend. Of a file of people nothing is kept."""
    submission = find(request, uid)
    if submission.is_of_people or submission.file.forgotten_at or not submission.header:
        raise Http404
    if not may_see_small_counts(request.membership, submission):
        raise PermissionDenied
    try:
        return marking.marked(submission, request.membership)
    except Unreadable as trouble:
        messages.error(request, sentence(trouble.code, trouble.params))
        return redirect(submission)
