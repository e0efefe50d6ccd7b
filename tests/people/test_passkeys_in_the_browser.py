"""A passkey is added and signs in, in a real browser, with nothing refused by the policy."""

from __future__ import annotations

import os
import shutil

import pytest
from allauth.account.models import EmailAddress

from tests import builders

pytest.importorskip("pytest_playwright", reason="playwright is not installed")
CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
BAD = ("error", "warning")
SECRET = "correct horse battery"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not CHROMIUM and not os.environ.get("REQUIRE_BROWSER"), reason="no Chromium was found"
    ),
]


@pytest.fixture(scope="session")
def browser_type_launch_args():
    arguments = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return {"executable_path": CHROMIUM, "args": arguments}


@pytest.fixture
def window(page):
    """A page of a browser with a security key built in; `complaints` is what its console says."""
    page.complaints = []
    page.on("console", lambda line: line.type in BAD and page.complaints.append(line.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


@pytest.fixture
def person():
    member = builders.a_member(
        builders.an_initiative("valley"), "partner", user=builders.a_user(password=SECRET)
    )
    EmailAddress.objects.create(
        user=member.user, email=member.user.email, verified=True, primary=True
    )
    return member.user


def test_a_passkey_is_added_and_signs_in_alone(live_server, window, person):
    window.goto(live_server.url + "/accounts/login/?next=/accounts/2fa/webauthn/add/")
    window.locator("#id_login").fill(person.email)
    window.locator("#id_password").fill(SECRET)
    window.get_by_role("button", name="Sign in", exact=True).click()
    window.locator("#id_password").fill(SECRET)  # it asks once more before it adds a key
    window.get_by_role("button", name="Confirm").click()
    window.locator("#id_name").fill("My phone")
    window.get_by_role("checkbox").check()
    window.get_by_role("button", name="Add the key").click()
    window.wait_for_url("**/recovery-codes/")

    window.context.clear_cookies()
    window.goto(live_server.url + "/accounts/login/")
    window.get_by_role("button", name="Use a passkey").click()
    window.wait_for_url("**/valley/today/")

    assert window.complaints == []
