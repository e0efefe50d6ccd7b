"""Classes of seats, and which members fit into them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from ciforum.people.models import Membership, Role

if TYPE_CHECKING:
    from collections.abc import Collection


class SeatClass(models.TextChoices):
    LIVED = "lived_experience", _("Lived experience")
    GRASSROOTS = "grassroots", _("Grassroots group")
    INSTITUTION = "institution", _("Institution")
    FUNDER = "funder", _("Funder")
    BACKBONE = "backbone", _("Backbone")


# "Community seats" in quorums and thresholds of design §3.
COMMUNITY_CLASSES = (SeatClass.LIVED, SeatClass.GRASSROOTS)


class Channel(models.TextChoices):
    """How a seat-holder wants to be reached."""

    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone call")
    TEXT = "text", _("Text message")
    LETTER = "letter", _("Letter or paper")
    IN_PERSON = "in_person", _("In person")


def roles_here(member: Membership) -> set[str]:
    """The roles of a person in all her current memberships of this initiative."""
    own = Membership.objects.current().filter(initiative=member.initiative_id, user=member.user_id)
    return {role for each in own for role in each.roles}


def is_resident(member: Membership) -> bool:
    """A community member, now, who works for the backbone in none of her memberships here."""
    return may_hold(SeatClass.LIVED, roles_here(member))


def suits(member: Membership, seat_class: str) -> bool:
    """True when this member, with her roles of now, may speak from a seat of this class."""
    return member.ended_at is None and may_hold(seat_class, roles_here(member))


def may_hold(seat_class: str, roles: Collection[str]) -> bool:
    """Backbone staff sit in seats of the backbone only; lived experience is for residents."""
    if seat_class == SeatClass.BACKBONE:
        return True
    if Role.BACKBONE in roles:
        return False
    return seat_class != SeatClass.LIVED or Role.COMMUNITY in roles
