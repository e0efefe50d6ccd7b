"""Who runs PostgreSQL. It refuses to be root, so root lends it an account that can do little."""

from __future__ import annotations

import os
import pwd
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

from ciforum.embedded.errors import EmbeddedPostgresError

LENT = ("postgres", "nobody")


class Account:
    """Ourselves, or for root the account that PostgreSQL runs as."""

    def __init__(self, entry: pwd.struct_passwd | None = None) -> None:
        self.entry = entry

    @classmethod
    def choose(cls) -> Account:
        if os.geteuid() != 0:
            return cls()
        for name in LENT:
            with suppress(KeyError):
                return cls(pwd.getpwnam(name))
        raise EmbeddedPostgresError(
            "PostgreSQL does not run as root, and this machine has neither an account 'postgres' "
            "nor 'nobody'. Start as an ordinary user, or set DATABASE_URL to a server of your own."
        )

    @property
    def name(self) -> str:
        return self.entry.pw_name if self.entry else "this account"

    @property
    def uid(self) -> int:
        return self.entry.pw_uid if self.entry else os.geteuid()

    @property
    def popen(self) -> dict[str, Any]:
        """The arguments that make subprocess start a program as this account."""
        if self.entry is None:
            return {}
        return {"user": self.entry.pw_uid, "group": self.entry.pw_gid, "extra_groups": []}

    def run(self, *command: str | Path, cwd: Path | str = "/") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            **self.popen,
        )

    def enters(self, folder: Path) -> bool:
        """Whether it may enter the folder; a path that does not exist cannot be entered."""
        return self.run("/bin/sh", "-c", 'cd "$0"', folder).returncode == 0

    def make_private(self, folder: Path) -> None:
        """Make a folder that this account alone may look into, and refuse one of somebody else's.

        The check matters in /tmp, where a stranger may have made a folder of this name before us.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), self.uid):
            raise EmbeddedPostgresError(
                f"{folder} belongs to another account. Start as that account, or set CIFORUM_LOCAL "
                "to a folder of your own."
            )
        if self.entry is not None:
            os.chown(folder, self.entry.pw_uid, self.entry.pw_gid)
        folder.chmod(0o700)


def environment() -> dict[str, str]:
    """Our environment without the variables that would lead PostgreSQL somewhere else."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return kept | {"LC_ALL": "C"}
