"""Where a line of numbers breaks off: another definition, or groups that mean other people."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from measurement.catalogue.crosswalks import changed
from measurement.models.crosswalks import CrosswalkEntry

if TYPE_CHECKING:
    from ciforum.people.models import Initiative, Period
    from ciforum.people.words import Words
    from measurement.models import IndicatorVersion
    from measurement.showing.shown import Cell, Shown

# (code of the dimension, version before) → codes of groups that mean others in the next version.
Changes = dict[tuple[str, int], set[str]]


@dataclass(frozen=True)
class Break:
    """From `period` on something is counted in another way.

    version: the definition from then on, or None where it is the groups that changed.
    groups: names of the groups that mean other people from then on.
    """

    period: Period
    version: IndicatorVersion | None
    groups: tuple[str, ...] = ()

    @property
    def reason(self) -> Words | None:
        return self.version.reason if self.version else None

    @property
    def sentence(self) -> str:
        if self.version:
            return _("From %(period)s on, another definition counts.") % {"period": self.period}
        return _("From %(period)s on, these groups mean other people than before: %(groups)s.") % {
            "period": self.period,
            "groups": ", ".join(self.groups),
        }


class Joints:
    """Which neighbouring numbers of a line may be joined. One query at most, however many."""

    def __init__(self, shown: Shown) -> None:
        self.shown = shown
        self.changes = _changes(shown.indicator.initiative, _revised(shown))

    def breaks(self, before: Cell, after: Cell) -> bool:
        """Are these two numbers of one series counted differently?"""
        return before.version != after.version or self.changes_people(before, after)

    def changes_people(self, before: Cell, after: Cell) -> bool:
        """Does the series mean other people at the second than at the first?"""
        pairs = zip(before.series.members, after.series.members, strict=True)
        return any(
            old.code in self.changes.get((old.dimension, version), ())
            for old, new in pairs
            for version in range(old.within.version, new.within.version)
        )

    def all(self) -> list[Break]:
        """Every break of this table, in order of time; those of definitions first."""
        return [*self.definitions(), *self.groups()]

    def definitions(self) -> list[Break]:
        """Periods from which on another definition counts."""
        versions = {cell.period: cell.version for cell in self.shown.cells}
        periods = self.shown.periods
        return [
            Break(after, versions[after])
            for before, after in pairwise(periods)
            if versions[before] != versions[after]
        ]

    def groups(self) -> list[Break]:
        """Periods from which on some of the groups mean other people."""
        names: dict[Period, list[str]] = {}
        for series in self.shown.series:
            line = self.shown.line(series)
            for before, after in pairwise(line):
                if self.changes_people(before, after):
                    names.setdefault(after.period, []).append(series.name)
        periods = [period for period in self.shown.periods if period in names]
        return [Break(period, None, tuple(names[period])) for period in periods]


def _revised(shown: Shown) -> set[str]:
    """Codes of the dimensions that counted in more than one version here."""
    versions: dict[str, set[int]] = {}
    for cell in shown.cells:
        for member in cell.series.members:
            versions.setdefault(member.dimension, set()).add(member.within.version)
    return {code for code, known in versions.items() if len(known) > 1}


def _changes(initiative: Initiative, dimensions: set[str]) -> Changes:
    if not dimensions:
        return {}
    rows = CrosswalkEntry.objects.filter(
        initiative=initiative,
        crosswalk__dimension_code__in=dimensions,
        crosswalk__before__isnull=False,
    ).values_list("crosswalk__dimension_code", "crosswalk__before", "text", "to", "relation")
    lines: dict[tuple[str, int], list[tuple[str, list[str], str]]] = {}
    for code, before, text, to, relation in rows:
        lines.setdefault((code, before or 0), []).append((text, to, relation))
    return {step: changed(entries) for step, entries in lines.items()}
