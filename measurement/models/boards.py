"""Dashboards that members compose from released numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, move, verb
from ciforum.people.words import Words, WordsField
from measurement.boarding import telling
from measurement.models.board_guards import BOARD_GUARDS, MOST

if TYPE_CHECKING:
    from ciforum.people.models import Initiative, User
    from measurement.models.panels import Panel

_TAKEN = ("new",)  # words of the addresses themselves


class BoardQuerySet(ScopedQuerySet):
    def public(self) -> BoardQuerySet:
        """Dashboards that anyone may read."""
        return self.filter(state=Board.State.PUBLIC)


class Board(Scoped):
    """A page of up to 24 panels. Draft → public → archived; panels change in a draft only, so
    that what a committee put before everybody stays as it was seen.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLIC = "public", _("Public")
        ARCHIVED = "archived", _("Archived")

    slug = models.SlugField(_("short name in addresses"), max_length=80, editable=False)
    title = WordsField(_("title"), max_length=160)
    intro = WordsField(
        _("what this dashboard is for"),
        long=True,
        max_length=2000,
        blank=True,
        help_text=_("A sentence or two that stand above the panels."),
    )
    owner = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    changed_at = models.DateTimeField(default=clock.now, editable=False)
    # The owner asks those who may publish to look at it.
    proposed_at = models.DateTimeField(null=True, blank=True, editable=False)
    public_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        "people.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = BoardQuerySet.as_manager()

    class Meta:
        verbose_name = _("dashboard")
        verbose_name_plural = _("dashboards")
        ordering = ["-changed_at", "-id"]
        constraints = [
            models.UniqueConstraint("initiative", "slug", name="one_board_per_slug"),
            models.CheckConstraint(condition=~Q(slug__in=_TAKEN), name="board_slug_is_free"),
            models.CheckConstraint(
                condition=~Q(state="public")
                | (Q(public_at__isnull=False) & Q(published_by__isnull=False)),
                name="public_board_was_published",
            ),
        ]
        triggers = BOARD_GUARDS

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return reverse("measurement:board", args=[self.initiative.slug, self.slug])

    def compose_url(self) -> str:
        return reverse("measurement:board_compose", args=[self.initiative.slug, self.slug])

    # --- questions

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_public(self) -> bool:
        return self.state == self.State.PUBLIC

    @property
    def is_archived(self) -> bool:
        return self.state == self.State.ARCHIVED

    def in_order(self) -> list[Panel]:
        """Its panels with all that drawing them needs, first to last, in one query."""
        found = list(
            self.panels.filter(removed_at=None)
            .select_related("indicator", "place")
            .defer("place__geojson")
        )
        for each in found:
            each.board = self
            if each.indicator is not None:
                each.indicator.initiative = self.initiative
        return found

    def last_removed(self) -> Panel | None:
        """What was taken away last, as long as it can be put back."""
        return self.panels.filter(removed_at__isnull=False).order_by("-removed_at").first()

    def untranslated(self) -> list[str]:
        """Languages of the initiative in which it has no title yet."""
        return [code for code in self.initiative.languages if not self.title.get(code)]

    # --- changes

    @classmethod
    @verb
    def compose(
        cls, *, initiative: Initiative, title: Words, by: User, intro: Words | None = None
    ) -> Board:
        """Begin a draft of one's own. Raises ValidationError."""
        lock(initiative)  # two titles alike would ask for the same address
        board = cls(
            initiative=initiative,
            title=title,
            intro=intro or Words(),
            owner=by,
            slug=_free_slug(initiative, title),
            made_at=clock.now(),
            changed_at=clock.now(),
        )
        board.full_clean(validate_constraints=False)
        board.save()
        audit(board, before="", after=cls.State.DRAFT, by=by)
        return board

    @verb
    def describe(self, *, by: User, **fields: Any) -> None:
        """Change title and introduction of a draft. Raises ValidationError, StateChanged."""
        hold(self)
        for name in fields:
            setattr(self, name, fields[name])
        self.full_clean(validate_constraints=False)
        self.save(update_fields=list(fields))
        self.touched(by=by, note="described")

    @verb
    def propose(self, *, by: User) -> None:
        """Ask those who may publish to look at it. Raises ValidationError while it is empty."""
        hold(self)
        self._must_show_something()
        self.proposed_at = clock.now()
        self.save(update_fields=["proposed_at"])
        audit(self, before=self.state, after="proposed", by=by)
        telling.proposed(self, by=by)

    @verb
    def publish(self, *, by: User) -> None:
        """Let everyone read it. Raises ValidationError while it is empty, or StateChanged."""
        hold(self)
        self._must_show_something()
        now = clock.now()
        move(
            self,
            start=self.State.DRAFT,
            to=self.State.PUBLIC,
            by=by,
            public_at=now,
            changed_at=now,
            published_by=by,
            proposed_at=None,
        )
        self.initiative.public_changed()
        telling.published(self, by=by)

    @verb
    def archive(self, *, by: User) -> None:
        """Put it away: nobody outside finds it any longer, and its embeddings go dark."""
        lock(self)
        move(
            self,
            start=(self.State.DRAFT, self.State.PUBLIC),
            to=self.State.ARCHIVED,
            by=by,
            changed_at=clock.now(),
            proposed_at=None,
        )
        self.initiative.public_changed()
        telling.put_away(self)

    @verb
    def take_back(self, *, by: User) -> None:
        """A draft again, to be changed; until it is published anew nobody outside reads it."""
        lock(self)
        move(
            self,
            start=(self.State.PUBLIC, self.State.ARCHIVED),
            to=self.State.DRAFT,
            by=by,
            changed_at=clock.now(),
        )
        self.initiative.public_changed()

    @verb
    def copy(self, *, by: User) -> Board:
        """A draft of her own with the same panels."""
        made = Board.compose(
            initiative=self.initiative, title=_copied(self.title), intro=self.intro, by=by
        )
        for panel in self.in_order():
            panel.twin(made).save()
        return made

    def touched(self, *, by: User, note: str) -> None:
        """Note that its contents changed. Called by verbs that hold it."""
        self.changed_at = clock.now()
        self.save(update_fields=["changed_at"])
        audit(self, before=self.state, after=note, by=by)

    def _must_show_something(self) -> None:
        if not self.panels.filter(removed_at=None).exists():
            raise ValidationError(_t("Add a panel first: the dashboard is empty."))


def hold(board: Board) -> Board:
    """Lock a dashboard whose panels can still change. Raises StateChanged."""
    lock(board)
    if not board.is_draft:
        raise StateChanged
    return board


def _free_slug(initiative: Initiative, title: Words) -> str:
    base = slugify(str(title))[:70] or "dashboard"
    own = Board.objects.for_initiative(initiative)
    taken = {*own.filter(slug__startswith=base).values_list("slug", flat=True), *_TAKEN}
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _copied(title: Words) -> Words:
    """The title as that of a copy; the sign needs no translation."""
    return Words({code: f"{text[:150]} (2)" for code, text in title.items()})


__all__ = ["MOST", "Board", "hold"]
