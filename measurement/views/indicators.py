"""The overview of indicators, and the forms by which they begin and change."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ciforum.people.folding import folded
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from equity.forms import put
from measurement.forms.indicators import DefineForm, DescribeForm, RedefineForm
from measurement.models import DataRequest, Indicator, Observation, Release
from measurement.permissions import may_manage_indicators, may_open_desk
from measurement.saying.tiles import signs, tiles
from measurement.showing.pages import cached
from measurement.views.answering import pressed, say
from measurement.views.crumbs import trail
from measurement.views.tabs import tabs

ON_A_PAGE = 24


@public
@require_safe
def overview(request: MemberRequest, initiative: str) -> HttpResponse:
    """Every published indicator; members also see what the others still lack."""
    return cached(request, ("page",), lambda: _overview(request))


def _overview(request: MemberRequest) -> HttpResponse:
    own = Indicator.objects.for_initiative(request.initiative).filter(retired_at=None)
    own = own.select_related("initiative")
    published = sorted(own.published(), key=lambda each: folded(str(each.name)))
    page = Paginator(published, ON_A_PAGE).get_page(request.GET.get("page"))
    made = tiles(page.object_list)
    member = request.membership
    return render(
        request,
        "measurement/overview.html",
        {
            "page": page,
            "tiles": made,
            "signs": signs(made),
            "unpublished": _unpublished(request) if member else [],
            "asked": DataRequest.objects.for_initiative(request.initiative).count(),
            "may_manage": may_manage_indicators(member),
            "may_open_desk": may_open_desk(member),
            "crumbs": trail(request)[:1],
            **tabs(request, "overview"),
        },
    )


def _unpublished(request: MemberRequest) -> list[dict[str, Any]]:
    """Indicators nobody can read yet, each with what comes next."""
    releases = Release.objects.filter(indicator=OuterRef("pk"))
    found = (
        Indicator.objects.for_initiative(request.initiative)
        .filter(retired_at=None)
        .exclude(Exists(releases.filter(state="published")))
        .select_related("initiative")
        .annotate(
            has_draft=Exists(releases.filter(state="draft")),
            has_numbers=Exists(
                Observation.objects.filter(version__indicator=OuterRef("pk"), is_current=True)
            ),
            waiting=Count("submissions", filter=Q(submissions__state="handed_in")),
        )
    )
    return [
        {"indicator": each, "next": _next(each)}
        for each in sorted(found, key=lambda each: folded(str(each.name)))
    ]


def _next(indicator: Any) -> str:
    if indicator.has_draft:
        return _("A release is in preparation.")
    if indicator.has_numbers:
        return _("Approved numbers wait to be released.")
    if indicator.waiting:
        return _("Numbers from a partner wait to be approved.")
    return _("No partner has handed in numbers yet.")


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Begin an indicator with the first version of its definition."""
    _must_manage(request)
    describe = DescribeForm(request.POST or None, initiative=request.initiative)
    define = DefineForm(request.POST or None, initiative=request.initiative)
    if request.method == "POST" and describe.is_valid() & define.is_valid():
        values = describe.cleaned_data
        try:
            indicator = Indicator.start(
                initiative=request.initiative,
                by=request.user,
                code=values["slug"],
                definition=define.cleaned_data,
                **values,
            )
        except ValidationError as error:
            put(describe, error)
        else:
            messages.success(request, _("The indicator stands. Partners can hand in numbers now."))
            return redirect(indicator)
    return _form(
        request,
        [describe, define],
        title=_("A new indicator"),
        lede=_("Something partners agree to count the same way, for every group."),
        button=_("Begin the indicator"),
        back=reverse("measurement:overview", args=[request.initiative.slug]),
        crumbs=trail(request),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_edit(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Change anything but what is counted."""
    indicator = _find(request, slug)
    _must_manage(request)
    form = DescribeForm(request.POST or None, instance=indicator, initiative=request.initiative)
    form.fields.pop("slug")  # addresses that were sent around stay
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "slug"}
        try:
            indicator.describe(by=request.user, **values)
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect(indicator)
    return _form(
        request,
        [form],
        title=_("Name, place in the catalogue, breakdowns"),
        lede=str(indicator.name),
        button=_("Save the changes"),
        back=indicator.get_absolute_url(),
        crumbs=trail(request, indicator),
        template="measurement/indicator_edit.html",
        indicator=indicator,
        may_discard=not indicator.is_used(),
    )


@require_POST
def indicator_retire(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Count it no longer, or again."""
    indicator = _find(request, slug)
    _must_manage(request)
    if request.POST.get("again"):
        done, change = _("It is counted again."), indicator.take_up_again
    else:
        done, change = _("It is no longer counted. What is public stays."), indicator.retire
    return pressed(request, partial(change, by=request.user), done, back=indicator)


@require_POST
def indicator_discard(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Remove one that nobody has used yet."""
    indicator = _find(request, slug)
    _must_manage(request)
    try:
        indicator.discard(by=request.user)
    except ValidationError as error:
        say(request, error)
        return redirect(indicator)
    told = _("“%(name)s” is removed.") % {"name": indicator.name}
    messages.success(request, told)
    return redirect("measurement:catalogue", initiative)


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_define(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Give the indicator a new version of its definition; old numbers keep theirs."""
    indicator = _find(request, slug)
    _must_manage(request)
    form = RedefineForm(
        request.POST or None, instance=indicator.current, initiative=request.initiative
    )
    if request.method == "POST" and form.is_valid():
        try:
            indicator.define(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(request, _("From now on, new numbers are read with this definition."))
            return redirect(indicator)
    return _form(
        request,
        [form],
        title=_("Change the definition"),
        lede=_("Old numbers keep the definition they were counted with; charts mark the change."),
        button=_("Set the new definition"),
        back=indicator.get_absolute_url(),
        crumbs=trail(request, indicator),
    )


def _form(
    request: SignedInRequest,
    forms: list[Any],
    template: str = "measurement/form.html",
    **page: Any,
) -> HttpResponse:
    status = 422 if any(form.errors for form in forms) else 200
    return render(request, template, {"forms": forms, **page}, status=status)


def _find(request: SignedInRequest, slug: str) -> Indicator:
    own = Indicator.objects.for_initiative(request.initiative).select_related("initiative")
    found: Indicator = get_object_or_404(own, slug=slug)
    return found


def _must_manage(request: SignedInRequest) -> None:
    if not may_manage_indicators(request.membership):
        raise PermissionDenied
