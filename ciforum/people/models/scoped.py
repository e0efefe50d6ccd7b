"""What every table but User has: the initiative it belongs to, and an opaque id for the outside."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from ciforum.people.models.initiative import Initiative


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows of one initiative. Every query starts with `for_initiative` or from a parent's rows."""

    def for_initiative(self, initiative: Initiative) -> Self:
        return self.filter(initiative=initiative)


class Scoped(models.Model):
    """A row of one initiative: `uid` names it in URLs, exports and chains, never the number."""

    initiative = models.ForeignKey("people.Initiative", on_delete=models.PROTECT, related_name="+")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True
