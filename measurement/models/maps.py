"""Then and now: a map of an earlier time that can be laid over today's numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agenda.models import HistoryEvent
from ciforum.people import clock
from ciforum.people.models import Citable, Citation, Scoped, ScopedQuerySet, StoredFile
from ciforum.people.transitions import StateChanged, audit, lock, move, verb
from ciforum.people.words import Words, WordsField
from measurement.models.map_guards import HISTORIC_MAP

if TYPE_CHECKING:
    from agenda.pictures import Picture
    from ciforum.people.models import Initiative, User

ANCHOR = "cause"
CLASSES = 5  # 0 … 4
MOST_GRADES = 12
SIDES = ("west", "south", "east", "north")


class HistoricMapQuerySet(ScopedQuerySet):
    def public(self) -> HistoricMapQuerySet:
        """What anyone may see: also its event is still told."""
        return self.filter(
            state=HistoricMap.State.PUBLIC, event__state=HistoryEvent.State.PUBLISHED
        )


class HistoricMap(Scoped):
    """A map of an earlier time, as areas with grades or as a picture between four degrees.

    draft ⇄ public. What is public does not change: it is taken back first. The event of the
    history tells what the map did; the map by itself claims nothing.

    features: [{"name", "value", "geometry"}]. grades: [{"value", "label": words, "class": 0–4}],
    one for each value of the areas.
    """

    class Kind(models.TextChoices):
        GEOJSON = "geojson", _("Areas (GeoJSON)")
        IMAGE = "image", _("A picture of the map")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLIC = "public", _("Public")

    title = WordsField(_("title"), max_length=160)
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(1400), MaxValueValidator(2100)]
    )
    source = WordsField(_("source"), max_length=300)
    alt = WordsField(_("what the map shows, in words"), long=True, max_length=600)
    event = models.ForeignKey(
        HistoryEvent,
        verbose_name=_("event that tells what it did"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    features = models.JSONField(default=list, blank=True)
    grades = models.JSONField(default=list, blank=True)
    image = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    image_type = models.CharField(max_length=20, blank=True)
    west = models.FloatField(_("western edge"), null=True, blank=True)
    south = models.FloatField(_("southern edge"), null=True, blank=True)
    east = models.FloatField(_("eastern edge"), null=True, blank=True)
    north = models.FloatField(_("northern edge"), null=True, blank=True)
    state = models.CharField(max_length=6, choices=State, default=State.DRAFT, editable=False)
    drawn_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(default=clock.now)

    objects = HistoricMapQuerySet.as_manager()

    class Meta:
        verbose_name = _("historic map")
        verbose_name_plural = _("historic maps")
        ordering = ["year", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="geojson", image=None) & ~Q(features=[])
                | Q(kind="image", features=[], image__isnull=False, west__isnull=False),
                name="historic_map_has_areas_or_a_picture",
            ),
            models.CheckConstraint(
                condition=Q(west=None, south=None, east=None, north=None)
                | Q(
                    west__gte=-180,
                    east__lte=180,
                    south__gte=-90,
                    north__lte=90,
                    west__lt=F("east"),
                    south__lt=F("north"),
                ),
                name="historic_map_lies_in_the_world",
            ),
        ]
        triggers = HISTORIC_MAP

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return reverse("measurement:then_and_now", args=[self.initiative.slug, self.uid])

    @property
    def is_public(self) -> bool:
        return self.state == self.State.PUBLIC and self.event.is_published

    @property
    def bounds(self) -> dict[str, Any] | None:
        """The piece of the world that its picture covers, as a polygon."""
        west, south, east, north = (getattr(self, side) for side in SIDES)
        if west is None:
            return None
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        return {"type": "Polygon", "coordinates": [ring]}

    # --- changes

    @classmethod
    @verb
    def draw(
        cls,
        *,
        initiative: Initiative,
        by: User,
        areas: Sequence[Mapping[str, Any]] = (),
        picture: Picture | None = None,
        **fields: Any,
    ) -> HistoricMap:
        """Keep a map as a draft: areas with grades, or a picture. Raises ValidationError."""
        made = cls(initiative=initiative, drawn_by=by, drawn_at=clock.now(), **fields)
        made._lay(areas, picture)
        made._check()
        made.save()
        audit(made, before="", after=cls.State.DRAFT, by=by)
        return made

    @verb
    def edit(
        self,
        *,
        by: User,
        areas: Sequence[Mapping[str, Any]] = (),
        picture: Picture | None = None,
        **fields: Any,
    ) -> None:
        """Change a draft; new areas or a new picture take the place of what there is.

        Raises ValidationError, or StateChanged while it is public.
        """
        lock(self)
        if self.state != self.State.DRAFT:
            raise StateChanged
        for name, value in fields.items():
            setattr(self, name, value)
        if areas or picture:
            self._lay(areas, picture)
        self._check()
        self.save()
        audit(self, before=self.state, after="edited", by=by)

    @verb
    def publish(self, *, by: User) -> None:
        """Let everyone see it beside today's numbers. Raises ValidationError, StateChanged."""
        lock(self)
        lock(self.event)
        if not self.event.is_published:
            raise ValidationError(
                {"event": _("The event has to be public first: its words tell the cause.")}
            )
        self._check()
        move(self, start=self.State.DRAFT, to=self.State.PUBLIC, by=by)
        Citation.cite(self, Citable.of(self.event, "event"), by=by, anchor=ANCHOR)
        self.initiative.public_changed()

    @verb
    def take_back(self, *, by: User) -> None:
        """Make it a draft again, for members only. Raises StateChanged."""
        lock(self)
        move(self, start=self.State.PUBLIC, to=self.State.DRAFT, by=by)
        Citation.objects.of(self, ANCHOR).delete()
        self.initiative.public_changed()

    def _lay(self, areas: Sequence[Mapping[str, Any]], picture: Picture | None) -> None:
        if self.image:
            self.image.forget()
            self.image, self.image_type = None, ""
        self.kind = self.Kind.IMAGE if picture else self.Kind.GEOJSON
        self.features = [dict(area) for area in areas]
        known = {grade["value"]: grade for grade in self.grades}
        values = sorted({area["value"] for area in areas if area["value"]})
        self.grades = [known.get(value) or _grade(value, at) for at, value in enumerate(values)]
        if picture:
            self.image = StoredFile.keep(
                picture.file, initiative=self.initiative, kind="historic map"
            )
            self.image_type = picture.content_type

    def _check(self) -> None:
        if self.event.initiative_id != self.initiative_id:
            raise ValidationError({"event": _("Choose an event of this initiative.")})
        missing = [name for name in ("title", "source", "alt") if not getattr(self, name)]
        if missing:
            raise ValidationError(
                {name: _("Write this in at least one language.") for name in missing}
            )
        if not (self.features or self.image):
            raise ValidationError(_("Add the map: areas as GeoJSON, or a picture."))
        self._check_edges()
        if len(self.grades) > MOST_GRADES:
            raise ValidationError(
                _("The map has too many grades. At most %(count)s can be told apart.")
                % {"count": MOST_GRADES}
            )
        self.full_clean(validate_constraints=False)

    def _check_edges(self) -> None:
        edges = [getattr(self, side) for side in SIDES]
        if self.kind == self.Kind.GEOJSON:
            self.west = self.south = self.east = self.north = None
            return
        if any(edge is None for edge in edges):
            raise ValidationError(
                {"west": _("Say where the picture's four edges lie, in degrees.")}
            )
        west, south, east, north = edges
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise ValidationError(
                {"west": _("The edges do not fit: west is less than east, south than north.")}
            )


def _grade(value: str, at: int) -> dict[str, Any]:
    return {"value": value, "label": dict(Words(en=value)), "class": min(at, CLASSES - 1)}
