"""Findings of a data walk: what residents and leaders make of it together, signed by residents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import CanBeCited, Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, move, verb
from ciforum.people.words import Words, WordsField
from equity.seats.classes import is_resident as lives_here
from measurement.models.stations import Station
from measurement.models.walk_guards import AUTHOR_GUARDS, FINDING_GUARDS
from measurement.models.walks import DataWalk
from measurement.walking import asking_again, telling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ciforum.people.models import Membership, User


class FindingQuerySet(ScopedQuerySet):
    def agreed(self) -> FindingQuerySet:
        """Findings that anyone may read."""
        return self.filter(state=Finding.State.AGREED)

    def standing(self) -> FindingQuerySet:
        return self.exclude(state=Finding.State.WITHDRAWN)


class Finding(CanBeCited, Scoped):
    """draft → agreed → withdrawn. Agreed only with a resident among its authors who said yes.

    Agreed, it can be cited: by the charter, a goal, a word of the lexicon, a decision. Withdrawn,
    its words are gone and whoever cites it says so.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        AGREED = "agreed", _("Agreed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    walk = models.ForeignKey(DataWalk, on_delete=models.PROTECT, related_name="findings")
    stations = models.ManyToManyField(Station, related_name="findings", blank=True)
    text = WordsField(
        _("what we found"),
        long=True,
        max_length=1200,
        blank=True,
        help_text=_("In the words of those who walked: what it shows, and what they make of it."),
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    written_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)
    agreed_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="agreed") | (Q(agreed_at__isnull=False) & ~Q(text={})),
                name="agreed_finding_says_something",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | Q(withdrawn_at__isnull=False, text={}),
                name="withdrawn_finding_is_empty",
            ),
        ]
        triggers = FINDING_GUARDS

    def __str__(self) -> str:
        return str(self.text)

    def get_absolute_url(self) -> str:
        return reverse(
            "measurement:walk_finding", args=[self.initiative.slug, self.walk.uid, self.uid]
        )

    # --- questions

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_agreed(self) -> bool:
        return self.state == self.State.AGREED

    def names(self) -> list[str]:
        """The authors as they wish to be called; those without a name are told by number."""
        return [each.name for each in self.authors.all() if each.name and each.yes_at]

    def unnamed(self) -> int:
        """How many authors said yes and gave no name."""
        return sum(1 for each in self.authors.all() if not each.name and each.yes_at)

    def has_resident(self) -> bool:
        """A resident is among its authors, and said yes to these words."""
        return self.authors.filter(is_resident=True, yes_at__isnull=False).exists()

    # --- changes: each locks the walk, then the finding

    @classmethod
    @verb
    def write(
        cls, *, walk: DataWalk, text: Words, stations: Sequence[Station], by: User
    ) -> Finding:
        """Write one down, for its authors to agree to. Raises ValidationError."""
        lock(walk)
        if walk.is_preparing:
            raise StateChanged
        finding = cls(
            initiative=walk.initiative,
            walk=walk,
            text=text,
            written_by=by,
            written_at=clock.now(),
        )
        finding._check(stations)
        finding.save()
        finding.stations.set(stations)
        audit(finding, before="", after=cls.State.DRAFT, by=by)
        return finding

    @verb
    def rewrite(self, *, text: Words, stations: Sequence[Station], by: User) -> None:
        """Change a draft. Whoever said yes to other words is asked again."""
        self._hold(self.State.DRAFT)
        self._check(stations)
        if text != self.text:
            asked = self.authors.exclude(yes_at=None)
            asking_again.words_changed(self, list(asked))
            asked.update(yes_at=None, yes_by=None, yes_how="")
            self.text = text
            self._check(stations)
            self.save(update_fields=["text"])
        self.stations.set(stations)
        audit(self, before=self.state, after="rewritten", by=by)

    @verb
    def sign(self, *, member: Membership, name: str) -> FindingAuthor:
        """A member says for herself: I am one of those who found this, in these words."""
        self._hold(self.State.DRAFT)
        author = self.authors.filter(user=member.user).first() or FindingAuthor(
            initiative=self.initiative, finding=self, user=member.user
        )
        author.name = name.strip()
        author.is_resident = lives_here(member)
        author.yes_at, author.yes_by, author.yes_how = clock.now(), member.user, ""
        author.full_clean(validate_constraints=False)
        author.save()
        asking_again.answered([author])
        audit(self, before=self.state, after="signed", by=member.user)
        return author

    @verb
    def record_author(self, *, name: str, is_resident: bool, how: str, by: User) -> FindingAuthor:
        """Write down an author without an account, and how she said yes to these words.

        Raises ValidationError when it is not said how.
        """
        self._hold(self.State.DRAFT)
        if len(how.strip()) < 5:
            raise ValidationError(
                {"how": _t("Say how and when she said yes, such as: read aloud in the hall.")}
            )
        author = FindingAuthor(
            initiative=self.initiative,
            finding=self,
            name=name.strip(),
            is_resident=is_resident,
            yes_at=clock.now(),
            yes_by=by,
            yes_how=how.strip(),
        )
        author.full_clean(validate_constraints=False)
        author.save()
        audit(self, before=self.state, after="author recorded", by=by)
        return author

    @verb
    def agree(self, *, by: User) -> None:
        """Let everyone read it and cite it. Raises ValidationError without a resident author."""
        self._hold(self.State.DRAFT)
        if not self.has_resident():
            raise ValidationError(
                _t(
                    "A finding needs at least one resident among its authors who said yes to "
                    "these words."
                )
            )
        if absent := self.languages_missing():
            raise ValidationError(
                _t("Write it in every language of the walk. Missing: %(languages)s.")
                % {"languages": ", ".join(absent)}
            )
        move(
            self,
            start=self.State.DRAFT,
            to=self.State.AGREED,
            by=by,
            agreed_at=clock.now(),
        )
        asking_again.answered(self.authors.all())
        self.initiative.public_changed()
        telling.agreed(self)

    @verb
    def withdraw(self, *, by: User) -> None:
        """Take it back for good: its words and names go, whoever cites it says so."""
        lock(self.walk)
        lock(self)
        if self.state == self.State.WITHDRAWN:
            raise StateChanged
        before = self.state
        move(
            self,
            start=before,
            to=self.State.WITHDRAWN,
            by=by,
            withdrawn_at=clock.now(),
            text=Words(),
        )
        asking_again.answered(self.authors.all())
        self.authors.update(name="", yes_at=None, yes_by=None, yes_how="")
        self.withdraw_from_citations()
        self.initiative.public_changed()

    def _hold(self, state: str) -> None:
        lock(self.walk)
        lock(self)
        if self.state != state:
            raise StateChanged

    def _check(self, stations: Sequence[Station]) -> None:
        if not self.text:
            raise ValidationError({"text": _t("Write this in at least one language.")})
        if not stations:
            raise ValidationError({"stations": _t("Choose the stations it is about.")})
        if any(each.walk_id != self.walk_id for each in stations):
            raise ValidationError({"stations": _t("Choose stations of this walk.")})
        self.full_clean(validate_constraints=False)

    def languages_missing(self) -> list[str]:
        """Names of the walk's languages that it is not written in yet."""
        absent = [code for code in self.walk.languages if not self.text.get(code)]
        return [str(get_language_info(code)["name_translated"]) for code in absent]


class FindingAuthor(Scoped):
    """One of those who found it, called as she wishes; "" where she wants no name."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="authors")
    name = models.CharField(
        _("name, as she wishes"),
        max_length=120,
        blank=True,
        help_text=_("Shown to everybody. Leave it empty for no name."),
    )
    is_resident = models.BooleanField(_("a resident"), default=False)
    user = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Her yes to the words as they stand, by herself or written down by somebody else, who says how.
    yes_at = models.DateTimeField(null=True, blank=True)
    yes_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    yes_how = models.CharField(_("how she said yes"), max_length=300, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                "finding",
                "user",
                name="one_authorship_per_person",
                condition=Q(user__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(yes_at=None, yes_by=None)
                | Q(yes_at__isnull=False, yes_by__isnull=False),
                name="a_yes_is_somebodys",
            ),
            models.CheckConstraint(
                condition=Q(yes_at=None) | Q(user__isnull=False, yes_by=F("user")) | ~Q(yes_how=""),
                name="a_yes_of_another_says_how",
            ),
        ]
        triggers = AUTHOR_GUARDS

    def __str__(self) -> str:
        return self.name or str(_("a resident") if self.is_resident else _("a participant"))

    @property
    def said_it_herself(self) -> bool:
        return self.user_id is not None and self.yes_by_id == self.user_id

    @verb
    def take_name_away(self, *, by: User) -> None:
        """Her name goes from the page; that somebody said yes stays. Safe to ask for twice."""
        lock(self.finding.walk)
        lock(self)
        self.name = ""
        self.save(update_fields=["name"])
        self.initiative.public_changed()
        audit(self.finding, before=self.finding.state, after="name taken away", by=by)

    @verb
    def remove(self, *, by: User) -> None:
        """Take an author off a draft."""
        self.finding._hold(Finding.State.DRAFT)
        asking_again.answered([self])
        audit(self.finding, before=self.finding.state, after="author removed", by=by)
        self.delete()
