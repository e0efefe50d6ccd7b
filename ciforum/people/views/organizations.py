"""The partners of the initiative."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ciforum.people.folding import folded
from ciforum.people.forms import OrganizationForm
from ciforum.people.models import Organization
from ciforum.people.permissions import may_manage_people
from ciforum.people.requests import SignedInRequest
from ciforum.people.transitions import StateChanged, audit
from ciforum.people.views.tabs import crumbs, tabs

ORGANIZATIONS_ON_A_PAGE = 50


@require_safe
def organizations(request: SignedInRequest, initiative: str) -> HttpResponse:
    """All partners, with how many people each has here."""
    rows = (
        Organization.objects.for_initiative(request.initiative)
        .filter(ended_at=None)
        .annotate(people=Count("memberships", filter=Q(memberships__ended_at=None)))
    )
    wanted = folded(request.GET.get("q", "").strip())
    led = request.GET.get("led", "")
    found = sorted(
        (
            each
            for each in rows
            if wanted in folded(f"{each.name} {each.get_sector_display()}")
            and (led != "community" or each.community_led)
        ),
        key=lambda each: folded(each.name),
    )
    return render(
        request,
        "people/organizations.html",
        {
            **tabs(request, "organizations"),
            "crumbs": crumbs(request),
            "page": Paginator(found, ORGANIZATIONS_ON_A_PAGE).get_page(request.GET.get("page")),
            "q": request.GET.get("q", "").strip(),
            "led": led,
            "community_led": sum(each.community_led for each in rows),
            "total": len(rows),
            "may_manage": may_manage_people(request.membership),
        },
    )


def organization_new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Add a partner."""
    return _edit(request, Organization())


def organization(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Change a partner."""
    if not may_manage_people(request.membership):
        raise PermissionDenied
    rows = Organization.objects.for_initiative(request.initiative)
    return _edit(request, get_object_or_404(rows, slug=slug))


def _edit(request: SignedInRequest, record: Organization) -> HttpResponse:
    if not may_manage_people(request.membership):
        raise PermissionDenied
    name = record.name
    form = OrganizationForm(request.POST or None, instance=record, initiative=request.initiative)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.save()
                audit(record, before="", after="described", by=request.user)
        except IntegrityError:  # a colleague has added one of this name in this very moment
            form.add_error(None, str(StateChanged()))
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": record.name})
            return redirect("people:organizations", request.initiative.slug)
    return render(
        request,
        "people/organization.html",
        {
            "crumbs": crumbs(request, (_("Organizations"), "organizations")),
            "form": form,
            "name": name,
        },
    )
