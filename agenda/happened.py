"""What happened to public decisions, the newest first, as a feed tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from agenda.models import Decision
from ciforum.people.models import AuditLine

if TYPE_CHECKING:
    from ciforum.people.models import Initiative

TOLD = ("input", "last_word", "voting", "counted", "closed", "withdrawn")


@dataclass(frozen=True)
class Event:
    """A decision came to a stage."""

    uid: UUID  # the same each time it is told
    decision: Decision
    stage: str
    at: datetime

    @property
    def title(self) -> str:
        said = {
            "input": _("Open for input: “%(decision)s”"),
            "last_word": _("Last word: “%(decision)s”"),
            "voting": _("The vote is open: “%(decision)s”"),
            "counted": _("The votes are counted: “%(decision)s”"),
            "closed": _("Decided: “%(decision)s”"),
            "withdrawn": _("Withdrawn: “%(decision)s”"),
        }
        return said[self.stage] % {"decision": self.decision.title}

    @property
    def sentence(self) -> str:
        return {
            "input": _("Everybody it invites can say what they think. Every input gets a reply."),
            "last_word": _(
                "The text is settled. Seats for lived experience speak last, before anybody votes."
            ),
            "voting": _("Every seat of the committee has one vote."),
            "counted": _("The result is public. Reasons and replies follow."),
            "closed": _("Outcome, reasons and replies stand on its page."),
            "withdrawn": _("It will not be decided. The reason stands on its page."),
        }[self.stage]


def events(initiative: Initiative, most: int = 100) -> list[Event]:
    """The newest events of public decisions, in two queries."""
    public = Decision.objects.for_initiative(initiative).public().select_related("initiative")
    lines = AuditLine.objects.filter(
        initiative=initiative,
        record_kind=Decision._meta.label_lower,
        record_uid__in=public.values("uid"),
        after__in=TOLD,
    ).order_by("-at", "-pk")[:most]
    found = list(lines)
    decisions = {each.uid: each for each in public.filter(uid__in={x.record_uid for x in found})}
    return [
        Event(
            uuid5(line.record_uid, f"{line.after} {line.at.isoformat()}"),
            decisions[line.record_uid],
            line.after,
            line.at,
        )
        for line in found
    ]
