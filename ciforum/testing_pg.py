"""Pytest plugin: every test run has a throw-away PostgreSQL of its own.

Loaded early (`-p ciforum.testing_pg`), because pytest-django reads the settings before any
conftest.py. A DATABASE_URL in the environment wins: the tests then make their test database there.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from ciforum import processes
from ciforum.embedded import Postgres, database_url
from ciforum.embedded.place import outside_folder
from ciforum.trouble import Trouble

_PREFIX = "ciforum-test-"


@pytest.hookimpl(wrapper=True)  # wrappers come first: before pytest-django reads the settings
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    # Playwright keeps an event loop running in the main thread, until the last teardown.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    if "PYTEST_XDIST_WORKER" not in os.environ and not os.environ.get("DATABASE_URL"):
        try:
            _start()
        except Trouble as trouble:
            raise pytest.UsageError(str(trouble)) from trouble
    return (yield)


def _start() -> None:
    """Start the cluster and tell this process and its workers where it is."""
    _remove_leftovers()
    base = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    base.chmod(0o711)  # root's runs hand the server to another account, which must pass through
    server = Postgres(base, throwaway=True)
    atexit.register(_end, server)
    server.start()
    os.environ["CIFORUM_LOCAL"] = str(base)
    os.environ["DATABASE_URL"] = database_url("web", server.place)
    os.environ["DATABASE_OWNER_URL"] = database_url("owner", server.place)


def _end(server: Postgres) -> None:
    server.stop()
    _remove(server.base)


def _remove(base: Path) -> None:
    place = Postgres(base)
    for folder in (place.socket, place.place, outside_folder(base), base):
        shutil.rmtree(folder, ignore_errors=True)


def _remove_leftovers() -> None:
    """Remove what runs that were killed have left; their servers ended with them."""
    for base in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        pid = base.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdigit() and processes.born(int(pid)) is None and os.access(base, os.W_OK):
            _remove(base)
