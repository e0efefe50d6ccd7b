"""A decision: from its draft to its outcome, with the last word before the vote."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pghistory
import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agenda import shares
from agenda.models.stages.closing import Closing
from agenda.models.stages.hearing import Hearing
from agenda.models.stages.preparing import Preparing
from agenda.models.stages.voting import Voting
from ciforum.people import clock
from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.words import WordsField
from equity.models import Committee, Group, LedgerEntry


class Method(models.TextChoices):
    CONSENT = "consent", _("Consent: nobody blocks")
    MAJORITY = "majority", _("Majority")
    TWO_THIRDS = "two_thirds", _("Two thirds")
    GRADIENTS = "gradients", _("Gradients of agreement")
    IRV = "irv", _("Ranked choice, by instant runoff")
    SCHULZE = "schulze", _("Ranked choice, by pairs (Schulze)")
    SCORE = "score", _("Score")
    DOT = "dot", _("Dots to share out")


PROPOSAL_METHODS = (Method.CONSENT, Method.MAJORITY, Method.TWO_THIRDS, Method.GRADIENTS)
RANKED_METHODS = (Method.IRV, Method.SCHULZE)
POINT_METHODS = (Method.SCORE, Method.DOT)


# Rows that belong to the paper change only while its text may.
FROZEN_WITH_THE_TEXT = """
    IF EXISTS (SELECT 1 FROM agenda_decision decision
               WHERE decision.id IN (NEW.decision_id, OLD.decision_id)
                 AND decision.state NOT IN ('draft', 'input', 'deliberation')) THEN
        RAISE EXCEPTION 'the text is frozen from the last word on'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""


class DecisionQuerySet(ScopedQuerySet):
    def public(self) -> DecisionQuerySet:
        """Those anybody may read: all that were opened for input."""
        return self.exclude(passed_input=None)

    def due(self, moment: datetime) -> DecisionQuerySet:
        """Those on which the clock has to act."""
        return self.filter(
            Q(state=Decision.State.INPUT, input_until__lte=moment)
            | Q(state=Decision.State.LAST_WORD, acts_at__lte=moment)
            | Q(state=Decision.State.VOTING, acts_at__lte=moment)
        )


@pghistory.track(fields=["title", "purpose", "can_change", "text", "method", "state"])
class Decision(Preparing, Hearing, Voting, Closing, Scoped):
    """Something a committee decides, in the open; see `docs/decisions.md` for its way.

    draft → input → deliberation → last word → voting → counted → closed. A send-back or an edit
    of the text leads from last word or voting back to deliberation; what has no quorum goes back
    too. `withdrawn` is the other end.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("In preparation")
        INPUT = "input", _("Open for input")
        DELIBERATION = "deliberation", _("In deliberation")
        LAST_WORD = "last_word", _("Last word")
        VOTING = "voting", _("Vote open")
        COUNTED = "counted", _("Counted, not closed")
        CLOSED = "closed", _("Closed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    number = models.PositiveIntegerField()
    committee = models.ForeignKey(
        Committee, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("who decides")
    )
    title = WordsField(_("title"))
    purpose = WordsField(_("purpose: why this, why now"), long=True, blank=True)
    can_change = WordsField(_("what can still change"), long=True, blank=True)
    text = WordsField(_("the text that is decided"), long=True, blank=True)
    method = models.CharField(_("method"), max_length=12, choices=Method, default=Method.MAJORITY)
    secret = models.BooleanField(
        _("secret ballot"),
        default=False,
        help_text=_(
            "Nobody can see who chose what, now or later. Ballots cannot be given by phone or on "
            "paper, and can be changed only with the receipt."
        ),
    )
    # The top of a score, or the number of dots to share out.
    points = models.PositiveSmallIntegerField(
        _("highest score, or dots to share out"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    # Per class or "all": "1/2". See `shares`.
    quorum: Any = models.JSONField(default=shares.usual_quorum, validators=[shares.check])
    threshold: Any = models.JSONField(default=dict, blank=True, validators=[shares.check])
    groups = models.ManyToManyField(
        Group, through="agenda.AffectedGroup", related_name="+", verbose_name=_("groups affected")
    )
    effect = models.CharField(max_length=40, blank=True)
    effect_params: Any = models.JSONField(default=dict, blank=True)
    input_until = models.DateTimeField(_("input until the end of"), null=True, blank=True)
    last_word_days = models.PositiveSmallIntegerField(
        _("days for the last word"), default=7, validators=[MaxValueValidator(90)]
    )
    voting_days = models.PositiveSmallIntegerField(
        _("days for the vote"), default=7, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    follow_days = models.PositiveSmallIntegerField(
        _("days in which followers answer"),
        default=21,
        validators=[MinValueValidator(1), MaxValueValidator(180)],
    )
    review_on = models.DateField(_("look at it again on"), null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True, editable=False)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT, editable=False)
    proposed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    # The class of the seat from which it was proposed, or the role of a proposer without one.
    proposed_class = models.CharField(max_length=20)
    created_at = models.DateTimeField(default=clock.now)
    input_opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    input_ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When the clock acts next: the end of the last word, or of the vote.
    acts_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    withdrawn_because = models.CharField(max_length=500, blank=True, editable=False)
    passed_input = models.ForeignKey(
        LedgerEntry, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    passed_voting = models.ForeignKey(
        LedgerEntry, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    passed_close = models.ForeignKey(
        LedgerEntry, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-number"]
        indexes = [models.Index(fields=["state", "acts_at"], name="decisions_that_are_due")]
        constraints = [
            models.UniqueConstraint("initiative", "number", name="one_decision_per_number"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | (Q(passed_input__isnull=False) & Q(input_opened_at__isnull=False)),
                name="decision_passed_input",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["voting", "counted", "closed"])
                | Q(passed_voting__isnull=False),
                name="decision_passed_voting",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | (Q(passed_close__isnull=False) & Q(closed_at__isnull=False)),
                name="decision_passed_close",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="passed_its_gates",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=~pgtrigger.Q(new__state__in=("draft", "withdrawn")),
                func="""
                    IF NOT EXISTS (SELECT 1 FROM equity_ledgerentry entry
                                   WHERE entry.id = NEW.passed_input_id AND entry.kind = 'pass'
                                     AND entry.gate = 'agenda.decision.open_input'
                                     AND entry.record_uid = NEW.uid
                                     AND entry.initiative_id = NEW.initiative_id)
                       OR (NEW.state IN ('voting', 'counted', 'closed') AND NOT EXISTS (
                           SELECT 1 FROM equity_ledgerentry entry
                                   WHERE entry.id = NEW.passed_voting_id AND entry.kind = 'pass'
                                     AND entry.gate = 'agenda.decision.open_voting'
                                     AND entry.at >= (
                                         SELECT max(round.opened_at) FROM agenda_round round
                                         WHERE round.decision_id = NEW.id)
                                     AND entry.record_uid = NEW.uid
                                     AND entry.initiative_id = NEW.initiative_id))
                       OR (NEW.state = 'closed' AND NOT EXISTS (
                           SELECT 1 FROM equity_ledgerentry entry
                                   WHERE entry.id = NEW.passed_close_id AND entry.kind = 'pass'
                                     AND entry.gate = 'agenda.decision.close'
                                     AND entry.record_uid = NEW.uid
                                     AND entry.initiative_id = NEW.initiative_id))
                    THEN
                        RAISE EXCEPTION 'a decision goes on through its gates only'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.FSM(
                name="its_way",
                field="state",
                transitions=[
                    ("draft", "input"),
                    ("draft", "withdrawn"),
                    ("input", "deliberation"),
                    ("input", "withdrawn"),
                    ("deliberation", "last_word"),
                    ("deliberation", "withdrawn"),
                    ("last_word", "voting"),
                    ("last_word", "deliberation"),
                    ("voting", "counted"),
                    ("voting", "deliberation"),
                    ("counted", "closed"),
                    ("counted", "deliberation"),
                    ("counted", "withdrawn"),
                ],
            ),
            pgtrigger.Trigger(
                name="text_is_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    old__state__in=("last_word", "voting", "counted", "closed", "withdrawn")
                ),
                func="""
                    IF (OLD.title, OLD.purpose, OLD.can_change, OLD.text, OLD.method, OLD.secret,
                        OLD.points, OLD.quorum, OLD.threshold, OLD.effect, OLD.effect_params,
                        OLD.voting_days, OLD.last_word_days, OLD.committee_id, OLD.number,
                        OLD.uid, OLD.initiative_id)
                       IS DISTINCT FROM
                       (NEW.title, NEW.purpose, NEW.can_change, NEW.text, NEW.method, NEW.secret,
                        NEW.points, NEW.quorum, NEW.threshold, NEW.effect, NEW.effect_params,
                        NEW.voting_days, NEW.last_word_days, NEW.committee_id, NEW.number,
                        NEW.uid, NEW.initiative_id) THEN
                        RAISE EXCEPTION 'the text is frozen from the last word on'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="rounds_go_with_it",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
                func="""
                    IF NEW.state IN ('last_word', 'voting', 'counted', 'closed')
                       AND NOT EXISTS (
                           SELECT 1 FROM agenda_round round
                           WHERE round.decision_id = NEW.id AND round.ended_how = ''
                             AND (NEW.state = 'last_word' OR round.voting_until IS NOT NULL)
                             AND (NEW.state IN ('last_word', 'voting')
                                  OR round.counted_at IS NOT NULL AND EXISTS (
                                      SELECT 1 FROM agenda_outcome outcome
                                      WHERE outcome.round_id = round.id))) THEN
                        RAISE EXCEPTION 'a decision stands where its round stands'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    IF NEW.state = 'voting' AND 2 > (
                           SELECT count(*) FROM agenda_lastword word
                           JOIN agenda_round round ON round.id = word.round_id
                           WHERE round.decision_id = NEW.id AND round.ended_how = ''
                             AND word.is_current AND (word.recorded_by_id IS NULL
                                                      OR word.confirmed_by_id IS NOT NULL)) THEN
                        RAISE EXCEPTION 'no vote before two seats have spoken last'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    IF NEW.state = 'deliberation' AND EXISTS (
                           SELECT 1 FROM agenda_round round
                           WHERE round.decision_id = NEW.id AND round.ended_how = '') THEN
                        RAISE EXCEPTION 'the round ends when a decision goes back'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="closed_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=("closed", "withdrawn")),
                # Only that it was looked at again may be noted later.
                func="""
                    IF NEW.reviewed_at IS NOT DISTINCT FROM OLD.reviewed_at
                       OR OLD.reviewed_at IS NOT NULL
                       OR to_jsonb(NEW) - 'reviewed_at' <> to_jsonb(OLD) - 'reviewed_at' THEN
                        RAISE EXCEPTION 'closed is closed' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return reverse("agenda:decision", args=[self.initiative.slug, self.uid])

    def ledger_label(self) -> dict[str, str]:
        return dict(self.title)

    def remedy_url(self, code: str) -> str:
        """Where the rule with this code can be met."""
        slug, uid = self.initiative.slug, self.uid
        match code:
            case "basics_missing" | "groups_not_named" | "groups_not_asked":
                return reverse("agenda:decision_edit", args=[slug, uid])
            case "composition":
                return self.committee.get_absolute_url()
            case "seats_unheard" | "too_few_heard":
                return reverse("agenda:decision_hearing", args=[slug, uid])
            case "inputs_unanswered":
                return reverse("agenda:decision_inputs", args=[slug, uid])
            case "reasons_missing":
                return reverse("agenda:decision_reasons", args=[slug, uid])
            case _:
                return self.get_absolute_url()

    @property
    def is_public(self) -> bool:
        return self.passed_input_id is not None


class AffectedGroup(Scoped):
    """A group that the decision touches, and how it is asked where it holds no seat."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="affected")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    asked_how = WordsField(_("how it is being asked"), max_length=500, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("decision", "group", name="a_group_is_affected_once")
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen_with_the_text",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=FROZEN_WITH_THE_TEXT,
            )
        ]

    def __str__(self) -> str:
        return str(self.group)


class Option(Scoped):
    """One of the things to choose from, where the method ranks or scores several."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="options")
    key = models.SlugField(max_length=20)
    label = WordsField(_("option"))
    order = models.PositiveSmallIntegerField(default=0)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint("decision", "key", name="one_option_per_key")]
        triggers = [
            pgtrigger.Trigger(
                name="frozen_with_the_text",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=FROZEN_WITH_THE_TEXT,
            )
        ]

    def __str__(self) -> str:
        return str(self.label)
