"""An initiative, the organizations in it, and where and when it counts."""

from __future__ import annotations

import uuid
import zoneinfo
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciforum.people.models.scoped import Scoped, ScopedQuerySet
from ciforum.people.transitions import audit, lock, verb
from ciforum.people.words import WordsField

if TYPE_CHECKING:
    from ciforum.people.models.user import User

# First path parts that are not initiatives.
RESERVED_SLUGS = (
    *("accounts", "about", "admin", "api", "static", "media", "healthz", "readyz", "i18n"),
    *("robots.txt", "favicon.ico", ".well-known", "sitemap.xml"),
)


def _default_languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def _check_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("Choose a time zone of the list, such as America/New_York."))


class Initiative(models.Model):
    """A community's collective impact work: one agenda, its people, its measures."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(_("short name in addresses"), max_length=60, unique=True)
    name = WordsField(_("name"))
    purpose = WordsField(_("purpose, in one or two sentences"), long=True, blank=True)
    population = WordsField(_("the people it is about"), blank=True)
    languages = ArrayField(
        models.CharField(max_length=10, choices=settings.LANGUAGES),
        verbose_name=_("languages"),
        default=_default_languages,
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="America/New_York", validators=[_check_zone]
    )
    place = models.ForeignKey(
        "people.Place",
        verbose_name=_("place"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    contact = models.EmailField(_("address for questions"), blank=True)
    # Bumped in the transaction that publishes or withdraws: cached public pages carry it in their
    # key, so none outlives what it shows.
    public_version = models.PositiveBigIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        constraints = [
            models.CheckConstraint(
                condition=~Q(slug__in=RESERVED_SLUGS), name="initiative_slug_is_free"
            ),
            models.CheckConstraint(condition=~Q(languages=[]), name="initiative_speaks_a_language"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return reverse("people:front", args=[self.slug])

    def clean(self) -> None:
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("This word is used by the site. Choose another.")})

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    def public_changed(self) -> None:
        """Let every cached public page be built anew. Call inside the transaction that changes."""
        Initiative.objects.filter(pk=self.pk).update(public_version=F("public_version") + 1)

    @verb
    def describe(self, *, by: User, **fields: Any) -> None:
        """Change name, purpose, population, languages, time zone, place or contact."""
        lock(self)
        for name, value in fields.items():
            setattr(self, name, value)
        self.full_clean()
        self.save(update_fields=list(fields))
        self.public_changed()
        audit(self, before="", after="described", by=by)


class Sector(models.TextChoices):
    COMMUNITY = "community", _("Community group")
    NONPROFIT = "nonprofit", _("Nonprofit")
    GOVERNMENT = "government", _("Government")
    EDUCATION = "education", _("Education")
    HEALTH = "health", _("Health")
    BUSINESS = "business", _("Business")
    FAITH = "faith", _("Faith group")
    PHILANTHROPY = "philanthropy", _("Philanthropy")
    OTHER = "other", _("Other")


class Organization(Scoped):
    """A partner: an institution or a community group, known per initiative."""

    slug = models.SlugField(_("short name in addresses"), max_length=60, validators=[validate_slug])
    name = models.CharField(_("name"), max_length=200)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector)
    community_led = models.BooleanField(
        _("led by the community"),
        default=False,
        help_text=_("Most of those who decide in it share the life of the people it is for."),
    )
    # The same organization in several initiatives of one network carries one network_uid.
    network_uid = models.UUIDField(default=uuid.uuid4, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint("initiative", "slug", name="one_organization_per_slug"),
            models.UniqueConstraint("initiative", "name", name="one_organization_per_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Place(Scoped):
    """Somewhere the initiative counts: a tree of areas, each with a stable code."""

    code = models.SlugField(_("code"), max_length=80, allow_unicode=True)
    name = models.CharField(_("name"), max_length=200)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
    )
    geojson = models.JSONField(_("outline"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint("initiative", "code", name="one_place_per_code"),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="place_is_not_its_own_part"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @verb
    def describe(self, *, by: User, name: str, code: str, parent: Place | None) -> None:
        """Save a new or changed place. Raises ValidationError where the tree would close a ring."""
        lock(self.initiative)  # two moves at once could close a ring that neither sees
        self.name, self.code, self.parent = name, code, parent
        self._refuse_ring()
        self.full_clean()
        self.save()
        audit(self, before="", after="described", by=by)

    @verb
    def outline(self, *, geojson: dict[str, Any] | None, by: User) -> None:
        """Keep its shape for maps; None takes it away. Raises ValidationError for other shapes."""
        lock(self)
        kind = geojson.get("type") if geojson else None
        if geojson is not None and kind not in ("Polygon", "MultiPolygon"):
            raise ValidationError({"geojson": _("An outline of a place is a polygon.")})
        self.geojson = geojson
        self.save(update_fields=["geojson"])
        self.initiative.public_changed()
        audit(self, before="", after="outlined" if geojson else "outline taken away", by=by)

    def _refuse_ring(self) -> None:
        above = Place.objects.get(pk=self.parent.pk) if self.parent and self.pk else None
        while above is not None:
            if above.pk == self.pk:
                raise ValidationError(
                    {"parent": _("A place cannot lie inside one of its own parts.")}
                )
            above = above.parent


class PeriodQuerySet(ScopedQuerySet):
    def of(self, initiative: Initiative, kind: str, start: date, end: date) -> Period:
        """The one period of these dates, made when it is new."""
        period, _created = self.get_or_create(
            initiative=initiative, kind=kind, start=start, end=end
        )
        return period


class Period(Scoped):
    """A span of days from `start` up to, not including, `end`."""

    class Kind(models.TextChoices):
        YEAR = "year", _("Year")
        SCHOOL_YEAR = "school_year", _("School year")
        FISCAL_YEAR = "fiscal_year", _("Fiscal year")
        YEARS = "years", _("Several years")
        QUARTER = "quarter", _("Quarter")
        MONTH = "month", _("Month")
        DAY = "day", _("Day")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    start = models.DateField(_("first day"))
    end = models.DateField(_("day after the last"))

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ["end", "start"]
        constraints = [
            models.UniqueConstraint("initiative", "kind", "start", "end", name="one_period"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="period_has_days"),
        ]

    def __str__(self) -> str:
        last = self.end - timedelta(days=1)
        match self.kind:
            case "year":
                return f"{self.start.year}"
            case "school_year" | "years":
                return f"{self.start.year}–{last.year}"
            case "fiscal_year":
                return gettext("fiscal year %(year)s") % {"year": last.year}
            case "quarter":
                return gettext("%(year)s, quarter %(quarter)s") % {
                    "year": self.start.year,
                    "quarter": (self.start.month + 2) // 3,
                }
            case "month":
                return date_format(self.start, "YEAR_MONTH_FORMAT")
            case _:
                return date_format(self.start, "DATE_FORMAT")
