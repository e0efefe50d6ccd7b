"""Proposes which columns are numerator, denominator and rate, and what the rate is out of."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import islice, permutations

from measurement.reading.catalogue import IndicatorName
from measurement.reading.folding import words
from measurement.reading.headings import own_role
from measurement.reading.looking import NEARLY, Looked, best
from measurement.reading.mapping import NUMBERS, SCALES, Column, Role
from measurement.reading.numbers import fits
from measurement.reading.synonyms import ROLE_WORDS
from measurement.reading.values import Cell, parse_count, parse_rate


def add_numbers(
    found: dict[str, Column], columns: Sequence[Looked], indicator: IndicatorName | None, scale: int
) -> int:
    """Adds numerator, denominator and rate; answers the scale the numbers show, else the given."""
    free = [each for each in columns if each.numeric and each.name not in found]
    triple = _proven(free, indicator, scale)
    if triple:
        numerator, denominator, rate, shown = triple
        found[numerator], found[denominator] = Column("numerator"), Column("denominator")
        found[rate] = Column("rate")
        _beside(free, found)
        return shown
    _own(free, found)
    _beside(free, found)
    roles: tuple[Role, ...] = ("rate", "denominator", "numerator")
    for role in roles:
        if any(column.role == role for column in found.values()):
            continue  # by a heading of our own
        taken = _named(free, found, role, indicator)
        if taken:
            found[taken.name] = Column(role)
    if not any(column.role == "numerator" for column in found.values()):
        whole = [each for each in free if each.name not in found and _whole_numbers(each)]
        if whole:
            found[whole[0].name] = Column("numerator")
    return scale


def _own(free: Sequence[Looked], found: dict[str, Column]) -> None:
    """Columns under headings of our own; of two that mean the same the first."""
    taken = {column.role for column in found.values()}
    for each in free:
        role = own_role(each.name)
        if role in NUMBERS and role not in taken and each.name not in found:
            found[each.name] = Column(role)
            taken.add(role)


def _beside(free: Sequence[Looked], found: dict[str, Column]) -> None:
    """Sample size, weight and standard error, which are neither count nor whole, by their names."""
    for role in ("se", "sample_size", "weight"):
        if any(column.role == role for column in found.values()):
            continue
        named = [each for each in free if each.name not in found and _is_beside(role, each)]
        if len(named) == 1:
            found[named[0].name] = Column(role)


def _is_beside(role: Role, each: Looked) -> bool:
    said = words(each.name)
    if role == "se":
        return bool(said) and (said[-1] in _ERROR or any(both <= set(said) for both in _ERRORS))
    return not each.says("rate") and bool(_SAID[role] & set(said))


# "se" only as the last word: in Spanish it may well be the first of a sentence. A margin of error
# is another thing.
_ERROR = frozenset({"se", "stderr"})
_ERRORS = (frozenset({"standard", "error"}), frozenset({"error", "estandar"}))
# Respondents may as well be the whole that a share is out of: only plainer words tell.
_SAID = {
    "sample_size": frozenset({"sample", "unweighted", "muestra"}),
    "weight": ROLE_WORDS["weight"],
}


def _named(
    free: Sequence[Looked], found: dict[str, Column], role: str, indicator: IndicatorName | None
) -> Looked | None:
    def score(each: Looked) -> float:
        if each.name in found or not each.says(role):
            return 0
        if role == "numerator" and each.says("rate"):
            return 0
        if role == "denominator" and not _certain_denominator(each):
            return 0
        return 1 + _overlap(each.name, indicator, role) - 0.01 * len(words(each.name))

    return best(free, score)


def _certain_denominator(each: Looked) -> bool:
    """ "total" alone may be either; then it is left to be the numerator."""
    return bool((ROLE_WORDS["denominator"] - {"total"}) & set(words(each.name)))


def _overlap(name: str, indicator: IndicatorName | None, role: str) -> float:
    """How many words a header shares with the indicator's own."""
    if indicator is None:
        return 0
    own = getattr(indicator, role, "") or indicator.name
    return len(set(words(name)) & set(words(own)))


def _whole_numbers(each: Looked) -> bool:
    """Nearly all cells are counts: one slip of the pen does not make another column of it."""
    read = {text: parse_count(text, decimal_comma=each.comma) for text in each.texts}
    bad = [text for text, cell in read.items() if cell.problem]
    return any(cell.value for cell in read.values()) and each.share(bad) <= 1 - NEARLY


def _proven(
    free: Sequence[Looked], indicator: IndicatorName | None, scale: int
) -> tuple[str, str, str, int] | None:
    """Three columns of which one is the quotient of the others, on nearly every line."""
    counts = [each for each in free if _whole_numbers(each)][:12]
    rates = [each for each in free if each not in counts or each.says("rate")][:12]
    found: tuple[float, tuple[str, str, str, int]] | None = None
    for order, (above, below) in enumerate(permutations(counts, 2)):
        for rate in rates:
            if rate in (above, below):
                continue
            shown = _scale_between(above, below, rate)
            if shown is None:
                continue
            names = (above.name, below.name, rate.name)
            roles = ("numerator", "denominator", "rate")
            rank = sum(_overlap(n, indicator, r) for n, r in zip(names, roles, strict=True))
            rank += 0.5 * (shown == scale) - 0.001 * order
            if found is None or rank > found[0]:
                found = rank, (*names, shown)
    return found[1] if found else None


def _scale_between(above: Looked, below: Looked, rate: Looked) -> int | None:
    agree = dict.fromkeys(SCALES, 0)
    compared = 0
    for texts in islice(zip(above.cells, below.cells, rate.cells, strict=True), 200):
        count, whole, quotient = _three(*texts, comma=rate.comma)
        if count and whole and quotient and count <= whole:
            compared += 1
            for scale in SCALES:
                agree[scale] += fits(int(count), int(whole), quotient, scale)
    best = max(SCALES, key=lambda each: agree[each])
    return best if compared >= 2 and agree[best] >= 0.8 * compared else None


def _three(count: str, whole: str, rate: str, *, comma: bool) -> tuple[Decimal | None, ...]:
    cells: tuple[Cell, ...] = (
        parse_count(count, decimal_comma=comma),
        parse_count(whole, decimal_comma=comma),
        parse_rate(rate, decimal_comma=comma),
    )
    return tuple(cell.value for cell in cells)
