"""How django-allauth signs people in here, and where they arrive."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from ciforum.people.models import Membership, Role, User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come by invitation; nobody signs up on her own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return landing(request.user)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("people:account")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write in the language of the person's account, and sign with the site's address."""
        user = context.get("user") or User.objects.filter(email__iexact=email).first()
        language = getattr(user, "language", None) or translation.get_language()
        with translation.override(language):
            super().send_mail(template_prefix, email, {"site_url": settings.SITE_URL, **context})


def landing(user: Any) -> str:
    """The page a person arrives at: her own page in her only initiative, else the list of all."""
    own = list(Membership.objects.filter(user=user, ended_at=None).select_related("initiative")[:2])
    return own_page(own[0]) if len(own) == 1 else reverse("people:home")


def own_page(membership: Membership) -> str:
    """Today; for somebody who only funds, the dashboard made for her."""
    only_funds = membership.roles == [Role.FUNDER]
    name = "measurement:dashboard" if only_funds else "backbone:today"
    return reverse(name, args=[membership.initiative.slug])


def sign_in(request: HttpRequest, user: User) -> None:
    """Sign a person in who has proved who she is; the session gets a new key."""
    login(request, user, backend=BACKEND)
