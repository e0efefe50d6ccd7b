"""Bringing the measures of a pack in: what is here already, and starting the others at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ciforum.people.transitions import verb
from equity.models import Dimension, Group
from measurement.catalogue.packs import DimensionRow, IndicatorRow, Pack
from measurement.models import Indicator

if TYPE_CHECKING:
    from ciforum.people.models import Initiative, User


@dataclass(frozen=True)
class Offered:
    """A measure of the pack, and whether it can be brought in here."""

    row: IndicatorRow
    here: Indicator | None  # what has its code or address already; it is never overwritten
    trouble: str  # why it cannot be brought in, or ""
    breakdowns: tuple[str, ...] = ()  # names of those it requires, in the reader's language

    @property
    def is_free(self) -> bool:
        return self.here is None and not self.trouble


@dataclass(frozen=True)
class Breakdown:
    """A breakdown that measures of the pack require. is_new: it comes with the pack."""

    code: str
    name: str
    is_new: bool
    overlaps: bool


def offered(initiative: Initiative, pack: Pack) -> list[Offered]:
    """Every measure of the pack, in its order. Two queries."""
    here: dict[str, Indicator] = {}
    for indicator in Indicator.objects.for_initiative(initiative).select_related("initiative"):
        here |= {indicator.code: indicator, indicator.slug: indicator}
    current = _current(initiative)
    return [
        Offered(
            row,
            here.get(row.code),
            _trouble(row, pack, current),
            tuple(_name(code, pack, current) for code in row.required),
        )
        for row in pack.indicators
    ]


def _name(code: str, pack: Pack, current: dict[str, Dimension]) -> str:
    """Of a breakdown here or in the pack; one that is in neither has only its code."""
    found = current.get(code) or pack.dimensions.get(code)
    return str(found.name) if found else code


def breakdowns(initiative: Initiative, pack: Pack) -> list[Breakdown]:
    """The breakdowns that its measures require, here already or coming with it."""
    current = _current(initiative)
    found = []
    for code in dict.fromkeys(code for row in pack.indicators for code in row.required):
        known = current.get(code)
        if known:
            overlaps = known.kind == Dimension.Kind.OVERLAPPING
            found.append(Breakdown(code, str(known.name), False, overlaps))
        elif row := pack.dimensions.get(code):
            found.append(Breakdown(code, str(row.name), True, row.overlaps))
    return found


def _current(initiative: Initiative) -> dict[str, Dimension]:
    return {each.code: each for each in Dimension.objects.for_initiative(initiative).current()}


def _trouble(row: IndicatorRow, pack: Pack, current: dict[str, Dimension]) -> str:
    for code in row.required:
        here, brought = current.get(code), pack.dimensions.get(code)
        if here is None and brought is None:
            return _("It requires the breakdown “%(code)s”, which is neither here nor in the "
                     "pack.") % {"code": code}  # fmt: skip
        if here and brought and here.kind != brought.kind:
            return _("It requires the breakdown “%(code)s”, whose groups relate in another way "
                     "here.") % {"code": code}  # fmt: skip
    return ""


@verb
def bring_in(
    *, initiative: Initiative, pack: Pack, codes: Iterable[str], by: User
) -> list[Indicator]:
    """Start the chosen measures, and breakdowns of the pack that they require and are not here.

    All or nothing. What is here already is left as it is. Raises ValidationError when nothing is
    left to bring in, or a measure cannot be.
    """
    wanted = set(codes)
    chosen = [each for each in offered(initiative, pack) if each.row.code in wanted]
    if troubled := next((each for each in chosen if each.trouble), None):
        raise ValidationError(f"{troubled.row.name}: {troubled.trouble}")
    rows = [each.row for each in chosen if each.is_free]
    if not rows:
        raise ValidationError(_("Choose at least one measure that is not here yet."))
    known = _current(initiative)
    for code in dict.fromkeys(code for row in rows for code in row.required):
        if code not in known:
            known[code] = _begin(initiative, pack.dimensions[code], by)
    return [_start(initiative, row, known, by) for row in rows]


def _begin(initiative: Initiative, row: DimensionRow, by: User) -> Dimension:
    dimension = Dimension.start(
        initiative=initiative, code=row.code, name=row.name, kind=row.kind, by=by
    )
    made: dict[str, Group] = {}
    for group in row.groups:
        parent = made.get(group.parent)
        made[group.code] = dimension.add_group(
            code=group.code, name=group.name, parent=parent, by=by
        )
    return dimension


def _start(
    initiative: Initiative, row: IndicatorRow, known: dict[str, Dimension], by: User
) -> Indicator:
    return Indicator.start(
        initiative=initiative,
        by=by,
        slug=row.code,
        code=row.code,
        name=row.name,
        required_dimensions=[known[code] for code in row.required],
        definition=row.definition,
        **row.fields,
    )
