"""Indicators: what partners agreed to count the same way, and what exactly they mean by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import CanBeCited, Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, verb
from ciforum.people.words import Words, WordsField
from measurement import telling_goals

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ciforum.people.models import Initiative, User
    from equity.models import Dimension


class Direction(models.TextChoices):
    UP = "up", _("Higher is better")
    DOWN = "down", _("Lower is better")


class Measure(models.TextChoices):
    PROPORTION = "proportion", _("A share: some of all")
    RATE = "rate", _("A rate: events for so many people")
    COUNT = "count", _("A count without a whole")


class Scale(models.IntegerChoices):
    HUNDRED = 100, _("of every 100 (percent)")
    THOUSAND = 1_000, _("of every 1,000")
    TEN_THOUSAND = 10_000, _("of every 10,000")
    HUNDRED_THOUSAND = 100_000, _("of every 100,000")


class Tier(models.TextChoices):
    HEADLINE = "headline", _("Headline: one of the few that say whether we get there")
    CONTRIBUTING = "contributing", _("Contributing: moves before a headline does")


class Level(models.TextChoices):
    POPULATION = "population", _("Population: everybody who lives here")
    PERFORMANCE = "performance", _("Performance: those whom a partner serves")
    SYSTEM = "system", _("System: how institutions act")


class Aspect(models.TextChoices):
    OPPORTUNITY = "opportunity", _("Opportunity: what people are given to start with")
    OUTCOME = "outcome", _("Outcome: what becomes of it")
    REPRESENTATION = "representation", _("Representation: who decides and who serves")


class Frequency(models.TextChoices):
    NONE = "none", _("Not agreed yet")
    MONTH = "month", _("Every month")
    QUARTER = "quarter", _("Every quarter")
    HALF_YEAR = "half_year", _("Every half year")
    SCHOOL_YEAR = "school_year", _("Every school year")
    YEAR = "year", _("Every year")


class IndicatorQuerySet(ScopedQuerySet):
    def published(self) -> IndicatorQuerySet:
        """Indicators with at least one release that anyone may read."""
        return self.filter(releases__state="published").distinct()


@pghistory.track(fields=["name", "slug", "steward", "retired_at"])
class Indicator(CanBeCited, Scoped):
    """One thing the initiative measures. What it means stands in its versions."""

    slug = models.SlugField(_("short name in addresses"), max_length=80)
    code = models.SlugField(_("code shared with other initiatives"), max_length=80)
    name = WordsField(_("name"))
    steward = models.ForeignKey(
        "people.Organization",
        verbose_name=_("steward"),
        help_text=_("The organization that looks after this indicator."),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stewarded_indicators",
    )
    required_dimensions = models.ManyToManyField(
        "equity.Dimension",
        verbose_name=_("required breakdowns"),
        help_text=_("No release without these groups, or a request to whoever holds the data."),
        blank=True,
        related_name="+",
    )
    tier = models.CharField(_("tier"), max_length=12, choices=Tier, default=Tier.CONTRIBUTING)
    level = models.CharField(_("level"), max_length=12, choices=Level, default=Level.POPULATION)
    aspect = models.CharField(
        _("what it shows"), max_length=14, choices=Aspect, default=Aspect.OUTCOME
    )
    frequency = models.CharField(
        _("how often it is counted"), max_length=12, choices=Frequency, default=Frequency.NONE
    )
    required_by = ArrayField(
        models.CharField(max_length=120),
        verbose_name=_("funders who require it"),
        default=list,
        blank=True,
    )
    baseline = models.ForeignKey(
        "people.Period",
        verbose_name=_("baseline"),
        help_text=_("The period that later ones are compared with: where we began."),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    # What a reader of both knows; their releases are protected together: see `siblings`.
    same_people_as = models.ForeignKey(
        "self",
        verbose_name=_("counts the same people as"),
        help_text=_(
            "Both are out of the very same people, e.g. born early and born small of the same "
            "births. Then small groups of one are protected with the numbers of the other."
        ),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    part_of = models.ForeignKey(
        "self",
        verbose_name=_("is part of"),
        help_text=_(
            "Everybody counted here is counted there too, e.g. born very early and born early. "
            "Then nobody can work out a small group from the difference of both."
        ),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(
                "initiative",
                "slug",
                name="one_indicator_per_slug",
                violation_error_message=_("There is an indicator with this short name already."),
            ),
            models.UniqueConstraint(
                "initiative",
                "code",
                name="one_indicator_per_code",
                violation_error_message=_("There is an indicator with this code already."),
            ),
            models.CheckConstraint(condition=Q(tier__in=Tier.values), name="indicator_has_a_tier"),
            models.CheckConstraint(
                condition=Q(level__in=Level.values), name="indicator_has_a_level"
            ),
            models.CheckConstraint(
                condition=Q(aspect__in=Aspect.values), name="indicator_has_an_aspect"
            ),
            models.CheckConstraint(
                condition=Q(frequency__in=Frequency.values), name="indicator_has_a_frequency"
            ),
            models.CheckConstraint(
                condition=(Q(part_of=None) | ~Q(part_of=F("id")))
                & (Q(same_people_as=None) | ~Q(same_people_as=F("id"))),
                name="indicator_is_not_its_own_sibling",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="siblings_of_one_initiative",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF EXISTS (SELECT 1 FROM measurement_indicator other
                               WHERE other.id IN (NEW.part_of_id, NEW.same_people_as_id)
                                 AND other.initiative_id <> NEW.initiative_id) THEN
                        RAISE EXCEPTION 'siblings belong to one initiative'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return reverse("measurement:indicator", args=[self.initiative.slug, self.slug])

    def clean(self) -> None:
        if self.baseline and self.baseline.initiative_id != self.initiative_id:
            raise ValidationError({"baseline": _("Choose a period of this initiative.")})
        if self.steward and self.steward.initiative_id != self.initiative_id:
            raise ValidationError({"steward": _("Choose an organization of this initiative.")})
        for name in ("same_people_as", "part_of"):
            other = getattr(self, name)
            if other and (other.initiative_id != self.initiative_id or other == self):
                raise ValidationError({name: _("Choose another indicator of this initiative.")})
        above, seen = self.part_of, {self.pk}
        while above is not None and above.pk not in seen:
            seen.add(above.pk)
            above = above.part_of
        if above is not None:
            raise ValidationError(
                {
                    "part_of": _(
                        "That one is a part of this one already, directly or through others."
                    )
                }
            )

    @property
    def current(self) -> IndicatorVersion:
        """The definition that new numbers are read with."""
        return self.versions.order_by("-number")[0]

    @classmethod
    @verb
    def start(
        cls,
        *,
        initiative: Initiative,
        by: User,
        required_dimensions: Iterable[Dimension] = (),
        definition: dict[str, Any],
        **fields: Any,
    ) -> Indicator:
        """Begin an indicator with the first version of its definition."""
        indicator = cls(initiative=initiative, **fields)
        indicator.full_clean()
        indicator.save()
        indicator._require(required_dimensions)
        indicator._add_version({**definition, "reason": Words()}, by)
        audit(indicator, before="", after="started", by=by)
        return indicator

    @verb
    def describe(
        self, *, by: User, required_dimensions: Iterable[Dimension], **fields: Any
    ) -> None:
        """Change anything but what is counted; the definition keeps its version."""
        lock(self)
        before = self._asked_by_gates()
        for name, value in fields.items():
            setattr(self, name, value)
        self.full_clean()
        self.save(update_fields=list(fields))
        self._require(required_dimensions)
        self.initiative.public_changed()
        now = self._asked_by_gates()
        changed = [
            f"{name}: {before[name]} → {now[name]}" for name in now if now[name] != before[name]
        ]
        audit(self, before="", after="described", by=by, note="; ".join(changed)[:300])

    def _require(self, dimensions: Iterable[Dimension]) -> None:
        chosen = list(dimensions)
        if any(each.initiative_id != self.initiative_id for each in chosen):
            raise ValidationError(
                {"required_dimensions": _("Choose breakdowns of this initiative.")}
            )
        self.required_dimensions.set(chosen)

    def _asked_by_gates(self) -> dict[str, str]:
        """What a release's rules and its badge read; a change of it stands in the trail."""
        codes = self.required_dimensions.order_by("code").values_list("code", flat=True)
        return {
            "tier": self.tier,
            "level": self.level,
            "baseline": str(self.baseline or "-"),
            "breakdowns": ", ".join(codes) or "-",
        }

    @verb
    def retire(self, *, by: User) -> None:
        """Count it no longer: nobody is asked for it any more, and what is public stays.

        Raises ValidationError while something of it is in hand, StateChanged when it is retired.
        """
        lock(self)
        if self.retired_at:
            raise StateChanged
        if self.releases.filter(state="draft").exists():
            raise ValidationError(_("A release of it is in preparation. Publish or discard it."))
        if self.submissions.open().exists():
            raise ValidationError(_("Numbers for it are in hand. Approve or return them first."))
        if self.reporting_rules.filter(ended_at=None).exists():
            raise ValidationError(_("Partners still owe reports of it. End what is agreed first."))
        self._retire(clock.now(), by)

    @verb
    def take_up_again(self, *, by: User) -> None:
        """Count it again after all. Raises StateChanged when it is not retired."""
        lock(self)
        if not self.retired_at:
            raise StateChanged
        self._retire(None, by)

    def _retire(self, at: datetime | None, by: User) -> None:
        self.retired_at = at
        self.save(update_fields=["retired_at"])
        self.initiative.public_changed()
        audit(self, before="", after="retired" if at else "taken up again", by=by)

    @verb
    def discard(self, *, by: User) -> None:
        """Remove one that nobody has used: no number, no release, nothing that names it.

        Raises ValidationError with what stands in the way.
        """
        lock(self)
        if self.is_used():
            raise ValidationError(_("Something was handed in or said of it already, so it stays."))
        audit(self, before="", after="discarded", by=by, note=self.code)
        try:
            self.versions.all().delete()
            self.delete()
        except models.ProtectedError as error:
            raise ValidationError(
                _("Something else in the initiative refers to it, so it stays.")
            ) from error
        self.initiative.public_changed()

    def is_used(self) -> bool:
        """Numbers, a release, a draft of a partner, an agreement, a shift or a citation name it."""
        uses = (self.submissions, self.releases, self.drafts, self.agreements, self.shifts)
        return self.citable_id is not None or any(each.exists() for each in uses)

    @verb
    def define(self, *, by: User, reason: Words, **definition: Any) -> IndicatorVersion:
        """Change what is meant, and say why. Old numbers keep their version; new ones are read
        with this. Raises ValidationError without a reason: it stands where the chart breaks.
        """
        lock(self)
        if not reason:
            raise ValidationError({"reason": _("Say why what is counted changes.")})
        version = self._add_version({**definition, "reason": reason}, by)
        self.initiative.public_changed()
        telling_goals.defined(self)
        return version

    def _add_version(self, definition: dict[str, Any], by: User) -> IndicatorVersion:
        last = self.versions.aggregate(last=models.Max("number"))["last"] or 0
        version = IndicatorVersion(
            initiative=self.initiative,
            indicator=self,
            number=last + 1,
            defined_by=by,
            defined_at=clock.now(),
            **definition,
        )
        version.full_clean()
        version.save()
        return version


class IndicatorVersion(Scoped):
    """What an indicator means exactly, from one day on. Never edited."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    measure = models.CharField(
        _("what it is"), max_length=12, choices=Measure, default=Measure.PROPORTION
    )
    numerator = WordsField(
        _("counted"), help_text=_("Who or what is counted, e.g. “babies born under 2,500 grams”.")
    )
    denominator = WordsField(
        _("out of"), blank=True, help_text=_("Out of whom, e.g. “babies born alive”.")
    )
    direction = models.CharField(_("direction"), max_length=4, choices=Direction)
    scale = models.PositiveIntegerField(_("shown"), choices=Scale, default=Scale.HUNDRED)
    unit = WordsField(_("unit"), blank=True, help_text=_("What one count is, e.g. “babies”."))
    source = WordsField(_("source"), blank=True)
    reason = WordsField(
        _("why it changes"),
        long=True,
        max_length=1000,
        blank=True,
        help_text=_(
            "Shown to everybody where the chart breaks off, e.g. “The state asks in a new way”."
        ),
    )
    defined_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    defined_at = models.DateTimeField(default=clock.now)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("definition")
        verbose_name_plural = _("definitions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("indicator", "number", name="one_definition_per_number"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=Words()), name="a_new_definition_says_why"
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="definition_is_never_edited")]

    def __str__(self) -> str:
        return f"{self.indicator} ({self.number})"
