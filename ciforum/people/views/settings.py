"""What the initiative says of itself."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ciforum.people.forms import InitiativeForm
from ciforum.people.models import Initiative
from ciforum.people.permissions import may_describe_initiative
from ciforum.people.requests import SignedInRequest
from ciforum.people.views.tabs import crumbs, tabs


def settings(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Name, purpose, population, languages, time zone, place and contact."""
    if not may_describe_initiative(request.membership):
        raise PermissionDenied
    # A row of its own: the page's frame keeps showing what is saved.
    record = Initiative.objects.get(pk=request.initiative.pk)
    form = InitiativeForm(request.POST or None, instance=record)
    if request.method == "POST" and form.is_valid():
        try:
            record.describe(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The settings are saved."))
            return redirect("people:settings", initiative)
    return render(
        request,
        "people/settings.html",
        {**tabs(request, "settings"), "crumbs": crumbs(request), "form": form},
    )
