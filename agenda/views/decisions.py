"""The decision room, as everybody may read it: the log, and the page of each decision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agenda.deciding import log, page, standing
from agenda.forms.decisions import LogFilter
from agenda.models import Decision
from agenda.permissions import may_see_decision
from agenda.views.tabs import crumbs, tabs
from ciforum.people.context import Link
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest

ON_A_PAGE = 20


@public
@require_safe
def decisions(request: MemberRequest, initiative: str) -> HttpResponse:
    """The decision log: what is open, and what was decided, with filters."""
    every = log.readable(request.initiative, request.membership)
    form = LogFilter(
        request.GET,
        initiative=request.initiative,
        years=log.years(every),
        drafts=request.membership is not None,
    )
    wanted = form.wanted()
    found = log.find(request.initiative, request.membership, wanted)
    shown = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "agenda/decisions/decisions.html",
        {
            **tabs(request, "decisions"),
            "form": form,
            "is_filtered": any(wanted.get(name) for name in wanted if name != "order"),
            "total": every.count(),
            "page": shown,
            "rows": [log.row(each) for each in shown],
        },
    )


@public
@require_safe
def decision(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """One decision: what happens now, its paper, what people said, and what came out."""
    return show(request, find(request, uid))


def show(request: MemberRequest, found: Decision, status: int = 200) -> HttpResponse:
    context = page.context(request, found)
    if request.user.is_authenticated:
        _note_that_she_read(request, found, context["who"])
    context["crumbs"] = crumbs(request, decisions_link(request))
    return render(request, "agenda/decisions/decision.html", context, status=status)


def _note_that_she_read(request: MemberRequest, found: Decision, who: standing.Reader) -> None:
    """A seat that opens the text in its language while the last word is open was reached."""
    if found.state != "last_word" or request.method != "GET":
        return
    language = found.text.chosen()
    for seat in who.speaks_last:
        found.reach(seat=seat, by=request.user, language=language)


def find(request: MemberRequest, uid: UUID) -> Decision:
    """The decision this reader may see; 404 for any other."""
    own = Decision.objects.for_initiative(request.initiative)
    found: Decision = get_object_or_404(
        own.select_related("initiative", "committee__initiative", "proposed_by"), uid=uid
    )
    if not may_see_decision(request.membership, found):
        raise Http404
    return found


def decisions_link(request: MemberRequest) -> tuple[str, str]:
    return _("Decisions"), reverse("agenda:decisions", args=[request.initiative.slug])


def below(request: MemberRequest, found: Decision) -> list[Link]:
    """The way down to a page of this decision."""
    title = (str(found.title), found.get_absolute_url())
    return crumbs(request, decisions_link(request), title)


def forms_page(request: MemberRequest, found: Decision, template: str, **more: Any) -> HttpResponse:
    """A page with forms below a decision; 422 when one of them has mistakes."""
    wrong = any(getattr(each, "errors", None) for each in more.values())
    context = {"decision": found, "crumbs": below(request, found), **more}
    return render(
        request, f"agenda/decisions/{template}.html", context, status=422 if wrong else 200
    )
