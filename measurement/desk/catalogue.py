"""What an initiative knows about its groups, places and indicators, as the readers want it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ciforum.people.models import Place
from equity.models import Dimension
from equity.models.groups import groups_by_key
from measurement.reading.catalogue import GroupName, IndicatorName, PlaceName

if TYPE_CHECKING:
    from ciforum.people.models import Initiative
    from measurement.models import IndicatorVersion


def groups(initiative: Initiative) -> tuple[GroupName, ...]:
    """Every current group; its names in the other languages are synonyms."""
    found = groups_by_key(initiative)
    key_of = {group.pk: key for key, group in found.items()}
    return tuple(
        GroupName(
            key,
            str(group.name),
            group.dimension.code,
            group.dimension.kind == Dimension.Kind.EXCLUSIVE,
            tuple(dict.fromkeys([*group.name.values(), group.code])),
            key_of.get(group.parent_id or 0, ""),
        )
        for key, group in found.items()
    )


def places(initiative: Initiative) -> tuple[PlaceName, ...]:
    named = Place.objects.for_initiative(initiative).order_by("name", "code")
    return tuple(PlaceName(code, name) for code, name in named.values_list("code", "name"))


def indicator(version: IndicatorVersion) -> IndicatorName:
    return IndicatorName(
        str(version.indicator.name), str(version.numerator), str(version.denominator), version.scale
    )
