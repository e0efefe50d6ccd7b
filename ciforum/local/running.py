"""Who runs, written down in `<local>/running.json`.

A lock that the kernel drops with its holder says whether a supervisor is alive. The list says
which processes it started, for whoever comes after it was killed.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from ciforum import processes


@dataclass(frozen=True)
class Started:
    """One process that we started, the leader of its group."""

    name: str
    pid: int
    born: str
    last_signal: int


@dataclass
class Running:
    """The record of one supervisor, and of what it started."""

    local: Path
    pid: int = 0
    born: str = ""
    address: str = ""
    started: list[Started] = field(default_factory=list)

    @property
    def path(self) -> Path:
        return self.local / "running.json"

    def write(self) -> None:
        fresh = self.path.with_suffix(".new")
        facts = asdict(self) | {"local": str(self.local)}
        fresh.write_text(json.dumps(facts, indent=2) + "\n")
        fresh.replace(self.path)

    @classmethod
    def read(cls, local: Path) -> Running:
        """The record as it stands; an empty one when there is none or it is damaged."""
        try:
            facts: dict[str, Any] = json.loads((local / "running.json").read_text())
            started = [Started(**one) for one in facts["started"]]
            return cls(local, facts["pid"], facts["born"], facts["address"], started)
        except (OSError, ValueError, KeyError, TypeError):
            return cls(local)

    def is_alive(self) -> bool:
        return bool(self.pid) and processes.born(self.pid) == self.born

    def end_leftovers(self, seconds: float = 10) -> list[str]:
        """End what a killed supervisor left running, except ourselves; returns the names."""
        left = [
            one
            for one in self.started
            if processes.born(one.pid) == one.born and one.pid != os.getpid()
        ]
        for one in left:
            processes.signal_group(one.pid, signal.Signals(one.last_signal))
        if not processes.wait_for_end({one.pid: one.born for one in left}, seconds):
            for one in left:
                if processes.born(one.pid) == one.born:
                    processes.signal_group(one.pid, signal.SIGKILL)
        return [one.name for one in left]

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)


def lock(local: Path) -> IO[str] | None:
    """The supervisor's lock, held until the file is closed; None if another one holds it."""
    local.mkdir(parents=True, exist_ok=True)
    held = (local / "lock").open("a")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.close()
        return None
    return held


def other(local: Path, seconds: float = 5) -> Running:
    """The record of the supervisor that holds the lock; it may need a moment to write it."""
    end = time.monotonic() + seconds
    while not (found := Running.read(local)).is_alive() and time.monotonic() < end:
        time.sleep(0.1)
    return found


def ourselves(local: Path, address: str) -> Running:
    return Running(local, os.getpid(), processes.born(os.getpid()) or "", address)
