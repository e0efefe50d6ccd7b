"""Whoever comes after a killed supervisor ends what it left, and nothing else."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ciforum import processes
from ciforum.local.running import Running, Started, lock


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = processes.start(["sleep", "60"], log=tmp_path / "log")
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def left(sleeper) -> Started:
    return Started("web", sleeper.pid, processes.born(sleeper.pid) or "", signal.SIGTERM)


def test_what_was_left_is_ended(tmp_path, left, sleeper):
    Running(tmp_path, started=[left]).write()

    assert Running.read(tmp_path).end_leftovers() == ["web"]
    assert sleeper.wait(5) == -signal.SIGTERM


def test_a_stranger_with_the_same_number_is_left_alone(tmp_path, left, sleeper):
    Running(tmp_path, started=[replace(left, born="another moment")]).write()

    assert Running.read(tmp_path).end_leftovers() == []
    assert sleeper.poll() is None


def test_what_does_not_listen_is_killed(tmp_path):
    deaf = [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN);"]
    deaf[-1] += "print('deaf', flush=True); time.sleep(60)"
    process = processes.start(deaf, log=tmp_path / "log")
    while "deaf" not in (tmp_path / "log").read_text():
        assert process.poll() is None
    started = Started("deaf", process.pid, processes.born(process.pid) or "", signal.SIGTERM)

    Running(tmp_path, started=[started]).end_leftovers(seconds=0.5)

    assert process.wait(5) == -signal.SIGKILL


@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"pid": 1}', '{"started": [{"pid": 1}]}'])
def test_a_damaged_record_is_an_empty_one(tmp_path, damaged):
    (tmp_path / "running.json").write_text(damaged)

    assert Running.read(tmp_path) == Running(tmp_path)


def test_only_one_supervisor_at_a_time(tmp_path):
    held = lock(tmp_path)

    assert held is not None
    with held:
        assert lock(tmp_path) is None
    again = lock(tmp_path)
    assert again is not None
    again.close()


def test_a_process_that_has_ended_was_never_born(sleeper):
    assert processes.born(sleeper.pid) is not None

    sleeper.kill()  # not waited for: a zombie

    assert processes.wait_for_end({sleeper.pid: processes.born(sleeper.pid) or ""}, 5)
