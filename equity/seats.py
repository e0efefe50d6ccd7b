"""Committees and their seats: who decides here, chosen by whom, for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Membership, Role, Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, move, verb
from ciforum.people.words import WordsField
from equity.models.groups import Group
from equity.models.ledger import LedgerEntry
from equity.models.policy import Policy
from equity.steps import take_seat

if TYPE_CHECKING:
    from datetime import datetime

    from ciforum.people.models import Initiative, User

TAKEN = ("new",)


class SeatClass(models.TextChoices):
    LIVED = "lived_experience", _("Lived experience")
    GRASSROOTS = "grassroots", _("Grassroots group")
    INSTITUTION = "institution", _("Institution")
    FUNDER = "funder", _("Funder")
    BACKBONE = "backbone", _("Backbone")


# "Community seats" in quorums and thresholds of design §3.
COMMUNITY_CLASSES = (SeatClass.LIVED, SeatClass.GRASSROOTS)


class Channel(models.TextChoices):
    """How a seat-holder wants to be reached."""

    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone call")
    TEXT = "text", _("Text message")
    LETTER = "letter", _("Letter or paper")
    IN_PERSON = "in_person", _("In person")


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
        help_text=_("They answer each decision with “will do” or “cannot, because”, by a date."),
    )
    created_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()

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

    @classmethod
    @verb
    def found(cls, *, initiative: Initiative, by: User, **fields: Any) -> Committee:
        """Begin a committee; its seats are offered next."""
        committee = cls(initiative=initiative, created_at=clock.now(), **fields)
        committee.full_clean()
        committee.save()
        audit(committee, before="", after="founded", by=by)
        return committee

    @verb
    def describe(self, *, by: User, **fields: Any) -> None:
        """Change its name, remit or kind. Raises ValidationError."""
        lock(self)
        for name, value in fields.items():
            setattr(self, name, value)
        self.full_clean()
        self.save(update_fields=list(fields))
        audit(self, before="", after="described", by=by)

    def seated(self, at: datetime | None = None) -> models.QuerySet[Seat]:
        """The seats that are taken at a moment (now), in the order of their classes."""
        moment = at or clock.now()
        return self.seats.filter(
            Q(ended_at=None) | Q(ended_at__gt=moment),
            Q(term_ends=None) | Q(term_ends__gt=moment),
            taken_at__lte=moment,
        )

    def voting(self, at: datetime | None = None) -> models.QuerySet[Seat]:
        """The seats that may vote at a moment (now)."""
        return self.seated(at).filter(is_voting=True)


class SeatQuerySet(ScopedQuerySet):
    def held_by(self, person: Any) -> SeatQuerySet:
        """Seats of which she is holder or alternate, in a membership that has not ended."""
        return self.filter(
            Q(holder__user=person, holder__ended_at=None)
            | Q(alternate__user=person, alternate__ended_at=None)
        )


class Seat(Scoped):
    """One vote and one voice in a committee, held by a person for a term.

    The right to vote belongs to it, never to a role at sign-in. A new term is a new seat.
    """

    class State(models.TextChoices):
        OFFERED = "offered", _("Offered")
        SEATED = "seated", _("Taken")
        ENDED = "ended", _("Ended")

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="seats")
    seat_class = models.CharField(_("class"), max_length=20, choices=SeatClass)
    is_voting = models.BooleanField(_("votes"), default=True)
    holder = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="seats", verbose_name=_("holder")
    )
    alternate = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="alternate_seats",
        verbose_name=_("alternate"),
    )
    organization = models.ForeignKey(
        "people.Organization",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organization it stands for"),
    )
    # The group it stands for, where a council has one seat for each.
    group = models.ForeignKey(
        Group,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("group it stands for"),
    )
    shown_as = models.CharField(
        _("name shown in public"),
        max_length=100,
        blank=True,
        help_text=_("A name she chose. Empty: her own name."),
    )
    channel = models.CharField(
        _("how to reach her"), max_length=12, choices=Channel, default=Channel.EMAIL
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    designation = models.CharField(_("how the holder was chosen"), max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED, editable=False)
    term_starts = models.DateTimeField(_("term begins"), default=clock.now)
    term_ends = models.DateTimeField(_("term ends"), null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_because = models.CharField(max_length=300, blank=True, editable=False)
    passed = models.ForeignKey(
        LedgerEntry, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["committee", "seat_class", "id"]
        constraints = [
            models.UniqueConstraint(
                "committee",
                "holder",
                name="one_seat_per_person_and_committee",
                condition=~Q(state="ended"),
                violation_error_message=_("This person holds a seat of the committee already."),
            ),
            models.CheckConstraint(
                condition=Q(state="offered", passed=None, taken_at=None)
                | Q(state="seated", passed__isnull=False, taken_at__isnull=False)
                | Q(state="ended", ended_at__isnull=False),
                name="seat_passed_its_gate",
            ),
            models.CheckConstraint(
                condition=Q(term_ends=None) | Q(term_ends__gt=F("term_starts")),
                name="term_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(seat_class__in=SeatClass.values), name="seat_class_known"
            ),
            models.CheckConstraint(
                condition=~Q(seat_class="lived_experience") | Q(is_voting=True),
                name="lived_experience_always_votes",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="taken_through_its_gate",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__state="seated"),
                func="""
                    IF NOT EXISTS (SELECT 1 FROM equity_ledgerentry entry
                                   WHERE entry.id = NEW.passed_id AND entry.kind = 'pass'
                                     AND entry.gate = 'equity.seat.take'
                                     AND entry.record_uid = NEW.uid
                                     AND entry.initiative_id = NEW.initiative_id) THEN
                        RAISE EXCEPTION 'a seat is taken through its gate only'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # Who was chosen, for what, stays as it was chosen: anything else is another seat.
            pgtrigger.ReadOnly(
                name="keeps_who_was_chosen",
                fields=["committee", "seat_class", "holder", "group", "organization"],
            ),
            pgtrigger.Protect(
                name="ended_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="ended"),
            ),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.public_name

    def get_absolute_url(self) -> str:
        return reverse("agenda:seat", args=[self.initiative.slug, self.uid])

    # --- questions

    @property
    def public_name(self) -> str:
        """The name she chose to be shown under, or her own."""
        return self.shown_as or str(self.holder.user)

    @property
    def is_lived(self) -> bool:
        return self.seat_class == SeatClass.LIVED

    @property
    def is_community(self) -> bool:
        return self.seat_class in COMMUNITY_CLASSES

    def is_seated(self, at: datetime | None = None) -> bool:
        """Taken, not ended, within its term; its holder is still a member."""
        moment = at or clock.now()
        return (
            self.state == self.State.SEATED
            and self.taken_at is not None
            and self.taken_at <= moment
            and (self.term_ends is None or self.term_ends > moment)
            and self.holder.ended_at is None
        )

    def may_speak(self, person: User) -> bool:
        """Its holder or its alternate, in a membership that has not ended."""
        own = [self.holder] + ([self.alternate] if self.alternate else [])
        return any(each.user_id == person.pk and each.ended_at is None for each in own)

    def ledger_label(self) -> dict[str, str]:
        return {code: f"{words}: {self.public_name}" for code, words in self.committee.name.items()}

    def remedy_url(self, code: str) -> str:
        return self.get_absolute_url()

    def resident_choosers(self) -> int:
        return sum(
            is_resident(choice.chooser)
            for choice in self.choices.select_related("chooser")
            if choice.chooser.user_id != self.holder.user_id
        )

    def holder_is_resident(self) -> bool:
        return is_resident(self.holder)

    # --- changes

    @classmethod
    @verb
    def offer(cls, *, committee: Committee, holder: Membership, by: User, **fields: Any) -> Seat:
        """Offer a seat to a person; she takes it herself. Raises ValidationError.

        For lived experience, residents say that they chose her (`choose`) before she can take it.
        """
        lock(Policy.of(committee.initiative))
        lock(committee)
        fields.setdefault("language", holder.user.language)
        follows = (
            committee.institutions_follow and fields.get("seat_class") == SeatClass.INSTITUTION
        )
        seat = cls(
            initiative=committee.initiative,
            committee=committee,
            holder=holder,
            is_voting=not follows,
            **{"term_starts": clock.now(), **fields},
        )
        seat._must_belong()
        seat.full_clean()
        seat.save()
        audit(seat, before="", after=cls.State.OFFERED, by=by)
        return seat

    @verb
    def choose(self, *, by: Membership) -> None:
        """A resident says: we chose her. Staff cannot. Raises ValidationError."""
        self._lock()
        self._must_be(self.State.OFFERED)
        if not is_resident(by) or by.initiative_id != self.initiative_id:
            raise ValidationError(
                _("Residents choose: community members who do not work for the backbone.")
            )
        if by.user_id == self.holder.user_id:
            raise ValidationError(_("Somebody else has to say that residents chose you."))
        SeatChoice.objects.get_or_create(
            seat=self, chooser=by, defaults={"initiative": self.initiative, "at": clock.now()}
        )
        audit(self, before=self.state, after="chosen by a resident", by=by.user)

    @verb
    def take(self, *, by: User) -> None:
        """Its holder takes the seat. Raises GateClosed, ValidationError or StateChanged."""
        self._lock()
        if self.holder.user_id != by.pk or self.holder.ended_at:
            raise ValidationError(_("Only the person to whom the seat is offered can take it."))
        entry = take_seat.require(self, by=by)
        now = clock.now()
        move(
            self,
            start=self.State.OFFERED,
            to=self.State.SEATED,
            by=by,
            passed=entry,
            taken_at=now,
            term_starts=max(now, self.term_starts),
        )

    @verb
    def name_alternate(self, *, alternate: Membership | None, by: User) -> None:
        """Its holder names who speaks when she cannot. Never somebody of the backbone."""
        self._lock()
        if self.holder.user_id != by.pk:
            raise ValidationError(_("Only the holder of a seat names an alternate."))
        self.alternate = alternate
        self._must_belong()
        self.full_clean()
        self.save(update_fields=["alternate"])
        audit(self, before=self.state, after="alternate named", by=by)

    @verb
    def prefer(self, *, by: User, shown_as: str, channel: str, language: str) -> None:
        """Its holder says under which name she is shown, and how and in what language to reach her.

        Staff may note it for her while the seat is offered; later only she does.
        """
        self._lock()
        if self.holder.user_id != by.pk and self.state != self.State.OFFERED:
            raise ValidationError(_("Only the holder of a seat can change how she is reached."))
        self.shown_as, self.channel, self.language = shown_as, channel, language
        self.full_clean()
        self.save(update_fields=["shown_as", "channel", "language"])
        audit(self, before=self.state, after="preferences noted", by=by)

    @verb
    def end(self, *, by: User | None, because: str) -> None:
        """End it, in the open. Raises ValidationError or StateChanged.

        A seat for lived experience ends by its holder's own word, or because its term is over:
        staff cannot take it away. `by` None is the clock.
        """
        self._lock()
        over = self.term_ends is not None and self.term_ends <= clock.now()
        if self.is_community and not over and (by is None or by.pk != self.holder.user_id):
            raise ValidationError(
                _("Only its holder can end this seat before its term. Staff cannot.")
            )
        if by is None and not over:
            raise ValidationError(_("The term of this seat is not over."))
        move(
            self,
            start=(self.State.OFFERED, self.State.SEATED),
            to=self.State.ENDED,
            by=by,
            ended_at=clock.now(),
            ended_because=because[:300],
        )

    def _lock(self) -> None:
        """The policy (floors), the committee (its root), then the seat."""
        lock(Policy.of(self.initiative))
        lock(self.committee)
        lock(self)

    def _must_be(self, state: str) -> None:
        if self.state != state:
            raise StateChanged

    def _must_belong(self) -> None:
        people = [self.holder] + ([self.alternate] if self.alternate else [])
        if any(each.initiative_id != self.initiative_id or each.ended_at for each in people):
            raise ValidationError(_("Choose a member of this initiative."))
        if self.is_lived and not all(is_resident(each) for each in people):
            raise ValidationError(
                _(
                    "A seat for lived experience is held by a community member who does not work "
                    "for the backbone, and so is her alternate."
                )
            )
        if self.alternate and self.alternate.user_id == self.holder.user_id:
            raise ValidationError({"alternate": _("Name somebody other than the holder.")})
        if self.group and self.group.initiative_id != self.initiative_id:
            raise ValidationError({"group": _("Choose a group of this initiative.")})


class SeatChoice(Scoped):
    """A resident's word that residents chose the holder of a seat. Stays as it was given."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="choices")
    chooser = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("seat", "chooser", name="one_word_per_resident_and_seat")
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.chooser} → {self.seat}"


class Recusal(Scoped):
    """A seat stands back from one decision because of an interest it declared. Public."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="recusals")
    about = models.UUIDField()
    interest = models.CharField(_("the interest"), max_length=500)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        constraints = [models.UniqueConstraint("seat", "about", name="one_recusal_per_decision")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.interest}"


def is_resident(member: Membership) -> bool:
    """A community member, now, who works for the backbone in none of her memberships here."""
    own = Membership.objects.current().filter(initiative=member.initiative_id, user=member.user_id)
    roles = {role for each in own for role in each.roles}
    return Role.COMMUNITY in roles and Role.BACKBONE not in roles
