"""Panels of a dashboard: one view of one released indicator each, or a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, verb
from ciforum.people.words import Words, WordsField
from measurement.models.board_guards import MOST, PANEL_GUARDS
from measurement.models.boards import Board, hold
from measurement.showing.shown import Choice, Unknown, show

if TYPE_CHECKING:
    from ciforum.people.models import User
    from measurement.models.indicators import Indicator


class Panel(Scoped):
    """A view of an indicator: `place`, `breakdown`, `period_kind` and `group` say what of it.

    group: key of the one series that a tile or map shows, "" for everyone. Without `place` it is
    about all places (small multiples by place, maps). Removed ones keep where they stood, so
    that they can be put back.
    """

    class Kind(models.TextChoices):
        LINE = "line", _("Lines over time")
        BARS = "bars", _("Bars by group, newest period")
        TABLE = "table", _("Table")
        TILE = "tile", _("One number")
        BY_GROUP = "by_group", _("Small charts, one for each group")
        BY_PLACE = "by_place", _("Small charts, one for each place")
        MAP = "map", _("Map of places")
        TEXT = "text", _("Text")

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="panels")
    order = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    indicator = models.ForeignKey(
        "measurement.Indicator",
        verbose_name=_("indicator"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    place = models.ForeignKey(
        "people.Place",
        verbose_name=_("place"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    breakdown = models.CharField(_("groups"), max_length=200, blank=True)
    group = models.CharField(_("group"), max_length=400, blank=True)
    period_kind = models.CharField(_("periods"), max_length=12, blank=True)
    title = WordsField(
        _("title"),
        max_length=160,
        blank=True,
        help_text=_("Left empty, the name of the indicator stands here."),
    )
    words = WordsField(_("words"), long=True, max_length=2000, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    removed_from = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("panel")
        verbose_name_plural = _("panels")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "order"],
                name="one_panel_per_number",
                deferrable=models.Deferrable.DEFERRED,
            ),
            # With the numbers being unique, this is also how many there can be.
            models.CheckConstraint(
                condition=Q(order=None) | Q(order__gte=1, order__lte=MOST),
                name="at_most_24_panels",
            ),
            models.CheckConstraint(
                condition=Q(order=None, removed_at__isnull=False)
                | Q(order__isnull=False, removed_at=None),
                name="a_panel_stands_or_is_removed",
            ),
            models.CheckConstraint(
                condition=(Q(kind="text", indicator=None) & ~Q(words={}))
                | (~Q(kind="text") & Q(indicator__isnull=False)),
                name="a_panel_shows_numbers_or_words",
            ),
        ]
        triggers = PANEL_GUARDS

    def __str__(self) -> str:
        return str(self.heading)

    # --- questions

    @property
    def heading(self) -> Words | str:
        """Its title, or else the indicator's name, or else what kind it is."""
        if self.title:
            return self.title
        return self.indicator.name if self.indicator else str(self.get_kind_display())

    @property
    def is_text(self) -> bool:
        return self.kind == self.Kind.TEXT

    @property
    def shows_places(self) -> bool:
        """It is about all places, not one."""
        return self.kind in (self.Kind.BY_PLACE, self.Kind.MAP)

    @property
    def shows_one_group(self) -> bool:
        """It is about one series at a time, not all of a breakdown."""
        return self.kind in (self.Kind.TILE, self.Kind.BY_PLACE, self.Kind.MAP)

    @property
    def choice(self) -> Choice:
        return Choice(self.place.code if self.place else "", self.breakdown, self.period_kind)

    # --- changes: each locks the board

    @classmethod
    @verb
    def add(
        cls,
        *,
        board: Board,
        kind: str,
        by: User,
        indicator: Indicator | None = None,
        choice: Choice | None = None,
        group: str = "",
        title: Words | None = None,
        words: Words | None = None,
    ) -> Panel:
        """One more, at the end. Raises ValidationError, StateChanged."""
        hold(board)
        number = board.panels.filter(removed_at=None).count() + 1
        if number > MOST:
            raise ValidationError(
                _t("A dashboard has at most %(most)s panels. Begin a second one.") % {"most": MOST}
            )
        panel = cls(
            initiative=board.initiative,
            board=board,
            order=number,
            kind=kind,
            title=title or Words(),
            words=words or Words(),
        )
        panel._point(indicator, choice or Choice(), group)
        panel.save()
        board.touched(by=by, note="panel added")
        return panel

    @verb
    def change(
        self, *, choice: Choice, by: User, group: str = "", title: Words, words: Words
    ) -> None:
        """Show something else of the same indicator, under another title."""
        hold(self.board)
        self.refresh_from_db(fields=["order", "removed_at", "removed_from"])
        if self.removed_at is not None:
            raise StateChanged
        self.title, self.words = title, words
        self._point(self.indicator, choice, group)
        self.save()
        self.board.touched(by=by, note="panel changed")

    @verb
    def shift(self, *, up: bool, by: User) -> None:
        """Change places with its neighbour; at the edge nothing happens."""
        board = hold(self.board)
        row = list(board.panels.filter(removed_at=None))
        if self not in row:
            raise StateChanged
        here = row.index(self)
        there = here - 1 if up else here + 1
        if not 0 <= there < len(row):
            return
        row[here], row[there] = row[there], row[here]
        _number(row)
        board.touched(by=by, note="panel moved")

    @verb
    def remove(self, *, by: User) -> None:
        """Take it away; those behind it move up. It can be put back while the draft lasts."""
        board = hold(self.board)
        self.refresh_from_db(fields=["order", "removed_at"])
        if self.removed_at is not None:
            raise StateChanged
        self.removed_at, self.removed_from, self.order = clock.now(), self.order, None
        self.save(update_fields=["removed_at", "removed_from", "order"])
        _number(list(board.panels.filter(removed_at=None)))
        board.touched(by=by, note="panel removed")

    @verb
    def put_back(self, *, by: User) -> None:
        """Undo its removal: it stands where it stood. Raises ValidationError when it is full."""
        board = hold(self.board)
        self.refresh_from_db(fields=["order", "removed_at", "removed_from"])
        if self.removed_at is None:
            raise StateChanged
        row = list(board.panels.filter(removed_at=None))
        if len(row) >= MOST:
            raise ValidationError(_t("The dashboard is full. Remove another panel first."))
        at = min(len(row), max(0, (self.removed_from or 1) - 1))
        self.removed_at, self.removed_from, self.order = None, None, at + 1
        self.save(update_fields=["removed_at", "removed_from", "order"])
        _number([*row[:at], self, *row[at:]])
        board.touched(by=by, note="panel put back")

    def twin(self, board: Board) -> Panel:
        """The same panel for another board, not saved yet."""
        kept = ("kind", "indicator", "place", "breakdown", "group", "period_kind", "title", "words")
        values: dict[str, Any] = {name: getattr(self, name) for name in kept}
        return Panel(initiative=board.initiative, board=board, order=self.order, **values)

    def _point(self, indicator: Indicator | None, choice: Choice, group: str) -> None:
        """Show this choice of this indicator. Raises ValidationError where it is not released."""
        if self.is_text:
            if indicator is not None or not self.words:
                raise ValidationError({"words": _t("Write what should stand here.")})
        else:
            self._show(indicator, choice, group)
        self.full_clean(validate_constraints=False, exclude=["order"])

    def _show(self, indicator: Indicator | None, choice: Choice, group: str) -> None:
        if indicator is None or indicator.initiative_id != self.initiative_id:
            raise ValidationError({"indicator": _t("Choose an indicator of this initiative.")})
        try:
            seen = show(indicator, choice)
        except Unknown as error:
            raise ValidationError(
                {"indicator": _t("This place or these groups are not released.")}
            ) from error
        if seen is None:
            raise ValidationError({"indicator": _t("Nothing of this indicator is released yet.")})
        if group and group not in {series.key for series in seen.series}:
            raise ValidationError({"group": _t("This group is not released.")})
        self.indicator = indicator
        self.place = None if self.shows_places else seen.place
        self.breakdown, self.period_kind = seen.by, seen.kind
        self.group = group if self.shows_one_group else ""


def _number(row: Sequence[Panel]) -> None:
    """Number them anew, in this order; the unique key waits until the end."""
    for order, each in enumerate(row, start=1):
        if each.order != order:
            each.order = order
            each.save(update_fields=["order"])
