"""Child processes that do not outlive us, and processes recognized beyond doubt.

A process id alone says little: after a crash or a restart of the machine it may belong to a
stranger. A process is therefore known by its id *and* the moment it was born.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

LOG_BYTES = 10_000_000
_PR_SET_PDEATHSIG = 1


def open_log(path: Path) -> Any:
    """Open a log to append to, readable by its owner only; one that has grown starts anew."""
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".old.log"))
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def _request_of_linux(number: signal.Signals) -> Callable[[], object] | None:
    """The call that has Linux signal the calling process when its parent dies."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        import ctypes  # noqa: PLC0415  a Python built without libffi has none
    except ImportError:
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def _tied_to_us(number: signal.Signals) -> Callable[[], None] | None:
    """What a child does before its program starts, so that it hears of our death."""
    request, parent = _request_of_linux(number), os.getpid()
    if request is None:
        return None

    def tie() -> None:
        request()
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return tie


def tie_to_parent() -> None:
    """Have this very process end when its parent dies (Linux; elsewhere nothing happens)."""
    if request := _request_of_linux(signal.SIGTERM):
        request()


def start(
    command: Iterable[str | Path],
    *,
    log: Path,
    last_signal: signal.Signals = signal.SIGTERM,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    pass_fds: Iterable[int] = (),
    account: Mapping[str, Any] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own; it gets `last_signal` when we die.

    account: `user`, `group` and `extra_groups` of subprocess.Popen.
    """
    with open_log(log) as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=cwd,
            env=env,
            pass_fds=tuple(pass_fds),
            start_new_session=True,  # Ctrl-C at the terminal is ours to pass on, in order
            preexec_fn=_tied_to_us(last_signal),
            **(account or {}),
        )


def born(pid: int) -> str | None:
    """When this process began, as an opaque mark; None if it is gone (a zombie is gone)."""
    if sys.platform.startswith("linux"):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] in "ZX" else fields[19]
    shown = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, since = shown.stdout.strip().partition(" ")
    return since.strip() if state and not state.startswith("Z") else None


def wait_for_end(pids: Mapping[int, str], seconds: float) -> bool:
    """Wait until none of the processes (id: born) is left; False when the time ran out."""
    end = time.monotonic() + seconds
    while any(born(pid) == since for pid, since in pids.items()):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def signal_group(pid: int, number: signal.Signals) -> None:
    """Signal a process started by `start` and all it has started itself, if any is left."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
