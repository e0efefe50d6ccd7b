"""Which groups this initiative tells apart: open to everybody, kept by the backbone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from ciforum.people.transitions import StateChanged
from equity.forms import DimensionForm, GroupForm, NamesForm, put
from equity.models import DataAuthority, Dimension, Group
from equity.permissions import may_manage_dimensions
from equity.views.tabs import crumbs, tabs


@dataclass(frozen=True)
class Branch:
    """A group and the groups in it."""

    group: Group
    parts: list[Branch]


@public
@require_safe
def dimensions(request: MemberRequest, initiative: str) -> HttpResponse:
    """All dimensions in their newest version."""
    current = Dimension.objects.for_initiative(request.initiative).current()
    return render(
        request,
        "equity/dimensions.html",
        {
            **tabs(request, "dimensions"),
            "dimensions": current.annotate(size=Count("groups")),
            "may_manage": may_manage_dimensions(request.membership),
        },
    )


@public
@require_safe
def dimension(request: MemberRequest, initiative: str, code: str) -> HttpResponse:
    """One dimension: the tree of its groups, and its earlier versions."""
    versions = list(
        Dimension.objects.for_initiative(request.initiative)
        .filter(code=code)
        .order_by("-version")
        .prefetch_related("groups")
    )
    if not versions:
        raise Http404
    current, *earlier = versions
    return render(
        request,
        "equity/dimension.html",
        {
            "crumbs": _crumbs(request),
            "dimension": current,
            "tree": tree(current),
            "earlier": [(version, tree(version)) for version in earlier],
            "authorities": _authorities(request, code),
            "may_manage": may_manage_dimensions(request.membership),
        },
    )


def _authorities(request: MemberRequest, code: str) -> list[DataAuthority]:
    """Groups of the dimension, in any version of it, whose council decides about their numbers."""
    own = DataAuthority.objects.for_initiative(request.initiative).standing()
    found = own.filter(group__dimension__code=code)
    return list(found.select_related("group", "council", "initiative"))


@require_http_methods(["GET", "HEAD", "POST"])
def dimension_new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Begin a dimension."""
    _must_manage(request)
    form = DimensionForm(request.POST or None, initiative=request.initiative)
    if request.method == "POST" and form.is_valid():
        try:
            made = Dimension.start(
                initiative=request.initiative, by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(request, _("The dimension stands. Add its groups now."))
            return redirect(made)
    context = {"crumbs": _crumbs(request), "form": form}
    return render(request, "equity/dimension_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def group_new(request: SignedInRequest, initiative: str, code: str) -> HttpResponse:
    """Add a group to a dimension."""
    _must_manage(request)
    within = _current(request, code)
    form = GroupForm(request.POST or None, dimension=within, initial=_parent(request, within))
    if request.method == "POST" and form.is_valid():
        try:
            added = within.add_group(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            put(form, error)
        except StateChanged as changed:
            form.add_error(None, str(changed))
        else:
            messages.success(request, _("“%(group)s” is added.") % {"group": added})
            return redirect(within)
    context = {"crumbs": _crumbs(request, within), "form": form, "dimension": within}
    return render(request, "equity/group_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def dimension_revise(request: SignedInRequest, initiative: str, code: str) -> HttpResponse:
    """Say what a new version means; start it."""
    _must_manage(request)
    current = _current(request, code)
    if request.method == "POST":
        try:
            after = current.revise(by=request.user)
        except StateChanged as changed:
            messages.warning(request, str(changed))
        else:
            done = _("Version %(number)s stands. Add its new groups now.")
            messages.success(request, done % {"number": after.version})
        return redirect(current)
    context = {"crumbs": _crumbs(request, current), "dimension": current}
    return render(request, "equity/dimension_revise.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def dimension_names(request: SignedInRequest, initiative: str, code: str) -> HttpResponse:
    """Mend names and add missing languages, all on one page."""
    _must_manage(request)
    current = _current(request, code)
    form = NamesForm(request.POST or None, dimension=current)
    if request.method == "POST" and form.is_valid():
        try:
            current.rename(
                name=form.cleaned_data["name"], groups=form.group_names(), by=request.user
            )
        except StateChanged as changed:
            form.add_error(None, str(changed))
        else:
            messages.success(request, _("The names are kept."))
            return redirect(current)
    context = {"crumbs": _crumbs(request, current), "form": form, "dimension": current}
    status = 422 if form.errors else 200
    return render(request, "equity/dimension_names.html", context, status=status)


def tree(dimension: Dimension) -> list[Branch]:
    """The groups of a dimension, each with its parts."""
    parts: dict[int | None, list[Group]] = {}
    for group in dimension.groups.all():
        parts.setdefault(group.parent_id, []).append(group)

    def below(parent: int | None) -> list[Branch]:
        return [Branch(group, below(group.pk)) for group in parts.get(parent, [])]

    return below(None)


def _must_manage(request: SignedInRequest) -> None:
    if not may_manage_dimensions(request.membership):
        raise PermissionDenied


def _current(request: SignedInRequest, code: str) -> Dimension:
    current = Dimension.objects.for_initiative(request.initiative).current()
    return get_object_or_404(current, code=code)


def _parent(request: SignedInRequest, within: Dimension) -> dict[str, Any]:
    """A group named in the address is the parent to begin with."""
    parent = within.groups.filter(code=request.GET.get("part_of", "")).first()
    return {"parent": parent}


def _crumbs(request: MemberRequest, *within: Dimension) -> list[Any]:
    overview = reverse("equity:dimensions", args=[request.initiative.slug])
    return crumbs(
        request,
        (_("Groups"), overview),
        *((str(dimension), dimension.get_absolute_url()) for dimension in within),
    )
