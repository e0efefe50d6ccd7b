"""Restatements: which approved numbers changed, why, and which public releases show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Period, Scoped, ScopedQuerySet
from ciforum.people.transitions import audit, lock, verb
from ciforum.people.words import Words, WordsField
from measurement.desk import restating
from measurement.models.releases import Release
from measurement.owing import telling_duties

if TYPE_CHECKING:
    from ciforum.people.models import User
    from measurement.models.submissions import Submission


class RestatementQuerySet(ScopedQuerySet):
    def public(self) -> RestatementQuerySet:
        """Those that touch a release which anyone may read."""
        return self.filter(releases__isnull=False).distinct()


class Restatement(Scoped):
    """Approved numbers that another submission replaced, or that were withdrawn. Never changed.

    The reason is the partner's and for members; the public reads only that and when numbers
    changed, and a sentence where the backbone wrote one for everybody.
    """

    class Kind(models.TextChoices):
        CORRECTED = "corrected", _("Corrected")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    indicator = models.ForeignKey(
        "measurement.Indicator", on_delete=models.PROTECT, related_name="restatements"
    )
    version = models.ForeignKey(
        "measurement.IndicatorVersion", on_delete=models.PROTECT, related_name="+"
    )
    submission = models.ForeignKey(
        "measurement.Submission", on_delete=models.PROTECT, related_name="restatements"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.CharField(max_length=500)
    public_words = WordsField(_("a sentence for everybody"), long=True, max_length=500, blank=True)
    count = models.PositiveIntegerField()
    # Public releases that showed one of these numbers when it changed.
    releases = models.ManyToManyField(Release, related_name="restatements")
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = RestatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("restatement")
        verbose_name_plural = _("restatements")
        ordering = ["-at", "-id"]
        triggers = [
            pgtrigger.ReadOnly(name="restated_for_good", exclude=["public_words"]),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("measurement:restatement", args=[self.initiative.slug, self.uid])

    @classmethod
    def of_approval(
        cls, submission: Submission, *, by: User, public_words: Words
    ) -> Restatement | None:
        """What the submission just approved has replaced; None when it replaced nothing."""
        if not submission.restated:
            return None
        made = cls._open(submission, cls.Kind.CORRECTED, submission.reason, by, public_words)
        restating.note_replaced(made)
        return made._finish(by)

    @classmethod
    def of_withdrawal(
        cls, submission: Submission, *, reason: str, by: User, public_words: Words
    ) -> Restatement | None:
        """Take back the submission's current numbers; None when none of them is current."""
        count = restating.held(submission)
        if not count:
            return None
        made = cls._open(submission, cls.Kind.WITHDRAWN, reason, by, public_words, count=count)
        restating.take_back(made)
        return made._finish(by)

    @classmethod
    def _open(
        cls,
        submission: Submission,
        kind: str,
        reason: str,
        by: User,
        public_words: Words,
        count: int | None = None,
    ) -> Restatement:
        made: Restatement = cls.objects.create(
            initiative=submission.initiative,
            indicator=submission.indicator,
            version=submission.version,
            submission=submission,
            kind=kind,
            reason=reason,
            public_words=public_words,
            count=submission.restated if count is None else count,
            by=by,
            at=clock.now(),
        )
        return made

    def _finish(self, by: User) -> Restatement:
        """Name the releases it touches, and propose a new one. The caller holds the indicator."""
        touched = restating.touched(self)
        self.releases.set(touched)
        audit(self, before="", after=self.kind, by=by)
        if touched:
            self.initiative.public_changed()
            self._renew_draft(by)
            telling_duties.propose_release(self)
        return self

    def _renew_draft(self, by: User) -> None:
        """A release that is in preparation takes the changed periods in."""
        draft = self.indicator.releases.filter(
            state=Release.State.DRAFT, version=self.version
        ).first()
        if draft:
            draft.include_new(by=by)

    @verb
    def explain(self, *, words: Words, by: User) -> None:
        """Write, or take away, the sentence that everybody reads beside the release."""
        lock(self)
        self.public_words = words
        self.clean_fields(exclude={f.name for f in self._meta.fields} - {"public_words"})
        self.save(update_fields=["public_words"])
        self.initiative.public_changed()
        audit(self, before=self.kind, after="explained", by=by)


class RestatedNumber(models.Model):
    """One number that changed, by its natural key: from which revision to which."""

    restatement = models.ForeignKey(Restatement, on_delete=models.PROTECT, related_name="numbers")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, db_index=False, related_name="+")
    place = models.ForeignKey(
        "people.Place", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    stratum = models.ForeignKey(
        "measurement.Stratum", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    before = models.PositiveIntegerField()
    after = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "restatement", "period", "place", "stratum", name="restated_once"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.restatement_id}: {self.before} → {self.after}"


class Confirmation(models.Model):
    """A later submission said the same as this revision: withdrawing one leaves the other."""

    submission = models.ForeignKey(
        "measurement.Submission", on_delete=models.PROTECT, related_name="+"
    )
    version = models.ForeignKey(
        "measurement.IndicatorVersion", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    period = models.ForeignKey(Period, on_delete=models.PROTECT, db_index=False, related_name="+")
    place = models.ForeignKey(
        "people.Place", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    stratum = models.ForeignKey(
        "measurement.Stratum", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    revision = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "version",
                "period",
                "place",
                "stratum",
                "revision",
                "submission",
                name="confirmed_once",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="stays_said", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.revision}"
