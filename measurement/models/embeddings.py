"""Dashboards and indicators on partners' own pages."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, verb
from measurement.models.board_guards import EMBEDDING_GUARDS
from measurement.models.boards import Board
from measurement.models.indicators import Indicator
from measurement.showing.shown import Choice, Unknown, show

if TYPE_CHECKING:
    from ciforum.people.models import User

_HOST = re.compile(
    r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*(:[0-9]{1,5})?", re.ASCII
)


def new_token() -> str:
    return secrets.token_urlsafe(24)


def origin_of(address: str) -> str:
    """`https://site.example[:port]` of an address somebody typed. Raises ValidationError.

    It goes into a header, so nothing but scheme, host and port is let through. Plain http is for
    a machine on which somebody tries it out.
    """
    refused = ValidationError(
        _("Write the address of the site, such as https://www.example.org."), code="origin"
    )
    text = address.strip().lower()
    try:
        parts = urlsplit(text if "//" in text else f"https://{text}")
        host = parts.netloc.encode("idna").decode("ascii")
        is_local = parts.hostname in ("localhost", "127.0.0.1")
        parts.port  # noqa: B018 - asking for it is what checks it
    except (ValueError, UnicodeError) as error:
        raise refused from error
    if not _HOST.fullmatch(host) or parts.scheme not in ("https", "http"):
        raise refused
    if parts.scheme == "http" and not is_local:
        raise ValidationError(_("The site must be reached by https."), code="origin")
    return f"{parts.scheme}://{host}"


class EmbeddingQuerySet(ScopedQuerySet):
    def live(self) -> EmbeddingQuerySet:
        return self.filter(revoked_at=None)


class Embedding(Scoped):
    """Leave for one site to show one dashboard, or one view of one indicator, in its own page.

    Its token names it in the address, and nothing else does; revoked, the address is gone for
    good. Views are counted as a number: no cookie, no address of a reader.
    """

    board = models.ForeignKey(
        Board, on_delete=models.CASCADE, null=True, blank=True, related_name="embeddings"
    )
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, null=True, blank=True, related_name="embeddings"
    )
    place = models.ForeignKey(
        "people.Place", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    breakdown = models.CharField(max_length=200, blank=True)
    period_kind = models.CharField(max_length=12, blank=True)
    origin = models.CharField(_("site"), max_length=260)
    label = models.CharField(
        _("who shows it, and where"), max_length=120, help_text=_("For your own list.")
    )
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    made_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    views = models.PositiveBigIntegerField(default=0, editable=False)

    objects = EmbeddingQuerySet.as_manager()

    class Meta:
        verbose_name = _("embedding")
        verbose_name_plural = _("embeddings")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(board__isnull=False, indicator=None)
                | Q(board=None, indicator__isnull=False),
                name="embeds_a_board_or_an_indicator",
            ),
            models.CheckConstraint(
                condition=Q(origin__regex=r"^https?://[a-z0-9.:-]+$"),
                name="embedding_names_a_site",
            ),
        ]
        triggers = EMBEDDING_GUARDS

    def __str__(self) -> str:
        return f"{self.label} ({self.origin})"

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    @property
    def subject(self) -> Board | Indicator:
        """What it shows."""
        found = self.board or self.indicator
        if found is None:
            raise ValueError("an embedding shows a board or an indicator")
        return found

    @property
    def choice(self) -> Choice:
        return Choice(self.place.code if self.place else "", self.breakdown, self.period_kind)

    def get_embed_url(self) -> str:
        return reverse("measurement:embed", args=[self.initiative.slug, self.token])

    @classmethod
    @verb
    def allow(
        cls,
        *,
        subject: Board | Indicator,
        origin: str,
        label: str,
        by: User,
        choice: Choice | None = None,
    ) -> Embedding:
        """Let one site show it. Raises ValidationError unless it is public."""
        made = cls(
            initiative=subject.initiative,
            origin=origin_of(origin),
            label=label,
            made_by=by,
            made_at=clock.now(),
        )
        if isinstance(subject, Board):
            lock(subject)
            if not subject.is_public:
                raise ValidationError(_("Publish the dashboard first: embedding shows it to all."))
            made.board = subject
        else:
            made._show(subject, choice or Choice())
        made.full_clean(validate_constraints=False)
        made.save()
        audit(made, before="", after="allowed", by=by)
        return made

    def _show(self, indicator: Indicator, choice: Choice) -> None:
        try:
            seen = show(indicator, choice)
        except Unknown as error:
            raise ValidationError(_("This place or these groups are not released.")) from error
        if seen is None:
            raise ValidationError(_("Nothing of this indicator is released yet."))
        self.indicator, self.place = indicator, seen.place
        self.breakdown, self.period_kind = seen.by, seen.kind

    @verb
    def revoke(self, *, by: User) -> None:
        """End it for good. Raises StateChanged when it has ended already."""
        lock(self)
        if self.revoked_at is not None:
            raise StateChanged
        self.revoked_at = clock.now()
        self.save(update_fields=["revoked_at"])
        self.initiative.public_changed()
        audit(self, before="allowed", after="revoked", by=by)

    def count(self) -> None:
        """One more view."""
        Embedding.objects.filter(pk=self.pk).update(views=F("views") + 1)
