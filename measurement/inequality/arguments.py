"""The arguments of a comparison as plain numbers: what is missing, and which group is meant."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from typing import Any

import numpy as np

from measurement.inequality.values import Array, Stratum


def positive(scale: float) -> float:
    if not 0 < float(scale) < math.inf:
        raise ValueError(f"The scale is {scale}, but must be a positive number or None")
    return float(scale)


def numbers(values: Iterable[float | None]) -> Array:
    return np.array([_number(value) for value in values], dtype=float)


def _number(value: float | None) -> float:
    """The value as a float, NaN for None and for what is not finite."""
    try:
        number = math.nan if value is None else float(value)
    except OverflowError:
        return math.nan
    return number if math.isfinite(number) else math.nan


def position_of(strata: tuple[Stratum, ...], reference: Any) -> int | str | None:
    """The reference's position, or the code of the reason why it has none; None for no reference.

    A name or stratum that is not there is no error: a place may not have that group.
    """
    if reference is None:
        return None
    if isinstance(reference, Stratum):
        same = [n for n, stratum in enumerate(strata) if stratum is reference]
        same = same or [n for n, stratum in enumerate(strata) if stratum == reference]
        return same[0] if same else position_of(strata, reference.name)
    if hasattr(reference, "__index__") and not isinstance(reference, bool):
        return _index(strata, operator.index(reference))
    named = [n for n, stratum in enumerate(strata) if stratum.name == reference]
    if len(named) > 1:
        return "reference_ambiguous"
    return named[0] if named else "reference_missing"


def _index(strata: tuple[Stratum, ...], position: int) -> int:
    if not 0 <= position < len(strata):
        raise ValueError(f"Reference {position} is not a position in {len(strata)} strata")
    return position
