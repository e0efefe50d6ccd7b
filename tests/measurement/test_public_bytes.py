"""Nothing that anybody can fetch tells a hidden count: not a page, a file, a picture or a header.

Two tests of different kinds. An attacker who has the files alone works out what he can. And two
worlds are built that differ in nothing but hidden counts: whatever is public must be the same in
both, byte by byte, so that no rate, interval, measure, order of rows or length of a bar can have
been made from what is hidden.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from ciforum.people import clock
from ciforum.people.words import Words
from measurement.suppression import audit
from tests import builders
from tests.builders import a_dimension, a_release, an_indicator, an_initiative, approved

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
# Other addresses to look at, by the initiative's slug: areas may add what no link leads to.
MORE: list[Callable[[str], str]] = [
    lambda slug: f"/{slug}/",
    lambda slug: "/sitemap.xml",
    lambda slug: "/robots.txt",
    lambda slug: "/api/v1/",
    lambda slug: "/api/v1/openapi.json",
    lambda slug: f"/api/v1/{slug}/",
    lambda slug: f"/api/v1/{slug}/indicators",
    lambda slug: f"/api/v1/{slug}/observations",
    lambda slug: f"/api/v1/{slug}/releases",
    lambda slug: f"/{slug}/measurement/dashboard/",
    lambda slug: f"/{slug}/measurement/protection/",
]
FORMATS = ("chart.json", "table.csv", "table.xlsx", "table.parquet", "picture.svg", "picture.png")
MOST = 600

GROUPS = ("white", "black", "other")
# Equal in all that is printed. What is hidden differs: "other" and the group that protects it.
ONE = {"": (140, 1400), "white": (95, 900), "black": (41, 420), "other": (4, 80)}
TWO = {"": (140, 1400), "white": (95, 900), "black": (36, 420), "other": (9, 80)}
# Nearly everybody is counted: here the others are few.
NEARLY = {"": (1300, 1400), "white": (840, 900), "black": (382, 420), "other": (78, 80)}
LINK = re.compile(r"""(?:href|src|data-[a-z-]+|hx-get|content|<loc)[=>]["']?(/[^"'<>\s]+)""")
UNLIKE = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "UID"),
    (re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+"), "TIME"),
    (re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"'), "TOKEN"),
)


class World:
    """An initiative of two indicators about the same people, released year by year."""

    def __init__(self, slug: str, first: dict) -> None:
        self.slug = slug
        with clock.at(NOW):
            self.initiative = an_initiative(slug, name=Words(en="The valley"))
            self.backbone = builders.a_member(self.initiative, "backbone", data_steward=True)
            organization = builders.an_organization(self.initiative, name="County", slug="county")
            self.partner = builders.a_member(self.initiative, "partner", organization=organization)
            a_dimension(self.initiative, groups=GROUPS)
            self.indicators = [
                an_indicator(self.initiative, name, slug=code, code=code)
                for name, code in (("Babies born small", "small"), ("Early care", "early"))
            ]
        # In the second year it is another group's turn to be hidden, so that year is the same.
        for day, (year, numbers) in enumerate(((2023, first), (2024, ONE))):
            for indicator, counts in zip(self.indicators, (numbers, NEARLY), strict=True):
                with clock.at(NOW + timedelta(days=day)):
                    self.release(indicator, year, counts)

    def release(self, indicator, year, numbers):
        rows = {
            (year, "Here", *([f"race:{group}"] if group else [])): value
            for group, value in numbers.items()
        }
        approved(indicator, self.partner, self.backbone, rows)
        a_release(indicator, self.backbone, ready=True).publish(by=self.backbone.user)

    def public(self) -> dict[str, bytes]:
        """Every address anybody can reach, with its headers and its body."""
        with clock.at(NOW + timedelta(days=30)):
            return dict(self._walk(Client()))

    def _walk(self, browser: Client) -> Iterator[tuple[str, bytes]]:
        waiting = [address(self.slug) for address in MORE]
        waiting += [
            f"/{self.slug}/measurement/indicators/{indicator.slug}/{name}"
            for indicator in self.indicators
            for name in FORMATS
        ]
        known = set(waiting)
        while waiting and len(known) < MOST:
            address = waiting.pop(0)
            answer = browser.get(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            headers = "".join(
                f"{name}: {value}\n"
                for name, value in sorted(answer.headers.items())
                # The tag is made of the body, which is compared itself.
                if name not in ("ETag", "Set-Cookie")
            )
            if address == "/sitemap.xml":  # lists every initiative there is
                headers, body = "", b"\n".join(re.findall(f"<loc>.*/{self.slug}/.*".encode(), body))
            yield address, self._even(f"{answer.status_code}\n{headers}\n".encode() + body)
            if "html" in answer.headers.get("Content-Type", "") or address.endswith(".xml"):
                for link in LINK.findall(body.decode("utf-8", "replace")):
                    link = link.replace("&amp;", "&").split("#")[0]
                    if link.startswith(f"/{self.slug}/") and link not in known:
                        known.add(link)
                        waiting.append(link)

    def _even(self, content: bytes) -> bytes:
        """Without what differs between any two initiatives: slug, ids, tokens."""
        text = content.decode("latin-1").replace(self.slug, "SLUG")
        for pattern, name in UNLIKE:
            text = pattern.sub(name, text)
        return text.encode("latin-1")


@pytest.fixture
def one():
    return World("valley-one", ONE)


def _differences(one: bytes, two: bytes) -> str:
    lines = [content.decode("latin-1").splitlines() for content in (one, two)]
    return "\n".join(list(difflib.unified_diff(*lines, "one", "two", n=0, lineterm=""))[:12])


def test_worlds_that_differ_in_hidden_counts_alone_look_the_same(one):
    first = {path.replace("valley-one", "SLUG"): body for path, body in one.public().items()}
    two = World("valley-two", TWO)
    second = {path.replace("valley-two", "SLUG"): body for path, body in two.public().items()}

    assert first.keys() == second.keys()
    unlike = {
        path: _differences(body, second[path])
        for path, body in first.items()
        if body != second[path]
    }
    assert not unlike, "\n".join(f"{path}: {text}" for path, text in unlike.items())
    assert sum(body.startswith(b"200") for body in first.values()) > 10


def test_a_difference_that_is_printed_would_be_seen(one):
    """The test above can fail."""
    more = {**ONE, "": (141, 1400), "white": (96, 900)}
    two = World("valley-two", more)
    path = "/{}/measurement/indicators/small/table.csv"

    assert one.public()[path.format("valley-one")] != two.public()[path.format("valley-two")]


@pytest.mark.parametrize("slug", ["small", "early"])
def test_the_files_alone_narrow_no_small_count(one, slug):
    for year in ("2023", "2024"):
        cells, sums, printed = _table(_csv(one, slug), year)

        learnt = audit(cells, sums, cells.keys() - printed, earlier={n: cells[n] for n in printed})

        small = {name for name, value in cells.items() if 1 <= value <= 10}
        assert small
        assert not small & printed
        for name in small:
            low, high = learnt[name]
            assert low <= 1
            assert high is None or high >= 10


def _csv(world, slug):
    address = f"/{world.slug}/measurement/indicators/{slug}/table.csv?by=race"
    return list(csv.DictReader(io.StringIO(Client().get(address).content.decode("utf-8-sig"))))


def _table(rows, year):
    """The true cells (x, n and the others of each group), their sums, and the printed names."""
    truth = ONE if rows[0]["indicator"] == "Babies born small" else NEARLY
    cells, printed = {}, set()
    for row in rows:
        if row["period"] != year:
            continue
        group = row["group_code"].removeprefix("race:")
        x, n = truth[group]
        cells |= {f"x {group}": x, f"n {group}": n, f"c {group}": n - x}
        shown = {f"x {group}": row["numerator"], f"n {group}": row["denominator"]}
        printed |= {name for name, text in shown.items() if text.isdigit()}
        assert all(int(text) == cells[name] for name, text in shown.items() if text.isdigit())
    sums = [(f"n {group}", (f"x {group}", f"c {group}")) for group in truth]
    sums += [(f"{what} ", tuple(f"{what} {group}" for group in GROUPS)) for what in "xnc"]
    return cells, sums, printed
