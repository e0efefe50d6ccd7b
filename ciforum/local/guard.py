"""Waits for the supervisor's death and then ends what it had started: python -m ciforum.local.guard

Linux tells the services themselves; other systems don't, and no system tells their children.
"""

from __future__ import annotations

import signal
import sys

from ciforum.embedded.place import local_folder
from ciforum.local.running import Running


def main() -> None:
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    guarded = Running.read(local_folder())
    sys.stdin.buffer.read()  # ends when the other end of the pipe is closed, by whatever death
    if not guarded.is_alive():
        Running.read(guarded.local).end_leftovers()


if __name__ == "__main__":
    main()
