"""Findings of a data walk: writing them down, signing them, agreeing to them."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda.timeline import citing
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from measurement.forms.walks import AuthorForm, FindingForm, SignForm
from measurement.models import DataWalk, Finding
from measurement.views.answering import form_page, must, pressed, submitted
from measurement.views.walk_common import find_walk, way
from measurement.walking.permissions import (
    may_change_author,
    may_help,
    may_hold_walks,
    may_see_finding,
    may_withdraw_finding,
)


def _find(request: MemberRequest, uid: UUID, finding: UUID) -> Finding:
    walk = find_walk(request, uid)
    own = walk.findings.select_related("citable").prefetch_related(
        "authors__user", "stations__indicator__initiative"
    )
    found: Finding = get_object_or_404(own, uid=finding)
    found.walk, found.initiative = walk, walk.initiative
    if not may_see_finding(request.membership, found):
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def walk_finding_new(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Write down what was found."""
    walk = find_walk(request, uid)
    must(may_help(request.membership))
    form = FindingForm(request.POST or None, walk=walk)
    if answer := submitted(
        request,
        form,
        lambda: Finding.write(walk=walk, by=request.user, **form.cleaned_data),
        _("Now its authors say yes to these words."),
        back=walk,
        to=lambda found: found,
    ):
        return answer
    return _form(request, walk, form, _("Write a finding"), _("Write it down"))


@require_http_methods(["GET", "HEAD", "POST"])
def walk_finding_edit(
    request: SignedInRequest, initiative: str, uid: UUID, finding: UUID
) -> HttpResponse:
    """Change a draft; its authors say yes anew."""
    found = _find(request, uid, finding)
    must(may_help(request.membership))
    form = FindingForm(request.POST or None, walk=found.walk, finding=found)
    if answer := submitted(
        request,
        form,
        lambda: found.rewrite(by=request.user, **form.cleaned_data),
        _("Saved. Its authors say yes to the words as they are now."),
        back=found,
    ):
        return answer
    return _form(request, found.walk, form, _("Change the finding"), _("Save the changes"))


def _form(
    request: SignedInRequest, walk: DataWalk, form: Any, title: str, button: str
) -> HttpResponse:
    return form_page(
        request,
        form,
        title=title,
        lede=_("What the pictures show, and what those who walked make of it, in their words."),
        button=button,
        back=walk.get_absolute_url(),
        crumbs=way(request, walk),
    )


@public
@require_safe
def walk_finding(request: MemberRequest, initiative: str, uid: UUID, finding: UUID) -> HttpResponse:
    """One finding: what it says, who says it, what it rests on, what cites it."""
    found = _find(request, uid, finding)
    member = request.membership
    # It asks for nothing but the citable, which both kinds have.
    shown, hidden = citing(cast("Any", found), member)
    return render(
        request,
        "measurement/walks/finding.html",
        {
            "finding": found,
            "walk": found.walk,
            "crumbs": way(request, found.walk),
            "citing": shown,
            "citing_elsewhere": hidden,
            "authors": [(each, may_change_author(member, each)) for each in found.authors.all()],
            "sign_form": SignForm() if member and found.is_draft else None,
            "author_form": AuthorForm() if may_help(member) and found.is_draft else None,
            "may_edit": may_help(member) and found.is_draft,
            "may_agree": may_hold_walks(member) and found.is_draft,
            "has_resident": found.has_resident(),
            "missing": ", ".join(found.languages_missing()) if member and found.is_draft else "",
            "may_withdraw": may_withdraw_finding(member, found) and found.state != "withdrawn",
        },
    )


@require_POST
def walk_finding_sign(
    request: SignedInRequest, initiative: str, uid: UUID, finding: UUID
) -> HttpResponse:
    """A member says: I am one of those who found this."""
    found = _find(request, uid, finding)
    form = SignForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write a shorter name: at most 120 signs."))
        return redirect(found)
    return pressed(
        request,
        lambda: found.sign(member=request.membership, **form.cleaned_data),
        _("You are one of its authors."),
        back=found,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def walk_finding_author(
    request: SignedInRequest, initiative: str, uid: UUID, finding: UUID
) -> HttpResponse:
    """Write down an author without an account, and how she said yes."""
    found = _find(request, uid, finding)
    must(may_help(request.membership))
    form = AuthorForm(request.POST or None)
    if answer := submitted(
        request,
        form,
        lambda: found.record_author(by=request.user, **form.cleaned_data),
        _("She is one of its authors."),
        back=found,
    ):
        return answer
    return form_page(
        request,
        form,
        title=_("Add an author"),
        lede=str(found.text),
        button=_("Add her"),
        back=found.get_absolute_url(),
        crumbs=way(request, found.walk),
    )


@require_POST
def walk_author_remove(
    request: SignedInRequest, initiative: str, uid: UUID, finding: UUID, author: UUID
) -> HttpResponse:
    """Take an author off a draft; of an agreed finding only her name goes."""
    found = _find(request, uid, finding)
    who = get_object_or_404(found.authors, uid=author)
    must(may_change_author(request.membership, who))
    verb = who.remove if found.is_draft else who.take_name_away
    return pressed(request, lambda: verb(by=request.user), _("The name is gone."), back=found)


@require_POST
def walk_finding_agree(
    request: SignedInRequest, initiative: str, uid: UUID, finding: UUID
) -> HttpResponse:
    """Let everyone read it."""
    found = _find(request, uid, finding)
    must(may_hold_walks(request.membership))
    done = _("Everyone can read it now, and it can be cited.")
    return pressed(request, lambda: found.agree(by=request.user), done, back=found)


@require_http_methods(["GET", "HEAD", "POST"])
def walk_finding_withdraw(
    request: SignedInRequest, initiative: str, uid: UUID, finding: UUID
) -> HttpResponse:
    """Take it back for good, after saying that one knows what is lost."""
    found = _find(request, uid, finding)
    must(may_withdraw_finding(request.membership, found))
    if request.method == "POST":
        done = _("The finding is withdrawn. Its words are gone.")
        return pressed(request, lambda: found.withdraw(by=request.user), done, back=found.walk)
    page = {"finding": found, "walk": found.walk, "crumbs": way(request, found.walk)}
    return render(request, "measurement/walks/withdraw.html", page)
