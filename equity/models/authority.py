"""Authority over data: a group's own council agrees before the group's numbers are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, verb
from ciforum.people.words import Words, WordsField
from equity.models import authority_guards
from equity.models.groups import Group
from equity.models.ledger import LedgerEntry
from equity.models.loosening import bars_of
from equity.models.policy import Policy
from equity.seats import Committee, Seat, SeatClass
from equity.steps import end_authority

if TYPE_CHECKING:
    from ciforum.people.models import Initiative, User
    from equity.seats.seat import SeatQuerySet
    from equity.steps import Carrier


class Spoken(Protocol):
    """What a council's seats speak about: a release in preparation, or what is public already."""

    uid: UUID

    @property
    def initiative(self) -> Initiative: ...

    def seen_by(self, authority: DataAuthority) -> str:
        """Changes with every number that it holds of the group; "" where it has none."""
        ...

    @property
    def hears_councils(self) -> bool:
        """Whether it is still theirs to speak of."""
        ...

    def hold(self) -> None:
        """Lock it, before its council."""
        ...

    def heard(self, holder: DataAuthority, *, by: User) -> None:
        """A seat of this council has just spoken of it."""
        ...


@dataclass(frozen=True)
class Count:
    """What a council's seats say of one release. `told`: those who let pages say so."""

    seats: int
    release: int
    withhold: int
    told: int

    @property
    def says(self) -> str:
        """ "release", "withhold" or "" while they have not agreed."""
        if 2 * self.withhold > self.seats:
            return "withhold"
        if 2 * self.release > self.seats and not self.withhold:
            return "release"
        return ""


class AuthorityQuerySet(ScopedQuerySet):
    def open(self) -> AuthorityQuerySet:
        return self.filter(ended_at=None)

    def standing(self) -> AuthorityQuerySet:
        """Those that releases ask."""
        return self.open().exclude(since=None)


class DataAuthority(Scoped):
    """A group's numbers are shown only with its council's word. One for a group at a time.

    The backbone proposes it, and it stands once a resident who sits in that council consents. It
    ends by the council's own seats, or by a decision; never by the backbone.
    """

    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="authorities", verbose_name=_("group")
    )
    council = models.ForeignKey(
        Committee, on_delete=models.PROTECT, related_name="authorities", verbose_name=_("council")
    )
    proposed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    consented_by = models.ForeignKey(
        Seat, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    since = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    # The decision that ended it; empty where its council did.
    decision_uid = models.UUIDField(null=True, editable=False)
    passed = models.ForeignKey(
        LedgerEntry, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = AuthorityQuerySet.as_manager()

    # The decision in hand, while its effect is asked or carried out.
    _carrier: Carrier | None = None

    class Meta:
        verbose_name = _("authority over data")
        verbose_name_plural = _("authorities over data")
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                "group",
                name="one_authority_per_group",
                condition=Q(ended_at=None),
                violation_error_message=_("A council holds this authority or was asked already."),
            ),
            models.CheckConstraint(
                condition=Q(since=None, consented_by=None)
                | Q(since__isnull=False, consented_by__isnull=False),
                name="authority_stands_by_consent",
            ),
        ]
        triggers = authority_guards.AUTHORITY

    def __str__(self) -> str:
        return str(self.group.name)

    def get_absolute_url(self) -> str:
        return reverse("measurement:authority", args=[self.initiative.slug, self.uid])

    def clean(self) -> None:
        if self.group.initiative_id != self.initiative_id:
            raise ValidationError({"group": _("Choose a group of this initiative.")})
        of_here = self.council.initiative_id == self.initiative_id and not self.council.ended_at
        if not of_here or self.council.kind != Committee.Kind.COUNCIL:
            raise ValidationError({"council": _("Choose a community council of this initiative.")})

    # --- questions

    @property
    def is_standing(self) -> bool:
        return self.since is not None and self.ended_at is None

    def ledger_label(self) -> dict[str, str]:
        return dict(self.group.name)

    def remedy_url(self, code: str) -> str:
        return self._carrier.get_absolute_url() if self._carrier else self.get_absolute_url()

    def carried_by(self, decision: Carrier) -> DataAuthority:
        """The same, in the hands of the decision that would end it."""
        self._carrier = decision
        return self

    def carrier_bars(self) -> list[dict[str, Any]] | None:
        return bars_of(self._carrier) if self._carrier else None

    def seats(self) -> SeatQuerySet:
        """The seats whose words count: taken, voting, and not the backbone's."""
        return self.council.voting().exclude(seat_class=SeatClass.BACKBONE)

    def seats_of(self, person: User) -> list[Seat]:
        """Those of its seats that she may speak for."""
        return list(self.seats().held_by(person).select_related("holder__user", "alternate"))

    def count(self, record: Spoken) -> Count:
        """What its seats say of a release. A yes to other numbers than it holds now is void."""
        own = set(self.seats().values_list("pk", flat=True))
        now = [word for word in self.newest(record.uid) if word.seat_id in own]
        seen = record.seen_by(self)
        says = AuthorityWord.Says
        withheld = [word for word in now if word.says == says.WITHHOLD]
        released = [word for word in now if word.says == says.RELEASE and word.seen == seen]
        told = sum(word.is_told for word in withheld)
        return Count(len(own), len(released), len(withheld), told)

    def newest(self, record_uid: UUID) -> list[AuthorityWord]:
        """The newest word of each seat about a record."""
        words = self.words.filter(record_uid=record_uid).select_related("seat__holder__user")
        return list(words.order_by("seat_id", "-pk").distinct("seat_id"))

    # --- changes

    @classmethod
    @verb
    def propose(cls, *, group: Group, council: Committee, by: User) -> DataAuthority:
        """Ask a council to hold it; a resident who sits there consents. Raises ValidationError."""
        lock(Policy.of(group.initiative))
        lock(council)
        authority = cls(
            initiative=group.initiative,
            group=group,
            council=council,
            proposed_by=by,
            proposed_at=clock.now(),
        )
        authority.full_clean()
        authority.save()
        group.initiative.public_changed()
        audit(authority, before="", after="proposed", by=by)
        return authority

    @verb
    def consent(self, *, seat: Seat, by: User) -> None:
        """From now on releases wait for the council. Raises ValidationError or StateChanged."""
        self.hold()
        if self.since or self.ended_at:
            raise StateChanged
        if not (seat.is_lived and self._speaks(seat, by)):
            raise ValidationError(_("A resident who holds a seat of this council consents."))
        self.consented_by, self.since = seat, clock.now()
        self.save(update_fields=["consented_by", "since"])
        self.initiative.public_changed()
        audit(self, before="proposed", after="standing", by=by)

    @verb
    def take_back(self, *, by: User) -> None:
        """Drop what the council has not consented to. Raises StateChanged."""
        self.hold()
        if self.since or self.ended_at:
            raise StateChanged
        self._end(by)

    @verb
    def speak(
        self, *, record: Spoken, seat: Seat, says: str, by: User, **also: Any
    ) -> AuthorityWord:
        """Say for a seat whether the group's numbers are released or withheld.

        Said anew until a release is public, and from then on of what is public; each saying is
        kept. also: words, is_told. Raises ValidationError or StateChanged.
        """
        record.hold()
        self.hold()
        if not record.hears_councils or not self.is_standing:
            raise StateChanged
        seen = record.seen_by(self)
        if says not in ("release", "withhold") or not seen:
            raise ValidationError(_("This holds no numbers of the group."))
        word = self._say(record.uid, seat, says, by, seen=seen, **also)
        record.heard(self, by=by)
        return word

    @verb
    def speak_of_itself(
        self, *, seat: Seat, says: str, by: User, words: Words | None = None
    ) -> None:
        """Say for a seat whether the council keeps its authority ("keep") or ends it ("end").

        It ends as soon as more than half of its seats say so.
        """
        self.hold()
        if not self.is_standing:
            raise StateChanged
        if says not in ("keep", "end"):
            raise ValidationError(_("Say whether the council keeps it or ends it."))
        self._say(self.uid, seat, says, by, words=words)
        own = set(self.seats().values_list("pk", flat=True))
        ending = [w for w in self.newest(self.uid) if w.says == "end" and w.seat_id in own]
        if 2 * len(ending) > len(own):
            self._end(by)

    @verb
    def end_by_decision(self, decision: Carrier) -> None:
        """What a decision's effect does; the database asks whether it passed its gates.

        Raises GateClosed or StateChanged.
        """
        self.hold()
        if not self.is_standing:
            raise StateChanged
        self.carried_by(decision)
        self.passed = end_authority.require(self, by=decision.closed_by)
        self.decision_uid = decision.uid
        self._end(decision.closed_by)

    def hold(self) -> None:
        """Lock what a release asks of it: its council, whose seats count, and itself."""
        lock(self.council)
        lock(self)

    def _speaks(self, seat: Seat, person: User) -> bool:
        return self.seats().filter(pk=seat.pk).exists() and seat.may_speak(person)

    def _say(self, record: UUID, seat: Seat, says: str, by: User, **also: Any) -> AuthorityWord:
        if not self._speaks(seat, by):
            raise ValidationError({"seat": _("Only those who hold a seat now speak for it.")})
        word = AuthorityWord(
            initiative=self.initiative,
            authority=self,
            record_uid=record,
            seat=seat,
            says=says,
            by=by,
            at=clock.now(),
            **{**also, "words": also.get("words") or Words()},
        )
        word.full_clean()
        word.save()
        self.initiative.public_changed()
        audit(self, before="standing", after="a seat spoke", by=by)
        return word

    def _end(self, by: User | None) -> None:
        self.ended_at = clock.now()
        self.save(update_fields=["ended_at", "decision_uid", "passed"])
        self.initiative.public_changed()
        audit(self, before="standing" if self.since else "proposed", after="ended", by=by)


class AuthorityWord(Scoped):
    """What one seat says of one release, or of the authority itself. The newest counts."""

    class Says(models.TextChoices):
        RELEASE = "release", _("Release our numbers")
        WITHHOLD = "withhold", _("Keep our numbers")
        KEEP = "keep", _("Keep our authority")
        END = "end", _("End our authority")

    authority = models.ForeignKey(DataAuthority, on_delete=models.PROTECT, related_name="words")
    # The release, or the authority where its seats speak of ending it.
    record_uid = models.UUIDField(db_index=True)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    says = models.CharField(_("what your seat says"), max_length=8, choices=Says)
    words = WordsField(_("in your words"), long=True, max_length=1000, blank=True)
    # Pages may say that the council keeps these numbers; else they say it of small groups too.
    is_told = models.BooleanField(default=False)
    # The numbers it was said of: see `Spoken.seen_by`.
    seen = models.CharField(max_length=64, blank=True, editable=False)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("word of a council's seat")
        verbose_name_plural = _("words of councils' seats")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(says__in=["release", "withhold", "keep", "end"]),
                name="authority_word_known",
            ),
        ]
        triggers = authority_guards.WORD

    def __str__(self) -> str:
        return f"{self.seat}: {self.get_says_display()}"
