"""The first look at a file somebody brings: can it be read at all?"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from measurement.models import Submission
from measurement.reading import child
from measurement.reading.errors import Unreadable
from measurement.reading.labels import Label
from measurement.reading.mapping import Mapping
from measurement.reading.source import Source

# A person says what each column is; more than this nobody wants to go through.
COLUMNS = 300
# While she waits for the page.
SECONDS = 60
# So many values are groups or places; more of few people each are rather names or ids.
PEOPLE_LABELS = 200
PEOPLE_PER_LABEL = 11


def first_look(upload: UploadedFile, kind: str) -> Source:
    """How the file is written. Raises Unreadable with the sentence's code, and keeps nothing."""
    with _on_disk(upload) as path:
        source: Source = child.run("open", path, seconds=SECONDS)
    if len(source.header) > COLUMNS:
        raise Unreadable("too_many_columns", columns=len(source.header), limit=COLUMNS)
    if kind == Submission.Kind.PEOPLE and any(
        warning.code == "header_looks_like_data" for warning in source.warnings
    ):
        raise Unreadable("header_of_people")
    return source


@contextmanager
def _on_disk(upload: UploadedFile) -> Iterator[Path]:
    """A small upload is held in memory; readers want a file."""
    if hasattr(upload, "temporary_file_path"):
        yield Path(upload.temporary_file_path())
        return
    with tempfile.NamedTemporaryFile(prefix="tmp", suffix=".upload") as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        upload.seek(0)
        yield Path(copy.name)


def open_kept(submission: Submission) -> Source:
    """The submission's own file again."""
    source: Source = child.run("open", submission.file.storage.path, seconds=SECONDS)
    return source


def guess(submission: Submission, **known: Any) -> Mapping:
    """What its columns could mean."""
    mapping: Mapping = child.run(
        "guess", submission.file.storage.path, kind=submission.kind, seconds=SECONDS, **known
    )
    return mapping


def labels(submission: Submission, mapping: Mapping) -> dict[str, list[Label]]:
    """Column → its different texts. Raises Unreadable when they look like names or ids."""
    found: dict[str, list[Label]] = child.run(
        "labels", submission.file.storage.path, mapping, seconds=SECONDS
    )
    if submission.is_of_people:
        for column, texts in found.items():
            _refuse_persons(column, mapping.columns[column].role, texts)
    return found


def _refuse_persons(column: str, role: str, texts: list[Label]) -> None:
    """A mapping keeps labels, so labels must never be persons."""
    if len(texts) <= PEOPLE_LABELS:
        return
    people = sum(text.rows for text in texts)
    if role != "place" or people < PEOPLE_PER_LABEL * len(texts):
        raise Unreadable("many_people_labels", column=column, count=len(texts))
