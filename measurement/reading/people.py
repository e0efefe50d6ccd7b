"""Counts a file with one line per person, in one pass and bounded memory, and keeps no person.

DuckDB reads the file and groups the texts of the mapped columns as they stand; what they mean is
looked up on that small table of distinct texts, from which every margin is then built. Other
columns are never stored. Nothing spills to disk.
"""

from __future__ import annotations

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
    at = {name: place for name, place in places_of(source, mapping).items()}
    used = [name for name in mapping.names(*USED) if name in at]
    with plain_utf8(source) as plain, engine(memory_mb) as connection:
        with told(connection, progress or (lambda _: None)):
            _group_texts(connection, plain, source, mapping, [(name, at[name]) for name in used])
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
        yield connection


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


def read_csv(plain: Path, source: Source) -> tuple[str, list[object]]:
    """The FROM clause and its parameters; columns are called c0, c1 … and are all text."""
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(_width(source)))
    clause = (
        f"read_csv(?, auto_detect=false, header=false, skip={source.first_record + 1},"
        f" delim=?, quote='\"', escape='\"', columns={{{columns}}}, store_rejects=true,"
        f" rejects_limit={BAD_LINES}, rejects_line_size_limit=65536,"
        f" max_line_size={source.limits.line}, buffer_size={8 << 20})"
    )
    return clause, [str(plain), source.delimiter]


def _width(source: Source) -> int:
    return len(source.header)


def _group_texts(
    connection: duckdb.DuckDBPyConnection, plain: Path, source: Source, mapping: Mapping,
    used: Sequence[tuple[str, int]],
) -> None:  # fmt: skip
    """The table `texts`: u0, u1 … (the used columns' texts) and how many persons have them."""
    clause, params = read_csv(plain, source)
    wanted = [f"{_text(mapping, name, at)} AS u{index}" for index, (name, at) in enumerate(used)]
    query = ", ".join([*wanted, "count(*) AS persons"])
    try:
        connection.execute(
            f"CREATE TEMP TABLE texts AS SELECT {query} FROM {clause} GROUP BY ALL",  # noqa: S608 - our own column names only
            params,
        )
    except duckdb.OutOfMemoryException as error:
        raise _runaway(connection, plain, source, used) from error
    except duckdb.Error as error:
        raise Unreadable("not_tabular") from error
    (count,) = connection.execute("SELECT count(*) FROM texts").fetchone() or (0,)
    if count > COMBINATIONS:
        raise _runaway(connection, plain, source, used)
    _refuse_many_labels(connection, mapping, used)


def _text(mapping: Mapping, name: str, at: int) -> str:
    """The cell's text, never NULL. Whole dates become their month's first day when a longer
    period holds them, so that fewer texts are left to look up."""
    text = f"coalesce(c{at}, '')"
    if mapping.columns[name].role != "period" or mapping.bucket == "as_is":
        return text
    iso = f"c{at} LIKE '____-__-__' AND try_cast(c{at} AS DATE) IS NOT NULL"
    return f"CASE WHEN {iso} THEN left(c{at}, 8) || '01' ELSE {text} END"


def _refuse_many_labels(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, used: Sequence[tuple[str, int]]
) -> None:
    for index, (name, _) in enumerate(used):
        if mapping.columns[name].role == "period":
            continue
        query = f"SELECT count(DISTINCT u{index}) FROM texts"  # noqa: S608 - our own column names only
        (count,) = connection.execute(query).fetchone() or (0,)
        if count > LABELS:
            raise Unreadable("too_many_labels", column=name, limit=LABELS)


def _runaway(
    connection: duckdb.DuckDBPyConnection, plain: Path, source: Source,
    used: Sequence[tuple[str, int]],
) -> Unreadable:  # fmt: skip
    """Which column is to blame for too many combinations? Asked of the first lines."""
    clause, params = read_csv(plain, source)
    counts = ", ".join(f"count(DISTINCT c{at})" for _, at in used)
    columns = ", ".join(f"c{at}" for _, at in used)
    connection.execute("DROP TABLE IF EXISTS texts")
    query = f"SELECT {counts} FROM (SELECT {columns} FROM {clause} LIMIT 20000)"  # noqa: S608 - our own column names only
    found = connection.execute(query, params).fetchone() or ()
    worst, name = max(zip(found, (name for name, _ in used), strict=True))
    if worst > LABELS:
        return Unreadable("too_many_labels", column=name, limit=LABELS)
    return Unreadable("too_many_combinations", limit=COMBINATIONS)


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
