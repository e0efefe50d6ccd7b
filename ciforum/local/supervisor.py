"""Starts the whole application in order, watches it, stops it in order."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from ciforum.embedded import Postgres
from ciforum.local import parts, ports, running
from ciforum.local.parts import Part
from ciforum.local.preparation import Stopped, forget_first_try, prepare, secret
from ciforum.processes import born
from ciforum.trouble import Trouble, last_line

_FREE_MB = 100
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_STEPS = {"migrate": "Bringing the database up to date …", "demo": "Loading the demonstration …"}


class Supervisor:
    """One running application with its state under `local`."""

    def __init__(self, local: Path) -> None:
        self.local = local
        self.stopping = False
        self.parts: list[Part] = []  # in the order of their start
        self.postgres: Postgres | None = None
        self.listening: socket.socket | None = None  # kept open: the web may start again
        self.record = running.Running(local)

    def serve(self) -> int:
        """Run until somebody stops us; returns the exit code. Raises Trouble."""
        lock = running.lock(self.local)
        if lock is None:
            address = running.other(self.local).address or "an address it has yet to find"
            print(f"CI Forum already runs, at {address} (stop it with: make stop).")
            return 0
        with lock:
            self._catch_signals()
            try:
                self._start()
                self._watch()
            except Stopped:
                return 0
            finally:
                self._stop()

    def _catch_signals(self) -> None:
        def stop(number: int, frame: object) -> None:
            self.stopping = True

        for number in _SIGNALS:
            # nohup has SIGHUP ignored and means it; a background shell has SIGINT ignored.
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, stop)

    def _start(self) -> None:
        self._sweep()
        self._check_disk()
        asked = os.environ.get("PORT")
        self.listening, port = ports.listen(asked)
        if not asked and port != ports.FIRST:
            print(f"Port {ports.FIRST} is in use; taking {port}.")
        address = f"http://localhost:{port}/"
        env = self._environment(address)
        self.record = running.ourselves(self.local, address)
        self._prepare_database(env)
        self._keep(parts.web(self.listening, env))
        self._await_answer(port)
        for part in (parts.worker, parts.beat, parts.guard):
            self._keep(part(env))
        print(f"\n  CI Forum answers at {address}\n")
        print(f"Ctrl-C stops it. Data, e-mails and logs are in {self.local}", flush=True)

    def _sweep(self) -> None:
        """End what an earlier supervisor left when it was killed."""
        if left := running.Running.read(self.local).end_leftovers():
            print(f"An earlier start had left something running; ended: {', '.join(left)}.")

    def _check_disk(self) -> None:
        free = shutil.disk_usage(self.local).free // 1_000_000
        if free < _FREE_MB:
            raise Trouble(
                f"The disk of {self.local} is full: {free} MB free, {_FREE_MB} MB are needed."
            )

    def _environment(self, address: str) -> dict[str, str]:
        """What the application is told; what the person at the terminal has set wins."""
        for folder in ("queue/messages", "queue/control", "mail", "files", "cache"):
            (self.local / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        ours = {
            "CIFORUM_DEMO": "1",
            "DEBUG": "off",
            "SECRET_KEY": secret(self.local),
            "SITE_URL": address.rstrip("/"),
            "PYTHONUNBUFFERED": "1",
        }
        fixed = {"CIFORUM_LOCAL": str(self.local), "DJANGO_SETTINGS_MODULE": "ciforum.settings"}
        return ours | dict(os.environ) | fixed

    def _prepare_database(self, env: dict[str, str]) -> None:
        place = None
        if os.environ.get("DATABASE_URL"):
            print("Using the database that DATABASE_URL names.")
        else:
            self.postgres = Postgres(self.local)
            forget_first_try(self.postgres.place)
            self._keep(self._postgres_part(self.postgres))
            place = self.postgres.place
        prepare(_STEPS, place=place, env=env, stopping=lambda: self.stopping)

    def _postgres_part(self, postgres: Postgres) -> Part:
        return Part("PostgreSQL", lambda: postgres.start().child, postgres.log, signal.SIGINT)

    def _keep(self, part: Part) -> None:
        self.parts.append(part)
        self._write_down()
        self._look_after()

    def _write_down(self) -> None:
        """Record what runs, for whoever comes after us should we be killed."""
        self.record.started = [
            running.Started(part.name, part.process.pid, since, part.last_signal)
            for part in self.parts
            if (since := born(part.process.pid))
        ]
        self.record.write()

    def _await_answer(self, port: int, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not _answers(port):
            self._look_after()
            if time.monotonic() > end:
                log = self.local / "web.log"
                raise Trouble(f"The web does not answer: {last_line(log)} (log: {log})")
            time.sleep(0.1)

    def _watch(self) -> NoReturn:
        while True:
            self._look_after()
            time.sleep(0.2)

    def _look_after(self) -> None:
        """Start again what has ended; raise Stopped when asked to stop."""
        if self.stopping:
            raise Stopped
        for part in self.parts:
            if part.ended():
                self._restart(part)

    def _restart(self, part: Part) -> None:
        if part.restarted_too_often(time.monotonic()):
            raise Trouble(f"{part.name} keeps ending: {last_line(part.log)} (log: {part.log})")
        print(f"{part.name} ended unexpectedly; starting it again (log: {part.log}).", flush=True)
        part.say(signal.SIGKILL)  # what it had started itself
        part.process = part.start()
        self._write_down()

    def _stop(self) -> None:
        """End everything; the database last, when nobody needs it any more."""
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must leave nothing behind
        if self.parts:
            print("Stopping …", flush=True)
        others = [part for part in self.parts if part.name != "PostgreSQL"]
        for part in others:
            part.say(part.last_signal)
        end = time.monotonic() + 10
        for part in others:
            with suppress(subprocess.TimeoutExpired):
                part.process.wait(max(0.1, end - time.monotonic()))
            part.say(signal.SIGKILL)
            part.process.wait()
        if self.postgres:
            self.postgres.stop()
        self.record.forget()


def _answers(port: int) -> bool:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asked.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
        return asked.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()
