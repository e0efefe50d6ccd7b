"""Nothing that anybody can fetch tells a hidden count: not a page, a file, a picture or a header.

An attacker's script, in three ways. Two worlds are built that differ in nothing but hidden counts:
whatever a stranger can fetch must be the same in both, byte by byte, so that no rate, interval,
measure, order of rows or length of a bar can have been made from what is hidden. Every number that
is written anywhere is held against the hidden ones and what follows from them. And whoever adds and
subtracts all that is printed must not come closer to a small count.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

import pytest

from ciforum.people import clock
from measurement.reliability import present_proportion
from measurement.suppression import audit
from tests import stranger
from tests.furnished import GROUPS, NOW, ONE, TWO, Counts, World
from tests.stranger import Answer

pytestmark = pytest.mark.django_db(transaction=True)

UNLIKE = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "UID"),
    (re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+"), "TIME"),
    (re.compile(r'name="(csrfmiddlewaretoken|ticket)" value="[^"]+"'), "TOKEN"),
    (re.compile(r"Expires: .* GMT"), "TIME"),
    # Numbers of rows, and those that the builders of tests count up.
    (re.compile(r"(walk-|board-|committee-|Person )\d+\b"), "ID"),
    # Squares that lead a phone to an address with a made-up code in it.
    (re.compile(r'<svg[^>]*class="qr".*?</svg>', re.DOTALL), "QR"),
)
# Ids, moments, colours and the outlines of letters are no numbers of anybody; where a line runs is
# compared between the two worlds.
UNTOLD = re.compile(
    r"""[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[0-9:.]+|#[0-9a-f]{3,8}\b|\bd="[^"]*\""""
)
# A number of fewer digits stands everywhere, for a hundred reasons.
DIGITS = 4
# Open addresses with nothing behind them here: a follower's own links, files of a kind.
UNFURNISHED = ("walks/yes/%(token)s/", "walks/stop/%(token)s/")


def fetched(world: World) -> list[Answer]:
    with clock.at(NOW + timedelta(days=30)):
        return list(stranger.told(world.slug, world.names))


@pytest.fixture
def one():
    return World("valley-one", ONE)


def even(world: World, content: bytes) -> bytes:
    """Without what differs between any two initiatives: slug, ids, codes, tokens."""
    text = content.decode("latin-1").replace(world.slug, "SLUG")
    for pattern, name in UNLIKE:
        text = pattern.sub(name, text)
    for value, name in {**world.names["token"], **world.names["code"]}.items():
        text = text.replace(value, name)
    return text.encode("latin-1")


def by_address(world: World) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for answer in fetched(world):
        address = even(world, answer.address.encode()).decode()
        content = even(world, answer.bytes)
        if answer.address in ("/", "/sitemap.xml"):  # these list every initiative there is
            content = b"\n".join(re.findall(rb".*/SLUG/.*", content))
        found.setdefault(address, []).append(content)
    return found


def test_worlds_that_differ_in_hidden_counts_alone_look_the_same(one):
    two = World("valley-two", TWO)
    first, second = by_address(one), by_address(two)

    assert first.keys() == second.keys()
    unlike = {path: _differences(first[path], second[path]) for path in first}
    assert not any(unlike.values()), "\n".join(f"{p}: {text}" for p, text in unlike.items() if text)


def _differences(one: list[bytes], two: list[bytes]) -> str:
    if one == two:
        return ""
    lines = [b"\n".join(each).decode("latin-1").splitlines() for each in (one, two)]
    return "\n".join(list(difflib.unified_diff(*lines, "one", "two", n=0, lineterm=""))[:12])


def test_a_difference_that_is_printed_would_be_seen(one):
    """The test above can fail."""
    path = "/{}/measurement/indicators/small/table.csv"
    more = {**ONE, "West": {**ONE["West"], "": (652, 6_547)}}
    two = World("valley-two", more)

    assert _only(one, path) != _only(two, path)


def _only(world: World, path: str) -> bytes:
    with clock.at(NOW + timedelta(days=30)):
        return even(world, stranger.ask(path.format(world.slug)).bytes)


def test_no_address_tells_a_hidden_number_or_what_follows_from_it(one):
    answers = fetched(one)
    secret = secrets(one)

    assert len(secret) > 80
    assert leaks(answers, secret) == {}
    assert seen(answers) == []


def test_what_is_printed_narrows_no_small_count(one):
    """Everything that is printed of groups, places, years and the other indicator together."""
    rows = public_rows(one)
    for indicator, years in one.counts.items():
        for year, counts in years.items():
            own = [r for r in rows if (r["indicator"], r["year"]) == (indicator, year)]
            cells, sums, printed = _table(counts, own)

            learnt = audit(
                cells, sums, cells.keys() - printed, earlier={n: cells[n] for n in printed}
            )

            small = {name for name, value in cells.items() if 1 <= value <= 10}
            assert small
            assert not small & printed
            for name in small:
                low, high = learnt[name]
                assert (low <= 1, high is None or high >= 10) == (True, True), name


# --- what is secret


def public_rows(world: World) -> list[dict]:
    """All cells, from the API: the year, the place, the group and what is printed of them."""
    found = []
    for indicator in world.indicators:
        path = f"/api/v1/{world.slug}/indicators/{indicator.slug}/cells?size=5000"
        for row in json.loads(stranger.ask(path).body)["items"]:
            place, group = row["place"], row["group_code"].removeprefix("race:")
            year = int(row["period_start"][:4])
            found.append({**row, "year": year, "place": place, "group": group})
    return found


def secrets(world: World) -> dict[Decimal, str]:
    """What is hidden, and what anybody could work out who knew it → what it is.

    A number that is also printed somewhere, or that follows from what is, is no secret.
    """
    hidden: dict[Decimal, str] = {}
    public: set[Decimal] = set()
    for row in public_rows(world):
        x, n = world.counts[row["indicator"]][row["year"]][row["place"]][row["group"]]
        about = f"{row['indicator']} {row['year']} {row['place']} {row['group']}"
        told = set(_follow(x, n)) if row["numerator"] is not None else {}
        public |= {*told, *([Decimal(n)] if row["denominator"] is not None else [])}
        if row["numerator"] is None:
            hidden |= {number: f"{about}: {what}" for number, what in _follow(x, n).items()}
        if row["denominator"] is None:
            hidden[Decimal(n)] = f"{about}: people"
    return {
        number: about
        for number, about in hidden.items()
        if number not in public and len(number.as_tuple().digits) >= DIGITS
    }


def _follow(x: int, n: int) -> dict[Decimal, str]:
    """The count, its complement, its rate and the ends of its interval, as they may be written."""
    low, high = (100 * end for end in present_proportion(x, n).interval)
    rates = {"rate": 100 * x / n, "others' rate": 100 - 100 * x / n, "low": low, "high": high}
    found = {Decimal(x): "count", Decimal(n - x): "others"}
    for what, rate in rates.items():
        for places in range(2, 7):
            found[Decimal(f"{rate:.{places}f}").normalize()] = what
    return found


def leaks(answers: Iterable[Answer], secret: dict[Decimal, str]) -> dict[str, list[str]]:
    """Address → the secrets that it tells."""
    found = {}
    for answer in answers:
        told = secret.keys() & stranger.numbers(UNTOLD.sub(" ", answer.text()))
        if told:
            found[answer.address] = [f"{number} ({secret[number]})" for number in sorted(told)]
    return found


def seen(answers: Iterable[Answer]) -> list[str]:
    """Open addresses of shared measurement that never answered with a page."""
    reached = [answer.address for answer in answers if answer.status == 200]
    missed = []
    for address, _arguments, is_open in stranger.addresses():
        written = re.compile("/" + re.sub(r"%\(\w+\)s", "[^/]+", address) + r"(\?.*)?$")
        if is_open and "/measurement/" in address and not any(map(written.match, reached)):
            missed.append(address)
    return [each for each in missed if not each.endswith(UNFURNISHED)]


def _table(counts: Counts, rows: list[dict]):
    """The true cells (x, n and the others of each group and place), their sums, what is printed."""
    cells, printed, sums = {}, set(), []
    for place, groups in counts.items():
        for group, (x, n) in groups.items():
            here = f"{place} {group}"
            cells |= {f"x {here}": x, f"n {here}": n, f"c {here}": n - x}
            sums.append((f"n {here}", (f"x {here}", f"c {here}")))
        sums += [(f"{w} {place} ", tuple(f"{w} {place} {g}" for g in GROUPS)) for w in "xnc"]
    for group in ("", *GROUPS):
        sums += [(f"{w} Here {group}", (f"{w} East {group}", f"{w} West {group}")) for w in "xnc"]
    for row in rows:
        for what, name in (("x", "numerator"), ("n", "denominator")):
            if row[name] is not None:
                name, value = f"{what} {row['place']} {row['group']}", row[name]
                assert cells[name] == value
                printed.add(name)
    return cells, sums, printed
