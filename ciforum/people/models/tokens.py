"""Tokens: how a program says on whose behalf it asks the API."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models.scoped import Scoped, ScopedQuerySet
from ciforum.people.transitions import audit, lock, verb

if TYPE_CHECKING:
    from ciforum.people.models.initiative import Initiative
    from ciforum.people.models.user import User

PREFIX = "ciforum_"
LONGEST = timedelta(days=732)


class Scope(models.TextChoices):
    """What a token opens. All of it is public anyway: a lost token shows nothing new."""

    MEASURES = "measures", _("Indicators and released numbers")
    SHIFTS = "shifts", _("Systems shifts")
    REQUESTS = "requests", _("Data that was asked for")


class ApiTokenQuerySet(ScopedQuerySet):
    def live(self) -> ApiTokenQuerySet:
        return self.filter(revoked_at=None, expires_at__gt=clock.now())

    def by_secret(self, secret: str) -> ApiToken | None:
        """The living token of this secret; only its digest is kept."""
        return self.live().filter(digest=_digest(secret)).first()


class ApiToken(Scoped):
    """One program's key to the API of one initiative, for some scopes, until a day."""

    label = models.CharField(
        _("what it is for"), max_length=100, help_text=_("E.g. “County's Power BI report”.")
    )
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope), verbose_name=_("opens"))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    # The first letters, so that somebody who holds several can tell which this is.
    start = models.CharField(max_length=16, editable=False)
    made_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(_("until"))
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    # A day, not a moment: enough to see that nobody uses it any more.
    last_used = models.DateField(null=True, blank=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scopes__len__gt=0) & Q(scopes__contained_by=Scope.values),
                name="token_has_known_scopes",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("made_at")), name="token_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.start}…)"

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None and self.expires_at > clock.now()

    @property
    def scope_labels(self) -> list[str]:
        return [str(Scope(scope).label) for scope in self.scopes]

    @classmethod
    @verb
    def issue(
        cls,
        *,
        initiative: Initiative,
        label: str,
        scopes: list[str],
        expires_at: datetime,
        by: User,
    ) -> tuple[ApiToken, str]:
        """Make a token; answers it and its secret, which is told once and never again."""
        now = clock.now()
        if not now < expires_at <= now + LONGEST:
            raise ValidationError(
                {"expires_at": _("Choose a date from tomorrow to two years from now.")}
            )
        secret = PREFIX + secrets.token_urlsafe(32)
        token = cls(
            initiative=initiative,
            label=label,
            scopes=scopes,
            digest=_digest(secret),
            start=secret[: len(PREFIX) + 4],
            made_by=by,
            made_at=now,
            expires_at=expires_at,
        )
        token.full_clean()
        token.save()
        audit(token, before="", after="issued", by=by)
        return token, secret

    @verb
    def revoke(self, *, by: User) -> None:
        """From now on it opens nothing. Revoking twice changes nothing."""
        lock(self)
        if self.revoked_at:
            return
        self.revoked_at = clock.now()
        self.save(update_fields=["revoked_at"])
        audit(self, before="issued", after="revoked", by=by)

    def used(self) -> None:
        """Remember the day, with one write a day."""
        today = clock.now().date()
        if self.last_used != today:
            type(self).objects.filter(pk=self.pk).update(last_used=today)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
