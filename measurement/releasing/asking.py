"""Data requests through the days: what the clock does, the timeline, and how an ask is cited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from celery import shared_task
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.citing import hang, record_of
from ciforum.people import clock, registry
from ciforum.people.models import Citable
from measurement.models import DataRequest, PolicyAsk
from measurement.releasing import telling_asking

if TYPE_CHECKING:
    from uuid import UUID

    from ciforum.people.models import Initiative, Membership

KIND = "policy_ask"


@shared_task
def remind_of_requests() -> None:
    """Tell the backbone before the date of a request comes. Safe to run twice, or late."""
    now = clock.now()
    near = (now, now + timedelta(days=max(telling_asking.AHEAD)))
    first = Q(state="sent", due__range=near) | Q(state="will_collect", collects_from__range=near)
    known = DataRequest.objects.select_related("initiative", "indicator")
    for request in known.filter(first, escalated_at=None):
        telling_asking.remind(request, telling_asking.DUE, request.collects_from or request.due)
    for request in known.filter(renew_by__range=near).exclude(state="shared"):
        if request.renew_by:
            telling_asking.remind(request, telling_asking.RENEW, request.renew_by)


@dataclass(frozen=True)
class Moment:
    """One line of a request's timeline: when, what, and in whose words."""

    at: datetime
    what: str
    words: str = ""


def timeline(request: DataRequest) -> list[Moment]:
    """Every step of a request and everyone who signed it, oldest first."""
    moments = [Moment(s.at, s.get_kind_display(), s.words) for s in request.steps.all()]
    for signer in request.signers.select_related("organization", "member__user"):
        name = {"name": str(signer)}
        moments.append(Moment(signer.at, _("%(name)s signs it too") % name))
        if signer.withdrawn_at:
            said = _("%(name)s no longer signs it") % name
            moments.append(Moment(signer.withdrawn_at, said))
    return sorted(moments, key=lambda each: each.at)


# --- where others cite a policy ask


def _of(citable: Citable) -> PolicyAsk:
    ask: PolicyAsk = record_of(citable, _every())
    return ask


def _every() -> Any:
    return PolicyAsk.objects.select_related("request__initiative", "initiative")


def _choices(initiative: Initiative, member: Membership | None) -> Iterable[tuple[UUID, str]]:
    for ask in PolicyAsk.objects.for_initiative(initiative):
        yield ask.uid, str(ask)


def _find(initiative: Initiative, uid: Any) -> Citable | None:
    try:
        ask = PolicyAsk.objects.for_initiative(initiative).filter(uid=uid).first()
    except ValidationError:  # no uid at all
        return None
    return Citable.of(ask, KIND) if ask else None


def register() -> None:
    """Fill the ground's tables; called once at start-up."""
    telling_asking.register()
    registry.citations.add(
        KIND,
        registry.CitationKind(
            label=gettext_lazy("Policy ask"),
            icon="megaphone",
            title=lambda citable: str(_of(citable)),
            url=lambda citable: _of(citable).get_absolute_url(),
            excerpt=lambda citable, member: _of(citable).text,
            visible_to=lambda citable, member: True,
            choices=_choices,
            find=_find,
            load=lambda citables: hang(citables, _every()),
        ),
    )
