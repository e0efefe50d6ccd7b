"""What is printed for a walk and typed in again: addresses, languages and sizes of paper."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests import walks_building as walking

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def opened(initiative, backbone):
    return walking.an_open_walk(initiative, backbone)


def page(walk, name, query=""):
    address = reverse(f"measurement:{name}", args=[walk.initiative.slug, walk.uid])
    return Client().get(address + query).content.decode()


def test_each_poster_prints_the_address_of_its_own_station(opened):
    printed = re.findall(r"<figcaption>([^<]+)</figcaption>", page(opened, "walk_posters"))

    stations = opened.in_order()
    assert printed == [f"http://testserver{each.phone_url()}" for each in stations]
    assert len(set(printed)) == 5


def test_every_line_of_a_sheet_stands_in_every_language_of_the_walk(opened):
    sheet = page(opened, "walk_forms", "?sheets=1").split("<article")[1]

    for said in (
        ("Who is born small? (1)", "¿Quién nace pequeño? (1)"),
        ("What do you notice?", "¿Qué nota?"),
        ("Walk through the numbers", "Camine por los números"),
        ("No names, please.", "Sin nombres"),
        (">Sheet</span>", ">Hoja</span>"),
    ):
        assert [words in sheet for words in said] == [True, True], said
    assert sheet.count('aria-hidden="true"><hr><hr><hr></div>') == 5  # to write on
    assert " · " not in "".join(re.findall(r"<li>.*?</li>", sheet, re.DOTALL))


@pytest.mark.parametrize(
    ("query", "file"),
    [("", "walks-a4.css"), ("?paper=letter", "walks-letter.css"), ("?paper=x", "walks-a4.css")],
)
def test_sheets_are_printed_on_a4_or_letter(opened, query, file):
    html = page(opened, "walk_forms", query)

    assert re.findall(r"walks-(?:a4|letter)[^\"]*css", html)[0].startswith(file[:-4])
    assert len(re.findall(r"walks-(?:a4|letter)[^\"]*css", html)) == 1


def test_a_phone_names_sheet_and_question_above_each_box(opened, backbone, login):
    station = opened.stations.first()
    address = reverse(
        "measurement:walk_type", args=[opened.initiative.slug, opened.uid, station.uid]
    )

    html = login(backbone.user).get(address).content.decode()

    row = html[html.index('id="row-1"') : html.index('id="row-2"')]
    asked = [str(each.words) for each in station.prompts.all()]
    assert re.findall(r'data-l="([^"]+)"', row) == ["Language", *asked]
    assert "rows--cards" in html
