"""Dimensions (race and ethnicity, language, place of birth …) and the groups in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, verb
from ciforum.people.words import Words, WordsField
from equity.models.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ciforum.people.models import Initiative, User

# Codes that would stand in the way of an address.
TAKEN = ("new",)


class DimensionQuerySet(ScopedQuerySet):
    def current(self) -> DimensionQuerySet:
        """The newest version of each dimension."""
        return self.filter(retired_at=None)


class Dimension(Scoped):
    """One way to tell people apart that matters here. Old versions stay for old numbers."""

    class Kind(models.TextChoices):
        EXCLUSIVE = "exclusive", _("Each person is in one group")
        OVERLAPPING = "overlapping", _("A person can be in several groups")

    code = models.SlugField(_("code"), max_length=60)
    name = WordsField(_("name"))
    kind = models.CharField(_("how its groups relate"), max_length=12, choices=Kind)
    # From the most disadvantaged group to the most advantaged one, such as fifths of income.
    is_ordered = models.BooleanField(_("its groups stand in an order"), default=False)
    version = models.PositiveIntegerField(default=1)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = DimensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        ordering = ["code", "version"]
        constraints = [
            models.UniqueConstraint("initiative", "code", "version", name="one_dimension_version"),
            models.UniqueConstraint(
                "initiative",
                "code",
                name="one_current_dimension_per_code",
                condition=Q(retired_at=None),
                violation_error_message=_("There is a dimension with this code already."),
            ),
            models.CheckConstraint(
                condition=Q(is_ordered=False) | Q(kind="exclusive"),
                name="only_exclusive_groups_are_ordered",
                violation_error_message=_(
                    "Groups stand in an order only where each person is in one of them."
                ),
            ),
        ]
        triggers = [
            # Numbers and protected tables were made with these; another meaning is another version.
            pgtrigger.ReadOnly(
                name="keeps_its_meaning", fields=["code", "kind", "is_ordered", "version"]
            )
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return reverse("equity:dimension", args=[self.initiative.slug, self.code])

    def clean(self) -> None:
        if self.code in TAKEN:
            raise ValidationError({"code": _("This word is used by the site. Choose another.")})

    @classmethod
    @verb
    def start(
        cls,
        *,
        initiative: Initiative,
        code: str,
        name: Words,
        kind: str,
        by: User,
        is_ordered: bool = False,
    ) -> Dimension:
        """Begin a dimension; its groups are added next.

        is_ordered: they are added from the most disadvantaged to the most advantaged.
        """
        dimension = cls(
            initiative=initiative, code=code, name=name, kind=kind, is_ordered=is_ordered
        )
        dimension.full_clean()
        dimension.save()
        audit(dimension, before="", after="started", by=by)
        return dimension

    @verb
    def add_group(
        self, *, code: str, name: Words, by: User | None, parent: Group | None = None
    ) -> Group:
        """Add a group, at the top or under a parent of the same dimension.

        A release that requires this dimension is held until the new group is counted too.
        """
        self._lock_current()
        last = self.groups.aggregate(last=models.Max("order"))["last"] or 0
        group = Group(
            initiative=self.initiative,
            dimension=self,
            code=code,
            name=name,
            parent=parent,
            order=last + 1,
        )
        group.full_clean()
        group.save()
        audit(group, before="", after="added", by=by)
        return group

    @verb
    def revise(self, *, by: User) -> Dimension:
        """Start the next version with the same groups; numbers already here keep theirs."""
        self._lock_current()
        self.retired_at = clock.now()
        self.save(update_fields=["retired_at"])
        after = Dimension.objects.create(
            initiative=self.initiative,
            code=self.code,
            name=self.name,
            kind=self.kind,
            is_ordered=self.is_ordered,
            version=self.version + 1,
        )
        made: dict[int, Group] = {}
        for group in self.groups.order_by(F("parent").asc(nulls_first=True), "order"):
            made[group.pk] = Group.objects.create(
                initiative=self.initiative,
                dimension=after,
                code=group.code,
                name=group.name,
                parent=made[group.parent_id] if group.parent_id else None,
                order=group.order,
            )
        audit(after, before=f"version {self.version}", after=f"version {after.version}", by=by)
        return after

    @verb
    def rename(self, *, name: Words, groups: Mapping[Group, Words], by: User) -> None:
        """Mend how it and its groups are called. Codes, and so numbers and files, stay.

        Another meaning is another version (`revise`), not another name.
        """
        self._lock_current()
        self.name = name
        self.save(update_fields=["name"])
        for group, words in groups.items():
            self.groups.filter(pk=group.pk).update(name=words)
        self.initiative.public_changed()
        audit(self, before="", after="renamed", by=by)

    def _lock_current(self) -> None:
        """Policy first, as every change of what a gate reads. Raises StateChanged when retired."""
        lock(Policy.of(self.initiative))
        lock(self)
        if self.retired_at:
            raise StateChanged


class Group(Scoped):
    """People who share one thing; a tree, so that "Asian" can be told apart by origin."""

    dimension = models.ForeignKey(
        Dimension, verbose_name=_("dimension"), on_delete=models.PROTECT, related_name="groups"
    )
    code = models.SlugField(_("code"), max_length=60)
    name = WordsField(_("name"))
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
    )
    order = models.PositiveIntegerField(default=0)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                "dimension",
                "code",
                name="one_group_per_code",
                violation_error_message=_("There is a group with this code already."),
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="group_is_not_its_own_part"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="same_dimension_as_parent",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__parent__isnull=False),
                func="""
                    IF NOT EXISTS (SELECT 1 FROM equity_group parent
                                   WHERE parent.id = NEW.parent_id
                                     AND parent.dimension_id = NEW.dimension_id) THEN
                        RAISE EXCEPTION 'a group and its parent belong to one dimension'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # A group's parent stands before it and never changes, so the tree has no circle.
            pgtrigger.ReadOnly(name="keeps_its_place", fields=["dimension", "parent", "code"]),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def clean(self) -> None:
        if self.parent and self.parent.dimension_id != self.dimension_id:
            raise ValidationError({"parent": _("Choose a group of the same dimension.")})


def groups_by_key(initiative: Initiative) -> dict[str, Group]:
    """Every current group by its key `dimension:group`, as files and their mappings name it."""
    groups = Group.objects.filter(initiative=initiative, dimension__retired_at=None).select_related(
        "dimension"
    )
    return {f"{group.dimension.code}:{group.code}": group for group in groups}
