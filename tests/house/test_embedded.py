"""The embedded PostgreSQL: its place, its roles, and what it survives."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import environ
import psycopg
import pytest

from ciforum import processes
from ciforum.embedded import EmbeddedPostgresError, Postgres, database_url
from ciforum.embedded.place import recorded_place, remember, socket_folder


@pytest.fixture
def base() -> Iterator[Path]:
    """A local folder that root's borrowed account can reach, with awkward letters in its name."""
    above = Path(tempfile.mkdtemp(prefix="House, Café "))
    above.chmod(0o755)
    yield above / "local"
    shutil.rmtree(above, ignore_errors=True)


@pytest.fixture
def server(base: Path) -> Iterator[Postgres]:
    postgres = Postgres(base).start()  # as people run it: a throw-away one may forget
    yield postgres
    postgres.stop()
    shutil.rmtree(postgres.socket, ignore_errors=True)


def ask(server: Postgres, role: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database_url(role, server.place)) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.parametrize("folder", ["/srv/CI Forum/Café", "/srv/a,b", f"/srv/{'long' * 30}"])
def test_an_address_survives_both_parsers(folder):
    place = Path(folder)
    url = database_url("web", place)

    django = environ.Env.db_url_config(url)
    libpq = psycopg.conninfo.conninfo_to_dict(url)

    assert django["OPTIONS"]["host"] == libpq["host"] == str(socket_folder(place))
    assert (django["USER"], django["NAME"]) == ("ciforum_web", "ciforum")
    assert "," not in libpq["host"]
    assert len(libpq["host"]) < 90


def test_the_web_role_reads_and_writes_rows_and_no_more(server):
    ask(server, "owner", "CREATE TABLE kept (word text)")

    ask(server, "web", "INSERT INTO kept VALUES ('told')")

    assert ask(server, "web", "SELECT word FROM kept") == [("told",)]
    for forbidden in ("TRUNCATE kept", "DROP TABLE kept", "CREATE TABLE other (word text)"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(server, "web", forbidden)


def test_neither_role_is_a_superuser(server):
    query = "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"

    assert ask(server, "owner", query) == ask(server, "web", query) == [(False, False)]


def test_rows_survive_a_kill(server):
    ask(server, "owner", "CREATE TABLE kept (word text)")
    ask(server, "web", "INSERT INTO kept VALUES ('told')")

    server.child.send_signal(signal.SIGKILL)
    server.child.wait()
    server.start()

    assert ask(server, "web", "SELECT word FROM kept") == [("told",)]


def test_a_lock_that_names_a_stranger_stops_nothing(server):
    server.stop()
    lock = server.data / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{server.data}\n")  # we live, and are not PostgreSQL
    shutil.chown(lock, server.data.stat().st_uid, server.data.stat().st_gid)

    server.start()

    assert server.ready()


def test_a_lost_database_is_an_error_not_an_empty_one(server, base):
    server.stop()
    server.place.rename(base / "elsewhere")

    with pytest.raises(EmbeddedPostgresError, match="gone"):
        Postgres(base).start()

    (base / "elsewhere").rename(base / "postgres")


def test_a_copied_checkout_does_not_open_the_first_ones_database(tmp_path):
    first, copy = tmp_path / "first", tmp_path / "copy"
    first.mkdir()
    remember(first, data="/var/lib/ciforum-0/postgres")
    shutil.copytree(first, copy)

    with pytest.raises(EmbeddedPostgresError, match="copied"):
        recorded_place(copy)


def test_a_moved_checkout_keeps_its_database(tmp_path):
    first, moved = tmp_path / "first", tmp_path / "moved"
    first.mkdir()
    remember(first, data="/var/lib/ciforum-0/postgres")
    first.rename(moved)

    assert recorded_place(moved) == Path("/var/lib/ciforum-0/postgres")


def test_data_inside_move_with_the_folder(tmp_path):
    first, moved = tmp_path / "first", tmp_path / "moved"
    first.mkdir()
    remember(first, data="postgres")
    first.rename(moved)

    assert recorded_place(moved) == moved / "postgres"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells the children")
def test_a_cluster_ends_with_the_process_that_started_it(base):
    code = (
        "import sys; from pathlib import Path; from ciforum.embedded import Postgres\n"
        f"server = Postgres(Path({str(base)!r}), throwaway=True).start()\n"
        "print(server.child.pid, flush=True); sys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    since = processes.born(pid)
    assert since is not None

    parent.kill()
    parent.wait()

    assert processes.wait_for_end({pid: since}, 20)
