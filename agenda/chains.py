"""What `verify_record` finds under the links of decisions.

For each kind of link: the records with everything under them, in a few queries for a whole batch,
and the first row that does not fit. What was erased left an empty row, and passes.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch
from django.utils.translation import gettext as _

from agenda import paper, record, recount
from agenda.heard import said_digest
from agenda.models import Ballot, Decision, Input, LastWord, Outcome, Round
from ciforum.people import registry
from ciforum.people.models import ChainLink, Citation, StoredFile
from ciforum.people.models.chain import digest, salted
from equity.models import LedgerEntry, Recusal
from equity.steps import close_decision, open_input, open_voting

if TYPE_CHECKING:
    from ciforum.people.models import Initiative

READ_AT_ONCE = 1 << 20


def register() -> None:
    for kind, model, find, content, trouble, name in (
        (record.ROUND, Round, _rounds, record.round_content, _round_trouble, _round_name),
        (record.COUNT, Outcome, _counts, _count_content, _count_trouble, _count_name),
        (record.CLOSE, Decision, _closes, _close_content, _close_trouble, _close_name),
    ):
        registry.chains.add(
            kind,
            registry.ChainKind(
                find=find,
                content=content,
                trouble=trouble,
                name=name,
                unlinked=_unlinked(kind, model, name),
            ),
        )


def _unlinked(kind: str, model: Any, name: Any) -> Any:
    def first(initiative: Initiative) -> str:
        link = ChainLink.objects.filter(
            initiative=initiative, kind=kind, record_uid=OuterRef("uid")
        )
        rows = model.objects.for_initiative(initiative).filter(~Exists(link))
        if model is Decision:
            rows = rows.filter(state="closed")
        found = rows.order_by("pk").first()
        return f"{name(found)} ({found.uid})" if found else ""

    return first


# --- the opening of a last word


def _rounds(initiative: Initiative, uids: Sequence[UUID]) -> Mapping[UUID, Round]:
    words = LastWord.objects.select_related("voice", "seat").order_by("pk")
    own = (
        Round.objects.for_initiative(initiative)
        .filter(uid__in=uids)
        .select_related("decision__initiative", "decision__committee", "decision__passed_input")
        .prefetch_related(
            Prefetch("last_words", words),
            "decision__options",
            "decision__affected__group",
        )
    )
    found = {each.uid: each for each in own}
    evidence = _evidence([each.decision.uid for each in found.values()])
    for round in found.values():
        round.evidence = evidence[round.decision.uid]
    return found


def _evidence(uids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = defaultdict(list)
    cited = Citation.objects.filter(source_uid__in=uids)
    for source, citable in cited.values_list("source_uid", "citable__uid"):
        found[source].append(citable)
    return found


def _round_name(round: Round) -> str:
    return _("round %(round)s of decision %(number)s") % {
        "round": round.number,
        "number": round.decision.number,
    }


def _round_trouble(round: Any) -> str:
    if digest(round.paper) != round.paper_digest:
        return _("its paper does not fit the paper's digest.")
    if trouble := _not_passed(round.decision, open_input.name, round.decision.passed_input):
        return trouble
    if changed := _changed_text(round):
        return _("its decision no longer says what the paper says: “%(part)s”.") % {"part": changed}
    return next(filter(None, map(_word_trouble, round.last_words.all())), "")


def _changed_text(round: Any) -> str:
    """The part of the paper that differs from the decision while this round stands."""
    if round.ended_how:
        return ""
    now = paper.content(round.decision)
    # What an effect put in force lives on after the decision; the link keeps what it was then.
    return next(
        (
            key
            for key, value in round.paper.items()
            if key != "effect_content" and value != now[key]
        ),
        "",
    )


def _word_trouble(said: LastWord) -> str:
    uid = {"uid": said.uid}
    if said.erased_at:
        return ""
    if said_digest(said.salt, said.choice, said.words, said.voice) != said.digest:
        return _("the last word %(uid)s is not what was said.") % uid
    if said.voice is not None and not _is_whole(said.voice):
        return _("the recording of the last word %(uid)s is not what was stored.") % uid
    return ""


def _is_whole(file: StoredFile) -> bool:
    """The bytes, where they are here, are those that were handed in."""
    if file.forgotten_at or not file.storage.name:
        return True
    if not file.storage.storage.exists(file.storage.name):
        return True
    found = hashlib.sha256()
    with file.storage.open("rb") as stream:
        while chunk := stream.read(READ_AT_ONCE):
            found.update(chunk)
    return found.hexdigest() == file.sha256


# --- a count


def _counts(initiative: Initiative, uids: Sequence[UUID]) -> Mapping[UUID, Any]:
    """Outcomes by uid, each with its decision's recusals as `back`."""
    ballots = Ballot.objects.select_related("seat").order_by("pk")
    words = LastWord.objects.filter(is_current=True).select_related("seat")
    own = (
        Outcome.objects.for_initiative(initiative)
        .filter(uid__in=uids)
        .select_related("decision__initiative", "decision__passed_voting", "round__decision")
        .prefetch_related(
            Prefetch("round__ballots", ballots),
            "round__counted_ballots",
            "round__electors__seat",
            "round__voted",
            "decision__rounds",
            Prefetch("decision__rounds__last_words", words),
        )
    )
    found: dict[UUID, Any] = {each.uid: each for each in own}
    back = _recusals(initiative, (each.decision.uid for each in found.values()))
    for outcome in found.values():
        outcome.back = back[outcome.decision.uid]
    return found


def _recusals(initiative: Initiative, uids: Iterable[UUID]) -> dict[UUID, list[Recusal]]:
    found: dict[UUID, list[Recusal]] = defaultdict(list)
    own = Recusal.objects.for_initiative(initiative).filter(about__in=list(uids))
    for each in own.select_related("seat").order_by("pk"):
        found[each.about].append(each)
    return found


def _count_name(outcome: Outcome) -> str:
    return _("the count of decision %(number)s") % {"number": outcome.decision.number}


def _count_content(outcome: Any) -> dict[str, Any]:
    return record.count_content(outcome, outcome.back)


def _count_trouble(outcome: Any) -> str:
    round = outcome.round
    if round.voting_until is None or outcome.counted_at < round.voting_until:
        return _("it was counted before the vote was over.")
    if round.counted_at != outcome.counted_at:
        return _("the round says another time of the count.")
    if not round.ended_how:
        decision = outcome.decision
        if trouble := _not_passed(decision, open_voting.name, decision.passed_voting):
            return trouble
    back = {each.seat_id for each in record.recused(outcome, outcome.back)}
    trouble = _secret_trouble(round, back) if round.paper["secret"] else _open_trouble(round, back)
    return trouble or recount.trouble(outcome, back)


def _open_trouble(round: Round, back: set[int]) -> str:
    classes = {each.seat_id: each.seat_class for each in round.electors.all()}
    versions: dict[int, list[int]] = defaultdict(list)
    for ballot in round.ballots.all():
        versions[ballot.seat_id].append(ballot.version)
        if why := _ballot_trouble(ballot, classes, back):
            return why % {"uid": ballot.uid, "seat": ballot.seat.uid}
    for ballot in round.ballots.all():
        own = sorted(versions[ballot.seat_id])
        if own != list(range(1, len(own) + 1)):
            return _("a version of the ballot %(uid)s is missing.") % {"uid": ballot.uid}
    return ""


def _ballot_trouble(ballot: Ballot, classes: Mapping[int, str], back: set[int]) -> str:
    """A sentence with %(uid)s and %(seat)s, or ""."""
    if ballot.seat_id not in classes:
        return _("the ballot %(uid)s is of the seat %(seat)s, which had no vote.")
    if ballot.seat_class != classes[ballot.seat_id]:
        return _("the ballot %(uid)s names another class than the seat %(seat)s.")
    if ballot.is_current and ballot.seat_id in back:
        return _("the ballot %(uid)s is of the seat %(seat)s, which stood back.")
    ended = ballot.seat.ended_at
    if ended and ended < ballot.at:
        return _("the ballot %(uid)s was cast after the seat %(seat)s had ended.")
    return ""


def _secret_trouble(round: Round, back: set[int]) -> str:
    electors = {each.seat_id: each.seat for each in round.electors.all()}
    voted = [each.seat_id for each in round.voted.all()]
    for seat in voted:
        if seat not in electors:
            return _("a seat voted that had no vote (row %(pk)s).") % {"pk": seat}
        if seat in back:
            return _("the seat %(seat)s voted and stood back.") % {"seat": electors[seat].uid}
    if len(voted) != len(round.counted_ballots.all()):
        return _("%(ballots)s ballots were counted, but %(seats)s seats voted.") % {
            "ballots": len(round.counted_ballots.all()),
            "seats": len(voted),
        }
    return ""


# --- the close


def _closes(initiative: Initiative, uids: Sequence[UUID]) -> Mapping[UUID, Decision]:
    own = (
        Decision.objects.for_initiative(initiative)
        .filter(uid__in=uids)
        .select_related("initiative", "passed_close")
        .prefetch_related(Prefetch("outcomes", Outcome.objects.select_related("round")), "inputs")
    )
    found = {each.uid: each for each in own}
    counts = {record.decided(each).uid: each for each in found.values()}
    links = ChainLink.objects.for_initiative(initiative).filter(kind=record.COUNT)
    for link in links.filter(record_uid__in=counts):
        counts[link.record_uid].count_digest = link.content
    return found


def _close_name(decision: Decision) -> str:
    return _("the close of decision %(number)s") % {"number": decision.number}


def _close_content(decision: Any) -> dict[str, Any]:
    return record.close_content(decision, getattr(decision, "count_digest", "missing"))


def _close_trouble(decision: Decision) -> str:
    if trouble := _not_passed(decision, close_decision.name, decision.passed_close):
        return trouble
    return next(filter(None, map(_input_trouble, decision.inputs.all())), "")


def _input_trouble(said: Input) -> str:
    if said.erased_at or salted(said.salt, said.words) == said.digest:
        return ""
    return _("the input %(uid)s is not what was said.") % {"uid": said.uid}


def _not_passed(decision: Decision, gate: str, entry: LedgerEntry | None) -> str:
    if entry and (entry.kind, entry.gate, entry.record_uid) == ("pass", gate, decision.uid):
        return ""
    return _("the ledger has no entry that it passed %(gate)s.") % {"gate": gate}
