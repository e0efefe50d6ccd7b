"""Quorums and thresholds: a share of seats or of votes, for a class of seats or for all.

They are kept as {"all": "1/2", "lived_experience": "1/2"} and counted as fractions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from equity.models import SeatClass

ALL = "all"
# Short: "1e-99999999" is a number too, and takes minutes to read.
SHARE = re.compile(r"[0-9]{1,6}(/[0-9]{1,6})?")
NAMES = (ALL, *SeatClass.values)


def usual_quorum() -> dict[str, str]:
    """Half of all seats, and half of those for lived experience."""
    return {ALL: "1/2", SeatClass.LIVED.value: "1/2"}


def read(kept: Mapping[str, str]) -> dict[str, Fraction]:
    """{"all": Fraction(1, 2)}. Raises ValueError or ZeroDivisionError for what is no share."""
    return {name: Fraction(share) for name, share in kept.items()}


def check(kept: Any) -> None:
    """Raises ValidationError unless every share is above 0 and at most 1, of a known class."""
    try:
        if not all(SHARE.fullmatch(share) for share in kept.values()):
            raise ValueError
        shares = read(kept)
    except (AttributeError, TypeError, ValueError, ZeroDivisionError):
        raise ValidationError(_("Write each share as a fraction, such as 1/2.")) from None
    if any(name not in NAMES for name in shares):
        raise ValidationError(_("A share is for all seats or for a class of seats."))
    if any(not 0 < share <= 1 for share in shares.values()):
        raise ValidationError(_("A share is more than 0 and at most 1."))
