"""What every test may use."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import environ
import psycopg
import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client
from pytest_django import DjangoDbBlocker

from ciforum.people import jobs
from ciforum.people.models import Job, User
from tests import builders, emptying, migrated


def pytest_configure() -> None:
    """Each process has cached pages of its own: it empties them before every test."""
    pages = settings.CACHES["pages"]
    if "PageFiles" in pages["BACKEND"]:
        pages["LOCATION"] += os.environ.get("PYTEST_XDIST_WORKER", "")


@pytest.fixture(scope="session", autouse=True)
def quick_flush() -> Iterator[None]:
    """A test with real transactions leaves little behind: only that is taken away."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", emptying.sql_flush)
        yield


@pytest.fixture(autouse=True)
def no_leftovers() -> None:
    """Cached pages of one test are none of the next one's business."""
    caches["pages"].clear()


@pytest.fixture
def initiative(db):
    """An initiative with nothing in it but its policy."""
    return builders.an_initiative()


@pytest.fixture
def backbone(initiative):
    """The backbone director, named data steward."""
    return builders.a_member(initiative, "backbone", data_steward=True)


@pytest.fixture
def partner(initiative):
    """Somebody who hands in numbers for a health department."""
    organization = builders.an_organization(initiative, name="County Health Department")
    return builders.a_member(initiative, "partner", organization=organization)


@pytest.fixture
def resident(initiative):
    """A community member."""
    return builders.a_member(initiative, "community")


@pytest.fixture
def login() -> Callable[[User], Client]:
    """A signed-in browser for a person."""

    def enter(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def run_jobs() -> Callable[[], int]:
    """Do the work that waits, as the worker would; answers how many jobs."""

    def work() -> int:
        waiting = list(Job.objects.filter(state="waiting").values_list("pk", flat=True))
        for pk in waiting:
            jobs.run(pk)
        return len(waiting)

    return work


@pytest.fixture
def web(transactional_db):
    """A connection of the role that the web server uses, to the tests' database."""
    web_role = environ.Env.db_url_config(os.environ["DATABASE_URL"])
    owner = connection.get_connection_params()
    where = {name: owner[name] for name in ("host", "port", "dbname") if name in owner}
    who = {"user": web_role["USER"], "password": web_role["PASSWORD"] or None}
    with psycopg.connect(**where, **who, autocommit=True) as web:
        yield web


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Migrate once for a whole run, not once in each of its processes."""
    with django_db_blocker.unblock():
        migrated.use()
