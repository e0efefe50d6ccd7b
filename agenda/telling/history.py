"""Who hears of events of the history, and what it gives them to do.

Messages carry no words of the telling: they outlive its withdrawal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ciforum.people import registry
from ciforum.people.duties import owe, settle
from ciforum.people.models import Membership, Role
from ciforum.people.notices import notify

if TYPE_CHECKING:
    from agenda.models.history import HistoryEvent
    from ciforum.people.models import Initiative, User

READ, AGREE = "event.read", "event.agree"
PUBLISHED, WITHDRAWN = "event.published", "event.withdrawn"


def proposed(event: HistoryEvent) -> None:
    """The backbone has something to read and to publish."""
    for member in _backbone(event):
        if member.user_id != event.proposed_by_id:
            _notify(event, member.user, READ)
        owe(member, READ, about=event.uid, dedup_key=str(event.uid), **_about(event))


def reworded(event: HistoryEvent) -> None:
    """Whoever told it in her own words has to agree to other words."""
    _notify(event, event.proposed_by, AGREE, again=str(event.reworded_at))
    own = Membership.objects.for_initiative(event.initiative).current()
    for member in own.filter(user=event.proposed_by)[:1]:
        key = f"{event.uid} {event.reworded_at}"
        owe(member, AGREE, about=event.uid, dedup_key=key, **_about(event))


def agreed(event: HistoryEvent) -> None:
    settle(event.uid, AGREE)


def published(event: HistoryEvent, by: User) -> None:
    settle(event.uid, READ, AGREE)
    if by.pk != event.proposed_by_id:
        _notify(event, event.proposed_by, PUBLISHED)


def withdrawn(event: HistoryEvent, *, was_cited: bool) -> None:
    """Where something cites it, the backbone has to see what stands without it now."""
    settle(event.uid, READ, AGREE)
    for member in _backbone(event) if was_cited else []:
        _notify(event, member.user, WITHDRAWN)


def _backbone(event: HistoryEvent) -> list[Membership]:
    everybody = Membership.objects.for_initiative(event.initiative).current()
    return list(everybody.with_role(Role.BACKBONE).select_related("user"))


def _notify(event: HistoryEvent, to: User, kind: str, again: str = "") -> None:
    notify(
        to,
        kind,
        initiative=event.initiative,
        dedup_key=f"{event.uid} {again}".strip(),
        about=event.uid,
        **_about(event),
    )


def _about(event: HistoryEvent) -> dict[str, Any]:
    return {"uid": str(event.uid)}


def _url(initiative: Initiative, params: dict[str, Any]) -> str:
    return reverse("agenda:event", args=[initiative.slug, params["uid"]])


def register() -> None:
    """Fill the ground's tables of notices and duties; called once at start-up."""
    for kind, subject, body in (
        (
            READ,
            lambda p: _("Somebody wrote down an event of our history"),
            lambda p: _("Read it, and publish it when it is as it was told."),
        ),
        (
            AGREE,
            lambda p: _("Somebody changed the words of what you told"),
            lambda p: _("It is not public until you agree to them. You can also change them back."),
        ),
        (
            PUBLISHED,
            lambda p: _("What you wrote down is on the timeline"),
            lambda p: _("Everyone can read it now. You can withdraw your own telling at any time."),
        ),
        (
            WITHDRAWN,
            lambda p: _("An event that is cited was withdrawn"),
            lambda p: _("See what named it: a gap may stand without its cause now."),
        ),
    ):
        registry.notices.add(kind, registry.NoticeKind(subject, body, _url))
    for kind, said, action in (
        (
            READ,
            lambda p: _("Read an event of our history, and publish it as it was told."),
            gettext_lazy("Read it"),
        ),
        (
            AGREE,
            lambda p: _("Say whether you agree to other words for what you told."),
            gettext_lazy("Read it"),
        ),
    ):
        registry.duties.add(kind, registry.DutyKind(said, _url, action, "history"))
