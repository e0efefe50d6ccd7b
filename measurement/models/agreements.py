"""Data agreements: who may give which numbers to whom, on what terms, until when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Organization, Scoped, ScopedQuerySet, StoredFile
from ciforum.people.transitions import audit, lock, move, verb
from ciforum.people.words import Words, WordsField
from measurement.catalogue import agreeing, sharing
from measurement.models import agreement_guards
from measurement.models.indicators import Indicator

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from django.core.files.base import File

    from ciforum.people.models import Initiative, User
    from equity.models import DataAuthority

REMINDER_DAYS = 60
FILE_KIND = "data agreement"


class DataAgreementQuerySet(ScopedQuerySet):
    def in_force(self) -> DataAgreementQuerySet:
        """Neither ended, nor renewed, nor run out."""
        return self.filter(state=DataAgreement.State.IN_FORCE, ends__gte=clock.now())

    def standing(self) -> DataAgreementQuerySet:
        """Waiting, in force, or run out and nobody has said what comes next."""
        states = DataAgreement.State
        return self.filter(state__in=[states.WAITING, states.IN_FORCE])

    def running_out(self) -> DataAgreementQuerySet:
        """Those whose reminder is due: their end lies at most their own number of days ahead."""
        day = timedelta(days=1)
        in_force = self.filter(state=DataAgreement.State.IN_FORCE)
        return in_force.filter(ends__lte=clock.now() + F("reminder_days") * day)


class DataAgreement(Scoped):
    """What partners agreed about sharing numbers. Terms never change: a renewal is the next one."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for a council")
        IN_FORCE = "in_force", _("In force")
        RENEWED = "renewed", _("Renewed")
        ENDED = "ended", _("Ended early")

    name = WordsField(_("what it is called"), max_length=200)
    indicators = models.ManyToManyField(
        Indicator, verbose_name=_("indicators"), related_name="agreements"
    )
    organizations = models.ManyToManyField(
        Organization, verbose_name=_("partners"), blank=True, related_name="+"
    )
    others = models.CharField(
        _("other parties"),
        max_length=300,
        blank=True,
        help_text=_("Who is not a partner here, e.g. “State Office of Vital Records”."),
    )
    terms = WordsField(
        _("terms of the agreement"),
        long=True,
        help_text=_(
            "What may be shared, in what form, for what, and what may not. Members read it."
        ),
    )
    starts = models.DateField(_("from"))
    ends = models.DateTimeField(_("until"))
    reminder_days = models.PositiveSmallIntegerField(
        _("remind us so many days before"), default=REMINDER_DAYS
    )
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING, editable=False)
    renews = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="renewal",
    )
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    why_ended = WordsField(_("why it ends"), long=True, max_length=1000, blank=True)
    made_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    objects = DataAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("data agreement")
        verbose_name_plural = _("data agreements")
        ordering = ["ends", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "in_force", "renewed", "ended"]),
                name="agreement_state",
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")), name="agreement_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(reminder_days__gte=1, reminder_days__lte=365),
                name="agreement_reminds_within_a_year",
            ),
            models.CheckConstraint(
                condition=(Q(state="ended", ended_at__isnull=False) & ~Q(why_ended=Words()))
                | (~Q(state="ended") & Q(ended_at=None)),
                name="an_ended_agreement_says_why",
            ),
        ]
        triggers = [
            # People acted on these words; other words are another agreement.
            pgtrigger.ReadOnly(name="keeps_its_terms", exclude=["state", "ended_at", "why_ended"]),
            *agreement_guards.AGREEMENT,
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return reverse("measurement:agreement", args=[self.initiative.slug, self.uid])

    @property
    def parties(self) -> list[str]:
        """Names of all parties, partners first."""
        names = sorted(each.name for each in self.organizations.all())
        return [*names, *filter(None, [self.others.strip()])]

    @property
    def has_run_out(self) -> bool:
        return self.state == self.State.IN_FORCE and self.ends < clock.now()

    @property
    def is_running_out(self) -> bool:
        """In force, and its reminder is due."""
        soon = clock.now() + timedelta(days=self.reminder_days)
        return self.state == self.State.IN_FORCE and clock.now() <= self.ends <= soon

    @property
    def days_left(self) -> int:
        """Whole days until its last one, in the initiative's zone; below 0 once it has run out."""
        zone = self.initiative.zone
        return (localtime(self.ends, zone).date() - localtime(clock.now(), zone).date()).days

    @classmethod
    @verb
    def start(
        cls,
        *,
        initiative: Initiative,
        by: User,
        indicators: Iterable[Indicator],
        organizations: Iterable[Organization] = (),
        file: File[bytes] | None = None,
        **fields: Any,
    ) -> DataAgreement:
        """Write down an agreement. It waits for the councils whose groups' numbers it shares.

        Raises ValidationError without an indicator or a party.
        """
        return cls._make(initiative, by, list(indicators), list(organizations), file, **fields)

    @classmethod
    def _make(
        cls,
        initiative: Initiative,
        by: User,
        indicators: list[Indicator],
        organizations: list[Organization],
        file: File[bytes] | None,
        **fields: Any,
    ) -> DataAgreement:
        agreement = cls(initiative=initiative, made_by=by, made_at=clock.now(), **fields)
        agreement._must_be_whole(indicators, organizations)
        agreement.full_clean(exclude=["file"])
        if file is not None:
            agreement.file = StoredFile.keep(file, initiative=initiative, kind=FILE_KIND)
        agreement.save()
        agreement.indicators.set(indicators)
        agreement.organizations.set(organizations)
        initiative.public_changed()
        audit(agreement, before="", after=cls.State.WAITING, by=by)
        agreement._stand(by)
        return agreement

    def _stand(self, by: User) -> None:
        """Into force, if every council lets it; with the same terms it was let before."""
        if self.goes_on() or sharing.may_stand(self):
            move(self, start=self.State.WAITING, to=self.State.IN_FORCE, by=by)
        else:
            agreeing.ask_councils(self)

    def goes_on(self) -> bool:
        """It renews one on the same terms, with the same parties: no council is asked anew."""
        return self.renews is not None and self.renews.terms == self.terms

    def _must_be_whole(
        self, indicators: list[Indicator], organizations: list[Organization]
    ) -> None:
        if not indicators:
            raise ValidationError({"indicators": _("Choose at least one indicator.")})
        if not organizations and not self.others.strip():
            raise ValidationError({"organizations": _("Name at least one party.")})
        own = {each.initiative_id for each in (*indicators, *organizations)}
        if own != {self.initiative_id}:
            raise ValidationError(_("Choose indicators and partners of this initiative."))
        if self.starts and self.ends and self._last_day < self.starts:
            raise ValidationError({"ends": _("It must end after it begins.")})

    @property
    def _last_day(self) -> date:
        return localtime(self.ends, self.initiative.zone).date()

    # --- councils: answers `equity.models.authority.Spoken`

    @property
    def hears_councils(self) -> bool:
        return self.state == self.State.WAITING

    def hold(self) -> None:
        lock(self)

    def seen_by(self, holder: DataAuthority) -> str:
        """Its terms never change, so neither does this; "" where it is not about the group."""
        return "terms" if sharing.counts(self.indicators.all(), holder) else ""

    def heard(self, holder: DataAuthority, *, by: User) -> None:
        """With the last council's yes it is in force."""
        if sharing.may_stand(self):
            move(self, start=self.State.WAITING, to=self.State.IN_FORCE, by=by)
            agreeing.heard(self)
            self.initiative.public_changed()

    @verb
    def renew(
        self,
        *,
        by: User,
        starts: date,
        ends: datetime,
        terms: Words | None = None,
        file: File[bytes] | None = None,
        reminder_days: int | None = None,
    ) -> DataAgreement:
        """Go on with the same parties and indicators until a new date; this one stays as it was.

        Raises ValidationError when the new date is not later, StateChanged when it was renewed or
        ended before.
        """
        lock(self)
        if ends <= max(self.ends, clock.now()):
            raise ValidationError({"ends": _("Choose a day later than the one it ends on now.")})
        move(self, start=self.State.IN_FORCE, to=self.State.RENEWED, by=by)
        agreeing.settled(self)
        return self._make(
            self.initiative,
            by,
            list(self.indicators.all()),
            list(self.organizations.all()),
            file,
            name=self.name,
            others=self.others,
            terms=terms or self.terms,
            starts=starts,
            ends=ends,
            reminder_days=reminder_days or self.reminder_days,
            renews=self,
        )

    @verb
    def end(self, *, by: User, why: Words) -> None:
        """End it, and say why. Raises StateChanged when it was renewed or ended before."""
        lock(self)
        if not why:
            raise ValidationError({"why": _("Say in a few words why it ends.")})
        move(
            self,
            start=(self.State.WAITING, self.State.IN_FORCE),
            to=self.State.ENDED,
            by=by,
            ended_at=clock.now(),
            why_ended=why,
        )
        agreeing.settled(self)
        self.initiative.public_changed()
