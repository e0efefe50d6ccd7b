"""What a council keeps back of releases that were public before: for those who read cells.

Public tables have it from the database (`measurement_refresh_public_tables`). Whoever reads the
cells of a release itself asks here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from measurement.models import Indicator, Release
    from measurement.showing.cell import Cell


@dataclass(frozen=True)
class KeptBack:
    """Codes of dimensions, each with the moment up to which releases no longer show it."""

    reasons: list[tuple[str, datetime]]

    @classmethod
    def of(cls, indicator: Indicator) -> KeptBack:
        return cls(indicator.withholdings.reasons())

    def hides(self, dimensions: Iterable[str], release: Release) -> bool:
        """Whether numbers by these dimensions, by code, are kept back in this release."""
        codes, at = set(dimensions), release.published_at
        return any(code in codes and at is not None and at <= day for code, day in self.reasons)

    def shown(self, cell: Cell) -> Cell:
        """The cell as it may be read now."""
        codes = (member.dimension for member in cell.series.members)
        if cell.missing or not self.hides(codes, cell.release):
            return cell
        return replace(
            cell,
            numerator=None,
            denominator=None,
            sample_size=None,
            weight=None,
            se=None,
            kept_error="",
            is_protected=True,
        )
