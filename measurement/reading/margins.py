"""From distinct texts and their numbers of persons to counts for every group and intersection."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any

import duckdb

from measurement.reading.errors import Problem
from measurement.reading.folding import tidy
from measurement.reading.mapping import (
    EVERYONE,
    IGNORE,
    KEEP,
    NEW,
    NO,
    UNKNOWN,
    YES,
    Column,
    Mapping,
)  # fmt: skip
from measurement.reading.periods import BadPeriod, PeriodSpec, bucketed, parse_period, settle
from measurement.reading.plan import Labels
from measurement.reading.rows import Row

Meaning = tuple[str | None, str | None]  # a key, or the reason for leaving these persons out
SEPARATOR = "\x1f"  # between several groups of one person; cannot stand in a key


class Margins:
    """Looks up what the table `texts` means and counts it.

    persons: all of them. left_out: reason → persons. unknown: dimension → persons counted in
    "everyone" whose group is not known. problems: labels and periods nobody has explained.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, mapping: Mapping, used: Sequence[str]
    ) -> None:
        self.connection = connection
        self.mapping = mapping
        self.used = used
        self.problems: list[Problem] = []
        self.periods: dict[str, PeriodSpec] = {}
        self.groups = [name for name in used if mapping.columns[name].role == "group"]
        self.rules = mapping.periods
        for index, name in enumerate(used):
            self._look_up(index, name)
        self._build()
        self.persons = self._number("SELECT sum(persons) FROM texts")
        self.left_out: dict[str, int] = dict(
            self._all("SELECT why, sum(persons)::BIGINT FROM people WHERE why <> '' GROUP BY 1")
        )
        self.counted = self._number("SELECT sum(persons) FROM people WHERE why = ''")
        self.unknown = {self._dimension(name): self._unknown(name) for name in self.groups}

    def _all(self, query: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self.connection.execute(query, list(params)).fetchall()

    def _number(self, query: str) -> int:
        return int(self._all(query)[0][0] or 0)

    def _look_up(self, index: int, name: str) -> None:
        """A table m<index>: text → key, or why. Reports texts that have no meaning yet."""
        column = self.mapping.columns[name]
        query = f"SELECT u{index}, sum(persons)::BIGINT FROM texts GROUP BY 1 ORDER BY 1"  # noqa: S608 - our own column names only
        found = self._all(query)
        if column.role == "period":
            self.rules = settle((text for text, _ in found), self.rules)
        meaning = self._meaning_of(name, column)
        rows = [(text, *meaning(text, persons)) for text, persons in found]
        texts, keys, whys = zip(*rows, strict=True) if rows else ((), (), ())
        self.connection.execute(
            f"CREATE TEMP TABLE m{index} AS SELECT unnest(?::VARCHAR[]) AS text,"
            " unnest(?::VARCHAR[]) AS key, unnest(?::VARCHAR[]) AS why",
            [list(texts), list(keys), list(whys)],
        )

    def _meaning_of(self, name: str, column: Column) -> Callable[[str, int], Meaning]:
        labels = Labels(column.labels)

        def complain(code: str, text: str, persons: int) -> None:
            params = {"text": text[:80], "count": persons}
            self.problems.append(Problem(None, name, code, params))

        def place(text: str, persons: int) -> Meaning:
            key = labels(text)
            if key is None:
                complain("unknown_people_label", text, persons)
                return None, "no_place"
            if key in (IGNORE, UNKNOWN):
                return None, "ignored"
            return (f"{NEW}:{tidy(text)}", None) if key == NEW else (key, None)

        def period(text: str, persons: int) -> Meaning:
            try:
                spec = bucketed(parse_period(text, self.rules), self.mapping.bucket)
            except BadPeriod:
                complain("unreadable_people_period", text, persons)
                return None, "no_period"
            key = f"{spec.kind} {spec.start.isoformat()} {spec.end.isoformat()}"
            self.periods[key] = spec
            return key, None

        def group(text: str, persons: int) -> Meaning:
            keys: set[str] = set()
            for part in _parts(text, column, labels):
                key = labels(part)
                if key is None:
                    complain("unknown_people_label", part, persons)
                elif key == IGNORE:
                    return None, "ignored"
                elif key not in (EVERYONE, UNKNOWN):
                    keys.add(key)
            return SEPARATOR.join(sorted(keys)) or None, None

        def outcome(text: str, persons: int) -> Meaning:
            key = labels(text)
            if key is None:
                complain("unknown_people_label", text, persons)
            if key in (YES, NO):
                return key, None
            return None, "ignored" if key == IGNORE else "no_outcome"

        def keep(text: str, persons: int) -> Meaning:
            return None, None if labels(text) == KEEP else "ignored"

        by_role = {
            "place": place, "period": period, "group": group, "outcome": outcome, "filter": keep,
        }  # fmt: skip
        return by_role[column.role]

    def _build(self) -> None:
        """The table `people`: place, period, g0 …, outcome, why (or ''), persons."""
        joins, whys, columns = [], [], []
        keys = {"place": "?", "period": "?", "outcome": f"'{YES}'"}
        for index, name in enumerate(self.used):
            joins.append(f"JOIN m{index} ON m{index}.text = texts.u{index}")
            whys.append(f"m{index}.why")
            role = self.mapping.columns[name].role
            if role == "group":
                columns.append(f"m{index}.key AS g{self.groups.index(name)}")
            elif role in keys:
                keys[role] = f"m{index}.key"
        why = f"coalesce({', '.join([*whys, chr(39) * 2])})"
        chosen = [f"{keys['place']} AS place", f"{keys['period']} AS period", *columns]
        chosen += [f"{keys['outcome']} AS outcome", f"{why} AS why"]
        query = (
            f"CREATE TEMP TABLE people AS SELECT {', '.join(chosen)},"  # noqa: S608 - our own column names only
            f" sum(persons)::BIGINT AS persons FROM texts {' '.join(joins)} GROUP BY ALL"
        )
        constants = {"place": lambda: self.mapping.place, "period": self._whole_period}
        params = [constants[role]() for role in ("place", "period") if keys[role] == "?"]
        self.connection.execute(query, params)

    def _whole_period(self) -> str:
        spec = parse_period(self.mapping.period, self.rules)
        self.periods["whole"] = spec
        return "whole"

    def _dimension(self, name: str) -> str:
        return self.mapping.columns[name].dimension or name

    def _unknown(self, name: str) -> int:
        column = f"g{self.groups.index(name)}"
        return self._number(f"SELECT sum(persons) FROM people WHERE why = '' AND {column} IS NULL")  # noqa: S608 - our own column names only

    def rows(self) -> list[Row]:
        """Everyone first, then each group, then intersections; by place and period within."""
        return [row for chosen in self._subsets() for row in self._margin(chosen)]

    def _subsets(self) -> Iterator[tuple[int, ...]]:
        """Sets of group columns; never two columns of the same dimension."""
        places = range(len(self.groups))
        for size in range(len(self.groups) + 1):
            for chosen in combinations(places, size):
                dimensions = [self._dimension(self.groups[place]) for place in chosen]
                if len(set(dimensions)) == len(dimensions):
                    yield chosen

    def _margin(self, chosen: tuple[int, ...]) -> Iterator[Row]:
        """A person with several groups in a column counts once in each of them."""
        split = [f"unnest(string_split(g{place}, chr(31))) AS k{place}" for place in chosen]
        known = " AND ".join(["why = ''", *(f"g{place} IS NOT NULL" for place in chosen)])
        inner = ", ".join(["place", "period", "outcome", "persons", *split])
        keys = ", ".join(["place", "period", *(f"k{place}" for place in chosen)])
        query = (
            f"SELECT {keys}, coalesce(sum(persons) FILTER (outcome = '{YES}'), 0)::BIGINT,"  # noqa: S608 - our own column names only
            f" sum(persons)::BIGINT FROM (SELECT {inner} FROM people WHERE {known})"
            f" GROUP BY {keys} ORDER BY {keys}"
        )
        shares = bool(self.mapping.names("outcome"))
        for place, period, *groups, yes, all_of_them in self._all(query):
            yield Row(
                None, place, self.periods[period], frozenset(groups), yes,
                all_of_them if shares else None, grade=self.mapping.grade,
            )  # fmt: skip


def _parts(text: str, column: Column, labels: Labels) -> list[str]:
    """One label, or several in one cell (`Black;Hispanic`) unless the whole has a meaning."""
    if not column.separator or labels(text) is not None:
        return [text]
    return [part for part in text.split(column.separator) if part.strip()] or [text]
