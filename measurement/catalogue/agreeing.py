"""A data agreement that is about to end: who hears of it, and what it gives them to do."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ciforum.people import registry
from ciforum.people.duties import owe, settle
from ciforum.people.models import Initiative, Membership, Role
from ciforum.people.notices import notify_all
from ciforum.people.words import Words

if TYPE_CHECKING:
    from measurement.models import DataAgreement

RENEW = "agreement.renew"


def remind(agreement: DataAgreement) -> None:
    """Tell its stewards and the backbone, once each however often this runs."""
    said: dict[str, Any] = {
        "uid": str(agreement.uid),
        "name": dict(agreement.name),
        "ends": agreement.ends.isoformat(),
    }
    members = _members(agreement)
    for member in members:
        owe(
            member,
            RENEW,
            about=agreement.uid,
            dedup_key=str(agreement.uid),
            due=agreement.ends,
            **said,
        )
    notify_all(
        {member.user for member in members},
        RENEW,
        initiative=agreement.initiative,
        dedup_key=str(agreement.uid),
        about=agreement.uid,
        **said,
    )


def settled(agreement: DataAgreement) -> None:
    """It was renewed or ended: nobody has to any more."""
    settle(agreement.uid, RENEW)


def _members(agreement: DataAgreement) -> list[Membership]:
    stewards = agreement.indicators.exclude(steward=None).values("steward")
    wanted = Q(organization__in=stewards) | Q(roles__contains=[Role.BACKBONE])
    everybody = Membership.objects.for_initiative(agreement.initiative).current()
    return list(everybody.filter(wanted).select_related("user").order_by("pk"))


def _sentence(sentence: str, params: dict[str, Any]) -> str:
    day = date_format(localtime(datetime.fromisoformat(params["ends"])), "DATE_FORMAT")
    return sentence % {"agreement": Words(params["name"]), "day": day}


def _url(initiative: Initiative, params: dict[str, Any]) -> str:
    return reverse("measurement:agreement", args=[initiative.slug, params["uid"]])


def register() -> None:
    """Fill the ground's tables of notices and duties; called once at start-up."""
    registry.notices.add(
        RENEW,
        registry.NoticeKind(
            lambda p: _sentence(_("The data agreement “%(agreement)s” ends on %(day)s"), p),
            lambda p: _sentence(
                _(
                    "The data agreement “%(agreement)s” ends on %(day)s. Without it no new numbers "
                    "may come. Please talk to its parties, and renew or end it."
                ),
                p,
            ),
            _url,
        ),
    )
    registry.duties.add(
        RENEW,
        registry.DutyKind(
            lambda p: _sentence(
                _("Renew or end the data agreement “%(agreement)s”: it ends on %(day)s."), p
            ),
            _url,
            gettext_lazy("Look at it"),
            "handshake",
        ),
    )
