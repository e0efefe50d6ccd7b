"""What each person comes for, from the first click to the last, in a real browser."""

from __future__ import annotations

import csv
import io
import os
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.utils.translation import gettext, override

pytest.importorskip("pytest_playwright", reason="playwright is not installed")
from playwright.sync_api import expect

from tests.e2e.conftest import CHROMIUM, LENA, PASSWORD, PHONE

pytestmark = [
    pytest.mark.e2e,
    # Journeys look at rows and change none: only the server and the worker's thread write.
    pytest.mark.django_db,
    pytest.mark.skipif(
        not CHROMIUM and not os.environ.get("REQUIRE_BROWSER"), reason="no Chromium was found"
    ),
]
expect.set_options(timeout=30_000)

REAL = Path(__file__).parents[3] / "shared/data/va_steppingstones_low_birth_weight_race.csv"
SMALL = """locality,year,group,number,percent,percent_3yr
Elm County,2019,all,64,6.1,NA
Elm County,2019,white,39,4.5,NA
Elm County,2019,black,21,17.9,NA
Elm County,2019,other,4,6.2,NA
Elm County,2020,all,71,6.5,NA
Elm County,2020,white,41,4.6,NA
Elm County,2020,black,25,20.2,NA
Elm County,2020,other,5,6.4,NA
Oak City,2019,all,88,9.8,NA
Oak City,2019,white,45,8.1,NA
Oak City,2019,black,43,12.6,NA
Oak City,2020,all,9O,10.0,NA
Oak City,2020,white,46,8.2,NA
Oak City,2020,black,NA,NA,NA
"""
SHIFT_REMEDY = "Write down what should move it"
STORY = (
    "Mothers told us that the clinic closes before the last bus, that interpreters come only on "
    "Mondays, and that rent takes what healthy food would cost. These numbers show what such "
    "days add up to."
)
DESK = "/alder-valley/measurement/desk/"
VISITS = "/alder-valley/measurement/indicators/home-visits/"


TODAY = "/alder-valley/today/"


@pytest.fixture
def small_file(tmp_path):
    file = tmp_path / "early.csv"
    file.write_text(SMALL)
    return file


@pytest.fixture
def real_file():
    """Of a state's community indicators; it lies beside the checkout where it is worked on."""
    if not REAL.exists():
        pytest.skip("the real file is not here")
    return REAL


def bring(page, file, indicator, work):
    """From the empty desk to the preview: file, columns, labels, reading."""
    page.goto(DESK)
    page.get_by_role("link", name="Bring a file").first.click()
    page.get_by_label("Indicator").select_option(label=indicator)
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", name="What the columns mean")).to_be_visible()
    expect(page.get_by_label("What is it? (locality)")).to_have_value("place")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="What the labels mean")).to_be_visible()
    page.get_by_label("other").select_option(label="Other or several")
    page.get_by_role("button", name="Read the file").click()
    work()
    page.reload()
    expect(page.get_by_role("heading", name="What was understood")).to_be_visible()


def hand_in(page):
    leave_out = page.get_by_label("Leave out the lines with problems")
    if leave_out.count():
        leave_out.check()
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_role("button", name="Hand it in")).to_have_count(0)


def approve(page, indicator):
    """What waits is on her own page; one press leads to it, another approves."""
    page.goto(TODAY)
    duty = page.get_by_role("listitem").filter(has_text=indicator)
    duty.get_by_role("link", name="Look at them").click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)


def is_held_with_all_that_is_missing(page, slug):
    page.goto(f"/alder-valley/measurement/indicators/{slug}/")
    page.get_by_role("button", name="Prepare a release").click()
    page.get_by_role("button", name="Publish").click()
    # A headline number also wants a systems shift beside it.
    headline = page.get_by_role("link", name=SHIFT_REMEDY).count()
    held = page.locator("#held")
    expect(held).to_contain_text(f"{4 + headline} things are missing")
    expect(held.locator(".rule--unmet a.button")).to_have_count(4 + headline)
    return held


def remedy(page, work):
    """Each unmet rule's own link leads to where it is remedied."""
    release = page.url
    page.get_by_role("link", name="Ask for the missing groups").click()
    page.get_by_label("Who holds the data").fill("State Office of Vital Records")
    page.get_by_label("What we ask for, and why").fill("Please count Latina mothers, too.")
    page.get_by_role("button", name="Publish the request").click()
    page.goto(release)
    page.locator(".rule--unmet").get_by_role("link", name="Write the story").click()
    page.get_by_label("English").fill(STORY)
    page.get_by_role("button", name="Save the story").click()
    page.locator(".rule--unmet").get_by_role("link", name="Say why the gap is there").click()
    page.get_by_label("Who looks into it").fill("Eastgate elders' circle")
    page.get_by_label("Until when").fill((date.today() + timedelta(days=90)).isoformat())
    page.get_by_role("button", name="Say that nobody has looked yet").click()
    page.goto(release)
    if page.locator(".rule--unmet").get_by_role("link", name=SHIFT_REMEDY).count():
        write_down_what_should_move_it(page)
        page.goto(release)
    page.locator(".rule--unmet").get_by_role("link", name="Protect small groups").click()
    page.get_by_role("button", name="Protect small groups").click()
    work()
    page.goto(release)
    expect(page.locator(".rule--unmet")).to_have_count(0)


def write_down_what_should_move_it(page):
    page.locator(".rule--unmet").get_by_role("link", name=SHIFT_REMEDY).click()
    page.locator('[name="title_en"]').fill("Doulas are paid by Medicaid")
    page.locator('[name="before_en"]').fill("Whoever wanted a doula paid for her herself.")
    page.locator('[name="after_en"]').fill("Every mother on Medicaid may have one at no cost.")
    page.locator('[name="level"][value="structural"]').check()
    page.locator('[name="kind"]').select_option("policy")
    page.locator('[name="strategies"][value="2"]').check()
    page.get_by_role("button", name="Write it down").click()


def chart_is_drawn(page):
    page.locator("[data-chart]").scroll_into_view_if_needed()
    page.locator('[data-chart][data-ready="yes"] .scatterlayer .trace').first.wait_for()


def shown_counts(page):
    """Every count that the page gives away in its table, its file and its chart; [c] is hidden."""
    file = page.get_by_role("link", name="Download as CSV").get_attribute("href")
    figure = page.locator("[data-chart]").get_attribute("data-chart")
    rows = list(csv.DictReader(io.StringIO(page.request.get(file).text())))
    assert rows
    return [
        *page.locator("table.rows tbody td:nth-child(2)").all_text_contents(),
        *(row["numerator"] for row in rows),
        *re.findall(r"\((\d+) of", page.request.get(figure).text()),
    ]


def small(counts):
    """Those that tell of a few people. A zero tells of nobody."""
    numbers = [int(text.replace(",", "")) for text in counts if re.fullmatch(r"[\d,]+", text)]
    return [number for number in numbers if 1 <= number <= 10]


def walk_from_file_to_public_page(file, indicator, slug, enter, window, work):
    partner = enter("partner")
    bring(partner, file, indicator, work)
    partner.get_by_role("link", name="Problems (").click()
    partner.get_by_role("link", name="Numbers").click()
    hand_in(partner)

    director = enter("director")
    approve(director, indicator)
    is_held_with_all_that_is_missing(director, slug)
    remedy(director, work)
    director.get_by_role("button", name="Publish").click()
    director.wait_for_url(f"**/indicators/{slug}/")

    reader = window()
    reader.goto(f"/alder-valley/measurement/indicators/{slug}/")
    return reader


def test_a_partners_numbers_become_a_public_page(enter, window, work, small_file):
    reader = walk_from_file_to_public_page(
        small_file, "Babies born early", "born-early", enter, window, work
    )

    expect(reader.get_by_role("table").first).to_contain_text("Elm County, 2020")
    expect(reader.get_by_text("Please count Latina mothers")).to_have_count(0)
    expect(reader.get_by_text(STORY)).to_be_visible()
    expect(reader.locator(".signs")).to_contain_text("too few")
    chart_is_drawn(reader)
    counts = shown_counts(reader)
    assert "[c]" in counts
    assert small(counts) == []

    funder = enter("funder")
    expect(funder).to_have_url(re.compile("/measurement/dashboard/$"))
    expect(funder.get_by_role("heading", name="Babies born early")).to_be_visible()


def test_a_real_file_becomes_a_public_page(enter, window, work, real_file):
    reader = walk_from_file_to_public_page(
        real_file, "Babies born too small", "low-birth-weight", enter, window, work
    )

    chart_is_drawn(reader)
    places = reader.locator("#place option").evaluate_all("all => all.map(each => each.value)")
    assert len(places) > 1
    counts = []
    for place in places:
        reader.goto(f"/alder-valley/measurement/indicators/low-birth-weight/?place={place}")
        counts += shown_counts(reader)
    assert "[c]" in counts
    assert small(counts) == []


def test_the_file_is_handed_in_without_javascript(enter, work, small_file):
    partner = enter("partner", java_script_enabled=False)

    bring(partner, small_file, "Babies born at home", work)
    hand_in(partner)

    expect(partner.locator("main")).to_contain_text("Handed in by Priya Nair")


def test_the_public_page_says_all_without_javascript(window):
    reader = window(java_script_enabled=False)

    reader.goto(VISITS)

    expect(reader.locator("#chart-sentence")).to_contain_text("in 20")
    expect(reader.get_by_role("table").first).to_contain_text("Alder County")
    expect(reader.get_by_role("table").first).to_contain_text("Latina")
    reader.get_by_label("Place", exact=True).select_option(label="Eastgate")
    reader.get_by_role("button", name="Show").click()
    expect(reader.get_by_role("table").first).to_contain_text("Eastgate")


def test_a_resident_decides_on_a_waiver_on_her_phone(enter):
    resident = enter("resident", viewport=PHONE)
    resident.goto(TODAY)

    resident.get_by_role("link", name="Read and decide").click()
    resident.get_by_role("button", name="Agree").click()

    expect(resident.locator("main")).to_contain_text("Agreed by")
    expect(resident.locator("main")).to_contain_text("Denise Carter")
    resident.goto(TODAY)
    expect(resident.get_by_role("link", name="Read and decide")).to_have_count(0)


def test_somebody_is_invited_and_joins_in_spanish(enter, window):
    director = enter("director")
    director.goto("/alder-valley/people/")
    director.get_by_role("link", name="Invite somebody").click()
    director.get_by_label("E-mail address").fill("ana@example.org")
    director.get_by_label("Community member").check()
    director.get_by_label("Language of the message").select_option("es")
    director.get_by_role("button", name="Send the invitation").click()
    expect(director.get_by_text("is on its way to ana@example.org")).to_be_visible()
    link = re.search(r"/accounts/invitation/\S+/", mail.outbox[-1].body)[0]

    ana = window(locale="es-MX")
    ana.goto(link)
    expect(ana.locator("html")).to_have_attribute("lang", "es")
    with override("es"):
        join, welcome = gettext("Open the account and join"), gettext("Welcome to %(initiative)s.")
    ana.get_by_label("Nombre").fill("Ana Pérez")
    ana.get_by_role("button", name=join).click()

    ana.wait_for_url("**/today/")
    expect(ana.get_by_text(welcome.partition("%")[0])).to_be_visible()
    expect(ana.get_by_role("heading", level=1)).to_contain_text("Ana")
    expect(ana.locator("html")).to_have_attribute("lang", "es")


def test_a_wrong_password_is_said_and_the_right_one_opens(window):
    lena = window()
    lena.goto(TODAY)
    lena.get_by_label("Email").fill(LENA)
    lena.get_by_role("textbox", name="Password").fill("no idea")
    lena.get_by_role("button", name="Sign in", exact=True).click()
    expect(lena.get_by_role("alert").first).to_contain_text("password")

    lena.get_by_label("Email").fill(LENA)
    lena.get_by_role("textbox", name="Password").fill(PASSWORD)
    lena.get_by_role("button", name="Sign in", exact=True).click()

    lena.wait_for_url("**/alder-valley/today/")
    expect(lena.get_by_role("heading", level=1)).to_contain_text("Lena")


def test_a_code_by_mail_opens_as_well(window):
    lena = window()
    lena.goto("/accounts/login/")
    lena.get_by_role("link", name="Send me a code").click()
    lena.get_by_label("Email").fill(LENA)
    lena.get_by_role("button", name="Code").click()
    lena.wait_for_url("**/code/confirm/")
    code = re.search(r"^\s*([A-Z0-9-]{6,12})\s*$", mail.outbox[-1].body, re.MULTILINE)[1]

    lena.get_by_label("Code").fill(code)
    lena.get_by_role("button", name="Confirm").click()

    lena.wait_for_url("**/alder-valley/today/")


def press_until(page, target, key="Tab", most=25):
    """Press a key until the target has the focus, as somebody without a mouse does."""
    for _press in range(most):
        page.keyboard.press(key)
        if target.evaluate("each => each === document.activeElement"):
            return
    raise AssertionError(f"{target} was not reached by {most} times {key}")


def test_the_keyboard_is_enough_on_a_small_screen(enter):
    partner = enter("partner", viewport=PHONE)
    partner.goto("/alder-valley/measurement/desk/upload/")

    partner.keyboard.press("Tab")
    expect(partner.get_by_role("link", name="Skip to content")).to_be_focused()
    partner.keyboard.press("Enter")
    press_until(partner, partner.get_by_label("Indicator"))

    press_until(partner, partner.get_by_role("button", name="Menu"), key="Shift+Tab")
    partner.keyboard.press("Enter")
    press_until(partner, partner.get_by_role("link", name="Equity", exact=True))
    partner.keyboard.press("Escape")
    expect(partner.get_by_role("link", name="Equity", exact=True)).to_be_hidden()
    expect(partner.get_by_role("button", name="Menu")).to_be_focused()

    press_until(partner, partner.get_by_role("button", name="Look at it"))
    partner.keyboard.press("Enter")
    expect(partner.locator(".summary")).to_be_focused()
    press_until(partner, partner.locator(".summary").get_by_role("link", name="File"))
    partner.keyboard.press("Enter")
    expect(partner.get_by_label("File", exact=True)).to_be_focused()


PUBLIC = ["/about/", "/accounts/login/", "/accounts/enter/"] + [
    f"/alder-valley/{page}"
    for page in (
        "",
        "measurement/",
        "measurement/indicators/home-visits/",
        "measurement/requests/",
        "equity/",
        "equity/ledger/",
        "equity/policy/",
        "equity/waivers/",
        "equity/dimensions/race/",
    )
]
OF_STAFF = [
    f"/alder-valley/{page}"
    for page in (
        "today/",
        "people/",
        "people/invite/",
        "people/organizations/",
        "settings/",
        "places/",
        "measurement/desk/",
        "measurement/dashboard/",
        "measurement/indicators/new/",
        "measurement/indicators/home-visits/ask/",
        "equity/ledger/",
        "equity/dimensions/new/",
    )
]


def too_wide(page, address):
    page.goto(address)
    return page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0


@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_is_wider_than_a_very_small_dark_screen(site, enter, window, language):
    narrow = {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}
    reader, director = window(**narrow), enter("director", **narrow)
    for page in (reader, director):
        page.context.add_cookies([{"name": "language", "value": language, "url": site}])

    wide = [address for address in PUBLIC if too_wide(reader, address)]
    wide += [address for address in OF_STAFF if too_wide(director, address)]

    assert wide == []
