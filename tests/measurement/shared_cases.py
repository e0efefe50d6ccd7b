"""Worked cases that lie beside the checkout, where they are there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "cases"


def worked(name: str) -> dict[str, Any]:
    """The cases of one file by key; nothing where the file is not there."""
    path = FOLDER / name
    return json.loads(path.read_text()) if path.is_file() else {}
