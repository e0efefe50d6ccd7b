"""Starts and stops the embedded PostgreSQL server, always as our own child."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psycopg

from ciforum import processes
from ciforum.embedded import roles
from ciforum.embedded.account import Account, environment
from ciforum.embedded.errors import EmbeddedPostgresError
from ciforum.embedded.place import (
    ADMIN,
    INSIDE,
    outside_folder,
    recorded_place,
    remember,
    socket_folder,
)
from ciforum.embedded.programs import Programs, find
from ciforum.trouble import disk_is_full, last_line

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}
# A throw-away cluster need not survive a crash.
_CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """One PostgreSQL server with its data under `base`, the local folder of a checkout.

    throwaway: the data need not survive a crash of the machine; faster, for tests.
    """

    def __init__(self, base: Path, *, throwaway: bool = False) -> None:
        self.base = Path(base).resolve()
        self.throwaway = throwaway
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def place(self) -> Path:
        """The folder with data, log and socket, as recorded; before the first start, a guess."""
        return recorded_place(self.base) or self.base / INSIDE

    @property
    def data(self) -> Path:
        return self.place / "data"

    @property
    def log(self) -> Path:
        return self.base / "postgres.log"

    @property
    def socket(self) -> Path:
        return socket_folder(self.place)

    @property
    def child(self) -> subprocess.Popen[bytes]:
        """The server's process, once started."""
        if self.process is None:
            raise EmbeddedPostgresError("PostgreSQL has not been started here.")
        return self.process

    def ready(self) -> bool:
        """Whether the server answers. Never raises."""
        try:
            roles.connect(self.socket, "postgres").close()
        except psycopg.Error:
            return False
        return True

    def start(self, timeout: float = 60) -> Postgres:
        """Start the server, make what is missing, return when it answers.

        timeout: seconds; a recovery after a crash may need some.
        Raises EmbeddedPostgresError with a sentence for the person at the terminal.
        """
        account = Account.choose()
        self.base.mkdir(parents=True, exist_ok=True)
        place = _choose_place(self.base, account)
        account.make_private(place)
        programs = find(account, _version_of(place / "data"))
        if not (place / "data").exists():
            _make_cluster(place, programs, account, careless=self.throwaway)
        remember(self.base, data=str(_relative(place, self.base)))
        account.make_private(self.socket)
        self._stop_leftover()
        self._launch(programs, account, timeout)
        roles.prepare(self.socket)
        return self

    def stop(self) -> None:
        """End the server, in order; returns when it is gone. Does nothing when none runs."""
        if self.process is None:
            self._stop_leftover()
            return
        for number, seconds in ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            self.process.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
                break
        self.process = None

    def _launch(self, programs: Programs, account: Account, timeout: float) -> None:
        end = time.monotonic() + timeout
        while True:
            _forget_stale_locks(self.data, self.socket)
            self.process = processes.start(
                [programs.folder / "postgres", "-D", self.data, *self._options()],
                log=self.log,
                last_signal=signal.SIGINT,  # "fast": don't wait for clients
                cwd=self.place,
                env=environment(),
                account=account.popen,
            )
            while self.process.poll() is None and time.monotonic() < end:
                if self.ready():
                    return
                time.sleep(0.05)
            self._explain(give_up=time.monotonic() >= end)
            time.sleep(0.5)  # a killed server's children may need a moment to leave

    def _explain(self, *, give_up: bool) -> None:
        """Raise when another try is useless."""
        line = last_line(self.log)
        if not (give_up or disk_is_full(line)):
            return
        self.stop()
        if disk_is_full(line):
            raise EmbeddedPostgresError(f"The disk that holds the database ({self.place}) is full.")
        raise EmbeddedPostgresError(f"PostgreSQL did not start: {line} (log: {self.log})")

    def _options(self) -> list[str]:
        settings = _SETTINGS | {"unix_socket_directories": f'"{self.socket}"'}
        if self.throwaway:
            settings |= _CARELESS
        return [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]

    def _stop_leftover(self) -> None:
        """End a server of ours that outlived whoever started it, so that it is always our child."""
        if not self.ready():
            return
        pid = _pid_in(self.data / "postmaster.pid")
        since = processes.born(pid) if pid else None
        if pid and since:
            processes.signal_group(pid, signal.SIGINT)
            processes.wait_for_end({pid: since}, 20)


def _choose_place(base: Path, account: Account) -> Path:
    """The recorded place, or at the first start one that the account can reach."""
    inside, outside = base / INSIDE, outside_folder(base) / INSIDE
    if place := recorded_place(base):
        if not account.enters(place):
            raise EmbeddedPostgresError(
                f"The database of this checkout lies in {place}, which {account.name} cannot enter "
                f"or which is gone. Make it reachable again; or, to start with an empty database, "
                f"run 'make clean'."
            )
        return place
    if account.entry is None:
        return inside
    for made in (inside, outside):
        if _version_of(made / "data"):
            return made
    if account.enters(base):
        return inside
    outside.mkdir(parents=True, exist_ok=True)
    outside.parent.chmod(0o755)
    return outside


def _relative(place: Path, base: Path) -> Path:
    return place.relative_to(base) if place.is_relative_to(base) else place


def _version_of(data: Path) -> int | None:
    try:
        return int((data / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


def _make_cluster(place: Path, programs: Programs, account: Account, *, careless: bool) -> None:
    """initdb into a folder beside, then rename: half a cluster is never taken for a whole one."""
    half = place / "data.new"
    shutil.rmtree(half, ignore_errors=True)
    options = ["-U", ADMIN, "-A", "trust", "-E", "UTF8", *_locale(programs.major)]
    options += ["-N"] if careless else []  # don't wait for the disk
    made = account.run(programs.folder / "initdb", "-D", half, *options, cwd=place)
    if made.returncode:
        shutil.rmtree(half, ignore_errors=True)
        if disk_is_full(made.stderr):
            raise EmbeddedPostgresError(f"The disk of {place} is full; a database needs 60 MB.")
        reason = " ".join(made.stderr.split())[-400:]
        raise EmbeddedPostgresError(f"PostgreSQL could not make a database in {place}: {reason}")
    half.rename(place / "data")


def _locale(major: int) -> list[str]:
    """UTF-8 that sorts by code point, the same on every machine: sorting for people is ours."""
    if major >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8" if sys.platform.startswith("linux") else "--locale=C"]


def _pid_in(lock: Path) -> int | None:
    try:
        return abs(int(lock.read_text().split()[0]))
    except (OSError, ValueError, IndexError):
        return None


def _forget_stale_locks(data: Path, socket: Path) -> None:
    """Remove lock files whose process id now belongs to a stranger.

    PostgreSQL itself forgets a lock whose process is gone, but after a crash or a restart of the
    machine the number may be in use again, and it would refuse to start for ever.
    """
    for lock in (data / "postmaster.pid", socket / ".s.PGSQL.5432.lock"):
        pid = _pid_in(lock)
        if pid and processes.born(pid) and not _is_postgres(pid):
            lock.unlink(missing_ok=True)


def _is_postgres(pid: int) -> bool:
    shown = Path(f"/proc/{pid}/comm")
    if shown.exists():
        return shown.read_text().strip() == "postgres"
    ps = ["ps", "-o", "comm=", "-p", str(pid)]
    asked = subprocess.run(ps, capture_output=True, text=True, check=False)
    return Path(asked.stdout.strip()).name == "postgres"
