"""What strangers and low roles try over HTTP: each gets a sentence, and nobody gets more."""

from __future__ import annotations

from urllib.parse import urlencode

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


@pytest.mark.parametrize(
    "address",
    [
        "/?q=%00",
        "/about/?next=%00",
        "/accounts/invitation/a%00b/",
        "/{0}/people/?q=%00&role=%00&org=%00",
        "/{0}/equity/dimensions/race/groups/new/?part_of=a%00b",
        "/{0}/measurement/?%00=1",
    ],
)
def test_a_nul_byte_in_an_address_is_not_understood(login, initiative, backbone, address):
    builders.a_dimension(initiative)

    answer = login(backbone.user).get(address.format(initiative.slug))

    assert answer.status_code == 400


@pytest.mark.parametrize("name", ["👩", "\udcff", "a\0b"])
def test_an_indicator_may_be_named_in_any_script(login, initiative, backbone, name):
    indicator = builders.an_indicator(initiative, by=backbone.user)
    address = f"/{initiative.slug}/measurement/indicators/{indicator.slug}/edit/"

    kept = {"tier": "contributing", "level": "population", "aspect": "outcome", "frequency": "none"}
    body = urlencode({"name_en": name.encode("utf-8", "surrogateescape"), **kept})
    answer = login(backbone.user).generic(
        "POST", address, body, "application/x-www-form-urlencoded"
    )

    assert answer.status_code == (422 if "\0" in name else 302)


@pytest.mark.parametrize("address", ["/about/", "/accounts/login/", "/nowhere/x/y"])
def test_every_answer_keeps_other_sites_and_devices_out(db, client, address):
    headers = client.get(address).headers

    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_an_address_that_is_none_does_not_stop_the_way_to_sign_in(client, initiative):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://[bad"}

    answer = client.get(f"/{initiative.slug}/people/", headers=headers)

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/accounts/login/?next=/")


def test_signing_in_gives_a_new_session(client, initiative, resident):
    session = client.session
    session["chosen by"] = "somebody else"
    session.save()
    before = client.session.session_key

    client.force_login(resident.user)

    assert client.session.session_key != before


def test_a_session_ends_with_signing_out(login, initiative, resident):
    browser = login(resident.user)
    kept = browser.cookies["sessionid"].value
    browser.post("/accounts/logout/")

    thief = Client()
    thief.cookies["sessionid"] = kept

    assert thief.get(f"/{initiative.slug}/people/").status_code == 302
