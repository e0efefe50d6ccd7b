"""Public pages that are kept as files, where there is no Redis."""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.filebased import FileBasedCache

ROUND = 100


class PageFiles(FileBasedCache):
    """Django's cache of files, which counts them after each hundredth page instead of each.

    Counting reads the whole folder. Done for each page it allows but a few hundred of them, which
    one indicator by place, breakdown and language already has; more would be thrown out at random.
    """

    def __init__(self, folder: str, params: dict[str, Any]) -> None:
        super().__init__(folder, params)
        self._written = 0

    def _cull(self) -> None:
        self._written += 1
        if self._written % ROUND == 1:
            # The stubs do not know this method.
            super()._cull()  # type: ignore[misc]
