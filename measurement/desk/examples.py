"""One line of a file in words, so that a person can see whether its columns were understood."""

from __future__ import annotations

import csv
import tempfile
from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _

from measurement.desk.placenames import NEW
from measurement.reading import checks
from measurement.reading.errors import Unreadable
from measurement.reading.mapping import BadMapping, Mapping
from measurement.reading.messages import say
from measurement.reading.rows import Row
from measurement.reading.source import Source
from measurement.reading.tables import read_table

_SAID = "said:"  # marks a text of the file where a key would stand


def example_sentence(source: Source, mapping: Mapping, names: dict[str, str]) -> str:
    """The first line that can be read, as a sentence; "" when none can.

    names: what keys of groups and places are called. Reads no more than the sample.
    """
    with tempfile.TemporaryDirectory(prefix="reading-") as folder:
        few = _few_lines(source, Path(folder) / "sample.csv")
        try:
            reading = read_table(few, _as_said(few, mapping))
        except (BadMapping, Unreadable):
            return ""
    for row in reading.rows:
        if found := checks.example(mapping, row):
            line = source.sample[(row.line or 2) - 2].line
            return f"{_about(row, line, names)} {say(found.code, found.params)}"
    return ""


def _few_lines(source: Source, path: Path) -> Source:
    """The sample as a file of its own, one line each, however the file is written."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([f"c{at}" for at in range(len(source.header))])
        for record in source.sample:
            writer.writerow([" ".join(cell.splitlines()) for cell in record.cells])
    few = replace(source, path=path, encoding="utf-8", delimiter=",", header_line=1, first_record=0)
    few.__dict__.pop("sample", None)
    return few


def _as_said(source: Source, mapping: Mapping) -> Mapping:
    """Every text stands for itself: what labels mean is asked later."""
    columns = dict(mapping.columns)
    for name, column in mapping.columns.items():
        at = source.index(name)
        if at is None or column.role not in ("place", "group", "filter"):
            continue
        texts = {record.cells[at] for record in source.sample}
        labels = {text: _stands_for(column.role, text) for text in texts}
        columns[name] = replace(column, labels=labels)
    return replace(mapping, columns=columns)


def _stands_for(role: str, text: str) -> str:
    return {"place": "new", "filter": "keep"}.get(role, f"{_SAID}{' '.join(text.split())}")


def _about(row: Row, line: int, names: dict[str, str]) -> str:
    place = row.place.removeprefix(NEW)
    said = {"line": line, "place": names.get(place, place), "time": row.period.label}
    if not row.groups:
        return _("Line %(line)s: in %(place)s, %(time)s.") % said
    groups = sorted(names.get(key, key.removeprefix(_SAID)) for key in row.groups)
    return _("Line %(line)s: in %(place)s, %(time)s, of the group %(groups)s.") % {
        **said,
        "groups": ", ".join(groups),
    }
