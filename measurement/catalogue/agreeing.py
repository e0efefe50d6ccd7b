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
from measurement.catalogue import sharing

if TYPE_CHECKING:
    from measurement.models import DataAgreement

RENEW, SPEAK = "agreement.renew", "agreement.speak"


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


def ask_councils(agreement: DataAgreement) -> None:
    """Those who sit in a council that it waits for are asked for their word."""
    for holder, count in sharing.said(agreement):
        if count.says == "release":
            continue
        said: dict[str, Any] = {
            "uid": str(agreement.uid),
            "authority": str(holder.uid),
            "name": dict(agreement.name),
            "group": dict(holder.group.name),
        }
        key = f"{agreement.uid}:{holder.uid}"
        seats = list(holder.seats().select_related("holder__user"))
        for seat in seats:
            owe(seat.holder, SPEAK, about=agreement.uid, dedup_key=key, **said)
        notify_all(
            [seat.holder.user for seat in seats],
            SPEAK,
            initiative=agreement.initiative,
            dedup_key=key,
            about=agreement.uid,
            **said,
        )


def heard(agreement: DataAgreement) -> None:
    """It is in force: nobody is asked any more."""
    settle(agreement.uid, SPEAK)


def settled(agreement: DataAgreement) -> None:
    """It was renewed or ended: nobody has to any more."""
    settle(agreement.uid, RENEW, SPEAK)


def _members(agreement: DataAgreement) -> list[Membership]:
    stewards = agreement.indicators.exclude(steward=None).values("steward")
    wanted = Q(organization__in=stewards) | Q(roles__contains=[Role.BACKBONE])
    everybody = Membership.objects.for_initiative(agreement.initiative).current()
    return list(everybody.filter(wanted).select_related("user").order_by("pk"))


def _sentence(sentence: str, params: dict[str, Any]) -> str:
    day = date_format(localtime(datetime.fromisoformat(params["ends"])), "DATE_FORMAT")
    return sentence % {"agreement": Words(params["name"]), "day": day}


def _asked(sentence: str, params: dict[str, Any]) -> str:
    return sentence % {"agreement": Words(params["name"]), "group": Words(params["group"])}


def _word_url(initiative: Initiative, params: dict[str, Any]) -> str:
    args = [initiative.slug, params["authority"], params["uid"]]
    return reverse("measurement:authority_agreement", args=args)


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
    registry.notices.add(
        SPEAK,
        registry.NoticeKind(
            lambda p: _asked(_("Your council decides: sharing numbers of “%(group)s”"), p),
            lambda p: _asked(
                _(
                    "The data agreement “%(agreement)s” would share numbers of “%(group)s”. Your "
                    "council says whether it may. It does not begin without its word."
                ),
                p,
            ),
            _word_url,
        ),
    )
    registry.duties.add(
        SPEAK,
        registry.DutyKind(
            lambda p: _asked(
                _("Say for your seat whether “%(agreement)s” may share numbers of “%(group)s”."),
                p,
            ),
            _word_url,
            gettext_lazy("Say it"),
            "shield",
        ),
    )
