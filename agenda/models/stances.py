"""What people say about a term: that they agree, why they do not, and what they think."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agenda.models.lexicon import Term, TermWording, member_of
from ciforum.people import clock
from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, verb

if TYPE_CHECKING:
    from ciforum.people.models import User


class StanceQuerySet(ScopedQuerySet):
    def dissent(self) -> StanceQuerySet:
        return self.filter(agrees=False).select_related("person").order_by("at", "id")


class Stance(Scoped):
    """Whether one member agrees with one wording; changed until the wording is agreed.

    A dissent says why. Its note stays beside the wording for good, unless its author erases it.
    """

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="stances")
    wording = models.ForeignKey(TermWording, on_delete=models.PROTECT, related_name="stances")
    person = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    agrees = models.BooleanField(_("agrees"))
    note = models.TextField(_("why not"), max_length=2000, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    shows_name = models.BooleanField(_("show my name"), default=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    at = models.DateTimeField(default=clock.now)

    objects = StanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("stance")
        verbose_name_plural = _("stances")
        constraints = [
            models.UniqueConstraint("wording", "person", name="one_stance_per_person_and_wording"),
            models.CheckConstraint(
                condition=Q(agrees=True, note="")
                | Q(agrees=False) & (~Q(note="") ^ Q(erased_at__isnull=False)),
                name="a_dissent_says_why",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="while_the_wording_is_open",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF TG_OP = 'UPDATE' AND (OLD.wording_id, OLD.term_id, OLD.person_id)
                        IS DISTINCT FROM (NEW.wording_id, NEW.term_id, NEW.person_id) THEN
                        RAISE EXCEPTION 'a stance stays with its person and wording'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    -- Erasing the note or the name is her right at any time.
                    IF TG_OP = 'UPDATE' AND OLD.agrees = NEW.agrees
                        AND NEW.note IN (OLD.note, '') THEN
                        RETURN NEW;
                    END IF;
                    IF NOT EXISTS (
                        SELECT 1 FROM agenda_term term
                        WHERE term.id = NEW.term_id AND term.newest_id = NEW.wording_id
                          AND term.state <> 'agreed') THEN
                        RAISE EXCEPTION 'this wording is no longer discussed'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.wording}: {'+' if self.agrees else '-'}"

    @property
    def signed(self) -> str:
        """The name beside a dissent, or the silence she chose about it."""
        return (self.person.name if self.shows_name else "") or str(_("A member"))

    @classmethod
    @verb
    def take(
        cls,
        *,
        wording: TermWording,
        by: User,
        agrees: bool,
        note: str = "",
        shows_name: bool = False,
        language: str = "",
    ) -> Stance:
        """Agree with a wording or dissent from it, saying why; she may change it until agreed.

        Agreeing needs the wording in every language of the initiative. Raises ValidationError, or
        StateChanged when the wording is no longer the one discussed.
        """
        term = lock(wording.term)
        member_of(term.initiative, by)
        if term.newest_id != wording.pk or not term.is_open:
            raise StateChanged
        note = "" if agrees else note.strip()
        if agrees:
            wording.must_speak_every_language()
        elif not note:
            raise ValidationError({"note": _("Say why you do not agree.")})
        stance = cls.objects.filter(wording=wording, person=by).first() or cls(
            initiative=term.initiative, term=term, wording=wording, person=by
        )
        stance.agrees, stance.note, stance.shows_name = agrees, note, shows_name and not agrees
        stance.language = language or get_language() or "en"
        stance.erased_at, stance.at = None, clock.now()
        stance.full_clean()
        stance.save()
        audit(stance, before="", after="agrees" if agrees else "dissents", by=by)
        return stance

    @verb
    def erase_note(self, *, by: User) -> None:
        """Its author takes her note and name away; that somebody dissented stays.

        Raises ValidationError, or StateChanged when nothing is left to erase.
        """
        lock(self.term)
        lock(self)
        if by.pk != self.person_id:
            raise ValidationError(_("Only the person who wrote a note can erase it."))
        if self.agrees or self.erased_at:
            raise StateChanged
        self.note, self.shows_name, self.erased_at = "", False, clock.now()
        self.save(update_fields=["note", "shows_name", "erased_at"])
        self.initiative.public_changed()
        audit(self, before="dissents", after="note erased", by=by)


class TermRemark(Scoped):
    """A member's words in the discussion of a term. Only members read them."""

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="remarks")
    person = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("your words"), max_length=3000)
    language = models.CharField(_("language"), max_length=10, default="en")
    at = models.DateTimeField(default=clock.now)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") ^ Q(erased_at__isnull=False), name="remark_or_tombstone"
            )
        ]
        triggers = [
            # Nobody puts other words into a mouth: a remark stands or is erased.
            pgtrigger.Protect(
                name="stands_or_is_erased",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(new__text=""),
            ),
            pgtrigger.ReadOnly(name="keeps_its_place", fields=["term", "person", "at"]),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.term}: {self.at:%Y-%m-%d}"

    @classmethod
    @verb
    def write(cls, *, term: Term, by: User, text: str, language: str = "") -> TermRemark:
        """Say something about a term. Raises ValidationError."""
        member_of(term.initiative, by)
        remark = cls(
            initiative=term.initiative,
            term=term,
            person=by,
            text=text.strip(),
            language=language or get_language() or "en",
            at=clock.now(),
        )
        remark.full_clean()
        remark.save()
        audit(remark, before="", after="said", by=by)
        return remark

    @verb
    def erase(self, *, by: User) -> None:
        """Its author takes her words away; a line saying so stays. Raises ValidationError."""
        lock(self)
        if by.pk != self.person_id:
            raise ValidationError(_("Only the person who wrote it can erase it."))
        if self.erased_at:
            raise StateChanged
        self.text, self.erased_at = "", clock.now()
        self.save(update_fields=["text", "erased_at"])
        audit(self, before="said", after="erased", by=by)
