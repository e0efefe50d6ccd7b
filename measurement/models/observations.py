"""Observations: one count of one stratum at one place in one period, never overwritten."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Scoped, ScopedQuerySet
from equity.models import Dimension

if TYPE_CHECKING:
    from ciforum.people.models import Initiative
    from equity.models import Group


class Missing(models.TextChoices):
    """Why there is no number. A measured zero is a number."""

    NOT_COLLECTED = "not_collected", _("not collected")
    REFUSED = "refused", _("not shared by its holder")
    TOO_SMALL = "too_small", _("hidden by its holder as too small")
    LATE = "late", _("not there yet")
    NOT_APPLICABLE = "not_applicable", _("does not apply")
    UNRELIABLE = "unreliable", _("called unreliable by its holder")
    WITHDRAWN = "withdrawn", _("withdrawn by its holder")
    UNKNOWN = "unknown", _("missing, the file does not say why")


class Grade(models.TextChoices):
    """What a number rests on, from the firmest to the weakest."""

    ADMINISTRATIVE = "administrative", _("full count from records")
    SURVEY = "survey", _("survey of a random sample")
    SAMPLE = "sample", _("count of some, not chosen at random")
    ESTIMATE = "estimate", _("estimate from a model or from other numbers")
    SELF_REPORTED = "self_reported", _("told by those concerned")
    UNKNOWN = "unknown", _("not known how it was made")


class RolledUp(models.TextChoices):
    """How a number was made that nobody handed in."""

    PARENT = "parent", _("added up from the groups that are part of it")
    TWO_YEARS = "two_years", _("two years together")


class KeptError(models.TextChoices):
    """What a release says of a standard error that it keeps back, so that nothing leads to a
    hidden number: the estimate is precise enough, or it is not.
    """

    KEPT = "kept", _("kept back, precise enough")
    UNRELIABLE = "unreliable", _("kept back, too imprecise")


class StratumQuerySet(ScopedQuerySet):
    def of(self, initiative: Initiative, groups: Iterable[Group]) -> Stratum:
        """The one stratum of these groups. No groups at all means everyone.

        Made only here: insert or leave, then read, so two imports at once agree on one row.
        """
        members = sorted(groups, key=lambda group: str(group.uid))
        key = "+".join(str(group.uid) for group in members)
        found = self.filter(initiative=initiative, key=key).first()
        if found:
            return found
        self.bulk_create([Stratum(initiative=initiative, key=key)], ignore_conflicts=True)
        stratum = self.get(initiative=initiative, key=key)
        StratumGroup.objects.bulk_create(
            [
                StratumGroup(
                    stratum=stratum,
                    group=group,
                    dimension=group.dimension,
                    is_exclusive=group.dimension.kind == Dimension.Kind.EXCLUSIVE,
                )
                for group in members
            ],
            ignore_conflicts=True,
        )
        return stratum


class Stratum(Scoped):
    """A set of groups, at most one of each exclusive dimension; kept once and shared."""

    key = models.TextField(blank=True)
    groups = models.ManyToManyField("equity.Group", through="StratumGroup", related_name="strata")

    objects = StratumQuerySet.as_manager()

    class Meta:
        verbose_name = _("stratum")
        verbose_name_plural = _("strata")
        constraints = [models.UniqueConstraint("initiative", "key", name="one_stratum_per_key")]

    def __str__(self) -> str:
        return self.key or "everyone"


class StratumGroup(models.Model):
    """One group of a stratum."""

    stratum = models.ForeignKey(Stratum, on_delete=models.CASCADE, related_name="members")
    group = models.ForeignKey("equity.Group", on_delete=models.PROTECT, related_name="+")
    dimension = models.ForeignKey("equity.Dimension", on_delete=models.PROTECT, related_name="+")
    is_exclusive = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint("stratum", "group", name="a_group_once_per_stratum"),
            models.UniqueConstraint(
                "stratum",
                "dimension",
                name="one_group_per_exclusive_dimension",
                condition=Q(is_exclusive=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stratum_id}: {self.group}"


class ObservationQuerySet(ScopedQuerySet):
    def current(self) -> ObservationQuerySet:
        return self.filter(is_current=True)


class Observation(models.Model):
    """What was counted. A correction is a new row with the next revision and a reason.

    Numerator and denominator are whole counts; a percent is always worked out from them. Never
    the target of a foreign key, so that the table can be partitioned by initiative.
    """

    # The unique keys below begin with the initiative: single indexes would only slow imports down.
    initiative = models.ForeignKey(
        "people.Initiative", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    version = models.ForeignKey(
        "measurement.IndicatorVersion", on_delete=models.PROTECT, related_name="observations"
    )
    period = models.ForeignKey(
        "people.Period", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    place = models.ForeignKey(
        "people.Place", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    stratum = models.ForeignKey(Stratum, on_delete=models.PROTECT, db_index=False, related_name="+")
    numerator = models.PositiveBigIntegerField(null=True)
    denominator = models.PositiveBigIntegerField(null=True)
    # Worked out from a count and a rounded percent, so only near the truth.
    denominator_is_derived = models.BooleanField(default=False)
    missing = models.CharField(max_length=16, choices=Missing, blank=True)
    # People who were really asked or measured; empty where everybody was. Never a weight.
    sample_size = models.PositiveBigIntegerField(null=True)
    # People of the population that these counts stand for. Never a sample.
    weight = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    # Standard error of a survey's estimate: of a share as a part of one, of a count in people.
    se = models.DecimalField(max_digits=24, decimal_places=12, null=True)
    grade = models.CharField(max_length=16, choices=Grade, default=Grade.UNKNOWN)
    revision = models.PositiveIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    reason = models.CharField(max_length=500, blank=True)
    # The file it came in; None for a number that was added up from others: then how, and from
    # which observations, by id.
    submission = models.ForeignKey(
        "measurement.Submission", on_delete=models.PROTECT, null=True, related_name="observations"
    )
    rolled_up = models.CharField(
        max_length=10, choices=RolledUp, blank=True, default="", db_default=""
    )
    parts = ArrayField(models.BigIntegerField(), null=True, editable=False)
    approved_at = models.DateTimeField(default=clock.now)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        constraints = [
            models.UniqueConstraint(
                "initiative",
                "version",
                "period",
                "place",
                "stratum",
                "revision",
                name="one_observation_per_revision",
            ),
            models.UniqueConstraint(
                "initiative",
                "version",
                "period",
                "place",
                "stratum",
                name="one_current_observation",
                condition=Q(is_current=True),
            ),
            models.CheckConstraint(
                condition=(Q(numerator__isnull=False) & Q(missing=""))
                | (Q(numerator=None) & ~Q(missing="")),
                name="a_number_or_why_there_is_none",
            ),
            models.CheckConstraint(
                condition=Q(revision=1) | ~Q(reason=""), name="a_restatement_says_why"
            ),
            models.CheckConstraint(
                condition=Q(submission__isnull=False, rolled_up="", parts=None)
                | Q(submission=None, rolled_up__in=RolledUp.values, parts__len__gt=1),
                name="handed_in_or_added_up",
            ),
        ]
        indexes = [
            models.Index(
                fields=["version", "period"], name="numbers_added_up", condition=Q(submission=None)
            )
        ]
        triggers = [
            pgtrigger.ReadOnly(name="never_overwritten", exclude=["is_current"]),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="the_sum_of_its_parts",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__submission__isnull=True, new__missing=""),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM measurement_observation part
                        WHERE part.id = ANY(NEW.parts) AND part.is_current
                          AND part.initiative_id = NEW.initiative_id
                          AND part.version_id = NEW.version_id AND part.place_id = NEW.place_id
                          AND CASE NEW.rolled_up WHEN 'parent' THEN part.period_id = NEW.period_id
                                                 ELSE part.stratum_id = NEW.stratum_id END
                        HAVING count(part.numerator) = cardinality(NEW.parts)
                           AND sum(part.numerator) = NEW.numerator
                           AND sum(part.denominator) IS NOT DISTINCT FROM NEW.denominator
                           AND count(part.denominator) IN (0, count(*))
                    ) THEN
                        RAISE EXCEPTION 'what is added up is the sum of its parts'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}/{self.period_id}/{self.place_id}/{self.stratum_id}"
