"""The steps of the agenda that are gated, and what their records answer.

Each Protocol lists the questions that the rules in `equity/strategies/` ask. Answers are plain
values, so that the ledger can keep them.
"""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from equity.gates import Gate, Gated


class Chartered(Gated, Protocol):
    """What the rules of `agenda.charter.adopt` ask a version of the charter."""

    def open_core_terms(self) -> list[dict[str, str]]:
        """Names (words) of the lexicon's core terms that are not agreed yet."""
        ...

    def agreed_core_terms(self) -> int: ...

    def cited(self, part: str) -> list[dict[str, Any]]:
        """What a part cites: [{"kind": "event", "traits": []}]. "problem" is the statement.

        Traits tell what is cited: "disaggregated" for figures that show groups, or "voice" for
        words of those who live it.
        """
        ...

    def goal_levels(self) -> dict[str, int]:
        """How many goals of the charter there are per level: {"population": 1, "systems": 0}."""
        ...


class Universal(Gated, Protocol):
    """What the rules of `agenda.goal.adopt` ask a goal."""

    def gap_wording(self) -> str:
        """The words that make it a goal about a gap instead of one for everybody; "" if none."""
        ...

    def groups_without_plan(self) -> list[dict[str, Any]]:
        """Groups below the goal without barrier or strategy and without a dated "not yet".

        Each is {"group": words, "lacks": ["barrier", "strategy"]}.
        """
        ...

    def groups_with_plan(self) -> int: ...

    def groups_considered(self) -> int:
        """How many groups the dimensions of the goal have."""
        ...


class OpenForInput(Gated, Protocol):
    """What the rules of `agenda.decision.open_input` ask a decision."""

    def missing_basics(self) -> list[str]:
        """Of "purpose", "can_change", "text", "options", "committee", "until", those not said."""
        ...

    def affected_groups(self) -> int: ...

    def unasked_groups(self) -> list[dict[str, str]]:
        """Affected groups (words) that hold no seat in the body and are not being asked."""
        ...


class Votable(Gated, Protocol):
    """What the rules of `agenda.decision.open_voting` ask a decision."""

    def composition(self) -> dict[str, int]:
        """{"seats": voting seats, "lived": of them for lived experience}."""
        ...

    def unheard_seats(self) -> list[dict[str, Any]]:
        """Lived-experience seats that neither spoke nor passed and whose window has not lapsed.

        Each is {"seat": its number, "why": "not_confirmed" | "not_reached" | "days" | "tries",
        "tries": n, "needed": n, "days": n}.
        """
        ...

    def heard_seats(self) -> dict[str, int]:
        """{"lived": seats, "heard": those that spoke or passed themselves}."""
        ...

    def text_unchanged(self) -> bool: ...

    def days_of_input(self) -> int: ...

    def effect_objections(self) -> list[dict[str, Any]]:
        """What the gate of the decision's effect says now: [{"code": …, "params": …}]."""
        ...


class Closable(Gated, Protocol):
    """What the rules of `agenda.decision.close` ask a decision whose votes are counted."""

    def missing_quorum(self) -> list[str]:
        """The classes, or "all", whose quorum was not reached."""
        ...

    def turnout(self) -> dict[str, dict[str, int]]:
        """{"all": {"cast": n, "seats": n}, "lived_experience": …}."""
        ...

    def unanswered_inputs(self) -> int: ...

    def reasons_written(self) -> bool: ...


class Takable(Gated, Protocol):
    """What the rules of `equity.seat.take` ask a seat that somebody is about to take."""

    seat_class: str

    def resident_choosers(self) -> int:
        """How many residents, other than its holder, say that they chose her."""
        ...

    def holder_is_resident(self) -> bool:
        """A community member who does not work for the backbone."""
        ...

    def holder_suits(self) -> bool:
        """Her roles fit the class: backbone staff sit in seats of the backbone only."""
        ...


adopt_charter: Gate[Chartered] = Gate("agenda.charter.adopt", _("Adopt the charter"))


class Carrier(Protocol):
    """What a loosening asks of the decision that carries it."""

    uid: UUID
    state: str
    committee: Any
    closed_by: Any
    # Per class of seats or "all": "2/3", at least so much.
    threshold: Any
    quorum: Any

    def get_absolute_url(self) -> str: ...


class Loosenable(Gated, Protocol):
    """What the rules of `equity.policy.loosen` ask of a looser threshold."""

    def stands(self) -> str:
        """ "" while it can be put in force; else "ended", "moved" or "below"."""
        ...

    def reason_words(self) -> int: ...

    def carrier_bars(self) -> list[dict[str, Any]] | None:
        """Per class of community seats {"class", "threshold", "quorum"}; None: no decision."""
        ...

    def last_word(self) -> str:
        """ "before" the vote, then "held" or "missing"."""
        ...


class Confirmable(Gated, Protocol):
    """What the rules of `measurement.shift.confirm` ask a systems shift that is claimed."""

    level: str

    def community_voices(self) -> dict[str, int]:
        """What community seats say: {"yes": n, "partly": n, "no": n}.

        "own" are seats of those who wrote or claimed it; they count for nothing.
        """
        ...

    def evidence_grades(self) -> dict[str, int]:
        """Rows of evidence per grade; "unknown" is none."""
        ...

    def confirmer_wrote_it(self) -> bool:
        """Whoever is about to confirm it wrote or claimed it herself."""
        ...

    def unanswered_voices(self) -> int:
        """Community seats that disagree, in part or in whole, and have no written answer."""
        ...


class Endable(Gated, Protocol):
    """What the rules of `equity.authority.end` ask when a decision would end an authority."""

    def carrier_bars(self) -> list[dict[str, Any]] | None:
        """As for a loosening; None: no decision."""
        ...


loosen_policy: Gate[Loosenable] = Gate("equity.policy.loosen", _("Make a threshold looser"))

end_authority: Gate[Endable] = Gate(
    "equity.authority.end", _("End a council's authority over data")
)

take_seat: Gate[Takable] = Gate("equity.seat.take", _("Take a seat"))

adopt_goal: Gate[Universal] = Gate("agenda.goal.adopt", _("Adopt a goal"))
open_input: Gate[OpenForInput] = Gate("agenda.decision.open_input", _("Open a decision for input"))
open_voting: Gate[Votable] = Gate("agenda.decision.open_voting", _("Open a vote"))
close_decision: Gate[Closable] = Gate("agenda.decision.close", _("Close a decision"))
confirm_shift: Gate[Confirmable] = Gate("measurement.shift.confirm", _("Confirm a systems shift"))
