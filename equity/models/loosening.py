"""Making a threshold looser: proposed in the open, and in force by a decision only."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from ciforum.people import clock
from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, move, verb
from ciforum.people.words import Words, WordsField
from equity.models.ledger import LedgerEntry
from equity.models.policy import Policy, field_of, is_looser
from equity.seats import COMMUNITY_CLASSES, SeatClass
from equity.steps import loosen_policy

if TYPE_CHECKING:
    from ciforum.people.models import User
    from equity.steps import Carrier

OPEN_VOTING, CLOSE = "agenda.decision.open_voting", "agenda.decision.close"
REASON_WORDS = 8
# From here on a decision has its last word behind it.
AFTER_LAST_WORD = ("voting", "counted", "closed")


class LooseningQuerySet(ScopedQuerySet):
    def proposed(self) -> LooseningQuerySet:
        return self.filter(state=Loosening.State.PROPOSED)


class Loosening(Scoped):
    """One threshold that somebody wants looser, from what to what, and why. Public.

    What it says never changes; whoever means something else drops it and proposes anew. It is put
    in force by the decision that carries it, through the gate `equity.policy.loosen`, and never
    below what holds for every initiative.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        DONE = "done", _("In force")
        DROPPED = "dropped", _("Dropped")

    threshold = models.CharField(_("threshold"), max_length=30)
    before = models.PositiveIntegerField()
    after = models.PositiveIntegerField(_("new value"))
    reason = WordsField(_("reason"), long=True)
    proposed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    # The decision that carries it: written when that opens for input.
    decision_uid = models.UUIDField(null=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    passed = models.ForeignKey(
        LedgerEntry, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = LooseningQuerySet.as_manager()

    # The decision in hand, while its effect is asked or carried out.
    _carrier: Carrier | None = None

    class Meta:
        verbose_name = _("looser threshold")
        verbose_name_plural = _("looser thresholds")
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                "initiative",
                "threshold",
                name="one_proposed_loosening_per_threshold",
                condition=Q(state="proposed"),
                violation_error_message=_("A looser value of this threshold is proposed already."),
            ),
            models.CheckConstraint(
                condition=~Q(state="done")
                | Q(passed__isnull=False, decision_uid__isnull=False, ended_at__isnull=False),
                name="loosening_passed_its_gate",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="carried_by_a_decision",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__state="done"),
                func="""
                    IF NOT EXISTS (SELECT 1 FROM equity_ledgerentry entry
                                   WHERE entry.id = NEW.passed_id AND entry.kind = 'pass'
                                     AND entry.gate = 'equity.policy.loosen'
                                     AND entry.record_uid = NEW.uid
                                     AND entry.initiative_id = NEW.initiative_id)
                       OR 2 <> (SELECT count(DISTINCT entry.gate) FROM equity_ledgerentry entry
                                WHERE entry.record_uid = NEW.decision_uid
                                  AND entry.kind = 'pass'
                                  AND entry.initiative_id = NEW.initiative_id
                                  AND entry.gate IN ('agenda.decision.open_voting',
                                                     'agenda.decision.close')) THEN
                        RAISE EXCEPTION 'a threshold gets looser by a closed decision only'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.FSM(
                name="its_way",
                field="state",
                transitions=[("proposed", "done"), ("proposed", "dropped")],
            ),
            pgtrigger.ReadOnly(
                name="keeps_what_it_says",
                fields=[
                    *("initiative", "uid", "threshold", "before", "after", "reason"),
                    *("proposed_by", "proposed_at"),
                ],
            ),
            pgtrigger.Protect(
                name="stays_as_it_ended",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state="proposed"),
            ),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.threshold} {self.before} → {self.after}"

    def get_absolute_url(self) -> str:
        return reverse("equity:policy", args=[self.initiative.slug]) + f"#loosening-{self.uid}"

    # --- questions of the gate

    def ledger_label(self) -> dict[str, str]:
        label = {}
        for code in self.initiative.languages:
            with override(code):
                label[code] = f"{self.threshold_name}: {self.before} → {self.after}"
        return label

    def remedy_url(self, code: str) -> str:
        if self._carrier and code in ("no_community_majority", "last_word_missing"):
            return self._carrier.get_absolute_url()
        return self.get_absolute_url()

    @property
    def threshold_name(self) -> str:
        return str(field_of(self.threshold).verbose_name)

    def stands(self) -> str:
        """ "" while it can be put in force; else "ended", "moved" (the threshold is another by now)
        or "below" what holds for every initiative."""
        if self.state != self.State.PROPOSED:
            return "ended"
        policy = Policy.of(self.initiative)
        if getattr(policy, self.threshold) != self.before:
            return "moved"
        return "" if self._within_floors(policy) else "below"

    def reason_words(self) -> int:
        return max((len(text.split()) for text in self.reason.values()), default=0)

    def carrier_bars(self) -> list[dict[str, Any]] | None:
        """What the decision asks of each class of community seats; None without a decision.

        Each is {"class": name, "threshold": share, "quorum": share}; "0" where it asks nothing.
        """
        return bars_of(self._carrier) if self._carrier else None

    def last_word(self) -> str:
        """ "before" the vote, whose own gate waits for it; then "held", or "missing"."""
        if self._carrier is None or self._carrier.state not in AFTER_LAST_WORD:
            return "before"
        passed = LedgerEntry.objects.for_initiative(self.initiative).filter(
            kind=LedgerEntry.Kind.PASS, gate=OPEN_VOTING, record_uid=self._carrier.uid
        )
        return "held" if passed.exists() else "missing"

    # --- changes

    @classmethod
    @verb
    def propose(cls, *, policy: Policy, threshold: str, after: int, reason: Words, by: User) -> Any:
        """Put a looser value up for a decision. Raises ValidationError."""
        lock(policy)
        before = policy.threshold(threshold)
        proposed = cls(
            initiative=policy.initiative,
            threshold=threshold,
            before=before,
            after=after,
            reason=reason,
            proposed_by=by,
            proposed_at=clock.now(),
        )
        if not is_looser(threshold, before, after):
            raise ValidationError({"after": _("This is not looser than now. Staff can set it.")})
        if not proposed._within_floors(policy):
            raise ValidationError({"after": _("This is below what holds for every initiative.")})
        if proposed.reason_words() < REASON_WORDS:
            raise ValidationError({"reason": _("Say why in a sentence or two.")})
        proposed.full_clean()
        proposed.save()
        policy.initiative.public_changed()
        audit(proposed, before="", after=cls.State.PROPOSED, by=by)
        return proposed

    def carried_by(self, decision: Carrier) -> Loosening:
        """The same, in the hands of the decision that asks."""
        self._carrier = decision
        return self

    @verb
    def be_carried(self, decision: Carrier) -> None:
        """A decision about it is open. Raises StateChanged if it ended, or another carries it."""
        lock(self)
        if self.state != self.State.PROPOSED or self.decision_uid not in (None, decision.uid):
            raise StateChanged
        self.decision_uid = decision.uid
        self.save(update_fields=["decision_uid"])
        audit(self, before=self.state, after="carried by a decision", by=None)

    @verb
    def adopt(self, *, decision: Carrier) -> None:
        """Put it in force: what the decision's effect does. Raises GateClosed or StateChanged.

        The database asks again: both gates of that decision have to be passed.
        """
        policy = lock(Policy.of(self.initiative))
        lock(self)
        self.carried_by(decision)
        entry = loosen_policy.require(self, by=decision.closed_by)
        move(
            self,
            start=self.State.PROPOSED,
            to=self.State.DONE,
            by=decision.closed_by,
            passed=entry,
            decision_uid=decision.uid,
            ended_at=clock.now(),
        )
        policy.loosen(self, by=decision.closed_by)

    @verb
    def take_back(self, *, by: User) -> None:
        """Drop it before a decision carries it. Raises StateChanged."""
        lock(self)
        if self.decision_uid is not None:
            raise StateChanged
        self.drop(by=by)

    @verb
    def drop(self, *, by: User | None) -> None:
        """It does not come: taken back, or its decision failed or was withdrawn."""
        lock(self)
        move(
            self,
            start=self.State.PROPOSED,
            to=self.State.DROPPED,
            by=by,
            ended_at=clock.now(),
        )
        self.initiative.public_changed()

    def _within_floors(self, policy: Policy) -> bool:
        """True when the threshold's own validators allow the new value."""
        field = field_of(self.threshold)
        try:
            field.clean(self.after, policy)
        except ValidationError:
            return False
        return True


def bars_of(decision: Carrier) -> list[dict[str, Any]]:
    """What a decision asks of each class of community seats: see `Loosening.carrier_bars`."""
    present = set(decision.committee.voting().values_list("seat_class", flat=True))
    return [
        {
            "class": str(name),
            "threshold": str(decision.threshold.get(name, "0")),
            "quorum": str(decision.quorum.get(name, "0")),
        }
        for name in COMMUNITY_CLASSES
        if name in present or name == SeatClass.LIVED
    ]


def is_majority(share: str) -> bool:
    """True for a share above one half. A threshold is "at least", so one half is too little."""
    return Fraction(share) > Fraction(1, 2)


def is_half(share: str) -> bool:
    return Fraction(share) >= Fraction(1, 2)
