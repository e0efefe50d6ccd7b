"""The end of a decision: reasons and replies, the outcome in force, what followers answer."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from agenda import record
from agenda.models.outcomes import FollowerAnswer, Outcome
from agenda.models.rounds import Round
from agenda.telling import decisions as telling
from ciforum.people import clock, registry
from ciforum.people.models import ChainLink
from ciforum.people.transitions import StateChanged, audit, lock, move, verb
from ciforum.people.words import Words
from equity.gates import GateClosed
from equity.models import Seat
from equity.steps import close_decision

if TYPE_CHECKING:
    from agenda.models import Decision
    from ciforum.people.models import User


class Closing:
    """The last stages of a decision."""

    # --- questions

    @property
    def outcome(self: Decision) -> Outcome | None:
        """The count of the standing round, once there is one."""
        return self.outcomes.filter(round__ended_how="").first()

    def counted(self: Decision) -> Outcome:
        """The count. Raises StateChanged before there is one."""
        outcome = self.outcome
        if outcome is None:
            raise StateChanged
        return outcome

    def missing_quorum(self: Decision) -> list[str]:
        unmet = self.counted().result["unmet"]
        return [code.removeprefix("quorum:") for code in unmet if code.startswith("quorum:")]

    def turnout(self: Decision) -> dict[str, dict[str, int]]:
        return dict(self.counted().result["turnout"])

    def unanswered_inputs(self: Decision) -> int:
        return self.inputs.owed_a_reply().count()

    def reasons_written(self: Decision) -> bool:
        return bool(self.counted().reasons)

    # --- changes

    @verb
    def give_reasons(self: Decision, *, reasons: Words, by: User) -> None:
        """Write why it came out like this: staff or a seat of the committee. ValidationError."""
        self._lock()
        self._must_be("counted")
        if not self.may_record(by):
            raise ValidationError(_("Staff or a seat of the committee writes the reasons."))
        outcome = lock(self.counted())
        outcome.reasons, outcome.reasons_by = reasons, by
        outcome.clean_fields(exclude=["result", "seats", "held_by"])
        outcome.save(update_fields=["reasons", "reasons_by"])
        audit(self, before=self.state, after="reasons given", by=by)

    @verb
    def close(self: Decision, *, by: User) -> None:
        """Seal it, and let what was decided come into force. Raises GateClosed or StateChanged.

        The outcome stands whatever its effect comes to: if the effect's own gate holds now, it
        waits as held, with its reasons, until `retry_effect`.
        """
        self._lock()
        self._must_be("counted")
        outcome = lock(self.counted())
        self._lock_subject()
        entry = close_decision.require(self, by=by)
        now = clock.now()
        move(
            self,
            start="counted",
            to="closed",
            by=by,
            passed_close=entry,
            closed_at=now,
            closed_by=by,
        )
        self._let_take_effect(outcome)
        if outcome.outcome == "passed":
            self._ask_followers(clock.days_on(self.follow_days, self.initiative.time_zone))
        self.initiative.public_changed()
        telling.closed(self, outcome)
        ChainLink.add(
            self.initiative,
            kind=record.CLOSE,
            record_uid=self.uid,
            content=record.close_content(self),
        )

    @verb
    def retry_effect(self: Decision, *, by: User) -> None:
        """Try again to put in force what a rule held at the close. Raises GateClosed."""
        self._lock()
        self._must_be("closed")
        outcome = lock(self.counted())
        if outcome.effect_state != Outcome.Effect.HELD:
            raise StateChanged
        self._lock_subject()
        self._let_take_effect(outcome)
        if outcome.effect_state == Outcome.Effect.HELD:
            return
        self.initiative.public_changed()
        audit(self, before="held", after="in force", by=by)

    @verb
    def decide_again(self: Decision, *, by: User) -> None:
        """Too few voted: back to deliberation, for another round."""
        self._lock()
        self._must_be("counted")
        if self.counted().outcome != "no quorum":
            raise ValidationError(_("It was decided; only a vote without quorum is held again."))
        self._end_round(Round.End.NO_QUORUM, by=by)

    @verb
    def review(self: Decision, *, by: User) -> None:
        """Note that it was looked at again on its date."""
        self._lock()
        self._must_be("closed")
        if self.reviewed_at is None:
            self.reviewed_at = clock.now()
            self.save(update_fields=["reviewed_at"])
            telling.reviewed(self)
            audit(self, before=self.state, after="reviewed", by=by)

    @verb
    def follow(self: Decision, *, seat: Seat, answer: str, words: str, by: User) -> None:
        """A follower answers: "will do" or "cannot, because". Raises ValidationError."""
        self._lock()
        self._must_be("closed")
        owed = self.answers.filter(seat=seat).first()
        if owed is None or not seat.may_speak(by):
            raise ValidationError(_("Only a follower of this committee answers."))
        lock(owed)
        owed.answer, owed.words, owed.at, owed.by = answer, words.strip(), clock.now(), by
        if not owed.words:
            raise ValidationError({"words": _("Say what you will do, or why you cannot.")})
        owed.full_clean()
        owed.save(update_fields=["answer", "words", "at", "by"])
        audit(self, before=self.state, after="follower answered", by=by)
        telling.followed(self, seat)

    @verb
    def act_on_time(self: Decision) -> str:
        """Do what is due by the clock, once; answers what was done, or ""."""
        self._lock()
        now = clock.now()
        if self.state == "input" and self.input_until and self.input_until <= now:
            self.end_input()
            return "input ended"
        if self.acts_at is None or self.acts_at > now:
            return ""
        if self.state == "voting":
            self.end_voting()
            return "counted"
        if self.state == "last_word":
            return self._try_to_open_vote()
        return ""

    # --- inside

    def _let_take_effect(self: Decision, outcome: Outcome) -> None:
        effect = registry.effects.get(self.effect)
        if effect is None:
            return
        subject = effect.subject(self.initiative, self.effect_params)
        if outcome.outcome != "passed":
            if effect.let_go and subject is not None:
                effect.let_go(subject, self)
            return
        state, held_by = Outcome.Effect.DONE, []
        try:
            self._carry_out(effect, subject)
        except GateClosed as closed:
            state = Outcome.Effect.HELD
            held_by = [{"code": each.code, "params": each.params} for each in closed.unmet]
        except (StateChanged, ValidationError):
            # Another decision was faster: that must not keep this one from being closed.
            state, held_by = Outcome.Effect.HELD, [{"code": "effect_gone", "params": {}}]
        outcome.effect_state, outcome.held_by = state, held_by
        outcome.save(update_fields=["effect_state", "held_by"])

    @verb
    def _carry_out(self: Decision, effect: registry.Effect, subject: object) -> None:
        """In a savepoint: a gate that holds undoes only this."""
        if subject is None:
            raise StateChanged
        effect.carry_out(self, subject)

    def _ask_followers(self: Decision, due: datetime) -> None:
        for seat in self.committee.seated().filter(is_voting=False):
            FollowerAnswer.objects.create(
                initiative=self.initiative, decision=self, seat=seat, due=due
            )

    def _try_to_open_vote(self: Decision) -> str:
        """The last word is over: open the vote, or tell the staff once what holds it."""
        round = self._standing()
        Round.objects.filter(pk=round.pk).update(tried_at=clock.now())
        type(self).objects.filter(pk=self.pk).update(acts_at=None)
        self.refresh_from_db(fields=["acts_at"])
        try:
            self.open_voting(by=None)
        except (GateClosed, ValidationError):
            telling.vote_held(self)
            return "held"
        return "vote opened"
