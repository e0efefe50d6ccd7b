"""The dates of decisions, and the calendar files that carry them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Max
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from ciforum.people.models import AuditLine

if TYPE_CHECKING:
    from agenda.models import Decision
    from ciforum.people.models import Initiative


@dataclass(frozen=True)
class Dated:
    """A moment, or a whole day, on which something of a decision is due."""

    kind: str
    when: datetime | date
    label: str
    summary: str  # the same with the decision's name
    is_off: bool = False

    @property
    def is_day(self) -> bool:
        return not isinstance(self.when, datetime)


def dates(decision: Decision) -> Iterator[Dated]:
    """Those that are known: when input, last word and vote end, and when it is looked at again."""
    name = {"decision": decision.title}
    off = decision.state == "withdrawn"
    if decision.input_until and decision.is_public:
        gone = off and decision.input_ended_at is None
        said = _("Input ends: “%(decision)s”") % name
        yield Dated("input", decision.input_until, _("Input ends"), said, gone)
    round = decision.round
    if round:
        said = _("Last word ends: “%(decision)s”") % name
        yield Dated("last-word", round.until, _("Last word ends"), said, off)
    if round and round.voting_until:
        said = _("Vote ends: “%(decision)s”") % name
        yield Dated("vote", round.voting_until, _("Vote ends"), said, off)
    if decision.review_on:
        said = _("Look again at “%(decision)s”") % name
        yield Dated("review", decision.review_on, _("Looked at again"), said, off)


def calendar(initiative: Initiative, decisions: Iterable[Decision], name: str) -> bytes:
    """RFC 5545: one event for each date. The same dates give the same bytes.

    A moment stands in the initiative's zone; a review is a whole day. SEQUENCE counts the changes
    of a decision, so that a later file always wins.
    """
    found = list(decisions)
    file = Calendar()
    file.add("prodid", "-//CI Forum//Decisions//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add("calscale", "GREGORIAN")
    file.add("x-wr-calname", name)
    file.add("x-wr-timezone", initiative.time_zone)
    changes = _changes(found)
    for decision in found:
        number, last = changes.get(decision.uid, (0, decision.created_at))
        for dated in dates(decision):
            file.add_component(_event(initiative, decision, dated, number, last))
    file.add_missing_timezones()
    return bytes(file.to_ical())


def _event(
    initiative: Initiative, decision: Decision, dated: Dated, number: int, last: datetime
) -> Event:
    event = Event()
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    event.add("uid", f"{decision.uid}-{dated.kind}@{host}")
    event.add("sequence", number)
    event.add("dtstamp", last)
    event.add("last-modified", last)
    event.add("summary", dated.summary, parameters={"LANGUAGE": get_language() or "en"})
    url = settings.SITE_URL + decision.get_absolute_url()
    event.add("url", url)
    event.add("description", f"{decision.purpose}\n\n{url}".strip())
    event.add("categories", [str(initiative.name)])
    event.add("status", "CANCELLED" if dated.is_off else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    if isinstance(dated.when, datetime):
        # The end of a day is its last microsecond; calendars know seconds.
        event.add("dtstart", dated.when.astimezone(initiative.zone).replace(microsecond=0))
    else:
        event.add("dtstart", dated.when)
        event.add("dtend", dated.when + timedelta(days=1))
    return event


def _changes(decisions: list[Decision]) -> dict[object, tuple[int, datetime]]:
    """How often each decision changed its state or its text, and when last; one query."""
    counted = (
        AuditLine.objects.filter(record_uid__in=[each.uid for each in decisions])
        .values("record_uid")
        .annotate(number=Count("pk"), last=Max("at"))
    )
    return {each["record_uid"]: (each["number"], each["last"]) for each in counted}
