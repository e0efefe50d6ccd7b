"""One-click entry never stands beside production settings."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from ciforum.people.checks import demo_entry_stays_out_of_production, refuse_to_start_unsafe

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def demo(settings):
    """The settings of `make demo`."""
    settings.DEMO = True
    settings.SITE_URL = "http://localhost:8000"
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    return settings


def test_the_demo_may_run_on_this_machine(demo):
    assert demo_entry_stays_out_of_production() == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SITE_URL", "https://forum.example.org", "an https SITE_URL"),
        ("ALLOWED_HOSTS", ["forum.example.org"], "ALLOWED_HOSTS"),
        ("ALLOWED_HOSTS", ["*"], "ALLOWED_HOSTS"),
        ("EMAIL_BACKEND", SMTP, "EMAIL_URL"),
        ("EMAIL_BACKEND", "anymail.backends.postmark.EmailBackend", "EMAIL_URL"),
        ("SECURE_SSL_REDIRECT", True, "SECURE_SSL_REDIRECT"),
        ("DATABASES", {"default": {"HOST": "db.example.org"}}, "DATABASE_URL"),
    ],
)
def test_the_demo_refuses_each_production_setting(demo, name, value, said):
    if name == "DATABASES":
        demo.DATABASES["default"] = {**demo.DATABASES["default"], "HOST": "db.example.org"}
    else:
        setattr(demo, name, value)

    [error] = demo_entry_stays_out_of_production()

    assert error.id == "people.E001"
    assert said in error.msg


def test_production_without_the_demo_is_not_refused(demo):
    demo.DEMO = False
    demo.SITE_URL = "https://forum.example.org"
    demo.EMAIL_BACKEND = SMTP

    assert demo_entry_stays_out_of_production() == []


def test_an_unsafe_start_is_refused_in_one_sentence(demo):
    demo.SITE_URL = "https://forum.example.org"

    with pytest.raises(ImproperlyConfigured, match="opens one-click entry for everybody"):
        refuse_to_start_unsafe()


@pytest.mark.parametrize(
    "start",
    [
        [sys.executable, "-c", "import ciforum.wsgi"],
        [sys.executable, "-m", "celery", "-A", "ciforum", "worker", "-P", "solo"],
        [sys.executable, "-m", "celery", "-A", "ciforum", "beat"],
        [sys.executable, "manage.py", "check"],
    ],
    ids=["web", "worker", "beat", "command"],
)
def test_no_part_of_the_site_starts_as_a_demo_in_production(start, tmp_path):
    unsafe = {"CIFORUM_DEMO": "1", "SITE_URL": "https://forum.example.org", "SECRET_KEY": "x"}
    local = {"CIFORUM_LOCAL": str(tmp_path), "DATABASE_URL": os.environ["DATABASE_URL"]}

    ended = subprocess.run(
        start, env={**os.environ, **unsafe, **local}, capture_output=True, text=True, timeout=60
    )

    assert ended.returncode != 0
    assert "CIFORUM_DEMO=1 opens one-click entry" in ended.stderr
