"""The first load of a public dashboard of twelve charts, by a reader whose browser knows nothing.

Counted in a real browser before a real server: what comes before the chart script, which is loaded
when a chart comes into view, and how steady the page is while it appears.
"""

from __future__ import annotations

import os
from itertools import takewhile
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.bench.filling import CHARTS, a_dashboard, an_initiative_of
from tests.bench.serving import gunicorn
from tests.e2e.conftest import CHROMIUM, DESKTOP, PHONE

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]

ROUNDS = 5
CHART_SCRIPT = "plotly"
# Phones' early shifts are said to follow a touch, and are counted all the same.
WATCH = """
window.seen = {lcp: 0, cls: 0};
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.seen.lcp = entry.startTime;
}).observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.seen.cls += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""


def test_the_first_load_of_a_dashboard_is_light_and_steady():
    board = a_dashboard(an_initiative_of(CHARTS))
    with gunicorn() as (host, port), sync_playwright() as playwright:
        arguments = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        url = f"http://{host}:{port}{board.get_absolute_url()}"
        for name, size in (("phone", PHONE), ("desktop", DESKTOP)):
            for _round in range(ROUNDS):
                _tell(name, _load(browser, url, size))
        browser.close()


def _load(browser: Browser, url: str, size: dict[str, int]) -> dict[str, Any]:
    """Loads it with an empty cache, then scrolls to its end as a reader does."""
    context = browser.new_context(viewport=size, is_mobile=size is PHONE)
    page = context.new_page()
    page.add_init_script(WATCH)
    seen = _watched(page)
    page.goto(url, wait_until="load")
    page.wait_for_timeout(1000)
    found = {"lcp": page.evaluate("seen.lcp"), **_before_the_script(seen)}
    for _screen in range(20):
        page.mouse.wheel(0, size["height"])
        page.wait_for_timeout(150)
    page.wait_for_function("document.querySelectorAll('[data-ready=\"yes\"]').length > 0")
    found["cls"] = page.evaluate("seen.cls")
    found["drawn"] = page.locator('[data-ready="yes"]').count()
    context.close()
    return found


def _watched(page: Any) -> dict[str, dict[str, Any]]:
    """Every request in its order, with its bytes over the wire once it has ended."""
    asked: dict[str, dict[str, Any]] = {}

    def sent(event: dict[str, Any]) -> None:
        asked.setdefault(event["requestId"], {"url": event["request"]["url"], "bytes": 0})

    def ended(event: dict[str, Any]) -> None:
        asked[event["requestId"]]["bytes"] = event["encodedDataLength"]

    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.requestWillBeSent", sent)
    wire.on("Network.loadingFinished", ended)
    return asked


def _before_the_script(requests: dict[str, dict[str, Any]]) -> dict[str, Any]:
    before = list(takewhile(lambda each: CHART_SCRIPT not in each["url"], requests.values()))
    return {"requests": len(before), "kb": sum(each["bytes"] for each in before) / 1000}


def _tell(name: str, found: dict[str, Any]) -> None:
    print(
        f"dashboard, {name}: {found['requests']} requests and {found['kb']:.0f} kB before the "
        f"chart script, LCP {found['lcp']:.0f} ms, CLS {found['cls']:.3f}, "
        f"{found['drawn']} charts drawn"
    )
