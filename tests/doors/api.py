"""The API, its page and its tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ciforum.people import clock
from ciforum.people.models import ApiToken
from tests.doors.roles import BACKBONE, everyone, members

_CELLS = ("initiative", "indicator")

TABLE = {
    "api:openapi": ("get", ("initiative",), everyone()),
    "api:indicators": ("get", ("initiative",), everyone()),
    "api:indicator": ("get", _CELLS, everyone()),
    "api:cells": ("get", _CELLS, everyone()),
    "api:cells_file": ("get", (*_CELLS, "file_kind"), everyone()),
    "api:shifts": ("get", ("initiative",), everyone()),
    "api:requests": ("get", ("initiative",), everyone()),
    "measurement:programs": ("get", ("initiative",), everyone()),
    "measurement:token_new": ("get", ("initiative",), members(only=BACKBONE)),
    "measurement:token_revoke": ("post", ("initiative", "token_uid"), members(302, only=BACKBONE)),
}


def furnish(house: Any) -> dict[str, Any]:
    token, _secret = ApiToken.issue(
        initiative=house.initiative,
        label="County's report",
        scopes=["measures"],
        expires_at=clock.now() + timedelta(days=30),
        by=house.people["backbone"],
    )
    return {"token_uid": token.uid, "file_kind": "csv"}
