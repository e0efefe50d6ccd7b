"""Releases: immutable, already protected tables. Public outputs read these and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.jobs import enqueue
from ciforum.people.models import Period, Scoped, ScopedQuerySet
from ciforum.people.transitions import audit, lock, move, verb
from ciforum.people.words import Words, WordsField
from equity.gates import publish_release
from equity.models import LedgerEntry, Policy
from measurement import telling
from measurement.models import causes, shifts, targets
from measurement.models.observations import Grade, KeptError, Missing, Observation, RolledUp
from measurement.protecting import offers
from measurement.protecting.protection import Protection, protect_release, rules_of, still_holds
from measurement.releasing import (
    authority,
    breakdowns,
    publishing,
    rolled_parts,
    rolling_up,
    telling_asking,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ciforum.people.models import User
    from equity.models import DataAuthority
    from measurement.models.indicators import Indicator, IndicatorVersion


class ReleaseQuerySet(ScopedQuerySet):
    def published(self) -> ReleaseQuerySet:
        return self.filter(state=Release.State.PUBLISHED)


class Release(Scoped):
    """One indicator version × the periods that are new or restated, safe to show to anyone."""

    class State(models.TextChoices):
        DRAFT = "draft", _("In preparation")
        PUBLISHED = "published", _("Published")

    indicator = models.ForeignKey(
        "measurement.Indicator", on_delete=models.PROTECT, related_name="releases"
    )
    version = models.ForeignKey(
        "measurement.IndicatorVersion", on_delete=models.PROTECT, related_name="releases"
    )
    number = models.PositiveIntegerField()
    periods = models.ManyToManyField(Period, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    story = WordsField(_("the story behind the numbers"), long=True, blank=True)
    # What the protection came to; see `protection.Protection`. Names no value.
    protected = models.JSONField(default=dict)
    protected_at = models.DateTimeField(null=True)
    job = models.ForeignKey("people.Job", on_delete=models.SET_NULL, null=True, related_name="+")
    # What adding up would let people see; see `offers.Offers`. Counts only.
    offers = models.JSONField(default=dict, editable=False)
    drafted_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=clock.now)
    passed = models.ForeignKey(
        LedgerEntry, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    published_at = models.DateTimeField(null=True, editable=False)
    # What public pages need beside the cells; see `publishing.summary`.
    payload = models.JSONField(default=dict, editable=False)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint("version", "number", name="one_release_per_number"),
            models.UniqueConstraint(
                "indicator", name="one_draft_release", condition=Q(state="draft")
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | (Q(passed__isnull=False) & Q(published_at__isnull=False)),
                name="release_passed_its_gate",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="passed_names_this_release",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__state="published"),
                func="""
                    IF NOT EXISTS (SELECT 1 FROM equity_ledgerentry entry
                                   WHERE entry.id = NEW.passed_id AND entry.kind = 'pass'
                                     AND entry.gate = 'measurement.release.publish'
                                     AND entry.record_uid = NEW.uid
                                     AND entry.initiative_id = NEW.initiative_id) THEN
                        RAISE EXCEPTION 'a release is published through its gate only'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(
                name="published_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="published"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} ({self.number})"

    def get_absolute_url(self) -> str:
        return reverse("measurement:release", args=[self.initiative.slug, self.uid])

    # --- questions, the gate's among them

    def observations(self) -> models.QuerySet[Observation]:
        """The current observations this release would show."""
        return Observation.objects.filter(
            initiative=self.initiative_id,
            version=self.version_id,
            period__in=self.periods.all(),
            is_current=True,
        )

    @property
    def latest_period(self) -> Period | None:
        return self.periods.order_by("-end", "-start").first()

    def ledger_label(self) -> dict[str, str]:
        return dict(self.indicator.name)

    def remedy_url(self, code: str) -> str:
        """Where the rule with this code can be met."""
        slug, uid = self.initiative.slug, self.uid
        match code:
            case "no_values":
                return reverse("measurement:desk", args=[slug])
            case "groups_missing":
                return reverse("measurement:request_new", args=[slug, self.indicator.slug])
            case _ if code.startswith("request_"):
                return reverse("measurement:requests", args=[slug])
            case "story_missing":
                return reverse("measurement:release_story", args=[slug, uid])
            case "cause_missing" | "cause_overdue":
                return reverse("measurement:causes", args=[slug, self.indicator.slug])
            case "authority_waits":
                return authority.waiting_url(self)
            case "no_systems_shift":
                query = f"?indicator={self.indicator.slug}"
                return reverse("measurement:shift_new", args=[slug]) + query
            case _:
                return reverse("measurement:release", args=[slug, uid]) + "#protection"

    @property
    def reliable_count(self) -> int:
        """Rates of fewer events than this are called unreliable in it; 0 where no rule says so."""
        return int(self.protected.get("rules", {}).get("reliable_count", 0))

    def has_values(self) -> bool:
        return self.observations().exclude(numerator=None).exists()

    def missing_dimensions(self) -> list[dict[str, Any]]:
        return breakdowns.missing(self)

    def filled_dimensions(self) -> list[dict[str, str]]:
        return breakdowns.filled(self)

    def story_words(self) -> int:
        return max((len(text.split()) for text in self.story.values()), default=0)

    def structural_causes(self) -> dict[str, Any]:
        groups = self.observations().exclude(stratum__key="").exists()
        return {"groups": groups, **causes.said(self.indicator)}

    def systems_shifts(self) -> dict[str, Any]:
        headline = self.indicator.tier == "headline"
        return {"headline": headline, "shifts": shifts.beside(self.indicator) if headline else {}}

    def authorities(self) -> list[dict[str, Any]]:
        return authority.answers(self)

    def seen_by(self, holder: DataAuthority) -> str:
        """What the seats of a council speak about: see `equity.models.authority.Spoken`."""
        return authority.seen(self, holder)

    @property
    def hears_councils(self) -> bool:
        return self.state == self.State.DRAFT

    def hold(self) -> None:
        lock(self)

    def heard(self, holder: DataAuthority, *, by: User) -> None:
        """Nothing happens at once: the gate counts the words."""

    def protection(self) -> dict[str, Any]:
        """What the small-cells rule looks at; "stale" when anything moved since."""
        if not self.protected:
            return {"state": "none"}
        found = Protection.from_json(self.protected)
        if rolled_parts.is_outdated(self) or not still_holds(self, found):
            return {"state": "stale"}
        return found.summary()

    # --- changes

    @classmethod
    @verb
    def draft(
        cls, *, indicator: Indicator, by: User, version: IndicatorVersion | None = None
    ) -> Release:
        """Prepare a release of all periods that are new or restated since the last one.

        version: the definition they were counted by; else the newest with something to release.
        One that is in preparation already is gone on with. Raises ValidationError when nothing
        is new.
        """
        lock(indicator)
        begun = cls.objects.filter(indicator=indicator, state=cls.State.DRAFT).first()
        if begun is not None:
            return begun
        for each in indicator.versions.all():
            rolled_parts.renew(each)
        waiting = publishing.waiting(indicator)
        version = version or next(iter(waiting), None)
        if version is None or version not in waiting:
            raise ValidationError(_("Nothing is new since the last release."))
        periods = waiting[version]
        last = cls.objects.filter(version=version).aggregate(last=models.Max("number"))["last"]
        release = cls.objects.create(
            initiative=indicator.initiative,
            indicator=indicator,
            version=version,
            number=(last or 0) + 1,
            story=publishing.last_story(version),
            drafted_by=by,
            drafted_at=clock.now(),
        )
        release.periods.set(periods)
        audit(release, before="", after=cls.State.DRAFT, by=by)
        return release

    @verb
    def tell(self, *, story: Words, by: User) -> None:
        """Write the story behind the numbers."""
        lock(self.indicator)
        lock(self)
        self._must_be_draft()
        self.story = story
        self.clean_fields(exclude={field.name for field in self._meta.fields} - {"story"})
        self.save(update_fields=["story"])
        audit(self, before=self.state, after="story told", by=by)

    @verb
    def include_new(self, *, by: User) -> None:
        """Take in the periods that became new while this was in preparation."""
        lock(self.indicator)
        lock(self)
        self._must_be_draft()
        rolled_parts.renew(self.version)
        self.periods.set(publishing.waiting(self.indicator).get(self.version, []))
        self._open_again()
        audit(self, before=self.state, after="periods renewed", by=by)

    @verb
    def leave_out_unsafe(self, *, by: User) -> None:
        """Leave out the periods that cannot be made safe; they come back with the next draft.

        Raises ValidationError when nothing would be left.
        """
        lock(self.indicator)
        lock(self)
        self._must_be_draft()
        unsafe = self.protected.get("open_periods", [])
        if not self.periods.exclude(pk__in=unsafe).exists():
            raise ValidationError(_("Then nothing would be left to release. Discard it instead."))
        self.periods.remove(*unsafe)
        self._open_again()
        audit(self, before=self.state, after="periods left out", by=by)

    @verb
    def roll_up(self, *, to: str, by: User) -> None:
        """Add up what can be, so that more people are seen: see `RolledUp` for the ways.

        Raises ValidationError when there is nothing to add up.
        """
        lock(self.indicator)
        lock(self)
        self._must_be_draft()
        if not rolling_up.make(self, RolledUp(to)):
            raise ValidationError(_("There is nothing that could be added up."))
        self._open_again()
        audit(self, before=self.state, after=f"rolled up: {to}", by=by)

    @verb
    def undo_roll_up(self, *, to: str, by: User) -> None:
        """Take back what was added up for this draft; what is public already stays.

        Raises ValidationError when there is nothing to take back.
        """
        lock(self.indicator)
        lock(self)
        self._must_be_draft()
        if not rolled_parts.take_back(self, RolledUp(to)):
            raise ValidationError(_("There is nothing that could be taken back."))
        self._open_again()
        audit(self, before=self.state, after=f"taken back: {to}", by=by)

    @verb
    def start_protecting(self, *, by: User) -> None:
        """Let the cells to hide be found in the background; once, however often it is asked."""
        lock(self.indicator)
        lock(self)
        self._must_be_draft()
        rolled_parts.renew(self.version)
        self.job = enqueue("measurement.protect", self.pk, by.pk, dedup_key=str(self.uid))
        self.save(update_fields=["job"])
        audit(self, before=self.state, after="protection asked for", by=by)

    def work_out_protection(
        self, *, progress: Callable[[float], None] = lambda percent: None
    ) -> Protection:
        """Find which cells to hide. Long work, outside any lock; `protect` keeps the result.

        The result carries the fingerprint of what it looked at, so a change that comes
        between makes it stale instead of wrong.
        """
        rules = rules_of(Policy.of(self.initiative))
        return protect_release(self, rules, progress=progress)

    @verb
    def protect(self, found: Protection, *, by: User | None) -> None:
        """Keep a protection that was worked out for this draft."""
        lock(self.indicator)
        lock(self)
        self._must_be_draft()
        self.protected, self.protected_at = found.to_json(), clock.now()
        self.save(update_fields=["protected", "protected_at"])
        audit(self, before=self.state, after="protected", by=by)
        telling_asking.ask_councils(self)

    @verb
    def start_offering(self, *, by: User | None) -> None:
        """Let it be tried out in the background what adding up would let people see."""
        lock(self.indicator)
        lock(self)
        self._must_be_draft()
        enqueue("measurement.offer", self.pk, dedup_key=str(self.uid))

    def work_out_offers(
        self, *, progress: Callable[[float], None] = lambda percent: None
    ) -> dict[str, Any]:
        """What each way of adding up would show and hide: see `offers.Offers`. Long work, no lock.

        Only counts. The result carries the fingerprint of what it looked at.
        """
        rules = rules_of(Policy.of(self.initiative))
        return offers.look(self, rules, progress=progress).to_json()

    @verb
    def keep_offers(self, found: dict[str, Any]) -> None:
        """Keep what was tried out for this draft."""
        lock(self.indicator)
        lock(self)
        self._must_be_draft()
        self.offers = found
        self.save(update_fields=["offers"])

    @verb
    def publish(self, *, by: User) -> None:
        """Show it to everyone, for good. Raises GateClosed, or StateChanged if it is no draft.

        Everything the rules read is locked first: the policy (thresholds, waivers), which also
        keeps releases of other indicators waiting, so that siblings come out one after the other
        and each is checked against those before; then the indicator, which every import and data
        request locks too, then this release, then the events that are named as causes and the
        systems shifts that are meant to move it, and the councils with authority over its numbers.
        """
        lock(Policy.of(self.initiative))
        lock(self.indicator)
        lock(self)
        causes.hold_events(self.indicator)
        shifts.hold_shifts(self.indicator)
        authority.hold(self)
        entry = publish_release.require(self, by=by)
        publishing.write_cells(self, Protection.from_json(self.protected))
        move(
            self,
            start=self.State.DRAFT,
            to=self.State.PUBLISHED,
            by=by,
            passed=entry,
            published_at=clock.now(),
            payload=publishing.summary(self),
            protected=Protection.from_json(self.protected).without_names().to_json(),
        )
        publishing.point(self)
        targets.released(self)
        self.initiative.public_changed()
        telling.published(self)
        telling_asking.answered_or_out(self)

    @verb
    def discard(self, *, by: User) -> None:
        """Drop a draft; nothing of it was ever public, and what it added up goes with it."""
        lock(self.indicator)
        lock(self)
        self._must_be_draft()
        rolled_parts.take_back(self)
        audit(self, before=self.state, after="discarded", by=by)
        telling_asking.answered_or_out(self)
        self.delete()

    def _open_again(self) -> None:
        """What was found out about small groups no longer holds."""
        self.protected, self.offers = {}, {}
        self.save(update_fields=["protected", "offers"])

    def _must_be_draft(self) -> None:
        if self.state != self.State.DRAFT:
            raise ValidationError(_("This release is published and can no longer be changed."))


class ReleaseCell(models.Model):
    """One protected cell of a release. What is hidden is not in here at all."""

    initiative = models.ForeignKey(
        "people.Initiative", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="cells")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, db_index=False, related_name="+")
    place = models.ForeignKey(
        "people.Place", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    stratum = models.ForeignKey(
        "measurement.Stratum", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    numerator = models.PositiveBigIntegerField(null=True)
    denominator = models.PositiveBigIntegerField(null=True)
    denominator_is_derived = models.BooleanField(default=False)
    # One symbol for primary and complementary protection alike.
    is_protected = models.BooleanField(default=False)
    missing = models.CharField(max_length=16, choices=Missing, blank=True)
    # Both are empty wherever a count is hidden: they could lead back to it.
    sample_size = models.PositiveBigIntegerField(null=True)
    weight = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    # Shown in periods without any hidden or missing number only; else what it came to.
    se = models.DecimalField(max_digits=24, decimal_places=12, null=True)
    kept_error = models.CharField(
        max_length=10, choices=KeptError, blank=True, default="", db_default=""
    )
    grade = models.CharField(max_length=16, choices=Grade, default=Grade.UNKNOWN)
    # How it was added up from others, or empty.
    rolled_up = models.CharField(
        max_length=10, choices=RolledUp, blank=True, default="", db_default=""
    )
    # Which revision of the observation stands here, so that the next release is audited with it.
    revision = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "release", "period", "place", "stratum", name="one_cell_of_a_release"
            ),
            models.CheckConstraint(
                condition=Q(is_protected=False) | Q(numerator=None) | Q(denominator=None),
                name="protected_cells_hold_no_rate",
            ),
            models.CheckConstraint(
                condition=Q(is_protected=False) | Q(sample_size=None, weight=None),
                name="protected_cells_hold_no_sample",
            ),
            models.CheckConstraint(
                condition=Q(is_protected=False) | Q(se=None, kept_error=""),
                name="protected_cells_hold_no_error",
            ),
        ]
        indexes = [models.Index(fields=["initiative", "release", "place"], name="cells_of_a_place")]
        triggers = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="written_before_publishing",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM measurement_release r
                                   WHERE r.id = NEW.release_id AND r.state = 'draft') THEN
                        RAISE EXCEPTION 'cells are written before their release is published'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release_id}/{self.period_id}/{self.place_id}/{self.stratum_id}"


class Published(models.Model):
    """Which release a period's public numbers are read from."""

    initiative = models.ForeignKey("people.Initiative", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(
        "measurement.IndicatorVersion", on_delete=models.PROTECT, related_name="published"
    )
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="pointers")

    class Meta:
        constraints = [
            models.UniqueConstraint("version", "period", name="one_public_release_per_period")
        ]

    def __str__(self) -> str:
        return f"{self.version_id}/{self.period_id}"
