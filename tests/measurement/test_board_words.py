"""Dashboards name the places of their maps, and say each paragraph once."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from measurement.saying import headline
from measurement.showing.shown import Choice, show
from tests import boards_building as building
from tests import builders, maps_building

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def births(initiative, partner, backbone):
    builders.a_dimension(initiative, groups=("white", "black"))
    made = builders.an_indicator(initiative, slug="births")
    numbers = {}
    for place, number in (("Here", 300), ("There", 400)):
        numbers |= {
            (2020, place): (number, 2000),
            (2020, place, "race:white"): (number // 3, 1000),
            (2020, place, "race:black"): (number - number // 3, 1000),
        }
    builders.approved(made, partner, backbone, numbers)
    builders.a_release(made, backbone, ready=True).publish(by=backbone.user)
    for west, name in enumerate(("Here", "There")):
        maps_building.outlined(initiative, backbone, name, west)
    return made


@pytest.fixture
def board(initiative, backbone, births):
    made = building.a_board(initiative, backbone)
    for kind in ("tile", "line", "bars", "table", "map"):
        building.a_panel(made, backbone, births, kind)
    made.publish(by=backbone.user)
    return made


def pages(board, backbone):
    made = building.an_embedding(board, backbone)
    slug = board.initiative.slug
    yield reverse("measurement:board", args=[slug, board.slug])
    yield reverse("measurement:board_print", args=[slug, board.slug])
    yield reverse("measurement:embed", args=[slug, made.token])


def test_a_paragraph_stands_once_on_page_paper_and_embedded(board, backbone, births):
    shown = show(births, Choice("here", "race"))
    whole, gap = headline.headline(shown), headline.gap(shown)

    for address in pages(board, backbone):
        html = Client().get(address).content.decode()
        said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
        assert said.count(whole) == 1, address
        assert said.count(gap) == 1, address
        assert not re.search(r"<p[^>]*>\s*</p>", html)


def test_a_map_names_its_places_in_it_and_in_a_list_for_phones(board, backbone):
    for address in pages(board, backbone):
        html = Client().get(address).content.decode()
        names = re.findall(r'class="choropleth__name"[^>]*>([^<]+)<', html)
        listed = html[html.index('class="choropleth__places"') :]
        listed = listed[: listed.index("</ul>")]
        assert names == ["Here", "There"], address
        assert "Here: 15.0%" in listed
        assert "There: 20.0%" in listed
