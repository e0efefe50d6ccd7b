"""The port that the web answers on."""

from __future__ import annotations

import errno
import socket
from contextlib import suppress

from ciforum.trouble import Trouble

FIRST = 8000
_TRIED = 100


def listen(asked: str | None) -> tuple[socket.socket, int]:
    """A socket that listens on a port of this machine only, and the port.

    asked: what the environment's PORT says. If it is busy that is Trouble; without it the next
    free one is taken. The socket is handed to the web server, so nobody takes the port meanwhile.
    """
    if asked:
        port = _number(asked)
        if found := _listen(port):
            return found, port
        raise Trouble(f"Port {port} is in use by another program. Choose another one with PORT=….")
    for port in range(FIRST, FIRST + _TRIED):
        if found := _listen(port):
            return found, port
    raise Trouble(f"No port from {FIRST} to {FIRST + _TRIED - 1} is free. Choose one with PORT=….")


def _number(asked: str) -> int:
    if asked.isascii() and asked.isdigit() and 0 < int(asked) < 65536:
        return int(asked)
    raise Trouble(f"PORT is {asked!r}; it must be a number from 1 to 65535.")


def _listen(port: int) -> socket.socket | None:
    """A listening socket, or None if the port is in use, on any address of "localhost"."""
    if any(_answers(host, port) for host in ("127.0.0.1", "::1")):
        return None
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(("127.0.0.1", port))
        found.listen(128)
    except PermissionError as error:
        found.close()
        raise Trouble(f"This account may not use port {port}; choose one above 1023.") from error
    except OSError as error:
        found.close()
        if error.errno == errno.EADDRINUSE:
            return None
        raise
    return found


def _answers(host: str, port: int) -> bool:
    with suppress(OSError), socket.create_connection((host, port), timeout=1):
        return True
    return False
