"""The headings that this app itself writes above its tables, in English and Spanish.

Whoever copies one of our tables brings these names back: they are known, not guessed. All entries
are folded. A heading may go on after a colon (`Counted: live births`).
"""

from __future__ import annotations

from functools import lru_cache

from measurement.reading.folding import fold
from measurement.reading.mapping import Role

_ROLES: dict[Role, str] = {
    "place": "place|lugar|place group|lugar grupo",
    "period": "time|tiempo|period|periodo|date or time|fecha u hora",
    "group": "group|grupo",
    "numerator": "counted|contado|numerator|number|numero",
    "denominator": "out of|de un total de|denominator|of all|del total",
    "rate": "rate|tasa",
    "sample_size": "sample size|people asked|personas encuestadas|number of people asked"
    "|numero de personas a quienes se pregunto",
    "weight": "population weight|number of people they stand for|people it stands for"
    "|numero de personas que representan|personas que representa",
    "se": "standard error|error estandar|standard error of the rate|error estandar de la tasa",
    "grade": "evidence|rests on|se basa en|how the number was made|como se obtuvo el numero",
    "why": "why there is no number|por que no hay numero",
}
# What only says more about a number that another column holds, or about our own work with it.
_BESIDE = (
    "place code|group code|period start|period end|from|desde|up to|hasta"
    "|denominator is approximate|approximate|aproximado|rate per|of every|de cada|low 95|high 95"
    "|low end 95 in 100|extremo inferior 95 de cada 100|high end 95 in 100"
    "|extremo superior 95 de cada 100|precision|sign|signo|added up|release|publicacion"
    "|released on|publicado el|line|linea|the line|la linea|how bad|gravedad|what is wrong"
    "|que esta mal"
)
# The column that a marked file has more than the partner's own.
_MARKS = frozenset({"what to mend", "que corregir"})
_KNOWN: dict[str, Role] = {
    name: role for role, names in _ROLES.items() for name in names.split("|")
} | dict.fromkeys([*_BESIDE.split("|"), *_MARKS], "ignore")


@lru_cache(maxsize=8192)
def own_role(header: str) -> Role | None:
    """What a column under one of our own headings is; "ignore" when it holds no number of hers,
    None when the heading is not ours."""
    folded = fold(header)
    return _KNOWN.get(folded) or _before_colon(header)


def _before_colon(header: str) -> Role | None:
    begin, colon, _rest = header.partition(":")
    role = _KNOWN.get(fold(begin)) if colon else None
    return role if role in ("numerator", "denominator") else None


def is_mark(header: str) -> bool:
    """Is this the column in which a marked file says what to mend?"""
    return fold(header) in _MARKS
