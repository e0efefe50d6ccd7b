"""The public record of a decision: enough for an outsider to count again, and no more.

`count_content` and `close_content` are what the record chain covers. They hold uids, choices,
rules and salted digests; no words of persons, no voices and no names, so that those can be erased.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet

from agenda import counting
from agenda.tally import Ballot as Cast
from agenda.tally import Result
from ciforum.people.models import ChainLink
from ciforum.people.models.chain import canonical, digest

if TYPE_CHECKING:
    from agenda.models import Decision, Outcome, Round
    from equity.models import Recusal

FORMAT = "ciforum-decision-1"
ROUND, COUNT, CLOSE = "agenda.round", "agenda.count", "agenda.close"
# The rules of a count, as the paper has them.
RULES = ("method", "secret", "points", "quorum", "threshold")
# The format tells its own rules, so that a copy explains itself.
HOW = {
    "canonical": "JSON in UTF-8, keys sorted by code point, no blanks, no \\u escapes but those "
    "that JSON needs",
    "digest": "SHA-256 of the canonical form, in hex",
    "link": "face.content is the digest of content; hash is the digest of face; face.previous is "
    "the hash of the link before it in the initiative's chain",
    "paper": "papers[].digest is the digest of papers[].paper; the links name it",
    "words": "last words and inputs stand as digests of [salt, ...]; without their salts nothing "
    "can be guessed from them, and the words can be erased",
    "count": "the methods, bases and ties are told in docs/decisions.md",
}


def moment(at: datetime | None) -> str | None:
    """A time as records write it: ISO 8601, UTC."""
    return at.astimezone(UTC).isoformat() if at else None


def result_face(result: Result, cast: Sequence[Cast], *, secret: bool) -> dict[str, Any]:
    """The result in plain values; of a secret ballot, by class only what may be told."""
    told = counting.tellable(cast, result) if secret else {each.seat_class for each in cast}
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


def round_content(round: Round) -> dict[str, Any]:
    """What the chain keeps when a last word opens and the text is frozen."""
    return {
        "format": FORMAT,
        "decision": str(round.decision.uid),
        "round": round.number,
        "paper": round.paper_digest,
        "opened_at": moment(round.opened_at),
    }


def ballots(round: Round) -> list[dict[str, Any]]:
    """The ballots that counted: by seat, or by code where they are secret."""
    if round.paper["secret"]:
        counted = sorted(round.counted_ballots.all(), key=lambda each: each.code)
        return [{"code": each.code, "choice": each.choice} for each in counted]
    effective = [each for each in round.ballots.all() if each.is_current]
    return [
        {
            "seat": str(each.seat.uid),
            "class": each.seat_class,
            "choice": each.choice,
            "version": each.version,
            "channel": each.channel,
        }
        for each in sorted(effective, key=lambda each: str(each.seat.uid))
    ]


def rounds(decision: Decision, until: int) -> list[dict[str, Any]]:
    """Each round up to number `until`: its paper, who spoke last, and how it ended.

    What a last word chose is for members: it is under the salted digest, with its words.
    """
    return [
        {
            "number": each.number,
            "paper": each.paper_digest,
            "opened_at": moment(each.opened_at),
            "ended": each.ended_how if each.number < until else "",
            "last_words": [
                {"seat": str(said.seat.uid), "digest": said.digest}
                for said in sorted(each.last_words.all(), key=lambda said: str(said.seat.uid))
                if said.is_current
            ],
        }
        for each in sorted(decision.rounds.all(), key=lambda each: each.number)
        if each.number <= until
    ]


def recused(outcome: Outcome, back: Iterable[Recusal]) -> list[Recusal]:
    """Those of the decision's recusals that were there when it was counted."""
    return [each for each in back if each.at <= outcome.counted_at]


def count_content(outcome: Outcome, back: Iterable[Recusal] | None = None) -> dict[str, Any]:
    """What the chain keeps when the votes of a round are counted.

    The rules are those of the round's paper: a decision that had no quorum may change afterwards.
    `back` may hold the decision's recusals with their seats, where they are at hand.
    """
    decision, round = outcome.decision, outcome.round
    paper = round.paper
    if back is None:
        back = decision.recusals().select_related("seat")
    return {
        "format": FORMAT,
        "decision": str(decision.uid),
        "number": decision.number,
        "round": round.number,
        **{name: paper[name] for name in RULES},
        "options": sorted(key for key, _label in paper["options"]),
        "seats": outcome.seats,
        "paper": round.paper_digest,
        "rounds": rounds(decision, round.number),
        "recused": sorted(str(each.seat.uid) for each in recused(outcome, back)),
        "voting": [moment(round.voting_opened_at), moment(round.voting_until)],
        "counted_at": moment(outcome.counted_at),
        "ballots": ballots(round),
        "result": outcome.result,
    }


def close_content(decision: Decision, count: str = "") -> dict[str, Any]:
    """What the chain keeps when a decision is closed; `count`: what its count's link covers."""
    outcome = decided(decision)
    if not count:
        own = ChainLink.objects.for_initiative(decision.initiative)
        count = own.get(kind=COUNT, record_uid=outcome.uid).content
    return {
        "format": FORMAT,
        "decision": str(decision.uid),
        "count": count,
        "outcome": outcome.outcome,
        "reasons": digest(dict(outcome.reasons)),
        "inputs": sorted([str(each.uid), each.digest] for each in decision.inputs.all()),
        "closed_at": moment(decision.closed_at),
    }


def decided(decision: Decision) -> Outcome:
    """The count of its standing round. Raises StopIteration without one."""
    return next(each for each in decision.outcomes.all() if not each.round.ended_how)


def decision_links(decision: Decision) -> QuerySet[ChainLink]:
    """The links that are about one decision, in order."""
    uids = [
        decision.uid,
        *decision.rounds.values_list("uid", flat=True),
        *decision.outcomes.values_list("uid", flat=True),
    ]
    own = ChainLink.objects.for_initiative(decision.initiative).filter(record_uid__in=uids)
    return own.order_by("number")


def public_record(decision: Decision) -> dict[str, Any]:
    """Everything an outsider needs: the papers, and each link with the content under it."""
    contents: dict[UUID, dict[str, Any]] = {}
    papers = []
    for round in decision.rounds.order_by("number"):
        contents[round.uid] = round_content(round)
        papers.append({"round": round.number, "digest": round.paper_digest, "paper": round.paper})
    for outcome in decision.outcomes.select_related("round", "decision").order_by("pk"):
        contents[outcome.uid] = count_content(outcome)
    if decision.state == "closed":
        contents[decision.uid] = close_content(decision)
    standing = decision.outcome
    return {
        "format": FORMAT,
        "how": HOW,
        "initiative": str(decision.initiative.uid),
        "decision": str(decision.uid),
        "number": decision.number,
        "title": dict(decision.title),
        "state": decision.state,
        "papers": papers,
        "reasons": dict(standing.reasons) if standing else None,
        "links": [
            {"face": link.face, "hash": link.hash, "content": contents.get(link.record_uid)}
            for link in decision_links(decision)
        ],
    }


def as_bytes(decision: Decision) -> bytes:
    return canonical(public_record(decision))
