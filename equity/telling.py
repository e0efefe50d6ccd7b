"""Who hears of a waiver, and what it gives them to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ciforum.people import registry
from ciforum.people.duties import owe, settle
from ciforum.people.models import Initiative, Membership, Role
from ciforum.people.notices import notify
from ciforum.people.words import Words

if TYPE_CHECKING:
    from equity.models import Waiver

DECIDE, AGREED, REFUSED = "waiver.decide", "waiver.agreed", "waiver.refused"


def waiver_asked(waiver: Waiver) -> None:
    """Every resident is asked; one of them decides."""
    for member in _residents(waiver):
        owe(member, DECIDE, about=waiver.uid, **_about(waiver))
        _tell(waiver, member.user, DECIDE)


def waiver_decided(waiver: Waiver) -> None:
    settle(waiver.uid, DECIDE)
    _tell(waiver, waiver.asked_by, AGREED if waiver.state == "agreed" else REFUSED)


def _residents(waiver: Waiver) -> list[Membership]:
    everybody = Membership.objects.for_initiative(waiver.initiative).current()
    residents = everybody.with_role(Role.COMMUNITY).exclude(user=waiver.asked_by)
    return [each for each in residents.select_related("user") if not each.has(Role.BACKBONE)]


def _tell(waiver: Waiver, to: Any, kind: str) -> None:
    notify(
        to,
        kind,
        initiative=waiver.initiative,
        dedup_key=str(waiver.uid),
        about=waiver.uid,
        **_about(waiver),
    )


def _about(waiver: Waiver) -> dict[str, Any]:
    return {"uid": str(waiver.uid), "label": dict(waiver.label)}


def _filled(sentence: str, params: dict[str, Any]) -> str:
    return sentence % {"record": Words(params["label"])}


def _url(initiative: Initiative, params: dict[str, Any]) -> str:
    return reverse("equity:waiver", args=[initiative.slug, params["uid"]])


def register() -> None:
    """Fill the ground's tables of notices and duties; called once at start-up."""
    for kind, subject, body in (
        (
            DECIDE,
            lambda p: _filled(_("May “%(record)s” go ahead without meeting a rule?"), p),
            lambda p: _filled(
                _("The backbone asks for a waiver for “%(record)s”. A resident decides."), p
            ),
        ),
        (
            AGREED,
            lambda p: _filled(_("A resident agreed to the waiver for “%(record)s”"), p),
            lambda p: _filled(_("The waiver for “%(record)s” holds until its date."), p),
        ),
        (
            REFUSED,
            lambda p: _filled(_("A resident refused the waiver for “%(record)s”"), p),
            lambda p: _filled(_("“%(record)s” stays held until the rule is met."), p),
        ),
    ):
        registry.notices.add(kind, registry.NoticeKind(subject, body, _url))
    registry.duties.add(
        DECIDE,
        registry.DutyKind(
            lambda p: _filled(_("Decide whether a rule may be waived for “%(record)s”."), p),
            _url,
            gettext_lazy("Read and decide"),
            "scale",
        ),
    )
