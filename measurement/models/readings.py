"""What reading a file leaves: its numbers and problems, and its mapping."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ciforum.people.models import Scoped, ScopedQuerySet
from measurement.models.observations import Grade, Missing


class SavedMapping(Scoped):
    """What the columns of one layout mean, remembered per partner and indicator."""

    organization = models.ForeignKey(
        "people.Organization", on_delete=models.CASCADE, related_name="+"
    )
    indicator = models.ForeignKey(
        "measurement.Indicator", on_delete=models.CASCADE, related_name="+"
    )
    signature = models.CharField(max_length=64)
    mapping = models.JSONField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organization", "indicator", "signature", name="one_mapping_per_layout"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.signature[:8]}"


class SubmissionRow(models.Model):
    """One number read from a file, until it is approved or the file is read anew.

    What was sent back or taken back stays to be looked at, except of a file of people.
    """

    submission = models.ForeignKey(
        "measurement.Submission", on_delete=models.CASCADE, related_name="rows"
    )
    line = models.PositiveBigIntegerField(null=True)
    # A place's code, or `new:<name>` for one that approval will make.
    place_code = models.CharField(max_length=210)
    place_name = models.CharField(max_length=200)
    period_kind = models.CharField(max_length=12)
    period_start = models.DateField()
    period_end = models.DateField()
    period_label = models.CharField(max_length=60)
    group_keys = ArrayField(models.CharField(max_length=130))
    stratum_key = models.TextField(blank=True)
    numerator = models.PositiveBigIntegerField(null=True)
    denominator = models.PositiveBigIntegerField(null=True)
    denominator_is_derived = models.BooleanField(default=False)
    rate = models.DecimalField(max_digits=24, decimal_places=8, null=True)
    missing = models.CharField(max_length=16, choices=Missing, blank=True)
    sample_size = models.PositiveBigIntegerField(null=True)
    weight = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    grade = models.CharField(max_length=16, choices=Grade, default=Grade.UNKNOWN)
    se = models.DecimalField(max_digits=24, decimal_places=12, null=True)
    text = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "submission",
                "place_code",
                "period_kind",
                "period_start",
                "period_end",
                "stratum_key",
                name="one_row_per_place_period_stratum",
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}:{self.line}"


class RowProblem(models.Model):
    """One thing wrong with a line, as a code and what fills its sentence."""

    class Severity(models.TextChoices):
        ERROR = "error", _("Problem")
        WARNING = "warning", _("Please check")

    submission = models.ForeignKey(
        "measurement.Submission", on_delete=models.CASCADE, related_name="problems"
    )
    line = models.PositiveBigIntegerField(null=True)
    column = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    # The line as it stands in the file; never kept of a file of people.
    raw = models.CharField(max_length=300, blank=True)
    severity = models.CharField(max_length=8, choices=Severity)

    class Meta:
        ordering = ["severity", "line", "id"]

    def __str__(self) -> str:
        return f"{self.line}: {self.code}"
