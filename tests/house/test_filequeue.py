"""The queue of files: made when missing, whole messages only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError
from kombu.simple import SimpleQueue

from ciforum.filequeue import Transport


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "not" / "there" / "yet"


@pytest.fixture
def name() -> str:
    """Never used before: kombu remembers what it has declared, for as long as the process lives."""
    return f"work{uuid4().hex}"


@pytest.fixture
def queue(folder, name) -> Iterator[SimpleQueue]:
    options = {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "control_folder": str(folder / "control"),
        "polling_interval": 0.01,
    }
    with Connection(transport=Transport, transport_options=options) as connection:
        yield connection.SimpleQueue(name)


def taken(queue: SimpleQueue) -> list:
    """All that is in it."""
    found = []
    while queue.qsize():
        try:
            message = queue.get(timeout=0.1)
        except queue.Empty:
            continue
        message.ack()
        found.append(message.payload)
    return found


def test_its_folders_are_made_and_are_nobody_elses(queue, folder):
    queue.put({"job": 1})

    assert taken(queue) == [{"job": 1}]
    assert {part.stat().st_mode & 0o777 for part in folder.iterdir()} == {0o700}


def test_half_a_message_is_dropped_and_the_next_is_delivered(queue, folder, name):
    (folder / "messages" / f"0_cut-off.{name}.msg").write_text('{"body": "')
    (folder / "messages" / f"0_empty.{name}.msg").touch()
    queue.put({"job": 2})

    assert taken(queue) == [{"job": 2}]


def test_a_message_that_is_being_written_is_not_seen(queue, folder):
    queue.put({"job": 3})
    (message,) = (folder / "messages").iterdir()
    message.rename(message.with_suffix(".part"))

    assert queue.qsize() == 0


def test_a_message_that_cannot_be_written_leaves_nothing(queue, folder, monkeypatch):
    def full(self: Path, text: str) -> None:
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)

    with pytest.raises(ChannelError):
        queue.put({"job": 4})

    assert list((folder / "messages").iterdir()) == []


def test_half_a_table_of_queues_is_written_anew(queue, folder, name):
    (folder / "control" / f"{name}.exchange").write_text('[["wo')
    Transport.global_state.clear()  # as in a process that has just started

    again = queue.channel.connection.client.SimpleQueue(name)
    again.put({"job": 5})

    assert taken(again) == [{"job": 5}]
