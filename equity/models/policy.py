"""How strict an initiative is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.transitions import audit, lock, verb

if TYPE_CHECKING:
    from ciforum.people.models import Initiative, User

# The floors everybody starts with; an initiative may only be stricter (see `Policy.tighten`).
SMALL_COUNT = 11
STORY_WORDS = 25
WAIVER_DAYS = 90
THRESHOLDS = ("small_count", "story_words", "waiver_days")

LOOSER = _(
    "This would be looser than now. Rules can be made stricter here; making them looser takes a "
    "decision of the community."
)


class Policy(Scoped):
    """The thresholds of one initiative. Its row is the first lock of every gated change.

    They have an upper end too: a slip of the hand here could be undone by no one alone.
    """

    initiative = models.OneToOneField(
        "people.Initiative", on_delete=models.PROTECT, related_name="equity_policy"
    )
    small_count = models.PositiveIntegerField(
        _("smallest count that may be shown"),
        default=SMALL_COUNT,
        validators=[MinValueValidator(SMALL_COUNT), MaxValueValidator(100)],
    )
    story_words = models.PositiveIntegerField(
        _("words a story behind the numbers needs"),
        default=STORY_WORDS,
        validators=[MinValueValidator(STORY_WORDS), MaxValueValidator(300)],
    )
    waiver_days = models.PositiveIntegerField(
        _("days a waiver may last"),
        default=WAIVER_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(WAIVER_DAYS)],
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("equity policy")
        constraints = [
            models.CheckConstraint(
                condition=Q(small_count__gte=SMALL_COUNT), name="policy_small_count_floor"
            ),
            models.CheckConstraint(
                condition=Q(story_words__gte=STORY_WORDS), name="policy_story_floor"
            ),
            models.CheckConstraint(
                condition=Q(waiver_days__lte=WAIVER_DAYS), name="policy_waiver_ceiling"
            ),
        ]

    def __str__(self) -> str:
        return f"policy of {self.initiative}"

    @classmethod
    def of(cls, initiative: Initiative) -> Policy:
        """The initiative's policy, made with the common floors when it has none yet."""
        policy, _made = cls.objects.get_or_create(initiative=initiative)
        return policy

    @verb
    def tighten(self, *, by: User, **stricter: int) -> None:
        """Set stricter THRESHOLDS. Raises ValidationError when one would be looser.

        Loosening takes a decision with last word and a majority of community seats.
        """
        lock(self)
        changes = []
        for name, value in stricter.items():
            before = self._threshold(name)
            if value > before if name == "waiver_days" else value < before:
                raise ValidationError({name: LOOSER})
            setattr(self, name, value)
            changes.append(f"{name} {before} → {value}")
        self.full_clean()
        self.save(update_fields=list(stricter))
        self.initiative.public_changed()
        audit(self, before="", after="tightened", by=by, note=", ".join(changes))

    def _threshold(self, name: str) -> int:
        if name not in THRESHOLDS:
            raise ValueError(f"{name} is no threshold")
        return int(getattr(self, name))
