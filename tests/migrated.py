"""One database with every migration done, which each process of a test run copies.

Migrations take most of a short run. So one process of a run makes this database, the others copy
it; and what it came to is kept as a dump in `.local`, for the next run of the same migrations, or
of more of them.
"""

from __future__ import annotations

import fcntl
import hashlib
import inspect
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from ciforum.embedded import programs
from ciforum.embedded.account import Account
from ciforum.embedded.place import CHECKOUT

NAME = "ciforum_migrated"
KEPT = 4


def use() -> None:
    """Let the test database of this process be a copy. Without our own server nothing changes."""
    base = os.environ.get("CIFORUM_LOCAL", "")
    if not base or not Path(base).name.startswith("ciforum-test-"):
        return
    with _alone(Path(base) / "migrated.lock"), _server() as server:
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        if server.execute(query, [NAME]).fetchone() is None:
            _make(server)
    connection.settings_dict["TEST"]["TEMPLATE"] = NAME


def _make(server: psycopg.Connection) -> None:
    """Made under another name first: what has the right name is whole."""
    server.execute("CREATE DATABASE ciforum_migrating")
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "ciforum_migrating"
    try:
        present = _present()
        dump = _nearest(present)
        if dump:
            _psql(dump)
        call_command("migrate", verbosity=0, interactive=False)
        if dump is None or _says(dump) != present:
            _keep(present)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
    server.execute(f"ALTER DATABASE ciforum_migrating RENAME TO {NAME}")


def _present() -> dict[str, str]:
    """Every migration there is, with the digest of its file."""
    found = MigrationLoader(None).disk_migrations
    return {
        f"{app}.{name}": hashlib.sha256(
            Path(inspect.getfile(type(migration))).read_bytes()
        ).hexdigest()
        for (app, name), migration in found.items()
    }


def _nearest(present: dict[str, str]) -> Path | None:
    """The dump with most of these migrations and no other."""
    dumps = [each for each in _folder().glob("*.sql") if each.with_suffix(".json").exists()]
    fitting = [dump for dump in dumps if _says(dump).items() <= present.items()]
    return max(fitting, key=lambda dump: len(_says(dump)), default=None)


def _says(dump: Path) -> dict[str, str]:
    said: dict[str, str] = json.loads(dump.with_suffix(".json").read_text())
    return said


def _keep(present: dict[str, str]) -> None:
    text = json.dumps(present, sort_keys=True)
    dump = _folder() / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.sql"
    half = dump.with_suffix(f".{os.getpid()}")
    _run("pg_dump", "--no-comments", "--no-owner", "--file", str(half))
    dump.with_suffix(".json").write_text(text)
    half.rename(dump)
    for old in sorted(_folder().glob("*.sql"), key=lambda each: each.stat().st_mtime)[:-KEPT]:
        old.unlink(missing_ok=True)
        old.with_suffix(".json").unlink(missing_ok=True)


def _psql(dump: Path) -> None:
    # The schema itself is there already.
    text = dump.read_text().replace("CREATE SCHEMA public;", "")
    _run("psql", "--quiet", "--set", "ON_ERROR_STOP=1", input=text)
    os.utime(dump)


def _run(program: str, *arguments: str, input: str | None = None) -> None:
    params = connection.get_connection_params()
    where = {"PGHOST": params["host"], "PGUSER": params["user"], "PGDATABASE": params["dbname"]}
    path = programs.find(Account.choose()).folder / program
    subprocess.run(
        [path, *arguments],
        env={**os.environ, **where},
        input=input,
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=sys.stderr,
    )


def _folder() -> Path:
    folder = CHECKOUT / ".local" / "migrated"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _server() -> Iterator[psycopg.Connection]:
    params = {**connection.get_connection_params(), "dbname": "postgres"}
    known = {name: params[name] for name in ("host", "port", "user", "password") if name in params}
    with psycopg.connect(**known, dbname="postgres", autocommit=True) as server:
        yield server
