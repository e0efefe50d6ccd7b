"""What a barrier or an entry of a map rests on: cite a record, and take it away again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from agenda import citing
from ciforum.people.models import Citation
from ciforum.people.requests import SignedInRequest
from ciforum.people.transitions import StateChanged
from equity.forms import put


def cite(request: SignedInRequest, record: Any, *, back: str, **page: Any) -> HttpResponse:
    """The page that adds evidence to a record, which has a `text`.

    page: crumbs; within, the words of what the record is a part of; uncite_url.
    """
    form = citing.cite_form(
        request.initiative, request.membership, request.POST or None, q=request.GET.get("q", "")
    )
    if request.method == "POST" and form.is_valid():
        try:
            citing.cite(record, by=request.user, **form.chosen())
        except ValidationError as error:
            put(form, error)
        except StateChanged as changed:
            form.add_error(None, str(changed))
        else:
            messages.success(request, _("The evidence is added."))
            return redirect(back)
    context = {
        **page,
        "text": record.text,
        "cite_form": form,
        "citations": citing.present(Citation.objects.of(record), request.membership),
        "back": back,
    }
    return render(request, "agenda/evidence.html", context, status=422 if form.errors else 200)


def uncite(request: SignedInRequest, record: Any) -> None:
    """Take the citation that was sent away from a record. Raises Http404."""
    try:
        citation = UUID(request.POST.get("citation", ""))
    except ValueError:
        raise Http404 from None
    try:
        citing.uncite(record, uid=citation, by=request.user)
    except StateChanged as changed:
        messages.warning(request, str(changed))
    else:
        messages.success(request, _("The evidence is taken away."))
