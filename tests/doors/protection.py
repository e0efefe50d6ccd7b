"""The addresses of protection."""

from __future__ import annotations

from tests.doors.roles import everyone

TABLE = {
    "measurement:protection": ("get", ("initiative",), everyone()),
}
