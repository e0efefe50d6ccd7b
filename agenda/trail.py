"""Who changed what, from the audit lines of a record, for those who work on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from ciforum.people.models import AuditLine, User

SAID = {
    "draft": _("begun"),
    "published": _("published"),
    "withdrawn": _("withdrawn"),
    "described": _("described anew"),
    "person added": _("a person added"),
    "person changed": _("a person changed"),
    "person moved": _("a person moved"),
    "person removed": _("a person taken off"),
    "person restored": _("a person brought back"),
    "stage added": _("a stage added"),
    "stage changed": _("a stage changed"),
    "stage moved": _("a stage moved"),
    "stage removed": _("a stage taken off"),
    "stage restored": _("a stage brought back"),
    "entry added": _("an entry added"),
    "entry changed": _("an entry changed"),
    "entry moved": _("an entry moved"),
    "entry removed": _("an entry taken off"),
    "entry restored": _("an entry brought back"),
}


@dataclass(frozen=True)
class Change:
    what: str
    who: str  # "" where the clock did it, or somebody who has left
    at: datetime


def changes_of(record: Any) -> list[Change]:
    """The changes of a record, the newest first."""
    lines = list(AuditLine.objects.filter(record_uid=record.uid).order_by("-at", "-pk")[:50])
    people = User.objects.in_bulk([line.by_uid for line in lines], field_name="uid")
    return [
        Change(str(SAID.get(line.after, line.after)), _name(people.get(line.by_uid)), line.at)
        for line in lines
    ]


def _name(person: User | None) -> str:
    return person.name if person else ""
