"""How long a file of a million persons takes, beside the bare engines.

Run it with `python -m tests.bench.import_people`, or with all others by `make bench`.

Every measurement runs in a process of its own, three times, in turn; the middle one is shown.
ours: the whole reading (child process, every byte checked, grouped, labels looked up, all
margins built). duckdb: its own default reading and grouping of the same columns. postgres: COPY
into an unlogged table, and the same grouping there.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import psycopg

from ciforum.embedded import Postgres, database_url
from ciforum.trouble import Trouble
from measurement.reading import child
from measurement.reading.mapping import Column, Mapping

PERSONS = 1_000_000
ROUNDS = 3
COUNTIES = ("Albemarle County", "Charlottesville City", "Fluvanna County", "Greene County",
            "Louisa County", "Nelson County")  # fmt: skip
RACES = {"White": "white", "Black": "black", "Hispanic": "hispanic", "Asian": "asian",
         "Two or more": "multi", "": "unknown"}  # fmt: skip
MAPPING = Mapping(
    {
        "county": Column("place", labels={name: name[:4].lower() for name in COUNTIES}),
        "born": Column("period"),
        "race": Column("group", "race", labels=RACES),
        "sex": Column("group", "sex", labels={"F": "female", "M": "male"}),
        "enrolled": Column("outcome", labels={"Yes": "yes", "No": "no", "Unknown": "unknown"}),
    },
    kind="people",
    bucket="year",
)
GROUPING = "county, year(born) AS year, race, sex, enrolled, count(*) AS persons"
Result = dict[str, float]


def make_file(path: Path, persons: int = PERSONS) -> None:
    """Eight columns, five of them used; quotes and commas in the last."""

    def one_of(values: tuple[str, ...]) -> str:
        listed = ", ".join(repr(value) for value in values)
        return f"[{listed}][1 + floor(random() * {len(values)})::INT]"

    duckdb.execute("SELECT setseed(0.5)")
    duckdb.execute(
        f"""COPY (SELECT 'P' || lpad(i::VARCHAR, 8, '0') AS person_id, {one_of(COUNTIES)} AS county,
        DATE '2015-01-01' + floor(random() * 2920)::INT AS born, {one_of(tuple(RACES))} AS race,
        {one_of(("F", "M"))} AS sex, {one_of(("Yes", "No", "No", "Unknown"))} AS enrolled,
        round(random() * 1000, 2) AS score, 'note "' || i || '", with a comma' AS note
        FROM range({persons}) AS t(i)) TO '{path}' (HEADER)"""
    )


def ours(path: Path) -> Result:
    started = time.perf_counter()
    reading = child.run("people", path, MAPPING, memory_mb=400)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {"seconds": seconds, "mb": _megabytes(peak), "rows": len(reading.rows),
            "persons": reading.persons}  # fmt: skip


def duckdb_alone(path: Path) -> Result:
    started = time.perf_counter()
    with duckdb.connect() as connection:
        query = f"SELECT {GROUPING} FROM read_csv(?) GROUP BY ALL"
        rows = connection.execute(query, [str(path)]).fetchall()
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "mb": child.used_mb(), "rows": len(rows),
            "persons": sum(row[-1] for row in rows)}  # fmt: skip


def postgres_copy(path: Path) -> Result:
    with psycopg.connect(os.environ["BENCH_DATABASE_URL"]) as connection:
        connection.execute(
            "CREATE UNLOGGED TABLE bench_people (person_id text, county text, born date, race text,"
            " sex text, enrolled text, score numeric, note text)"
        )
        started = time.perf_counter()
        copy = "COPY bench_people FROM STDIN (FORMAT csv, HEADER)"
        with connection.cursor().copy(copy) as into, path.open("rb") as file:
            while piece := file.read(1 << 20):
                into.write(piece)
        copied = time.perf_counter() - started
        grouping = GROUPING.replace("year(born)", "extract(year FROM born)")
        query = f"SELECT {grouping} FROM bench_people GROUP BY 1, 2, 3, 4, 5"
        rows = connection.execute(query).fetchall()
        seconds = time.perf_counter() - started
        connection.rollback()
    return {"seconds": seconds, "copy": copied, "rows": len(rows),
            "persons": sum(row[-1] for row in rows)}  # fmt: skip


MEASURES: dict[str, Callable[[Path], Result]] = {
    "ours": ours, "duckdb": duckdb_alone, "postgres": postgres_copy,
}  # fmt: skip


def _megabytes(peak: int) -> float:
    return peak / (1 << 20) if sys.platform == "darwin" else peak / 1024


def measure(name: str, path: Path) -> Result:
    """In a new process: neither memory nor warm caches are shared."""
    command = [sys.executable, "-m", "tests.bench.import_people", name, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def run(persons: int = PERSONS) -> dict[str, Result]:
    """Middle result per measure; prints the table."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, database(Path(folder)) as has_pg:
        path = Path(folder) / "people.csv"
        make_file(path, persons)
        size = path.stat().st_size >> 20
        names = [name for name in MEASURES if has_pg or name != "postgres"]
        rounds = [{name: measure(name, path) for name in names} for _ in range(ROUNDS)]
    results = {
        name: sorted((each[name] for each in rounds), key=lambda one: one["seconds"])[ROUNDS // 2]
        for name in names
    }
    print(f"\n{persons:,} persons, {size} MB, middle of {ROUNDS} rounds")
    show(results)
    return results


@contextmanager
def database(folder: Path) -> Iterator[bool]:
    """The test run's PostgreSQL, else a throw-away one; False where none can be started."""
    if url := os.environ.get("DATABASE_OWNER_URL"):
        os.environ["BENCH_DATABASE_URL"] = url
        yield True
        return
    folder.chmod(0o711)  # a server started by root belongs to another account
    server = Postgres(folder / "pg", throwaway=True)
    (folder / "pg").mkdir(mode=0o711)
    try:
        server.start()
    except Trouble as trouble:
        print(f"PostgreSQL is left out: {trouble}")
        yield False
        return
    try:
        os.environ["BENCH_DATABASE_URL"] = database_url("owner", server.place)
        yield True
    finally:
        server.stop()


def show(results: dict[str, Result]) -> None:
    bare = results["duckdb"]["seconds"]
    print(f"{'':32}{'seconds':>9}{'of duckdb':>11}{'peak MB':>9}{'rows':>8}")
    names = {"ours": "ours, whole reading", "duckdb": "DuckDB, read and group",
             "postgres": "PostgreSQL, COPY and group"}  # fmt: skip
    for name, result in results.items():
        memory = f"{result['mb']:.0f}" if "mb" in result else "-"
        ratio = result["seconds"] / bare
        print(f"{names[name]:32}{result['seconds']:9.2f}{ratio:11.2f}{memory:>9}{result['rows']:8}")
    if "postgres" in results:
        print(f"{'  of it COPY alone':32}{results['postgres']['copy']:9.2f}")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(MEASURES[sys.argv[1]](Path(sys.argv[2]))))
    else:
        run()
