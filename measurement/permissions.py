"""Who may do what with measurement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agenda.permissions import holds_a_seat
from ciforum.people.models import Membership, Role
from ciforum.people.permissions import holds

if TYPE_CHECKING:
    from ciforum.people.models import Organization
    from measurement.models import ReportDuty, Submission


def may_manage_indicators(member: Membership | None) -> bool:
    return holds(member, Role.BACKBONE)


def may_release(member: Membership | None) -> bool:
    return holds(member, Role.BACKBONE)


def may_name_causes(member: Membership | None) -> bool:
    """The backbone, and whoever holds a seat now."""
    return holds(member, Role.BACKBONE) or holds_a_seat(member)


def may_ask_for_data(member: Membership | None) -> bool:
    return holds(member, Role.BACKBONE)


def may_propose_authority(member: Membership | None) -> bool:
    return holds(member, Role.BACKBONE)


def may_sign_request(member: Membership | None) -> bool:
    """Everyone who belongs here signs, for a partner organization or for herself."""
    return member is not None


def may_open_desk(member: Membership | None) -> bool:
    return holds(member, Role.BACKBONE, Role.PARTNER)


def hands_in_for(member: Membership | None) -> list[Organization]:
    """The organizations whose numbers she may hand in: those she is a partner for."""
    if member is None:
        return []
    everywhere = getattr(member, "everywhere", [member])
    return [
        each.organization for each in everywhere if each.organization and Role.PARTNER in each.roles
    ]


def may_hand_in(member: Membership | None, submission: Submission) -> bool:
    return submission.organization in hands_in_for(member)


def may_see_submission(member: Membership | None, submission: Submission) -> bool:
    return holds(member, Role.BACKBONE) or may_hand_in(member, submission)


def may_approve_any(member: Membership | None) -> bool:
    return holds(member, Role.BACKBONE)


def may_approve(member: Membership | None, submission: Submission) -> bool:
    return holds(member, Role.BACKBONE)


def may_see_small_counts(member: Membership | None, submission: Submission) -> bool:
    """Counts below the floor are for the partner who brought them and named data stewards only."""
    if member is None:
        return False
    everywhere = getattr(member, "everywhere", [member])
    return may_hand_in(member, submission) or any(each.data_steward for each in everywhere)


def may_give_tokens(member: Membership | None) -> bool:
    """Who makes and revokes tokens of programs that read the API."""
    return holds(member, Role.BACKBONE)


def may_see_dashboard(member: Membership | None) -> bool:
    return member is not None


def may_see_draft_table(member: Membership | None) -> bool:
    """What a release is going to show, before it is out: whoever releases, and data stewards."""
    everywhere = getattr(member, "everywhere", [member])
    return may_release(member) or any(each and each.data_steward for each in everywhere)


def may_see_duties(member: Membership | None) -> bool:
    """What is owed: the backbone all of it, partners their own."""
    return holds(member, Role.BACKBONE, Role.PARTNER)


def may_plan_duties(member: Membership | None) -> bool:
    return holds(member, Role.BACKBONE)


def may_report_for(member: Membership | None, duty: ReportDuty) -> bool:
    """Hand it in, or say why there is nothing to hand in."""
    return duty.organization in hands_in_for(member)


def may_see_duty(member: Membership | None, duty: ReportDuty) -> bool:
    return may_plan_duties(member) or may_report_for(member, duty)


def may_retract(member: Membership | None, submission: Submission) -> bool:
    """Withdraw approved numbers: whoever brought them, and the backbone."""
    return holds(member, Role.BACKBONE) or may_hand_in(member, submission)


def may_see_restatements(member: Membership | None) -> bool:
    return member is not None
