"""Whatever the bytes: a table, or a refusal with a sentence, in bounded time."""

from __future__ import annotations

import csv
import io
import json
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from measurement.reading.errors import Refusal
from measurement.reading.folding import tidy
from measurement.reading.guessing import guess
from measurement.reading.labels import labels
from measurement.reading.mapping import Column, Mapping
from measurement.reading.people import aggregate
from measurement.reading.source import open_source
from measurement.reading.tables import read_table
from tests.measurement.reading.files import (
    PLACES,
    RACES,
    SHARED,
    long_mapping,
    needs_corpora,
    write,
)  # fmt: skip


def walk(path):
    """Everything a person's upload goes through; None or the refusal's code."""
    try:
        source = open_source(path)
        mapping = guess(source, groups=RACES, places=PLACES[:1])
        labels(source, mapping)
        people = guess(source, groups=RACES, places=PLACES[:1], kind="people")
        aggregate(path, replace(people, period="2019"))
        read_table(source, replace(mapping, period="2019"), groups=RACES)
    except Refusal as refusal:
        return refusal.code
    return None


CELL = some.text(some.characters(exclude_categories=("Cs",)), max_size=6) | some.sampled_from(
    ['"', '""', "2019", "all", "Black", "s", "<10", "5", "1,000", "\r", "\n", "---", "\ufeff"]
)


@settings(deadline=None)
@given(rows=some.lists(some.lists(CELL, max_size=5), max_size=8), mark=some.sampled_from(",;\t|"))
def test_any_table_like_text(tmp_path_factory, rows, mark):
    text = "\n".join(mark.join(row) for row in rows)

    walk(write(tmp_path_factory.mktemp("t"), text))


@settings(deadline=None)
@given(content=some.binary(max_size=300))
def test_any_bytes(tmp_path_factory, content):
    walk(write(tmp_path_factory.mktemp("b"), b"year,number\n2019,5\n" + content))


@pytest.mark.parametrize(
    "content",
    [
        b'"' * 200_000,
        b"a,b\n" + b'"",' * 50_000,
        b"," * 900_000,
        b"a,b\n" + b"\n" * 900_000,
        b"a,b\n" + b"1,2\n" * 200_000 + b'3,"',
        b"a,b\n" + b"-" * 200_000,
        b"a,b\n" + b"9" * 30_000 + b",1\n",
        b"a,b\n" + b"1," * 10_000,
        ("a,b\n" + "\u0661" * 30_000 + ",1\n").encode(),
        b"year,n\n" + b"2019," + b"1,000" * 5_000 + b"\n",
    ],
)
def test_hostile_files_end_soon(tmp_path, content):
    started = time.monotonic()

    walk(write(tmp_path, content))

    assert time.monotonic() - started < 10


@needs_corpora
def test_naughty_strings_in_every_column(tmp_path):
    naughty = json.loads((SHARED / "corpora/blns.json").read_text())
    naughty = [text for text in naughty if tidy(text)]
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(["place", "year", "group", "number", "of"])
    writer.writerows([text, "2019", text, "1", "2"] for text in naughty)
    source = open_source(write(tmp_path, out.getvalue()))
    kept = {tidy(text): "new" for text in naughty}
    mapping = long_mapping(
        place=Column("place", labels=kept),
        group=Column("group", labels=dict.fromkeys(kept, "everyone")),
    )

    reading = read_table(source, Mapping.from_json(mapping.to_json()))

    assert {row.place.removeprefix("new:") for row in reading.rows} == set(kept)
    assert reading.errors == []
