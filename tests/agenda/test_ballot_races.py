"""Ballots through real HTTP: two hundred at once, and a web process killed in the middle."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.urls import reverse

from agenda.models import Decision
from ciforum import embedded
from tests.agenda.booths import an_open_vote, link_to, signed_in, url

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def nobody_came_before(transactional_db: None) -> None:
    """The limit of requests from one address counts these alone, not those of other tests."""
    caches["default"].clear()


class Web:
    """A real gunicorn on the test's database; `kill` is kill -9 of all of it."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    def start(self) -> None:
        given = os.environ.get("DATABASE_URL") or embedded.database_url("web")
        name = connection.settings_dict["NAME"]
        address = urllib.parse.urlsplit(given)._replace(path=f"/{name}").geturl()
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "ciforum.wsgi", "--no-control-socket"),
                *("--bind", f"127.0.0.1:{self.port}", "--workers", "1", "--threads", "8"),
            ],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": address,
                "SECRET_KEY": settings.SECRET_KEY,
                "DEBUG": "1",
                "CIFORUM_LOCAL": str(settings.LOCAL),
            },
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2).close()
            except OSError:
                time.sleep(0.2)
            else:
                return
        raise AssertionError("the web did not start")

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def send(
        self, path: str, cookie: str = "", data: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """Status and text of the answer; status 0 when none came."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=urllib.parse.urlencode(data).encode() if data else None,
            headers={"Cookie": cookie} if cookie else {},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - http
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()
        except (OSError, HTTPException):  # killed before the answer, or in the middle of it
            return 0, ""


@pytest.fixture
def web() -> Iterator[Web]:
    running = Web()
    yield running
    if running.process.poll() is None:
        running.kill()


def test_two_hundred_casts_of_one_seat_leave_one_ballot_and_every_version(initiative, backbone):
    decision, seats = an_open_vote(initiative, backbone)
    client, address = signed_in(seats[0].holder), url("ballot", decision)
    cookies = client.cookies
    start = threading.Barrier(20)

    def burst(worker: int) -> list[int]:
        own = Client()
        own.cookies = cookies.copy()
        start.wait(timeout=60)
        statuses = []
        for turn in range(10):
            choice = ("agree", "disagree", "abstain")[(worker + turn) % 3]
            sent = {"answer": choice, "key": str(uuid.uuid4()), "step": "cast"}
            statuses.append(own.post(address, sent).status_code)
        connection.close()
        return statuses

    with ThreadPoolExecutor(20) as pool:
        statuses = [status for batch in pool.map(burst, range(20)) for status in batch]

    versions = list(decision.ballots.order_by("version").values_list("version", flat=True))
    assert statuses == [302] * 200
    assert versions == list(range(1, 201))
    assert list(decision.ballots.effective().values_list("version", flat=True)) == [200]


def test_one_form_sent_by_thirty_at_once_is_one_ballot(initiative, backbone):
    decision, seats = an_open_vote(initiative, backbone)
    address, key = link_to(decision, seats[0]), str(uuid.uuid4())

    def send(_number: int) -> int:
        sent = {"answer": "agree", "key": key, "step": "cast"}
        status = Client().post(address, sent).status_code
        connection.close()
        return status

    with ThreadPoolExecutor(10) as pool:
        statuses = set(pool.map(send, range(30)))

    # The limit of requests may turn some away when so many come in one moment; it says so.
    assert 200 in statuses
    assert statuses <= {200, 429}
    assert decision.ballots.count() == 1


LAST_KILL = 0.9


def _wait_for(acknowledged: dict[str, str]) -> None:
    for _turn in range(600):
        if acknowledged:
            return
        time.sleep(0.05)


def test_a_killed_web_process_loses_no_ballot_it_acknowledged(web, initiative, backbone):
    decision, seats = an_open_vote(initiative, backbone, lived=4)
    acknowledged: dict[str, str] = {}
    keys: list[str] = []

    for kill_after in (0.05, 0.2, 0.5, LAST_KILL):
        threads = [
            threading.Thread(target=_vote_on, args=(web, decision, seat, keys, acknowledged))
            for seat in seats
        ]
        for thread in threads:
            thread.start()
        time.sleep(kill_after)
        if kill_after == LAST_KILL:  # a busy machine may have acknowledged none by now
            _wait_for(acknowledged)
        web.kill()
        for thread in threads:
            thread.join()
        web.start()

    kept = {str(key) for key in decision.ballots.values_list("key", flat=True)}
    assert acknowledged
    assert set(acknowledged) <= kept <= set(keys)
    for seat in seats:
        versions = list(
            decision.ballots.filter(seat=seat).order_by("version").values_list("version", flat=True)
        )
        assert versions == list(range(1, len(versions) + 1))
        assert decision.ballots.effective().filter(seat=seat).count() == min(len(versions), 1)


def test_a_killed_web_process_counts_no_secret_ballot_twice(web, initiative, backbone):
    decision, seats = an_open_vote(initiative, backbone, lived=4, secret=True)
    acknowledged: list[Any] = []
    answers = {seat: _secret_form(web, decision, seat) for seat in seats}

    for kill_after in (0.05, 0.15, 0.3):
        threads = [
            threading.Thread(target=_vote_in_secret, args=(web, seat, *answers[seat], acknowledged))
            for seat in seats
        ]
        for thread in threads:
            thread.start()
        time.sleep(kill_after)
        web.kill()
        for thread in threads:
            thread.join()
        web.start()
    for seat in seats:  # whoever got no answer sends the same page once more
        _vote_in_secret(web, seat, *answers[seat], acknowledged)

    assert set(acknowledged) == set(seats)
    assert decision.round.voted.count() == len(seats)
    assert decision.round.sealed_ballots.count() == len(seats)


# --- hands


def _signed_in(seat: Any) -> str:
    client = signed_in(seat.holder)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def _vote_on(
    web: Web, decision: Decision, seat: Any, keys: list[str], acknowledged: dict[str, str]
) -> None:
    """Vote and change the vote until the web is gone; note what was acknowledged."""
    session = _signed_in(seat)
    path = reverse("agenda:ballot", args=[decision.initiative.slug, decision.uid])
    secret = "a" * 32
    cookie = f"{session}; {settings.CSRF_COOKIE_NAME}={secret}"
    for turn in range(50):
        key = str(uuid.uuid4())
        keys.append(key)
        sent = {
            "answer": ("agree", "disagree")[turn % 2],
            "key": key,
            "step": "cast",
            "csrfmiddlewaretoken": secret,
        }
        status, text = web.send(path, cookie, sent)
        if status == 0:
            break
        if "Your seat has voted" in text:
            acknowledged[key] = text
    connection.close()


def _secret_form(web: Web, decision: Decision, seat: Any) -> tuple[str, str, dict[str, str]]:
    """(path, cookie, boxes) of a secret ballot as its page was shown, with its receipt."""
    secret = "b" * 32
    path = reverse("agenda:ballot", args=[decision.initiative.slug, decision.uid])
    cookie = f"{_signed_in(seat)}; {settings.CSRF_COOKIE_NAME}={secret}"
    _status, page = web.send(path, cookie)
    receipt = re.search(r'name="receipt" value="([^"]+)"', page).group(1)
    boxes = {"answer": "agree", "receipt": receipt, "step": "cast", "csrfmiddlewaretoken": secret}
    return path, cookie, boxes


def _vote_in_secret(
    web: Web, seat: Any, path: str, cookie: str, boxes: dict[str, str], acknowledged: list[Any]
) -> None:
    status, text = web.send(path, cookie, boxes)
    if status == 200 and "receipt__signs" in text:
        acknowledged.append(seat)
    connection.close()
