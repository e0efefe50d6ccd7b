"""Removes what all starts have made: python3 ciforum/local/cleaning.py

Run as a script: it removes the virtual environment as well, so it needs the standard library only.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
LOCAL = Path(os.environ.get("CIFORUM_LOCAL") or CHECKOUT / ".local").resolve()
OUTSIDE = Path("/var/lib")  # where data and programs go that root's checkout must not hold
CACHES = (".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis")


def somebody_runs() -> bool:
    try:
        with (LOCAL / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def outside() -> list[Path]:
    """The folders outside the checkout that `<local>/where` names; each is ours alone."""
    try:
        known = json.loads((LOCAL / "where").read_text())
    except (OSError, ValueError):
        return []
    named = [Path(known[key]).parent for key in ("data", "programs") if key in known]
    return [path for path in dict.fromkeys(named) if path.parent == OUTSIDE and path.exists()]


def main() -> int:
    if somebody_runs():
        print("CI Forum runs; stop it first (make stop).", file=sys.stderr)
        return 1
    made = [*outside(), LOCAL, *(CHECKOUT / name for name in (*CACHES, "staticfiles", ".venv"))]
    for path in made:
        if path.exists():
            print(f"Removing {path}")
            shutil.rmtree(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
