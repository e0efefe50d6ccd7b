"""The page that tells programmers and spreadsheets how to read the numbers; tokens of programs."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ciforum.people.models import ApiToken
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from equity.forms import put
from measurement.forms.tokens import TokenForm
from measurement.models import Indicator
from measurement.permissions import may_give_tokens
from measurement.views.crumbs import trail


@public
@require_safe
def programs(request: MemberRequest, initiative: str) -> HttpResponse:
    """How to read the numbers by program, with an address that works; tokens for the backbone."""
    example = (
        Indicator.objects.for_initiative(request.initiative).published().order_by("slug").first()
    )
    may_give = may_give_tokens(request.membership)
    tokens = ApiToken.objects.for_initiative(request.initiative).select_related("made_by")
    context = {
        "crumbs": trail(request),
        "example": example,
        "address": request.build_absolute_uri(_address(request, example)),
        "document": request.build_absolute_uri(
            reverse("api:openapi", args=[request.initiative.slug])
        ),
        "may_give": may_give,
        "tokens": list(tokens) if may_give else [],
    }
    return render(request, "measurement/programs.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def token_new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Make a token and tell its secret, this once."""
    _must_give(request)
    form = TokenForm(request.POST or None, initiative=request.initiative)
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = ApiToken.issue(
                initiative=request.initiative, by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            put(form, error)
        else:
            context = {"crumbs": trail(request), "token": token, "secret": secret}
            return render(request, "measurement/token.html", context)
    page = {
        "title": _("Make a token"),
        "lede": _("A program that sends it may ask more often. It opens nothing that is hidden."),
        "button": _("Make it"),
        "back": reverse("measurement:programs", args=[request.initiative.slug]),
        "crumbs": trail(request),
    }
    status = 422 if form.errors else 200
    return render(request, "measurement/form.html", {"form": form, **page}, status=status)


@require_POST
def token_revoke(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Take a token back."""
    _must_give(request)
    token = get_object_or_404(ApiToken.objects.for_initiative(request.initiative), uid=uid)
    token.revoke(by=request.user)
    messages.success(request, _("The token opens nothing any more."))
    return redirect("measurement:programs", request.initiative.slug)


def _address(request: MemberRequest, example: Indicator | None) -> str:
    slug = example.slug if example else "indicator"
    return reverse("api:cells_file", args=[request.initiative.slug, slug, "csv"])


def _must_give(request: SignedInRequest) -> None:
    if not may_give_tokens(request.membership):
        raise PermissionDenied
