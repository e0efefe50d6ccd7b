"""Data agreements: what runs out, each one's terms, and renewing or ending it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ciforum.people import clock
from ciforum.people.context import Link
from ciforum.people.requests import MemberRequest, SignedInRequest
from measurement.catalogue import sharing
from measurement.forms.agreements import AgreementForm, EndForm, RenewForm
from measurement.models import DataAgreement
from measurement.permissions import may_manage_indicators
from measurement.views.answering import submitted
from measurement.views.crumbs import trail

ON_A_PAGE = 30


@require_safe
def agreements(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Agreements that stand, those that end first on top; `?all` also the earlier ones."""
    own = DataAgreement.objects.for_initiative(request.initiative)
    shows_all = "all" in request.GET
    found = own.order_by("-ends") if shows_all else own.standing().order_by("ends")
    found = found.select_related("initiative").prefetch_related("organizations", "indicators")
    return render(
        request,
        "measurement/agreements.html",
        {
            "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
            "shows_all": shows_all,
            "has_earlier": own.exclude(pk__in=own.standing()).exists(),
            "may_manage": may_manage_indicators(request.membership),
            "crumbs": _crumbs(request)[:-1],
        },
    )


@require_safe
def agreement(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """One agreement with its terms, and what came before and after it."""
    found = _find(request, uid)
    return render(
        request,
        "measurement/agreement.html",
        {
            "agreement": found,
            "renewal": getattr(found, "renewal", None),
            "waits": sharing.said(found) if found.hears_councils else [],
            "may_manage": may_manage_indicators(request.membership),
            "crumbs": _crumbs(request),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Write down an agreement."""
    _must_manage(request)
    form = AgreementForm(
        request.POST or None,
        request.FILES or None,
        initiative=request.initiative,
        initial={
            "starts": localdate(clock.now()),
            "indicators": request.GET.getlist("indicator"),
        },
    )
    return _answer(
        request,
        form,
        lambda data: DataAgreement.start(initiative=request.initiative, by=request.user, **data),
        _("The agreement is written down. Its page says whether it waits for a council."),
        title=_("A new data agreement"),
        lede=_("Who may share which numbers, on what terms, until when."),
        button=_("Write it down"),
        back=reverse("measurement:agreements", args=[request.initiative.slug]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_renew(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Go on with it until a later day."""
    found = _find(request, uid)
    _must_manage(request)
    return _answer(
        request,
        RenewForm(request.POST or None, request.FILES or None, agreement=found),
        lambda data: found.renew(by=request.user, **data),
        _("The agreement is renewed. The earlier one is kept as it was."),
        title=_("Renew the agreement"),
        lede=str(found.name),
        button=_("Renew it"),
        back=found.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_end(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """End it before its day."""
    found = _find(request, uid)
    _must_manage(request)

    def end(data: dict[str, Any]) -> DataAgreement:
        found.end(by=request.user, **data)
        return found

    return _answer(
        request,
        EndForm(request.POST or None, initiative=request.initiative),
        end,
        _("The agreement has ended."),
        title=_("End the agreement"),
        lede=str(found.name),
        button=_("End it"),
        back=found.get_absolute_url(),
    )


@require_safe
def agreement_file(request: SignedInRequest, initiative: str, uid: UUID) -> Any:
    """The signed paper, for members."""
    found = _find(request, uid)
    if found.file is None or found.file.forgotten_at:
        raise Http404
    return FileResponse(
        found.file.storage.open("rb"),
        as_attachment=True,
        filename=found.file.name,
        content_type="application/octet-stream",
    )


def _answer(
    request: SignedInRequest, form: Any, verb: Any, done: str, *, back: str, **page: Any
) -> HttpResponse:
    """The form, and the verb once it is filled in well."""
    if answer := submitted(
        request,
        form,
        lambda: verb(form.cleaned_data),
        done,
        back=back,
        to=lambda found: found,
        faster=messages.warning,
    ):
        return answer
    context = {"form": form, "back": back, "crumbs": _crumbs(request), **page}
    status = 422 if form.errors else 200
    return render(request, "measurement/agreement_form.html", context, status=status)


def _crumbs(request: MemberRequest) -> list[Link]:
    slug = request.initiative.slug
    return [
        *trail(request),
        Link(_("Catalogue"), reverse("measurement:catalogue", args=[slug])),
        Link(_("Data agreements"), reverse("measurement:agreements", args=[slug])),
    ]


def _find(request: MemberRequest, uid: UUID) -> DataAgreement:
    own = DataAgreement.objects.for_initiative(request.initiative).select_related(
        "initiative", "file", "renews", "renewal", "made_by"
    )
    found: DataAgreement = get_object_or_404(
        own.prefetch_related("organizations", "indicators__initiative"), uid=uid
    )
    return found


def _must_manage(request: SignedInRequest) -> None:
    if not may_manage_indicators(request.membership):
        raise PermissionDenied
