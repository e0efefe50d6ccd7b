"""Protection rules in force elsewhere, by name and version, and which of two is stricter.

An initiative may take a stricter preset, or raise one, at any time; whatever is looser in any
respect takes a decision of its community. No preset goes below the floor that the equity policy
keeps (`small_count`), and none replaces the audit of `measurement.suppression`: several of these
rules leave small counts that one subtraction brings back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from measurement.reliability.bands import BANDS

Bands = tuple[tuple[int, int], ...]

# What a rule hides beside the small cells themselves.
NOT_DERIVABLE = "not_derivable"  # whatever a small count could be worked out from
TOTALS = "totals"  # totals of which a part is hidden
NEXT_SMALLEST = "next_smallest"  # the next smallest group of the same breakdown


@dataclass(frozen=True)
class Preset:
    """One rule. Two presets of the same key and version are the same rule.

    key, version: the year the rule dates from, or in which it was read where it has no date.
    threshold: smallest count that may be shown, as in `protect(threshold=…)`.
    population_minimum: fewest people in a group about whom anything may be shown; 0: no such rule.
    complementary: what is hidden beside, of NOT_DERIVABLE, TOTALS and NEXT_SMALLEST.
    zero_allowed: 0 may be shown. hides_unanimous: nothing is shown where all are alike.
    bands: (people at least, percentage points at each end told as "at most" and "at least").
    rates_unreliable_below: rates of fewer events carry [u]; 0: no such rule.
    """

    key: str
    version: str
    threshold: int
    population_minimum: int
    complementary: frozenset[str]
    zero_allowed: bool
    source: str
    hides_unanimous: bool = False
    bands: Bands = ()
    rates_unreliable_below: int = 0

    def hides(self, count: int, population: int | None = None) -> bool:
        """Whether the count itself must be hidden, before anything beside it."""
        if population is not None and population < self.population_minimum:
            return True
        if count == 0:
            return not self.zero_allowed
        return count < self.threshold or (self.hides_unanimous and count == population)

    def for_protect(self) -> dict[str, Any]:
        """The arguments of `measurement.suppression.protect` that this rule sets."""
        return {"threshold": self.threshold, "zero_is_small": not self.zero_allowed}

    def edge(self, population: int) -> int:
        """Percentage points at each end that are told as a range, in a group of this size."""
        reached = [band for band in self.bands if population >= band[0]]
        return max(reached)[1] if reached else 0


CMS = Preset(
    key="cms-11",
    version="2020",
    threshold=11,
    population_minimum=0,
    complementary=frozenset({NOT_DERIVABLE}),
    zero_allowed=True,
    source="CMS Cell Size Suppression Policy, HHS guidance of 1 January 2020",
)
CDC_WONDER = Preset(
    key="cdc-wonder-10",
    version="2011",
    threshold=10,
    population_minimum=10,
    complementary=frozenset({TOTALS}),
    zero_allowed=False,
    rates_unreliable_below=20,
    source="CDC WONDER, assurance of confidentiality for counts below the nation, 23 May 2011",
)
NYSED = Preset(
    key="nysed-5",
    version="2026",
    threshold=5,
    population_minimum=5,
    complementary=frozenset({NEXT_SMALLEST}),
    zero_allowed=True,
    hides_unanimous=True,
    source="New York State Education Department, report cards, groups of fewer than five",
)
NCES = Preset(
    key="nces-bands",
    version="2011",
    threshold=10,
    population_minimum=10,
    complementary=frozenset(),
    zero_allowed=False,
    bands=BANDS,
    source="NCES 2011-603, protecting personally identifiable information in aggregates",
)
IDEA = Preset(
    key="idea-10-30",
    version="2016",
    threshold=10,
    population_minimum=30,
    complementary=frozenset(),
    zero_allowed=False,
    source="34 CFR 300.647, largest minimum cell and n that a State need not justify",
)
PRESETS = {preset.key: preset for preset in (CMS, CDC_WONDER, NYSED, NCES, IDEA)}
DEFAULT = CMS


def at_least(preset: Preset, *, threshold: int = 0, population_minimum: int = 0) -> Preset:
    """The preset, raised where the numbers are higher than its own; never lowered."""
    return replace(
        preset,
        threshold=max(preset.threshold, threshold),
        population_minimum=max(preset.population_minimum, population_minimum),
    )


def strictest(one: Preset, other: Preset) -> Preset:
    """What both rules hide together: in every respect the stricter of the two.

    One of the two itself where it is as strict in everything; otherwise a rule of its own, named
    after both.
    """
    for each, beside in ((one, other), (other, one)):
        if is_as_strict(each, beside):
            return each
    first, second = sorted((one, other), key=lambda preset: preset.key)
    return Preset(
        key=f"{first.key}+{second.key}",
        version=f"{first.version}+{second.version}",
        threshold=max(one.threshold, other.threshold),
        population_minimum=max(one.population_minimum, other.population_minimum),
        complementary=one.complementary | other.complementary,
        zero_allowed=one.zero_allowed and other.zero_allowed,
        source=f"{first.source}; {second.source}",
        hides_unanimous=one.hides_unanimous or other.hides_unanimous,
        bands=_wider(one, other),
        rates_unreliable_below=max(one.rates_unreliable_below, other.rates_unreliable_below),
    )


def is_as_strict(one: Preset, other: Preset) -> bool:
    """Whether `one` hides all that `other` hides: the change from `other` needs no decision."""
    return (
        one.threshold >= other.threshold
        and one.population_minimum >= other.population_minimum
        and one.complementary >= other.complementary
        and one.zero_allowed <= other.zero_allowed
        and one.hides_unanimous >= other.hides_unanimous
        and one.rates_unreliable_below >= other.rates_unreliable_below
        and all(one.edge(size) >= other.edge(size) for size in _sizes(one, other))
    )


def is_tighter(one: Preset, other: Preset) -> bool:
    """Whether `one` is as strict in every respect and stricter in at least one.

    Rules of which each is stricter in something are neither tighter nor looser than the other.
    """
    return is_as_strict(one, other) and not is_as_strict(other, one)


def _sizes(one: Preset, other: Preset) -> list[int]:
    """Every group size from which on either rule has another band."""
    return sorted({least for least, _ in (*one.bands, *other.bands)}, reverse=True)


def _wider(one: Preset, other: Preset) -> Bands:
    return tuple((size, max(one.edge(size), other.edge(size))) for size in _sizes(one, other))
