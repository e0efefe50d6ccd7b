"""What came out of a decision, and what those who follow it answer."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.words import WordsField
from equity.models import Seat


class Outcome(Scoped):
    """The count of a decision, its reasons, and what its effect came to.

    Written once, when the vote is over; reasons are added until the decision is closed.
    """

    class Effect(models.TextChoices):
        NONE = "", _("No effect")
        DONE = "done", _("In force")
        HELD = "held", _("Held by a rule")

    decision = models.ForeignKey(
        "agenda.Decision", on_delete=models.PROTECT, related_name="outcomes"
    )
    round = models.OneToOneField("agenda.Round", on_delete=models.PROTECT, related_name="outcome")
    outcome = models.CharField(max_length=10)
    # As the public record shows it; see `record.result_face`.
    result: Any = models.JSONField()
    seats: Any = models.JSONField()
    counted_at = models.DateTimeField()
    reasons = WordsField(_("why it came out like this"), long=True, blank=True)
    reasons_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    effect_state = models.CharField(max_length=5, choices=Effect, blank=True)
    # What the effect's gate said when it held: [{"code": …, "params": …}].
    held_by: Any = models.JSONField(default=list)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["passed", "failed", "tied", "no quorum"]),
                name="outcome_known",
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="counted_when_time_is_over",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM agenda_round round
                        JOIN agenda_decision decision ON decision.id = round.decision_id
                        WHERE round.id = NEW.round_id AND decision.id = NEW.decision_id
                          AND decision.initiative_id = NEW.initiative_id
                          AND decision.state = 'voting' AND round.ended_how = ''
                          AND NEW.counted_at >= round.voting_until) THEN
                        RAISE EXCEPTION 'a vote is counted once, when its time is over'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.ReadOnly(
                name="the_count_stays",
                fields=[
                    *("initiative", "decision", "round", "outcome", "result", "seats"),
                    *("counted_at", "uid"),
                ],
            ),
            # What is in force was put there once; what is held may still come into force.
            pgtrigger.Protect(
                name="in_force_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__effect_state="done"),
            ),
            pgtrigger.Trigger(
                name="reasons_stay_when_closed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__reasons__df=pgtrigger.F("new__reasons"))
                | pgtrigger.Q(old__reasons_by__df=pgtrigger.F("new__reasons_by")),
                func="""
                    IF EXISTS (SELECT 1 FROM agenda_decision decision
                               WHERE decision.id = NEW.decision_id
                                 AND decision.state NOT IN ('counted')) THEN
                        RAISE EXCEPTION 'closed is closed' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.outcome


class FollowerAnswer(Scoped):
    """A follower's answer to a decision: it will do its part, or cannot, because."""

    class Answer(models.TextChoices):
        WILL_DO = "will_do", _("We will do it")
        CANNOT = "cannot", _("We cannot, because")

    decision = models.ForeignKey(
        "agenda.Decision", on_delete=models.PROTECT, related_name="answers"
    )
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    due = models.DateTimeField()
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, blank=True)
    words = models.TextField(_("what we will do, or why we cannot"), max_length=2000, blank=True)
    at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["due", "id"]
        constraints = [models.UniqueConstraint("decision", "seat", name="one_answer_per_follower")]
        triggers = [
            pgtrigger.ReadOnly(
                name="stays_as_asked", fields=["initiative", "uid", "decision", "seat", "due"]
            ),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.seat_id}: {self.answer}"
