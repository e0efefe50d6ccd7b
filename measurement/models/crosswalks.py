"""Crosswalks: which group a label of elsewhere, or a group of an earlier version, stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.transitions import audit, lock, verb
from ciforum.people.words import Words, WordsField
from equity.models import Dimension
from measurement.reading.folding import words as folded_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ciforum.people.models import Initiative, User


class Relation(models.TextChoices):
    SAME = "same", _("The same people")
    SPLIT = "split", _("Told apart into several groups")
    MERGED = "merged", _("Put together with others")
    NONE = "none", _("No counterpart")


@dataclass(frozen=True)
class Pair:
    """One line of a crosswalk before it is kept.

    text: a label, or the code of a group of the earlier version. to: codes of groups.
    """

    text: str
    to: tuple[str, ...]
    relation: str = Relation.SAME


class Crosswalk(Scoped):
    """How one set of names for groups goes over into the groups of a dimension here.

    Either from the labels of some office's files, or from one version of the dimension to the
    next. Numbers are never rewritten by it: it proposes meanings, and says where a line breaks.
    """

    # By its code: labels go over into whatever version is in force.
    dimension_code = models.SlugField(_("dimension"), max_length=60)
    name = WordsField(_("name"), max_length=200)
    # Both empty: from labels. Else the versions of the dimension it leads from and to.
    before = models.PositiveIntegerField(null=True, blank=True)
    after = models.PositiveIntegerField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("crosswalk")
        verbose_name_plural = _("crosswalks")
        ordering = ["dimension_code", "before", "id"]
        constraints = [
            models.UniqueConstraint(
                "initiative",
                "dimension_code",
                "before",
                name="one_crosswalk_per_version",
                condition=Q(before__isnull=False),
                violation_error_message=_("There is a crosswalk between these versions already."),
            ),
            models.CheckConstraint(
                condition=Q(before=None, after=None)
                | Q(before__isnull=False, after=F("before") + 1),
                name="crosswalk_leads_to_the_next_version",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return reverse("measurement:crosswalk", args=[self.initiative.slug, self.uid])

    @property
    def is_between_versions(self) -> bool:
        return self.before is not None

    @classmethod
    @verb
    def start(
        cls,
        *,
        initiative: Initiative,
        dimension_code: str,
        name: Words,
        pairs: Iterable[Pair],
        by: User,
        before: int | None = None,
    ) -> Crosswalk:
        """Keep a crosswalk with all its lines. Raises ValidationError: see `write`."""
        crosswalk = cls(
            initiative=initiative,
            dimension_code=dimension_code,
            name=name,
            before=before,
            after=None if before is None else before + 1,
        )
        crosswalk.full_clean()
        crosswalk.save()
        crosswalk._replace(list(pairs))
        audit(crosswalk, before="", after="started", by=by)
        return crosswalk

    @verb
    def write(self, *, name: Words, pairs: Iterable[Pair], by: User) -> None:
        """Replace all its lines. Raises ValidationError for a text that stands twice, a group that
        is not there, or a number of groups that does not fit the relation.
        """
        lock(self)
        self.name = name
        self.full_clean()
        self.save(update_fields=["name"])
        self._replace(list(pairs))
        audit(self, before="", after="written", by=by)

    def _replace(self, pairs: list[Pair]) -> None:
        if not pairs:
            raise ValidationError(_("Write at least one line."))
        known, sources = self._codes(self.after), self._codes(self.before)
        entries = [self._entry(pair, known, sources) for pair in pairs]
        keys = [entry.key for entry in entries]
        if twice := next((e.text for e in entries if keys.count(e.key) > 1), None):
            raise ValidationError(_("“%(text)s” stands here twice.") % {"text": twice})
        self.entries.all().delete()
        CrosswalkEntry.objects.bulk_create(entries)
        self.initiative.public_changed()

    def _codes(self, version: int | None) -> set[str]:
        """Codes of the dimension's groups in a version; None for the one in force."""
        own = Dimension.objects.for_initiative(self.initiative).filter(code=self.dimension_code)
        chosen = own.current() if version is None else own.filter(version=version)
        if (dimension := chosen.first()) is None:
            raise ValidationError(_("This breakdown, or this version of it, is not here."))
        return set(dimension.groups.values_list("code", flat=True))

    def _entry(self, pair: Pair, known: set[str], sources: set[str]) -> CrosswalkEntry:
        if self.is_between_versions and pair.text not in sources:
            raise ValidationError(
                _("There is no group “%(code)s” in the earlier version.") % {"code": pair.text}
            )
        if missing := sorted(set(pair.to) - known):
            raise ValidationError(
                _("There is no group “%(code)s” in this breakdown.") % {"code": missing[0]}
            )
        if not _fits(pair):
            raise ValidationError(
                _("“%(text)s”: the number of groups does not fit what you say of them.")
                % {"text": pair.text}
            )
        key = pair.text if self.is_between_versions else key_of(pair.text)
        if not key:
            raise ValidationError(_("“%(text)s” has no letters or digits.") % {"text": pair.text})
        entry = CrosswalkEntry(
            initiative=self.initiative,
            crosswalk=self,
            text=pair.text.strip(),
            key=key,
            to=list(pair.to),
            relation=pair.relation,
        )
        entry.full_clean(validate_unique=False, validate_constraints=False)
        return entry


def _fits(pair: Pair) -> bool:
    match pair.relation:
        case Relation.NONE:
            return not pair.to
        case Relation.SPLIT:
            return len(set(pair.to)) > 1
        case _:
            return len(pair.to) == 1


def key_of(label: str) -> str:
    """How labels are compared: without case, accents, punctuation and spare space."""
    return " ".join(folded_words(label))[:200]


class CrosswalkEntry(Scoped):
    """One line: a label or an earlier group, and the groups here it stands for."""

    crosswalk = models.ForeignKey(Crosswalk, on_delete=models.CASCADE, related_name="entries")
    text = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    to = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    relation = models.CharField(max_length=8, choices=Relation, default=Relation.SAME)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint("crosswalk", "key", name="one_line_per_label"),
            models.CheckConstraint(condition=~Q(key=""), name="a_label_has_letters"),
            models.CheckConstraint(
                condition=Q(relation="none", to__len=0)
                | Q(relation="split", to__len__gt=1)
                | Q(relation__in=["same", "merged"], to__len=1),
                name="as_many_groups_as_the_relation_says",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text} → {', '.join(self.to) or '–'}"
