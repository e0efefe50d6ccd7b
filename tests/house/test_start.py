"""`make demo` as a person meets it: started, started again, killed, stopped."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from ciforum import processes
from ciforum.embedded.place import CHECKOUT
from ciforum.local.running import Running

# The run's own database must not be used: this is a start with nothing set.
UNSET = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "PORT", "EMAIL_URL")


class Demo:
    """One start of the application, in a folder of its own."""

    def __init__(self, local: Path) -> None:
        self.local = local
        self.env = {key: value for key, value in os.environ.items() if key not in UNSET}
        self.env |= {"CIFORUM_LOCAL": str(local), "DEBUG": "off"}
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, word: str, **env: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "ciforum.local", word]
        asked = {"cwd": CHECKOUT, "env": self.env | env, "capture_output": True, "text": True}
        return subprocess.run(line, timeout=120, check=False, **asked)  # type: ignore[call-overload]

    def start(self) -> Running:
        """Start it and wait until it says where it answers."""
        log = self.local.parent / f"{time.monotonic_ns()}.log"
        line = [sys.executable, "-u", "-m", "ciforum.local", "serve"]
        self.process = processes.start(line, log=log, cwd=CHECKOUT, env=self.env)
        end = time.monotonic() + 240
        while "CI Forum answers at" not in log.read_text():
            assert self.process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.1)
        return Running.read(self.local)

    def end(self, number: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(60)


@pytest.fixture
def demo() -> Iterator[Demo]:
    above = Path(tempfile.mkdtemp(prefix="ciforum start "))
    above.chmod(0o755)
    found = Demo(above / "local")
    yield found
    found.command("stop")
    shutil.rmtree(above, ignore_errors=True)


def answer(address: str, path: str = "healthz") -> int:
    with urllib.request.urlopen(address + path, timeout=30) as response:  # noqa: S310  our own
        return response.status


def all_gone(running: Running) -> bool:
    return processes.wait_for_end({one.pid: one.born for one in running.started}, 30)


def part(running: Running, name: str) -> int:
    return next(one.pid for one in running.started if one.name == name)


def test_a_start_its_twin_a_kill_and_a_stop(demo):
    first = demo.start()
    assert answer(first.address) == 200
    assert (demo.local / "secret").stat().st_mode & 0o777 == 0o600

    # A second start says where the first one answers, and starts nothing.
    twin = demo.command("serve")
    assert (twin.returncode, twin.stderr) == (0, "")
    assert first.address in twin.stdout
    assert len(twin.stdout.splitlines()) == 1

    # A part that is killed comes back on the same port.
    os.kill(part(first, "web"), signal.SIGKILL)
    end = time.monotonic() + 60
    while part(Running.read(demo.local), "web") == part(first, "web"):
        assert time.monotonic() < end
        time.sleep(0.1)
    assert answer(first.address) == 200

    # A killed supervisor leaves nothing running, and the data stay.
    killed = Running.read(demo.local)
    demo.end(signal.SIGKILL)
    assert all_gone(killed)
    secret = (demo.local / "secret").read_text()

    second = demo.start()
    assert answer(second.address) == 200
    assert (demo.local / "secret").read_text() == secret
    assert not (demo.local / "postgres" / "unfinished").exists()

    # Ctrl-C stops everything in order.
    assert demo.end(signal.SIGINT) == 0
    assert all_gone(second)
    assert demo.command("status").returncode == 3
