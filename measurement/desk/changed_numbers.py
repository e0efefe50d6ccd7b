"""Old and new numbers of a restatement in words, for those who may see small counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from ciforum.people.models import Period, Place
from measurement.desk import restating
from measurement.models import Missing, StratumGroup

if TYPE_CHECKING:
    from measurement.models import Restatement

AT_ONCE = 1_000


@dataclass(frozen=True)
class Side:
    """What one revision says. None where there is no number; then `missing` says why."""

    counted: int | None
    out_of: int | None
    missing: str

    @property
    def text(self) -> str:
        if self.counted is None:
            return str(Missing(self.missing).label)
        if self.out_of is None:
            return f"{self.counted}"
        return _("%(counted)s of %(out_of)s") % {"counted": self.counted, "out_of": self.out_of}


@dataclass(frozen=True)
class Changed:
    place: str
    period: str
    groups: str
    old: Side
    new: Side


def shown(made: Restatement, start: int, stop: int) -> list[Changed]:
    """Some of its numbers, in words."""
    found = restating.pairs(made, start, stop)
    periods = Period.objects.in_bulk({each["period_id"] for each in found})
    places = Place.objects.in_bulk({each["place_id"] for each in found})
    groups = _groups({each["stratum_id"] for each in found})
    return [
        Changed(
            place=str(places[each["place_id"]]),
            period=str(periods[each["period_id"]]),
            groups=groups[each["stratum_id"]] or _("everyone"),
            old=Side(each["old_numerator"], each["old_denominator"], each["old_missing"]),
            new=Side(each["new_numerator"], each["new_denominator"], each["new_missing"]),
        )
        for each in found
    ]


def _groups(strata: set[int]) -> dict[int, str]:
    names: dict[int, list[str]] = {pk: [] for pk in strata}
    members = StratumGroup.objects.filter(stratum__in=strata).select_related("group")
    for member in members.order_by("dimension", "pk"):
        names[member.stratum_id].append(str(member.group.name))
    return {pk: ", ".join(each) for pk, each in names.items()}


def lines(made: Restatement) -> Iterator[list[Any]]:
    """The whole list as lines of a file, in portions."""
    yield [
        *(_("Place"), _("Period"), _("Group"), _("Old: counted"), _("Old: out of")),
        *(_("Old: why missing"), _("New: counted"), _("New: out of"), _("New: why missing")),
    ]
    for start in range(0, made.count, AT_ONCE):
        for each in shown(made, start, start + AT_ONCE):
            yield [each.place, each.period, each.groups, *_side(each.old), *_side(each.new)]


def _side(side: Side) -> list[Any]:
    return [
        "" if side.counted is None else side.counted,
        "" if side.out_of is None else side.out_of,
        str(Missing(side.missing).label) if side.missing else "",
    ]
