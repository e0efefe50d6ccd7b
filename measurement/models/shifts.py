"""Systems shifts: what changed in rules, relations and beliefs, who says so, and how we know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agenda.when import DAY, MONTH, YEAR, When
from ciforum.people import clock
from ciforum.people.models import CanBeCited, Place, Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, move, verb
from ciforum.people.words import Words, WordsField
from equity.models import LedgerEntry, Policy
from equity.steps import confirm_shift
from measurement.models import shift_guards
from measurement.shifting import telling_shifts as telling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ciforum.people.models import Initiative, User
    from measurement.models.indicators import Indicator

PRECISIONS = [(YEAR, _("the year")), (MONTH, _("the month")), (DAY, _("the day"))]
STRATEGIES = (1, 2, 3, 4, 5)


class Level(models.TextChoices):
    STRUCTURAL = "structural", _("Structural")
    RELATIONAL = "relational", _("Relational")
    TRANSFORMATIVE = "transformative", _("Transformative")


class ShiftKind(models.TextChoices):
    POLICY = "policy", _("Policy")
    PRACTICE = "practice", _("Practice")
    RESOURCES = "resources", _("Flow of resources")
    RELATIONSHIP = "relationship", _("Relationship")
    POWER = "power", _("Power")
    NARRATIVE = "narrative", _("Narrative")
    PATHWAY = "pathway", _("Pathway")
    DATA_USE = "data_use", _("Use of data")


class SystemsShiftQuerySet(ScopedQuerySet):
    def public(self) -> SystemsShiftQuerySet:
        """What anyone may read: claims, with what became of them."""
        return self.filter(state__in=SystemsShift.PUBLIC)

    def standing(self) -> SystemsShiftQuerySet:
        """All but those that were withdrawn."""
        return self.exclude(state=SystemsShift.State.WITHDRAWN)


# Steps with a reason (disputed, withdrawn, taken up again) keep it in `reason`; the trail of edits
# has the earlier ones.
@pghistory.track(
    fields=[
        *("title", "level", "kind", "strategies", "before", "after", "where_words", "since"),
        *("state", "reason"),
    ],
    model_name="SystemsShiftTrail",
)
class SystemsShift(CanBeCited, Scoped):
    """One change of a system, from how it was to how it is.

    hoped_for → claimed → confirmed. A claim or a confirmed shift may be disputed, then taken up
    again from hoped_for; any may be withdrawn. What is claimed is public.
    """

    class State(models.TextChoices):
        HOPED_FOR = "hoped_for", _("Hoped for")
        CLAIMED = "claimed", _("Claimed, not yet confirmed")
        CONFIRMED = "confirmed", _("Confirmed")
        DISPUTED = "disputed", _("Disputed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    PUBLIC = (State.CLAIMED, State.CONFIRMED, State.DISPUTED)

    title = WordsField(_("title"), max_length=160)
    level = models.CharField(_("level"), max_length=16, choices=Level)
    kind = models.CharField(_("kind"), max_length=16, choices=ShiftKind)
    # Numbers of the equity strategies it belongs to.
    strategies: Any = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("strategies"))
    before = WordsField(_("before"), long=True, max_length=2000)
    after = WordsField(_("after"), long=True, max_length=2000)
    places = models.ManyToManyField(Place, blank=True, related_name="+", verbose_name=_("places"))
    where_words = WordsField(_("where, in words"), blank=True, max_length=200)
    since = models.DateField(_("since"), null=True, blank=True)
    since_precision = models.CharField(max_length=5, choices=PRECISIONS, default=YEAR)
    # The measures it is meant to move.
    indicators = models.ManyToManyField(
        "measurement.Indicator", blank=True, related_name="shifts", verbose_name=_("measures")
    )
    state = models.CharField(max_length=10, choices=State, default=State.HOPED_FOR, editable=False)
    # Whoever worded or claimed it: their own seats do not confirm it.
    writers = models.ManyToManyField("people.User", related_name="+", editable=False)
    proposed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    claimed_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    claimed_at = models.DateTimeField(null=True, editable=False)
    confirmed_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    confirmed_at = models.DateTimeField(null=True, editable=False)
    passed = models.ForeignKey(
        LedgerEntry, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    reason = WordsField(_("reason"), long=True, max_length=2000, blank=True)
    reason_at = models.DateTimeField(null=True, editable=False)

    objects = SystemsShiftQuerySet.as_manager()

    # Not a column: who is about to confirm it, for the rule that asks.
    confirmer: User | None = None

    class Meta:
        verbose_name = _("systems shift")
        verbose_name_plural = _("systems shifts")
        ordering = ["-since", "-id"]
        indexes = [
            models.Index(fields=["initiative", "state", "since"], name="shifts_of_an_initiative")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(strategies__contained_by=list(STRATEGIES), strategies__len__gte=1),
                name="shift_has_a_strategy",
            ),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="shift_level_known"),
            models.CheckConstraint(condition=Q(kind__in=ShiftKind.values), name="shift_kind_known"),
            models.CheckConstraint(
                condition=Q(state__in=["hoped_for", "withdrawn"])
                | Q(since__isnull=False, claimed_by__isnull=False, claimed_at__isnull=False),
                name="claim_has_a_date_and_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | (
                    Q(passed__isnull=False, confirmed_at__isnull=False)
                    & ~Q(confirmed_by=F("proposed_by"))
                    & ~Q(confirmed_by=F("claimed_by"))
                ),
                name="confirmed_by_another_through_its_gate",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["disputed", "withdrawn"])
                | (Q(reason_at__isnull=False) & ~Q(reason={})),
                name="an_end_has_a_reason",
            ),
        ]
        triggers = shift_guards.SHIFT

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return reverse("measurement:shift", args=[self.initiative.slug, self.uid])

    # --- questions, the gate's among them

    @property
    def is_public(self) -> bool:
        return self.state in self.PUBLIC

    @property
    def when(self) -> When | None:
        return When(self.since, self.since_precision) if self.since else None

    def ledger_label(self) -> dict[str, str]:
        return dict(self.title)

    def remedy_url(self, code: str) -> str:
        """Where the rule with this code can be met."""
        if code in ("evidence_missing", "evidence_ungraded"):
            return reverse("measurement:shift_evidence", args=[self.initiative.slug, self.uid])
        return self.get_absolute_url() + "#voices"

    def is_writer(self, person: User) -> bool:
        return self.writers.filter(pk=person.pk).exists()

    def community_voices(self) -> dict[str, int]:
        """What community seats say: {"yes", "partly", "no"}; "own" are seats of its writers."""
        writers = set(self.writers.values_list("pk", flat=True))
        counted = dict.fromkeys(("yes", "partly", "no", "own"), 0)
        for voice in self.voices.of_community_seats():
            counted["own" if voice.speakers() & writers else voice.stance] += 1
        return counted

    def evidence_grades(self) -> dict[str, int]:
        """How many rows of evidence there are of each grade: {"documented": 2}."""
        found = self.evidence.values_list("grade").annotate(n=models.Count("pk"))
        return dict(found.order_by("grade"))

    def confirmer_wrote_it(self) -> bool:
        return self.confirmer is not None and self.is_writer(self.confirmer)

    def unanswered_voices(self) -> int:
        """How many community seats disagree, in part or in whole, without a written answer."""
        return self.voices.of_community_seats().disagreeing().filter(answered_at=None).count()

    # --- changes

    @classmethod
    @verb
    def propose(
        cls,
        *,
        initiative: Initiative,
        by: User,
        since: When | None = None,
        places: Iterable[Place] = (),
        indicators: Iterable[Indicator] = (),
        **fields: Any,
    ) -> SystemsShift:
        """Write down a change that is hoped for, or that somebody saw. Raises ValidationError."""
        shift = cls(initiative=initiative, proposed_by=by, proposed_at=clock.now(), **fields)
        aims = _held(indicators)
        shift._set_since(since)
        shift._check(places, aims)
        shift.save()
        shift.writers.add(by)
        shift.places.set(places)
        shift.indicators.set(aims)
        initiative.public_changed()
        audit(shift, before="", after=cls.State.HOPED_FOR, by=by)
        return shift

    @verb
    def edit(
        self,
        *,
        by: User,
        since: When | None = None,
        places: Iterable[Place] = (),
        indicators: Iterable[Indicator] = (),
        **fields: Any,
    ) -> None:
        """Change its words before it is claimed. Raises ValidationError or StateChanged."""
        aims = _held({*indicators, *self.indicators.all()})
        lock(self)
        if self.state != self.State.HOPED_FOR:
            raise StateChanged
        for name, value in fields.items():
            setattr(self, name, value)
        self._set_since(since)
        self._check(places, aims)
        self.save()
        self.writers.add(by)
        self.places.set(places)
        self.indicators.set(indicators)
        self.initiative.public_changed()
        audit(self, before=self.state, after="edited", by=by)

    @verb
    def aim(self, *, indicators: Iterable[Indicator], by: User) -> None:
        """Say which measures it is meant to move; a release of a headline one reads this."""
        chosen = list(indicators)
        aims = _held({*chosen, *self.indicators.all()})
        lock(self)
        if self.state == self.State.WITHDRAWN:
            raise StateChanged
        self._check([], aims)
        self.indicators.set(chosen)
        self.initiative.public_changed()
        audit(self, before=self.state, after="aimed", by=by)

    @verb
    def claim(self, *, by: User) -> None:
        """Say in public that it happened. Raises ValidationError or StateChanged."""
        lock(self)
        if self.since is None:
            raise ValidationError(_("Say since when it is so, before you claim it."))
        move(
            self,
            start=self.State.HOPED_FOR,
            to=self.State.CLAIMED,
            by=by,
            claimed_by=by,
            claimed_at=clock.now(),
        )
        self.writers.add(by)
        self.initiative.public_changed()
        telling.claimed(self)

    @verb
    def confirm(self, *, by: User) -> None:
        """Let it count as confirmed. Raises GateClosed, or StateChanged if it is no claim.

        The policy comes first: with it, nobody changes who speaks for a seat meanwhile. Evidence
        and voices lock this shift before they change.
        """
        lock(Policy.of(self.initiative))
        lock(self)
        if self.state != self.State.CLAIMED:
            raise StateChanged
        self.confirmer = by
        entry = confirm_shift.require(self, by=by)
        move(
            self,
            start=self.State.CLAIMED,
            to=self.State.CONFIRMED,
            by=by,
            passed=entry,
            confirmed_by=by,
            confirmed_at=clock.now(),
        )
        self.initiative.public_changed()
        telling.settled(self)

    @verb
    def dispute(self, *, reason: Words, by: User) -> None:
        """Say in public why it did not happen, or does not hold. Raises ValidationError."""
        self._turn((self.State.CLAIMED, self.State.CONFIRMED), self.State.DISPUTED, reason, by)

    @verb
    def withdraw(self, *, reason: Words, by: User) -> None:
        """Take it back for good, with the reason. Raises ValidationError or StateChanged."""
        start = tuple(state for state in self.State if state != self.State.WITHDRAWN)
        self._turn(start, self.State.WITHDRAWN, reason, by)
        self.withdraw_from_citations()

    @verb
    def take_up_again(self, *, by: User) -> None:
        """Work on a disputed one again: its words open, and every seat is asked afresh."""
        lock(self)
        self.voices.standing().update(ended_at=clock.now())
        move(
            self,
            start=self.State.DISPUTED,
            to=self.State.HOPED_FOR,
            by=by,
            passed=None,
            confirmed_by=None,
            confirmed_at=None,
        )
        self.initiative.public_changed()

    def _turn(self, start: tuple[str, ...], to: str, reason: Words, by: User) -> None:
        lock(self)
        if not reason:
            raise ValidationError({"reason": _("Say why, in at least one language.")})
        now = clock.now()
        move(self, start=start, to=to, by=by, reason=reason, reason_at=now)
        self.initiative.public_changed()
        telling.settled(self)

    def _set_since(self, since: When | None) -> None:
        today = clock.now().astimezone(self.initiative.zone).date()
        if since and since.day > today:
            raise ValidationError({"since": _("This day is still to come.")})
        self.since = since.day if since else None
        self.since_precision = since.precision if since else YEAR

    def _check(self, places: Iterable[Place], indicators: Iterable[Indicator]) -> None:
        if any(place.initiative_id != self.initiative_id for place in places):
            raise ValidationError({"places": _("Choose places of this initiative.")})
        if any(each.initiative_id != self.initiative_id for each in indicators):
            raise ValidationError({"indicators": _("Choose measures of this initiative.")})
        self.strategies = sorted(set(self.strategies or []))
        if not self.strategies or not set(self.strategies) <= set(STRATEGIES):
            raise ValidationError({"strategies": _("Choose at least one of the strategies.")})
        self.full_clean(validate_constraints=False)


def _held(indicators: Iterable[Indicator]) -> list[Indicator]:
    """Measures locked in the order of their keys, before the shift that aims at them."""
    return [lock(each) for each in sorted(set(indicators), key=lambda each: each.pk)]


def hold_shifts(indicator: Indicator) -> None:
    """Lock the shifts that aim at a measure, so that none is withdrawn before the gate has asked.

    The measure is locked already, so that no shift comes or goes.
    """
    for shift in indicator.shifts.order_by("pk"):
        lock(shift)


def beside(indicator: Indicator) -> dict[str, int]:
    """How many shifts are meant to move a measure, by state; none that was withdrawn."""
    standing = SystemsShift.objects.standing().filter(indicators=indicator)
    found = standing.order_by("state").values_list("state").annotate(n=models.Count("pk"))
    return dict(found)
