"""Writing the charter: the backbone's pages for the draft, until a decision carries it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agenda import citing, drafting
from agenda.forms.charter import DraftForm
from agenda.models import CharterVersion, Paragraph
from agenda.permissions import may_draft_charter
from agenda.views.tabs import crumbs
from ciforum.people.models import Citation
from ciforum.people.requests import SignedInRequest
from equity.forms import put


@require_POST
def charter_start(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Begin the first draft, or the next version of the one that the form names."""
    _must_draft(request)
    own = CharterVersion.objects.for_initiative(request.initiative).select_related("charter")
    number = request.POST.get("from", "")
    basis = own.filter(number=number).first() if number.isdecimal() else None
    try:
        if basis:
            basis.amend(by=request.user)
        else:
            CharterVersion.start(initiative=request.initiative, by=request.user)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect("agenda:charter", initiative)
    return redirect("agenda:charter_edit", initiative)


@require_http_methods(["GET", "HEAD", "POST"])
def charter_edit(request: SignedInRequest, initiative: str) -> HttpResponse:
    """The whole draft as one form. Every button keeps what is typed, then does its own thing."""
    _must_draft(request)
    draft = _draft(request)
    if draft is None:
        messages.info(request, _("There is no draft now."))
        return redirect("agenda:charter", initiative)
    form = DraftForm(request.POST or None, version=draft)
    if request.method == "POST" and form.is_valid():
        try:
            draft.write(by=request.user, **form.written())
            return _then(request, draft, request.POST.get("do", ""))
        except drafting.Overtaken as error:
            form.overtaken(error)
        except ValidationError as error:
            put(form, error)
    cited = citing.by_anchor(Citation.objects.of(draft), request.membership)
    context = {
        "crumbs": _crumbs(request, draft),
        "version": draft,
        "form": form,
        "body": [
            (part, hint, [(box, cited.get(str(box.paragraph.uid), [])) for box in boxes], more)
            for part, hint, boxes, more in form.sections()
        ],
    }
    return render(request, "agenda/charter/edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def charter_cite(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Choose what one paragraph of the draft stands on."""
    _must_draft(request)
    own = Paragraph.objects.for_initiative(request.initiative)
    whole = own.select_related("version__charter", "version__initiative")
    paragraph = get_object_or_404(whole, uid=uid)
    back = reverse("agenda:charter_edit", args=[initiative]) + f"#p-{uid}"
    form = citing.cite_form(
        request.initiative, request.membership, request.POST or None, q=request.GET.get("q", "")
    )
    if request.method == "POST" and form.is_valid():
        try:
            citing.cite(paragraph.version, by=request.user, anchor=str(uid), **form.chosen())
            messages.success(request, _("Cited."))
            return redirect(back)
        except ValidationError as error:
            put(form, error)
    context = {
        "crumbs": _crumbs(request, paragraph.version, (_("Edit"), back)),
        "paragraph": paragraph,
        "cite_form": form,
        "back": back,
    }
    return render(request, "agenda/charter/cite.html", context, status=422 if form.errors else 200)


@require_POST
def charter_discard(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Drop the draft."""
    _must_draft(request)
    draft = _draft(request)
    if draft is not None:
        try:
            draft.discard(by=request.user)
            messages.success(request, _("The draft is gone. Nothing of it was public."))
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
    return redirect("agenda:charter", initiative)


def _then(request: SignedInRequest, draft: CharterVersion, do: str) -> HttpResponse:
    """What the pressed button asks for, now that everything typed is kept."""
    edit = reverse("agenda:charter_edit", args=[request.initiative.slug])
    verb, _colon, text = do.partition(":")
    uid = _uid(text)
    if verb == "done":
        return redirect(draft)
    if uid is None:
        messages.success(request, _("Saved."))
        return redirect(edit + (f"#part-{text}" if verb == "add" else ""))
    if verb == "cite":
        return redirect("agenda:charter_cite", request.initiative.slug, uid)
    try:
        _do(draft, verb, uid, request)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    return redirect(f"{edit}#p-{uid}")


def _do(draft: CharterVersion, verb: str, uid: UUID, request: SignedInRequest) -> None:
    match verb:
        case "up" | "down":
            draft.shift(uid, by=request.user, up=verb == "up")
        case "remove":
            draft.remove(uid, by=request.user)
            messages.success(request, _("Taken out. The other versions still have it."))
        case "uncite":
            citing.uncite(draft, uid=uid, by=request.user)


def _must_draft(request: SignedInRequest) -> None:
    if not may_draft_charter(request.membership):
        raise PermissionDenied


def _draft(request: SignedInRequest) -> CharterVersion | None:
    own = CharterVersion.objects.for_initiative(request.initiative)
    found: CharterVersion | None = own.drafts().select_related("initiative", "charter").first()
    return found


def _crumbs(request: SignedInRequest, version: CharterVersion, *more: tuple[str, str]) -> list[Any]:
    charter = reverse("agenda:charter", args=[request.initiative.slug])
    return crumbs(
        request,
        (_("Charter"), charter),
        (_("Version %(number)s") % {"number": version.number}, version.get_absolute_url()),
        *more,
    )


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
