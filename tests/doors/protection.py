"""The addresses of protection."""

from __future__ import annotations

from tests.doors.roles import BACKBONE, everyone, members

TABLE = {
    "measurement:protection": ("get", ("initiative",), everyone()),
    "measurement:release_roll_up": ("post", ("initiative", "release"), members(302, only=BACKBONE)),
    "measurement:release_offer": ("post", ("initiative", "release"), members(302, only=BACKBONE)),
}

POSTED = {"measurement:release_roll_up": {"to": "parent"}}
