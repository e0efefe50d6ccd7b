"""What a version of the charter is made of: paragraphs, goals, and what they cite."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agenda.models.charter_guards import MAY_LOSE_ITS_NOTE, frozen
from ciforum.people.models import Citation, Scoped, ScopedQuerySet
from ciforum.people.words import WordsField

MOST_PARAGRAPHS = 30  # in one part: a charter is read, not searched


class Part(models.TextChoices):
    """What a charter says, in the order in which it is read."""

    PROBLEM = "problem", _("The problem")
    VISION = "vision", _("What we want together")
    PRINCIPLES = "principles", _("Principles")
    POPULATION = "population", _("Whom it is for")
    OUTSIDE = "outside", _("What is not part of it")


class Paragraph(Scoped):
    """One paragraph, or one principle. It can cite what it stands on."""

    version = models.ForeignKey(
        "agenda.CharterVersion", on_delete=models.PROTECT, related_name="paragraphs"
    )
    part = models.CharField(max_length=12, choices=Part)
    order = models.PositiveIntegerField()
    # The same in every version that took it over, so that versions compare.
    thread = models.UUIDField(default=uuid.uuid4, editable=False)
    text = WordsField(_("text"), long=True, max_length=4000)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("paragraph")
        verbose_name_plural = _("paragraphs")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "part", "order"],
                name="one_paragraph_per_place",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint("version", "thread", name="one_paragraph_of_a_thread"),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="charter_part_known"),
        ]
        triggers = [frozen("frozen_with_its_version", column="version_id", key="id", kind="bigint")]

    def __str__(self) -> str:
        return str(self.text)


class CharterGoal(Scoped):
    """A goal for everyone that a version of the charter names."""

    version = models.ForeignKey(
        "agenda.CharterVersion", on_delete=models.PROTECT, related_name="goal_links"
    )
    goal = models.ForeignKey("agenda.Goal", on_delete=models.PROTECT, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint("version", "goal", name="one_link_of_a_charter_to_a_goal")
        ]
        triggers = [frozen("frozen_with_its_version", column="version_id", key="id", kind="bigint")]

    def __str__(self) -> str:
        return f"{self.version_id} → {self.goal_id}"


class CharterCitation(Citation):
    """Citations of charters, seen from here so that the database can freeze them too."""

    class Meta:
        proxy = True
        triggers = [
            frozen(
                "frozen_with_its_charter",
                column="source_uid",
                key="uid",
                kind="uuid",
                but=MAY_LOSE_ITS_NOTE,
            )
        ]
