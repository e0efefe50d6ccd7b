"""Who hears of a seat, and what it gives them to do."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy

from ciforum.people import clock, registry
from ciforum.people.duties import owe, settle
from ciforum.people.models import Duty, Initiative, Membership, Role, User
from ciforum.people.notices import notify
from ciforum.people.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from equity.seats import Seat

OFFERED, CHOOSE, TAKEN = "seat.offered", "seat.choose", "seat.taken"
STANDS_IN, ENDING, ENDED = "seat.stands_in", "seat.ending", "seat.ended"

Params = dict[str, Any]


def offered(seat: Seat) -> None:
    """The holder may take it; where residents choose, each of them is asked."""
    owe(seat.holder, OFFERED, about=seat.uid, **_about(seat))
    _tell(seat, seat.holder.user, OFFERED)
    if not seat.is_lived:
        return
    for resident in _residents(seat):
        owe(resident, CHOOSE, about=seat.uid, **_about(seat))
        _tell(seat, resident.user, CHOOSE)


def chosen(seat: Seat, by: Membership) -> None:
    """She said so: nothing more is asked of her."""
    hers = Duty.objects.filter(about=seat.uid, kind=CHOOSE, owner__user=by.user_id, done_at=None)
    hers.update(done_at=clock.now())


def taken(seat: Seat) -> None:
    settle(seat.uid, OFFERED, CHOOSE)
    for staff in _backbone(seat):
        _tell(seat, staff.user, TAKEN)


def stands_in(seat: Seat, alternate: Membership) -> None:
    _tell(seat, alternate.user, STANDS_IN)


def term_ends_soon(seat: Seat) -> None:
    """The backbone sees to who comes next; the holder knows in time."""
    _tell(seat, seat.holder.user, ENDING)
    for staff in _backbone(seat):
        owe(staff, ENDING, about=seat.uid, due=seat.term_ends, **_about(seat))
        _tell(seat, staff.user, ENDING)


def ended(seat: Seat) -> None:
    settle(seat.uid, OFFERED, CHOOSE, ENDING)
    people = [seat.holder.user, *(staff.user for staff in _backbone(seat))]
    for person in people:
        if seat.ended_by is None or person.pk != seat.ended_by.pk:
            _tell(seat, person, ENDED)


def _members(seat: Seat, role: str) -> list[Membership]:
    everybody = Membership.objects.for_initiative(seat.initiative).current()
    found = everybody.with_role(role).exclude(user=seat.holder.user_id)
    return list({each.user_id: each for each in found.select_related("user")}.values())


def _residents(seat: Seat) -> list[Membership]:
    staff = {each.user_id for each in _backbone(seat)}
    return [each for each in _members(seat, Role.COMMUNITY) if each.user_id not in staff]


def _backbone(seat: Seat) -> list[Membership]:
    return _members(seat, Role.BACKBONE)


def _tell(seat: Seat, to: User, kind: str) -> None:
    notify(
        to,
        kind,
        initiative=seat.initiative,
        dedup_key=str(seat.uid),
        about=seat.uid,
        **_about(seat),
    )


def _about(seat: Seat) -> Params:
    return {
        "uid": str(seat.uid),
        "committee": dict(seat.committee.name),
        "name": seat.public_name,
        "ends": seat.term_ends.isoformat() if seat.term_ends else "",
    }


def _said(sentence: Any) -> Callable[[Params], str]:
    """The sentence, translated when it is read and filled with a seat's params."""
    return lambda params: (
        str(sentence)
        % {
            "committee": Words(params["committee"]),
            "name": params["name"],
            "ends": _day(params["ends"]) if params["ends"] else "",
        }
    )


def _day(moment: str) -> str:
    return date_format(localtime(datetime.fromisoformat(moment)), "DATE_FORMAT")


def _url(initiative: Initiative, params: Params) -> str:
    return reverse("agenda:seat", args=[initiative.slug, params["uid"]])


NOTICES = {
    OFFERED: (
        gettext_lazy("You are offered a seat in “%(committee)s”"),
        gettext_lazy("With a seat you speak and vote. Read what it means, and take it or decline."),
    ),
    CHOOSE: (
        gettext_lazy("Did residents choose %(name)s for “%(committee)s”?"),
        gettext_lazy(
            "A seat for lived experience is offered to %(name)s. It is hers only when residents "
            "say that they chose her. If you did, say so."
        ),
    ),
    TAKEN: (
        gettext_lazy("%(name)s took a seat in “%(committee)s”"),
        gettext_lazy("From now on the seat speaks and votes where the committee decides."),
    ),
    STANDS_IN: (
        gettext_lazy("You stand in for %(name)s in “%(committee)s”"),
        gettext_lazy("%(name)s named you to speak and vote when she cannot."),
    ),
    ENDING: (
        gettext_lazy("A term in “%(committee)s” ends on %(ends)s"),
        gettext_lazy("The seat of %(name)s ends on %(ends)s. Who comes next has to be found."),
    ),
    ENDED: (
        gettext_lazy("The seat of %(name)s in “%(committee)s” has ended"),
        gettext_lazy("It no longer speaks or votes. The committee's page says who sits there now."),
    ),
}

DUTIES = {
    OFFERED: (
        gettext_lazy("You are offered a seat in “%(committee)s”. Take it, or decline."),
        gettext_lazy("Read and answer"),
        "hand",
    ),
    CHOOSE: (
        gettext_lazy("Say whether residents chose %(name)s for “%(committee)s”."),
        gettext_lazy("Read and answer"),
        "users",
    ),
    ENDING: (
        gettext_lazy("Find who follows %(name)s in “%(committee)s”: the term ends."),
        gettext_lazy("See the seat"),
        "hourglass",
    ),
}


def register() -> None:
    """Fill the ground's tables of notices and duties; called once at start-up."""
    for kind, (subject, body) in NOTICES.items():
        registry.notices.add(kind, registry.NoticeKind(_said(subject), _said(body), _url))
    for kind, (sentence, action, icon) in DUTIES.items():
        registry.duties.add(kind, registry.DutyKind(_said(sentence), _url, action, icon))
