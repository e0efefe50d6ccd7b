"""The duty "a finding waits for your yes": its words changed after somebody said yes to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ciforum.people import clock, registry
from ciforum.people.duties import owe, settle
from ciforum.people.models import Initiative, Membership
from ciforum.people.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from measurement.models import Finding, FindingAuthor

WAITS = "finding.waits"


def words_changed(finding: Finding, authors: Iterable[FindingAuthor]) -> None:
    """Ask each who had said yes; of one without an account, whoever wrote her yes down.

    authors: with their yes as it was. A yes belongs to all of the words, so none of it is kept.
    """
    when = f"{clock.now():%Y%m%d%H%M%S%f}"
    current = Membership.objects.for_initiative(finding.initiative).current()
    by_user = {each.user_id: each for each in current.select_related("user")}
    for author in authors:
        member = by_user.get(author.user_id or author.yes_by_id)
        if member:
            owe(
                member,
                WAITS,
                about=author.uid,
                dedup_key=f"{author.uid}:{when}",
                walk=str(finding.walk.uid),
                finding=str(finding.uid),
                title=dict(finding.walk.title),
            )


def answered(authors: Iterable[FindingAuthor]) -> None:
    """They said yes again, or nobody waits for it any more."""
    for author in authors:
        settle(author.uid, WAITS)


def register() -> None:
    """Fill the ground's table of duties; called once at start-up."""
    registry.duties.add(
        WAITS,
        registry.DutyKind(_sentence, _url, gettext_lazy("Read the words"), "hand"),
    )


def _sentence(params: dict[str, Any]) -> str:
    return _(
        "A finding of “%(walk)s” waits for your yes, or for that of somebody whose yes you wrote "
        "down: its words have changed."
    ) % {"walk": Words(params["title"])}


def _url(initiative: Initiative, params: dict[str, Any]) -> str:
    address = [initiative.slug, params["walk"], params["finding"]]
    return reverse("measurement:walk_finding", args=address)
