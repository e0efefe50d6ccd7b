"""A job sent over a real Redis reaches a real worker process and is done there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from celery import Celery
from django.db import connection

from ciforum import processes
from ciforum.embedded.place import CHECKOUT
from ciforum.people.models import Job

SERVER = os.environ.get("CIFORUM_TEST_REDIS", "")
# Tests run side by side, each on a database of its own: no worker may take another one's job.
NUMBER = 8 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 8
REDIS = f"{SERVER.rpartition('/')[0]}/{NUMBER}"

pytestmark = [
    pytest.mark.redis,
    pytest.mark.skipif(not SERVER, reason="no Redis (set CIFORUM_TEST_REDIS=redis://…)"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of its own process, on this test's database, with the queue in Redis."""
    with redis.Redis.from_url(REDIS) as queue:
        queue.flushdb()
    url = os.environ["DATABASE_OWNER_URL"].replace(
        "/ciforum?", f"/{connection.settings_dict['NAME']}?"
    )
    env = os.environ | {"REDIS_URL": REDIS, "DEBUG": "on", "DATABASE_URL": url}
    line = [sys.executable, "-m", "celery", "-A", "ciforum", "worker", "--pool", "threads"]
    process = processes.start(line, log=tmp_path / "worker.log", env=env, cwd=CHECKOUT)
    yield process
    processes.signal_group(process.pid, signal.SIGKILL)
    process.wait()


def wait_until_tried(job: Job) -> None:
    end = time.monotonic() + 90
    while job.tries == 0:
        assert time.monotonic() < end, "no worker has taken the job"
        time.sleep(0.2)
        job.refresh_from_db()


@pytest.mark.parametrize("name", ["run_job", "run_overdue_jobs"])
def test_a_job_reaches_a_worker_over_redis(name, worker):
    job = Job.objects.create(kind="measurement.protect", args=[0])  # there is no release 0

    with Celery(broker=REDIS) as sender:
        sender.send_task(f"ciforum.people.tasks.{name}", [job.pk] if name == "run_job" else [])

    wait_until_tried(job)
    assert job.tries == 1
