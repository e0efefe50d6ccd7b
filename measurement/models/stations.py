"""Stations of a data walk: one released picture each, a quote if its teller consents, prompts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ciforum.people.models import Citation, Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, verb
from ciforum.people.words import Words, WordsField
from measurement.models.walk_guards import MOST, PROMPT_GUARDS, STATION_GUARDS
from measurement.models.walks import DataWalk
from measurement.showing.shown import Choice, Shown, Unknown, show
from measurement.walking import frozen, quotes, starters

if TYPE_CHECKING:
    from ciforum.people.models import User
    from measurement.models.indicators import Indicator

MOST_PROMPTS = 6


class Station(Scoped):
    """A stop of the walk. `place`, `breakdown` and `kind` say what is seen of the indicator."""

    walk = models.ForeignKey(DataWalk, on_delete=models.PROTECT, related_name="stations")
    order = models.PositiveSmallIntegerField()
    indicator = models.ForeignKey(
        "measurement.Indicator",
        verbose_name=_("indicator"),
        on_delete=models.PROTECT,
        related_name="stations",
    )
    place = models.ForeignKey(
        "people.Place", verbose_name=_("place"), on_delete=models.PROTECT, related_name="+"
    )
    breakdown = models.CharField(_("groups"), max_length=200, blank=True)
    kind = models.CharField(_("periods"), max_length=12)
    title = WordsField(
        _("title, best a question"),
        max_length=160,
        help_text=_("What this picture is about, in plain words."),
    )
    # The newest release when the walk opened: nothing that came later is seen here.
    release = models.ForeignKey(
        "measurement.Release",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("station")
        verbose_name_plural = _("stations")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["walk", "order"],
                name="one_station_per_number",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]
        triggers = STATION_GUARDS

    def __str__(self) -> str:
        return str(self.title)

    def phone_url(self) -> str:
        walk = self.walk
        return reverse(
            "measurement:walk_phone_station", args=[walk.initiative.slug, walk.code, self.order]
        )

    # --- questions

    @property
    def choice(self) -> Choice:
        return Choice(self.place.code, self.breakdown, self.kind)

    def shown(self) -> Shown | None:
        """The public numbers that stand here: those of the opening, or of today before it."""
        if self.release is not None:
            return frozen.shown(self)
        try:
            return show(self.indicator, self.choice)
        except Unknown:
            return None

    def missing(self) -> list[str]:
        """What keeps the walk from opening because of this station, one sentence each."""
        said = []
        name = {"station": self.order}
        if self.shown() is None:
            said.append(_t("Station %(station)s: this picture is not released.") % name)
        asked = list(self.prompts.all())
        if not asked:
            said.append(_t("Station %(station)s asks nothing. Write a prompt.") % name)
        words = [self.title, *(each.words for each in asked)]
        if any(not each.get(code) for each in words for code in self.walk.languages):
            said.append(
                _t("Station %(station)s: write title and prompts in every language of the walk.")
                % name
            )
        return said

    # --- changes: each locks the walk, as its opening does

    @classmethod
    @verb
    def add(
        cls,
        *,
        walk: DataWalk,
        indicator: Indicator,
        choice: Choice,
        title: Words,
        by: User,
        prompts: Sequence[Words] | None = None,
    ) -> Station:
        """Put up one more, at the end, with the usual prompts. Raises ValidationError."""
        _hold(walk)
        number = walk.stations.count() + 1
        if number > MOST:
            raise ValidationError(_t("A walk has at most %(most)s stations.") % {"most": MOST})
        station = cls(initiative=walk.initiative, walk=walk, order=number, title=title)
        station._point(indicator, choice)
        station.full_clean(validate_constraints=False)
        station.save()
        station._ask(starters.prompts(walk.languages) if prompts is None else prompts)
        audit(walk, before=walk.state, after="station added", by=by)
        return station

    @verb
    def change(
        self,
        *,
        indicator: Indicator,
        choice: Choice,
        title: Words,
        prompts: Sequence[Words],
        by: User,
    ) -> None:
        """Show or ask something else here. Raises ValidationError."""
        _hold(self.walk)
        lock(self)
        self.title = title
        self._point(indicator, choice)
        self.full_clean(validate_constraints=False)
        self.save(update_fields=["title", "indicator", "place", "breakdown", "kind"])
        self._ask(prompts)
        audit(self.walk, before=self.walk.state, after="station changed", by=by)

    @verb
    def shift(self, *, by: User, up: bool) -> None:
        """Change places with its neighbour; at the edge nothing happens."""
        _hold(self.walk)
        row = list(self.walk.stations.all())
        if self not in row:
            raise StateChanged
        here = row.index(self)
        there = here - 1 if up else here + 1
        if not 0 <= there < len(row):
            return
        row[here], row[there] = row[there], row[here]
        _number(row)
        audit(self.walk, before=self.walk.state, after="station moved", by=by)

    @verb
    def remove(self, *, by: User) -> None:
        """Take it down; those behind it move up."""
        walk = _hold(self.walk)
        self.drop()
        _number(list(walk.stations.all()))
        audit(walk, before=walk.state, after="station removed", by=by)

    @verb
    def quote(self, *, kind: str, uid: str, by: User) -> None:
        """Let somebody's words stand here, as she consents. Raises ValidationError.

        Only kinds whose records ask for consent each time they are read can be quoted, so no
        words can stand here that nobody agreed to.
        """
        _hold(self.walk)
        citable = quotes.find(self.initiative, kind, uid)
        if citable is None:
            raise ValidationError(_t("These words cannot be quoted here."))
        Citation.objects.of(self).delete()
        Citation.cite(self, citable, by=by)
        audit(self.walk, before=self.walk.state, after="quote placed", by=by, note=kind)

    @verb
    def unquote(self, *, by: User) -> None:
        """Take the quote down; nothing happens when there is none."""
        _hold(self.walk)
        gone, _rows = Citation.objects.of(self).delete()
        if gone:
            audit(self.walk, before=self.walk.state, after="quote taken down", by=by)

    def freeze(self) -> None:
        """Keep to what is public now. Called by the opening of the walk, which holds the lock."""
        seen = self.shown()
        if seen is None:
            raise ValidationError(self.missing())
        self.release = seen.release
        self.save(update_fields=["release"])

    def drop(self) -> None:
        """Gone with its prompts and its quote. Called by verbs that hold the walk."""
        Citation.objects.of(self).delete()
        self.prompts.all().delete()
        self.delete()

    def _point(self, indicator: Indicator, choice: Choice) -> None:
        if indicator.initiative_id != self.initiative_id:
            raise ValidationError({"indicator": _t("Choose an indicator of this initiative.")})
        try:
            seen = show(indicator, choice)
        except Unknown as error:
            raise ValidationError(
                {"indicator": _t("This place or these groups are not released.")}
            ) from error
        if seen is None or seen.place is None:
            raise ValidationError({"indicator": _t("Nothing of this indicator is released yet.")})
        self.indicator, self.place = indicator, seen.place
        self.breakdown, self.kind = seen.by, seen.kind

    def _ask(self, prompts: Sequence[Words]) -> None:
        asked = [words for words in prompts if words]
        if not asked or len(asked) > MOST_PROMPTS:
            raise ValidationError(
                {"prompts": _t("Ask between one and %(most)s things.") % {"most": MOST_PROMPTS}}
            )
        self.prompts.all().delete()
        for order, words in enumerate(asked, start=1):
            prompt = Prompt(initiative=self.initiative, station=self, order=order, words=words)
            prompt.full_clean(validate_constraints=False)
            prompt.save()


class Prompt(Scoped):
    """One question that people are asked at a station."""

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="prompts")
    order = models.PositiveSmallIntegerField()
    words = WordsField(_("prompt"), max_length=160)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint("station", "order", name="one_prompt_per_number")]
        triggers = PROMPT_GUARDS

    def __str__(self) -> str:
        return str(self.words)


def _hold(walk: DataWalk) -> DataWalk:
    """Lock a walk whose stations can still change. Raises StateChanged."""
    lock(walk)
    if not walk.is_preparing:
        raise StateChanged
    return walk


def _number(row: Sequence[Station]) -> None:
    """Number them anew, in this order; the unique key waits until the end."""
    for order, each in enumerate(row, start=1):
        if each.order != order:
            each.order = order
            each.save(update_fields=["order"])
