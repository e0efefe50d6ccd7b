"""The director shows more people by two years together, before anything is hidden."""

from __future__ import annotations

import os

import pytest

pytest.importorskip("pytest_playwright", reason="playwright is not installed")
from playwright.sync_api import expect

from ciforum.demo.people import SLUG, gather
from ciforum.people.models import Membership, Organization
from measurement.models import Release
from tests import builders
from tests.e2e.conftest import CHROMIUM, PHONE, served

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db,
    pytest.mark.skipif(
        not CHROMIUM and not os.environ.get("REQUIRE_BROWSER"), reason="no Chromium was found"
    ),
]
expect.set_options(timeout=30_000)

PAGE = f"/{SLUG}/measurement/indicators/births/"
NUMBERS = {
    (2019, "Here"): (70, 900),
    (2019, "Here", "race:white"): (63, 820),
    (2019, "Here", "race:native"): (7, 80),
    (2020, "Here"): (74, 910),
    (2020, "Here", "race:white"): (66, 830),
    (2020, "Here", "race:native"): (8, 80),
}


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """The people of the demonstration, and a release that is ready but for its small groups."""

    def load():
        initiative = gather().initiative
        race = builders.a_dimension(initiative, groups=["white", "native"])
        indicator = builders.an_indicator(initiative, required=[race], slug="births")
        members = Membership.objects.filter(initiative=initiative)
        director = members.get(user__email__startswith="rosa")
        partner = builders.a_member(
            initiative, "partner", organization=Organization.objects.first()
        )
        builders.approved(indicator, partner, director, NUMBERS)
        release = builders.a_release(indicator, director, ready=True)
        Release.objects.filter(pk=release.pk).update(protected={})

    with django_db_blocker.unblock(), served(load) as address:
        yield address


def test_two_years_together_show_a_group_that_nobody_would_see(enter, window, work):
    director = enter("director", viewport=PHONE)
    director.goto(PAGE)
    director.get_by_role("link", name="Release 1").first.click()
    panel = director.locator("#rolling-up")
    expect(panel).to_contain_text("Protect small groups first")
    director.get_by_role("button", name="Protect small groups").click()
    work()
    work()  # The page looks by itself how far both are.
    expect(panel.get_by_role("row", name="As it is now")).to_contain_text("2")
    after = panel.get_by_role("row", name="With two years together")
    expect(after.get_by_role("cell")).to_have_text(["5", "4", "0"])

    panel.get_by_role("button", name="Add two years together").click()
    work()
    expect(panel).to_contain_text("In this release 3 numbers are new: two years together.")
    director.get_by_role("button", name="Publish").click()
    director.wait_for_url("**/indicators/births/")

    reader = window(java_script_enabled=False)
    reader.goto(f"{PAGE}?periods=years")
    expect(reader.get_by_text("Two years together, because single years")).to_contain_text(
        "2019–2020"
    )
    expect(reader.get_by_role("row", name="Native").first).to_contain_text("15")
    reader.goto(f"{PAGE}?periods=year")
    expect(reader.get_by_role("row", name="Native").first).to_contain_text("[c]")
