"""What a stranger can fetch of an initiative: every address, and every byte of what it answers.

Addresses come from the table of addresses itself, filled with every name and number that stands
for something in the initiative, and from the links on the pages. So a page that no link leads to
is looked at as well, and an address added tomorrow is looked at without being listed here.
"""

from __future__ import annotations

import io
import itertools
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

LINK = re.compile(r"""(?:href|src|data-[a-z-]+|content|<loc)[=>]["']?(/[^"'<>\s]+)""")
# What is never an initiative's: signing in, the admin pages, files that are the same everywhere.
Names = Mapping[str, Collection[str]]
ELSEWHERE = ("admin/", "accounts/", "static/")
MOST = 2_000
# Of one page, asked in as many ways (places, groups, framing) as this; pages link to hundreds.
WAYS = 6


@dataclass(frozen=True)
class Answer:
    """What one address says to a stranger."""

    address: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        return self.headers.get("Content-Type", "").split(";")[0]

    @property
    def bytes(self) -> bytes:
        """Status, headers and body, but for the headers that are made of the body."""
        made = ("ETag", "Content-Length")
        told = sorted(item for item in self.headers.items() if item[0] not in made)
        head = "".join(f"{name}: {value}\n" for name, value in told)
        return f"{self.status}\n{head}\n".encode() + self.body

    def text(self) -> str:
        """All that it says, unpacked: sheets of a workbook, rows of a table, notes in a picture."""
        head = "\n".join(f"{name}: {value}" for name, value in self.headers.items())
        return f"{self.address}\n{head}\n{_unpacked(self.kind, self.body)}"


def _unpacked(kind: str, body: bytes) -> str:
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            parts = [book.read(name).decode("utf-8", "replace") for name in book.namelist()]
        return "\n".join(parts)
    if body.startswith(b"PAR1"):
        return _rows(body)
    if body.startswith(b"\x89PNG"):
        return "\n".join(_notes(body))
    return body.decode("utf-8", "replace")


def _rows(parquet: bytes) -> str:
    """Every row, and what the file says of each column (least and most among it)."""
    with TemporaryDirectory() as folder, duckdb.connect() as engine:
        path = Path(folder) / "table.parquet"
        path.write_bytes(parquet)
        rows = engine.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
        told = engine.execute(
            "SELECT path_in_schema, stats_min, stats_max, stats_min_value, stats_max_value"
            " FROM parquet_metadata(?)",  # the rest is where in the file it stands
            [str(path)],
        ).fetchall()
    return "\n".join(", ".join(map(str, row)) for row in [*rows, *told])


def _notes(png: bytes) -> Iterator[str]:
    """The texts that a picture carries beside its points."""
    at = 8
    while at < len(png):
        size, name = int.from_bytes(png[at : at + 4]), png[at + 4 : at + 8]
        data = png[at + 8 : at + 8 + size]
        if name == b"zTXt":
            word, _zero, packed = data.partition(b"\0")
            data = word + b" " + zlib.decompress(packed[1:])
        if name in (b"tEXt", b"zTXt", b"iTXt", b"eXIf"):
            yield data.decode("utf-8", "replace")
        at += size + 12


def told(slug: str, names: Names) -> Iterator[Answer]:
    """Everything that any address of the initiative answers to somebody who is not signed in.

    names: the values to try for arguments of addresses, and under "page" what is known to stand
    somewhere.
    """
    waiting = [*_filled(slug, names), "/", "/sitemap.xml", "/robots.txt", f"/{slug}", f"/{slug}/no"]
    known = set(waiting)
    ways: Counter[str] = Counter()
    for number in itertools.count():
        if not waiting:
            return
        assert number < MOST, "there is no end to the addresses"
        answer = ask(waiting.pop(0), number)
        yield answer
        for link in _links(answer):
            path, _mark, query = link.partition("?")
            if not path.startswith((f"/{slug}/", f"/api/v1/{slug}/")) or link in known:
                continue
            known.add(link)
            ways[path] += bool(query)
            if ways[path] <= WAYS:
                waiting.append(link)


def ask(address: str, number: int = 0) -> Answer:
    """What one address answers to somebody who is not signed in."""
    # From another place each time: how often somebody may ask is no subject here.
    browser = Client(REMOTE_ADDR=f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}")
    answer = browser.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert int(answer.headers.get("Content-Length", len(body))) == len(body)
    return Answer(address, answer.status_code, dict(answer.headers), body)


def _links(answer: Answer) -> Iterator[str]:
    if answer.kind in ("text/html", "application/xml", "image/svg+xml", "application/json"):
        for link in LINK.findall(answer.body.decode("utf-8", "replace")):
            yield link.replace("&amp;", "&").split("#")[0]


def _filled(slug: str, names: Names) -> list[str]:
    """Each open address with every value that belongs there; the others once, to hear them refuse.

    What an address begins with tells which values belong there: those of pages that begin so.
    """
    found = []
    for pattern, arguments, is_open in addresses():
        if arguments[:1] != ("initiative",):
            continue
        begun = re.escape(pattern.split("%(")[1].split(")s")[1] if arguments[1:] else "")
        first = re.compile(rf"(?:/api/v1)?/{slug}{begun}([^/]+)/").match
        own = dict.fromkeys(one[1] for page in names["page"] if (one := first(page)))
        values = [own or names.get(argument, ["1"]) for argument in arguments[1:2]]
        values += [names.get(argument, ["1"]) for argument in arguments[2:]]
        for chosen in itertools.product(*values) if is_open else [("1",) * len(values)]:
            found.append("/" + pattern % dict(zip(arguments, (slug, *chosen), strict=True)))
    return list(dict.fromkeys(found))


def addresses() -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """Every address: how it is written, the names of its arguments, whether anyone may ask."""
    yield from _below("", get_resolver())


def _below(start: str, resolver: URLResolver) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    for each in resolver.url_patterns:
        route = start + str(each.pattern).lstrip("^")
        if route.startswith(ELSEWHERE):
            continue
        if isinstance(each, URLPattern):
            arguments = tuple(re.findall(r"<(?:\w+:)?(\w+)>", route))
            is_open = getattr(each.callback, "public", False)
            yield re.sub(r"<(?:\w+:)?(\w+)>", r"%(\1)s", route), arguments, is_open
        else:
            yield from _below(route, each)


NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3}(?!\d))*(?:[.,]\d+)?")


def numbers(text: str) -> set[Decimal]:
    """Every number a reader could see in it, written in English or in Spanish."""
    found = set()
    for written in NUMBER.findall(text):
        plain = re.sub(r"[\u00a0\u202f ]", "", written)
        for point, mark in ((".", ","), (",", ".")):
            read = plain.replace(mark, "").replace(point, ".")
            if read.count(".") <= 1:
                found.add(Decimal(read).normalize())
    return found
