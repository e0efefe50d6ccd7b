"""Reads a file in a process of its own, with limits: a hostile file takes down nothing but that.

The child answers through a pipe in pickled messages. It ends itself when it has taken too much
memory or when its parent is gone; the parent ends it when time is up. Copies that a reading needs
lie in a folder that the parent deletes in any case.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Any, cast

from measurement.reading.errors import Refusal, Unreadable
from measurement.reading.source import open_source

Progress = Callable[[float], object]
TOO_HEAVY = 77  # the child's exit code when it has taken too much memory
ADDRESS_SPACE_MB = 1500  # what engine and libraries reserve beyond what they use
LARGEST_COPY = 4 << 30
PROJECT = str(Path(__file__).resolve().parents[2])


@dataclass(frozen=True, slots=True)
class Reading:
    """A function that a child may run; its module is imported there and only then.

    opens: takes a Source where `run` gets the file's path. tells: takes `progress`.
    """

    module: str
    function: str
    opens: bool = True
    tells: bool = False

    def __call__(
        self,
        path: Path | str,
        *args: Any,
        tell: Progress,
        sheets: Sequence[str] = (),
        **kwargs: Any,
    ) -> Any:
        """sheets: of a workbook, those to be read; a plain copy of them stands for the file."""
        function = getattr(import_module(f"measurement.reading.{self.module}"), self.function)
        if sheets:
            path = _copy_of(Path(path), sheets)
        if self.tells:
            kwargs["progress"] = tell
        return function(open_source(path) if self.opens else path, *args, **kwargs)


def _copy_of(path: Path, sheets: Sequence[str]) -> Path:
    copy = Path(tempfile.mkdtemp(prefix="sheets-")) / "table.csv"
    import_module("measurement.reading.workbook").to_table(path, sheets, copy)
    return copy


READINGS: dict[str, Reading] = {
    "open": Reading("source", "open_source", opens=False),
    "guess": Reading("guessing", "guess"),
    "labels": Reading("labels", "labels"),
    "peek": Reading("peeking", "peek"),
    "table": Reading("tables", "read_table"),
    "people": Reading("people", "aggregate", opens=False, tells=True),
    "raw": Reading("rawlines", "raw_lines", opens=False),
    "sheets": Reading("workbook", "sheets", opens=False),
    "choose": Reading("workbook", "choose", opens=False),
    "mark": Reading("marks", "mark", opens=False),
}


class ChildFailed(RuntimeError):
    """A fault of ours, not of the file. Names the kind of error, never the file's content."""


def run(
    reading: str,
    *args: Any,
    memory_mb: int = 400,
    seconds: float = 900,
    on_progress: Progress | None = None,
    **kwargs: Any,
) -> Any:
    """One of READINGS, called with these arguments in a child process.

    memory_mb: what the whole process may hold in memory. on_progress: called with 0.0 to 1.0.
    Raises what the reading raises (Unreadable, BadMapping), Unreadable("too_heavy") when the
    child took too much memory or crashed, Unreadable("too_slow") after `seconds`.
    """
    if reading not in READINGS:
        raise ValueError(reading)
    request = pickle.dumps((reading, args, kwargs, memory_mb, os.getpid()))
    with tempfile.TemporaryDirectory(prefix="reading-") as folder:
        child = _start(folder)
        stopped = threading.Event()
        timer = threading.Timer(seconds, _stop, (child, stopped))
        timer.start()
        try:
            return _answer(child, request, on_progress or _ignore, stopped)
        finally:
            timer.cancel()
            child.kill()
            child.wait()


def _ignore(_: float) -> None:
    return None


def _start(folder: str) -> subprocess.Popen[bytes]:
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": os.pathsep.join([PROJECT, *(path or os.getcwd() for path in sys.path)]),
        "PYTHONHASHSEED": "0",
        "TMPDIR": folder,
        "LC_ALL": "C.UTF-8",
    }
    return subprocess.Popen(
        [sys.executable, "-S", "-c", "from measurement.reading.child import main; main()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=environment, cwd=folder, start_new_session=True,
    )  # fmt: skip


def _stop(child: subprocess.Popen[bytes], stopped: threading.Event) -> None:
    stopped.set()
    child.kill()


def _answer(
    child: subprocess.Popen[bytes], request: bytes, tell: Progress, stopped: threading.Event
) -> Any:
    to_child, from_child = cast(IO[bytes], child.stdin), cast(IO[bytes], child.stdout)
    with contextlib.suppress(BrokenPipeError):
        to_child.write(request)
        to_child.close()
    while True:
        try:
            kind, value = pickle.load(from_child)  # noqa: S301 - our own child
        except (EOFError, pickle.UnpicklingError):
            raise Unreadable("too_slow" if stopped.is_set() else "too_heavy") from None
        if kind == "progress":
            tell(value)
        elif kind == "result":
            return value
        elif kind == "refused":
            raise value
        else:
            raise ChildFailed(value)


# From here on: the child.


def main() -> None:
    """Read a request from standard input, answer on standard output."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not mix with the answers
    request = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our parent
    reading, args, kwargs, memory_mb, parent = request
    _limit(memory_mb)
    gc.disable()  # a short life without cycles worth looking for; saves a third of the time
    threading.Thread(target=_watch, args=(memory_mb, parent), daemon=True).start()
    channel = _Channel(answers)
    try:
        result = READINGS[reading](*args, **kwargs, tell=channel.progress)
        _end_when_too_heavy(memory_mb)  # a short reading may end between two looks
        channel.send("result", result)
    except Refusal as refusal:
        channel.send("refused", refusal)
    except MemoryError:
        channel.send("refused", Unreadable("too_heavy"))
    except Exception as error:
        channel.send("failed", _where(error))


def _where(error: Exception) -> str:
    """Kind of error and line of code: its message could quote the file."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__} at {place}"


class _Channel:
    """Answers from two threads, one whole message at a time."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.lock = threading.Lock()

    def send(self, kind: str, value: object) -> None:
        data = pickle.dumps((kind, value))
        with self.lock:
            self.file.write(data)
            self.file.flush()

    def progress(self, share: float) -> None:
        self.send("progress", share)


def _limit(memory_mb: int) -> None:
    """Hard stops behind the watch: address space, size of a copy, no core dump with persons."""
    space = (memory_mb + ADDRESS_SPACE_MB) << 20
    for kind, size in (
        (resource.RLIMIT_AS, space),
        (resource.RLIMIT_FSIZE, LARGEST_COPY),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # macOS knows no limit of address space
            resource.setrlimit(kind, (size, size))


def _watch(memory_mb: int, parent: int) -> None:
    while True:
        _end_when_too_heavy(memory_mb)
        if os.getppid() != parent:
            os._exit(1)
        time.sleep(0.05)


def _end_when_too_heavy(memory_mb: int) -> None:
    if used_mb() > memory_mb:
        os._exit(TOO_HEAVY)


def used_mb() -> float:
    """The most memory this process has held. Linux counts it per program in /proc; getrusage
    there also counts what the parent held before the program started."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20) if sys.platform == "darwin" else peak / 1024
