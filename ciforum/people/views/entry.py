"""One-click entry, in the demonstration only."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from ciforum.people import registry
from ciforum.people.accounts import landing, sign_in
from ciforum.people.models import User
from ciforum.people.permissions import public


@public
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """Choose one of the demonstration's people and be signed in as her. 404 anywhere else."""
    if not settings.DEMO:
        raise Http404
    if request.method == "POST":
        return _enter_as(request, request.POST.get("person", ""))
    return render(request, "people/enter.html", {"people": list(registry.demo_people)})


def _enter_as(request: HttpRequest, key: str) -> HttpResponse:
    person = next((person for person in registry.demo_people if person.key == key), None)
    if person is None:
        raise Http404
    user = get_object_or_404(User, email__iexact=person.email, is_active=True)
    sign_in(request, user)
    messages.success(
        request,
        _("You are in as %(name)s, %(role)s.") % {"name": user, "role": person.role_label},
    )
    return redirect(landing(user))
