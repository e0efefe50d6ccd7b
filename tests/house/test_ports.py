"""Which port the demonstration answers on."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from ciforum.local import ports
from ciforum.trouble import Trouble


@pytest.fixture
def busy() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_a_busy_port_that_was_asked_for_is_refused(busy):
    with pytest.raises(Trouble, match=f"Port {busy} is in use"):
        ports.listen(str(busy))


def test_without_a_wish_the_next_free_port_is_taken(busy, monkeypatch):
    monkeypatch.setattr(ports, "FIRST", busy)

    found, port = ports.listen(None)

    with found:
        assert port > busy
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            pass


@pytest.mark.parametrize("asked", ["abc", "0", "65536", "-1", "80 80", "٨٠٠٠"])
def test_a_port_that_is_no_port_gets_a_sentence(asked):
    with pytest.raises(Trouble, match="must be a number"):
        ports.listen(asked)
