"""Which language, which initiative, and whether the person belongs to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from ciforum.people import current
from ciforum.people.models import Initiative, Membership, Role
from ciforum.people.transitions import StateChanged

Answer = Callable[[HttpRequest], HttpResponse]


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page needs sign-in unless marked public; an htmx request moves the whole page there."""

    def handle_no_permission(self, request: Any, view_func: Any) -> Any:
        if request.headers.get("HX-Request"):
            # Back to the page she was on: the fragment's own address is no page.
            back = redirect_to_login(_path(request.headers.get("HX-Current-URL", "/")))
            return HttpResponseClientRedirect(back.url)
        return super().handle_no_permission(request, view_func)


def _path(address: str) -> str:
    """Path and query of an address that the browser claims to be on; "/" where it is none."""
    try:
        here = urlsplit(address)
    except ValueError:
        return "/"
    return f"{here.path}?{here.query}" if here.query else here.path


class HeadersMiddleware:
    """What Django's own security headers leave out, on every answer and every static file."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in settings.SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class NullByteMiddleware:
    """Refuse an address that holds a NUL byte: no text does, and PostgreSQL takes none."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> None:
        # Fields of forms refuse it themselves, with a sentence.
        if "\0" in request.path or any(
            "\0" in text for name, values in request.GET.lists() for text in (name, *values)
        ):
            raise BadRequest("A NUL byte in the address.")


class ColleagueMiddleware:
    """A colleague was faster, and the page has no place to say so: a page of its own does."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, StateChanged):
            return None
        before = _path(request.headers.get("Referer", "/"))
        return render(request, "409.html", {"changed": error, "before": before}, status=409)


class LanguageMiddleware:
    """The language she chose, else that of her account, else what her browser asks for."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(_language(request)):
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response


def _language(request: HttpRequest) -> str:
    offered = dict(settings.LANGUAGES)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in offered:
        return chosen
    if request.user.is_authenticated:
        return str(request.user.language)
    # An address may ask for its language, so that a link can be sent to a Spanish reader.
    if request.GET.get("lang") in offered:
        return request.GET["lang"]
    return translation.get_language_from_request(request)


class InitiativeMiddleware:
    """Find the initiative of the address and the person's membership in it.

    A stranger gets 404 on every page of an initiative that is not public, and is not told whether
    it exists. A superuser without a membership is a stranger. Views outside initiatives are
    left alone.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.initiative = None  # type: ignore[attr-defined]
        request.membership = None  # type: ignore[attr-defined]
        try:
            with current.answering(request):
                return self.get_response(request)
        finally:
            timezone.deactivate()

    def process_view(
        self, request: Any, view: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        slug = kwargs.get("initiative")
        if slug is None:
            return None
        initiative = Initiative.objects.filter(slug=slug).first()
        if request.user.is_authenticated and initiative:
            request.membership = _membership(request.user, initiative)
        is_open = getattr(view, "public", False)
        if initiative is None or (request.membership is None and not is_open):
            raise Http404
        request.initiative = initiative
        timezone.activate(initiative.zone)
        return None


def _membership(user: Any, initiative: Initiative) -> Membership | None:
    """All her memberships here as one: the first, with the roles of all."""
    own = list(
        Membership.objects.for_initiative(initiative)
        .current()
        .filter(user=user)
        .select_related("organization")
        .order_by("pk")
    )
    if not own:
        return None
    first = own[0]
    first.all_roles = sorted({role for each in own for role in each.roles})
    first.everywhere = own
    return first


class SecondFactorMiddleware:
    """Backbone staff and superusers set up a second step of sign-in before they go on.

    Where `settings.SECOND_FACTOR_REQUIRED` says so: in production. Public pages and the pages on
    which one sets it up stay open.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: Any, view: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if not settings.SECOND_FACTOR_REQUIRED or not request.user.is_authenticated:
            return None
        name = request.resolver_match.view_name or ""
        if name.startswith(("account_", "mfa_")) or getattr(view, "public", False):
            return None
        if not _must_prove_twice(request.user) or is_mfa_enabled(request.user):
            return None
        messages.warning(request, _("Set up a second step of sign-in first, then go on."))
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(reverse("mfa_index"))
        return redirect("mfa_index")


def _must_prove_twice(user: Any) -> bool:
    if user.is_superuser:
        return True
    backbone = Membership.objects.filter(user=user).current().with_role(Role.BACKBONE)
    return bool(backbone.exists())
