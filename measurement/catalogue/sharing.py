"""Which councils a data agreement waits for: those whose group's numbers a party would get."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from equity.models import DataAuthority
from measurement.models.indicators import Indicator
from measurement.models.observations import Observation
from measurement.releasing.authority import family_of

if TYPE_CHECKING:
    from equity.models.authority import Count
    from measurement.models import DataAgreement


def concerned(agreement: DataAgreement) -> list[DataAuthority]:
    """The authorities over a group that one of its indicators counts, or has to count."""
    own = DataAuthority.objects.for_initiative(agreement.initiative).standing()
    found = own.select_related("group__dimension", "council__initiative").order_by("pk")
    return [each for each in found if counts(agreement.indicators.all(), each)]


def counts(indicators: Any, holder: DataAuthority) -> bool:
    """Whether one of these indicators counts the group, or requires its breakdown."""
    code = holder.group.dimension.code
    rows = Observation.objects.filter(
        initiative=holder.initiative_id,
        version__indicator=OuterRef("pk"),
        stratum__members__group__in=family_of(holder.group),
    )
    asked = Q(required_dimensions__code=code) | Exists(rows)
    return Indicator.objects.filter(asked, pk__in=indicators.values("pk")).exists()


def said(agreement: DataAgreement) -> list[tuple[DataAuthority, Count]]:
    """What each council says of it so far."""
    return [(each, each.count(agreement)) for each in concerned(agreement)]


def may_stand(agreement: DataAgreement) -> bool:
    """Every council whose group it is about lets the numbers be shared on these terms."""
    return all(count.says == "release" for _holder, count in said(agreement))
