"""Systems shifts for tests, made through the same verbs as people use."""

from __future__ import annotations

from typing import Any

from agenda import when
from ciforum.people.models import Initiative, Membership
from ciforum.people.words import Words
from equity.models import Seat
from measurement.models import ShiftEvidence, ShiftVoice, SystemsShift
from tests import builders


def a_shift(initiative: Initiative, by: Membership, **fields: Any) -> SystemsShift:
    """Structural and hoped for, with a day since when it is so."""
    values = {
        "title": Words(en="Doulas are paid by Medicaid", es="Medicaid paga a las doulas"),
        "level": "structural",
        "kind": "policy",
        "strategies": [2],
        "before": Words(en="Only those who could pay had a doula."),
        "after": Words(en="The state pays every doula for three visits."),
        "since": when.read("2024"),
    }
    return SystemsShift.propose(initiative=initiative, by=by.user, **{**values, **fields})


def a_claim(initiative: Initiative, by: Membership, **fields: Any) -> SystemsShift:
    """Claimed by the one who wrote it."""
    shift = a_shift(initiative, by, **fields)
    shift.claim(by=by.user)
    return shift


def evidence(shift: SystemsShift, by: Membership, grade: str = "documented", **fields: Any) -> Any:
    return ShiftEvidence.add(
        shift=shift, words=Words(en="The rule in force."), grade=grade, by=by.user, **fields
    )


def a_resident_seat(initiative: Initiative, seat_class: str = "lived_experience") -> Seat:
    """A taken seat with a holder of its own, in a committee of its own."""
    holder = builders.a_member(initiative, "community")
    return builders.a_seat(builders.a_committee(initiative), holder, seat_class)


def says(shift: SystemsShift, seat: Seat, stance: str = "yes", words: str = "") -> ShiftVoice:
    said = words or ("" if stance == "yes" else "On my street it is as before.")
    return ShiftVoice.say(
        shift=shift,
        seat=seat,
        stance=stance,
        words=Words(en=said) if said else None,
        by=seat.holder.user,
    )


def confirmed(initiative: Initiative, by: Membership, **fields: Any) -> SystemsShift:
    """All the way: evidence, a resident's yes, and somebody else who confirms it."""
    shift = a_claim(initiative, by, **fields)
    evidence(shift, by)
    says(shift, a_resident_seat(initiative))
    shift.confirm(by=builders.a_member(initiative, "committee").user)
    return shift
