"""Who may do what in the agenda. Rights that come with a seat are asked of the seat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ciforum.people import clock
from ciforum.people.models import Role
from ciforum.people.permissions import holds
from equity.seats import Seat

if TYPE_CHECKING:
    from agenda.models.decisions import Decision
    from agenda.models.history import HistoryEvent
    from agenda.models.rounds import LastWord
    from ciforum.people.models import Membership


# --- history


def may_propose_event(member: Membership | None) -> bool:
    return member is not None


def may_publish_event(member: Membership | None) -> bool:
    """The backbone, and whoever holds a seat now."""
    return holds(member, Role.BACKBONE) or holds_a_seat(member)


def may_see_event(member: Membership | None, event: HistoryEvent) -> bool:
    """Everyone, once it is published; before, who told it and who may publish it."""
    if event.state != "draft":
        return True
    return may_publish_event(member) or _told_it(member, event)


def may_edit_event(member: Membership | None, event: HistoryEvent) -> bool:
    if event.state == "withdrawn":
        return False
    return may_publish_event(member) or (
        _told_it(member, event) and (event.state == "draft" or event.own_words)
    )


def may_withdraw_event(member: Membership | None, event: HistoryEvent) -> bool:
    """Whoever told it may take her own telling back at any time."""
    return may_edit_event(member, event)


def _told_it(member: Membership | None, event: HistoryEvent) -> bool:
    return member is not None and event.proposed_by_id == member.user_id


def holds_a_seat(member: Membership | None) -> bool:
    """She is holder or alternate of a seat that is taken and within its term."""
    if member is None:
        return False
    seats = Seat.objects.for_initiative(member.initiative).held_by(member.user)
    now = clock.now()
    return any(seat.is_seated(now) for seat in seats.filter(state=Seat.State.SEATED))


# --- lexicon


def may_settle_terms(member: Membership | None) -> bool:
    """The backbone, and whoever holds a seat now."""
    return holds(member, Role.BACKBONE) or holds_a_seat(member)


# --- maps of understanding, goals


def may_draw_maps(member: Membership | None) -> bool:
    """Those who live it, those who decide, and the backbone that writes it down for them."""
    return holds(member, Role.BACKBONE, Role.COMMITTEE, Role.COMMUNITY)


def may_publish_maps(member: Membership | None) -> bool:
    """The backbone, and whoever holds a seat now."""
    return holds(member, Role.BACKBONE) or holds_a_seat(member)


def may_write_goals(member: Membership | None) -> bool:
    """Drafts, barriers and strategies: a goal binds nobody before a decision adopts it."""
    return holds(member, Role.BACKBONE, Role.COMMITTEE, Role.COMMUNITY)


# --- charter


def may_draft_charter(member: Membership | None) -> bool:
    """The backbone writes drafts; what becomes of one the seats of a committee decide."""
    return holds(member, Role.BACKBONE)


# --- decisions


def may_take_on(member: Membership | None, decision: Decision) -> bool:
    """Take a decision from stage to stage: the backbone, and the seats of its committee."""
    if member is None:
        return False
    return holds(member, Role.BACKBONE) or decision.committee.seated().held_by(member.user).exists()


def may_edit_decision(member: Membership | None, decision: Decision) -> bool:
    """Change its paper: whoever takes it on; a draft also its proposer."""
    if decision.state not in ("draft", "input", "deliberation", "last_word", "voting"):
        return False
    if member is not None and decision.state == "draft":
        return member.user_id == decision.proposed_by_id or may_take_on(member, decision)
    return may_take_on(member, decision)


def may_see_decision(member: Membership | None, decision: Decision) -> bool:
    """Everybody once it was opened for input; before, the members."""
    return decision.is_public or member is not None


def may_manage_committees(member: Membership | None) -> bool:
    """Found committees, describe them, and offer seats of every class."""
    return holds(member, Role.BACKBONE)


def may_offer_seat(member: Membership | None) -> bool:
    """Residents may put forward who holds a seat for lived experience; staff offer any seat."""
    return holds(member, Role.BACKBONE, Role.COMMUNITY)


def may_hear(member: Membership | None, said: LastWord) -> bool:
    """Members hear a last word that counts, everybody where she allows it; others only its seat."""
    if said.is_current and (said.is_public or member is not None):
        return True
    return member is not None and said.seat.may_speak(member.user)
