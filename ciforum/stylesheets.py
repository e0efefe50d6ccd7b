"""The style sheets that every page needs: many small files to write, one to load."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

# In this order. Layers decide what wins, so the order is only that of reading.
SHARED = (
    "css/tokens.css",
    "css/base.css",
    "css/layout.css",
    "css/parts/panels.css",
    "css/parts/controls.css",
    "css/parts/forms.css",
    "css/parts/data.css",
    "css/parts/messages.css",
    "css/parts/citations.css",
    "css/parts/lexicon.css",
)
PRINTED = "css/print.css"
BUNDLE = "css/site.css"


class Bundled(CompressedManifestStaticFilesStorage):
    """Collects all of them into one file, before names get their digests and bytes are packed."""

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        if not dry_run and all(path in paths for path in (*SHARED, PRINTED)):
            # Beside the first, so that what they name by a relative path is found from it too.
            Path(self.path(BUNDLE)).write_text(self._bundle(paths), encoding="utf-8")
            paths[BUNDLE] = (self, BUNDLE)
        yield from super().post_process(paths, dry_run, **options)  # type: ignore[no-untyped-call]

    def _bundle(self, paths: dict[str, Any]) -> str:
        shared = "\n".join(_read(*paths[path]) for path in SHARED)
        return f"{shared}\n@media print {{\n{_read(*paths[PRINTED])}\n}}\n"


def _read(storage: Any, path: str) -> str:
    with storage.open(path) as file:
        text: str = file.read().decode()
        return text
