"""Releases: prepare, protect, tell the story, pass the gate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from ciforum.people.jobs import PENDING
from ciforum.people.models import Job
from ciforum.people.requests import SignedInRequest
from ciforum.people.transitions import StateChanged
from equity.forms import put
from equity.gates import GateClosed, publish_release
from equity.models import LedgerEntry, Policy
from equity.presenting import Answers, present, present_entry
from measurement.forms.releases import StoryForm
from measurement.models import Indicator, Release
from measurement.permissions import may_release, may_see_draft_table
from measurement.protecting import preset_words
from measurement.protecting.rehearsal import rehearse
from measurement.releasing.publishing import waiting as all_waiting
from measurement.saying import rehearsed, rolling_words
from measurement.showing.shown import Unknown
from measurement.views import rolling_up
from measurement.views.crumbs import trail

PERIODS_ON_A_PAGE = 3
ENTRIES = 20


@require_POST
def release_new(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Begin a release of all that is new; or go on with the one in preparation.

    `definition`: the number of an earlier definition whose numbers have changed.
    """
    own = Indicator.objects.for_initiative(request.initiative)
    indicator = get_object_or_404(own, slug=slug)
    _must_release(request)
    draft = indicator.releases.filter(state=Release.State.DRAFT).first()
    if draft:
        return redirect(draft)
    number = request.POST.get("definition", "")
    version = indicator.versions.filter(number=int(number)).first() if number.isdecimal() else None
    try:
        return redirect(Release.draft(indicator=indicator, by=request.user, version=version))
    except ValidationError as error:
        _say(request, error)
        return redirect(indicator)


@require_safe
def release(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Where a release stands, and what each rule of its gate says now."""
    found = _find(request, uid)
    if request.htmx and request.GET.get("part") == "progress":
        return _progress(request, found)
    if request.htmx and request.GET.get("part") == "rolling":
        return _trying(request, found)
    return _page(request, found, held=_still_held(request, found))


@require_http_methods(["GET", "HEAD", "POST"])
def release_story(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Write the story behind the numbers."""
    found = _find(request, uid)
    _must_release(request)
    if found.state != Release.State.DRAFT:
        messages.info(request, _("This release is published and can no longer be changed."))
        return redirect(found)
    policy = Policy.of(request.initiative)
    form = StoryForm(request.POST or None, release=found, policy=policy)
    if request.method == "POST" and form.is_valid():
        try:
            found.tell(story=form.cleaned_data["story"], by=request.user)
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(request, _("The story is saved."))
            return redirect(found)
    return render(
        request,
        "measurement/release_story.html",
        {"release": found, "form": form, "crumbs": _crumbs(request, found)},
        status=422 if form.errors else 200,
    )


@require_POST
def release_protect(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Start looking for the cells to hide."""
    return _change(request, uid, lambda found: found.start_protecting(by=request.user), "")


@require_POST
def release_renew(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Take in periods that became new; or leave out those that cannot be made safe."""
    if request.POST.get("leave_out") == "unsafe":
        return _change(
            request,
            uid,
            lambda found: found.leave_out_unsafe(by=request.user),
            _("These periods are left out. Protect small groups again."),
        )
    return _change(
        request,
        uid,
        lambda found: found.include_new(by=request.user),
        _("The release now holds every period with new numbers. Protect small groups again."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def release_publish(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Try the gate: published, or held with every unmet rule at once."""
    found = _find(request, uid)
    if request.method != "POST":
        return redirect(found)
    _must_release(request)
    try:
        found.publish(by=request.user)
    except GateClosed:
        # To an address of its own: it can be read again, and says what is still missing then.
        return redirect(f"{found.get_absolute_url()}?held=1")
    except StateChanged as changed:
        messages.warning(request, str(changed))
        return redirect(found)
    messages.success(request, _("It is public now. Those who handed in the numbers are told."))
    return redirect(found.indicator)


@require_POST
def release_discard(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Drop a draft."""
    found = _find(request, uid)
    _must_release(request)
    try:
        found.discard(by=request.user)
    except ValidationError as error:
        _say(request, error)
        return redirect(found)
    messages.success(request, _("The draft is gone. The numbers themselves stay."))
    return redirect(found.indicator)


def _change(
    request: SignedInRequest, uid: UUID, verb: Callable[[Release], None], done: str
) -> HttpResponse:
    found = _find(request, uid)
    _must_release(request)
    try:
        verb(found)
    except ValidationError as error:
        _say(request, error)
    else:
        if done:
            messages.success(request, done)
    return redirect(found.get_absolute_url() + "#protection")


def _find(request: SignedInRequest, uid: UUID) -> Release:
    own = Release.objects.for_initiative(request.initiative)
    found: Release = get_object_or_404(
        own.select_related("indicator__initiative", "initiative", "version", "job", "passed"),
        uid=uid,
    )
    return found


def _must_release(request: SignedInRequest) -> None:
    if not may_release(request.membership):
        raise PermissionDenied


def _say(request: SignedInRequest, error: ValidationError) -> None:
    for message in error.messages:
        messages.error(request, message)


def _crumbs(request: SignedInRequest, release: Release) -> list[Any]:
    return trail(request, release.indicator)


def _still_held(request: SignedInRequest, found: Release) -> Answers | None:
    """After a try that was held: what the rules say by now, None once all are met."""
    if "held" not in request.GET or found.state != Release.State.DRAFT:
        return None
    answers = present(publish_release.ask(found), record=found, member=request.membership)
    return answers if answers.unmet else None


def _page(request: SignedInRequest, found: Release, held: Answers | None = None) -> HttpResponse:
    periods = list(found.periods.all())
    context = {
        "release": found,
        "indicator": found.indicator,
        "crumbs": _crumbs(request, found),
        "periods": periods,
        "may_release": may_release(request.membership),
        "held": held,
        "entries": LedgerEntry.objects.about(found)[:ENTRIES],
        **_state(request, found),
    }
    return render(request, "measurement/release.html", context)


def _state(request: SignedInRequest, found: Release) -> dict[str, Any]:
    """What belongs to a draft, or to a release that is out."""
    if found.state == Release.State.PUBLISHED:
        rules = found.protected.get("rules", {})
        return {
            "passed": present_entry(found.passed) if found.passed else None,
            "threshold": found.protected.get("threshold"),
            "preset": preset_words.said(rules.get("preset", ""), rules.get("version", "")),
        }
    waiting = {period.pk for period in all_waiting(found.indicator).get(found.version, [])}
    held = {period.pk for period in found.periods.all()}
    protection = found.protection()
    return {
        "answers": present(publish_release.ask(found), record=found, member=request.membership),
        "protection": protection,
        "working": _working(found),
        "failed": found.job is not None and found.job.state == Job.State.FAILED,
        "preset": preset_words.said(protection.get("preset", ""), protection.get("version", "")),
        "unsafe": found.periods.filter(pk__in=found.protected.get("open_periods", [])),
        "new_periods": len(waiting - held),
        "gone_periods": len(held - waiting),
        "rolling": rolling_up.state(found, protection),
        **_rehearsal(request, found, protection["state"]),
    }


def _working(found: Release) -> bool:
    return found.job is not None and found.job.state in (Job.State.WAITING, Job.State.RUNNING)


def _rehearsal(request: SignedInRequest, found: Release, state: str) -> dict[str, Any]:
    """The draft's table as everybody would see it; only once it is safe to look at."""
    if state != "sound" or not may_see_draft_table(request.membership):
        return {}
    try:
        table = rehearse(found, request.GET.get("place", ""))
    except Unknown as error:
        raise Http404 from error
    page = Paginator(table.periods, PERIODS_ON_A_PAGE).get_page(request.GET.get("page"))
    return {
        **rehearsed.context(table, found.version, page),
        "page": page,
        "rolled_up": rolling_words.notes(cell for _period, inside in page for cell in inside),
    }


def _progress(request: SignedInRequest, found: Release) -> HttpResponse:
    """How far the protection is; the whole page again once it is through."""
    if not _working(found):
        return HttpResponseClientRefresh()
    return render(request, "measurement/_protecting.html", {"release": found})


def _trying(request: SignedInRequest, found: Release) -> HttpResponse:
    """How far trying out is what adding up would show; the whole page again once it is through."""
    job = rolling_up.trying(found)
    if job is None or job.state not in PENDING:
        return HttpResponseClientRefresh()
    context = {"release": found, "job": job}
    return render(request, "measurement/_rolling_up_tried.html", context)
