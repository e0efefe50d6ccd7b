"""People, stages and entries of a map: adding, changing, moving, taking off, bringing back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agenda.forms.scenarios import EntryForm, PersonForm, StageForm
from agenda.models import Mark, Scenario, ScenarioSet, Stage
from agenda.views import evidence
from agenda.views.scenarios import (
    edit_url,
    find_open,
    form_page,
    must_draw,
    say_changed,
    trail,
)
from ciforum.people.requests import SignedInRequest
from ciforum.people.transitions import StateChanged
from equity.forms import put

FORMS: dict[type, Any] = {Scenario: PersonForm, Stage: StageForm, Mark: EntryForm}


@require_http_methods(["GET", "HEAD", "POST"])
def scenario_person_new(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Add a person; she comes last, at the most privileged end."""
    must_draw(request)
    found = find_open(request, slug)
    form = PersonForm(request.POST or None, initiative=request.initiative)
    words = {
        "title": _("Add a person"),
        "lede": _("Somebody invented, so that the room can talk about the system and not of her."),
        "button": _("Add"),
    }
    return _add(request, found, form, found.add_scenario, words)


@require_http_methods(["GET", "HEAD", "POST"])
def scenario_stage_new(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Add a stage at the end of the journey."""
    must_draw(request)
    found = find_open(request, slug)
    form = StageForm(request.POST or None, initiative=request.initiative)
    words = {
        "title": _("Add a stage"),
        "lede": _("A step of the journey that everybody on the map goes through."),
        "button": _("Add"),
    }
    return _add(request, found, form, found.add_stage, words)


def _add(
    request: SignedInRequest, found: ScenarioSet, form: Any, verb: Any, words: dict[str, str]
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            added = verb(by=request.user, **form.values())
        except ValidationError as error:
            put(form, error)
        except StateChanged as changed:
            form.add_error(None, str(changed))
        else:
            messages.success(request, _("“%(name)s” is added.") % {"name": added})
            return redirect(edit_url(found))
    return form_page(request, form, found, back=edit_url(found), **words)


@require_http_methods(["GET", "HEAD", "POST"])
def scenario_cell(
    request: SignedInRequest, initiative: str, slug: str, person: UUID, stage: UUID
) -> HttpResponse:
    """What stands in a person's way at one stage, and what helps; add to it."""
    must_draw(request)
    found = find_open(request, slug)
    who = get_object_or_404(found.scenarios.live(), uid=person)
    step = get_object_or_404(found.stages.live(), uid=stage)
    form = EntryForm(request.POST or None, initiative=request.initiative)
    if request.method == "POST" and form.is_valid():
        try:
            found.add_mark(scenario=who, stage=step, by=request.user, **form.values())
        except ValidationError as error:
            put(form, error)
        except StateChanged as changed:
            form.add_error(None, str(changed))
        else:
            messages.success(request, _("It is added."))
            return redirect(request.path)
    context = {
        "crumbs": trail(request, found),
        "set": found,
        "who": who,
        "step": step,
        "marks": list(found.marks.live().filter(scenario=who, stage=step)),
        "form": form,
        "back": edit_url(found),
    }
    status = 422 if form.errors else 200
    return render(request, "agenda/scenarios/cell.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def scenario_part(request: SignedInRequest, initiative: str, slug: str, uid: UUID) -> HttpResponse:
    """Change the words of a person, a stage or an entry."""
    must_draw(request)
    found = find_open(request, slug)
    part = _part(found, uid)
    if part.removed_at:
        raise Http404
    form = FORMS[type(part)](request.POST or None, instance=part, initiative=request.initiative)
    if request.method == "POST" and form.is_valid():
        try:
            found.change(part, by=request.user, seen=form.seen_revision, **form.values())
        except ValidationError as error:
            put(form, error)
        except StateChanged as changed:
            part.refresh_from_db()
            say_changed(form, part, str(changed), str(part))
        else:
            messages.success(request, _("It is changed."))
            return redirect(_where(found, part))
    return form_page(
        request,
        form,
        found,
        title=_("Change “%(name)s”") % {"name": type(part).objects.get(pk=part.pk)},
        button=_("Keep it"),
        back=_where(found, part),
    )


@require_POST
def scenario_move(request: SignedInRequest, initiative: str, slug: str, uid: UUID) -> HttpResponse:
    """One step back, or on."""
    steps = -1 if request.POST.get("to") == "back" else 1
    return _do(request, slug, uid, "shift", _("It is moved."), steps=steps)


@require_POST
def scenario_remove(
    request: SignedInRequest, initiative: str, slug: str, uid: UUID
) -> HttpResponse:
    """Take a part off the map; the message leads to where it can be brought back."""
    url = reverse("agenda:scenario_edit", args=[request.initiative.slug, slug])
    done = format_html(
        '{} <a href="{}#removed">{}</a>', _("It is taken off the map."), url, _("Bring it back")
    )
    return _do(request, slug, uid, "remove", done)


@require_POST
def scenario_restore(
    request: SignedInRequest, initiative: str, slug: str, uid: UUID
) -> HttpResponse:
    """Bring a removed part back."""
    return _do(request, slug, uid, "restore", _("It is back on the map."))


def _do(
    request: SignedInRequest, slug: str, uid: UUID, verb: str, done: str, **how: Any
) -> HttpResponse:
    must_draw(request)
    found = find_open(request, slug)
    part = _part(found, uid)
    try:
        getattr(found, verb)(part, by=request.user, **how)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except StateChanged as changed:
        messages.warning(request, str(changed))
    else:
        messages.success(request, done)
    return redirect(_where(found, part))


@require_http_methods(["GET", "HEAD", "POST"])
def scenario_cite(request: SignedInRequest, initiative: str, slug: str, uid: UUID) -> HttpResponse:
    """Add evidence to an entry: a published figure, an event."""
    must_draw(request)
    found = find_open(request, slug)
    mark = get_object_or_404(found.marks.live(), uid=uid)
    return evidence.cite(
        request,
        mark,
        back=_where(found, mark),
        crumbs=trail(request, found),
        within=found.title,
        uncite_url=reverse("agenda:scenario_uncite", args=[initiative, slug, uid]),
    )


@require_POST
def scenario_uncite(
    request: SignedInRequest, initiative: str, slug: str, uid: UUID
) -> HttpResponse:
    """Take evidence away from an entry."""
    must_draw(request)
    found = find_open(request, slug)
    mark = get_object_or_404(found.marks.live(), uid=uid)
    evidence.uncite(request, mark)
    return redirect("agenda:scenario_cite", request.initiative.slug, slug, uid)


def _part(found: ScenarioSet, uid: UUID) -> Any:
    """The person, stage or entry of this map with this uid. Raises Http404."""
    for parts in (found.scenarios, found.stages, found.marks):
        if part := parts.filter(uid=uid).first():
            return part
    raise Http404


def _where(found: ScenarioSet, part: Any) -> str:
    """Where a part is edited: an entry in its cell, the others on the page of the map."""
    if isinstance(part, Mark) and not (part.scenario.removed_at or part.stage.removed_at):
        return reverse(
            "agenda:scenario_cell",
            args=[found.initiative.slug, found.slug, part.scenario.uid, part.stage.uid],
        )
    return edit_url(found)
