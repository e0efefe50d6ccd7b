"""A look at a workbook's directory before anything in it is unpacked.

A workbook is a zip of XML files. One megabyte of it may unpack to a gigabyte, names may be twice
the same or lead out of the folder, and sizes may be lies: so the directory is judged first, and
whatever is unpacked is counted while it is unpacked.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from measurement.reading.decoding import kind_of_zip
from measurement.reading.errors import Unreadable

BookKind = Literal["xlsx", "ods"]
ENTRIES = 2_000
UNPACKED = 256 << 20  # bytes, all entries together
RATIO = 150  # unpacked to packed; ordinary sheets reach 5 to 30
HARMLESS = 20 << 20  # a small file may be packed however well
PIECE = 1 << 20
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, KeyError, OSError, NotImplementedError, ValueError,
)  # fmt: skip
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def is_packed(path: Path) -> bool:
    """Could this be a workbook: a zip, or the older kind?"""
    with path.open("rb") as file:
        return file.read(8).startswith((b"PK\x03\x04", _OLD))


def kind_of(path: Path) -> BookKind:
    """What kind of workbook it is. Raises Unreadable for everything that is none, or not safe."""
    with path.open("rb") as file:
        head = file.read(8)
        if head == _OLD:
            file.seek(0)
            locked = _LOCKED in file.read(PIECE)
            raise Unreadable("is_locked_workbook" if locked else "is_old_workbook")
    try:
        with zipfile.ZipFile(path) as book:
            _judge(book)
            return _kind(book)
    except _BROKEN as error:
        kind = kind_of_zip(path)  # what could still be seen of it
        raise Unreadable("is_broken_workbook" if kind == "is_workbook" else kind) from error


def _judge(book: zipfile.ZipFile) -> None:
    entries = book.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > ENTRIES:
        raise Unreadable("too_many_parts", count=len(entries), limit=ENTRIES)
    if len(set(map(str.casefold, names))) < len(names) or any(map(_leads_out, names)):
        raise Unreadable("odd_parts")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Unreadable("is_locked_workbook")
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > UNPACKED or (unpacked > HARMLESS and unpacked > RATIO * max(1, packed)):
        params = {"megabytes": unpacked >> 20, "packed": max(1, packed >> 20)}
        raise Unreadable("unpacks_too_large", limit=UNPACKED >> 20, **params)


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]


def _kind(book: zipfile.ZipFile) -> BookKind:
    names = set(book.namelist())
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise Unreadable("is_old_workbook")
    if "content.xml" in names:
        kind = book.read("mimetype")[:100] if "mimetype" in names else b""
        if b"opendocument.spreadsheet" in kind:
            if _is_locked_ods(book, names):
                raise Unreadable("is_locked_workbook")
            return "ods"
        raise Unreadable("is_document")
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise Unreadable("is_document")
    raise Unreadable("is_archive")


def _is_locked_ods(book: zipfile.ZipFile, names: set[str]) -> bool:
    manifest = "META-INF/manifest.xml"
    return manifest in names and b"encryption-data" in whole(book, manifest)


def pieces(book: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """An entry's bytes as they are unpacked; refuses when they are more than the directory says
    they could be, and XML that declares types or entities."""
    left = UNPACKED
    before = b""
    try:
        with book.open(name) as part:
            while piece := part.read(PIECE):
                left -= len(piece)
                if left < 0:
                    limit = UNPACKED >> 20
                    raise Unreadable("unpacks_too_large", megabytes=limit, packed=1, limit=limit)
                if _DOCTYPE.search(before + piece):
                    raise Unreadable("odd_parts")
                before = piece[-16:]
                yield piece
    except _BROKEN as error:
        raise Unreadable("is_broken_workbook") from error


def whole(book: zipfile.ZipFile, name: str, most: int = 16 << 20) -> bytes:
    """A small entry at once."""
    found = bytearray()
    for piece in pieces(book, name):
        found += piece
        if len(found) > most:
            raise Unreadable("unpacks_too_large", megabytes=most >> 20, packed=1, limit=most >> 20)
    return bytes(found)
