"""Saying what a file means: its columns, then the texts in them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ciforum.people.context import Link
from ciforum.people.requests import MemberRequest
from ciforum.people.transitions import StateChanged
from measurement.desk import catalogue, looking
from measurement.desk.askedperiods import asked_period, period_text
from measurement.desk.doubts import lacks_whole
from measurement.desk.examples import example_sentence
from measurement.desk.stages import steps
from measurement.desk.troubles import sentence
from measurement.forms.columns import ColumnsForm
from measurement.forms.labels import LabelsForm
from measurement.models import Submission
from measurement.permissions import may_hand_in
from measurement.reading.errors import Problem, Unreadable
from measurement.reading.mapping import LABELLED, BadMapping, Mapping
from measurement.reading.source import Source
from measurement.views.desk import crumbs, desk_link
from measurement.views.submissions import find


def editable(request: MemberRequest, uid: UUID) -> Submission | HttpResponse:
    """The submission, or where to go when its columns cannot be named any more."""
    submission = find(request, uid)
    if not may_hand_in(request.membership, submission):
        raise PermissionDenied
    if submission.state not in Submission.EDITABLE:
        messages.warning(request, _("This file was read in the meantime. Here is what came out."))
        return redirect(submission)
    if submission.file.forgotten_at:
        messages.warning(request, _("The file is no longer kept. Please upload it again."))
        return redirect(submission)
    return submission


def _mappable(request: MemberRequest, uid: UUID) -> Submission | HttpResponse:
    """The same, once it is known which sheets of a workbook are meant."""
    submission = editable(request, uid)
    if isinstance(submission, Submission) and submission.awaits_sheets:
        return redirect("measurement:submission_sheets", request.initiative.slug, uid)
    return submission


@require_http_methods(["GET", "HEAD", "POST"])
def submission_columns(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """What each column is; with an answer from last time, one press is enough."""
    submission = _mappable(request, uid)
    if isinstance(submission, HttpResponse):
        return submission
    try:
        if request.POST.get("again") and (saved := _saved(submission)):
            return _to_labels(request, submission, saved, ask=False)
        peek = looking.peek(submission, _said(submission))
        source = peek.source
        form = ColumnsForm(
            request.POST or None,
            submission=submission,
            source=source,
            given=_for_asked_period(request, peek.mapping),
            kinds=peek.kinds,
        )
        if request.htmx and request.method == "POST":
            return render(
                request,
                "measurement/desk/_example.html",
                {
                    "example": _example(submission, source, form),
                    "lacks_whole": lacks_whole(submission, _meant(form)),
                },
            )
        if form.is_bound and form.is_valid() and "show" not in request.POST:
            return _to_labels(request, submission, form.mapping, ask=True)
    except (Unreadable, BadMapping) as trouble:
        messages.error(request, sentence(trouble.code, trouble.params))
        return redirect(submission)
    context = {
        "crumbs": crumbs(
            request, desk_link(request), Link(str(submission), submission.get_absolute_url())
        ),
        "submission": submission,
        "steps": steps(submission, "columns"),
        "form": form,
        "twin": submission.twin,
        "saved": _saved(submission),
        "example": _example(submission, source, form),
        "lacks_whole": lacks_whole(submission, _meant(form)),
        "looked_at": peek.lines,
        "first_problems": [_told(problem, submission) for problem in peek.problems],
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "measurement/desk/columns.html", context, status=status)


def _saved(submission: Submission) -> Mapping | None:
    """What was said of a file like this last time, if it can still be read."""
    saved = submission.saved_mapping
    try:
        return Mapping.from_json(saved) if saved else None
    except BadMapping:
        return None


def _said(submission: Submission) -> Mapping | None:
    """What was said before of this file, or of a file like this."""
    if submission.mapping:
        try:
            return Mapping.from_json(submission.mapping)
        except BadMapping:
            pass
    return _saved(submission)


def _for_asked_period(request: MemberRequest, mapping: Mapping) -> Mapping:
    """Where no column says the time, the whole file is about the period that was asked for."""
    period = asked_period(request.GET.get("period", ""))
    wide = any(column.period for column in mapping.columns.values())
    if period is None or wide or mapping.period or mapping.names("period"):
        return mapping
    return replace(mapping, period=period_text(period))


def _told(problem: Problem, submission: Submission) -> str:
    """One mistake with its line; in a workbook, with its sheet and row."""
    sheet, line = submission.place_of(problem.line or 0)
    said = {"sheet": sheet, "line": line, "column": problem.column or "", "what": ""}
    said["what"] = sentence(problem.code, problem.params)
    if sheet:
        return _("Sheet “%(sheet)s”, row %(line)s: %(what)s") % said
    return _("Line %(line)s: %(what)s") % said


def _example(submission: Submission, source: Source, form: ColumnsForm) -> str:
    """A line of the file in words, with what the form says now."""
    if submission.is_of_people or (form.is_bound and not form.is_valid()):
        return ""
    names = {each.key: each.name for each in catalogue.groups(submission.initiative)}
    names.update({each.key: each.name for each in catalogue.places(submission.initiative)})
    return example_sentence(source, _meant(form), names)


def _meant(form: ColumnsForm) -> Mapping:
    """What the form says now; with mistakes in it, what it began with."""
    return form.mapping if form.is_bound and form.is_valid() else form.given


def _to_labels(
    request: MemberRequest, submission: Submission, mapping: Mapping, *, ask: bool
) -> HttpResponse:
    """Go on to the labels; without a question left, read the file at once."""
    try:
        if not mapping.names(*LABELLED):
            return _read(request, submission, mapping)
        if not ask:
            form = _labels_form(submission, mapping)
            if form.is_complete:
                return _read(request, submission, form.mapping())
        submission.sketch(mapping, by=request.user)
    except StateChanged as changed:
        messages.warning(request, str(changed))
        return redirect(submission)
    return redirect("measurement:submission_labels", request.initiative.slug, submission.uid)


def _read(request: MemberRequest, submission: Submission, mapping: Mapping) -> HttpResponse:
    try:
        submission.read_as(mapping, by=request.user)
    except StateChanged as changed:
        messages.warning(request, str(changed))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(submission)


def _labels_form(submission: Submission, mapping: Mapping, data: Any = None) -> LabelsForm:
    return LabelsForm(
        data,
        submission=submission,
        mapping=mapping,
        texts=looking.labels(submission, mapping),
        groups=catalogue.groups(submission.initiative),
        places=catalogue.places(submission.initiative),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def submission_labels(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """What the texts of its labelled columns stand for; then the file is read."""
    submission = _mappable(request, uid)
    if isinstance(submission, HttpResponse):
        return submission
    columns = redirect("measurement:submission_columns", initiative, uid)
    try:
        mapping = Mapping.from_json(submission.mapping)
        if not mapping.names(*LABELLED):
            return columns
        form = _labels_form(submission, mapping, request.POST or None)
    except BadMapping:
        return columns
    except Unreadable as trouble:
        messages.error(request, sentence(trouble.code, trouble.params))
        return columns
    if form.is_bound and form.is_valid():
        return _read(request, submission, form.mapping())
    context = {
        "crumbs": crumbs(
            request, desk_link(request), Link(str(submission), submission.get_absolute_url())
        ),
        "submission": submission,
        "steps": steps(submission, "labels"),
        "form": form,
    }
    return render(
        request, "measurement/desk/labels.html", context, status=422 if form.is_bound else 200
    )
