"""The programs that make up the running application, and how each is started."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ciforum import processes
from ciforum.embedded.place import CHECKOUT

Process = subprocess.Popen[bytes]

_WEB = ["--no-control-socket", "--worker-class", "gthread", "--workers", "2", "--threads", "4"]
_WEB += ["--graceful-timeout", "5", "--timeout", "120", "--log-level", "warning"]
# Threads: imports run in child processes of their own, so the worker mostly waits; a pool of
# processes would keep more copies of Django in memory and gain nothing on one machine.
_WORKER = ["--pool", "threads", "--concurrency", "2", "--without-gossip", "--without-mingle"]


@dataclass
class Part:
    """A program that is kept running."""

    name: str
    start: Callable[[], Process]
    log: Path
    last_signal: signal.Signals = signal.SIGTERM
    process: Process = field(init=False)
    restarts: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.process = self.start()

    def ended(self) -> bool:
        return self.process.poll() is not None

    def say(self, number: signal.Signals) -> None:
        """Signal the program and all it has started."""
        processes.signal_group(self.process.pid, number)

    def restarted_too_often(self, now: float, times: int = 5, within: float = 60) -> bool:
        """Count one more restart; whether that makes more than `times` in `within` seconds."""
        self.restarts = [when for when in self.restarts if now - when < within] + [now]
        return len(self.restarts) > times


def web(listening: socket.socket, env: dict[str, str]) -> Part:
    """The web server; it borrows our socket, so the port stays ours while it restarts.

    The caller keeps `listening` open for as long as the part may be started again.
    """
    bind = ["--bind", f"fd://{listening.fileno()}"]
    command = ["gunicorn", "ciforum.wsgi:application", *bind, *_WEB]
    return _python("web", env, command, pass_fds=[listening.fileno()])


def worker(env: dict[str, str]) -> Part:
    return _python("worker", env, ["celery", "-A", "ciforum", "worker", "-l", "WARNING", *_WORKER])


def beat(env: dict[str, str]) -> Part:
    schedule = str(Path(env["CIFORUM_LOCAL"]) / "beat")
    command = ["celery", "-A", "ciforum", "beat", "-l", "WARNING", "--schedule", schedule]
    return _python("beat", env, command)


def guard(env: dict[str, str]) -> Part:
    def start() -> Process:
        return subprocess.Popen(
            [sys.executable, "-m", "ciforum.local.guard"],
            stdin=subprocess.PIPE,  # when this end closes, we are gone
            cwd=CHECKOUT,
            env=env,
            start_new_session=True,
        )

    return Part("guard", start, Path(env["CIFORUM_LOCAL"]) / "guard.log")


def _python(
    name: str, env: dict[str, str], module: list[str], pass_fds: list[int] | None = None
) -> Part:
    log = Path(env["CIFORUM_LOCAL"]) / f"{name}.log"
    command = [sys.executable, "-m", *module]

    def start() -> Process:
        return processes.start(command, log=log, env=env, cwd=CHECKOUT, pass_fds=pass_fds or [])

    return Part(name, start, log)
