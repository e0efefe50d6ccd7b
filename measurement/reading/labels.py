"""The different texts of each mapped column, for the screen that says what they stand for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from measurement.reading.errors import Unreadable
from measurement.reading.folding import tidy
from measurement.reading.mapping import LABELLED, Mapping
from measurement.reading.people import LABELS, engine, read_csv
from measurement.reading.plaincopy import plain_utf8
from measurement.reading.plan import Labels, labels_of, places_of
from measurement.reading.source import Source


@dataclass(frozen=True, slots=True)
class Label:
    """text: as in the file, without surrounding space. rows: lines with it. key: if known."""

    text: str
    rows: int
    key: str | None


def labels(source: Source, mapping: Mapping) -> dict[str, list[Label]]:
    """Column name → its texts, most frequent first. Raises Unreadable: too_many_labels."""
    at = places_of(source, mapping)
    names = mapping.names(*LABELLED)
    count = _in_people if mapping.kind == "people" else _in_table
    counters = count(source, [at[name] for name in names])
    return {
        name: _told(name, counter, labels_of(mapping, name), mapping.columns[name].separator)
        for name, counter in zip(names, counters, strict=True)
    }


def _told(name: str, raw: Counter[str], known: Labels, separator: str) -> list[Label]:
    counter: Counter[str] = Counter()
    for text, rows in raw.items():
        parts = text.split(separator) if separator and known(text) is None else [text]
        for part in parts:
            counter[tidy(part)] += rows
    if len(counter) > LABELS:
        raise Unreadable("too_many_labels", column=name, limit=LABELS)
    ordered = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
    return [Label(text, rows, known(text)) for text, rows in ordered]


def _in_table(source: Source, at: list[int]) -> list[Counter[str]]:
    counters: list[Counter[str]] = [Counter() for _ in at]
    for record in source.records():
        for counter, place in zip(counters, at, strict=True):
            counter[record.cells[place]] += 1
    return counters


def _in_people(source: Source, at: list[int]) -> list[Counter[str]]:
    """Counted by the engine; one text more than allowed is enough to refuse."""
    with plain_utf8(source) as plain, engine(200) as connection:
        clause, params = read_csv(plain, source)
        counters = []
        for place in at:
            query = (
                f"SELECT coalesce(c{place}, ''), count(*) FROM {clause}"  # noqa: S608 - our own column names only
                f" GROUP BY 1 LIMIT {LABELS + 1}"
            )
            counters.append(Counter(dict(connection.execute(query, params).fetchall())))
            connection.execute("DROP TABLE reject_errors; DROP TABLE reject_scans")
        return counters
