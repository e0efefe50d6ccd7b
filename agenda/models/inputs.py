"""Input and deliberation: what people say to a decision before its last word, and the replies."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from agenda.telling import decisions as telling
from ciforum.people import clock
from ciforum.people.models import Membership, Scoped, ScopedQuerySet
from ciforum.people.models.chain import salted
from ciforum.people.transitions import audit, lock, verb

if TYPE_CHECKING:
    from agenda.models.decisions import Decision
    from ciforum.people.models import User


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def new_key() -> str:
    """With which somebody without an account finds her words again; 144 bits, kept nowhere."""
    return secrets.token_urlsafe(18)


class InputLink(Scoped):
    """A link through which people without an account say what they think of one decision."""

    decision = models.ForeignKey(
        "agenda.Decision", on_delete=models.PROTECT, related_name="input_links"
    )
    label = models.CharField(_("whom it is for"), max_length=200)
    token_digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.label

    @classmethod
    @verb
    def make(cls, *, decision: Decision, label: str, by: User) -> tuple[InputLink, str]:
        """A link for a group of people, with its token, which is shown once."""
        lock(decision)
        if decision.state != "input":
            raise ValidationError(_t("Input is not open."))
        token = secrets.token_urlsafe(18)
        link = cls(
            initiative=decision.initiative,
            decision=decision,
            label=label,
            token_digest=token_digest(token),
            made_by=by,
            made_at=clock.now(),
        )
        link.full_clean()
        link.save()
        audit(link, before="", after="made", by=by)
        return link, token

    @verb
    def end(self, *, by: User) -> None:
        """Take no more input through it; what came stays."""
        lock(self)
        self.ended_at = self.ended_at or clock.now()
        self.save(update_fields=["ended_at"])
        audit(self, before="", after="ended", by=by)


class InputQuerySet(ScopedQuerySet):
    def owed_a_reply(self) -> InputQuerySet:
        """What people said while input was open and nobody answered yet."""
        return self.filter(stage="input", replied_at=None, erased_at=None)


class Input(Scoped):
    """What somebody said to a decision: while input was open, or in deliberation.

    Chains keep `digest` only. Its author can erase the words; a tombstone stays.
    """

    class Stage(models.TextChoices):
        INPUT = "input", _("Input")
        DELIBERATION = "deliberation", _("Deliberation")

    decision = models.ForeignKey("agenda.Decision", on_delete=models.PROTECT, related_name="inputs")
    stage = models.CharField(max_length=12, choices=Stage)
    author = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Who she says she is, where she came by a link; may be empty.
    name = models.CharField(_("your name, if you want"), max_length=100, blank=True)
    link = models.ForeignKey(
        InputLink, on_delete=models.PROTECT, null=True, blank=True, related_name="inputs"
    )
    # With which she finds it again without an account.
    key_digest = models.CharField(max_length=64, blank=True, db_index=True)
    words = models.TextField(_("what you want to say"), max_length=5000, blank=True)
    language = models.CharField(max_length=40, blank=True)
    salt = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    reply = models.TextField(_("reply"), max_length=3000, blank=True)
    replied_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    replied_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = InputQuerySet.as_manager()

    class Meta:
        verbose_name = _("input")
        verbose_name_plural = _("input")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(words="", name="", salt=""),
                name="an_erased_input_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(replied_at=None) | ~Q(reply=""), name="a_reply_has_words"
            ),
        ]
        triggers = [
            # From the last word on, nobody adds anything; that holds for every entrance.
            pgtrigger.Trigger(
                name="said_in_its_stage",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM agenda_decision decision
                                   WHERE decision.id = NEW.decision_id
                                     AND decision.state = NEW.stage) THEN
                        RAISE EXCEPTION 'nothing is added before input opens or after deliberation'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="replied_in_its_time",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__reply__df=pgtrigger.F("new__reply")),
                func="""
                    IF NOT EXISTS (SELECT 1 FROM agenda_decision decision
                                   WHERE decision.id = NEW.decision_id
                                     AND decision.state IN ('input', 'deliberation', 'counted'))
                    THEN
                        RAISE EXCEPTION 'nobody replies while the last word or the vote is open'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.ReadOnly(
                name="stays_as_said",
                fields=[
                    *("decision", "stage", "author", "link", "digest", "at", "language", "uid"),
                    "initiative",
                ],
            ),
            pgtrigger.Trigger(
                name="words_stay_or_go",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF (OLD.words, OLD.salt, OLD.name) IS DISTINCT FROM
                       (NEW.words, NEW.salt, NEW.name)
                       OR OLD.erased_at IS DISTINCT FROM NEW.erased_at THEN
                        IF OLD.erased_at IS NOT NULL OR NEW.erased_at IS NULL THEN
                            RAISE EXCEPTION 'words are erased, and never changed'
                                USING ERRCODE = 'check_violation';
                        END IF;
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.at:%Y-%m-%d}"

    @classmethod
    @verb
    def give(
        cls,
        *,
        decision: Decision,
        words: str,
        member: Membership | None = None,
        link: InputLink | None = None,
        name: str = "",
        language: str = "",
        key: str = "",
    ) -> tuple[Input, str]:
        """Say something: as a member, or through a link. Answers it with the key to find it again.

        Members deliberate too; links are for input only. What is sent twice is kept once: through
        a link with the same `key` (of `new_key`), or by a member in the same words.
        Raises ValidationError.
        """
        lock(decision)
        if link:
            lock(link)
        if seen := cls._sent_before(decision, member, words.strip(), key):
            return seen, key
        if decision.state not in cls.Stage.values or (link and decision.state != cls.Stage.INPUT):
            raise ValidationError(_t("Nothing more can be added now."))
        if member is None and (link is None or link.ended_at or link.decision_id != decision.pk):
            raise ValidationError(_t("This link does not take input any more."))
        if not words.strip():
            raise ValidationError({"words": _t("Write what you want to say.")})
        salt, key = secrets.token_hex(16), key or new_key()
        said = cls(
            initiative=decision.initiative,
            decision=decision,
            stage=decision.state,
            author=member.user if member else None,
            name="" if member else name.strip(),
            link=link,
            key_digest="" if member else token_digest(key),
            words=words.strip(),
            language=language,
            salt=salt,
            digest=salted(salt, words.strip()),
            at=clock.now(),
        )
        said.full_clean()
        said.save()
        audit(said, before="", after=said.stage, by=member.user if member else None)
        return said, key

    @classmethod
    def _sent_before(
        cls, decision: Decision, member: Membership | None, words: str, key: str
    ) -> Input | None:
        sent = cls.objects.filter(decision=decision)
        if member and words:
            own = sent.filter(stage=decision.state, author=member.user, erased_at=None)
            return own.filter(words=words).first()
        return sent.filter(key_digest=token_digest(key)).first() if key else None

    @verb
    def answer(self, *, reply: str, by: User) -> None:
        """Reply to it; a second reply takes the place of the first. Raises ValidationError."""
        lock(self.decision)
        lock(self)
        if self.decision.state not in ("input", "deliberation", "counted"):
            raise ValidationError(
                _t("Nobody writes anything while the last word or the vote is open.")
            )
        if not reply.strip():
            raise ValidationError({"reply": _t("Write a reply.")})
        self.reply, self.replied_by, self.replied_at = reply.strip(), by, clock.now()
        self.full_clean()
        self.save(update_fields=["reply", "replied_by", "replied_at"])
        audit(self, before=self.stage, after="replied", by=by)
        telling.replied(self)

    @verb
    def erase(self, *, by: User | None = None, key: str = "") -> None:
        """Take the words away for good; that somebody said something, and when, stays.

        Safe to ask for twice.
        """
        lock(self)
        hers = (by is not None and by.pk == self.author_id) or (
            key and self.key_digest and token_digest(key) == self.key_digest
        )
        if not hers:
            raise ValidationError(_t("Only its author can erase it."))
        if self.erased_at:
            return
        self.words, self.name, self.salt = "", "", ""
        self.erased_at = clock.now()
        self.save(update_fields=["words", "name", "salt", "erased_at"])
        audit(self, before=self.stage, after="erased", by=by)
