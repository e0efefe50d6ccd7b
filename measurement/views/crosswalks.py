"""Crosswalks of groups: the list, one of them, and writing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from ciforum.people.context import Link
from ciforum.people.requests import MemberRequest, SignedInRequest
from ciforum.people.words import Words
from equity.forms import put
from equity.models import Dimension
from measurement.catalogue.crosswalks import written_for
from measurement.forms.crosswalks import CrosswalkForm, targets_of
from measurement.models import Crosswalk
from measurement.permissions import may_manage_indicators
from measurement.views.crumbs import trail


@require_safe
def crosswalks(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Every crosswalk by breakdown, and the changes of versions that have none yet."""
    versions: dict[str, list[Dimension]] = {}
    for each in Dimension.objects.for_initiative(request.initiative).order_by("code", "version"):
        versions.setdefault(each.code, []).append(each)
    own = Crosswalk.objects.for_initiative(request.initiative).select_related("initiative")
    by_code: dict[str, list[Crosswalk]] = {}
    for crosswalk in own:
        by_code.setdefault(crosswalk.dimension_code, []).append(crosswalk)
    listed = [
        {
            "dimension": known[-1],
            "crosswalks": by_code.get(code, []),
            "missing": _missing(known, by_code.get(code, [])),
        }
        for code, known in versions.items()
    ]
    return render(
        request,
        "measurement/crosswalks.html",
        {
            "listed": listed,
            "may_manage": may_manage_indicators(request.membership),
            "crumbs": _crumbs(request)[:-1],
        },
    )


def _missing(versions: list[Dimension], written: list[Crosswalk]) -> list[tuple[int, int]]:
    done = {each.before for each in written}
    return [(each.version, each.version + 1) for each in versions[:-1] if each.version not in done]


@require_safe
def crosswalk(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """One crosswalk, line by line."""
    found = _find(request, uid)
    names = _names(found, found.after)
    earlier = _names(found, found.before) if found.is_between_versions else {}
    lines = [
        {
            "text": earlier.get(entry.text, entry.text),
            "to": [names.get(code, code) for code in entry.to],
            "relation": entry.get_relation_display(),
            "breaks": found.is_between_versions
            and (entry.relation != "same" or entry.to != [entry.text]),
        }
        for entry in found.entries.all()
    ]
    return render(
        request,
        "measurement/crosswalk.html",
        {
            "crosswalk": found,
            "lines": lines,
            "may_manage": may_manage_indicators(request.membership),
            "crumbs": _crumbs(request),
        },
    )


def _names(crosswalk: Crosswalk, version: int | None) -> dict[str, Words]:
    dimension = _dimension(crosswalk.initiative, crosswalk.dimension_code, version)
    return {group.code: group.name for group in dimension.groups.all()}


@require_http_methods(["GET", "HEAD", "POST"])
def crosswalk_new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """From the labels of some office's files; `?dimension=` says for which breakdown."""
    _must_manage(request)
    current = Dimension.objects.for_initiative(request.initiative).current()
    dimension = current.filter(code=request.GET.get("dimension", "")).first() or current.first()
    if dimension is None:
        messages.warning(request, _("Begin a breakdown first; a crosswalk leads into its groups."))
        return redirect("measurement:crosswalks", initiative)
    form = CrosswalkForm(
        request.POST or None,
        initiative=request.initiative,
        targets=targets_of(dimension),
        sources=None,
        lines=[],
    )
    return _answer(
        request,
        form,
        lambda name, pairs: Crosswalk.start(
            initiative=request.initiative,
            dimension_code=dimension.code,
            name=name,
            pairs=pairs,
            by=request.user,
        ),
        title=_("Labels of elsewhere"),
        lede=_("What the labels of an office’s files stand for among the groups here."),
        dimension=dimension,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def crosswalk_versions(request: SignedInRequest, initiative: str, code: str) -> HttpResponse:
    """From one version of a breakdown to the next: the newest change, or `?from=` another."""
    _must_manage(request)
    after = _dimension(request.initiative, code, None)
    before = _version(request, after)
    found = written_for(request.initiative, code).get(before)
    if found:
        return redirect("measurement:crosswalk_edit", initiative, found.uid)
    earlier = _dimension(request.initiative, code, before)
    later = _dimension(request.initiative, code, before + 1)
    kept = {group_code for group_code, _name in targets_of(later)}
    sources = targets_of(earlier)
    form = CrosswalkForm(
        request.POST or None,
        initiative=request.initiative,
        targets=targets_of(later),
        sources=sources,
        lines=[(each, [each] if each in kept else []) for each, _name in sources],
        called=_called(earlier, before),
    )
    return _answer(
        request,
        form,
        lambda name, pairs: Crosswalk.start(
            initiative=request.initiative,
            dimension_code=code,
            name=name,
            pairs=pairs,
            before=before,
            by=request.user,
        ),
        title=_("From version %(before)s to %(after)s") % {"before": before, "after": before + 1},
        lede=_(
            "Which groups are the same people as before, and which were told apart or put "
            "together. Lines of charts break off where they are not the same."
        ),
        dimension=after,
    )


def _version(request: MemberRequest, newest: Dimension) -> int:
    asked = request.GET.get("from", "")
    before = int(asked) if asked.isdecimal() and len(asked) < 6 else newest.version - 1
    if not 1 <= before < newest.version:
        raise Http404
    return before


def _called(dimension: Dimension, before: int) -> Words:
    """A name to begin with, in every language of the initiative."""
    made = {}
    for language in dimension.initiative.languages:
        with override(language):
            made[language] = _("%(dimension)s: version %(before)s to %(after)s") % {
                "dimension": dimension.name, "before": before, "after": before + 1
            }  # fmt: skip
    return Words(made)


@require_http_methods(["GET", "HEAD", "POST"])
def crosswalk_edit(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Write its lines anew."""
    _must_manage(request)
    found = _find(request, uid)
    target = _dimension(request.initiative, found.dimension_code, found.after)
    sources = (
        targets_of(_dimension(request.initiative, found.dimension_code, found.before))
        if found.is_between_versions
        else None
    )
    form = CrosswalkForm(
        request.POST or None,
        initiative=request.initiative,
        targets=targets_of(target),
        sources=sources,
        lines=[(entry.text, entry.to) for entry in found.entries.all()],
        called=found.name,
    )

    def write(name: Words, pairs: Any) -> Crosswalk:
        found.write(name=name, pairs=pairs, by=request.user)
        return found

    return _answer(
        request,
        form,
        write,
        title=_("Change the crosswalk"),
        lede=str(found.name),
        dimension=target,
    )


def _answer(request: SignedInRequest, form: CrosswalkForm, verb: Any, **page: Any) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            found = verb(form.cleaned_data["name"], form.pairs())
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(request, _("The crosswalk is kept."))
            return redirect(found)
    context = {"form": form, "crumbs": _crumbs(request), **page}
    status = 422 if form.errors else 200
    return render(request, "measurement/crosswalk_form.html", context, status=status)


def _dimension(initiative: Any, code: str, version: int | None) -> Dimension:
    own = Dimension.objects.for_initiative(initiative).filter(code=code)
    chosen = own.current() if version is None else own.filter(version=version)
    return get_object_or_404(chosen.prefetch_related("groups").select_related("initiative"))


def _crumbs(request: MemberRequest) -> list[Link]:
    slug = request.initiative.slug
    return [
        *trail(request),
        Link(_("Catalogue"), reverse("measurement:catalogue", args=[slug])),
        Link(_("Crosswalks of groups"), reverse("measurement:crosswalks", args=[slug])),
    ]


def _find(request: MemberRequest, uid: UUID) -> Crosswalk:
    own = Crosswalk.objects.for_initiative(request.initiative).select_related("initiative")
    found: Crosswalk = get_object_or_404(own.prefetch_related("entries"), uid=uid)
    return found


def _must_manage(request: SignedInRequest) -> None:
    if not may_manage_indicators(request.membership):
        raise PermissionDenied
