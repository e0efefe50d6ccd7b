"""The first look at a file somebody brings: can it be read at all?"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.base import File

from measurement.desk import catalogue
from measurement.models import Submission
from measurement.reading import child
from measurement.reading.errors import Unreadable
from measurement.reading.labels import Label
from measurement.reading.mapping import Mapping
from measurement.reading.peeking import Peek
from measurement.reading.source import Source
from measurement.reading.workbook import Chosen, Sheet
from measurement.reading.zipguard import is_packed

# A person says what each column is; more than this nobody wants to go through.
COLUMNS = 300
# While she waits for the page.
SECONDS = 60
# A workbook is unfolded whole, however little of it is asked for.
PATIENT: dict[str, Any] = {"seconds": SECONDS, "memory_mb": 900}
# Why a sheet is refused though there is something in it.
DANGERS = ("stray_cell", "too_many_cells", "broken_sheet")
# So many values are groups or places; more of few people each are rather names or ids.
PEOPLE_LABELS = 200
PEOPLE_PER_LABEL = 11


@dataclass(frozen=True)
class FirstLook:
    """What a file shows before it is kept. A workbook whose sheets must be chosen has no header.

    sheets: as Submission keeps them.
    """

    header: tuple[str, ...] = ()
    signature: str = ""
    sheets: tuple[dict[str, Any], ...] = ()


def first_look(upload: File[bytes], kind: str) -> FirstLook:
    """How the file is written. Raises Unreadable with the sentence's code, and keeps nothing."""
    with _on_disk(upload) as path:
        if is_packed(path):
            return _only_sheet(child.run("sheets", path, **PATIENT), kind)
        source: Source = child.run("open", path, seconds=SECONDS)
    refuse_header(source.header, looks_like_data=_looks_like_data(source), kind=kind)
    return FirstLook(source.header, source.layout_signature)


def _only_sheet(sheets: Sequence[Sheet], kind: str) -> FirstLook:
    """The sheet that is meant beyond doubt: the only one in sight with a table."""
    tables = [sheet for sheet in sheets if sheet.header]
    if not tables:
        unsafe = [sheet for sheet in sheets if sheet.trouble in DANGERS]
        if unsafe:
            raise Unreadable(unsafe[0].trouble, **unsafe[0].params)
        raise Unreadable("no_sheet_has_table")
    seen = [sheet for sheet in tables if not sheet.hidden] or tables
    if len(seen) > 1:
        return FirstLook()
    only = seen[0]
    refuse_header(only.header, looks_like_data=only.looks_like_data, kind=kind)
    return FirstLook(only.header, only.signature, ({"name": only.name, "line": 1, "row": 1},))


def refuse_header(header: Sequence[str], *, looks_like_data: bool, kind: str) -> None:
    """Raises Unreadable for more columns than anybody goes through, or names that are a person."""
    if len(header) > COLUMNS:
        raise Unreadable("too_many_columns", columns=len(header), limit=COLUMNS)
    if kind == Submission.Kind.PEOPLE and looks_like_data:
        raise Unreadable("header_of_people")


def _looks_like_data(source: Source) -> bool:
    return any(warning.code == "header_looks_like_data" for warning in source.warnings)


def sheets(submission: Submission) -> list[Sheet]:
    """The sheets of its workbook, with their column names."""
    found: list[Sheet] = child.run("sheets", submission.file.storage.path, **PATIENT)
    return found


def choose(submission: Submission, names: Sequence[str]) -> FirstLook:
    """These sheets as one table. Raises Unreadable when they do not fit together."""
    chosen: Chosen = child.run("choose", submission.file.storage.path, list(names), **PATIENT)
    source = chosen.source
    refuse_header(source.header, looks_like_data=_looks_like_data(source), kind=submission.kind)
    return FirstLook(source.header, source.layout_signature, tuple(chosen.sheets))


@contextmanager
def _on_disk(upload: File[bytes]) -> Iterator[Path]:
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


def _run(reading: str, submission: Submission, *args: Any, **kwargs: Any) -> Any:
    path, names = submission.file.storage.path, submission.sheet_names
    limits = PATIENT if names else {"seconds": SECONDS}
    return child.run(reading, path, *args, sheets=names, **limits, **kwargs)


def peek(submission: Submission, mapping: Mapping | None = None) -> Peek:
    """Its first lines, with what its columns could mean where nobody has said it yet."""
    initiative = submission.initiative
    found: Peek = _run(
        "peek",
        submission,
        mapping,
        groups=catalogue.groups(initiative),
        kind=submission.kind,
        places=catalogue.places(initiative),
        indicator=catalogue.indicator(submission.version),
    )
    return found


def labels(submission: Submission, mapping: Mapping) -> dict[str, list[Label]]:
    """Column → its different texts. Raises Unreadable when they look like names or ids."""
    found: dict[str, list[Label]] = _run("labels", submission, mapping)
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
