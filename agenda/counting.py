"""From ballots to a result: who counts, and what of a secret ballot may be told by class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from agenda import secrecy, shares, withholding
from agenda.tally import Ballot as Cast
from agenda.tally import Result, tally

if TYPE_CHECKING:
    from agenda.models import Decision, Round


def seats_after_recusal(decision: Decision, round: Round) -> dict[str, int]:
    """Seats that may vote, by class. A class that a quorum or threshold names is there, with 0."""
    named = (set(decision.quorum) | set(decision.threshold)) - {shares.ALL}
    seats: Counter[str] = Counter(dict.fromkeys(named, 0))
    back = set(decision.recusals().values_list("seat", flat=True))
    for elector in round.electors.all():
        seats[elector.seat_class] += elector.seat_id not in back
    return dict(sorted(seats.items()))


def open_ballots(round: Round) -> list[Cast]:
    """The effective open ballots, as the tally takes them."""
    rows = round.ballots.effective().select_related("seat").order_by("seat__uid")
    return [Cast(str(each.seat.uid), each.seat_class, each.choice) for each in rows]


def opened(round: Round) -> list[dict[str, Any]]:
    """What the envelopes hold: {"code", "class", "choice", "reason"}, shuffled."""
    return secrecy.shuffled(
        secrecy.unseal(each.envelope, round.uid) for each in round.sealed_ballots.all()
    )


def secret_ballots(envelopes: Iterable[Mapping[str, Any]]) -> list[Cast]:
    return [Cast(each["code"], each["class"], each["choice"]) for each in envelopes]


def count(decision: Decision, cast: Sequence[Cast], seats: Mapping[str, int]) -> Result:
    return tally(
        decision.method,
        cast,
        seats=seats,
        quorum=shares.read(decision.quorum),
        threshold=shares.read(decision.threshold),
    )


def tellable(cast: Sequence[Cast], result: Result) -> set[str]:
    """The classes whose count in a secret ballot may be told; see `withholding`.

    None, where a class with a threshold of its own is not among them: whether it was met is told,
    and would narrow down what the others leave of it.
    """
    by_class: dict[str, list[Any]] = {}
    for each in cast:
        by_class.setdefault(each.seat_class, []).append(each.choice)
    if any(not isinstance(each.choice, str | int) for each in cast):
        return set()
    told = withholding.tellable(by_class)
    bars = {name for name, row in result.by_class.items() if row["threshold"]} - {shares.ALL}
    return told if bars <= told else set()
