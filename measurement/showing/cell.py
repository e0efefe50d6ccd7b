"""One public number, or the sign that stands in its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from measurement.models.indicators import Measure
from measurement.models.observations import Grade

if TYPE_CHECKING:
    from ciforum.people.models import Period
    from measurement.models import IndicatorVersion
    from measurement.models.releases import Release, ReleaseCell
    from measurement.showing.series import Series


@dataclass(frozen=True)
class Cell:
    """One number that is public, or the sign that stands in its place.

    numerator, denominator: None where hidden or missing. rate: numerator of every `scale`, exact.
    sample_size: people really asked, None where everybody was or where it is not shown.
    weight: people of the population that the counts stand for. grade: what the number rests on.
    rolled_up: how it was added up from others, as in `RolledUp`; "" where it was handed in.
    se: standard error of a survey, of a share as a part of one. kept_error: what it came to where
    it is kept back, as in `KeptError`.
    """

    period: Period
    series: Series
    version: IndicatorVersion
    release: Release
    numerator: int | None
    denominator: int | None
    is_near: bool
    is_protected: bool
    missing: str
    sample_size: int | None = None
    weight: Decimal | None = None
    grade: str = Grade.UNKNOWN
    rolled_up: str = ""
    se: Decimal | None = None
    kept_error: str = ""

    @classmethod
    def of(cls, row: ReleaseCell, release: Release, series: Series) -> Cell:
        """As it stands in a release. row: with its period."""
        return cls(
            period=row.period,
            series=series,
            version=release.version,
            release=release,
            numerator=row.numerator,
            denominator=row.denominator,
            is_near=row.denominator_is_derived,
            is_protected=row.is_protected,
            missing=row.missing,
            sample_size=row.sample_size,
            weight=row.weight,
            grade=row.grade,
            rolled_up=row.rolled_up,
            se=row.se,
            kept_error=row.kept_error,
        )

    @classmethod
    def of_table(
        cls, row: list[Any], period: Period, series: Series, releases: Mapping[int, Release]
    ) -> Cell:
        """As it stands in a public table: see `PublicTable.cells`."""
        _period, _version, release, _stratum, x, n, near, hidden, missing, *beside = row
        sample, weight, grade, rolled_up, se, kept_error = beside
        return cls(
            period=period,
            series=series,
            version=releases[release].version,
            release=releases[release],
            numerator=x,
            denominator=n,
            is_near=near,
            is_protected=hidden,
            missing=missing,
            sample_size=sample,
            weight=None if weight is None else Decimal(weight),
            grade=grade,
            rolled_up=rolled_up,
            se=None if se is None else Decimal(se),
            kept_error=kept_error,
        )

    @property
    def rate(self) -> Decimal | None:
        if self.numerator is None or not self.denominator:
            return None
        return Decimal(self.numerator) * self.version.scale / Decimal(self.denominator)

    @property
    def standard_error(self) -> Decimal | None:
        """In the unit of its value."""
        if self.se is None or self.version.measure == Measure.COUNT:
            return self.se
        return self.se * self.version.scale

    @property
    def value(self) -> Decimal | int | None:
        """What the chart shows: the rate, or the count where there is no whole."""
        return self.numerator if self.version.measure == Measure.COUNT else self.rate
