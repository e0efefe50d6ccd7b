"""Before the web answers: the database is up to date and the demonstration is loaded."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from ciforum import processes
from ciforum.embedded.place import CHECKOUT
from ciforum.trouble import Trouble, disk_is_full, last_line


class Stopped(Exception):
    """Somebody asked us to stop while we were getting ready."""


def secret(local: Path) -> str:
    """This checkout's own secret key, made once, readable by its owner only."""
    path = local / "secret"
    with suppress(FileExistsError):
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            os.link(fresh, path)  # all of it or nothing; never over an older one
        fresh.unlink()
    return path.read_text().strip()


def forget_first_try(place: Path) -> None:
    """Remove a database whose very first preparation was cut off, by a kill or a full disk.

    The web has never answered from it, so it holds nothing that a person has entered.
    """
    if (place / "unfinished").exists():
        print("The first start was cut off; starting again with an empty database.", flush=True)
        shutil.rmtree(place / "data", ignore_errors=True)
        (place / "unfinished").unlink()


def prepare(
    steps: Mapping[str, str],
    *,
    place: Path | None,
    env: Mapping[str, str],
    stopping: Callable[[], bool],
) -> bool:
    """Run commands of manage.py (name: what to tell the person), unless nothing has changed.

    place: the folder of the embedded database. A file there says which migrations and which
    demonstration it has. None for a server of one's own, which is asked each time.
    Returns whether anything was run. Raises Trouble when a command fails, Stopped when asked to.
    """
    stamp = place / "prepared" if place else None
    now = _fingerprint(place) if place else ""
    if stamp and stamp.exists() and stamp.read_text() == now:
        return False
    if stamp and not stamp.exists():
        (stamp.parent / "unfinished").touch()
    static = _start("collectstatic", env)  # beside the rest: it needs no database
    try:
        for command, words in steps.items():
            print(words, flush=True)
            _finish(command, _start(command, env), env, stopping)
        _finish("collectstatic", static, env, stopping)
    finally:
        _end(static)
    if stamp:
        stamp.write_text(now)
        (stamp.parent / "unfinished").unlink(missing_ok=True)
    return True


def _log(command: str, env: Mapping[str, str]) -> Path:
    return Path(env["CIFORUM_LOCAL"]) / f"{command}.log"


def _start(command: str, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    log = _log(command, env)
    log.unlink(missing_ok=True)
    line = [sys.executable, str(CHECKOUT / "manage.py"), command, "--verbosity", "1"]
    if command == "collectstatic":
        line.append("--no-input")
    return processes.start(line, log=log, env=env, cwd=CHECKOUT)


def _finish(
    command: str,
    process: subprocess.Popen[bytes],
    env: Mapping[str, str],
    stopping: Callable[[], bool],
) -> None:
    log = _log(command, env)
    while process.poll() is None:
        if stopping():
            _end(process)
            raise Stopped
        time.sleep(0.05)
    if process.returncode < 0:
        raise Trouble(
            f"manage.py {command} was killed ({signal.Signals(-process.returncode).name})."
        )
    if process.returncode:
        if disk_is_full(log.read_text(errors="replace")):
            raise Trouble("The disk is full: the first start could not be finished.")
        raise Trouble(f"manage.py {command} failed: {last_line(log)} (log: {log})")


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _fingerprint(place: Path) -> str:
    """What a first start makes depends on: database, migrations, demonstration, static files."""
    digest = hashlib.sha256(str((place / "data" / "PG_VERSION").stat().st_ino).encode())
    for path in _sources():
        digest.update(f"{path.relative_to(CHECKOUT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    yield CHECKOUT / "constraints.txt"
    for pattern in (
        "*/migrations/*.py",
        "*/*/migrations/*.py",
        "ciforum/demo/**/*",
        "static/**/*",
    ):
        yield from sorted(path for path in CHECKOUT.glob(pattern) if path.is_file() and _kept(path))


def _kept(path: Path) -> bool:
    return "__pycache__" not in path.parts
