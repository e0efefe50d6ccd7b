"""Asking people in: sending, withdrawing, and the page behind the link."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from ciforum.people.accounts import own_page, sign_in
from ciforum.people.forms import InviteForm, JoinForm
from ciforum.people.invitations import mail_link
from ciforum.people.language import remember
from ciforum.people.models import Invitation, Membership
from ciforum.people.permissions import may_invite, public
from ciforum.people.requests import SignedInRequest
from ciforum.people.transitions import StateChanged
from ciforum.people.views.tabs import crumbs


def invite(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Ask somebody in by e-mail."""
    if not may_invite(request.membership):
        raise PermissionDenied
    form = InviteForm(
        request.POST or None,
        initiative=request.initiative,
        initial={"language": request.initiative.languages[0]},
    )
    if request.method == "POST" and form.is_valid():
        try:
            _send(request, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("people:members", initiative)
    return render(
        request,
        "people/invite.html",
        {"crumbs": crumbs(request, (_("People"), "members")), "form": form},
    )


@require_POST
def resend(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Send a new link in place of one that was lost or has run out."""
    old = _find(request, uid)
    _send(
        request,
        email=old.email,
        roles=old.roles,
        organization=old.organization,
        language=old.language,
    )
    return redirect("people:members", initiative)


def _send(request: SignedInRequest, **values: Any) -> None:
    sent, token = Invitation.send(initiative=request.initiative, by=request.user, **values)
    if mail_link(sent, token):
        text = _("The invitation is on its way to %(email)s.")
        messages.success(request, text % {"email": sent.email})
    else:
        text = _("The mail to %(email)s could not be sent. Send the invitation again later.")
        messages.error(request, text % {"email": sent.email})


@require_POST
def withdraw(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Make a link worthless."""
    found = _find(request, uid)
    try:
        found.withdraw(by=request.user)
    except StateChanged as changed:
        messages.error(request, str(changed))
    else:
        text = _("The invitation to %(email)s is withdrawn; its link no longer works.")
        messages.success(request, text % {"email": found.email})
    return redirect("people:members", initiative)


def _find(request: SignedInRequest, uid: UUID) -> Invitation:
    if not may_invite(request.membership):
        raise PermissionDenied
    return get_object_or_404(
        Invitation.objects.for_initiative(request.initiative).filter(
            accepted_at=None, withdrawn_at=None
        ),
        uid=uid,
    )


@public
@never_cache
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the link: who invites into what; join as who one is, or open an account and join."""
    found = Invitation.objects.by_token(token)
    if found is None or found.standing != "open":
        standing = found.standing if found else "unknown"
        return render(
            request,
            "people/invitation_closed.html",
            {"standing": standing, "invitation": found},
            status=404 if found is None else 410,
        )
    if request.method == "POST":
        # A password is hashed on the way: count before.
        too_many = ratelimit.consume_or_429(request, action="signup")
        if too_many is not None:
            return too_many
    if request.user.is_authenticated:
        return _as_member(request, found)
    if found.account is not None:
        return _page(request, found, "sign_in")
    return _as_newcomer(request, found)


def _as_member(request: Any, found: Invitation) -> HttpResponse:
    """Signed in: join, if the link was sent to this person."""
    if not found.is_for(request.user):
        return _page(request, found, "wrong_person")
    if request.method != "POST":
        return _page(request, found, "accept")
    try:
        membership = found.accept(by=request.user)
    except (StateChanged, ValidationError) as error:
        why = error.messages[0] if isinstance(error, ValidationError) else str(error)
        messages.error(request, why)
        return redirect(request.path)
    return _welcome(request, membership)


def _as_newcomer(request: HttpRequest, found: Invitation) -> HttpResponse:
    """No account with this address: open one here, and join with it."""
    form = JoinForm(request.POST or None, invitation=found)
    if request.method != "POST" or not form.is_valid():
        return _page(request, found, "join", form=form)
    try:
        user = found.open_account(
            name=form.cleaned_data["name"],
            language=form.cleaned_data["language"],
            password=form.cleaned_data["password"],
        )
    except StateChanged as changed:
        messages.error(request, str(changed))
        return redirect(request.path)
    sign_in(request, user)
    membership = Membership.objects.for_initiative(found.initiative).get(
        user=user, organization=found.organization
    )
    return remember(_welcome(request, membership), user.language)


def _page(request: HttpRequest, found: Invitation, way: str, **more: Any) -> HttpResponse:
    sign_in_url = reverse("account_login") + "?" + urlencode({"next": request.path})
    context = {"invitation": found, "way": way, "sign_in_url": sign_in_url, **more}
    return render(request, "people/invitation.html", context)


def _welcome(request: HttpRequest, membership: Membership) -> HttpResponse:
    text = _("Welcome to %(initiative)s.")
    messages.success(request, text % {"initiative": membership.initiative})
    return redirect(own_page(membership))
