"""Where people of each role go most."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from ciforum.people.context import Link
from ciforum.people.models import Role
from ciforum.people.permissions import holds
from ciforum.people.requests import SignedInRequest


def shortcuts(request: SignedInRequest) -> list[Link]:
    """Links for all her roles, each once."""
    found: dict[str, Link] = {}
    for role, label, name, icon in _all():
        if holds(request.membership, role) and name not in found:
            found[name] = Link(label, reverse(name, args=[request.initiative.slug]), icon)
    return list(found.values())


def _all() -> list[tuple[str, str, str, str]]:
    """Role, label, name of the address, icon."""
    return [
        (Role.BACKBONE, _("See what partners have handed in"), "measurement:desk", "inbox"),
        (Role.BACKBONE, _("Add an indicator"), "measurement:indicator_new", "plus"),
        (Role.BACKBONE, _("Invite somebody"), "people:invite", "mail"),
        (Role.PARTNER, _("Hand in numbers"), "measurement:upload", "file-up"),
        (Role.PARTNER, _("See what we have handed in"), "measurement:desk", "inbox"),
        (Role.FUNDER, _("See the results by group"), "measurement:dashboard", "table"),
        (Role.COMMITTEE, _("See the indicators"), "measurement:overview", "chart-line"),
        (Role.COMMITTEE, _("See what was held, and why"), "equity:ledger", "scroll-text"),
        (Role.COMMUNITY, _("See the indicators"), "measurement:overview", "chart-line"),
        (Role.COMMUNITY, _("See who asks for an exception"), "equity:waivers", "hand"),
    ]
