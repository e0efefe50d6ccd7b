"""The site's admin: for whoever runs the installation, and for nothing that has a verb.

It shows two tables, User and Initiative, and of them only what no verb guards. Memberships, states
and everything people wrote are reached on the pages of the initiative, by its members.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from ciforum.people.models import Initiative, User
from ciforum.people.transitions import audit


class Site(admin.AdminSite):
    """Open to superusers only; sign-in is everybody's, with its second step."""

    site_header = _("CI Forum: the installation")
    site_title = _("CI Forum")
    index_title = _("The installation")

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        if not (user.is_active and user.is_superuser):
            return False
        return not settings.SECOND_FACTOR_REQUIRED or bool(is_mfa_enabled(user))

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is one way in, with its limits and codes; not a second one here."""
        if request.user.is_authenticated:
            if request.user.is_superuser:
                return redirect("mfa_index")
            raise Http404
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


site = Site(name="admin")


@admin.register(User, site=site)
class UserAdmin(admin.ModelAdmin):
    """Who may sign in. People join by invitation and are blanked, never deleted."""

    list_display = ["email", "name", "language", "is_active", "is_superuser"]
    list_filter = ["is_active", "is_superuser", "language"]
    search_fields = ["email", "name"]
    fields = ["email", "name", "language", "is_active"]
    readonly_fields = ["email"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Initiative, site=site)
class InitiativeAdmin(admin.ModelAdmin):
    """Which initiatives there are: name, languages, address for questions."""

    list_display = ["slug", "__str__", "contact"]
    search_fields = ["slug"]
    fields = ["slug", "name", "languages", "contact"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["slug"] if obj else []  # addresses in the world do not change

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        # The admin's own transaction is open, so this is no verb; the trail has its line anyway.
        super().save_model(request, obj, form, change)
        obj.public_changed()
        audit(obj, before="", after="described" if change else "founded", by=request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
