"""The lexicon: the words a community agrees to use, with every wording they ever had."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from agenda.lexicon import tallying
from agenda.lexicon.starters import STARTERS
from agenda.lexicon.tallying import MEMBERS, OPEN_DAYS, RESIDENTS
from agenda.telling import lexicon as telling
from ciforum.people import clock
from ciforum.people.models import CanBeCited, Membership, Role, Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, move, verb
from ciforum.people.words import Words, WordsField
from equity.models import Policy
from equity.seats import Seat

if TYPE_CHECKING:
    from datetime import datetime

    from agenda.lexicon.tallying import Count
    from ciforum.people.models import Initiative, User

# Words of the addresses under lexicon/ that no term may take as its code.
TAKEN = ("new", "starters")


class TermQuerySet(ScopedQuerySet):
    def whole(self) -> TermQuerySet:
        """With the wordings that are shown."""
        return self.select_related("initiative", "newest", "in_force")

    def public(self) -> TermQuerySet:
        """What a reader who is signed out may see: agreed once, or contested."""
        return self.filter(Q(in_force__isnull=False) | Q(state=Term.State.CONTESTED))

    def in_use(self) -> TermQuerySet:
        """Terms with an agreed wording in force, whatever is proposed beside it."""
        return self.filter(in_force__isnull=False)

    def open_core(self, initiative: Initiative) -> TermQuerySet:
        """Core terms without an agreed wording; `missing_core` also knows those never proposed."""
        return self.for_initiative(initiative).filter(is_core=True, in_force=None).whole()

    def agreed_core(self, initiative: Initiative) -> TermQuerySet:
        """Core terms with an agreed wording in force."""
        return self.for_initiative(initiative).filter(is_core=True).in_use().whole()


class Term(CanBeCited, Scoped):
    """A word the initiative agrees on, contests, or has been asked to agree on.

    Its texts are in its wordings. `newest` is the one it stands or falls with; `in_force` the last
    that was agreed, and stays so while another is discussed.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        AGREED = "agreed", _("Agreed")
        CONTESTED = "contested", _("Contested")

    code = models.SlugField(_("code"), max_length=60)
    is_core = models.BooleanField(
        _("core word"),
        default=False,
        help_text=_("It has to be agreed before a charter can be adopted. This cannot be undone."),
    )
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED, editable=False)
    newest = models.ForeignKey(
        "TermWording", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    in_force = models.ForeignKey(
        "TermWording", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(default=clock.now)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                "initiative",
                "code",
                name="one_term_per_code",
                violation_error_message=_("This word is in the lexicon already."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="agreed", in_force__isnull=False) & Q(in_force=F("newest"))
                    | Q(state__in=["proposed", "contested"])
                    & (Q(in_force=None) | ~Q(in_force=F("newest")))
                ),
                name="agreed_term_has_a_wording",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="settled_by_those_who_spoke",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NEW.in_force_id IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM agenda_termsettlement settled
                        JOIN agenda_termwording wording ON wording.id = settled.wording_id
                        WHERE wording.id = NEW.in_force_id AND wording.term_id = NEW.id
                          AND settled.outcome = 'agreed') THEN
                        RAISE EXCEPTION 'a wording is in force once it was agreed'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    IF NEW.state = 'contested' AND NOT EXISTS (
                        SELECT 1 FROM agenda_termsettlement settled
                        WHERE settled.wording_id = NEW.newest_id
                          AND settled.outcome = 'contested') THEN
                        RAISE EXCEPTION 'a term is contested once its stances were counted'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    IF NEW.newest_id IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM agenda_termwording wording
                        WHERE wording.id = NEW.newest_id AND wording.term_id = NEW.id) THEN
                        RAISE EXCEPTION 'a term is said in its own wordings'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    IF TG_OP = 'UPDATE' AND (
                        (OLD.in_force_id IS NOT NULL AND NEW.in_force_id IS NULL)
                        OR (OLD.is_core AND NOT NEW.is_core)) THEN
                        RAISE EXCEPTION 'agreed words stay in force, core words stay core'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.ReadOnly(name="keeps_its_code", fields=["initiative", "code", "uid"]),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return str(self.word)

    def get_absolute_url(self) -> str:
        return reverse("agenda:term", args=[self.initiative.slug, self.code])

    def clean(self) -> None:
        if self.code in TAKEN:
            raise ValidationError({"code": _("This word is used by the site. Choose another.")})

    # --- questions

    @property
    def shown(self) -> TermWording:
        """The wording in force, or the newest where none was agreed yet."""
        wording = self.in_force or self.newest
        assert wording is not None  # noqa: S101 - every term is proposed with a wording
        return wording

    @property
    def word(self) -> Words:
        return self.shown.word

    @property
    def definition(self) -> Words:
        return self.shown.definition

    @property
    def is_public(self) -> bool:
        return self.in_force_id is not None or self.state == self.State.CONTESTED

    @property
    def is_open(self) -> bool:
        """Its newest wording is still discussed, and may be settled (again)."""
        return self.state != self.State.AGREED

    @classmethod
    def missing_core(cls, initiative: Initiative) -> list[Words]:
        """The core words without an agreed wording, those nobody proposed yet among them."""
        own = cls.objects.for_initiative(initiative)
        proposed = set(own.values_list("code", flat=True))
        never = [each.word for each in STARTERS if each.is_core and each.code not in proposed]
        return [term.word for term in own.open_core(initiative)] + never

    # --- changes

    @classmethod
    @verb
    def propose(
        cls, *, initiative: Initiative, by: User, code: str, is_core: bool = False, **texts: Any
    ) -> Term:
        """Propose a word; anybody who is a member may. Raises ValidationError.

        `texts` are those of the wording. A core word holds the charter back until it is agreed, so
        it takes the right to settle.
        """
        lock(Policy.of(initiative))
        member = member_of(initiative, by)
        if is_core and not may_settle(member):
            raise ValidationError({"is_core": NO_SETTLER})
        term = cls(initiative=initiative, code=code, is_core=is_core, created_at=clock.now())
        term.full_clean()
        term.save()
        term._say(by, texts)
        audit(term, before="", after=cls.State.PROPOSED, by=by)
        return term

    @classmethod
    @verb
    def propose_starters(cls, *, initiative: Initiative, by: User) -> list[Term]:
        """Propose the starter terms that are not in the lexicon yet. Safe to call again."""
        lock(Policy.of(initiative))
        member_of(initiative, by)
        known = set(cls.objects.for_initiative(initiative).values_list("code", flat=True))
        made = []
        for starter in STARTERS:
            if starter.code in known:
                continue
            term = cls.objects.create(
                initiative=initiative,
                code=starter.code,
                is_core=starter.is_core,
                created_at=clock.now(),
            )
            term._say(by, starter.texts(initiative.languages))
            audit(term, before="", after=cls.State.PROPOSED, by=by)
            made.append(term)
        return made

    @verb
    def propose_amendment(self, *, by: User, **texts: Any) -> TermWording:
        """Propose other words. Those in force stay in force; the term is discussed anew.

        Stances on the wording before stay with it. Raises ValidationError.
        """
        self._lock()
        member_of(self.initiative, by)
        before = self.newest
        wording = self._say(by, texts)
        telling.amended(self, before, by)
        return wording

    @verb
    def make_core(self, *, by: User) -> None:
        """Let the charter wait for this word too. There is no way back: that would loosen a rule.

        Raises ValidationError.
        """
        self._lock()
        if not may_settle(member_of(self.initiative, by)):
            raise ValidationError(NO_SETTLER)
        self.is_core = True
        self.save(update_fields=["is_core"])
        audit(self, before="", after="core", by=by)

    @verb
    def settle(self, *, by: User) -> str:
        """Count the stances on the newest wording; answers the state it is in from now on.

        The rule, whoever asks: the wording has been open for seven days. Agreed, when at least
        three members agree, two of them residents, and more agree than dissent, in every language
        of the initiative. Contested, when at least one dissents and no more agree. Raises
        ValidationError when neither is so, StateChanged when it is agreed already.
        """
        self._lock()
        if not may_settle(member_of(self.initiative, by)):
            raise ValidationError(NO_SETTLER)
        if not self.is_open:
            raise StateChanged
        wording = self.shown if self.in_force is None else self.newest
        assert wording is not None  # noqa: S101 - an open term has a newest wording
        if clock.now() < wording.settles_from:
            raise ValidationError(
                _("A wording is open for %(days)s days before it is settled."),
                params={"days": OPEN_DAYS},
            )
        outcome = self._outcome(wording)
        TermSettlement.write(wording, outcome=outcome, by=by)
        also = {"in_force": wording} if outcome == self.State.AGREED else {}
        move(self, start=self.state, to=outcome, by=by, **also)
        self.initiative.public_changed()
        telling.settled(self, wording, by)
        return outcome

    def _outcome(self, wording: TermWording) -> str:
        """What the stances make of it. Raises ValidationError where they decide nothing yet."""
        count = wording.count()
        if count.is_contested and self.state != self.State.CONTESTED:
            return self.State.CONTESTED
        if not count.is_agreed:
            raise ValidationError(
                _(
                    "It is not agreed: at least %(members)s members have to agree, %(residents)s "
                    "of them residents, and more than dissent. So far %(agree)s agree, "
                    "%(agree_residents)s of them residents, and %(dissent)s dissent."
                ),
                params={
                    "members": MEMBERS,
                    "residents": RESIDENTS,
                    "agree": count.agree,
                    "agree_residents": count.agree_residents,
                    "dissent": count.dissent,
                },
            )
        wording.must_speak_every_language()
        return self.State.AGREED

    def _say(self, by: User, texts: dict[str, Any]) -> TermWording:
        """Add a wording and make it the newest."""
        wording = TermWording(
            initiative=self.initiative,
            term=self,
            number=self.wordings.count() + 1,
            proposed_by=by,
            proposed_at=clock.now(),
            **texts,
        )
        wording.full_clean()
        wording.save()
        before, self.state, self.newest = self.state, self.State.PROPOSED, wording
        self.save(update_fields=["newest", "state"])
        audit(wording, before=before, after=self.State.PROPOSED, by=by)
        return wording

    def _lock(self) -> None:
        """The policy first, as the charter's gate does, which reads the core words."""
        lock(Policy.of(self.initiative))
        lock(self)


class TermWording(Scoped):
    """What a term meant at one time, in each language. Never changed, never removed."""

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="wordings")
    number = models.PositiveSmallIntegerField()
    word = WordsField(_("word"), max_length=80)
    also = WordsField(
        _("other spellings"),
        blank=True,
        max_length=300,
        help_text=_("Plurals and other forms in which it occurs, with commas between them."),
    )
    definition = WordsField(
        _("what it means here"),
        long=True,
        max_length=3000,
        help_text=_("In your own plain words. The first paragraph is what readers see on a tap."),
    )
    example = WordsField(_("for example"), long=True, blank=True, max_length=2000)
    misuse = WordsField(
        _("how it is misused"),
        long=True,
        blank=True,
        max_length=2000,
        help_text=_("What people sometimes say with this word and we do not mean."),
    )
    why = models.CharField(_("why these words"), max_length=500, blank=True)
    proposed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ["term", "-number"]
        constraints = [
            models.UniqueConstraint("term", "number", name="one_term_wording_per_number"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.word} ({self.number})"

    @property
    def settles_from(self) -> datetime:
        """The moment from which it may be settled."""
        return self.proposed_at + timedelta(days=OPEN_DAYS)

    @property
    def missing_languages(self) -> list[str]:
        """The codes of the initiative's languages in which word or definition are missing."""
        return [
            code
            for code in self.initiative.languages
            if not (self.word.get(code, "").strip() and self.definition.get(code, "").strip())
        ]

    def must_speak_every_language(self) -> None:
        """Raises ValidationError with the first language in which nobody can read it yet."""
        for code in self.missing_languages:
            raise ValidationError(
                _(
                    "Its word or its meaning is missing in %(language)s. People can agree once it "
                    "can be read in every language of the initiative: propose it with those words."
                ),
                params={"language": get_language_info(code)["name_translated"]},
                code="language",
            )

    def count(self) -> Count:
        """The stances of those who are members now, residents told apart."""
        return tallying.count(
            self.stances.values_list("person", "agrees"), tallying.standing(self.initiative)
        )


class TermSettlement(Scoped):
    """The stances on a wording were counted: what came of it, for good."""

    wording = models.ForeignKey(TermWording, on_delete=models.PROTECT, related_name="settlements")
    outcome = models.CharField(
        max_length=10, choices=[("agreed", _("Agreed")), ("contested", _("Contested"))]
    )
    agree = models.PositiveIntegerField()
    agree_residents = models.PositiveIntegerField()
    dissent = models.PositiveIntegerField()
    dissent_residents = models.PositiveIntegerField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    outcome="agreed",
                    agree__gte=MEMBERS,
                    agree_residents__gte=RESIDENTS,
                    agree__gt=F("dissent"),
                )
                | Q(outcome="contested", dissent__gte=1) & Q(dissent__gte=F("agree")),
                name="settlement_follows_the_rule",
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="counts_what_was_said",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=tallying.COUNTED_SQL,
            ),
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.wording}: {self.outcome}"

    @classmethod
    def write(cls, wording: TermWording, *, outcome: str, by: User) -> TermSettlement:
        """Keep the count as it is now. Only inside `Term.settle`."""
        return cls.objects.create(
            initiative=wording.initiative,
            wording=wording,
            outcome=outcome,
            by=by,
            at=clock.now(),
            **wording.count().as_dict(),
        )

    @property
    def counted(self) -> Count:
        return tallying.Count(
            self.agree, self.agree_residents, self.dissent, self.dissent_residents
        )


NO_SETTLER = _("Somebody of the backbone or with a seat in a committee does this.")


def may_settle(member: Membership | None) -> bool:
    """Backbone staff, and whoever holds a seat of a committee now."""
    if member is None:
        return False
    own = Membership.objects.current().filter(initiative=member.initiative_id, user=member.user_id)
    if own.with_role(Role.BACKBONE).exists():
        return True
    seats = Seat.objects.filter(initiative=member.initiative_id, state=Seat.State.SEATED)
    held = seats.held_by(member.user_id).select_related("holder")
    return any(seat.is_seated() for seat in held)


def member_of(initiative: Initiative, person: User) -> Membership:
    """Her membership here. Raises ValidationError where she has none now."""
    own = Membership.objects.for_initiative(initiative).current().filter(user=person)
    member = own.order_by("pk").first()
    if member is None:
        raise ValidationError(_("Only members of the initiative can do this."))
    return member
