"""How long pages of numbers take, in an initiative of a hundred thousand and of ten million.

Asked of a real server by signed-in members: session, membership and scope are in every figure.
Both initiatives stand in one database and are asked in turn, so that their ratio is fair.
"""

from __future__ import annotations

import http.client
import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests import builders
from tests.bench.filling import CHARTS, a_dashboard, an_initiative_of
from tests.bench.serving import gunicorn

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]

SMALL = 10
LARGE = int(os.environ.get("BENCH_INDICATORS", "1000"))
ROUNDS = 200
AT_ONCE = 8
# With fifty places that makes more addresses than there are rounds.
BREAKDOWNS = ("race", "gender", "gender.race", "", "race&periods=year")
# Neither as the first question of a process nor by one question alone is a server judged.
WARM = 20


@pytest.fixture
def initiatives() -> list[Any]:
    return [an_initiative_of(SMALL), an_initiative_of(LARGE)]


def test_pages_are_as_quick_with_ten_million_observations(initiatives):
    members = {each: builders.a_member(each, "funder").user for each in initiatives}
    boards = {each: a_dashboard(each).get_absolute_url() for each in initiatives}
    cookies = {each: _cookie(members[each]) for each in initiatives}
    with gunicorn() as address:
        for name, path in _paths(boards).items():
            found = {each: [] for each in initiatives}
            for turn in range(WARM + ROUNDS):
                for each in initiatives:
                    taken = _ask(address, path(each, turn), cookies[each])
                    if turn >= WARM:
                        found[each].append(taken)
            for each in initiatives:
                _tell(f"{name} {each.slug}", found[each])
            small, large = (statistics.median(found[each]) for each in initiatives)
            print(f"{name}: {LARGE} / {SMALL} indicators = {large / small:.2f}")
        for each in initiatives:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                chart = _paths(boards)["chart"]
                ask = lambda turn: _ask(address, chart(each, turn), cookies[each])  # noqa: B023, E731
                _tell(f"chart, {AT_ONCE} at once {each.slug}", list(pool.map(ask, range(ROUNDS))))


def _paths(boards: dict[Any, str]) -> dict[str, Any]:
    """Addresses by turn. "Not seen before": of a place and breakdown nobody has asked for yet."""

    def of(name: str, query: str = "") -> Any:
        def path(initiative: Any, turn: int) -> str:
            slug = f"measure-{turn % SMALL}"
            found = reverse(f"measurement:{name}", args=[initiative.slug, slug])
            return found + query.format(
                place=f"place-{turn % 50}", by=BREAKDOWNS[turn // 50 % len(BREAKDOWNS)]
            )

        return path

    return {
        "chart": of("chart", "?place={place}&by=race"),
        "indicator page": of("indicator", "?place={place}&by=race"),
        "chart not seen before": of("chart", "?place={place}&by={by}&lang=es"),
        "indicator page not seen before": of("indicator", "?place={place}&by={by}&lang=es"),
        "indicator page after a change": _changed(of("indicator", "?place={place}&by=race")),
        f"dashboard of {CHARTS} charts": lambda each, _turn: boards[each],
    }


def _changed(path: Any) -> Any:
    """The worst case: something public has just changed, so that nothing is kept any more."""

    def changed(initiative: Any, turn: int) -> str:
        initiative.public_changed()
        return path(initiative, turn)

    return changed


def _cookie(user: Any) -> str:
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def _ask(address: tuple[str, int], path: str, cookie: str) -> float:
    """Milliseconds until the last byte."""
    connection = http.client.HTTPConnection(*address)
    started = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "identity"})
    answer = connection.getresponse()
    answer.read()
    taken = (time.perf_counter() - started) * 1000
    connection.close()
    assert answer.status == 200, (path, answer.status)
    return taken


def _tell(name: str, taken: list[float]) -> None:
    ordered = sorted(taken)
    at = {part: ordered[int(len(ordered) * part / 100)] for part in (50, 95)}
    print(f"{name}: p50 {at[50]:.1f} ms, p95 {at[95]:.1f} ms")
