"""Builders: a file on disk, and where the public files and corpora lie when they are there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from measurement.reading.catalogue import GroupName, PlaceName
from measurement.reading.mapping import Column, Mapping
from measurement.reading.source import Source, open_source

SHARED = Path(__file__).resolve().parents[4] / "shared"
needs_data = pytest.mark.skipif(
    not (SHARED / "data").is_dir(), reason="the public files of ../shared/data are not here"
)
needs_corpora = pytest.mark.skipif(
    not (SHARED / "corpora").is_dir(), reason="the corpora of ../shared/corpora are not here"
)

RACES = (
    GroupName("white", "White", "race"),
    GroupName("black", "Black or African American", "race"),
    GroupName("asian", "Asian", "race"),
    GroupName("other", "Other race", "race"),
)
SEXES = (GroupName("female", "Female", "sex"), GroupName("male", "Male", "sex"))
PLACES = (
    PlaceName("va", "Virginia"),
    PlaceName("albemarle", "Albemarle County"),
    PlaceName("cville", "Charlottesville"),
)


def write(folder: Path, content: str | bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def source_of(folder: Path, content: str | bytes) -> Source:
    return open_source(write(folder, content))


def cells_of(source: Source) -> list[tuple[str, ...]]:
    return [record.cells for record in source.records()]


def long_mapping(*, scale: int = 100, **more: Column) -> Mapping:
    """place, year, group, number, of: the plainest long file; `more` adds or replaces columns."""
    columns = {
        "place": Column("place", labels={"Virginia": "va", "Albemarle": "albemarle"}),
        "year": Column("period"),
        "group": Column("group", "race", labels={"all": "everyone", "White": "white",
                                                 "Black": "black", "Asian": "asian"}),
        "number": Column("numerator"),
        "of": Column("denominator"),
        **more,
    }  # fmt: skip
    return Mapping(columns, scale=scale)


def long_file(
    folder: Path, lines: Sequence[str], header: str = "place,year,group,number,of"
) -> Source:
    return source_of(folder, "\n".join([header, *lines]) + "\n")
