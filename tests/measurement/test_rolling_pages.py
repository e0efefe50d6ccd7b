"""What the pages say of adding up: offered, done, taken back, read by everybody."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.urls import reverse

from ciforum.people.models import Job
from measurement.protecting import offers
from tests.builders import (
    a_dimension,
    a_member,
    a_release,
    an_indicator,
    an_initiative,
    approved,
)
from tests.rolling_building import GROUPS, TWO, groups_of, protected, published, rows, year

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def origin(initiative):
    return a_dimension(initiative, "origin", GROUPS)


@pytest.fixture
def indicator(initiative, origin):
    return an_indicator(initiative)


@pytest.fixture
def draft(indicator, partner, backbone):
    """A draft of these numbers, that lacks only its protection."""

    def make(numbers, of=None, reason=""):
        approved(of or indicator, partner, backbone, numbers, reason=reason)
        return a_release(of or indicator, backbone, ready=True)

    return make


# --- the offer


def test_the_offer_says_what_more_people_would_see(draft, backbone):
    release = protected(draft(TWO), backbone)

    offers = release.work_out_offers()

    before, after = offers["before"], offers["after"]["two_years"]
    assert before == {"shown": 2, "hidden": 4, "unseen": 2}
    assert after == {"shown": 5, "hidden": 4, "unseen": 0}


def test_a_release_that_hides_nothing_is_offered_nothing(draft, backbone, run_jobs):
    release = draft(year(2020, everyone=(700, 9000), white=(600, 8000), native=(100, 1000)))
    release.start_protecting(by=backbone.user)

    run_jobs()

    assert not Job.objects.filter(kind="measurement.offer").exists()


def test_what_was_tried_out_is_forgotten_when_a_number_changes(
    draft, indicator, partner, backbone, run_jobs
):
    release = draft(TWO)
    release.start_protecting(by=backbone.user)
    run_jobs()
    run_jobs()
    release.refresh_from_db()
    assert offers.still_offered(release) is not None

    approved(indicator, partner, backbone, year(2020, native=(9, 80)), reason="Recounted.")

    assert offers.still_offered(release) is None


# --- the pages


def page_of(client, release):
    text = client.get(release.get_absolute_url()).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def post(client, release, name, **data):
    address = reverse(f"measurement:{name}", args=[release.initiative.slug, release.uid])
    return client.post(address, data)


@pytest.fixture
def looked(draft, backbone, run_jobs, login):
    """A draft with hidden groups, for which adding up was tried out; and a browser."""

    def make(numbers):
        release = draft(numbers)
        browser = login(backbone.user)
        post(browser, release, "release_protect")
        run_jobs()
        run_jobs()
        return release, browser

    return make


def test_the_page_offers_what_would_show_more_people(looked):
    release, browser = looked(TWO)

    text = page_of(browser, release)

    assert "As it is now 2 4 2 With two years together 5 4 0" in text
    assert "Add two years together" in text
    assert "Add the groups above" not in text


def test_the_page_says_why_nothing_can_be_added_up(looked):
    release, browser = looked(year(2020, everyone=(70, 900), white=(63, 820), native=(7, 80)))

    assert "Nothing more can be shown together here" in page_of(browser, release)


def test_one_press_adds_up_and_protects_again_another_takes_it_back(looked, run_jobs):
    release, browser = looked(TWO)

    post(browser, release, "release_roll_up", to="two_years")
    run_jobs()

    assert "In this release 3 numbers are new: two years together." in page_of(browser, release)
    release.refresh_from_db()
    assert release.protection()["rows"] == 9

    post(browser, release, "release_roll_up", to="two_years", undo="yes")
    run_jobs()
    release.refresh_from_db()
    assert release.protection()["rows"] == 6


def test_a_way_that_does_not_exist_is_not_found(looked):
    release, browser = looked(TWO)

    assert post(browser, release, "release_roll_up", to="ten_years").status_code == 404


def test_nobody_adds_up_in_another_initiative(looked, login):
    release, _browser = looked(TWO)
    elsewhere = a_member(an_initiative(), "backbone")

    answer = post(login(elsewhere.user), release, "release_roll_up", to="two_years")

    assert answer.status_code == 404
    assert rows(release, "two_years") == {}


def test_everybody_reads_that_two_years_stand_together(draft, backbone, client):
    release = draft(TWO)
    release.roll_up(to="two_years", by=backbone.user)
    published(release, backbone)
    address = release.indicator.get_absolute_url()

    text = client.get(address, {"periods": "years"}).content.decode()
    single = client.get(address, {"periods": "year"}).content.decode()

    note = "Two years together, because single years are too small to show every group safely"
    assert f"{note}: 2019–2020." in text
    assert note not in single


def test_files_say_which_numbers_were_added_up(draft, backbone, client):
    release = draft(TWO)
    release.roll_up(to="two_years", by=backbone.user)
    published(release, backbone)
    slugs = [release.initiative.slug, release.indicator.slug]

    found = client.get(reverse("api:cells", args=slugs)).json()["items"]
    sheet = client.get(reverse("measurement:table_csv", args=slugs), {"periods": "years"})

    assert {row["period_kind"]: row["added_up"] for row in found} == {
        "year": "",
        "years": "two_years",
    }
    lines = csv.DictReader(io.StringIO(sheet.content.decode("utf-8-sig")))
    assert {line["added_up"] for line in lines} == {"two_years"}


def test_a_member_reads_the_parts_and_no_hidden_count(draft, backbone, resident, login):
    release = draft(TWO)
    release.roll_up(to="two_years", by=backbone.user)
    published(release, backbone)
    both = release.periods.get(kind="years")
    address = reverse(
        "measurement:explain",
        args=[release.initiative.slug, release.indicator.slug, both.uid, "here"],
    )

    def read(member):
        text = login(member.user).get(address, {"group": "origin:native"}).content.decode()
        return " ".join(re.sub(r"<[^>]+>", " ", text).split())

    assert "Nobody brought it: two years together" in read(resident)
    assert "15 / 160" in read(resident)
    assert "Native, 2019: seen by the partner who brought it" in read(resident)
    assert "7 / 80" not in read(resident)
    assert "Native, 2019: 7 / 80" in read(backbone)


def test_a_way_that_would_show_fewer_people_has_no_button(looked):
    """Two years whose sum is small still: the same group would be hidden for it in both."""
    small = {"everyone": (703, 9000), "white": (600, 8000), "lao": (3, 300), "hmong": (57, 300)}
    numbers = {
        **year(2019, **small, native=(43, 400)),
        **year(2020, **{**small, "everyone": (704, 9000)}, native=(44, 400)),
    }
    release, browser = looked(numbers)
    release.refresh_from_db()
    tried = offers.Offers.from_json(release.offers)
    assert tried.after["two_years"].unseen > tried.before.unseen
    assert tried.after["parent"].unseen < tried.before.unseen

    text = page_of(browser, release)

    assert "Here this would not show more people." in text
    assert "Add two years together" not in text
    assert "Add the groups above" in text


# --- whose turn it is


def test_pairs_of_years_take_turns_in_what_is_hidden_for_others(initiative, draft, backbone):
    a_dimension(initiative)
    numbers = {
        (when, "Here", *group): counts
        for when in (2017, 2018, 2019, 2020)
        for group, counts in {
            (): (70, 900),
            ("race:white",): (24, 600),
            ("race:black",): (42, 220),
            ("race:other",): (4, 80),
        }.items()
    }
    release = draft(numbers)
    release.roll_up(to="two_years", by=backbone.user)

    found = release.work_out_protection()

    names = {row.stratum_id: groups_of(row) for row in release.observations()}
    periods = {period.pk: str(period) for period in release.periods.all()}
    hidden: dict[str, set[str]] = {}
    for period, _place, stratum, *_which in found.hidden:
        hidden.setdefault(periods[period], set()).add(names[stratum])
    assert hidden["2017"] == hidden["2018"] != hidden["2019"] == hidden["2020"]
