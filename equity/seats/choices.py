"""What residents say of a seat, and what a seat says of itself."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Membership, Scoped, ScopedQuerySet
from equity.seats.seat import Seat


class SeatChoice(Scoped):
    """A resident's word that residents chose the holder of a seat. Stays as it was given."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="choices")
    chooser = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("seat", "chooser", name="one_word_per_resident_and_seat")
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.chooser} → {self.seat}"


class Recusal(Scoped):
    """A seat stands back from one decision because of an interest it declared. Public."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="recusals")
    about = models.UUIDField()
    interest = models.CharField(_("the interest"), max_length=500)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        constraints = [models.UniqueConstraint("seat", "about", name="one_recusal_per_decision")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.interest}"
