"""Decisions as files: a table, a feed, calendars, and paper."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agenda import dates, happened, log_sheet
from agenda.deciding.page import context as paper
from agenda.models import Decision
from agenda.permissions import may_see_decision
from agenda.views.answers import answer
from agenda.views.tabs import crumbs
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest


@public
@require_safe
def decisions_csv(request: MemberRequest, initiative: str) -> HttpResponse:
    """Every public decision as a table."""
    own = Decision.objects.for_initiative(request.initiative).public()
    content = log_sheet.sheet(own)
    return answer(request, content, "text/csv; charset=utf-8", f"{initiative}-decisions.csv")


@public
@require_safe
def decisions_atom(request: MemberRequest, initiative: str) -> HttpResponse:
    """What happened to decisions, as a feed in the reader's language."""
    here = request.initiative
    page = settings.SITE_URL + reverse("agenda:decisions", args=[here.slug])
    feed = Atom1Feed(
        title=_("Decisions of %(initiative)s") % {"initiative": here.name},
        link=page,
        description="",
        subtitle=_("What is open for input, at its last word, voted on, and decided."),
        language=get_language(),
        author_name=str(here.name),
        feed_url=settings.SITE_URL + request.get_full_path(),
        feed_guid=f"urn:uuid:{here.uid}",
    )
    for event in happened.events(here):
        feed.add_item(
            title=event.title,
            link=settings.SITE_URL + event.decision.get_absolute_url(),
            description=event.sentence,
            unique_id=f"urn:uuid:{event.uid}",
            pubdate=event.at,
            updateddate=event.at,
        )
    return answer(request, feed.writeString("utf-8").encode(), Atom1Feed.content_type)


@public
@require_safe
def decision_ics(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """The dates of one decision for a calendar."""
    decision = _find(request, uid)
    content = dates.calendar(request.initiative, [decision], str(decision.title))
    return answer(request, content, "text/calendar; charset=utf-8", f"decision-{uid}.ics")


@public
@require_safe
def decisions_ics(request: MemberRequest, initiative: str) -> HttpResponse:
    """The dates of all public decisions, as a calendar one can subscribe to."""
    here = request.initiative
    own = Decision.objects.for_initiative(here).public().select_related("initiative")
    name = _("Decisions of %(initiative)s") % {"initiative": here.name}
    content = dates.calendar(here, own.order_by("number"), name)
    return answer(request, content, "text/calendar; charset=utf-8", f"{initiative}-decisions.ics")


@public
@require_safe
def decision_print(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """The decision on paper: for the meeting, and after the count with its result."""
    decision = _find(request, uid)
    log = reverse("agenda:decisions", args=[initiative])
    page = (str(decision.title), decision.get_absolute_url())
    context = {
        **paper(request, decision),
        "crumbs": crumbs(request, (_("Decisions"), log), page),
        "dates": dates.dates(decision),
    }
    return render(request, "agenda/records/print.html", context)


def _find(request: MemberRequest, uid: UUID) -> Decision:
    """A decision that this reader may see; any other is not there."""
    own = Decision.objects.for_initiative(request.initiative)
    found: Decision = get_object_or_404(own.select_related("initiative", "committee"), uid=uid)
    if not may_see_decision(request.membership, found):
        raise Http404
    return found
