"""A file as UTF-8 with one kind of line end, for the engine that wants it so."""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from measurement.reading.decoding import PIECE
from measurement.reading.source import Source


@contextmanager
def plain_utf8(source: Source) -> Iterator[Path]:
    """The file itself where it will do; else a copy that is deleted in any case afterwards."""
    if source.encoding in ("utf-8", "utf-8-sig") and not source.mixed_ends:
        yield source.path
        return
    with tempfile.TemporaryDirectory(prefix="reading-") as folder:
        copy = Path(folder) / "plain.csv"
        _write(source, copy)
        yield copy


def _write(source: Source, copy: Path) -> None:
    decoder = codecs.getincrementaldecoder(source.encoding)("strict")
    held = ""  # a carriage return whose line feed may come with the next piece
    with source.path.open("rb") as file, copy.open("w", encoding="utf-8", newline="") as out:
        while piece := file.read(PIECE):
            text = held + decoder.decode(piece)
            held = "\r" if text.endswith("\r") else ""
            text = text.removesuffix("\r") if held else text
            out.write(text.replace("\r\n", "\n").replace("\r", "\n"))
        out.write((held + decoder.decode(b"", final=True)).replace("\r", "\n"))
