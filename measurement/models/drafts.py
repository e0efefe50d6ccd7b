"""Numbers typed on screen and not yet turned into a submission."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Period, Scoped, ScopedQuerySet
from ciforum.people.transitions import lock, verb
from measurement.models.observations import Grade

if TYPE_CHECKING:
    from ciforum.people.models import User


class GridDraft(Scoped):
    """What a partner has typed so far for one indicator and period; kept until it is handed in."""

    indicator = models.ForeignKey(
        "measurement.Indicator", on_delete=models.CASCADE, related_name="drafts"
    )
    organization = models.ForeignKey(
        "people.Organization", on_delete=models.CASCADE, related_name="+"
    )
    period_kind = models.CharField(max_length=12, choices=Period.Kind)
    period_start = models.DateField()
    period_end = models.DateField()
    # Key of a row → {"counted": text, "out_of": text, "why": code}, as she typed it.
    cells = models.JSONField(default=dict)
    # Names of places that she added to those of last time.
    places = models.JSONField(default=list)
    grade = models.CharField(max_length=16, choices=Grade, default=Grade.UNKNOWN)
    saved_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=clock.now)
    # What was made of it last; typing goes on until that is handed in.
    submission = models.OneToOneField(
        "measurement.Submission", on_delete=models.SET_NULL, null=True, related_name="draft"
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(
                "organization",
                "indicator",
                "period_kind",
                "period_start",
                "period_end",
                name="one_draft_per_grid",
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period_start}"

    @verb
    def write(self, *, by: User, **said: Any) -> None:
        """Keep what has been typed, whole; the last one who saves wins, of what she says."""
        lock(self)
        for name, value in said.items():
            setattr(self, name, value)
        self.saved_by, self.saved_at = by, clock.now()
        self.save(update_fields=[*said, "saved_by", "saved_at"])
