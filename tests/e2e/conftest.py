"""A real browser before the demonstration, and a console that has to stay empty."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from agenda.tasks import act_on_deadlines
from ciforum.demo.people import DEMO_PEOPLE, SLUG
from ciforum.people import clock, jobs, registry
from ciforum.people.models import Initiative, Job, Membership
from equity.models import Dimension
from tests import builders

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
LENA, PASSWORD = "lena@example.org", "correct horse battery"
PHONE = {"width": 375, "height": 812}
DESKTOP = {"width": 1280, "height": 900}
# Chromium writes this about every answer above 399, and 422 is how a form comes back.
A_FORM_CAME_BACK = "the server responded with a status of 422"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    arguments = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return {"executable_path": CHROMIUM, "args": arguments}


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The address of the demonstration, loaded once for a module: its journeys do not cross."""

    def load() -> None:
        call_command("demo")
        _add_what_journeys_need()

    with django_db_blocker.unblock(), served(load) as address:
        yield address


@contextmanager
def served(load: Callable[[], Any]) -> Iterator[str]:
    """A server of what `load` makes, where the demonstration's people can enter.

    It is committed, for the server's threads to see; at the end of the module all rows go.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DEMO", True)
        people = {person.key: person for person in DEMO_PEOPLE}
        patch.setattr(registry.demo_people, "_entries", people)
        load()
        # Once Playwright's loop runs, this thread gets another connection: nobody else shuts it.
        connection.close()
        # A kept connection of the server would keep the database from being dropped.
        patch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
        server = LiveServer("localhost")
        patch.setattr(settings, "ALLOWED_HOSTS", ["localhost"])
        try:
            yield server.url
        finally:
            server.stop()
            caches["pages"].clear()
            call_command("flush", interactive=False, verbosity=0)
            connection.close()  # the same the other way round


def _add_what_journeys_need() -> None:
    """Indicators more, so that each file has one of its own, and somebody with a password."""
    initiative = Initiative.objects.get(slug=SLUG)
    race = Dimension.objects.for_initiative(initiative).current().get(code="race")
    for name, slug in (("Babies born early", "born-early"), ("Babies born at home", "at-home")):
        builders.an_indicator(initiative, name=name, required=[race], slug=slug, code=slug)
    add_lena(initiative)


def add_lena(initiative: Initiative) -> Membership:
    """A resident who has a password."""
    lena = builders.a_user(LENA, name="Lena Ortiz", password=PASSWORD)
    lena.emailaddress_set.create(email=LENA, verified=True, primary=True)
    return builders.a_member(initiative, "community", user=lena)


@pytest.fixture
def window(new_context: Callable[..., Any], site: str) -> Iterator[Callable[..., Any]]:
    """Open a browser of somebody's own. All that its console says fails the journey."""
    complaints: list[str] = []

    def said(line: Any) -> None:
        if line.type in ("error", "warning") and A_FORM_CAME_BACK not in line.text:
            complaints.append(f"{line.location.get('url')}: {line.text}")

    def watch(page: Any) -> None:
        page.set_default_timeout(30_000)
        page.on("console", said)
        page.on("pageerror", lambda error: complaints.append(str(error)))

    def open_window(**options: Any) -> Any:
        context = new_context(**{"base_url": site, "viewport": DESKTOP, **options})
        context.on("page", watch)
        return context.new_page()

    yield open_window

    assert complaints == []


def committed(do: Callable[[], Any]) -> Any:
    """What the worker does: on a connection of its own, for the server's threads to see."""

    def on_its_own_connection() -> Any:
        try:
            return do()
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(on_its_own_connection).result(timeout=60)


@pytest.fixture
def work() -> Callable[[], None]:
    """Do the jobs that wait, as the worker would."""

    def jobs_that_wait() -> None:
        for pk in Job.objects.filter(state="waiting").values_list("pk", flat=True):
            jobs.run(pk)

    return lambda: committed(jobs_that_wait)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let days pass for verbs, in the server's threads too; then the clock acts as it would.

    Only the hands of `ciforum.people.clock` are moved: signatures and sessions age as they do.
    """
    passed = timedelta()

    def now() -> datetime:
        return timezone.now() + passed

    def let_pass(**time: float) -> None:
        nonlocal passed
        passed += timedelta(**time)
        committed(act_on_deadlines)

    monkeypatch.setattr(clock, "timezone", SimpleNamespace(now=now))
    return let_pass


@pytest.fixture
def enter(window: Callable[..., Any]) -> Callable[..., Any]:
    """A browser in which one of the demonstration's people has entered."""

    def as_somebody(key: str, **options: Any) -> Any:
        name = next(person.name for person in DEMO_PEOPLE if person.key == key)
        page = window(**options)
        page.goto("/accounts/enter/")
        page.get_by_role("button", name=f"Enter as {name}").click()
        page.get_by_text(f"You are in as {name}").wait_for()
        return page

    return as_somebody
