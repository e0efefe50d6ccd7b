"""Turning the curve: what is written about an indicator, and what its groups are compared with.

Both keep every version: a new row takes the place of the one before, and no row changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, verb
from ciforum.people.words import Words, WordsField
from equity.models import Dimension, Group

if TYPE_CHECKING:
    from ciforum.people.models import User
    from measurement.models.indicators import Indicator

LONGEST = 4000


def _kept() -> pgtrigger.Protect:
    return pgtrigger.Protect(
        name="every_version_stays", operation=pgtrigger.Update | pgtrigger.Delete
    )


class Question(models.TextChoices):
    """The questions of "turn the curve", in the order they are asked."""

    EXPLAINS = "explains", _("What explains this curve?")
    PARTNERS = "partners", _("Which partners have a role in it?")
    WORKS = "works", _("What works, here or elsewhere?")
    PROPOSE = "propose", _("What do we propose to do?")


class CurveNoteQuerySet(ScopedQuerySet):
    def newest(self) -> CurveNoteQuerySet:
        """The version of each question that stands now."""
        return self.order_by("indicator_id", "question", "-number").distinct(
            "indicator_id", "question"
        )


class CurveNote(Scoped):
    """One version of the answer to one question. Without words: the answer was taken back."""

    indicator = models.ForeignKey(
        "measurement.Indicator", on_delete=models.PROTECT, related_name="curve_notes"
    )
    question = models.CharField(max_length=10, choices=Question)
    number = models.PositiveIntegerField()
    text = WordsField(_("answer"), long=True, max_length=LONGEST, blank=True)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = CurveNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer about a curve")
        verbose_name_plural = _("answers about a curve")
        ordering = ["question", "number"]
        constraints = [
            models.UniqueConstraint(
                "indicator", "question", "number", name="one_curve_note_per_number"
            ),
            models.CheckConstraint(
                condition=Q(question__in=Question.values), name="curve_question_known"
            ),
        ]
        triggers = [_kept()]

    def __str__(self) -> str:
        return f"{self.indicator_id}/{self.question}/{self.number}"

    @classmethod
    @verb
    def write(
        cls, *, indicator: Indicator, question: str, text: Words, seen: int, by: User
    ) -> CurveNote:
        """Answer a question anew. `seen`: the number of the version she looked at, 0 for none.

        Raises ValidationError, and StateChanged when somebody wrote in the meantime.
        """
        lock(indicator)
        last = cls.objects.filter(indicator=indicator, question=question).last()
        if (last.number if last else 0) != seen:
            raise StateChanged
        if last and dict(last.text) == dict(text):
            return last
        if last is None and not text:
            raise ValidationError({"text": _("Write an answer.")})
        note = cls(
            initiative=indicator.initiative,
            indicator=indicator,
            question=question,
            number=seen + 1,
            text=text,
            by=by,
            at=clock.now(),
        )
        note.full_clean()
        note.save()
        indicator.initiative.public_changed()
        audit(indicator, before="", after="curve note written", by=by)
        return note


class Against(models.TextChoices):
    """What each group is compared with."""

    GOAL = "goal", _("The universal goal, the same for everyone")
    MEAN = "mean", _("The average of all groups")
    BEST = "best", _("The group whose number is nearest to the aim, if it is reliable")
    GROUP = "group", _("One group that is named")


class Comparison(Scoped):
    """What an indicator's groups are compared with, and why; the newest row counts.

    Without any row it is the universal goal, for no group is the measure of another.
    """

    indicator = models.ForeignKey(
        "measurement.Indicator", on_delete=models.PROTECT, related_name="comparisons"
    )
    against = models.CharField(_("compared with"), max_length=5, choices=Against)
    group = models.ForeignKey(
        Group,
        verbose_name=_("group"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    reason = WordsField(_("why"), long=True, max_length=1000, blank=True)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("comparison")
        verbose_name_plural = _("comparisons")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(against="group", group__isnull=False)
                | (Q(against__in=["goal", "mean", "best"]) & Q(group=None)),
                name="comparison_names_a_group_or_none",
            ),
            # An empty JSON object is what `Words()` is kept as.
            models.CheckConstraint(
                condition=Q(against="goal") | ~Q(reason={}), name="comparison_says_why"
            ),
        ]
        triggers = [_kept()]

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.against}"

    @classmethod
    @verb
    def compare_with(
        cls,
        *,
        indicator: Indicator,
        against: str,
        by: User,
        group: Group | None = None,
        reason: Words | None = None,
    ) -> Comparison:
        """Choose what the groups are compared with, and say why. Raises ValidationError.

        Only the universal goal needs no reason: every other measure sets some people as the norm.
        """
        lock(indicator)
        words = reason or Words()
        if against != Against.GOAL and not words:
            raise ValidationError({"reason": _("Say why the universal goal is not enough.")})
        if (against == Against.GROUP) != (group is not None):
            raise ValidationError({"group": _("Name a group, or choose another comparison.")})
        if group and group.initiative_id != indicator.initiative_id:
            raise ValidationError({"group": _("Choose a group of this initiative.")})
        if group and group.dimension.kind == Dimension.Kind.OVERLAPPING:
            raise ValidationError(
                {"group": _("Choose a group that shares nobody with those it is compared with.")}
            )
        made = cls(
            initiative=indicator.initiative,
            indicator=indicator,
            against=against,
            group=group,
            reason=words,
            by=by,
            at=clock.now(),
        )
        made.full_clean()
        made.save()
        indicator.initiative.public_changed()
        audit(indicator, before="", after=f"compared with {against}", by=by)
        return made
