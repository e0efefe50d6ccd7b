"""Ballots: open ones with every version, secret ones apart from whoever cast them."""

from __future__ import annotations

import uuid
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ciforum.people.models import Scoped, ScopedQuerySet
from equity.models import Seat

MAY_VOTE = """
    IF NOT EXISTS (SELECT 1 FROM agenda_decision decision
                   JOIN agenda_round round ON round.decision_id = decision.id
                        AND round.ended_how = ''
                   JOIN agenda_elector elector ON elector.round_id = round.id
                   JOIN equity_seat seat ON seat.id = elector.seat_id
                   WHERE decision.id = NEW.decision_id AND decision.state = 'voting'
                     AND decision.secret = {sealed} AND round.counted_at IS NULL
                     AND elector.seat_id = NEW.seat_id {more}) THEN
        RAISE EXCEPTION 'only a seat that may vote votes, and only while the vote is open'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
# Of the round that is voted on now: those of an earlier one stay as they were counted.
WHILE_VOTING = """
    IF NOT EXISTS (SELECT 1 FROM agenda_round round
                   JOIN agenda_decision decision ON decision.id = round.decision_id
                   WHERE round.id = COALESCE(NEW.round_id, OLD.round_id)
                     AND decision.id = COALESCE(NEW.decision_id, OLD.decision_id)
                     AND round.ended_how = '' AND round.counted_at IS NULL
                     AND decision.state = 'voting')
       OR NEW.round_id <> OLD.round_id OR NEW.decision_id <> OLD.decision_id THEN
        RAISE EXCEPTION 'ballots stay as they are when the vote is over'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""


class BallotQuerySet(ScopedQuerySet):
    def effective(self) -> BallotQuerySet:
        return self.filter(is_current=True)


class Ballot(Scoped):
    """An open ballot. A change is a new version; every version stays."""

    decision = models.ForeignKey(
        "agenda.Decision", on_delete=models.PROTECT, related_name="ballots"
    )
    round = models.ForeignKey("agenda.Round", on_delete=models.PROTECT, related_name="ballots")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    seat_class = models.CharField(max_length=20)
    choice: Any = models.JSONField()
    version = models.PositiveIntegerField()
    is_current = models.BooleanField(default=True)
    reason = models.TextField(_("your reason"), max_length=2000, blank=True)
    # So that a request that is sent twice counts once.
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    receipt = models.CharField(max_length=20)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    channel = models.CharField(max_length=12, default="site")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)

    objects = BallotQuerySet.as_manager()

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        ordering = ["seat", "version"]
        constraints = [
            models.UniqueConstraint(
                "round",
                "seat",
                name="one_effective_ballot_per_seat",
                condition=Q(is_current=True),
            ),
            models.UniqueConstraint("round", "seat", "version", name="one_ballot_per_version"),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(taken_back_at=None, voided_at=None),
                name="an_effective_ballot_stands",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="cast_by_who_may",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=MAY_VOTE.format(
                    sealed="false",
                    more="""AND seat.state = 'seated' AND round.id = NEW.round_id
                     AND elector.seat_class = NEW.seat_class AND NEW.at <= round.voting_until
                     AND NOT EXISTS (SELECT 1 FROM equity_recusal recusal
                                     WHERE recusal.seat_id = NEW.seat_id
                                       AND recusal.about = decision.uid)""",
                ),
            ),
            pgtrigger.Trigger(
                name="stays_when_over",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=WHILE_VOTING,
            ),
            # What was replaced, taken back or voided does not come back.
            pgtrigger.Protect(
                name="never_revived",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__is_current=False),
            ),
            pgtrigger.ReadOnly(
                name="stays_as_cast",
                fields=[
                    *("initiative", "uid", "decision", "round", "seat", "seat_class", "choice"),
                    *("version", "key", "receipt", "by", "recorded_by", "channel", "at", "reason"),
                ],
            ),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.seat_id}: {self.version}"


class SeatVoted(models.Model):
    """That a seat has cast its secret ballot: no time, no order, no tie to the ballot.

    All rows of a decision are written anew at each ballot, together with the ballots, so that
    neither their place on disk nor their transaction tells which belong together.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey("agenda.Decision", on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey("agenda.Round", on_delete=models.PROTECT, related_name="voted")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("round", "seat", name="a_seat_votes_once_in_secret")]
        triggers = [
            pgtrigger.Trigger(
                name="cast_by_who_may",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                # A seat that voted and ended since stays among those that voted.
                func=MAY_VOTE.format(sealed="true", more="AND round.id = NEW.round_id"),
            ),
            pgtrigger.Trigger(
                name="only_while_voting",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=WHILE_VOTING,
            ),
        ]

    def __str__(self) -> str:
        return str(self.seat_id)


class SealedBallot(models.Model):
    """A secret ballot in its envelope until the count; see `agenda/secrecy.py`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey("agenda.Decision", on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(
        "agenda.Round", on_delete=models.PROTECT, related_name="sealed_ballots"
    )
    # Digest of the receipt: only who holds it finds the envelope again.
    lookup = models.CharField(max_length=64, unique=True)
    envelope = models.BinaryField()

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="only_while_voting",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=WHILE_VOTING,
            ),
        ]

    def __str__(self) -> str:
        return "sealed"


class CountedBallot(models.Model):
    """A secret ballot out of its envelope: its code and its choice, in random order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey("agenda.Decision", on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(
        "agenda.Round", on_delete=models.PROTECT, related_name="counted_ballots"
    )
    code = models.CharField(max_length=20)
    choice: Any = models.JSONField()
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint("round", "code", name="one_ballot_per_code")]
        triggers = [
            pgtrigger.Trigger(
                name="written_at_the_count",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=WHILE_VOTING,
            ),
            pgtrigger.Protect(name="stays", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.code
