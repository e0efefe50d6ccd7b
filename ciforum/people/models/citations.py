"""What can be cited, and who cites it: links that a withdrawal reaches, never copied text."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models.scoped import Scoped, ScopedQuerySet

if TYPE_CHECKING:
    from ciforum.people.models.user import User


class Citable(Scoped):
    """Stands for one record that others may cite: a published figure, an event, a story.

    The record has a OneToOne to this row, so that a withdrawal finds everything that cites it by a
    join. `kind` names how it reads (`registry.citations`).
    """

    kind = models.CharField(max_length=40)
    # The record's own uid, so that whoever owns the kind finds it again.
    record_uid = models.UUIDField(unique=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    # Not columns: the record, once it is fetched, and the state of it that a citation pins.
    record: Any = None
    detail: Mapping[str, Any] = MappingProxyType({})

    def __str__(self) -> str:
        return f"{self.kind} {self.record_uid}"

    @classmethod
    def of(cls, record: Any, kind: str) -> Citable:
        """The row that stands for `record`, made when it is cited for the first time.

        `record` has `uid`, `initiative` and the OneToOne `citable`.
        """
        with transaction.atomic():
            citable, _made = cls.objects.get_or_create(
                record_uid=record.uid,
                defaults={"initiative": record.initiative, "kind": kind},
            )
            if record.citable_id != citable.pk:
                type(record)._base_manager.filter(pk=record.pk).update(citable=citable)
                record.citable = citable
        return citable


class CanBeCited(models.Model):
    """A record that others may cite: the row that stands for it comes with the first citation."""

    citable = models.OneToOneField(
        Citable,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        abstract = True

    def withdraw_from_citations(self) -> None:
        """Show it as withdrawn wherever it is cited. Call it inside the record's verb."""
        if self.citable:
            self.citable.withdrawn_at = clock.now()
            self.citable.save(update_fields=["withdrawn_at"])
            self.citable.citations.update(note="")  # it may repeat what the record said


class CitationQuerySet(ScopedQuerySet):
    def of(self, record: Any, anchor: str = "") -> CitationQuerySet:
        """What a record cites: in all of it, or in the part that `anchor` names."""
        found = self.filter(source_uid=record.uid)
        return found.filter(anchor=anchor) if anchor else found


class Citation(Scoped):
    """One record cites another, in one of its parts."""

    citable = models.ForeignKey(Citable, on_delete=models.PROTECT, related_name="citations")
    source_kind = models.CharField(max_length=60)
    source_uid = models.UUIDField(db_index=True)
    # Which part of the source: "problem", "vision", a paragraph's code; "" for the whole.
    anchor = models.CharField(max_length=80, blank=True)
    # Which state of the cited record was looked at, in plain values: {"release": uid}.
    detail: Any = models.JSONField(default=dict, blank=True)
    note = models.CharField(_("what it shows here"), max_length=300, blank=True)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = CitationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                "source_uid", "anchor", "citable", name="one_citation_of_a_record_in_a_part"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_kind} → {self.citable}"

    @classmethod
    def cite(
        cls,
        source: Any,
        citable: Citable,
        *,
        by: User,
        anchor: str = "",
        note: str = "",
        detail: dict[str, Any] | None = None,
    ) -> Citation:
        """Let `source` cite `citable`, once in each part. Call it inside the source's verb."""
        citation, _made = cls.objects.get_or_create(
            initiative=source.initiative,
            source_kind=source._meta.label_lower,
            source_uid=source.uid,
            anchor=anchor,
            citable=citable,
            defaults={"by": by, "note": note, "detail": detail or {}, "at": clock.now()},
        )
        return citation
