"""What strangers and low roles try over HTTP: each gets a sentence, and nobody gets more."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import builders

UNREADABLE = [
    ("application/x-www-form-urlencoded; charset=utf-16", b"a=1"),
    ("application/x-www-form-urlencoded; charset=nonsense", b"a=1"),
    ("application/x-www-form-urlencoded", b"&".join([b"a=1"] * 6_000)),
    ("multipart/form-data", b"abc"),
    ("multipart/form-data; boundary=x", b"--y\r\n"),
    ("application/json", b'{"a":'),
]


@pytest.mark.parametrize(("content_type", "body"), UNREADABLE)
@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/me/"])
def test_a_body_that_cannot_be_read_gets_a_page_and_no_crash(
    db, settings, address, content_type, body
):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(builders.a_user())
    browser.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32

    answer = browser.generic("POST", address, body, content_type)

    assert answer.status_code in (302, 400, 403)
    if answer.status_code != 302:
        assert "<h1" in answer.content.decode()
