"""Whether the people and groups named for a seat fit it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ciforum.people.models import Role
from equity.seats.classes import COMMUNITY_CLASSES, SeatClass, suits

if TYPE_CHECKING:
    from ciforum.people.models import Membership
    from equity.seats.seat import Seat


def check(seat: Seat) -> None:
    """Raises ValidationError, at the field, for the first thing that does not fit."""
    _check_holder(seat)
    if seat.alternate:
        check_alternate(seat, seat.alternate)
    _check_organization(seat)
    _check_group(seat)


def check_alternate(seat: Seat, alternate: Membership) -> None:
    """She fits the class, is somebody else, and speaks for no second seat of the committee."""
    _check_member(seat, alternate, "alternate")
    if alternate.user_id == seat.holder.user_id:
        raise ValidationError({"alternate": _("Name somebody other than the holder.")})
    if _speaks_elsewhere(seat, alternate):
        raise ValidationError(
            {"alternate": _("This person speaks for another seat of the committee already.")}
        )


def _check_holder(seat: Seat) -> None:
    _check_member(seat, seat.holder, "holder")
    if _speaks_elsewhere(seat, seat.holder):
        raise ValidationError(
            {
                "holder": _(
                    "This person holds a seat of the committee already, or stands in for one."
                )
            }
        )


def _check_member(seat: Seat, member: Membership, name: str) -> None:
    if member.initiative_id != seat.initiative_id or member.ended_at:
        raise ValidationError({name: _("Choose a member of this initiative.")})
    # Her role as a resident stands in this very membership: another's end cannot take the seat.
    own = seat.seat_class != SeatClass.LIVED or member.has(Role.COMMUNITY)
    if own and suits(member, seat.seat_class):
        return
    if seat.seat_class == SeatClass.LIVED:
        reason = _(
            "A seat for lived experience is held by a community member who does not work for the "
            "backbone, and so is her alternate."
        )
    else:
        reason = _("Backbone staff sit in seats of the backbone only.")
    raise ValidationError({name: reason})


def _speaks_elsewhere(seat: Seat, member: Membership) -> bool:
    others = seat.committee.seats.exclude(state="ended").exclude(pk=seat.pk)
    return others.filter(
        Q(holder__user=member.user_id) | Q(alternate__user=member.user_id)
    ).exists()


def _check_organization(seat: Seat) -> None:
    organization = seat.organization
    if organization is None:
        return
    if organization.initiative_id != seat.initiative_id:
        raise ValidationError({"organization": _("Choose an organization of this initiative.")})
    if seat.seat_class == SeatClass.GRASSROOTS and not organization.community_led:
        raise ValidationError(
            {"organization": _("A seat for a grassroots group needs one that residents lead.")}
        )


def _check_group(seat: Seat) -> None:
    dimension, group = seat.committee.dimension, seat.group
    if group and group.initiative_id != seat.initiative_id:
        raise ValidationError({"group": _("Choose a group of this initiative.")})
    if dimension is None or seat.seat_class not in COMMUNITY_CLASSES:
        return
    if group is None or group.dimension_id != dimension.pk:
        raise ValidationError({"group": _("Here each seat stands for one group. Choose it.")})
    taken = seat.committee.seats.exclude(state="ended").exclude(pk=seat.pk).filter(group=group)
    if taken.exists():
        raise ValidationError({"group": _("This group has its seat, or was offered one, already.")})
