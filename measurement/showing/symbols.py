"""The signs that stand where there is no number: one set for pages, files, pictures and the API.

Whether a number is small itself or hidden so that another one cannot be worked out is told by no
sign. Source: UK Government Analysis Function, symbols in tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Symbol:
    """code: for machines. sign: what is printed. label: its name. meaning: a line below tables."""

    code: str
    sign: str
    label: _StrPromise
    meaning: _StrPromise


CONFIDENTIAL = Symbol(
    "confidential",
    "[c]",
    _("confidential"),
    _(
        "confidential: hidden to protect people; too few to show safely, or kept by the group's "
        "council"
    ),
)
UNRELIABLE = Symbol(
    "unreliable",
    "[u]",
    _("unreliable"),
    _("unreliable: it rests on so few people that it could easily be another number"),
)
NOT_AVAILABLE = Symbol("not_available", "[x]", _("not available"), _("not available"))
NOT_APPLICABLE = Symbol(
    "not_applicable", "[z]", _("not applicable"), _("not applicable: does not apply here")
)
SYMBOLS = {each.code: each for each in (CONFIDENTIAL, UNRELIABLE, NOT_AVAILABLE, NOT_APPLICABLE)}

# Why there is no number (`Missing`) → its sign. What a holder hid as too few and what is hidden
# here are not told apart: the difference would say how small it is.
_OF_MISSING = {
    "too_small": CONFIDENTIAL,
    "unreliable": UNRELIABLE,
    "not_applicable": NOT_APPLICABLE,
}
# What lies behind "not available", where it is known.
REASONS = {
    "not_collected": _("nobody counted this group"),
    "refused": _("counted, but not shared by whoever holds the numbers"),
    "late": _("not there yet"),
    "withdrawn": _("withdrawn by whoever had handed it in"),
    "unknown": _("missing; the source does not say why"),
}


def of_missing(missing: str) -> Symbol:
    """The symbol for why a number is missing; "" and what nobody knows are "not available"."""
    return _OF_MISSING.get(missing, NOT_AVAILABLE)
