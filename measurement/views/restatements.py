"""Numbers that changed after they were approved: the log, one change, and withdrawing."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ciforum.people.cells import harmless
from ciforum.people.context import Link
from ciforum.people.requests import SignedInRequest
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from equity.forms import put
from measurement.desk import changed_numbers, restating
from measurement.forms.duties import PublicWordsForm, RetractForm
from measurement.models import Release, Restatement
from measurement.permissions import (
    may_approve,
    may_release,
    may_retract,
    may_see_restatements,
    may_see_small_counts,
    may_see_submission,
)
from measurement.views.crumbs import trail
from measurement.views.duties import Echo
from measurement.views.submissions import find as find_submission

ON_A_PAGE = 25


def _own(request: SignedInRequest) -> Any:
    if not may_see_restatements(request.membership):
        raise PermissionDenied
    return (
        Restatement.objects.for_initiative(request.initiative)
        .select_related("initiative", "indicator", "version", "submission__organization", "by")
        .prefetch_related("releases__initiative")
    )


@require_safe
def restatements(request: SignedInRequest, initiative: str) -> HttpResponse:
    """What changed, when, why, and which releases show it."""
    found = _own(request)
    if slug := request.GET.get("indicator", "").replace("\x00", ""):
        found = found.filter(indicator__slug=slug)
    if request.GET.get("public"):
        found = found.filter(Q(releases__isnull=False)).distinct()
    context = {
        "crumbs": trail(request),
        "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
        "public_only": bool(request.GET.get("public")),
        "is_filtered": bool(slug),
        "slug": slug,
    }
    return render(request, "measurement/duties/restatements.html", context)


@require_safe
def restatements_csv(request: SignedInRequest, initiative: str) -> StreamingHttpResponse:
    """The log as a file."""
    return _file("restatements.csv", _log(request, _own(request)))


def _log(request: SignedInRequest, found: Any) -> Iterator[list[Any]]:
    yield [
        *(_("When"), _("Indicator"), _("Partner"), _("What"), _("Numbers"), _("Why")),
        *(_("Releases"), _("Who")),
    ]
    for each in found.iterator(chunk_size=500):
        yield [
            localtime(each.at, request.initiative.zone).isoformat(timespec="minutes"),
            each.indicator.name,
            each.submission.organization.name,
            each.get_kind_display(),
            each.count,
            each.reason,
            ", ".join(str(release.number) for release in each.releases.all()),
            each.by,
        ]


def _file(name: str, lines: Iterator[list[Any]]) -> StreamingHttpResponse:
    def written() -> Iterator[str]:
        writer = csv.writer(Echo())
        yield "\ufeff"
        for line in lines:
            yield writer.writerow([harmless(str(cell)) for cell in line])

    return StreamingHttpResponse(
        written(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _find(request: SignedInRequest, uid: UUID) -> Any:
    return get_object_or_404(_own(request), uid=uid)


@require_safe
def restatement(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """One change: why, which releases, and old and new numbers for those who may see them."""
    found = _find(request, uid)
    sees = may_see_small_counts(request.membership, found.submission)
    page = Paginator(range(found.count), ON_A_PAGE).get_page(request.GET.get("page"))
    start = ON_A_PAGE * (page.number - 1)
    draft = found.indicator.releases.filter(state=Release.State.DRAFT).first()
    context = {
        "crumbs": _crumbs(request),
        "found": found,
        "releases": list(found.releases.all()),
        "sees": sees,
        "page": page if sees else None,
        "numbers": changed_numbers.shown(found, start, start + ON_A_PAGE) if sees else [],
        "sees_submission": may_see_submission(request.membership, found.submission),
        "may_release": may_release(request.membership),
        "may_explain": may_approve(request.membership, found.submission),
        "draft": draft,
        "is_answered": _is_answered(found),
    }
    return render(request, "measurement/duties/restatement.html", context)


def _is_answered(found: Restatement) -> bool:
    """A release that came later shows its periods as they are now."""
    periods = found.numbers.values("period")
    pointers = found.version.published.filter(period__in=periods)
    return pointers.exists() and not pointers.filter(release__published_at__lt=found.at).exists()


@require_safe
def restatement_csv(request: SignedInRequest, initiative: str, uid: UUID) -> StreamingHttpResponse:
    """Old and new numbers as a file, for those who may see small counts."""
    found = _find(request, uid)
    if not may_see_small_counts(request.membership, found.submission):
        raise PermissionDenied
    return _file(f"{found.indicator.slug}-changes.csv", changed_numbers.lines(found))


@require_http_methods(["GET", "HEAD", "POST"])
def restatement_explain(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Write the sentence that everybody reads."""
    found = _find(request, uid)
    if not may_approve(request.membership, found.submission):
        raise PermissionDenied
    form = PublicWordsForm(
        request.POST or None,
        initiative=request.initiative,
        initial={"public_words": found.public_words},
    )
    if request.method == "POST" and form.is_valid():
        found.explain(words=form.cleaned_data["public_words"], by=request.user)
        messages.success(request, _("The public page says it now."))
        return redirect(found)
    context = {
        "form": form,
        "title": _("Say it in public"),
        "lede": _("Everybody reads that numbers have changed, and when. Say why, if you like."),
        "button": _("Save"),
        "back": found.get_absolute_url(),
        "crumbs": _crumbs(request),
    }
    status = 422 if form.errors else 200
    return render(request, "measurement/form.html", context, status=status)


def _crumbs(request: SignedInRequest) -> list[Link]:
    address = reverse("measurement:restatements", args=[request.initiative.slug])
    return [*trail(request), Link(_("Changed numbers"), address)]


@require_http_methods(["GET", "HEAD", "POST"])
def submission_retract(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Withdraw approved numbers: first what that means, then the reason, then it is done."""
    found = find_submission(request, uid)
    if not may_retract(request.membership, found):
        raise PermissionDenied
    if found.state != found.State.APPROVED:
        messages.warning(request, str(StateChanged()))
        return redirect(found)
    form = RetractForm(request.POST or None)
    public = (
        PublicWordsForm(request.POST or None, initiative=request.initiative)
        if may_approve(request.membership, found)
        else None
    )
    if request.method == "POST" and form.is_valid() and (public is None or public.is_valid()):
        words = public.cleaned_data["public_words"] if public else Words()
        try:
            found.retract(reason=form.cleaned_data["reason"], by=request.user, public_words=words)
        except ValidationError as error:
            put(form, error)
        except StateChanged as changed:
            messages.warning(request, str(changed))
            return redirect(found)
        else:
            messages.success(request, _("Withdrawn. Nothing that was printed is unprinted."))
            return redirect(found)
    touched = Release.objects.filter(pk__in=restating.would_touch(found))
    context = {
        "crumbs": trail(request),
        "submission": found,
        "form": form,
        "public": public,
        "held": restating.held(found),
        "touched": touched.select_related("initiative", "indicator"),
    }
    status = 422 if form.errors or (public and public.errors) else 200
    return render(request, "measurement/duties/retract.html", context, status=status)
