"""python -m ciforum.local serve|stop|status|where"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

from ciforum import processes
from ciforum.embedded import Postgres, local_folder
from ciforum.local.running import Running
from ciforum.local.supervisor import Supervisor
from ciforum.trouble import Trouble, from_os_error


def serve() -> int:
    """Run the whole application until Ctrl-C. With --with-parent, end when our parent dies."""
    if "--with-parent" in sys.argv:
        processes.tie_to_parent()
    return Supervisor(local_folder()).serve()


def stop() -> int:
    """Stop the application of this checkout, and whatever a killed one left behind."""
    found = Running.read(local_folder())
    if found.is_alive():
        os.kill(found.pid, signal.SIGTERM)
        if not processes.wait_for_end({found.pid: found.born}, 40):
            raise Trouble(f"CI Forum (process {found.pid}) does not stop; see {found.local}.")
        print("Stopped.")
        return 0
    left = found.end_leftovers()
    found.forget()
    print(f"Stopped what was left: {', '.join(left)}." if left else "CI Forum is not running.")
    return 0


def status() -> int:
    """Say whether it runs; exit code 3 if not."""
    found = Running.read(local_folder())
    print(f"CI Forum runs at {found.address}" if found.is_alive() else "CI Forum is not running.")
    return 0 if found.is_alive() else 3


def where() -> int:
    """Say where things lie."""
    postgres = Postgres(local_folder())
    print(f"local state  {postgres.base}\ndatabase     {postgres.data}")
    print(f"socket       {postgres.socket}\nlogs         {postgres.base}/*.log")
    return 0


COMMANDS: dict[str, Callable[[], int]] = {
    "serve": serve,
    "stop": stop,
    "status": status,
    "where": where,
}


def main() -> int:
    command = COMMANDS.get(sys.argv[1] if len(sys.argv) > 1 else "")
    if command is None:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        return command()
    except Trouble as trouble:
        said = trouble
    except OSError as error:
        known = from_os_error(error)
        if known is None:
            raise
        said = known
    print(f"CI Forum: {said}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
