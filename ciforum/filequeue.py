"""Celery's queue in a folder, for places without Redis: kombu's, without its half messages.

kombu writes a message where readers already look for it. A worker that looks too early, or after
the disk was full, reads half a message and ends. Here a message appears whole or not at all, and
what is broken all the same is thrown away: `run_overdue_jobs` finds the rows again.
"""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for folder in (self.data_folder_in, self.data_folder_out, self.control_folder):
            Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}"
        part = Path(self.data_folder_out, f"{name}.part")
        try:
            part.write_text(dumps(payload))
            os.replace(part, part.with_name(f"{name}.{queue}.msg"))
        except OSError as error:
            part.unlink(missing_ok=True)
            raise ChannelError(f"a message could not be put into {part.parent}") from error

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        try:
            return super()._get(queue)
        except ValueError:  # half a message; it is gone now
            raise Empty from None

    def _queue_bind(self, exchange: str, *names: Any) -> None:
        try:
            super()._queue_bind(exchange, *names)
        except ValueError:  # half a table: write it anew
            Path(self.control_folder, f"{exchange}.exchange").unlink(missing_ok=True)
            super()._queue_bind(exchange, *names)


class Transport(filesystem.Transport):
    Channel = Channel

    def drain_events(  # type: ignore[override]
        self, connection: Any, timeout: float | None = None
    ) -> None:
        """Wait for a message; of a given time no more than half a second.

        Raises TimeoutError when none came. A worker asks for two seconds, again and again, and
        in between hears that it shall end.
        """
        super().drain_events(connection, timeout=timeout and min(timeout, 0.5))
