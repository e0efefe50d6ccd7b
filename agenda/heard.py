"""How it stands with one seat in the last word, and what is kept of what she said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ciforum.people import clock
from ciforum.people.models.chain import salted

if TYPE_CHECKING:
    from agenda.models import Decision
    from agenda.models.rounds import ContactTry, LastWord
    from ciforum.people.models import StoredFile
    from equity.models import Policy, Seat


@dataclass(frozen=True)
class Heard:
    """How it stands with one seat in the last word.

    `state` is "spoken" (or passed herself), "lapsed", or "waiting"; then `why` says what is
    missing: "not_confirmed" (written down for her, nobody stands by it), "not_reached", "days"
    or "tries".
    """

    seat: Seat
    state: str
    why: str = ""
    reached_at: datetime | None = None
    tries: int = 0
    last_word: LastWord | None = None


def heard(
    seat: Seat, said: LastWord | None, tries: list[ContactTry], policy: Policy, zone: Any
) -> Heard:
    """One seat's standing, from her last word and the undisputed contacts with her."""
    own = [each for each in tries if each.language == seat.language]
    reached = min((each.at for each in own if each.delivered or each.opened), default=None)
    # Two calls within a minute are one try: days are counted, in the initiative's zone.
    days = {
        each.at.astimezone(zone).date()
        for each in own
        if each.channel == seat.channel and not each.opened
    }
    facts: dict[str, Any] = {"reached_at": reached, "tries": len(days), "last_word": said}
    if said is not None and said.is_hers:
        return Heard(seat, "spoken", **facts)
    if said is not None:
        lapses = reached and clock.now() >= reached + timedelta(days=policy.last_word_days)
        if not lapses or len(days) < policy.contact_tries:
            return Heard(seat, "waiting", "not_confirmed", **facts)
    if reached is None:
        return Heard(seat, "waiting", "not_reached", **facts)
    if clock.now() < reached + timedelta(days=policy.last_word_days):
        return Heard(seat, "waiting", "days", **facts)
    if len(days) < policy.contact_tries:
        return Heard(seat, "waiting", "tries", **facts)
    return Heard(seat, "lapsed", **facts)


def seat_numbers(decision: Decision) -> dict[int, int]:
    """The number of each seat in its committee: what the ledger names, since names may go."""
    every = decision.committee.seats.order_by("pk").values_list("pk", flat=True)
    return {pk: number for number, pk in enumerate(every, start=1)}


def said_digest(salt: str, choice: str, words: str, voice: StoredFile | None) -> str:
    """What the chain keeps of a last word."""
    return salted(salt, [choice, words, voice.sha256 if voice else ""])
