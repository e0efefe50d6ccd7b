"""What is printed for a walk: posters, numbered sheets, and the pictures on them."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse

from equity.models import Group
from measurement.drawing.pictures import _apart, line_picture
from measurement.showing.shown import Choice, show
from tests import builders, chartering
from tests import walks_building as walking

pytestmark = pytest.mark.django_db(transaction=True)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def indicator(initiative, backbone):
    return chartering.a_figure(initiative, backbone)


@pytest.fixture
def opened(initiative, backbone, indicator):
    return walking.an_open_walk(initiative, backbone, indicator)


def page(walk, name, query=""):
    address = reverse(f"measurement:{name}", args=[walk.initiative.slug, walk.uid])
    return Client().get(address + query)


# --- posters and forms


def test_every_station_has_a_poster_in_both_languages_with_its_code(opened):
    html = page(opened, "walk_posters").content.decode()

    assert html.count('class="poster poster--a2"') == 5
    assert "Who is born small? (1)" in html
    assert "¿Quién nace pequeño? (1)" in html
    assert "¿Qué nota?" in html
    assert html.count('class="qr"') == 5
    assert "style=" not in html


def test_posters_come_in_a3_too(opened):
    assert 'class="poster poster--a3"' in page(opened, "walk_posters", "?paper=a3").content.decode()


def test_sheets_are_numbered_for_each_station(opened):
    html = page(opened, "walk_forms", "?sheets=2&from=9").content.decode()

    numbers = re.findall(r'paper-form__number">.*?</span> (\d{3})</p>', html)
    assert numbers == ["009", "010"] * 5


@pytest.mark.parametrize("query", ["?sheets=99999", "?sheets=-1", "?sheets=²", "?from=0&sheets=x"])
def test_made_up_numbers_of_sheets_do_no_harm(opened, query):
    answer = page(opened, "walk_forms", query)

    assert answer.status_code == 200
    assert answer.content.decode().count('class="paper-form"') <= 200


# --- pictures


def numbers_of(initiative, backbone, partner, numbers):
    builders.a_dimension(initiative, groups=("white", "black"))
    indicator = builders.an_indicator(initiative)
    builders.approved(indicator, partner, backbone, numbers)
    builders.a_release(indicator, backbone, ready=True).publish(by=backbone.user)
    return show(indicator, Choice(by="race"))


def drawn(shown, **options):
    size = {"width_mm": 95, "height_mm": 80, "language": "en", **options}
    return line_picture(shown, **size)


def marks(svg: bytes) -> int:
    """How many points are drawn: each is one use of a mark with a white edge."""
    uses = ET.fromstring(svg).iter(f"{SVG}use")  # noqa: S314 - our own picture
    return sum(use.get("stroke") == "#ffffff" for use in uses)


def test_hidden_points_are_not_drawn(initiative, backbone, partner):
    shown = numbers_of(
        initiative,
        backbone,
        partner,
        {
            (2019, "Here"): (600, 10000),
            (2019, "Here", "race:white"): (400, 8000),
            (2019, "Here", "race:black"): (200, 2000),
            (2020, "Here"): (600, 10000),
            (2020, "Here", "race:white"): (596, 9900),
            (2020, "Here", "race:black"): (4, 100),
        },
    )
    visible = sum(cell.value is not None for cell in shown.cells)

    assert visible < len(shown.cells)
    assert marks(drawn(shown)) == visible


def test_the_same_numbers_make_the_same_bytes_without_style(indicator):
    shown = show(indicator, Choice())

    assert drawn(shown) == drawn(shown)
    assert b"style" not in drawn(shown)
    assert b"<script" not in drawn(shown)


def test_lines_differ_in_more_than_colour(indicator):
    root = ET.fromstring(drawn(show(indicator, Choice())))  # noqa: S314 - our own picture
    paths = [path for path in root.iter(f"{SVG}path") if path.get("stroke-dasharray")]

    assert paths  # groups are dashed, everyone is not
    assert len({path.get("stroke-dasharray") for path in paths}) >= 1


def test_a_formula_in_a_name_is_a_name(initiative, backbone, indicator):
    Group.objects.filter(initiative=initiative).update(name={"en": "$\\frac{1}{0}"})
    shown = show(indicator, Choice(by="race"))

    assert {each.name for each in shown.series} == {"", "$\\frac{1}{0}"}
    assert b"<svg" in drawn(shown)


def test_the_description_is_the_sentence_of_the_page_in_the_language_asked(indicator):
    shown = show(indicator, Choice())
    told = [
        ET.fromstring(drawn(shown, language=code)).find(f"{SVG}desc").text  # noqa: S314
        for code in ("en", "es")
    ]

    assert "everyone and 2 groups" in told[0]
    assert told[0] != told[1]


@pytest.mark.parametrize(
    ("wished", "heights"),
    [
        ([0.5, 0.5, 0.5], [0.1, 0.1, 0.1]),
        ([0.0, 0.01, 1.0], [0.2, 0.2, 0.2]),
        ([0.9, 0.95, 0.99, 1.0], [0.3, 0.3, 0.3, 0.3]),
    ],
)
def test_names_do_not_stand_on_one_another(wished, heights):
    found = _apart(wished, heights)
    shrink = min(1, 1 / sum(heights))

    gaps = [after - before for before, after in pairwise(found)]
    assert all(gap >= heights[0] * shrink - 1e-9 for gap in gaps)
    assert found[0] >= 0
    assert found[-1] <= 1
