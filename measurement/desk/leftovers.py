"""What a crash may leave of a file: bytes without a row, forgotten bytes, temporary copies.

Files of people may be among them, so they are looked for again and again, not only once.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from ciforum.people.models import StoredFile

# Longer than any upload, transaction or reading lasts.
SAFE_AGE = timedelta(hours=2)


def sweep() -> int:
    """Delete them all; answers how many."""
    return _forgotten_bytes() + _bytes_without_row() + _temporary_copies()


def _forgotten_bytes() -> int:
    """Marked as forgotten, but the process ended before the bytes were gone."""
    left = StoredFile.objects.filter(forgotten_at__isnull=False).exclude(storage="")
    for stored in left:
        stored.erase()
    return len(left)


def _bytes_without_row() -> int:
    """Stored in a transaction that never committed."""
    old = [name for name in _stored_names() if _is_old(name)]
    known = set(StoredFile.objects.filter(storage__in=old).values_list("storage", flat=True))
    left = [name for name in old if name not in known]
    for name in left:
        default_storage.delete(name)
    return len(left)


def _stored_names() -> Iterator[str]:
    """Names as `StoredFile` makes them: `<initiative>/<uid>`."""
    if not default_storage.exists(""):
        return
    for folder in default_storage.listdir("")[0]:
        if folder.isdigit():
            for name in default_storage.listdir(folder)[1]:
                yield f"{folder}/{name}"


def _is_old(name: str) -> bool:
    try:
        return default_storage.get_modified_time(name) < timezone.now() - SAFE_AGE
    except FileNotFoundError:
        return False


def _temporary_copies() -> int:
    """Uploads that broke off and readers' folders whose process was killed; our own only."""
    incoming = Path(settings.FILE_UPLOAD_TEMP_DIR)
    shared = Path(tempfile.gettempdir())
    found = [
        *incoming.glob("tmp*.upload*"),
        *shared.glob("reading-*"),
        *shared.glob("marked-*"),
    ]
    left = [path for path in found if _is_ours_and_old(path)]
    for path in left:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(left)


def _is_ours_and_old(path: Path) -> bool:
    try:
        seen = path.lstat()
    except OSError:
        return False
    age = timezone.now().timestamp() - seen.st_mtime
    return seen.st_uid == os.getuid() and age > SAFE_AGE.total_seconds()
