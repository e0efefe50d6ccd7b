"""The vote: one effective ballot per seat, open or secret, and its count when time is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from agenda import choices, counting, record, secrecy, shares
from agenda.models.ballots import Ballot, CountedBallot, SealedBallot, SeatVoted
from agenda.models.outcomes import Outcome
from agenda.models.rounds import Elector, Round
from agenda.telling import decisions as telling
from ciforum.people import clock, registry
from ciforum.people.models import ChainLink
from ciforum.people.transitions import audit, lock, move, verb
from equity.models import Recusal, Seat
from equity.steps import open_voting

if TYPE_CHECKING:
    from agenda.models import Decision
    from ciforum.people.models import User

# A class with a threshold and fewer seats than this would show by "met" how its seats voted.
SECRET_NEEDS_SEATS = 3


class Voting:
    """The voting stage of a decision."""

    # --- questions

    def recusals(self: Decision) -> models.QuerySet[Recusal]:
        return Recusal.objects.for_initiative(self.initiative).filter(about=self.uid)

    def effect_objections(self: Decision) -> list[dict[str, Any]]:
        effect = registry.effects.get(self.effect)
        if effect is None:
            return []
        subject = effect.subject(self.initiative, self.effect_params)
        if subject is None:
            return [{"code": "effect_gone", "params": {}}]
        return [
            {"code": answer.code, "params": answer.params}
            for answer in effect.ask(subject, self)
            if answer.outcome == "unmet"
        ]

    def voted_seats(self: Decision) -> set[int]:
        """The seats whose ballot is in. Never what they chose."""
        round = self.round
        if round is None:
            return set()
        rows = round.voted.all() if self.secret else round.ballots.effective()
        return set(rows.values_list("seat", flat=True))

    def may_vote_with(self: Decision, person: User) -> list[Seat]:
        """The seats with which she may vote now."""
        round = self.round
        if self.state != "voting" or round is None or round.voting_until is None:
            return []
        if clock.now() > round.voting_until:
            return []
        back = self.recusals().values("seat")
        own = Seat.objects.filter(pk__in=round.electors.values("seat")).exclude(pk__in=back)
        return [each for each in own.held_by(person).distinct() if each.is_seated()]

    def _has_voted(self: Decision, seat: Seat) -> bool:
        return self.state == "voting" and seat.pk in self.voted_seats()

    # --- changes

    @verb
    def open_voting(self: Decision, *, by: User | None) -> None:
        """Open the vote for its days. Raises GateClosed, ValidationError or StateChanged.

        `by` None is the clock, when the last word is over.
        """
        self._lock()
        self._must_be("last_word")
        round = lock(self._standing())
        list(self.committee.seats.order_by("pk").select_for_update(no_key=True))
        self._may_be_secret()
        self._lock_subject()
        entry = open_voting.require(self, by=by)
        now = clock.now()
        until = clock.days_on(self.voting_days, self.initiative.time_zone)
        for seat in self.committee.voting(now).order_by("pk"):
            if seat.is_seated(now):
                Elector.objects.create(
                    initiative=self.initiative, round=round, seat=seat, seat_class=seat.seat_class
                )
        Round.objects.filter(pk=round.pk).update(voting_opened_at=now, voting_until=until)
        move(
            self,
            start="last_word",
            to="voting",
            by=by,
            passed_voting=entry,
            acts_at=until,
        )
        self.initiative.public_changed()
        telling.voting_opened(self)

    @verb
    def cast(
        self: Decision,
        *,
        seat: Seat,
        choice: Any,
        by: User,
        reason: str = "",
        key: UUID | None = None,
        recorded: bool = False,
        channel: str = "site",
    ) -> Ballot:
        """Cast or replace a seat's open ballot. A `key` that came before answers what it made.

        With `recorded`, staff or another seat writes down a ballot given by phone or on paper; the
        holder is told and can take it back. Raises ValidationError or StateChanged.
        """
        lock(self)
        if self.secret:
            raise ValidationError(_("This ballot is secret."))
        if key and (seen := Ballot.objects.filter(key=key).first()):
            if (seen.decision_id, seen.seat_id) != (self.pk, seat.pk):
                raise ValidationError(_("This page is out of date. Open the ballot again."))
            return seen
        round = self._may_cast(seat, by, recorded=recorded, channel=channel)
        if recorded and round.ballots.effective().filter(seat=seat).exists():
            raise ValidationError(
                _("This seat has voted. Only she can change her ballot, or take it back.")
            )
        cleaned = choices.read(self, choice)
        last = round.ballots.filter(seat=seat).aggregate(last=models.Max("version"))["last"] or 0
        round.ballots.effective().filter(seat=seat).update(is_current=False)
        ballot = Ballot.objects.create(
            initiative=self.initiative,
            decision=self,
            round=round,
            seat=seat,
            seat_class=seat.seat_class,
            choice=cleaned,
            version=last + 1,
            reason=reason.strip()[:2000],
            key=key or uuid4(),
            receipt=secrecy.shown(secrecy.new_receipt()[:8]),
            by=seat.holder.user if recorded else by,
            recorded_by=by if recorded else None,
            channel=channel,
            at=clock.now(),
        )
        telling.voted(self, seat, ballot)
        return ballot

    @verb
    def cast_in_secret(
        self: Decision, *, seat: Seat, choice: Any, receipt: str, by: User, reason: str = ""
    ) -> bool:
        """Cast a secret ballot under a receipt, or replace the one under it. True when replaced.

        Leaves no audit line and no time. Raises ValidationError or StateChanged.
        """
        lock(self)
        if not self.secret:
            raise ValidationError(_("This ballot is open."))
        round = self._may_cast(seat, by, recorded=False, channel="site")
        content = {
            "code": secrecy.code(receipt),
            "class": seat.seat_class,
            "choice": choices.read(self, choice),
            "reason": reason.strip()[:1000],
        }
        voted = list(round.voted.values_list("seat", flat=True))
        urn = {each.lookup: bytes(each.envelope) for each in round.sealed_ballots.all()}
        marks = [mark for mark in secrecy.lookups(receipt) if mark in urn]
        mark = marks[0] if marks else secrecy.lookup(receipt)
        replaced = mark in urn
        if not _fits(content, mark, urn, round) or (replaced and seat.pk not in voted):
            raise ValidationError(_("This page is out of date. Open the ballot again."))
        if not replaced and seat.pk in voted:
            raise ValidationError(
                _("This seat has voted. To change the ballot, use the receipt it was given.")
            )
        urn[mark] = secrecy.seal(content, round.uid)
        self._write_urn(round, [*voted] if replaced else [*voted, seat.pk], urn)
        telling.voted_in_secret(self, seat)
        return replaced

    @verb
    def take_back_ballot(self: Decision, ballot: Ballot, *, by: User) -> None:
        """She takes back an open ballot that was cast in her name, while the vote is open."""
        lock(self)
        self._must_be("voting")
        self._must_not_be_over()
        lock(ballot)
        if ballot.round_id != self._standing().pk:
            raise ValidationError(_("That ballot is of an earlier vote."))
        if not ballot.seat.may_speak(by):
            raise ValidationError(_("Only she whose ballot it is can take it back."))
        Ballot.objects.filter(pk=ballot.pk, is_current=True).update(
            is_current=False, taken_back_at=clock.now()
        )
        audit(self, before=self.state, after="ballot taken back", by=by)

    @verb
    def end_voting(self: Decision) -> None:
        """Count, when the time is over; only the clock does this, and once.

        Raises ValidationError before the time is over, StateChanged if it was counted.
        """
        self._lock()
        self._must_be("voting")
        round = lock(self._standing())
        now = clock.now()
        if round.voting_until is None or round.voting_until > now:
            raise ValidationError(_("The vote is open until its time is over."))
        seats = counting.seats_after_recusal(self, round)
        if self.secret:
            envelopes = counting.opened(round)
            cast = counting.secret_ballots(envelopes)
            self._empty_urn(round, envelopes)
        else:
            cast = counting.open_ballots(round)
        result = counting.count(self, cast, seats)
        outcome = Outcome.objects.create(
            initiative=self.initiative,
            decision=self,
            round=round,
            outcome=result.outcome,
            result=record.result_face(result, cast, secret=self.secret),
            seats=seats,
            counted_at=now,
        )
        Round.objects.filter(pk=round.pk).update(counted_at=now)
        move(self, start="voting", to="counted", by=None, acts_at=None)
        self.initiative.public_changed()
        telling.counted(self, outcome)
        ChainLink.add(
            self.initiative,
            kind=record.COUNT,
            record_uid=outcome.uid,
            content=record.count_content(outcome),
        )

    # --- inside

    def _may_be_secret(self: Decision) -> None:
        if not self.secret:
            return
        seats: dict[str, int] = {}
        for name in self.committee.voting().values_list("seat_class", flat=True):
            seats[name] = seats.get(name, 0) + 1
        small = [
            name
            for name in self.threshold
            if name != shares.ALL and seats.get(name, 0) < SECRET_NEEDS_SEATS
        ]
        if small:
            raise ValidationError(
                _(
                    "A class with a threshold has fewer than three seats, so a secret ballot would "
                    "show how they voted. Use an open ballot, or drop the threshold of the class."
                )
            )

    def _lock_subject(self: Decision) -> None:
        effect = registry.effects.get(self.effect)
        subject = effect.subject(self.initiative, self.effect_params) if effect else None
        if isinstance(subject, models.Model):
            lock(subject)

    def _may_cast(self: Decision, seat: Seat, by: User, *, recorded: bool, channel: str) -> Round:
        self._must_be("voting")
        self._must_not_be_over()
        round = self._standing()
        lock(seat)
        if not round.electors.filter(seat=seat).exists() or not seat.is_seated():
            raise ValidationError(_("This seat may not vote here: it ended, or was never asked."))
        if self.recusals().filter(seat=seat).exists():
            raise ValidationError(_("This seat stands back from this decision."))
        if recorded:
            if channel not in ("phone", "letter", "in_person"):
                raise ValidationError(_("Say whether it came by phone, on paper or in person."))
            if not self.may_record(by):
                raise ValidationError(_("Staff or a seat of the committee writes it down."))
        elif not seat.may_speak(by):
            raise ValidationError(_("Only the holder of a seat votes with it."))
        return round

    def _write_urn(self: Decision, round: Round, voted: list[int], urn: dict[str, bytes]) -> None:
        """Write all of it anew, shuffled, so that no row is older or stands before another."""
        round.voted.all().delete()
        round.sealed_ballots.all().delete()
        SeatVoted.objects.bulk_create(
            SeatVoted(decision=self, round=round, seat_id=seat) for seat in secrecy.shuffled(voted)
        )
        SealedBallot.objects.bulk_create(
            SealedBallot(decision=self, round=round, lookup=lookup, envelope=envelope)
            for lookup, envelope in secrecy.shuffled(urn.items())
        )

    def _empty_urn(self: Decision, round: Round, envelopes: list[dict[str, Any]]) -> None:
        """Lay the ballots out, in another order, and throw the envelopes away."""
        voted = list(round.voted.values_list("seat", flat=True))
        self._write_urn(round, voted, {})
        CountedBallot.objects.bulk_create(
            CountedBallot(
                decision=self,
                round=round,
                code=each["code"],
                choice=each["choice"],
                reason=each["reason"],
            )
            for each in secrecy.shuffled(envelopes)
        )

    def _void_ballots(self: Decision, round: Round) -> None:
        """Nothing of this round counts; open ballots stay as a trail, secret ones are gone."""
        if self.state != "voting":
            return
        if self.secret:
            self._write_urn(round, [], {})
        else:
            round.ballots.effective().update(is_current=False, voided_at=clock.now())


def _fits(content: dict[str, Any], mark: str, urn: Mapping[str, bytes], round: Round) -> bool:
    """No second ballot has this code, and one that is replaced keeps its class of seats.

    Two ballots of one code could not be published, and whoever learns a receipt of another class
    must not turn its ballot into one of her own.
    """
    for lookup, envelope in urn.items():
        there = secrecy.unseal(envelope, round.uid)
        if lookup == mark and there["class"] != content["class"]:
            return False
        if lookup != mark and there["code"] == content["code"]:
            return False
    return True
