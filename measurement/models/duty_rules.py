"""Agreements by which reports are owed again and again, and when partners are reminded of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, verb
from ciforum.people.words import Words
from measurement.models.duties import ReportDuty, Standing
from measurement.owing import expecting

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ciforum.people.models import Initiative, Organization, User
    from measurement.models.indicators import Indicator

LONGEST_WAIT = 400
FURTHEST = 60


class Frequency(models.TextChoices):
    """How often; each is a kind of period."""

    MONTH = "month", _("each month")
    QUARTER = "quarter", _("each quarter")
    YEAR = "year", _("each calendar year")
    SCHOOL_YEAR = "school_year", _("each school year (July to June)")
    FISCAL_YEAR = "fiscal_year", _("each fiscal year (July to June)")


class ReportingRuleQuerySet(ScopedQuerySet):
    def standing(self) -> ReportingRuleQuerySet:
        return self.filter(ended_at=None)


class ReportingRule(Scoped):
    """An organization hands in an indicator each quarter, so many days after it ends.

    It makes the single reports ahead of time; what it made stays when it ends.
    """

    indicator = models.ForeignKey(
        "measurement.Indicator", on_delete=models.PROTECT, related_name="reporting_rules"
    )
    organization = models.ForeignKey(
        "people.Organization", on_delete=models.PROTECT, related_name="+"
    )
    every = models.CharField(_("how often"), max_length=12, choices=Frequency)
    days_after = models.PositiveSmallIntegerField(
        _("days after it ends"), validators=[MaxValueValidator(LONGEST_WAIT)]
    )
    begins = models.DateField(_("beginning with what starts on or after"))
    # Reports of periods that begin before this day are made.
    made_until = models.DateField(null=True, blank=True, editable=False)
    agreed_at = models.DateTimeField(default=clock.now)
    agreed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ReportingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("reporting agreement")
        verbose_name_plural = _("reporting agreements")
        ordering = ["organization__name", "indicator__slug", "id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "indicator",
                "every",
                name="one_standing_reporting_rule",
                condition=Q(ended_at=None),
                violation_error_message=_("This is agreed already."),
            ),
            models.CheckConstraint(
                condition=Q(days_after__lte=LONGEST_WAIT), name="report_is_due_within_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}: {self.indicator}, {self.get_every_display()}"

    @classmethod
    @verb
    def agree(
        cls,
        *,
        indicator: Indicator,
        organization: Organization,
        every: str,
        days_after: int,
        begins: date,
        by: User,
    ) -> ReportingRule:
        """Agree on it, and make its reports so far. Raises ValidationError when it stands."""
        lock(indicator)
        rule = cls(
            initiative=indicator.initiative,
            indicator=indicator,
            organization=organization,
            every=every,
            days_after=days_after,
            begins=begins,
            agreed_at=clock.now(),
            agreed_by=by,
        )
        rule.full_clean()
        rule.save()
        audit(rule, before="", after="agreed", by=by)
        expecting.make(rule)
        return rule

    @verb
    def look_ahead(self) -> int:
        """Make the reports that are to be seen by now; answers how many are new."""
        lock(self.indicator)
        lock(self)
        return 0 if self.ended_at else expecting.make(self)

    @verb
    def end(self, *, words: Words, by: User) -> None:
        """Expect no more of them. Reports whose time has not ended are closed with these words."""
        if not any(text.strip() for text in words.values()):
            raise ValidationError({"words": _("Say why it ends. The partner reads this.")})
        lock(self.indicator)
        lock(self)
        if self.ended_at:
            raise StateChanged
        self.ended_at = clock.now()
        self.save(update_fields=["ended_at"])
        audit(self, before="agreed", after="ended", by=by)
        today = clock.now().astimezone(self.initiative.zone).date()
        ahead = ReportDuty.objects.filter(rule=self, state="open", period__end__gt=today)
        for duty in ahead.with_standing().filter(standing=Standing.DUE).order_by("pk"):
            duty.close(words=words, by=by)


class ReminderSchedule(Scoped):
    """On which days partners are reminded: days after the due date, negative ones before it."""

    days = ArrayField(models.SmallIntegerField(), verbose_name=_("days"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("initiative", name="one_reminder_schedule"),
            models.CheckConstraint(condition=Q(days__len__lte=8), name="few_reminders"),
        ]

    def __str__(self) -> str:
        return ", ".join(map(str, self.days))

    @classmethod
    def days_of(cls, initiative: Initiative) -> list[int]:
        """The initiative's days, or the usual ones."""
        found = cls.objects.for_initiative(initiative).first()
        return list(found.days) if found else list(USUAL_DAYS)

    @classmethod
    @verb
    def choose(cls, *, initiative: Initiative, days: Iterable[int], by: User) -> ReminderSchedule:
        """Remind on these days from now on; none at all means never."""
        chosen = sorted(set(days))
        if len(chosen) > 8 or any(abs(day) > FURTHEST for day in chosen):
            raise ValidationError(
                _("Choose at most eight days, none further than 60 from the date.")
            )
        lock(initiative)
        schedule, _made = cls.objects.update_or_create(
            initiative=initiative, defaults={"days": chosen}
        )
        audit(schedule, before="", after="days chosen", by=by, note=", ".join(map(str, chosen)))
        return schedule


# Two weeks and three days before, a day and a week after.
USUAL_DAYS = (-14, -3, 1, 7)


class ReminderMute(Scoped):
    """Somebody wants no reminders: of one report, or (without one) of any here."""

    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+")
    duty = models.ForeignKey(ReportDuty, on_delete=models.CASCADE, null=True, related_name="mutes")
    muted_at = models.DateTimeField(default=clock.now)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-muted_at"]
        constraints = [
            models.UniqueConstraint(
                "initiative", "user", "duty", name="muted_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.duty or 'all'}"

    @classmethod
    @verb
    def mute(cls, *, initiative: Initiative, user: User, duty: ReportDuty | None) -> None:
        """No more reminders for her of this report, or of any here. Twice is once."""
        cls.objects.get_or_create(
            initiative=initiative, user=user, duty=duty, defaults={"muted_at": clock.now()}
        )

    @classmethod
    @verb
    def unmute(cls, *, initiative: Initiative, user: User, duty: ReportDuty | None) -> None:
        """Remind her again."""
        cls.objects.for_initiative(initiative).filter(user=user, duty=duty).delete()


class ReportReminder(models.Model):
    """Who was reminded of what, when. The row is claimed before anything is sent."""

    duty = models.ForeignKey(ReportDuty, on_delete=models.PROTECT, related_name="reminders")
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    days = models.SmallIntegerField()
    due = models.DateTimeField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            # Put off to another date, a report is reminded of anew.
            models.UniqueConstraint("duty", "user", "days", "due", name="reminded_once")
        ]
        triggers = [
            pgtrigger.Protect(name="sent_is_sent", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.duty_id}: {self.days}"
