"""Why a gap is there: events of the community's history, or the word that nobody has looked yet."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agenda.models import HistoryEvent
from ciforum.people import clock
from ciforum.people.models import Citable, Citation, Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, verb
from ciforum.people.words import Words, WordsField

if TYPE_CHECKING:
    from datetime import date

    from ciforum.people.models import User
    from measurement.models.indicators import Indicator

# How long "we have not looked yet" may stand before it has to be said again.
LONGEST = timedelta(days=366)
ANCHOR = "causes"


class CauseQuerySet(ScopedQuerySet):
    def standing(self) -> CauseQuerySet:
        """Causes that are still named, and statements that nobody took back."""
        return self.filter(ended_at=None)

    def named(self) -> CauseQuerySet:
        """Structural events that anyone may read."""
        return self.standing().filter(event__state="published", event__is_structural=True)

    def promised(self) -> CauseQuerySet:
        """Statements that it has not been looked into, whose day has not come."""
        return self.standing().filter(event=None, until__gte=clock.now())


class Cause(Scoped):
    """An indicator names a structural event, or says who will look for causes until when.

    What was said stays: a statement that is put off is the next row, and each is counted.
    """

    indicator = models.ForeignKey(
        "measurement.Indicator", on_delete=models.PROTECT, related_name="causes"
    )
    # None: a statement that the causes have not been looked into.
    event = models.ForeignKey(
        HistoryEvent,
        verbose_name=_("event"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    note = WordsField(_("how it works until today"), long=True, max_length=600, blank=True)
    who = models.CharField(
        _("who looks into it"),
        max_length=200,
        blank=True,
        help_text=_("A group or an organization, e.g. “Eastgate elders’ circle with the library”."),
    )
    until = models.DateTimeField(_("until when"), null=True, blank=True)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("cause")
        verbose_name_plural = _("causes")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                "indicator",
                "event",
                name="one_cause_per_event",
                condition=Q(ended_at=None, event__isnull=False),
                violation_error_message=_("This event is named already."),
            ),
            models.UniqueConstraint(
                "indicator",
                name="one_standing_statement",
                condition=Q(ended_at=None, event=None),
            ),
            models.CheckConstraint(
                condition=Q(event__isnull=False, who="", until=None)
                | (Q(event=None, until__isnull=False) & ~Q(who="")),
                name="cause_or_statement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.event or self.who}"

    @property
    def is_statement(self) -> bool:
        return self.event_id is None

    @property
    def is_overdue(self) -> bool:
        return self.until is not None and self.until < clock.now()

    # --- changes: each locks the indicator, as the release that reads them does

    @classmethod
    @verb
    def name(
        cls, *, indicator: Indicator, event: HistoryEvent, by: User, note: Words | None = None
    ) -> Cause:
        """Name a published structural event as a cause; a standing statement ends with it.

        Raises ValidationError.
        """
        lock(indicator)
        lock(event)
        if event.initiative_id != indicator.initiative_id:
            raise ValidationError({"event": _("Choose an event of this initiative.")})
        if not (event.is_published and event.is_structural):
            raise ValidationError(
                {"event": _("Choose a published event that is marked as a structural cause.")}
            )
        cause = cls(
            initiative=indicator.initiative,
            indicator=indicator,
            event=event,
            note=note or Words(),
            by=by,
            at=clock.now(),
        )
        cause.full_clean()
        cause.save()
        indicator.causes.standing().filter(event=None).update(ended_at=clock.now())
        Citation.cite(indicator, Citable.of(event, "event"), by=by, anchor=ANCHOR)
        indicator.initiative.public_changed()
        audit(indicator, before="", after="cause named", by=by)
        return cause

    @classmethod
    @verb
    def not_researched(
        cls,
        *,
        indicator: Indicator,
        who: str,
        until: date,
        by: User,
        note: Words | None = None,
    ) -> Cause:
        """Say that nobody has looked for the causes yet, who will, and until when.

        It takes the place of an earlier statement, which stays on record. Raises ValidationError,
        also while a published event is named: then it has been looked into.
        """
        lock(indicator)
        if indicator.causes.named().exists():
            raise ValidationError(_("A cause is named already, so it has been looked into."))
        last = clock.end_of_day(until, indicator.initiative.time_zone)
        if not clock.now() < last <= clock.now() + LONGEST:
            raise ValidationError(
                {"until": _("Choose a day from today on, within a year from now.")}
            )
        indicator.causes.standing().filter(event=None).update(ended_at=clock.now())
        cause = cls(
            initiative=indicator.initiative,
            indicator=indicator,
            who=who.strip(),
            until=last,
            note=note or Words(),
            by=by,
            at=clock.now(),
        )
        cause.full_clean()
        cause.save()
        indicator.initiative.public_changed()
        audit(indicator, before="", after="cause not researched", by=by)
        return cause

    @verb
    def end(self, *, by: User) -> None:
        """Name it no longer. Raises StateChanged when that was done already."""
        lock(self.indicator)
        lock(self)
        if self.ended_at:
            raise StateChanged
        self.ended_at = clock.now()
        self.save(update_fields=["ended_at"])
        if self.event and self.event.citable_id:
            Citation.objects.of(self.indicator, ANCHOR).filter(
                citable=self.event.citable_id
            ).delete()
        self.initiative.public_changed()
        audit(self.indicator, before="", after="cause taken back", by=by)


def hold_events(indicator: Indicator) -> None:
    """Lock the events an indicator names, so that none is withdrawn before the gate has asked."""
    named = indicator.causes.standing().exclude(event=None).values_list("event", flat=True)
    for pk in sorted(named):
        lock(HistoryEvent.objects.get(pk=pk))


def said(indicator: Indicator) -> dict[str, Any]:
    """What the rule of structural causes looks at, in plain values that hold no words.

    {"events": how many are named, "until": the day of a standing statement, or of one that ran
    out, "overdue": whether it ran out}.
    """
    events = indicator.causes.named().count()
    statement = indicator.causes.standing().filter(event=None).first()
    return {
        "events": events,
        "until": statement.until.isoformat() if statement and statement.until else "",
        "overdue": bool(statement and statement.is_overdue),
    }
