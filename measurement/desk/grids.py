"""Numbers typed on screen: which rows a grid has, what stands in them, and the file they make.

A grid goes no way of its own: it is written as a small CSV file with its mapping and read like any
other file, so that the same checks, preview and approval hold for it.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from ciforum.people.models import Period, Place
from equity.models.groups import groups_by_key
from measurement.desk.askedperiods import period_text
from measurement.desk.placenames import NEW, fold
from measurement.desk.troubles import sentence
from measurement.forms.choices import flat, group_choices
from measurement.models import GridDraft, Missing, Observation
from measurement.models.indicators import Measure
from measurement.reading.mapping import EVERYONE, Column
from measurement.reading.mapping import Mapping as ColumnMapping
from measurement.reading.values import MISSING, parse_count
from measurement.releasing import breakdowns

if TYPE_CHECKING:
    from ciforum.people.models import Organization
    from measurement.models import Indicator

Cells = Mapping[str, Mapping[str, str]]
# What a partner may say of a number that is missing; other reasons are ours.
REASONS = [choice for choice in Missing.choices if choice[0] in MISSING]
FIELDS = ("counted", "out_of", "why")
LONGEST = 40  # characters of a cell
MOST_ROWS = 300
MOST_PLACES = 40
FEW_PLACES = 8  # so few are offered to somebody who has never handed in
PLACE, TIME, COUNTED, OUT_OF = "place", "time", "counted", "out of"


@dataclass(frozen=True)
class GridRow:
    """One line of the grid. key: as in a draft's cells; error: what is wrong with it, or ""."""

    key: str
    place: str
    group: str
    counted: str = ""
    out_of: str = ""
    why: str = ""
    error: str = ""

    @property
    def anchor(self) -> str:
        """A name for the row in addresses of the page."""
        return f"row-{hashlib.sha256(self.key.encode()).hexdigest()[:12]}"

    @property
    def is_blank(self) -> bool:
        return not (self.counted or self.out_of or self.why)


class Grid:
    """The rows of one indicator, partner and period: places × everyone and each required group."""

    def __init__(
        self,
        indicator: Indicator,
        organization: Organization,
        period: Period,
        draft: GridDraft | None = None,
    ) -> None:
        self.indicator, self.organization, self.period = indicator, organization, period
        self.version = indicator.current
        self.draft = draft
        self.has_whole = self.version.measure != Measure.COUNT

    @cached_property
    def places(self) -> dict[str, str]:
        """Key → name: those she reported last, else the few there are, and those she added."""
        known = _reported(self.indicator, self.organization) or _few(self.indicator)
        added = self.draft.places if self.draft else []
        return {**known, **{f"{NEW}{name}": name for name in added}}

    @cached_property
    def groups(self) -> dict[str, str]:
        """Key → name; "" is everyone."""
        found = {"": _("everyone")}
        for dimension in breakdowns.required(self.indicator):
            found.update(flat(group_choices(self.indicator.initiative, dimension.code)))
        return found

    @property
    def is_too_long(self) -> bool:
        return len(self.places) * len(self.groups) > MOST_ROWS

    def rows(self, cells: Cells, *, checked: bool = False) -> list[GridRow]:
        """checked: also say what is wrong with each."""
        found = []
        for place, name in self.places.items():
            for group, called in self.groups.items():
                key = f"{place}|{group}"
                row = GridRow(key, name, called, **_texts(cells.get(key, {})))
                found.append(replace(row, error=self._error(row)) if checked else row)
        return found

    def _error(self, row: GridRow) -> str:
        if row.why and row.counted:
            return _("Give a number, or say why there is none; not both.")
        if row.out_of and not (row.counted or row.why):
            return _("Say how many were counted, or why there is no number.")
        counted, out_of = parse_count(row.counted or "0"), parse_count(row.out_of or "0")
        for cell in (counted, out_of):
            if cell.problem:
                return sentence(cell.problem, {"text": cell.text})
            if cell.missing:
                return _("“%(text)s” is no number. Choose why there is none.") % {"text": cell.text}
        if row.out_of and (counted.count or 0) > (out_of.count or 0):
            params = {"numerator": counted.count, "denominator": out_of.count}
            return sentence("numerator_above_denominator", params)
        return ""

    def approved(self) -> dict[str, dict[str, str]]:
        """What she handed in before for this period and is approved: where a correction begins."""
        keys = {
            str(group.uid): key for key, group in groups_by_key(self.indicator.initiative).items()
        }
        found = Observation.objects.current().filter(
            initiative=self.indicator.initiative_id,
            version=self.version,
            submission__organization=self.organization,
            period__kind=self.period.kind,
            period__start=self.period.start,
            period__end=self.period.end,
        )
        cells = {}
        for each in found.select_related("place", "stratum"):
            group = keys.get(each.stratum.key, "") if each.stratum.key else ""
            if each.stratum.key and not group:
                continue  # an intersection, or a group that is no longer there
            cells[f"{each.place.code}|{group}"] = {
                "counted": "" if each.numerator is None else str(each.numerator),
                "out_of": "" if each.denominator is None else str(each.denominator),
                "why": each.missing,
            }
        return cells

    def file(self, rows: Sequence[GridRow], grade: str) -> tuple[bytes, ColumnMapping]:
        """The rows that are filled as CSV, and what its columns mean."""
        codes = [each.code for each in breakdowns.required(self.indicator)]
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        wholes = [OUT_OF] if self.has_whole else []
        writer.writerow([PLACE, TIME, *codes, COUNTED, *wholes])
        names = self._place_texts()
        time = period_text(self.period)
        for row in rows:
            place, _bar, group = row.key.partition("|")
            said = [self.groups[group] if group.startswith(f"{code}:") else ALL for code in codes]
            whole = [row.out_of] if self.has_whole else []
            writer.writerow([names[place], time, *said, row.why or row.counted, *whole])
        return text.getvalue().encode(), self._mapping(codes, names, grade)

    def _place_texts(self) -> dict[str, str]:
        """Key → a text that no other place of the grid has."""
        folded = [fold(name) for name in self.places.values()]
        return {
            key: name if folded.count(fold(name)) == 1 else f"{name} ({key})"
            for key, name in self.places.items()
        }

    def _mapping(self, codes: list[str], names: Mapping[str, str], grade: str) -> ColumnMapping:
        places = {name: "new" if key.startswith(NEW) else key for key, name in names.items()}
        columns = {PLACE: Column("place", labels=places), TIME: Column("period")}
        for code in codes:
            called = {name: key for key, name in self.groups.items() if key.startswith(f"{code}:")}
            columns[code] = Column("group", code, {ALL: EVERYONE, **called})
        columns[COUNTED] = Column("numerator")
        if self.has_whole:
            columns[OUT_OF] = Column("denominator")
        missing = {code: code for code, _label in REASONS}
        return ColumnMapping(columns, scale=self.version.scale, missing=missing, grade=_said(grade))


ALL = "all"


def _said(grade: str) -> str:
    return "" if grade == "unknown" else grade


def _texts(cells: Mapping[str, str]) -> dict[str, str]:
    return {name: cells.get(name, "") for name in FIELDS}


def _reported(indicator: Indicator, organization: Organization) -> dict[str, str]:
    """Places of her newest period with approved numbers of this indicator."""
    own = Observation.objects.current().filter(
        initiative=indicator.initiative_id,
        version__indicator=indicator,
        submission__organization=organization,
    )
    newest = own.order_by("-period__end", "-period__start").values("period")[:1]
    places = Place.objects.filter(pk__in=own.filter(period__in=newest).values("place"))
    return dict(places.order_by("name", "code").values_list("code", "name")[:MOST_PLACES])


def _few(indicator: Indicator) -> dict[str, str]:
    named = Place.objects.filter(initiative=indicator.initiative_id).order_by("name", "code")
    found = dict(named.values_list("code", "name")[: FEW_PLACES + 1])
    return found if len(found) <= FEW_PLACES else {}


def typed(posted: Mapping[str, str], keys: Iterable[str]) -> dict[str, dict[str, str]]:
    """What she typed in the rows of these keys; blank rows are left out."""
    cells: dict[str, dict[str, Any]] = {}
    for key in keys:
        said = {name: _clean(posted.get(f"{name}:{key}", "")) for name in FIELDS}
        if said["why"] not in MISSING:
            said["why"] = ""
        if any(said.values()):
            cells[key] = said
    return cells


def _clean(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())[:LONGEST]
