"""What the caller knows about its groups, places and indicator, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GroupName:
    """key: the caller's own; dimension: its code; parent: key of the group this one is part of.

    exclusive: nobody is in two groups of the dimension, so its groups may be added up.
    """

    key: str
    name: str
    dimension: str
    exclusive: bool = True
    synonyms: tuple[str, ...] = ()
    parent: str = ""


@dataclass(frozen=True, slots=True)
class PlaceName:
    key: str
    name: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndicatorName:
    """numerator, denominator: what they count, in words. scale: what the rate is out of."""

    name: str
    numerator: str = ""
    denominator: str = ""
    scale: int = 100
