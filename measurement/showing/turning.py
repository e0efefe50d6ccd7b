"""Telling a share the other way round: who is not there yet, instead of who is.

The two framings can tell different stories of the same change, so a reader may switch. Nothing new
is known by it: each number turned round is the whole less a number that is public.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import override

from ciforum.people.words import Words
from measurement.models.indicators import Direction, Measure

if TYPE_CHECKING:
    from measurement.models import IndicatorVersion
    from measurement.showing.shown import Cell, Shown


def can_be_turned(shown: Shown) -> bool:
    """Only a share has a rest; and only where every definition shown is a share."""
    return all(cell.version.measure == Measure.PROPORTION for cell in shown.cells)


def turned(shown: Shown) -> Shown:
    """The same public numbers, each as its whole less its part; the aim turns with them."""
    versions = {cell.version.pk: cell.version for cell in shown.cells} | {
        shown.version.pk: shown.version
    }
    other = {pk: _version(version) for pk, version in versions.items()}
    return replace(
        shown,
        version=other[shown.version.pk],
        cells=[_cell(cell, other[cell.version.pk]) for cell in shown.cells],
    )


def _version(version: IndicatorVersion) -> IndicatorVersion:
    """A copy that is never saved: equal to the original, for it is the same definition."""
    made = copy.copy(version)
    is_up = version.direction == Direction.UP
    made.direction = Direction.DOWN if is_up else Direction.UP
    made.numerator = Words(**{code: _not(code, text) for code, text in version.numerator.items()})
    return made


def _not(code: str, text: str) -> str:
    with override(code):
        return _("all but %(counted)s") % {"counted": text}


def _cell(cell: Cell, version: IndicatorVersion) -> Cell:
    part, whole = cell.numerator, cell.denominator
    rest = None if part is None or whole is None or part > whole else whole - part
    return replace(cell, version=version, numerator=rest)
