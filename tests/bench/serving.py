"""A real server before the tests' database."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.conf import settings
from django.db import connection

from ciforum.embedded.place import DATABASE

WORKERS, THREADS = 2, 4


@contextmanager
def gunicorn() -> Iterator[tuple[str, int]]:
    """Its address. It runs as it does for real: production settings, the web's own role."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    tested = connection.get_connection_params()["dbname"]
    url = os.environ["DATABASE_URL"].replace(f"/{DATABASE}?", f"/{tested}?")
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "SECRET_KEY": settings.SECRET_KEY,
        "ALLOWED_HOSTS": "127.0.0.1",
        "CIFORUM_DEMO": "1",
    }
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"]
    subprocess.run(collect, env=environment, check=True)
    command = [sys.executable, "-m", "gunicorn", "ciforum.wsgi:application"]
    options = ["--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS), "--threads", str(THREADS)]
    with subprocess.Popen(
        [*command, *options, "--no-control-socket", "--log-level", "warning"], env=environment
    ) as server:
        try:
            _wait(port)
            yield "127.0.0.1", port
        finally:
            server.terminate()


def _wait(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")
