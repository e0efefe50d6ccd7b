"""Proposes what each column means. A person confirms every proposal before it counts.

Numbers speak before names: where one column is another divided by a third on nearly every line,
the three are rate, numerator and denominator whatever they are called.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import replace

from measurement.reading.catalogue import GroupName, IndicatorName, PlaceName
from measurement.reading.folding import tidy
from measurement.reading.grades import grade_of
from measurement.reading.guessing_labels import (
    CloseNames,
    by_concept,
    guess_labels,
    outcome_of,
    place_word,
)
from measurement.reading.guessing_numbers import add_numbers
from measurement.reading.headings import own_role
from measurement.reading.looking import Looked, best, dated, decimal_comma, look
from measurement.reading.mapping import (
    IGNORE,
    KEEP,
    NEW,
    NO,
    YES,
    Column,
    Kind,
    Mapping,
    Role,
)
from measurement.reading.periods import Bucket
from measurement.reading.source import Source
from measurement.reading.synonyms import concept
from measurement.reading.wide import find_wide

FEW = 60  # different texts that a group or filter column may have


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
    comma = decimal_comma(source)
    columns = look(source, comma)
    found: dict[str, Column] = {}
    scale = indicator.scale if indicator else 100
    _labelled(found, columns, groups, places)
    if kind == "people":
        _people(found, columns)
    else:
        _grade(found, columns)
        _own(found, columns)
        names = [each.name for each in columns if each.name not in found and each.numeric]
        found.update(find_wide(names, groups, indicator))
        if not any(column.role in ("numerator", "rate") for column in found.values()):
            scale = add_numbers(found, columns, indicator, scale)
        _filters(found, columns)
    ordered = {each.name: found.get(each.name, Column("ignore")) for each in columns}
    texts = [text for each in columns if found.get(each.name) == Column("period")
             for text in each.texts]  # fmt: skip
    alone = len(places) == 1 and not any(column.role == "place" for column in found.values())
    bucket: Bucket = "year" if kind == "people" and dated(texts) else "as_is"
    return Mapping(
        ordered, kind=kind, scale=scale, decimal_comma=comma, place=places[0].key if alone else "",
        bucket=bucket,
    )  # fmt: skip


def _labelled(
    found: dict[str, Column], columns: Sequence[Looked], groups: Sequence[GroupName],
    places: Sequence[PlaceName],
) -> None:  # fmt: skip
    """Period, place and group columns: by their texts first, by their names second."""
    period = best(columns, lambda each: each.periodic * (1 + _named(each, "period")))
    if period:
        found[period.name] = Column("period")
    free = [each for each in columns if each.name not in found and _may_label(each)]
    for each in free:
        share, dimension = _share_of_groups(each, groups)
        if share >= 0.5 or (each.says("group") and len(each.texts) <= FEW):
            labels = guess_labels(each.texts, "group", groups=groups)
            found[each.name] = Column("group", dimension=dimension, labels=labels)
    place = best(
        [each for each in free if each.name not in found],
        lambda each: _share_of_places(each, places) + _named(each, "place"),
    )
    if place:
        labels = guess_labels(place.texts, "place", places=places)
        if len(place.texts) > len(labels) > 0 or not places:
            labels |= {text: NEW for text in _new_places(place.texts, labels, places)}
        found[place.name] = Column("place", labels=labels if place.texts else {})


def _grade(found: dict[str, Column], columns: Sequence[Looked]) -> None:
    """A column called so whose every text says how a number was made."""
    for each in columns:
        texts = [text for text in each.texts if text]
        named = each.name not in found and not each.numeric and each.says("grade")
        if named and texts and all(grade_of(text) for text in texts):
            found[each.name] = Column("grade")
            return


def _named(each: Looked, role: Role) -> int:
    """How surely its name says so: 2 by our own heading, 1 by one of its words."""
    return 2 if own_role(each.name) == role else int(each.says(role))


def _may_label(each: Looked) -> bool:
    """Texts that could be places or groups: no numbers, and under no other heading of ours."""
    return not each.numeric and own_role(each.name) in (None, "place", "group", "period")


def _own(found: dict[str, Column], columns: Sequence[Looked]) -> None:
    """Columns of our own files that hold no number: the first reason, and what is left out."""
    for each in columns:
        role = own_role(each.name)
        taken = each.name in found or any(column.role == "why" for column in found.values())
        if role == "ignore" and each.name not in found:
            found[each.name] = Column("ignore")
        elif role == "why" and not taken and not each.numeric:
            found[each.name] = Column("why")


def _new_places(
    texts: Sequence[str], known: AnyMapping[str, str], places: Sequence[PlaceName]
) -> list[str]:
    """A total among places is no new place, and a name close to a known one may be a slip: the
    person says which place it is."""
    close = CloseNames(places)
    new = (text for text in texts if text and text not in known)
    return [text for text in new if concept(text) != "everyone" and not close(text)]


def _share_of_groups(each: Looked, groups: Sequence[GroupName]) -> tuple[float, str]:
    """Share of the texts that are known groups, and the dimension when it is one only."""
    names = by_concept(groups)
    dimension = {group.key: group.dimension for group in groups}
    keys = [names[concept(text)] for text in each.texts if concept(text) in names]
    known = {dimension[key] for key in keys}
    named = len(keys) + (any(concept(text) == "everyone" for text in each.texts) if keys else 0)
    return named / max(1, len(each.texts)), known.pop() if len(known) == 1 else ""


def _share_of_places(each: Looked, places: Sequence[PlaceName]) -> float:
    names = by_concept(places)
    return sum(1 for text in each.texts if place_word(text) in names) / max(1, len(each.texts))


def _filters(found: dict[str, Column], columns: Sequence[Looked]) -> None:
    """A column of few texts that is nothing else splits the file into several indicators."""
    for each in columns:
        if each.name in found or each.numeric or not 1 < len(each.texts) <= FEW:
            continue
        usual = Counter(tidy(cell) for cell in each.cells).most_common(1)[0][0]
        labels = {text: KEEP if text == usual else IGNORE for text in each.texts}
        found[each.name] = Column("filter", labels=labels)


def _people(found: dict[str, Column], columns: Sequence[Looked]) -> None:
    """The outcome: a column of yes and no."""
    free = [each for each in columns if each.name not in found and len(each.texts) <= FEW]

    def score(each: Looked) -> float:
        read = {outcome_of(text) for text in each.texts}
        return ({YES, NO} <= read) * (1.0 + each.says("outcome"))

    if outcome := best(free, score):
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
