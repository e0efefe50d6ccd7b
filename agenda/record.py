"""The public record of a decision: enough for an outsider to count again, and no more.

`count_content` and `close_content` are what the record chain covers. They hold uids, choices,
rules and salted digests; no words of persons, no voices and no names, so that those can be erased.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from agenda import counting
from agenda.tally import Ballot as Cast
from agenda.tally import Result
from ciforum.people.models import ChainLink
from ciforum.people.models.chain import canonical, digest

if TYPE_CHECKING:
    from agenda.models import Decision, Outcome, Round

FORMAT = "ciforum-decision-1"


def moment(at: datetime | None) -> str | None:
    """A time as records write it: ISO 8601, UTC."""
    return at.astimezone(UTC).isoformat() if at else None


def result_face(result: Result, cast: Sequence[Cast], *, secret: bool) -> dict[str, Any]:
    """The result in plain values; of a secret ballot, by class only what may be told."""
    told = counting.tellable(cast) if secret else {each.seat_class for each in cast}
    turnout: dict[str, dict[str, int]] = {}
    by_class: dict[str, Any] = {}
    for name, part in result.by_class.items():
        turnout[name] = {"cast": part["cast"], "seats": part["seats"]}
        if name == "all" or not secret or name in told:
            by_class[name] = part
        else:
            keep = ("cast", "seats", "quorum", "threshold")
            by_class[name] = {key: part[key] for key in keep if key in part}
    return {
        "outcome": result.outcome,
        "winners": list(result.winners),
        "by_class": by_class,
        "rounds": list(result.rounds),
        "unmet": list(result.unmet),
        "turnout": turnout,
    }


def ballots(round: Round) -> list[dict[str, Any]]:
    """The ballots that counted: by seat, or by code where they are secret."""
    if round.decision.secret:
        rows = round.counted_ballots.order_by("code").values("code", "choice")
        return [dict(row) for row in rows]
    effective = round.ballots.effective().select_related("seat").order_by("seat__uid")
    return [
        {
            "seat": str(each.seat.uid),
            "class": each.seat_class,
            "choice": each.choice,
            "version": each.version,
            "channel": each.channel,
        }
        for each in effective
    ]


def rounds(decision: Decision, until: int) -> list[dict[str, Any]]:
    """Each round up to number `until`, with its paper's digest, its last words and how it ended."""
    return [
        {
            "number": each.number,
            "paper": each.paper_digest,
            "opened_at": moment(each.opened_at),
            "ended": each.ended_how if each.number < until else "",
            "last_words": [
                {"seat": str(said.seat.uid), "choice": said.choice, "digest": said.digest}
                for said in each.last_words.filter(is_current=True)
                .select_related("seat")
                .order_by("uid")
            ],
        }
        for each in decision.rounds.filter(number__lte=until).order_by("number")
    ]


def count_content(outcome: Outcome) -> dict[str, Any]:
    """What the chain keeps when the votes of a round are counted."""
    decision, round = outcome.decision, outcome.round
    return {
        "format": FORMAT,
        "decision": str(decision.uid),
        "number": decision.number,
        "method": decision.method,
        "secret": decision.secret,
        "points": decision.points,
        "quorum": decision.quorum,
        "threshold": decision.threshold,
        "options": sorted(decision.options.values_list("key", flat=True)),
        "seats": outcome.seats,
        "paper": round.paper_digest,
        "rounds": rounds(decision, round.number),
        "recused": sorted(
            str(uid) for uid in decision.recusals().values_list("seat__uid", flat=True)
        ),
        "voting": [moment(round.voting_opened_at), moment(round.voting_until)],
        "counted_at": moment(outcome.counted_at),
        "ballots": ballots(round),
        "result": outcome.result,
    }


def close_content(decision: Decision) -> dict[str, Any]:
    """What the chain keeps when a decision is closed."""
    outcome = decision.counted()
    return {
        "format": FORMAT,
        "decision": str(decision.uid),
        "count": digest(count_content(outcome)),
        "outcome": outcome.outcome,
        "reasons": digest(dict(outcome.reasons)),
        "inputs": sorted(
            [str(each.uid), each.digest] for each in decision.inputs.only("uid", "digest")
        ),
        "closed_at": moment(decision.closed_at),
    }


def public_record(decision: Decision) -> dict[str, Any]:
    """Everything an outsider needs: the paper, the contents under the chain, and its links."""
    links = ChainLink.objects.for_initiative(decision.initiative)
    uids = [
        decision.uid,
        *decision.rounds.values_list("uid", flat=True),
        *decision.outcomes.values_list("uid", flat=True),
    ]
    outcome = decision.outcome
    standing: Round | None = decision.round
    return {
        "format": FORMAT,
        "decision": str(decision.uid),
        "title": dict(decision.title),
        "state": decision.state,
        "paper": standing.paper if standing else None,
        "count": count_content(outcome) if outcome else None,
        "close": close_content(decision) if decision.state == "closed" else None,
        "reasons": dict(outcome.reasons) if outcome else None,
        "links": [
            {**link.face, "hash": link.hash}
            for link in links.filter(record_uid__in=uids).order_by("number")
        ],
    }


def as_bytes(decision: Decision) -> bytes:
    return canonical(public_record(decision))
