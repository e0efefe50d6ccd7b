"""Writing the paper of a decision: proposing it, changing it, and its evidence pack."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agenda import citing
from agenda.deciding import standing
from agenda.deciding.effects import asked_for
from agenda.forms.decisions import VoidForm
from agenda.forms.papers import PaperForm
from agenda.models import Decision
from agenda.permissions import may_edit_decision
from agenda.views.decisions import decisions_link, find, forms_page
from agenda.views.stages import attempt
from agenda.views.tabs import crumbs
from ciforum.people import registry
from ciforum.people.models import Citation
from ciforum.people.requests import SignedInRequest
from ciforum.people.transitions import StateChanged, verb
from equity.forms import put
from equity.models import Committee


@require_http_methods(["GET", "HEAD", "POST"])
def decision_new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Propose a decision, as any member may."""
    form = PaperForm(
        request.POST or None,
        initiative=request.initiative,
        initial=asked_for(request.initiative, request.GET.dict()),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = _propose(request, form)
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(request, _("The draft is saved. Members can read it."))
            return _after(request, made)
    context = {
        "crumbs": crumbs(request, decisions_link(request)),
        "form": form,
        "has_committee": Committee.objects.for_initiative(request.initiative).standing().exists(),
    }
    status = 422 if form.errors else 200
    return render(request, "agenda/decisions/new.html", context, status=status)


@verb
def _propose(request: SignedInRequest, form: PaperForm) -> Decision:
    """Begin the draft with its options and groups, all or nothing."""
    committee = form.cleaned_data["committee"]
    fields = form.fields_of_it()
    made = Decision.propose(committee=committee, by=request.membership, **fields)
    options, groups = form.options_of_it(), form.groups_of_it()
    made.describe(by=request.user, options=options, groups=groups)
    return made


@require_http_methods(["GET", "HEAD", "POST"])
def decision_edit(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Change the paper. From the last word on this voids what was said, so it asks first."""
    found = _find(request, uid)
    form = PaperForm(request.POST or None, initiative=request.initiative, decision=found)
    void = _void(request, found)
    if request.method == "POST" and _all_valid(form, void):
        try:
            found.describe(
                by=request.user,
                options=form.options_of_it(),
                groups=form.groups_of_it(),
                **form.fields_of_it(),
            )
        except ValidationError as error:
            put(form, error)
            found = _find(request, uid)
        except StateChanged as changed:
            messages.warning(request, str(changed))
            return redirect(found)
        else:
            messages.success(request, _said(void))
            return _after(request, found)
    return forms_page(request, found, "edit", form=form, void=void)


@require_http_methods(["GET", "HEAD", "POST"])
def decision_cite(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """The evidence pack: what is in it, and something to add."""
    found = _find(request, uid)
    void = _void(request, found)
    q = request.GET.get("q", "")
    form = citing.cite_form(request.initiative, request.membership, request.POST or None, q=q)
    if request.method == "POST" and _all_valid(form, void):
        change = partial(_cite, request, found, **form.chosen())
        here = reverse("agenda:decision_cite", args=[initiative, uid])
        if done := attempt(request, found, form, change, _said(void), to=here):
            return done
    evidence = citing.present(Citation.objects.of(found), request.membership)
    return forms_page(
        request,
        found,
        "cite",
        cite_form=form,
        void=void,
        citations=evidence,
        back=found.get_absolute_url(),
    )


def _cite(request: SignedInRequest, found: Decision, *, kind: str, uid: Any, note: str) -> None:
    known = registry.citations.get(kind)
    citable = known.find(request.initiative, uid) if known else None
    if known is None or citable is None or citable.withdrawn_at:
        raise ValidationError(_("This cannot be cited now. Choose something else."))
    found.cite(citable, by=request.user, note=note, **known.pin(citable))


@require_POST
def decision_uncite(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Take something out of the evidence pack."""
    found = _find(request, uid)
    here = redirect("agenda:decision_cite", initiative, uid)
    try:
        cited = UUID(request.POST.get("citation", ""))
    except ValueError:
        return here
    citation = get_object_or_404(Citation.objects.of(found), uid=cited)
    void = _void(request, found)
    if void is not None and not void.is_valid():
        messages.warning(request, _("Nothing was changed: confirm first what this voids."))
        return here
    try:
        found.uncite(citation, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except StateChanged as changed:
        messages.warning(request, str(changed))
    else:
        messages.success(request, _said(void))
    return here


def _find(request: SignedInRequest, uid: UUID) -> Decision:
    """The decision, for somebody who may change its paper as it stands."""
    found = find(request, uid)
    if not may_edit_decision(request.membership, found):
        raise PermissionDenied
    return found


def _void(request: SignedInRequest, found: Decision) -> VoidForm | None:
    """What a change would void, as a form to confirm; None where it voids nothing."""
    voids = standing.voids(found)
    return VoidForm(request.POST or None, voids=voids) if voids else None


def _all_valid(form: Any, void: VoidForm | None) -> bool:
    """Both are asked, so that all mistakes show at once."""
    return all([form.is_valid(), void is None or void.is_valid()])


def _said(void: VoidForm | None) -> str:
    if void is None:
        return _("Saved.")
    return _(
        "Changed. Last words and ballots given to the former text count no more; their authors are "
        "told. It is in deliberation again."
    )


def _after(request: SignedInRequest, found: Decision) -> HttpResponse:
    """To its page; back to the form while nothing says how an affected group is asked."""
    if not found.unasked_groups():
        return redirect(found)
    messages.info(request, _("Say how each group without a seat is being asked."))
    url = reverse("agenda:decision_edit", args=[request.initiative.slug, found.uid])
    return redirect(f"{url}#groups")
