"""Withholdings: public numbers of a group that its council keeps back from now on.

Why a whole breakdown goes dark until a new release is out: `docs/decisions/0004`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.transitions import audit, lock
from equity.models import DataAuthority, Policy
from measurement.models import targets
from measurement.models.indicators import Indicator
from measurement.models.public_tables import PublicTable
from measurement.models.releases import Release, ReleaseCell
from measurement.releasing import authority, telling_asking

if TYPE_CHECKING:
    from datetime import datetime

    from ciforum.people.models import User

# Whether more than half of the council's seats say so now of the indicator.
_SAID = """
    SELECT count(*) FILTER (WHERE said.says = 'withhold'),
           count(*) FILTER (WHERE said.says = 'release') INTO keeping, giving
    FROM (SELECT DISTINCT ON (word.seat_id) word.says FROM equity_authorityword word
          JOIN equity_seat seat ON seat.id = word.seat_id AND seat.state = 'seated'
               AND seat.is_voting AND seat.seat_class <> 'backbone'
          JOIN measurement_indicator indicator ON indicator.uid = word.record_uid
               AND indicator.id = NEW.indicator_id
               AND indicator.initiative_id = NEW.initiative_id
          WHERE word.authority_id = NEW.authority_id AND word.initiative_id = NEW.initiative_id
          ORDER BY word.seat_id, word.id DESC) said;
    SELECT count(*) INTO seats FROM equity_dataauthority authority
    JOIN equity_seat seat ON seat.committee_id = authority.council_id AND seat.state = 'seated'
         AND seat.is_voting AND seat.seat_class <> 'backbone'
    WHERE authority.id = NEW.authority_id;
"""
_DECLARE = [("keeping", "INT"), ("giving", "INT"), ("seats", "INT")]


class WithholdingQuerySet(ScopedQuerySet):
    def in_force(self) -> WithholdingQuerySet:
        """Not taken back, and the council still holds authority over the group."""
        return self.filter(ended_at=None, authority__ended_at=None)

    def reasons(self) -> list[tuple[str, datetime]]:
        """The dimensions that are dark in releases up to a moment: code, and moment."""
        return list(self.in_force().values_list("authority__group__dimension__code", "since"))


class Withholding(Scoped):
    """A council keeps back its group's numbers in one indicator, which were public before.

    Until a new release is out, nothing of the group's whole dimension is shown: a single hidden
    group could be worked out from its neighbours and their total.
    """

    authority = models.ForeignKey(
        DataAuthority, on_delete=models.PROTECT, related_name="withholdings"
    )
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="withholdings")
    since = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, editable=False)
    # More than half of those who keep the numbers let pages say whose they are.
    is_told = models.BooleanField(default=False)

    objects = WithholdingQuerySet.as_manager()

    class Meta:
        verbose_name = _("withholding")
        verbose_name_plural = _("withholdings")
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(
                "authority", "indicator", name="withheld_once", condition=Q(ended_at=None)
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="its_council_keeps_it",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=_DECLARE,
                func=_SAID
                + """
                    IF 2 * keeping <= seats THEN
                        RAISE EXCEPTION 'more than half of the council keep these numbers'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="its_council_gives_it",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                declare=_DECLARE,
                func=_SAID
                + """
                    IF OLD.ended_at IS NOT NULL OR keeping > 0 OR 2 * giving <= seats THEN
                        RAISE EXCEPTION 'more than half of the council let these numbers be shown'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.ReadOnly(
                name="keeps_what_was_said",
                fields=["initiative", "uid", "authority", "indicator", "since", "is_told"],
            ),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.authority}: {self.indicator}"


class PublicNumbers(Indicator):
    """An indicator as everybody reads it: what a council speaks of once it is public.

    Answers `equity.models.authority.Spoken`.
    """

    class Meta:
        proxy = True

    @classmethod
    def about(cls, holder: DataAuthority) -> models.QuerySet[PublicNumbers]:
        """The indicators with public numbers of the group or of a part of it."""
        own = cls._base_manager.filter(initiative=holder.initiative_id)
        return own.filter(pk__in=_cells_of(holder).values("release__indicator"))

    @property
    def hears_councils(self) -> bool:
        return True

    def hold(self) -> None:
        """Policy, then indicator: the order of a release that is published."""
        lock(Policy.of(self.initiative))
        lock(self)

    def seen_by(self, holder: DataAuthority) -> str:
        """The same for all numbers: the word is about whatever is public of the group."""
        return "public" if _cells_of(holder).filter(release__indicator=self.pk).exists() else ""

    def heard(self, holder: DataAuthority, *, by: User) -> None:
        """The newest words count at once, on every page. The caller holds the locks."""
        standing = Withholding.objects.in_force().filter(authority=holder, indicator=self.pk)
        says, kept = holder.count(self), standing.first()
        if says.says == "withhold" and kept is None:
            kept = Withholding.objects.create(
                initiative=self.initiative,
                authority=holder,
                indicator_id=self.pk,
                since=clock.now(),
                is_told=2 * says.told > says.withhold,
            )
            audit(kept, before="public", after="withheld", by=by)
        elif says.says == "release" and kept is not None:
            kept.ended_at = clock.now()
            kept.save(update_fields=["ended_at"])
            audit(kept, before="withheld", after="public", by=by)
        else:
            return
        self._show_again(kept, by)

    def _show_again(self, changed: Withholding, by: User) -> None:
        """What is public now, wherever it stands; and whoever prepares releases hears of it."""
        PublicTable.refresh(self)
        targets.measured_by(self)
        draft = self.releases.filter(state=Release.State.DRAFT).first()
        if draft is not None:
            draft.include_new(by=by)
        self.initiative.public_changed()
        telling_asking.kept_back(changed)


def _cells_of(holder: DataAuthority) -> models.QuerySet[ReleaseCell]:
    """What releases hold of the group and its parts, shown or hidden."""
    return ReleaseCell.objects.filter(
        initiative=holder.initiative_id,
        release__state=Release.State.PUBLISHED,
        stratum__members__group__in=authority.family_of(holder.group),
    )
