"""The typing grid on a phone: nothing hangs out of its card, in a real browser."""

from __future__ import annotations

import os
import shutil

import pytest
from django.conf import settings

from tests.measurement.test_grid import address, hers, indicator, reported

__all__ = ["hers", "indicator", "reported"]  # fixtures

pytest.importorskip("pytest_playwright", reason="playwright is not installed")
CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not CHROMIUM and not os.environ.get("REQUIRE_BROWSER"), reason="no Chromium was found"
    ),
]
HANGS_OUT = """() => [...document.querySelectorAll(".typed :is(input, select)")].filter(
    (each) => each.getBoundingClientRect().right > each.closest("tr").getBoundingClientRect().right
).length"""


@pytest.fixture(scope="session")
def browser_type_launch_args():
    arguments = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return {"executable_path": CHROMIUM, "args": arguments}


def open_page(page, client, live_server, path):
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page.goto(f"{live_server.url}{path}")


@pytest.mark.parametrize("width", [375, 320])
def test_every_list_of_reasons_stays_in_its_card(
    page, live_server, hers, indicator, reported, width
):
    page.set_viewport_size({"width": width, "height": 812})

    open_page(page, hers, live_server, address(indicator))

    assert page.locator(".typed select").count() > 2
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/grid-{width}.png", full_page=True)
    assert page.evaluate(HANGS_OUT) == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
