"""A round: one passage from the last word to the vote, with everything that was said in it."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ciforum.people.models import Scoped, ScopedQuerySet, StoredFile
from equity.models import Channel, Seat, SeatClass

# Rows said in a round stay as they were said; a few columns tell what became of them.
ROUND_IS_OPEN = """
    IF NOT EXISTS (SELECT 1 FROM agenda_round round
                   JOIN agenda_decision decision ON decision.id = round.decision_id
                   WHERE round.id = NEW.round_id AND round.ended_how = ''
                     AND decision.state = '{state}') THEN
        RAISE EXCEPTION '{says}' USING ERRCODE = 'check_violation';
    END IF;
    {more}
    RETURN NEW;
"""


class RoundQuerySet(ScopedQuerySet):
    def standing(self) -> RoundQuerySet:
        """The round that was neither sent back nor voided."""
        return self.filter(ended_how="")


class Round(Scoped):
    """The text as it was frozen when last word opened, and how far it came."""

    class End(models.TextChoices):
        SENT_BACK = "sent_back", _("Sent back by a last word")
        EDITED = "edited", _("The text was changed")
        NO_QUORUM = "no_quorum", _("Too few voted")

    decision = models.ForeignKey("agenda.Decision", on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    paper: Any = models.JSONField()
    paper_digest = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    # Whether the clock has tried to open the vote when the last word was over.
    tried_at = models.DateTimeField(null=True, blank=True)
    voting_opened_at = models.DateTimeField(null=True, blank=True)
    voting_until = models.DateTimeField(null=True, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_how = models.CharField(max_length=10, choices=End, blank=True)
    ended_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("decision", "number", name="one_round_per_number"),
            models.UniqueConstraint(
                "decision", name="one_standing_round", condition=Q(ended_how="")
            ),
            # The clock ends a vote; nobody does so early.
            models.CheckConstraint(
                condition=Q(counted_at=None)
                | Q(voting_until__isnull=False, counted_at__gte=models.F("voting_until")),
                name="no_vote_ends_early",
            ),
            models.CheckConstraint(
                condition=Q(ended_how="", ended_at=None)
                | (~Q(ended_how="") & Q(ended_at__isnull=False)),
                name="a_round_ends_with_a_reason",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="paper_stays",
                fields=[
                    *("initiative", "uid", "decision", "number", "paper", "paper_digest"),
                    *("opened_at", "until"),
                ],
            ),
            # Days are the calendar's: one in spring has 23 hours.
            pgtrigger.Trigger(
                name="opens_in_deliberation",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM agenda_decision decision
                        WHERE decision.id = NEW.decision_id AND decision.state = 'deliberation'
                          AND decision.initiative_id = NEW.initiative_id
                          AND NEW.until >= NEW.opened_at - interval '2 hours'
                              + decision.last_word_days * interval '24 hours')
                       OR NEW.voting_opened_at IS NOT NULL OR NEW.voting_until IS NOT NULL
                       OR NEW.counted_at IS NOT NULL OR NEW.ended_how <> '' THEN
                        RAISE EXCEPTION 'a round begins in deliberation and has all its days'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="all_days_to_vote",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__voting_until__df=pgtrigger.F("new__voting_until")),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM agenda_decision decision
                        WHERE decision.id = NEW.decision_id AND decision.state = 'last_word'
                          AND NEW.voting_opened_at >= NEW.opened_at
                          AND NEW.voting_until >= NEW.voting_opened_at - interval '2 hours'
                              + decision.voting_days * interval '24 hours') THEN
                        RAISE EXCEPTION 'a vote has all its days'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="times_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF (OLD.voting_until IS NOT NULL
                        AND (OLD.voting_opened_at, OLD.voting_until)
                            IS DISTINCT FROM (NEW.voting_opened_at, NEW.voting_until))
                       OR (OLD.counted_at IS NOT NULL AND OLD.counted_at
                            IS DISTINCT FROM NEW.counted_at)
                       OR OLD.ended_how <> '' THEN
                        RAISE EXCEPTION 'what happened in a round stays'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # What was counted ends for want of a quorum only, and what is closed not at all.
            pgtrigger.Trigger(
                name="ends_while_it_may",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_how__df=pgtrigger.F("new__ended_how")),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM agenda_decision decision
                        LEFT JOIN agenda_outcome outcome ON outcome.round_id = NEW.id
                        WHERE decision.id = NEW.decision_id AND (
                            decision.state IN ('last_word', 'voting') AND outcome.id IS NULL
                                AND NEW.ended_how IN ('sent_back', 'edited')
                            OR decision.state = 'counted' AND NEW.ended_how = 'no_quorum'
                                AND outcome.outcome = 'no quorum')) THEN
                        RAISE EXCEPTION 'a round that was decided stays'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}/{self.number}"


class LastWord(Scoped):
    """What a seat for lived experience said last: support, ask for changes, send back, or pass.

    Chains keep `digest` only. Words and voice can be erased by the seat; the choice stays.
    """

    class Choice(models.TextChoices):
        SUPPORT = "support", _("I support it")
        CHANGES = "changes", _("I ask for changes")
        SEND_BACK = "send_back", _("I send it back")
        PASS = "pass", _("I pass")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="last_words")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="last_words")
    choice = models.CharField(_("your last word"), max_length=10, choices=Choice)
    words = models.TextField(_("in your words"), max_length=5000, blank=True)
    voice = models.OneToOneField(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    language = models.CharField(_("language"), max_length=40, blank=True)
    is_public = models.BooleanField(_("everybody may read it"), default=False)
    salt = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    # Staff or another seat wrote it down for her: by phone or on paper.
    recorded_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    channel = models.CharField(max_length=12, default="site")
    confirmed_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    is_current = models.BooleanField(default=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("last word")
        verbose_name_plural = _("last words")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                "round", "seat", name="one_last_word_per_seat", condition=Q(is_current=True)
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(words="", voice=None, salt=""),
                name="an_erased_last_word_is_empty",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="spoken_in_its_time",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=ROUND_IS_OPEN.format(
                    state="last_word",
                    says="a last word is given while it is open",
                    more="""IF NOT EXISTS (
                        SELECT 1 FROM equity_seat seat
                        JOIN agenda_round round ON round.id = NEW.round_id
                        JOIN agenda_decision decision ON decision.id = round.decision_id
                        WHERE seat.id = NEW.seat_id AND seat.state = 'seated'
                          AND seat.seat_class = 'lived_experience'
                          AND seat.committee_id = decision.committee_id) THEN
                        RAISE EXCEPTION 'the last word belongs to seats for lived experience'
                            USING ERRCODE = 'check_violation';
                    END IF;""",
                ),
            ),
            pgtrigger.ReadOnly(
                name="stays_as_said",
                fields=[
                    *("round", "seat", "choice", "digest", "by", "recorded_by", "channel", "at"),
                    *("language", "is_public", "uid", "initiative"),
                ],
            ),
            pgtrigger.Trigger(
                name="words_stay_or_go",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF (OLD.words, OLD.salt) IS DISTINCT FROM (NEW.words, NEW.salt)
                       OR OLD.voice_id IS DISTINCT FROM NEW.voice_id
                       OR OLD.erased_at IS DISTINCT FROM NEW.erased_at THEN
                        IF OLD.erased_at IS NOT NULL OR NEW.erased_at IS NULL THEN
                            RAISE EXCEPTION 'words are erased, and never changed'
                                USING ERRCODE = 'check_violation';
                        END IF;
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="counts_as_it_counted",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF (OLD.is_current <> NEW.is_current
                        OR OLD.taken_back_at IS DISTINCT FROM NEW.taken_back_at
                        OR OLD.confirmed_by_id IS DISTINCT FROM NEW.confirmed_by_id)
                       AND (NEW.is_current AND NOT OLD.is_current OR NOT EXISTS (
                           SELECT 1 FROM agenda_round round
                           JOIN agenda_decision decision ON decision.id = round.decision_id
                           WHERE round.id = NEW.round_id AND round.ended_how = ''
                             AND decision.state IN ('last_word', 'voting'))) THEN
                        RAISE EXCEPTION 'a last word counts as it did when its round was over'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.seat_id}: {self.choice}"

    @property
    def was_given_by_her(self) -> bool:
        """She, or who stands in for her, said it or stood by it; not another resident."""
        if self.recorded_by_id is None:
            return True
        return self.confirmed_by is not None and self.seat.may_speak(self.confirmed_by)

    @property
    def is_hers(self) -> bool:
        """She said it herself, or she or another resident stood by what was written down."""
        return self.recorded_by_id is None or self.confirmed_by_id is not None


class ContactTry(Scoped):
    """A try to reach a seat for its last word, or that she opened the text herself.

    Names seat, channel and time, never an address. A try that she disputes does not count.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="tries")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(
        _("channel"), max_length=12, choices=[*Channel.choices, ("site", _("This site"))]
    )
    language = models.CharField(_("language"), max_length=10)
    # The text itself came to her: sent, handed over, read out, or left as a message.
    delivered = models.BooleanField(_("the text reached her"), default=False)
    opened = models.BooleanField(default=False)
    by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    disputed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        triggers = [
            pgtrigger.Trigger(
                name="tried_in_its_time",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=ROUND_IS_OPEN.format(
                    state="last_word",
                    says="tries belong to an open last word",
                    more="""IF NOT EXISTS (
                        SELECT 1 FROM equity_seat seat
                        JOIN agenda_round round ON round.id = NEW.round_id
                        JOIN agenda_decision decision ON decision.id = round.decision_id
                        WHERE seat.id = NEW.seat_id AND seat.seat_class = 'lived_experience'
                          AND seat.committee_id = decision.committee_id
                          AND NEW.at >= round.opened_at AND NEW.disputed_at IS NULL) THEN
                        RAISE EXCEPTION 'a try is about a seat that speaks last, from then on'
                            USING ERRCODE = 'check_violation';
                    END IF;""",
                ),
            ),
            pgtrigger.Trigger(
                name="disputed_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__disputed_at__df=pgtrigger.F("new__disputed_at")),
                func="""
                    IF OLD.disputed_at IS NOT NULL OR NOT EXISTS (
                           SELECT 1 FROM agenda_round round
                           JOIN agenda_decision decision ON decision.id = round.decision_id
                           WHERE round.id = NEW.round_id AND round.ended_how = ''
                             AND decision.state IN ('last_word', 'voting')) THEN
                        RAISE EXCEPTION 'a try that she disputes does not count again'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.ReadOnly(
                name="stays_as_logged",
                fields=[
                    *("round", "seat", "channel", "language", "delivered", "opened", "by", "at"),
                    *("uid", "initiative"),
                ],
            ),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.seat_id} {self.channel}"


class Elector(Scoped):
    """A seat that may vote in a round, as it was when the vote opened."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="electors")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    seat_class = models.CharField(max_length=20, choices=SeatClass)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["seat_class", "seat"]
        constraints = [models.UniqueConstraint("round", "seat", name="one_elector_per_seat")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            # Written when the vote opens, before the decision moves; never after.
            pgtrigger.Trigger(
                name="named_before_the_vote",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=ROUND_IS_OPEN.format(
                    state="last_word",
                    says="who may vote is settled when the vote opens",
                    more="""IF NOT EXISTS (
                        SELECT 1 FROM equity_seat seat
                        JOIN agenda_round round ON round.id = NEW.round_id
                        JOIN agenda_decision decision ON decision.id = round.decision_id
                        WHERE seat.id = NEW.seat_id AND seat.state = 'seated'
                          AND seat.is_voting AND seat.seat_class = NEW.seat_class
                          AND seat.committee_id = decision.committee_id) THEN
                        RAISE EXCEPTION 'only a seat of the committee that votes may vote'
                            USING ERRCODE = 'check_violation';
                    END IF;""",
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.seat_id}"
