"""One submission: how far it is, what is in it, and what becomes of it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from ciforum.people import clock
from ciforum.people.cells import harmless
from ciforum.people.models import AuditLine, Job, User
from ciforum.people.requests import MemberRequest
from ciforum.people.transitions import StateChanged
from measurement.desk import staging
from measurement.desk.decided import Approved
from measurement.desk.preview import Preview
from measurement.desk.stages import PILLS, Step, next_step, steps
from measurement.desk.troubles import sentence
from measurement.forms.desk import HandInForm, ReturnForm, RowFilter
from measurement.forms.duties import PublicWordsForm
from measurement.models import Release, Submission
from measurement.permissions import (
    may_approve,
    may_hand_in,
    may_retract,
    may_see_small_counts,
    may_see_submission,
)
from measurement.views.desk import crumbs, desk_link

PER_PAGE = 25
VIEWS = ("rows", "problems", "changes")
# Nothing is compared any more with what is approved.
DECIDED = (Submission.State.RETURNED, Submission.State.WITHDRAWN)
HISTORY = 40
# A job that nobody has begun for so long has no worker.
PATIENCE_SECONDS = 20


# Neither opened by a browser nor taken for a page, whatever stands in it.
_WORKBOOK = "application/octet-stream"


def find(request: MemberRequest, uid: UUID) -> Submission:
    """The submission, for whoever may see it."""
    submissions = Submission.objects.for_initiative(request.initiative).select_related(
        "initiative", "indicator", "version", "organization", "file", "job", "uploaded_by"
    )
    submission: Submission = get_object_or_404(submissions, uid=uid)
    if not may_see_submission(request.membership, submission):
        raise PermissionDenied
    return submission


@require_safe
def submission(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    return _page(request, find(request, uid))


def _page(
    request: MemberRequest, submission: Submission, status: int = 200, **forms: Any
) -> HttpResponse:
    context = {
        "crumbs": crumbs(request, desk_link(request)),
        "submission": submission,
        "pill": PILLS[submission.state],
        "steps": _steps(submission),
        "next_step": next_step(submission, request.membership),
        "is_partner": may_hand_in(request.membership, submission),
        "is_approver": may_approve(request.membership, submission),
        "may_retract": may_retract(request.membership, submission),
        "may_download": _may_download(request, submission),
        "history": _history(submission),
        "twin": submission.twin if submission.state in Submission.OPEN else None,
        **_state(request, submission, forms),
    }
    return render(request, "measurement/desk/submission.html", context, status=status)


def _steps(submission: Submission) -> list[Step]:
    current = {"uploaded": "columns", "returned": "columns", "checking": "check"}
    return steps(submission, current.get(submission.state, "check"))


def _state(request: MemberRequest, submission: Submission, forms: dict[str, Any]) -> dict[str, Any]:
    """What only this state shows."""
    match submission.state:
        case "checking":
            return {"progress": progress(submission)}
        case "checked" | "handed_in":
            return _numbers(request, submission, forms)
        case "uploaded" if submission.trouble:
            trouble = submission.trouble
            return {"trouble": sentence(trouble["code"], trouble.get("params", {}))}
        case "returned" | "withdrawn" if _shows_rows(request, submission):
            return _numbers(request, submission, forms)
        case "approved" | "retracted":
            made = submission.restatements.prefetch_related("releases").select_related("initiative")
            return {"restatements": made, **_approved(request, submission)}
        case _:
            return {}


def _shows_rows(request: MemberRequest, submission: Submission) -> bool:
    """Numbers that went back are shown where they are kept; before she handed them in, to her."""
    mine = may_hand_in(request.membership, submission)
    return bool(submission.handed_in_at or mine) and submission.rows.exists()


def _approved(request: MemberRequest, submission: Submission) -> dict[str, Any]:
    """The numbers that came in with it, page by page."""
    approved = Approved(submission, request.membership)
    page = Paginator(approved.numbers_of_it, PER_PAGE).get_page(request.GET.get("page", "1"))
    return {"approved": approved, "page": page, "rows": approved.observed(page)}


def _numbers(
    request: MemberRequest, submission: Submission, forms: dict[str, Any]
) -> dict[str, Any]:
    """The preview, by tab: all numbers, problems, what would change."""
    preview = Preview(submission, request.membership)
    changes = 0 if submission.state in DECIDED else staging.changes(submission)
    problems = submission.problems.count()
    view = _view(request, submission)
    context: dict[str, Any] = {
        "preview": preview,
        "changes": changes,
        "problem_count": problems,
        "touched": _touched(submission) if changes else [],
        "public_form": forms.get("public_form") or PublicWordsForm(initiative=request.initiative),
        "refused_whole": submission.is_refused_whole,
        "view": view,
        "tabs": _tabs(submission, view, changes),
        "return_form": forms.get("return_form") or ReturnForm(),
        "hand_in_form": forms.get("hand_in_form")
        or HandInForm(submission=submission, changes=changes),
    }
    number = request.GET.get("page", "1")
    match context["view"]:
        case "problems":
            told = Paginator(submission.problems.all(), PER_PAGE).get_page(number)
            context.update(page=told, problems=preview.problems(told))
        case "changes":
            pages = Paginator(range(changes), PER_PAGE).get_page(number)
            start = PER_PAGE * (pages.number - 1)
            found = staging.changed_rows(submission, start, start + PER_PAGE)
            context.update(page=pages, changed=preview.changes(found))
        case _:
            filters = RowFilter(request.GET, periods=preview.periods(), groups=preview.groups())
            rows = filters.narrow(submission.rows.order_by("line", "id"))
            page = Paginator(rows, PER_PAGE).get_page(number)
            context.update(page=page, filters=filters, rows=preview.rows(page))
    return context


def _view(request: MemberRequest, submission: Submission) -> str:
    """The part she asked for. A file with problems opens on them until it is handed in."""
    asked = request.GET.get("view", "")
    views = ("rows", "problems") if submission.state in DECIDED else VIEWS
    if asked in views:
        return asked
    to_mend = submission.state == Submission.State.CHECKED and submission.error_count
    return "problems" if to_mend else "rows"


def _tabs(submission: Submission, view: str, changes: int) -> list[dict[str, Any]]:
    here = submission.get_absolute_url()
    counted = submission.error_count + submission.warning_count
    tabs = [
        ("rows", _("Numbers (%(count)s)") % {"count": submission.row_count}, "table"),
        ("problems", _("Problems (%(count)s)") % {"count": counted}, "circle-alert"),
        ("changes", _("Changes (%(count)s)") % {"count": changes}, "pencil"),
    ]
    if submission.state in DECIDED:
        tabs = tabs[:2]
    return [
        {
            "label": label,
            "url": f"{here}?view={name}",
            "icon": icon,
            "is_current": name == view,
        }
        for name, label, icon in tabs
    ]


def _touched(submission: Submission) -> list[Release]:
    """Public releases that show a number which would change."""
    ids = staging.touched_releases(submission)
    return list(Release.objects.for_initiative(submission.initiative).filter(pk__in=ids)[:20])


def _history(submission: Submission) -> list[dict[str, Any]]:
    """What happened to it, newest first, with names."""
    lines = list(
        AuditLine.objects.filter(
            initiative=submission.initiative, record_uid=submission.uid
        ).order_by("-at", "-id")[:HISTORY]
    )
    people = User.objects.in_bulk([line.by_uid for line in lines if line.by_uid], field_name="uid")
    return [
        {
            "at": line.at,
            "what": _happened(line.before, line.after),
            "who": people.get(line.by_uid) if line.by_uid else None,
        }
        for line in lines
    ]


def _happened(before: str, after: str) -> str:
    """One change of state as a past event."""
    if (before, after) == ("checking", "uploaded"):
        return _("Could not be read")
    events = {
        "uploaded": _("File brought"),
        "checking": _("Columns named"),
        "checked": _("Read"),
        "handed_in": _("Handed in"),
        "approved": _("Approved"),
        "returned": _("Sent back"),
        "withdrawn": _("Taken back"),
        "retracted": _("Withdrawn after approval"),
    }
    return events.get(after, after)


def progress(submission: Submission) -> dict[str, Any]:
    """How far the reading is, and a word when nobody has begun it."""
    job = submission.job
    note = _("You may leave this page. The file goes on being read.")
    if job is None or job.state in (Job.State.DONE, Job.State.FAILED):
        note = _("Just a moment.")
    elif job.state == Job.State.WAITING:
        waited = (clock.now() - job.run_at).total_seconds()
        if job.tries:
            note = _("Reading was interrupted. It starts again by itself; nothing is lost.")
        elif waited > PATIENCE_SECONDS:
            note = _(
                "The file waits: the part that reads files is busy or switched off. Nothing is "
                "lost, and it starts by itself."
            )
    return {"value": job.percent if job else 0, "note": note}


@require_safe
def submission_progress(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """The progress bar alone, asked for every two seconds; the whole page once it is over."""
    submission = find(request, uid)
    if not request.htmx or request.htmx.history_restore_request:
        return redirect(submission)
    if submission.state != Submission.State.CHECKING:
        return HttpResponseClientRefresh()
    context = {"submission": submission, "progress": progress(submission)}
    return render(request, "measurement/desk/_reading.html", context)


@require_safe
def submission_problems_csv(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Every kept problem as a table that a spreadsheet opens without running anything."""
    submission = find(request, uid)
    name = slugify(str(submission.indicator)) or "numbers"
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}-problems.csv"'},
    )
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow([_("Line"), _("Column"), _("How bad"), _("What is wrong"), _("The line")])
    preview = Preview(submission, request.membership)
    severities = {"error": _("Problem"), "warning": _("Please check")}
    for problem in preview.problems(submission.problems.all()):
        cells = (
            problem.line,
            problem.column,
            severities[problem.severity],
            problem.sentence,
            problem.raw,
        )
        writer.writerow([*map(harmless, cells)])
    return response


def _may_download(request: MemberRequest, submission: Submission) -> bool:
    return (
        not submission.is_of_people
        and not submission.file.forgotten_at
        and may_see_small_counts(request.membership, submission)
    )


@require_safe
def submission_file(request: MemberRequest, initiative: str, uid: UUID) -> Any:
    """The file as it was handed in. A file of people is never given out."""
    submission = find(request, uid)
    if submission.is_of_people or submission.file.forgotten_at:
        raise Http404
    if not may_see_small_counts(request.membership, submission):
        raise PermissionDenied
    return FileResponse(
        submission.file.storage.open("rb"),
        as_attachment=True,
        filename=submission.file.name,
        content_type=_WORKBOOK if submission.sheets else "text/csv",
    )


def _do(
    request: MemberRequest, submission: Submission, act: Callable[[], None], done: str
) -> HttpResponse | ValidationError:
    """Call a verb; answer the redirect, or what it objects to."""
    try:
        act()
    except StateChanged as changed:
        messages.warning(request, str(changed))
    except ValidationError as error:
        return error
    else:
        messages.success(request, done)
    return redirect(submission)


@require_POST
def submission_hand_in(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    submission = find(request, uid)
    if not may_hand_in(request.membership, submission):
        raise PermissionDenied
    if submission.state != Submission.State.CHECKED:
        messages.warning(request, str(StateChanged()))
        return redirect(submission)
    form = HandInForm(request.POST, submission=submission, changes=staging.changes(submission))
    if form.is_valid():
        answer = _do(
            request,
            submission,
            lambda: submission.hand_in(by=request.user, **form.cleaned_data),
            _("Thank you. The backbone team was told and will look at your numbers."),
        )
        if isinstance(answer, HttpResponse):
            return answer
        form.add_error(None, answer)
    return _page(request, submission, status=422, hand_in_form=form)


@require_POST
def submission_approve(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    submission = find(request, uid)
    if not may_approve(request.membership, submission):
        raise PermissionDenied
    form = PublicWordsForm(request.POST, initiative=request.initiative)
    if not form.is_valid():
        return _page(request, submission, status=422, public_form=form)
    answer = _do(
        request,
        submission,
        lambda: submission.approve(by=request.user, public_words=form.cleaned_data["public_words"]),
        _("Approved. The numbers can now be prepared for release."),
    )
    if isinstance(answer, HttpResponse):
        return answer
    messages.error(request, " ".join(answer.messages))
    return redirect(submission)


@require_POST
def submission_return(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    submission = find(request, uid)
    if not may_approve(request.membership, submission):
        raise PermissionDenied
    form = ReturnForm(request.POST)
    if form.is_valid():
        answer = _do(
            request,
            submission,
            lambda: submission.send_back(by=request.user, words=form.cleaned_data["words"]),
            _("Sent back. The partner was told what to mend."),
        )
        if isinstance(answer, HttpResponse):
            return answer
        form.add_error("words", answer)
    return _page(request, submission, status=422, return_form=form)


@require_POST
def submission_withdraw(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    submission = find(request, uid)
    if not may_hand_in(request.membership, submission):
        raise PermissionDenied
    answer = _do(
        request,
        submission,
        lambda: submission.withdraw(by=request.user),
        _("Withdrawn. Nobody counts these numbers."),
    )
    assert isinstance(answer, HttpResponse)  # noqa: S101 - withdraw raises no ValidationError
    return answer
