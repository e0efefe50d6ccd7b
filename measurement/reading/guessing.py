"""Proposes what each column means. A person confirms every proposal before it counts.

Numbers speak before names: where one column is another divided by a third on nearly every line,
the three are rate, numerator and denominator whatever they are called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice, permutations

from measurement.reading.catalogue import GroupName, IndicatorName, PlaceName
from measurement.reading.folding import tidy, words
from measurement.reading.mapping import (
    EVERYONE,
    IGNORE,
    KEEP,
    NEW,
    NO,
    SCALES,
    UNKNOWN,
    YES,
    Column,
    Kind,
    Mapping,
)  # fmt: skip
from measurement.reading.numbers import fits
from measurement.reading.periods import BadPeriod, Bucket, parse_period, settle
from measurement.reading.source import Source
from measurement.reading.synonyms import NO_WORDS, ROLE_WORDS, YES_WORDS, concept
from measurement.reading.values import Cell, parse_count, parse_rate
from measurement.reading.wide import find_wide

LOOKED_AT = 2_000  # lines
FEW = 60  # different texts that a group or filter column may have


@dataclass(frozen=True)
class Looked:
    """One column of the first lines: its name and its different texts in order."""

    name: str
    texts: tuple[str, ...]
    cells: tuple[str, ...]
    numeric: bool
    periodic: bool

    def says(self, role: str) -> bool:
        return bool(ROLE_WORDS[role] & set(words(self.name)))


def guess(
    source: Source,
    *,
    groups: Sequence[GroupName] = (),
    places: Sequence[PlaceName] = (),
    indicator: IndicatorName | None = None,
    kind: Kind = "table",
) -> Mapping:
    """A mapping to start from. It may be incomplete: `mapping.check` says what is missing.

    groups, places: what labels may stand for. indicator: its scale and words break ties.
    """
    comma = _decimal_comma(source)
    columns = _look(source, comma)
    found: dict[str, Column] = {}
    scale = indicator.scale if indicator else 100
    _labelled(found, columns, groups, places)
    if kind == "people":
        _people(found, columns)
    else:
        wide = find_wide([each.name for each in columns if each.name not in found], groups)
        numeric = {each.name for each in columns if each.numeric}
        found.update({name: column for name, column in wide.items() if name in numeric})
        if not any(column.role in ("numerator", "rate") for column in found.values()):
            scale = _numbers(found, columns, indicator, scale)
        _filters(found, columns)
    ordered = {each.name: found.get(each.name, Column("ignore")) for each in columns}
    texts = [text for each in columns if found.get(each.name) == Column("period")
             for text in each.texts]  # fmt: skip
    bucket: Bucket = "year" if kind == "people" and _dated(texts) else "as_is"
    return Mapping(
        ordered, kind=kind, scale=scale, decimal_comma=comma, periods=settle(texts),
        bucket=bucket,
    )  # fmt: skip


def guess_labels(
    texts: Sequence[str],
    role: str,
    *,
    groups: Sequence[GroupName] = (),
    places: Sequence[PlaceName] = (),
) -> dict[str, str]:
    """Text → key for the texts whose meaning is plain; the others are left to the person."""
    if role == "outcome":
        pairs = [(text, _outcome(text)) for text in texts]
    else:
        names = _by_concept(groups) if role == "group" else _by_concept(places)
        pairs = [(text, _key(text, role, names)) for text in texts]
    return {text: key for text, key in pairs if key}


def _by_concept(named: Sequence[GroupName] | Sequence[PlaceName]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in named:
        for name in (each.name, each.key, *each.synonyms):
            found.setdefault(_place_word(name) if isinstance(each, PlaceName) else concept(name),
                             each.key)  # fmt: skip
    return found


def _key(text: str, role: str, names: dict[str, str]) -> str | None:
    if role == "place":
        return names.get(_place_word(text))
    if key := names.get(concept(text)):
        return key
    return {"everyone": EVERYONE, "race_unknown": UNKNOWN}.get(concept(text)) if text else UNKNOWN


_PLACE_KIND = re.compile(
    r"\b(?:county|city|town|village|parish|borough|commonwealth|state|of|condado|ciudad|de|del"
    r"|public schools|school district|division)\b"
)


def _place_word(text: str) -> str:
    """ "Commonwealth of Virginia" and "Virginia" meet; "Albemarle" and "Albemarle County" too."""
    folded = " ".join(words(text))
    return " ".join(_PLACE_KIND.sub(" ", folded).split()) or folded


def _outcome(text: str) -> str | None:
    folded = " ".join(words(text))
    if folded in YES_WORDS:
        return YES
    if folded in NO_WORDS or folded.startswith(("not ", "did not ", "no ")):
        return NO
    return UNKNOWN if concept(text) == "race_unknown" or not folded else None


def _look(source: Source, comma: bool) -> list[Looked]:
    records = [record.cells for record in islice(source.records(), LOOKED_AT)]
    return [
        _one(name, tuple(cells), comma)
        for name, cells in zip(source.header, zip(*records, strict=True), strict=True)
    ]


def _one(name: str, cells: tuple[str, ...], comma: bool) -> Looked:
    texts = tuple(dict.fromkeys(tidy(cell) for cell in cells))
    read = [parse_rate(text, decimal_comma=comma) for text in texts]
    values = sum(1 for cell in read if cell.value is not None)
    bad = sum(1 for cell in read if cell.problem)
    return Looked(name, texts, cells, bool(values and values >= 9 * bad), _periodic(name, texts))


def _periodic(name: str, texts: tuple[str, ...]) -> bool:
    """Most texts are periods; bare numbers only under a name that says so, or all like years."""
    filled = [text for text in texts if text]
    rules = settle(filled)
    good = 0
    for text in filled:
        try:
            parse_period(text, rules)
            good += 1
        except BadPeriod as error:
            good += error.code == "ambiguous_period"
    if not filled or good < 0.9 * len(filled):
        return False
    bare = all(re.fullmatch(r"\d{4}(?:\.0)?", text) for text in filled)
    named = bool(ROLE_WORDS["period"] & set(words(name)))
    return named or not bare or all(1980 <= int(text[:4]) <= 2060 for text in filled)


def _dated(texts: Sequence[str]) -> bool:
    return any(re.search(r"\d[-/.]\d{1,2}[-/.]\d|\d{4}-\d\d-\d\d", text) for text in texts)


def _decimal_comma(source: Source) -> bool:
    """`5,9` and `1.234,5` occur, `5.9` and `1,234.5` do not."""
    comma = point = 0
    for record in islice(source.records(), LOOKED_AT):
        for cell in record.cells:
            text = cell.strip().rstrip("%").strip()
            comma += bool(_COMMA.fullmatch(text))
            point += bool(_POINT.fullmatch(text))
    return comma > 0 and point == 0


_COMMA = re.compile(r"-?\d{1,3}(?:\.\d{3})+,\d+|-?\d+,(?:\d{1,2}|\d{4,})|-?0,\d+")
_POINT = re.compile(r"-?\d{1,3}(?:,\d{3})+\.\d+|-?\d+\.(?:\d{1,2}|\d{4,})|-?0\.\d+")


def _labelled(
    found: dict[str, Column], columns: Sequence[Looked], groups: Sequence[GroupName],
    places: Sequence[PlaceName],
) -> None:  # fmt: skip
    """Period, place and group columns: by their texts first, by their names second."""
    period = _best(columns, lambda each: each.periodic * (1 + each.says("period")))
    if period:
        found[period.name] = Column("period")
    free = [each for each in columns if each.name not in found and not each.numeric]
    for each in free:
        share, dimension = _share_of_groups(each, groups)
        if share >= 0.5 or (each.says("group") and len(each.texts) <= FEW):
            labels = guess_labels(each.texts, "group", groups=groups)
            found[each.name] = Column("group", dimension=dimension, labels=labels)
    place = _best(
        [each for each in free if each.name not in found],
        lambda each: _share_of_places(each, places) + each.says("place"),
    )
    if place:
        labels = guess_labels(place.texts, "place", places=places)
        if len(place.texts) > len(labels) > 0 or not places:
            labels = {text: labels.get(text, NEW) for text in place.texts if _may_be_new(text)}
        found[place.name] = Column("place", labels=labels if place.texts else {})


def _may_be_new(text: str) -> bool:
    """A total among places is no new place; the person says which place it is."""
    return bool(text) and concept(text) != "everyone"


def _best(columns: Sequence[Looked], score: Callable[[Looked], float]) -> Looked | None:
    rated = [(score(each), -index, each) for index, each in enumerate(columns)]
    rated = [each for each in rated if each[0] > 0]
    return max(rated, key=lambda each: each[:2])[2] if rated else None


def _share_of_groups(each: Looked, groups: Sequence[GroupName]) -> tuple[float, str]:
    """Share of the texts that are known groups, and the dimension when it is one only."""
    names = _by_concept(groups)
    dimension = {group.key: group.dimension for group in groups}
    keys = [names[concept(text)] for text in each.texts if concept(text) in names]
    known = {dimension[key] for key in keys}
    named = len(keys) + (any(concept(text) == "everyone" for text in each.texts) if keys else 0)
    return named / max(1, len(each.texts)), known.pop() if len(known) == 1 else ""


def _share_of_places(each: Looked, places: Sequence[PlaceName]) -> float:
    names = _by_concept(places)
    return sum(1 for text in each.texts if _place_word(text) in names) / max(1, len(each.texts))


def _numbers(
    found: dict[str, Column], columns: Sequence[Looked], indicator: IndicatorName | None, scale: int
) -> int:
    """Adds numerator, denominator and rate; answers the scale the numbers show, else the given."""
    free = [each for each in columns if each.numeric and each.name not in found]
    triple = _proven(free, indicator, scale)
    if triple:
        numerator, denominator, rate, shown = triple
        found[numerator], found[denominator] = Column("numerator"), Column("denominator")
        found[rate] = Column("rate")
        return shown
    for role in ("rate", "denominator", "numerator"):
        taken = _named(free, found, role, indicator)
        if taken:
            found[taken.name] = Column(role)
    if not any(column.role == "numerator" for column in found.values()):
        whole = [each for each in free if each.name not in found and _whole_numbers(each)]
        if whole:
            found[whole[0].name] = Column("numerator")
    return scale


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

    return _best(free, score)


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
    read = [parse_count(text) for text in each.texts]
    return all(cell.problem is None for cell in read) and any(cell.value for cell in read)


def _proven(
    free: Sequence[Looked], indicator: IndicatorName | None, scale: int
) -> tuple[str, str, str, int] | None:
    """Three columns of which one is the quotient of the others, on nearly every line."""
    counts = [each for each in free if _whole_numbers(each)][:12]
    rates = [each for each in free if each not in counts or each.says("rate")][:12]
    best: tuple[float, tuple[str, str, str, int]] | None = None
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
            if best is None or rank > best[0]:
                best = rank, (*names, shown)
    return best[1] if best else None


def _scale_between(above: Looked, below: Looked, rate: Looked) -> int | None:
    agree = dict.fromkeys(SCALES, 0)
    compared = 0
    for texts in islice(zip(above.cells, below.cells, rate.cells, strict=True), 200):
        count, whole, quotient = _three(*texts)
        if count and whole and quotient and count <= whole:
            compared += 1
            for scale in SCALES:
                agree[scale] += fits(int(count), int(whole), quotient, scale)
    best = max(SCALES, key=lambda each: agree[each])
    return best if compared >= 2 and agree[best] >= 0.8 * compared else None


def _three(count: str, whole: str, rate: str) -> tuple[Decimal | None, ...]:
    cells: tuple[Cell, ...] = (parse_count(count), parse_count(whole), parse_rate(rate))
    return tuple(cell.value for cell in cells)


def _filters(found: dict[str, Column], columns: Sequence[Looked]) -> None:
    """A column of few texts that is nothing else splits the file into several indicators."""
    for each in columns:
        if each.name in found or each.numeric or not 1 < len(each.texts) <= FEW:
            continue
        first = next((text for text in each.texts if text), "")
        labels = {text: KEEP if text == first else IGNORE for text in each.texts}
        found[each.name] = Column("filter", labels=labels)


def _people(found: dict[str, Column], columns: Sequence[Looked]) -> None:
    """The outcome: a column of yes and no."""
    free = [each for each in columns if each.name not in found and len(each.texts) <= FEW]

    def score(each: Looked) -> float:
        read = {_outcome(text) for text in each.texts}
        return ({YES, NO} <= read) * (1.0 + each.says("outcome"))

    if outcome := _best(free, score):
        labels = guess_labels(outcome.texts, "outcome")
        found[outcome.name] = Column("outcome", labels=labels)


def with_labels(
    mapping: Mapping, name: str, texts: Sequence[str], *, groups: Sequence[GroupName] = (),
    places: Sequence[PlaceName] = (),
) -> Mapping:  # fmt: skip
    """The mapping with proposals for this column's texts that it does not know yet."""
    column = mapping.columns[name]
    proposed = guess_labels(texts, column.role, groups=groups, places=places)
    labels = {**proposed, **column.labels}
    return replace(mapping, columns={**mapping.columns, name: replace(column, labels=labels)})
