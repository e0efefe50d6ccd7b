"""A seat: one vote and one voice, held by a person for a term."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from ciforum.people import clock
from ciforum.people.models import Membership, Role, Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, move, verb
from equity import telling_seats as telling
from equity.models.groups import Group
from equity.models.ledger import LedgerEntry
from equity.models.policy import Policy
from equity.seats import fitting, guards
from equity.seats.classes import COMMUNITY_CLASSES, Channel, SeatClass, is_resident, suits
from equity.seats.committee import Committee
from equity.steps import take_seat

if TYPE_CHECKING:
    from datetime import datetime

    from ciforum.people.models import User


class SeatQuerySet(ScopedQuerySet):
    def held_by(self, person: Any) -> SeatQuerySet:
        """Seats she speaks for, as holder or alternate: a member whose roles fit the seat."""
        return self.filter(
            Q(holder__user=person, holder__ended_at=None)
            | Q(alternate__user=person, alternate__ended_at=None),
            _fits(person),
        )

    def fitting(self) -> SeatQuerySet:
        """Those whose holder has the roles for it."""
        return self.filter(_fits(OuterRef("holder__user")))

    def overdue(self, moment: datetime) -> SeatQuerySet:
        """Those that should have ended: their term is over, or their holder left."""
        return self.exclude(state=Seat.State.ENDED).filter(
            Q(term_ends__lte=moment) | Q(holder__ended_at__lte=moment)
        )


def _fits(person: Any) -> Q:
    """`may_hold` asked of the database, for the roles of a person in the seat's initiative."""
    own = Membership.objects.current().filter(initiative=OuterRef("initiative"), user=person)
    return (Q(seat_class=SeatClass.BACKBONE) | ~Exists(own.with_role(Role.BACKBONE))) & (
        ~Q(seat_class=SeatClass.LIVED) | Exists(own.with_role(Role.COMMUNITY))
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
    # Who said so; None is the clock.
    ended_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
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
                condition=Q(state="offered", passed=None, taken_at=None, ended_at=None)
                | Q(state="seated", passed__isnull=False, taken_at__isnull=False, ended_at=None)
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
        triggers = guards.TRIGGERS

    def __str__(self) -> str:
        return self.public_name

    def get_absolute_url(self) -> str:
        return reverse("agenda:seat", args=[self.initiative.slug, self.uid])

    # --- questions

    @property
    def public_name(self) -> str:
        """The name she chose to be shown under, or her own; never her address."""
        return self.shown_as or self.holder.user.name or _now("A member")

    @property
    def is_lived(self) -> bool:
        return self.seat_class == SeatClass.LIVED

    @property
    def is_community(self) -> bool:
        return self.seat_class in COMMUNITY_CLASSES

    @property
    def is_over(self) -> bool:
        """Its term is over, whether or not the clock has said so."""
        return self.term_ends is not None and self.term_ends <= clock.now()

    def is_seated(self, at: datetime | None = None) -> bool:
        """True when it counts at a moment (now): see `Committee.seated`."""
        return self.committee.seated(at).filter(pk=self.pk).exists()

    def may_speak(self, person: User) -> bool:
        """Its holder or its alternate, a member whose roles fit the seat."""
        own = [self.holder] + ([self.alternate] if self.alternate else [])
        return any(each.user_id == person.pk and suits(each, self.seat_class) for each in own)

    def ledger_label(self) -> dict[str, str]:
        """Committee and class, in every language. Never her name: the ledger forgets nothing."""
        label = {}
        for code, words in self.committee.ledger_words().items():
            with override(code):
                label[code] = f"{words}: {SeatClass(self.seat_class).label}"
        return label

    def remedy_url(self, code: str) -> str:
        return self.get_absolute_url()

    def resident_choosers(self) -> int:
        """How many people, each counted once, and residents still."""
        words = self.choices.exclude(chooser__user=self.holder.user_id).select_related("chooser")
        people = {word.chooser.user_id: word.chooser for word in words}
        return sum(is_resident(chooser) for chooser in people.values())

    def holder_is_resident(self) -> bool:
        return is_resident(self.holder)

    def holder_suits(self) -> bool:
        return suits(self.holder, self.seat_class)

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
        votes = fields.get("seat_class") in COMMUNITY_CLASSES or not committee.institutions_follow
        seat = cls(
            initiative=committee.initiative,
            committee=committee,
            holder=holder,
            is_voting=votes,
            **{"term_starts": clock.now(), **fields},
        )
        seat._must_be_offered_well()
        seat.full_clean()
        seat.save()
        audit(seat, before="", after=cls.State.OFFERED, by=by)
        telling.offered(seat)
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
        if self.has_chosen(by.user):
            return
        self.choices.create(initiative=self.initiative, chooser=by, at=clock.now())
        audit(self, before=self.state, after="chosen by a resident", by=by.user)
        telling.chosen(self, by)

    def has_chosen(self, person: User) -> bool:
        """She said already that residents chose the holder."""
        return self.choices.filter(chooser__user=person).exists()

    @verb
    def take(self, *, by: User) -> None:
        """Its holder takes the seat. Raises GateClosed, ValidationError or StateChanged."""
        self._lock()
        # No end or change of her membership slips in before the seat is hers.
        lock(self.initiative)
        lock(self.holder)
        self._must_be(self.State.OFFERED)
        if self.holder.user_id != by.pk or self.holder.ended_at:
            raise ValidationError(_("Only the person to whom the seat is offered can take it."))
        if self.is_over:
            raise ValidationError(_("The term of this seat is over."))
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
        self.initiative.public_changed()
        telling.taken(self)

    @verb
    def name_alternate(self, *, alternate: Membership | None, by: User) -> None:
        """Its holder names who speaks when she cannot: somebody who could hold it herself."""
        self._lock()
        self._must_not_have_ended()
        if self.holder.user_id != by.pk:
            raise ValidationError(_("Only the holder of a seat names an alternate."))
        if alternate:
            fitting.check_alternate(self, alternate)
        self.alternate = alternate
        self.save(update_fields=["alternate"])
        audit(self, before=self.state, after="alternate named", by=by)
        if alternate:
            telling.stands_in(self, alternate)

    @verb
    def prefer(self, *, by: User, shown_as: str, channel: str, language: str) -> None:
        """Its holder says under which name she is shown, and how and in what language to reach her.

        Staff may note it for her while the seat is offered; later only she does.
        """
        self._lock()
        self._must_not_have_ended()
        if self.holder.user_id != by.pk and self.state != self.State.OFFERED:
            raise ValidationError(_("Only the holder of a seat can change how she is reached."))
        self.shown_as, self.channel, self.language = shown_as, channel, language
        self.full_clean()
        self.save(update_fields=["shown_as", "channel", "language"])
        self.initiative.public_changed()
        audit(self, before=self.state, after="preferences noted", by=by)

    def why_not_end(self, person: User | None) -> str:
        """Why this person (None: the clock) cannot end it now, or ""."""
        if self.is_over or self.holder.ended_at:
            return ""
        if person is None:
            return _now("The term of this seat is not over.")
        if person.pk == self.holder.user_id or not self.is_community:
            return ""
        if self.state == self.State.SEATED:
            return _now("Only its holder can end this seat before its term. Staff cannot.")
        if self.choices.exists():
            return _now("Residents chose the holder. Only she can decline the seat.")
        return ""

    @verb
    def end(self, *, by: User | None, because: str = "") -> None:
        """End it, in the open. Raises ValidationError or StateChanged.

        A seat for lived experience or a grassroots group ends by its holder's own word, or because
        its term is over: staff cannot take it away. `by` None is the clock.
        """
        self._lock()
        self._must_not_have_ended()
        if why := self.why_not_end(by):
            raise ValidationError(why)
        move(
            self,
            start=(self.State.OFFERED, self.State.SEATED),
            to=self.State.ENDED,
            by=by,
            ended_at=clock.now(),
            ended_by=by,
            ended_because=because[:300],
        )
        self.initiative.public_changed()
        telling.ended(self)

    def _lock(self) -> None:
        """The policy (floors), the committee (its root), then the seat."""
        lock(Policy.of(self.initiative))
        lock(self.committee)
        lock(self)

    def _must_be(self, state: str) -> None:
        if self.state != state:
            raise StateChanged

    def _must_not_have_ended(self) -> None:
        if self.state == self.State.ENDED:
            raise StateChanged

    def _must_be_offered_well(self) -> None:
        if self.committee.ended_at:
            raise StateChanged
        if self.term_ends and self.term_ends <= max(self.term_starts, clock.now()):
            raise ValidationError({"term_ends": _("The term has to end after it begins.")})
        fitting.check(self)
