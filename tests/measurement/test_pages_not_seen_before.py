"""A page nobody asked for before: few questions to the database, and nothing old or private."""

from __future__ import annotations

import pickle
from decimal import Decimal
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.cache import caches
from django.urls import reverse
from django.utils import translation
from django.utils.formats import number_format
from hypothesis import given
from hypothesis import strategies as st

from agenda.models import Goal
from ciforum.people.models import Place
from measurement.models import Target
from measurement.saying.beside import beside, past_of
from measurement.showing import numerals
from tests import boards_building as building
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

QUESTIONS = 12
NUMBERS = {
    (year, place, *groups): number
    for year in (2020, 2021, 2022)
    for place in ("Here", "There")
    for groups, number in (
        ((), (620, 10_510)),
        (("race:white",), (390, 8_670)),
        (("race:black",), (230, 1_840)),
    )
}


@pytest.fixture
def indicator(initiative, partner, backbone):
    race = builders.a_dimension(initiative, groups=("white", "black"))
    indicator = builders.an_indicator(initiative, slug="births")
    builders.approved(indicator, partner, backbone, NUMBERS)
    builders.a_release(indicator, backbone, ready=True).publish(by=backbone.user)
    builders.a_request(indicator, race, backbone)
    builders.an_event(initiative, backbone.user, "A road", began="2021")
    goal = builders.a_goal(initiative, backbone, [race], target_value=Decimal(4))
    Target.aim(goal=goal, indicator=indicator, by=backbone.user)
    Goal.objects.filter(pk=goal.pk).update(
        state="proposed", decision_uid="00000000-0000-4000-8000-000000000001"
    )
    initiative.public_changed()
    return indicator


@pytest.fixture
def address(indicator):
    here, there = Place.objects.filter(initiative=indicator.initiative).order_by("name")

    def of(name, place="here"):
        chosen = {"here": here, "there": there}[place]
        url = reverse(f"measurement:{name}", args=[indicator.initiative.slug, indicator.slug])
        return f"{url}?place={chosen.code}&by=race"

    return of


@pytest.mark.parametrize("name", ["indicator", "chart", "table_csv"])
@pytest.mark.parametrize("who", [None, "funder", "backbone"])
def test_another_place_of_an_indicator_asks_little(
    client, login, initiative, address, name, who, django_assert_max_num_queries
):
    browser = login(builders.a_member(initiative, who).user) if who else client
    browser.get(address(name))

    with django_assert_max_num_queries(QUESTIONS):
        answer = browser.get(address(name, "there"))

    assert answer.status_code == 200


def test_an_event_is_on_the_next_page_of_another_place(client, indicator, address, backbone):
    before = client.get(address("indicator")).content.decode()

    builders.an_event(indicator.initiative, backbone.user, "A second road", began="2022")

    after = client.get(address("indicator", "there")).content.decode()
    assert ("A second road" in before, "A second road" in after) == (False, True)


def test_a_goal_stands_on_the_page_once_it_is_put_to_a_decision(
    client, indicator, address, backbone
):
    goal = Target.objects.get(version=indicator.current).goal
    Goal.objects.filter(pk=goal.pk).update(state="draft", decision_uid=None)
    goal.refresh_from_db()
    before = client.get(address("indicator")).content.decode()

    goal.propose(decision=SimpleNamespace(uid=uuid4()), by=backbone.user)

    after = client.get(address("indicator")).content.decode()
    assert ('id="h-goal"' in before, 'id="h-goal"' in after) == (False, True)


def test_no_letter_and_nobodys_telling_is_kept(client, indicator, address, backbone):
    event = builders.an_event(indicator.initiative, backbone.user, "A bridge", began="2021")
    told, asked = str(event.what_happened), indicator.requests.get().ask
    client.get(address("indicator"))

    copies = pickle.dumps([beside(indicator), past_of(indicator)]).decode("latin-1")
    assert "A bridge" in copies
    assert [words for words in (told, asked) if words in copies] == []
    assert "A bridge" in client.get(address("indicator", "there")).content.decode()


def test_a_thousand_pages_are_kept():
    """Django's own cache of files would throw out a third of them, any, at three hundred."""
    for number in range(1000):
        caches["pages"].set(f"page-{number}", number)

    assert [caches["pages"].get(f"page-{number}") for number in range(1000)] == list(range(1000))


def test_the_same_is_read_where_nothing_is_kept(client, address):
    kept = [client.get(address("indicator", place)).content for place in ("here", "there")]
    caches["pages"].clear()
    fresh = [client.get(address("indicator", place)).content for place in ("there", "here")][::-1]

    assert kept == fresh


@pytest.mark.parametrize("who", [None, "funder", "backbone"])
def test_a_dashboard_of_twelve_charts_asks_little(
    client, login, initiative, indicator, backbone, who, django_assert_max_num_queries
):
    board = building.a_public_board(initiative, backbone, indicator, panels=12)
    browser = login(builders.a_member(initiative, who).user) if who else client

    with django_assert_max_num_queries(QUESTIONS):
        first = browser.get(board.get_absolute_url())
    with django_assert_max_num_queries(5):
        again = browser.get(board.get_absolute_url())

    charts = [page.content.decode().count("data-chart=") for page in (first, again)]
    assert charts == [12, 12]


@given(st.decimals(-1_000_000, 1_000_000, places=3), st.integers(0, 3), st.integers(0, 10**9))
@pytest.mark.parametrize("language", ["en", "es"])
def test_numbers_are_written_as_django_writes_them(language, value, places, count):
    exact = numerals.rounded(value, places)

    with translation.override(language):
        assert numerals.written(count) == number_format(count, 0, force_grouping=True)
        assert numerals.written(exact, places) == number_format(exact, places, force_grouping=True)
