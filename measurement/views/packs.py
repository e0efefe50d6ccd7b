"""Packs of common measures: what is inside, what is here already, and bringing rows in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from ciforum.people.context import Link
from ciforum.people.requests import SignedInRequest
from measurement.catalogue.packing import breakdowns, bring_in, offered
from measurement.catalogue.packs import KNOWN, LIMITS, Pack, read_text, written
from measurement.models import Indicator
from measurement.permissions import may_manage_indicators
from measurement.views.crumbs import trail


class PackFileForm(forms.Form):
    """A pack of one's own."""

    file = forms.FileField(
        label=gettext_lazy("Your file"),
        help_text=gettext_lazy("CSV in the format of the example. At most 1 megabyte."),
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > LIMITS.bytes:
            raise ValidationError(_("This file is larger than 1 megabyte."))
        content: bytes = file.read()
        return content


@require_safe
def packs(request: SignedInRequest, initiative: str) -> HttpResponse:
    """The packs that come along, and how much of each is here already."""
    _must_manage(request)
    codes = set(Indicator.objects.for_initiative(request.initiative).values_list("code", flat=True))
    listed = []
    for known in KNOWN.values():
        inside = [row.code for row in known.read().indicators]
        listed.append({"known": known, "size": len(inside), "here": len(codes & set(inside))})
    return render(
        request,
        "measurement/packs.html",
        {"packs": listed, "form": PackFileForm(), "crumbs": _crumbs(request)[:-1]},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def pack(request: SignedInRequest, initiative: str) -> HttpResponse:
    """One pack, the first or that of `?pack=`: what is in it; a POST brings the chosen ones in."""
    _must_manage(request)
    if (known := KNOWN.get(request.GET.get("pack", next(iter(KNOWN))))) is None:
        raise Http404
    page = {"title": known.title, "lede": known.purpose}
    return _offer(request, known.read(), page, bring=request.method == "POST")


@require_http_methods(["GET", "HEAD", "POST"])
def pack_own(request: SignedInRequest, initiative: str) -> HttpResponse:
    """A pack from a file: first every mistake in it, then the same page as for the others.

    Between the two the file travels in the page and is read anew, so nothing is kept of it.
    """
    _must_manage(request)
    page = {"title": _("Your own pack"), "lede": _("Nothing is kept before you bring it in.")}
    if "content" in request.POST:
        content = request.POST["content"].encode()[: LIMITS.bytes + 1]
        return _offer(request, read_text(content), page, bring=True, is_own=True)
    form = PackFileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        return _offer(request, read_text(form.cleaned_data["file"]), page, is_own=True)
    context = {"form": form, "packs": None, "crumbs": _crumbs(request)}
    status = 422 if form.errors else 200
    return render(request, "measurement/packs.html", context, status=status)


def _offer(
    request: SignedInRequest,
    pack: Pack,
    page: dict[str, Any],
    *,
    bring: bool = False,
    is_own: bool = False,
) -> HttpResponse:
    """What is inside, with boxes to choose; with mistakes, these and no boxes."""
    objection = ""
    chosen = request.POST.getlist("codes") if bring else []
    choose_all = bring and "all" in request.POST  # only then is anything ticked beforehand
    if bring and not choose_all and not pack.mistakes:
        try:
            made = bring_in(initiative=request.initiative, pack=pack, codes=chosen, by=request.user)
        except ValidationError as error:
            objection = " ".join(error.messages)
        else:
            messages.success(request, _done(made))
            return redirect("measurement:catalogue", request.initiative.slug)
    rows = offered(request.initiative, pack)
    context = {
        **page,
        "pack": pack,
        "rows": [(each, choose_all or each.row.code in chosen) for each in rows],
        "free": sum(each.is_free for each in rows),
        "breakdowns": breakdowns(request.initiative, pack),
        "objection": objection,
        "content": written(pack) if is_own and not pack.mistakes else "",
        "is_own": is_own,
        "crumbs": _crumbs(request),
    }
    status = 422 if objection or pack.mistakes else 200
    return render(request, "measurement/pack.html", context, status=status)


def _done(made: Sequence[Indicator]) -> str:
    """How many came in, and a link to each."""
    told = ngettext(
        "%(number)s measure was brought in. Change it to fit this place:",
        "%(number)s measures were brought in. Change them to fit this place:",
        len(made),
    )
    links = [(each.get_absolute_url(), str(each.name)) for each in made]
    return format_html(
        "{} {}",
        told % {"number": len(made)},
        format_html_join(", ", '<a href="{}">{}</a>', links),
    )


@require_safe
def pack_template(request: SignedInRequest, initiative: str) -> HttpResponse:
    """An example to begin one's own pack with: the smallest of those that come along."""
    _must_manage(request)
    example = written(KNOWN["hope"].read())
    return HttpResponse(
        example.encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="pack.csv"'},
    )


def _crumbs(request: SignedInRequest) -> list[Link]:
    slug = request.initiative.slug
    return [
        *trail(request),
        Link(_("Catalogue"), reverse("measurement:catalogue", args=[slug])),
        Link(_("Packs"), reverse("measurement:packs", args=[slug])),
    ]


def _must_manage(request: SignedInRequest) -> None:
    if not may_manage_indicators(request.membership):
        raise PermissionDenied
