"""Which required breakdowns a release fills, and what became of those it does not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from equity.models import Dimension, Group
from measurement.models.observations import Missing, StratumGroup

if TYPE_CHECKING:
    from measurement.models import DataRequest, Release

# A group that was counted and hidden by its holder, or does not exist there, is not left out.
_COUNTED = Q(numerator__isnull=False) | Q(missing__in=[Missing.TOO_SMALL, Missing.NOT_APPLICABLE])


def missing(release: Release) -> list[dict[str, Any]]:
    """Required dimensions with a group nobody counted in the latest period, and no standing request.

    Each: {"dimension": words, "groups": [words], "request": "none" | "overdue" | "refused"}.
    """
    found = []
    for dimension, absent in _gaps(release):
        request = release.indicator.requests.filter(dimension=dimension).first()
        if absent and not (request and request.is_standing):
            found.append(
                {
                    "dimension": dict(dimension.name),
                    "groups": [dict(group.name) for group in absent],
                    "request": _state(request),
                }
            )
    return found


def filled(release: Release) -> list[dict[str, str]]:
    """Required dimensions that are counted, or asked for by a standing request."""
    return [dict(dimension.name) for dimension, _absent in _gaps(release)]


def _gaps(release: Release) -> Iterable[tuple[Dimension, list[Group]]]:
    """Every required dimension with its groups that have no observation in the latest period."""
    counted = _groups_counted(release)
    for dimension in release.indicator.required_dimensions.all():
        groups = list(dimension.groups.all())
        parts: dict[int | None, list[Group]] = {}
        for group in groups:
            parts.setdefault(group.parent_id, []).append(group)
        yield dimension, [group for group in parts.get(None, []) if not _has(group, parts, counted)]


def _has(group: Group, parts: dict[int | None, list[Group]], counted: set[int]) -> bool:
    """Counted itself, or in finer groups."""
    return group.pk in counted or any(
        _has(part, parts, counted) for part in parts.get(group.pk, [])
    )


def _groups_counted(release: Release) -> set[int]:
    latest = release.latest_period
    strata = release.observations().filter(_COUNTED, period=latest).values("stratum")
    return set(
        StratumGroup.objects.filter(stratum__in=strata).values_list("group", flat=True).distinct()
    )


def _state(request: DataRequest | None) -> str:
    if request is None or request.state == "shared":
        return "none"
    return "refused" if request.state == "refused" else "overdue"
