"""Who may do what with systems shifts. What a seat may say is asked of the seat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agenda.permissions import holds_a_seat
from ciforum.people import clock
from ciforum.people.models import Membership, Role
from ciforum.people.permissions import holds
from equity.seats import Seat

if TYPE_CHECKING:
    from measurement.models import ShiftEvidence, SystemsShift


def may_propose_shift(member: Membership | None) -> bool:
    return member is not None


def may_see_shift(member: Membership | None, shift: SystemsShift) -> bool:
    """Everyone, once it was claimed, also what came of it; before, the members."""
    return member is not None or shift.is_public or shift.claimed_at is not None


def may_edit_shift(member: Membership | None, shift: SystemsShift) -> bool:
    """Its words, while it is hoped for: who proposed it, and the backbone."""
    return shift.state == "hoped_for" and _wrote_it_or_staff(member, shift)


def may_aim_shift(member: Membership | None, shift: SystemsShift) -> bool:
    return shift.state != "withdrawn" and _wrote_it_or_staff(member, shift)


def may_claim_shift(member: Membership | None) -> bool:
    """A claim is public: the backbone, and whoever holds a seat now."""
    return holds(member, Role.BACKBONE) or holds_a_seat(member)


def may_add_evidence(member: Membership | None, shift: SystemsShift) -> bool:
    """Once it is claimed this is public: who proposed it, the backbone, whoever holds a seat."""
    if shift.state == "withdrawn":
        return False
    return _wrote_it_or_staff(member, shift) or holds_a_seat(member)


def may_drop_evidence(member: Membership | None, row: ShiftEvidence) -> bool:
    """Who added it, and the backbone, while nothing was confirmed on it."""
    if member is None or row.shift.state in ("confirmed", "withdrawn"):
        return False
    return holds(member, Role.BACKBONE) or row.by_id == member.user_id


def may_answer_seats(member: Membership | None, shift: SystemsShift) -> bool:
    if member is None or shift.state != "claimed":
        return False
    return holds(member, Role.BACKBONE) or shift.is_writer(member.user)


def may_confirm_shift(member: Membership | None) -> bool:
    """Who takes the step; whether it goes through the gate decides."""
    return holds(member, Role.BACKBONE, Role.COMMITTEE)


def may_dispute_shift(member: Membership | None) -> bool:
    return holds(member, Role.BACKBONE, Role.COMMITTEE) or holds_a_seat(member)


def may_withdraw_shift(member: Membership | None, shift: SystemsShift) -> bool:
    return shift.state != "withdrawn" and _wrote_it_or_staff(member, shift)


def seats_of(member: Membership | None) -> list[Seat]:
    """The seats for which she may speak now, as holder or alternate."""
    if member is None:
        return []
    own = Seat.objects.for_initiative(member.initiative).held_by(member.user)
    seats = own.filter(state=Seat.State.SEATED).select_related("committee", "holder__user")
    now = clock.now()
    return [seat for seat in seats if seat.is_seated(now)]


def _wrote_it_or_staff(member: Membership | None, shift: SystemsShift) -> bool:
    if member is None:
        return False
    return holds(member, Role.BACKBONE) or shift.proposed_by_id == member.user_id
