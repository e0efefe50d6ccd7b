"""A failure that the person at the terminal can do something about."""

from __future__ import annotations

import errno
from pathlib import Path

FULL = (errno.ENOSPC, errno.EDQUOT)
FULL_WORDS = ("No space left on device", "Disk quota exceeded", "Errno 28")


class Trouble(RuntimeError):
    """One sentence that says what is wrong and what to do; shown without a traceback."""


def from_os_error(error: OSError) -> Trouble | None:
    """The sentence for an error of the operating system that people meet, or None."""
    what = error.filename or "a file"
    if error.errno in FULL:
        return Trouble(f"The disk is full: {what} could not be written.")
    if isinstance(error, PermissionError):
        return Trouble(
            f"{what} may not be read or written by this account; it was probably made by another "
            "one (by root?). Start as that account, or give the folder to yours."
        )
    if error.errno == errno.EROFS:
        return Trouble(f"{what} is on a read-only disk; CI Forum must write beside its code.")
    return None


def disk_is_full(output: str) -> bool:
    """Whether a program's output says that it failed for want of space."""
    return any(words in output for words in FULL_WORDS)


def last_line(log: Path) -> str:
    """The last line with words in it of a log file, or an empty string."""
    try:
        lines = log.read_text(errors="replace")[-8000:].splitlines()
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
