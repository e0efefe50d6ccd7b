"""A person's own account: name, language, and the ways to what sign-in needs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override

from ciforum.people.forms import AccountForm
from ciforum.people.language import remember
from ciforum.people.models import Membership


def account(request: Any) -> HttpResponse:
    """Show and change it. The language she saves is the one she is answered in."""
    form = AccountForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        with override(request.user.language):
            messages.success(request, _("Your account is saved."))
        return remember(redirect("people:account"), request.user.language)
    request.user.refresh_from_db()
    return render(
        request,
        "people/account.html",
        {
            "form": form,
            "memberships": Membership.objects.filter(user=request.user)
            .current()
            .select_related("initiative", "organization")
            .order_by("pk"),
            "second_factor_required": settings.SECOND_FACTOR_REQUIRED,
        },
    )
