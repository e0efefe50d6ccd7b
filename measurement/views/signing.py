"""Around a data request: its letter, who signs it too, asking again, and all of one holder."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from measurement.forms.requests import AgainForm, SignForm
from measurement.models import DataRequest, RequestSigner
from measurement.permissions import may_ask_for_data, may_sign_request
from measurement.views.answering import pressed
from measurement.views.crumbs import trail
from measurement.views.requests import answer_form, find

ON_A_PAGE = 20


@public
@require_safe
def request_holder(request: MemberRequest, initiative: str) -> HttpResponse:
    """Everything we asked one holder, how long each took, and what came of it."""
    own = DataRequest.objects.for_initiative(request.initiative)
    name = request.GET.get("name", "")
    if not name:
        return redirect("measurement:requests", request.initiative.slug)
    found = own.of_holder(name)
    if not found.exists():
        raise Http404
    known = found.select_related("indicator", "dimension", "initiative")
    return render(
        request,
        "measurement/request_holder.html",
        {
            "holder": known[0].holder,
            "page": Paginator(known, ON_A_PAGE).get_page(request.GET.get("page")),
            "asked": found.count(),
            "answered": found.exclude(answered_at=None).count(),
            "shared": found.filter(state=DataRequest.State.SHARED).count(),
            "crumbs": trail(request),
        },
    )


@public
@require_safe
def request_letter(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """The letter as it was sent, to print."""
    found = find(request, uid)
    return render(
        request,
        "measurement/request_letter.html",
        {"each": found, "signers": found.cosigners(), "crumbs": trail(request)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def request_sign(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Sign a request in public, for an organization or for oneself."""
    found = find(request, uid)
    if request.membership is None or not may_sign_request(request.membership):
        raise PermissionDenied
    member = request.membership
    form = SignForm(request.POST or None, member=member)

    def sign(data: dict[str, str]) -> DataRequest:
        RequestSigner.sign(request=found, **form.signed_as())
        return found

    return answer_form(
        request,
        form,
        sign,
        _("Everybody can read now that you sign it too."),
        {
            "title": _("Sign this request too"),
            "lede": _("The name stands on the public page. You can take it away again."),
            "button": _("Sign in public"),
            "back": found.get_absolute_url(),
            "crumbs": trail(request),
        },
    )


@require_POST
def request_unsign(
    request: SignedInRequest, initiative: str, uid: UUID, signer: UUID
) -> HttpResponse:
    """Take a signature away: who signed, or somebody else of that organization."""
    found = find(request, uid)
    signed = get_object_or_404(found.signers.select_related("member", "request"), uid=signer)
    if not _is_hers(request, signed):
        raise PermissionDenied
    done = _("The name no longer stands under the request.")
    verb = partial(signed.withdraw, by=request.user)
    return pressed(request, verb, done, back=found, faster=messages.warning)


def _is_hers(request: SignedInRequest, signed: RequestSigner) -> bool:
    if request.membership is None:
        return False
    if signed.organization_id is None:
        return signed.member.user_id == request.user.pk
    everywhere = getattr(request.membership, "everywhere", [request.membership])
    return any(each.organization_id == signed.organization_id for each in everywhere)


@require_http_methods(["GET", "HEAD", "POST"])
def request_again(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Ask anew for what was taken further."""
    found = find(request, uid)
    if not may_ask_for_data(request.membership):
        raise PermissionDenied

    def again(data: dict[str, str]) -> DataRequest:
        found.ask_again(by=request.user, **data)
        return found

    return answer_form(
        request,
        AgainForm(request.POST or None),
        again,
        _("Everybody can read that we asked again."),
        {
            "title": _("Asked again"),
            "lede": _("What was taken further keeps releases open for half a year at a time."),
            "button": _("Write it down in public"),
            "back": found.get_absolute_url(),
            "crumbs": trail(request),
        },
    )
