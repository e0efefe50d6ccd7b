"""Who belongs to the initiative."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ciforum.people.folding import folded
from ciforum.people.forms import MemberForm
from ciforum.people.models import Invitation, Membership, Organization, Role
from ciforum.people.permissions import may_invite, may_manage_people
from ciforum.people.requests import SignedInRequest
from ciforum.people.transitions import StateChanged
from ciforum.people.views.tabs import crumbs, tabs

MEMBERS_ON_A_PAGE = 50


@require_safe
def members(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Everybody here, by name or organization; staff also see the invitations that are out."""
    may_manage = may_manage_people(request.membership)
    shown = {name: request.GET.get(name, "").strip() for name in ("q", "role", "org", "sort")}
    page = Paginator(_found(request, shown), MEMBERS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "people/members.html",
        {
            **tabs(request, "members"),
            "crumbs": crumbs(request),
            "page": page,
            "shown": shown,
            "roles": Role.choices,
            "organizations": Organization.objects.for_initiative(request.initiative),
            "may_manage": may_manage,
            "may_invite": may_invite(request.membership),
            "invitations": _invitations(request) if may_manage else [],
        },
    )


def _found(request: SignedInRequest, shown: dict[str, str]) -> list[Membership]:
    """The members that the filters let through, sorted as asked."""
    found = (
        Membership.objects.for_initiative(request.initiative)
        .current()
        .select_related("user", "organization")
    )
    if shown["role"] in Role.values:
        found = found.with_role(shown["role"])
    wanted = folded(shown["q"])
    people = [
        member
        for member in found
        if wanted in folded(f"{member.user} {member.organization or ''}")
        and shown["org"] in ("", getattr(member.organization, "slug", None))
    ]
    if shown["sort"] == "organization":
        return sorted(people, key=lambda each: (_organization_of(each), folded(str(each.user))))
    if shown["sort"] == "joined":
        return sorted(people, key=lambda each: each.joined_at, reverse=True)
    return sorted(people, key=lambda each: folded(str(each.user)))


def _organization_of(member: Membership) -> tuple[bool, str]:
    # Those who come for themselves stand at the end.
    return member.organization is None, folded(str(member.organization or ""))


def _invitations(request: SignedInRequest) -> list[Invitation]:
    return list(
        Invitation.objects.for_initiative(request.initiative)
        .filter(accepted_at=None, withdrawn_at=None)
        .select_related("organization", "invited_by")[:100]
    )


def member(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """One member's roles, and the end of a membership."""
    found = _find(request, uid)
    form = MemberForm(request.POST or None, membership=found)
    if request.method == "POST" and form.is_valid():
        try:
            found.change(**form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error("roles", error.messages)
        except StateChanged as changed:
            messages.error(request, str(changed))
            return redirect("people:members", initiative)
        else:
            messages.success(request, _("The roles of %(name)s are saved.") % {"name": found.user})
            return redirect("people:members", initiative)
    return render(
        request,
        "people/member.html",
        {
            "crumbs": crumbs(request, (_("People"), "members")),
            "member": found,
            "form": form,
        },
    )


@require_POST
def end(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Let a membership end."""
    found = _find(request, uid)
    try:
        found.end(by=request.user)
    except (ValidationError, StateChanged) as error:
        text = error.messages[0] if isinstance(error, ValidationError) else str(error)
        messages.error(request, text)
        return redirect("people:members", initiative)
    messages.success(request, _("%(name)s is no longer a member here.") % {"name": found.user})
    if found.user == request.user:
        return redirect("people:front", initiative)
    return redirect("people:members", initiative)


def _find(request: SignedInRequest, uid: UUID) -> Membership:
    """A current membership that she may change; a member without the right gets 403."""
    if not may_manage_people(request.membership):
        raise PermissionDenied
    return get_object_or_404(
        Membership.objects.for_initiative(request.initiative)
        .current()
        .select_related("user", "organization", "initiative"),
        uid=uid,
    )
