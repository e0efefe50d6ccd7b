"""A committee: a body that decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, verb
from ciforum.people.words import Words, WordsField
from equity.composition import Floor, floor
from equity.models.groups import Dimension
from equity.models.policy import Policy

if TYPE_CHECKING:
    from datetime import datetime

    from ciforum.people.models import Initiative, User
    from equity.seats.seat import SeatQuerySet

TAKEN = ("new",)
# What says who may vote: it holds from the first seat that is taken.
CONSTITUTION = ("kind", "institutions_follow", "dimension")


class CommitteeQuerySet(ScopedQuerySet):
    def standing(self) -> CommitteeQuerySet:
        """Those that have not ended."""
        return self.filter(ended_at=None)


class Committee(Scoped):
    """A body that decides: a mixed steering committee, or a council of residents."""

    class Kind(models.TextChoices):
        STEERING = "steering", _("Steering committee")
        COUNCIL = "council", _("Community council")
        WORKING_GROUP = "working_group", _("Working group")

    slug = models.SlugField(_("short name in addresses"), max_length=60)
    name = WordsField(_("name"))
    kind = models.CharField(_("kind"), max_length=15, choices=Kind, default=Kind.STEERING)
    remit = WordsField(_("what it decides"), long=True, blank=True)
    # A council whose institutions follow: they answer each decision, and do not vote.
    institutions_follow = models.BooleanField(
        _("institutions follow and do not vote"),
        default=False,
        help_text=_(
            "Institutions, funders and the backbone answer each decision with “will do” or "
            "“cannot, because”, by a date. Seats for lived experience and grassroots groups vote."
        ),
    )
    dimension = models.ForeignKey(
        Dimension,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("one seat for each group of"),
        help_text=_("A council in which every group of this dimension has one seat of its own."),
    )
    created_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CommitteeQuerySet.as_manager()

    class Meta:
        verbose_name = _("committee")
        verbose_name_plural = _("committees")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                "initiative",
                "slug",
                name="one_committee_per_slug",
                violation_error_message=_("There is a committee with this short name already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return reverse("agenda:committee", args=[self.initiative.slug, self.slug])

    def clean(self) -> None:
        if self.slug in TAKEN:
            raise ValidationError({"slug": _("This word is used by the site. Choose another.")})
        if self.dimension and self.dimension.initiative_id != self.initiative_id:
            raise ValidationError({"dimension": _("Choose a dimension of this initiative.")})

    @classmethod
    @verb
    def found(cls, *, initiative: Initiative, by: User, **fields: Any) -> Committee:
        """Begin a committee; its seats are offered next."""
        committee = cls(initiative=initiative, created_at=clock.now(), **fields)
        committee.full_clean()
        committee.save()
        initiative.public_changed()
        audit(committee, before="", after="founded", by=by)
        return committee

    @verb
    def describe(self, *, by: User, **fields: Any) -> None:
        """Change its name, remit or kind. Raises ValidationError.

        Who votes in it cannot change under those who sit in it: see CONSTITUTION.
        """
        lock(self)
        self._must_stand()
        self._must_keep_its_constitution(fields)
        for name, value in fields.items():
            setattr(self, name, value)
        self.full_clean()
        self.save(update_fields=list(fields))
        self.initiative.public_changed()
        audit(self, before="", after="described", by=by)

    @verb
    def end(self, *, by: User) -> None:
        """Let it end once nobody sits in it. Raises ValidationError or StateChanged."""
        lock(self)
        self._must_stand()
        if self.seats.exclude(state="ended").exists():
            raise ValidationError(
                _("Seats are offered or taken. A committee ends when its last seat has ended.")
            )
        self.ended_at = clock.now()
        self.save(update_fields=["ended_at"])
        self.initiative.public_changed()
        audit(self, before="founded", after="ended", by=by)

    def _must_stand(self) -> None:
        if self.ended_at:
            raise StateChanged

    def _must_keep_its_constitution(self, fields: dict[str, Any]) -> None:
        changed = [
            name for name in CONSTITUTION if name in fields and fields[name] != getattr(self, name)
        ]
        if changed and self.seats.exclude(state="ended").exists():
            reason = _("People hold seats under this rule. It can change when no seat is held.")
            raise ValidationError(dict.fromkeys(changed, reason))

    # --- questions

    def seated(self, at: datetime | None = None) -> SeatQuerySet:
        """The seats that are taken at a moment (now) and count, in the order of their classes.

        A seat counts while its holder is a member whose roles fit it.
        """
        moment = at or clock.now()
        taken = self.seats.filter(
            Q(ended_at=None) | Q(ended_at__gt=moment),
            Q(term_ends=None) | Q(term_ends__gt=moment),
            Q(holder__ended_at=None) | Q(holder__ended_at__gt=moment),
            taken_at__lte=moment,
            term_starts__lte=moment,
        )
        return taken.fitting()

    def voting(self, at: datetime | None = None) -> SeatQuerySet:
        """The seats that may vote at a moment (now)."""
        return self.seated(at).filter(is_voting=True)

    def composition(self) -> Floor:
        """How its voting seats stand to the floor of its initiative's policy."""
        classes = list(self.voting().values_list("seat_class", flat=True))
        policy = Policy.of(self.initiative)
        return floor(len(classes), classes.count("lived_experience"), policy)

    def ledger_words(self) -> Words:
        """Its name in every language of the initiative; borrowed where it is not written."""
        return Words({code: self.name[self.name.chosen(code)] for code in self._languages()})

    def _languages(self) -> list[str]:
        return list(dict.fromkeys([*self.initiative.languages, *self.name]))
