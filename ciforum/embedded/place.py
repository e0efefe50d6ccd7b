"""Where the data lie, and how to reach them.

The place is chosen once and recorded in `<local>/where`. Were it chosen anew at each start, a
changed permission would silently open another, empty database.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from ciforum.embedded.errors import EmbeddedPostgresError

CHECKOUT = Path(__file__).resolve().parents[2]
DATABASE = "ciforum"
ADMIN, OWNER, WEB = "ciforum_admin", "ciforum_owner", "ciforum_web"
INSIDE = "postgres"  # the folder under <local>
_SOCKET_PATH = 80  # a socket's path holds about 100 bytes, with "/.s.PGSQL.5432.lock" at its end


def local_folder() -> Path:
    """The folder for everything this checkout keeps for itself."""
    return Path(os.environ.get("CIFORUM_LOCAL") or CHECKOUT / ".local").resolve()


def digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def outside_folder(local: Path) -> Path:
    """Where data or programs go that another account must reach, and cannot in the checkout."""
    return Path("/var/lib") / f"ciforum-{digest(local)}"


def record(local: Path) -> dict[str, str]:
    """What `<local>/where` says: `local`, `data` and `programs`, as far as they are known."""
    try:
        known = json.loads((local / "where").read_text())
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise EmbeddedPostgresError(
            f"{local / 'where'} is damaged. It says where the database lies; look for it in "
            f"{local / INSIDE} and {outside_folder(local)}, then remove the file."
        ) from error
    return {str(key): str(value) for key, value in known.items()}


def remember(local: Path, **facts: str) -> None:
    """Add to `<local>/where`, in one step: a crash leaves the old file or the new one."""
    known = record(local) | {"local": str(local)} | facts
    fresh = local / f"where.{os.getpid()}"
    fresh.write_text(json.dumps(known, indent=2) + "\n")
    fresh.replace(local / "where")


def recorded_place(local: Path) -> Path | None:
    """The folder that holds this checkout's database; None before the first start.

    A place inside `<local>` moves and is copied with it. One outside belongs to the checkout that
    made it: a moved checkout keeps it, a copy must not open it.
    """
    known = record(local)
    if "data" not in known:
        return None
    place = local / known["data"]  # an absolute path stays as it is
    first = Path(known["local"])
    if place.is_relative_to(local) or first == local:
        return place
    if (first / "where").exists():
        raise EmbeddedPostgresError(
            f"This checkout was copied from {first.parent}, whose database lies in {place}. "
            f"Remove {local / 'where'} to start with an empty one here."
        )
    remember(local)
    return place


def socket_folder(place: Path) -> Path:
    """The folder of the server's socket: beside the data, or in /tmp where that can't work."""
    beside = place / "s"
    # libpq and PostgreSQL read a comma as the start of another folder.
    if len(os.fsencode(beside)) <= _SOCKET_PATH and not set(str(beside)) & set(",\"'\\"):
        return beside
    # Not tempfile.gettempdir(): that differs between two shells. Its owner is checked at the start.
    return Path("/tmp") / f"ciforum-{os.geteuid()}-{digest(place)}"  # noqa: S108


def database_url(role: Literal["owner", "web"], place: Path | None = None) -> str:
    """The address of the embedded database for one role. Starts nothing, needs no server.

    The folder is a parameter, not the host: parsers turn a host into lower case.
    """
    if place is None:
        local = local_folder()
        place = recorded_place(local) or local / INSIDE
    user = {"owner": OWNER, "web": WEB}[role]
    return f"postgres://{user}@/{DATABASE}?host={quote(str(socket_folder(place)), safe='')}"
