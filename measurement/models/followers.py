"""Addresses that people left at a walk, to hear what comes of it; nothing leads to what they said.

An address stands alone: no time finer than the day, no page, no phone, no line of the trail. It is
confirmed by the link of a first mail, and erased by the link that every mail carries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.transitions import lock, verb
from measurement.models.walks import DataWalk
from measurement.walking import telling

if TYPE_CHECKING:
    from datetime import date

    from ciforum.people.models import Initiative

# Whoever types somebody else's address cannot make us write to it again and again.
MOST_ASKED = 3
_YES, _STOP = Signer(salt="measurement.walk.yes"), Signer(salt="measurement.walk.stop")


class FollowerQuerySet(ScopedQuerySet):
    def reached(self) -> FollowerQuerySet:
        """Those who said that the address is theirs, and still want to hear."""
        return self.filter(confirmed_on__isnull=False, erased_on=None)

    def unconfirmed(self) -> FollowerQuerySet:
        return self.filter(confirmed_on=None, erased_on=None)


class Follower(Scoped):
    """Somebody who wants to hear what came of a walk. Erased, nothing but the day is left."""

    walk = models.ForeignKey(DataWalk, on_delete=models.PROTECT, related_name="followers")
    address = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(max_length=10)
    left_on = models.DateField()
    asked = models.PositiveSmallIntegerField(default=1)
    confirmed_on = models.DateField(null=True, blank=True)
    erased_on = models.DateField(null=True, blank=True)

    objects = FollowerQuerySet.as_manager()

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        constraints = [
            models.UniqueConstraint(
                "walk", Lower("address"), name="one_address_per_walk", condition=~Q(address="")
            ),
            models.CheckConstraint(
                condition=Q(erased_on=None) & ~Q(address="")
                | Q(erased_on__isnull=False, address=""),
                name="erased_follower_has_no_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.walk_id}: {self.left_on}"

    @property
    def yes_url(self) -> str:
        slug = self.initiative.slug
        return reverse("measurement:walk_follow_yes", args=[slug, _YES.sign(str(self.uid))])

    @property
    def stop_url(self) -> str:
        slug = self.initiative.slug
        return reverse("measurement:walk_follow_stop", args=[slug, _STOP.sign(str(self.uid))])

    @classmethod
    def by_yes(cls, initiative: Initiative, token: str) -> Follower | None:
        """Whose link of a first mail this is."""
        return cls._by(initiative, _YES, token)

    @classmethod
    def by_stop(cls, initiative: Initiative, token: str) -> Follower | None:
        """Whose link to be erased this is."""
        return cls._by(initiative, _STOP, token)

    @classmethod
    def _by(cls, initiative: Initiative, signer: Signer, token: str) -> Follower | None:
        try:
            uid = signer.unsign(token)
        except BadSignature:
            return None
        own = cls.objects.for_initiative(initiative)
        return own.select_related("walk", "initiative").filter(uid=uid).first()

    # --- changes

    @classmethod
    @verb
    def leave(cls, *, walk: DataWalk, address: str, language: str) -> None:
        """Keep an address and ask its owner by mail. The same answer, known before or not.

        Raises ValidationError when it is none, or the walk is not on.
        """
        lock(walk)
        if walk.is_preparing:
            raise ValidationError(_t("This walk is not open yet."))
        known = cls.objects.filter(walk=walk, address__iexact=address.strip()).first()
        if known is not None:
            known._ask_again()
            return
        follower = cls(
            initiative=walk.initiative,
            walk=walk,
            address=address.strip(),
            language=language if language in walk.languages else walk.languages[0],
            left_on=_today(walk),
        )
        follower.full_clean(validate_constraints=False)
        if not follower.address:
            raise ValidationError({"address": _t("Write an e-mail address.")})
        follower.save()
        telling.asked(follower)

    def _ask_again(self) -> None:
        if self.confirmed_on or self.asked >= MOST_ASKED:
            return
        self.asked += 1
        self.save(update_fields=["asked"])
        telling.asked(self)

    @verb
    def confirm(self) -> None:
        """The link in the first mail was followed. Safe to ask for twice."""
        lock(self)
        if self.erased_on is None and self.confirmed_on is None:
            self.confirmed_on = _today(self.walk)
            self.save(update_fields=["confirmed_on"])

    @verb
    def erase(self) -> None:
        """She wants to hear nothing more: the address goes. Safe to ask for twice."""
        lock(self)
        self.forget()

    def forget(self) -> None:
        """The address goes, and mail that waits with it. Called inside verbs."""
        if self.erased_on is None:
            self.address, self.erased_on = "", _today(self.walk)
            self.save(update_fields=["address", "erased_on"])
            self.mails.filter(sent_at=None).delete()


class WalkMail(models.Model):
    """One mail to one follower: claimed, then sent; never sent twice."""

    initiative = models.ForeignKey("people.Initiative", on_delete=models.PROTECT, related_name="+")
    follower = models.ForeignKey(Follower, on_delete=models.PROTECT, related_name="mails")
    kind = models.CharField(max_length=10)
    due = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "follower", "kind", name="one_mail_waits", condition=Q(sent_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.follower_id}"


def _today(walk: DataWalk) -> date:
    return localtime(clock.now(), walk.initiative.zone).date()
