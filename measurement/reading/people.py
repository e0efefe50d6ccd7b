"""Counts a file with one line per person, in one pass and bounded memory, and keeps no person.

DuckDB reads the file and groups the texts of the mapped columns as they stand; what they mean is
looked up on that small table of distinct texts, from which every margin is then built. Other
columns are never stored. Nothing spills to disk.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from measurement.reading.errors import Problem, Unreadable
from measurement.reading.mapping import BadMapping, Mapping, check
from measurement.reading.margins import Margins
from measurement.reading.plaincopy import plain_utf8
from measurement.reading.plan import places_of
from measurement.reading.rows import PeopleReading
from measurement.reading.source import Source, open_source

Progress = Callable[[float], object]
COMBINATIONS = 300_000
LABELS = 5_000  # different texts in a group, place, filter or outcome column
DIMENSIONS = 6
BAD_LINES = 100_000  # kept count of unreadable lines; past it the file is refused
BAD_LINES_SHOWN = 200
USED = ("place", "period", "group", "filter", "outcome")


def aggregate(
    path: Path | str, mapping: Mapping, *, progress: Progress | None = None, memory_mb: int = 200
) -> PeopleReading:
    """Counts by place, period and every combination of the mapped groups.

    progress: called with 0.0 to 1.0 from another thread. memory_mb: what DuckDB may take; the
    process needs about 100 more. Raises Unreadable or BadMapping.
    """
    check(mapping)
    if mapping.kind != "people":
        raise BadMapping("not_people")
    if len(mapping.names("group")) > DIMENSIONS:
        raise BadMapping("too_many_dimensions", limit=DIMENSIONS)
    source = open_source(path)
    at = places_of(source, mapping)
    used = [name for name in mapping.names(*USED) if name in at]
    with plain_utf8(source) as plain, engine(memory_mb) as connection:
        with told(connection, progress or (lambda _: None)):
            where = [(name, at[name]) for name in used]
            _Grouping(connection, plain, source, mapping, where).run()
        problems = _bad_lines(connection, plain)
        margins = Margins(connection, mapping, used)
        rows = margins.rows()
    problems = [*source.warnings, *problems, *margins.problems]
    persons = margins.persons + sum(
        1 for each in problems if each.severity == "error" and each.line
    )
    return PeopleReading(
        rows, problems, persons, margins.counted, margins.left_out, margins.unknown
    )


@contextmanager
def engine(memory_mb: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB of our own: in memory only, no extensions, no files but the one it is told."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{memory_mb}MB",
        "temp_directory": "",
        "threads": "2",
        "preserve_insertion_order": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    with duckdb.connect(":memory:", config=settings) as connection:
        connection.execute("SET enable_progress_bar = true")  # counted, and never printed:
        connection.execute("SET enable_progress_bar_print = false")
        try:
            yield connection
        except duckdb.OutOfMemoryException as error:
            raise Unreadable("too_heavy") from error


@contextmanager
def told(connection: duckdb.DuckDBPyConnection, progress: Progress) -> Iterator[None]:
    """Tells how far the running query is, twice a second."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.5):
            progress(max(0.0, min(1.0, connection.query_progress() / 100)))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
    progress(1.0)


def read_csv(plain: Path, source: Source, dates: Sequence[int] = ()) -> tuple[str, list[object]]:
    """The FROM clause and its parameters; columns are called c0, c1 … and are text.

    dates: columns to be read as dates; lines on which they are none go to the rejects.
    """
    kinds = ("DATE" if place in dates else "VARCHAR" for place in range(len(source.header)))
    columns = ", ".join(f"'c{place}': '{kind}'" for place, kind in enumerate(kinds))
    clause = (
        f"read_csv(?, auto_detect=false, header=false, skip={source.first_record + 1},"
        f" delim=?, quote='\"', escape='\"', columns={{{columns}}}, store_rejects=true,"
        f" rejects_limit={BAD_LINES}, rejects_line_size_limit=65536,"
        f" max_line_size={source.limits.line}, buffer_size={8 << 20})"
    )
    return clause, [str(plain), source.delimiter]


class _Grouping:
    """The table `texts`: u0, u1 … (the used columns' texts) and how many persons have them."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, plain: Path, source: Source, mapping: Mapping,
        used: Sequence[tuple[str, int]],
    ) -> None:  # fmt: skip
        self.connection = connection
        self.plain = plain
        self.source = source
        self.mapping = mapping
        self.used = used

    def run(self) -> None:
        dates = self._dates()
        self._group(dates)
        if dates and self._number("SELECT count(*) FROM reject_errors WHERE error_type = 'CAST'"):
            self._forget()  # not dates after all, or not all of them: every text is looked at
            self._group(())
        if self._number("SELECT count(*) FROM texts") > COMBINATIONS:
            raise self._runaway()
        self._refuse_many_labels()

    def _number(self, query: str) -> int:
        (number,) = self.connection.execute(query).fetchone() or (0,)
        return int(number)

    def _forget(self) -> None:
        self.connection.execute(
            "DROP TABLE IF EXISTS texts; DROP TABLE IF EXISTS reject_errors;"
            " DROP TABLE IF EXISTS reject_scans"
        )

    def _dates(self) -> tuple[int, ...]:
        """The period column, when a longer period holds its dates and the first ones are whole:
        their first month then stands for them, so that few texts are left to look up."""
        if self.mapping.bucket == "as_is":
            return ()
        places = [at for name, at in self.used if self.mapping.columns[name].role == "period"]
        sample = self.source.sample
        return tuple(
            at for at in places if all(_DATE.fullmatch(record.cells[at]) for record in sample)
        )

    def _group(self, dates: tuple[int, ...]) -> None:
        clause, params = read_csv(self.plain, self.source, dates)
        grouped, wanted = ["count(*) AS persons"], ["persons"]
        for index, (_, at) in enumerate(self.used):
            month = _MONTH.get(self.mapping.bucket, "month({0})").format(f"c{at}")
            key = f"year(c{at}) * 100 + {month}" if at in dates else f"c{at}"
            grouped.append(f"{key} AS u{index}")
            first = f"printf('%04d-%02d-01', u{index} // 100, u{index} % 100)"
            wanted.append(f"coalesce({first if at in dates else f'u{index}'}, '') AS u{index}")
        query = (
            f"CREATE TEMP TABLE texts AS SELECT {', '.join(wanted)} FROM"  # noqa: S608 - our own column names only
            f" (SELECT {', '.join(grouped)} FROM {clause} GROUP BY ALL)"
        )
        try:
            self.connection.execute(query, params)
        except duckdb.OutOfMemoryException as error:
            raise self._runaway() from error
        except duckdb.Error as error:
            raise Unreadable("not_tabular") from error

    def _refuse_many_labels(self) -> None:
        for index, (name, _) in enumerate(self.used):
            if self.mapping.columns[name].role == "period":
                continue
            query = f"SELECT count(DISTINCT u{index}) FROM texts"  # noqa: S608 - our own column names only
            if self._number(query) > LABELS:
                raise Unreadable("too_many_labels", column=name, limit=LABELS)

    def _runaway(self) -> Unreadable:
        """Which column is to blame for too many combinations? Asked of the first lines."""
        self._forget()
        clause, params = read_csv(self.plain, self.source)
        counts = ", ".join(f"count(DISTINCT c{at})" for _, at in self.used)
        columns = ", ".join(f"c{at}" for _, at in self.used)
        query = f"SELECT {counts} FROM (SELECT {columns} FROM {clause} LIMIT {2 * LABELS})"  # noqa: S608 - our own column names only
        found = self.connection.execute(query, params).fetchone() or ()
        worst, name = max(zip(found, (name for name, _ in self.used), strict=True))
        if worst > LABELS:
            return Unreadable("too_many_labels", column=name, limit=LABELS)
        return Unreadable("too_many_combinations", limit=COMBINATIONS)


# A month that stands for all the months of its year or half-year: fewer texts again.
_MONTH = {"year": "1", "school_year": "CASE WHEN month({0}) < 7 THEN 1 ELSE 7 END"}
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_REJECTS = {
    "MISSING COLUMNS": "ragged_people_line",
    "TOO MANY COLUMNS": "ragged_people_line",
    "UNQUOTED VALUE": "broken_quotes_line",
    "INVALID ENCODING": "undecodable_line",
}


def _bad_lines(connection: duckdb.DuckDBPyConnection, plain: Path) -> list[Problem]:
    """One problem per line that DuckDB refused, with its physical line number."""
    found = connection.execute(
        "SELECT line_byte_position, first(error_type),"
        " bool_or(error_type = 'UNQUOTED VALUE' AND contains(rtrim(csv_line, chr(10)), chr(10)))"
        " FROM reject_errors GROUP BY 1 ORDER BY 1"
    ).fetchall()
    if len(found) >= BAD_LINES:
        raise Unreadable("too_many_bad_lines", limit=BAD_LINES)
    swallowing = [position for position, _, swallowed in found if swallowed]
    lines = physical_lines(plain, [*swallowing[:1], *(row[0] for row in found[:BAD_LINES_SHOWN])])
    if swallowing:
        raise Unreadable("quote_never_closed", line=lines[swallowing[0]])
    problems = [
        Problem(lines[position], None, _REJECTS.get(str(kind), "bad_line"), {})
        for position, kind, _ in found[:BAD_LINES_SHOWN]
    ]
    if more := len(found) - len(problems):
        problems.append(Problem(None, None, "more_bad_lines", {"count": more}))
    return problems


def physical_lines(plain: Path, positions: Sequence[int]) -> dict[int, int]:
    """Byte positions → line numbers as an editor counts them (DuckDB counts records)."""
    lines: dict[int, int] = {}
    read = line = 0
    with plain.open("rb") as file:
        for position in sorted(set(positions)):
            while read < position:
                piece = file.read(min(1 << 20, position - read))
                if not piece:
                    break
                read, line = read + len(piece), line + piece.count(b"\n")
            lines[position] = line + 1
    return lines
