"""Who hears of a systems shift, and what it gives them to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ciforum.people import clock, registry
from ciforum.people.duties import owe, settle
from ciforum.people.models import Duty, Initiative
from ciforum.people.notices import notify_all
from ciforum.people.words import Words
from equity.seats import COMMUNITY_CLASSES, Seat

if TYPE_CHECKING:
    from measurement.models.shift_voices import ShiftVoice
    from measurement.models.shifts import SystemsShift

SPEAK, DISAGREED, SETTLED = "shift.speak", "shift.disagreed", "shift.settled"


def claimed(shift: SystemsShift) -> None:
    """Those who hold a community seat are asked whether it is so."""
    key = _key(shift)
    for seat in _community_seats(shift):
        owe(seat.holder, SPEAK, about=shift.uid, dedup_key=key, **_about(shift))
        _tell(shift, [seat.holder.user], SPEAK, key)


def spoke(voice: ShiftVoice) -> None:
    """Her seat has spoken; whoever claimed it hears of a disagreement."""
    shift = voice.shift
    waiting = Duty.objects.filter(about=shift.uid, kind=SPEAK, done_at=None)
    waiting.filter(owner__user__in=voice.speakers()).update(done_at=clock.now())
    if voice.stance != "yes" and shift.claimed_by:
        _tell(shift, [shift.claimed_by], DISAGREED, str(voice.uid))


def settled(shift: SystemsShift) -> None:
    """Confirmed, disputed or withdrawn: nobody is asked any more, and its writers hear of it."""
    settle(shift.uid, SPEAK)
    _tell(shift, shift.writers.all(), SETTLED, f"{_key(shift)}:{shift.state}")


def _community_seats(shift: SystemsShift) -> list[Seat]:
    """Taken, within their term, and not of those who wrote the claim."""
    own = Seat.objects.for_initiative(shift.initiative).fitting()
    seats = own.filter(seat_class__in=COMMUNITY_CLASSES, state=Seat.State.SEATED)
    writers = shift.writers.values_list("pk", flat=True)
    now = clock.now()
    return [
        seat
        for seat in seats.exclude(holder__user__in=writers).select_related("holder__user")
        if not (seat.term_ends and seat.term_ends <= now)
    ]


def _tell(shift: SystemsShift, people: Any, kind: str, key: str) -> None:
    notify_all(
        people, kind, initiative=shift.initiative, dedup_key=key, about=shift.uid, **_about(shift)
    )


def _key(shift: SystemsShift) -> str:
    """One for each time it is claimed."""
    return f"{shift.uid}:{shift.claimed_at:%Y%m%d%H%M%S%f}" if shift.claimed_at else str(shift.uid)


def _about(shift: SystemsShift) -> dict[str, Any]:
    return {"uid": str(shift.uid), "title": dict(shift.title)}


def _filled(sentence: str, params: dict[str, Any]) -> str:
    return sentence % {"title": Words(params["title"])}


def _url(initiative: Initiative, params: dict[str, Any]) -> str:
    return reverse("measurement:shift", args=[initiative.slug, params["uid"]])


def register() -> None:
    """Fill the ground's tables of notices and duties; called once at start-up."""
    for kind, subject, body in (
        (
            SPEAK,
            lambda p: _filled(_("Did this change? “%(title)s”"), p),
            lambda p: _filled(
                _("Somebody says that this changed: “%(title)s”. What does your seat say?"), p
            ),
        ),
        (
            DISAGREED,
            lambda p: _filled(_("A seat does not agree: “%(title)s”"), p),
            lambda p: _filled(
                _("A seat says that “%(title)s” is not so, or only in part. Please answer."), p
            ),
        ),
        (
            SETTLED,
            lambda p: _filled(_("What became of “%(title)s”"), p),
            lambda p: _filled(
                _("“%(title)s” was confirmed, disputed or withdrawn. See what was said."), p
            ),
        ),
    ):
        registry.notices.add(kind, registry.NoticeKind(subject, body, _url))
    registry.duties.add(
        SPEAK,
        registry.DutyKind(
            lambda p: _filled(_("Say for your seat whether this changed: “%(title)s”."), p),
            _url,
            gettext_lazy("Say what you see"),
            "messages-square",
        ),
    )
