"""Is this file text at all, and in which letters? Looks at every byte once, in pieces."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from measurement.reading.errors import Unreadable

PIECE = 1 << 20
STRAY_CONTROLS = 64  # bytes; a text may hold some, a program is full of them
_BOMS = (  # the longer ones first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "is_archive"),
    (b"PK\x05\x06", "is_archive"),
    (b"\x1f\x8b", "is_archive"),
    (b"BZh", "is_archive"),
    (b"\xfd7zXZ", "is_archive"),
    (b"7z\xbc\xaf", "is_archive"),
    (b"Rar!", "is_archive"),
    (b"\x28\xb5\x2f\xfd", "is_archive"),
    (b"\xd0\xcf\x11\xe0", "is_workbook"),
    (b"%PDF", "is_pdf"),
    (b"{\\rtf", "is_document"),
    (b"\x89PNG", "is_image"),
    (b"\xff\xd8\xff", "is_image"),
    (b"GIF8", "is_image"),
    (b"II*\x00", "is_image"),
    (b"MM\x00*", "is_image"),
    (b"SQLite format 3", "is_database"),
    (b"PAR1", "is_database"),
    (b"$FL2", "is_database"),
    (b"\x7fELF", "is_binary"),
    (b"MZ\x90", "is_binary"),
)
_MARKUP = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<svg", b"<head", b"<body")
_PRINTABLE_CONTROLS = frozenset(b"\t\n\r\x0b\x0c\x1b")


@dataclass(frozen=True, slots=True)
class Text:
    """encoding: a Python codec. guessed: no BOM and no UTF-8, so only probable.

    mixed_ends: lines end in more than one way, or with a lone carriage return.
    """

    encoding: str
    guessed: bool
    size: int
    mixed_ends: bool


def examine(path: Path, *, max_bytes: int, max_line: int) -> Text:
    """The file's encoding. Raises Unreadable when it is not text, empty, or past a limit."""
    size = path.stat().st_size
    if size > max_bytes:
        raise Unreadable("too_large", megabytes=max_bytes >> 20)
    with path.open("rb") as file:
        head = file.read(PIECE)
        _refuse_other_kinds(path, head)
        encoding = next((name for bom, name in _BOMS if head.startswith(bom)), None)
        file.seek(0)
        return _Scan(encoding, max_line).over(file, size)


def _refuse_other_kinds(path: Path, head: bytes) -> None:
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if len(head) < PIECE and not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise Unreadable("empty")
    code = next((code for magic, code in _MAGIC if head.startswith(magic)), None)
    if code == "is_archive" and head.startswith(b"PK"):
        code = kind_of_zip(path)
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:512].lower()
    if start.startswith(_MARKUP):
        code = "is_markup"
    elif start.startswith((b'{"', b"[{", b"{\n", b"{\r\n", b"[\n", b"[\r\n", b'[["')):
        code = "is_json"
    wide = head.startswith(tuple(bom for bom, _ in _BOMS if bom != codecs.BOM_UTF8))
    if controls - head.count(b"\x00") > max(STRAY_CONTROLS, len(head) // 10) and not wide:
        code = code or "is_binary"
    if code:
        raise Unreadable(code)


def kind_of_zip(path: Path) -> str:
    """By the names that stand uncompressed at its start; nothing is unpacked."""
    with path.open("rb") as file:
        start = file.read(4096)
    if b"word/" in start or b"opendocument.text" in start or b"ppt/" in start:
        return "is_document"
    workbook = (b"xl/", b"[Content_Types].xml", b"opendocument.spreadsheet", b"_rels/.rels")
    return "is_workbook" if any(mark in start for mark in workbook) else "is_archive"


class _Scan:
    """One pass over the bytes: NULs, control characters, the longest line, UTF-8 or not."""

    def __init__(self, encoding: str | None, max_line: int) -> None:
        self.encoding = encoding
        self.wide = encoding in ("utf-16", "utf-32")
        self.max_line = max_line
        self.utf8 = codecs.getincrementaldecoder(encoding or "utf-8")("strict")
        self.valid = True
        self.bare = False  # a piece had line feeds and no carriage return
        self.split = False  # the last piece ended between \r and \n
        self.undefined = False  # a byte that Windows-1252 does not know
        self.line = self.feeds = self.returns = self.pairs = 0

    def over(self, file: IO[bytes], size: int) -> Text:
        while piece := file.read(PIECE):
            self._look(piece)
        self._decode(b"", final=True)
        mixed = self.returns != self.pairs or (
            self.pairs > 0 and (self.pairs < self.feeds or self.bare)
        )
        return Text(*self._verdict(), size=size, mixed_ends=mixed)

    def _look(self, piece: bytes) -> None:
        if not self.wide and b"\x00" in piece:
            raise Unreadable("nul_bytes")
        self._measure_lines(piece)
        self._decode(piece, final=False)
        if not self.undefined and not piece.isascii():
            self.undefined = any(byte in piece for byte in b"\x81\x8d\x8f\x90\x9d")

    def _measure_lines(self, piece: bytes) -> None:
        if b"\r" in piece or self.split or self.pairs:
            self.feeds += piece.count(b"\n")
            self.returns += piece.count(b"\r")
            self.pairs += piece.count(b"\r\n") + (self.split and piece.startswith(b"\n"))
            self.split = piece.endswith(b"\r")
        elif not self.returns:
            self.bare = self.bare or b"\n" in piece
        last = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
        self.line = self.line + len(piece) if last < 0 else len(piece) - last
        if self.line > self.max_line:
            raise Unreadable("line_too_long", limit=self.max_line)

    def _decode(self, piece: bytes, *, final: bool) -> None:
        if not self.valid:
            return
        try:
            text = self.utf8.decode(piece, final)
            if self.wide and "\x00" in text:
                raise Unreadable("nul_bytes")
        except UnicodeDecodeError as error:
            if self.encoding:
                raise Unreadable("damaged_text") from error
            self.valid = False

    def _verdict(self) -> tuple[str, bool]:
        if self.encoding or self.valid:
            return self.encoding or "utf-8", False
        return ("latin-1" if self.undefined else "cp1252"), True


_CONTROLS = bytes(code for code in range(32) if code not in _PRINTABLE_CONTROLS)
