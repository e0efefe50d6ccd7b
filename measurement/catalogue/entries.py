"""The catalogue of indicators: finding them, and what each one's entry says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Max, Prefetch, Q, QuerySet, prefetch_related_objects

from ciforum.people.folding import folded
from measurement.models.agreements import DataAgreement
from measurement.models.indicators import Aspect, Frequency, Indicator, Level, Tier

if TYPE_CHECKING:
    from ciforum.people.models import Initiative

TIERS = list(Tier.values)
SORTS = ("tier", "name", "released")
ANY_FUNDER = "*"


@dataclass(frozen=True)
class Wanted:
    """What the reader asked for, as it stands in the address; "" leaves it open.

    release: "yes" or "no". breakdowns: "none" finds indicators that require none.
    steward: an organization's slug. funder: a name, or `*` for any.
    """

    words: str = ""
    tier: str = ""
    level: str = ""
    aspect: str = ""
    frequency: str = ""
    steward: str = ""
    funder: str = ""
    release: str = ""
    breakdowns: str = ""
    sort: str = "tier"

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """From an address; a choice nobody offers counts as not made."""
        asked = {each.name: query.get(each.name, "")[:200] for each in fields(cls)}
        for name, known in _KNOWN.items():
            if asked[name] not in known:
                asked[name] = ""
        return cls(**{**asked, "sort": asked["sort"] or "tier"})

    @property
    def is_filtered(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self) if each.name != "sort")


_KNOWN: dict[str, tuple[str, ...] | list[str]] = {
    "tier": Tier.values,
    "level": Level.values,
    "aspect": Aspect.values,
    "frequency": Frequency.values,
    "release": ("yes", "no"),
    "breakdowns": ("none",),
    "sort": SORTS,
}


def retired(initiative: Initiative) -> list[Indicator]:
    """Those that are no longer counted, by name."""
    own = Indicator.objects.for_initiative(initiative).exclude(retired_at=None)
    return sorted(own.select_related("initiative"), key=lambda each: folded(str(each.name)))


def find(initiative: Initiative, wanted: Wanted, *, everything: bool) -> list[Any]:
    """The indicators that fit, in order, each with `released`: when it was last released, or None.

    everything: also those without a release, which members may see. One query, however many.
    """
    own = Indicator.objects.for_initiative(initiative).filter(retired_at=None)
    released = Max("releases__published_at", filter=Q(releases__state="published"))
    rows = _chosen(own, wanted).annotate(released=released).select_related("steward", "initiative")
    if not everything or wanted.release == "yes":
        rows = rows.filter(released__isnull=False)
    elif wanted.release == "no":
        rows = rows.filter(released=None)
    found = list(rows.prefetch_related("versions") if wanted.words else rows)
    if wanted.words:
        found = [each for each in found if _says(each, folded(wanted.words).split())]
    return sorted(found, key=_order(wanted.sort))


def _chosen(rows: QuerySet[Any], wanted: Wanted) -> QuerySet[Any]:
    for name in ("tier", "level", "aspect", "frequency"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    if wanted.steward:
        rows = rows.filter(steward__slug=wanted.steward)
    if wanted.funder:
        rows = (
            rows.exclude(required_by=[])
            if wanted.funder == ANY_FUNDER
            else rows.filter(required_by__contains=[wanted.funder])
        )
    return rows.filter(required_dimensions=None) if wanted.breakdowns else rows


def _says(indicator: Any, wanted: list[str]) -> bool:
    """Every word stands in its names, codes or definitions, in whichever language."""
    version = max(indicator.versions.all(), key=lambda each: each.number)
    texts = (
        *indicator.name.values(),
        indicator.code,
        *version.numerator.values(),
        *version.denominator.values(),
        *version.source.values(),
        *indicator.required_by,
    )
    said = folded(" ".join(texts))
    return all(word in said for word in wanted)


def _order(sort: str) -> Any:
    def name(each: Any) -> str:
        return folded(str(each.name))

    match sort:
        case "released":
            return lambda each: (-(each.released.timestamp() if each.released else 0), name(each))
        case "name":
            return name
        case _:
            return lambda each: (TIERS.index(each.tier), name(each))


def fill(indicators: list[Any]) -> None:
    """Fetch what the entries of one page show: four queries, however many entries."""
    in_force = DataAgreement.objects.in_force().prefetch_related("organizations")
    prefetch_related_objects(
        indicators,
        "versions",
        "required_dimensions",
        "baseline",
        Prefetch("agreements", queryset=in_force, to_attr="in_force"),
    )
    for each in indicators:
        each.history = sorted(each.versions.all(), key=lambda version: -version.number)
        each.version = each.history[0]


def funders(initiative: Initiative) -> list[str]:
    """Everybody who requires an indicator here."""
    rows = Indicator.objects.for_initiative(initiative).filter(retired_at=None)
    named = rows.exclude(required_by=[]).values_list("required_by", flat=True)
    return sorted({name for names in named for name in names}, key=folded)
