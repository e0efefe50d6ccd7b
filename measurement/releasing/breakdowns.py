"""Which required breakdowns a release fills, and what became of those it does not.

A group is known by its code: when a dimension gets a new version, numbers counted with the old
one still count for the groups that both have.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from equity.models import Dimension, Group
from measurement.models.observations import Missing, StratumGroup

if TYPE_CHECKING:
    from measurement.models import DataRequest, Indicator, Release

# A group that was counted and hidden by its holder, or does not exist there, is not left out.
_COUNTED = Q(numerator__isnull=False) | Q(missing__in=[Missing.TOO_SMALL, Missing.NOT_APPLICABLE])


def missing(release: Release) -> list[dict[str, Any]]:
    """Required dimensions with a group nobody counted in the latest period, and not asked for.

    Each: {"dimension": words, "groups": [words], "request": a key of `equity.sentences.GAP_CODES`}.
    """
    found = []
    for dimension, absent in _gaps(release):
        asked = list(_requests(release.indicator, dimension))
        if absent and not any(request.is_standing for request in asked):
            found.append(
                {
                    "dimension": dict(dimension.name),
                    "groups": [dict(group.name) for group in absent],
                    "request": _state(asked[0] if asked else None),
                }
            )
    return found


def filled(release: Release) -> list[dict[str, str]]:
    """The required dimensions; all of them, when `missing` names none."""
    return [dict(dimension.name) for dimension in required(release.indicator)]


def required(indicator: Indicator) -> list[Dimension]:
    """The required dimensions, each in its current version."""
    chosen = indicator.required_dimensions.all()
    current = Dimension.objects.filter(
        initiative=indicator.initiative_id, retired_at=None, code__in={each.code for each in chosen}
    )
    return list(current)


def _requests(indicator: Indicator, dimension: Dimension) -> Iterator[DataRequest]:
    """What was asked for this dimension, in any version of it, newest first."""
    yield from indicator.requests.filter(dimension__code=dimension.code)


def _gaps(release: Release) -> Iterator[tuple[Dimension, list[Group]]]:
    """Every required dimension with its groups that have no observation in the latest period."""
    counted = _groups_counted(release)
    for dimension in required(release.indicator):
        parts: dict[int | None, list[Group]] = {}
        for group in dimension.groups.all():
            parts.setdefault(group.parent_id, []).append(group)
        codes = {code for of, code in counted if of == dimension.code}
        yield dimension, [group for group in parts.get(None, []) if not _has(group, parts, codes)]


def _has(group: Group, parts: dict[int | None, list[Group]], counted: set[str]) -> bool:
    """Counted itself, or in finer groups."""
    return group.code in counted or any(
        _has(part, parts, counted) for part in parts.get(group.pk, [])
    )


def _groups_counted(release: Release) -> set[tuple[str, str]]:
    """(dimension, group) by code, of the latest period."""
    latest = release.latest_period
    strata = release.observations().filter(_COUNTED, period=latest).values("stratum")
    return set(
        StratumGroup.objects.filter(stratum__in=strata)
        .values_list("dimension__code", "group__code")
        .distinct()
    )


def _state(request: DataRequest | None) -> str:
    return request.why_not if request else "none"
