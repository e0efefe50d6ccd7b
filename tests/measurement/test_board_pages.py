"""Pages of dashboards: composed by keyboard, seen by those who may, quick, safe, on paper."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ciforum.people.models import Place
from measurement.models import Board, Panel
from measurement.showing.shown import Choice
from tests import boards_building as building
from tests import builders, chartering
from tests.builders import a_dimension, a_release, an_indicator, approved

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def indicator(initiative, backbone):
    return chartering.a_figure(initiative, backbone)


def page(board, name, *args):
    return reverse(f"measurement:{name}", args=[board.initiative.slug, board.slug, *args])


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_resident_composes_by_keyboard_and_proposes(initiative, resident, indicator, login):
    browser = login(resident.user)
    new = reverse("measurement:board_new", args=[initiative.slug])
    said = {"title_en": "Our street", "title_es": "Nuestra calle", "intro_en": "", "intro_es": ""}

    assert browser.post(new, said).status_code == 302
    board = Board.objects.get()
    add = page(board, "board_panel_new")
    for kind in ("line", "bars", "table", "tile", "by_group", "by_place", "map"):
        asked = f"?kind={kind}&indicator={indicator.slug}"
        form = {"place": "here", "by": "race", "group": "", "kind": "year"}
        assert browser.post(add + asked, form).status_code == 302, kind
    assert browser.post(add + "?kind=text", {"words_en": "Read it."}).status_code == 302
    second = board.panels.get(order=2)
    moved = browser.post(page(board, "board_panel_move", second.uid), {"to": "up"})
    browser.post(page(board, "board_panel_remove", second.uid))
    compose = browser.get(page(board, "board_compose"))
    browser.post(page(board, "board_panel_put_back", second.uid))
    browser.post(page(board, "board_propose"))

    assert moved["Location"].endswith(f"#up-{second.uid}")
    assert "Put it back" in text(compose)
    assert [each.kind for each in board.panels.all()][:2] == ["bars", "line"]
    assert Board.objects.get().proposed_at
    assert browser.post(page(board, "board_publish")).status_code == 403


def test_a_proposed_draft_is_published_by_the_committee(initiative, resident, indicator, login):
    board = building.a_board(initiative, resident)
    building.a_panel(board, resident, indicator)
    member = login(builders.a_member(initiative, "committee").user)
    before = member.get(page(board, "board")).status_code
    board.propose(by=resident.user)

    published = member.post(page(board, "board_publish"))

    assert (before, published.status_code) == (404, 302)
    assert Client().get(page(board, "board")).status_code == 200


def test_a_draft_is_seen_by_its_owner_and_the_backbone_only(
    initiative, resident, partner, backbone, login
):
    board = building.a_board(initiative, resident)

    seen = {
        who: login(member.user).get(page(board, "board")).status_code
        for who, member in {"owner": resident, "backbone": backbone, "partner": partner}.items()
    }

    assert seen == {"owner": 200, "backbone": 200, "partner": 404}
    assert Client().get(page(board, "board")).status_code == 404


def test_every_kind_shows_its_sentence_and_its_numbers(initiative, backbone, indicator):
    board = building.a_board(initiative, backbone)
    for kind in Panel.Kind.values[:-1]:
        building.a_panel(board, backbone, indicator, kind)
    building.a_text(board, backbone, "Read this first.")
    board.publish(by=backbone.user)

    seen = Client().get(page(board, "board"))
    said = text(seen)

    assert "Read this first." in said
    # Four panels could say it; the first does.
    assert said.count("Here, 2020: babies born under 2,500 grams were 5.9%") == 1
    assert "In 2020, for everyone, it was 5.9% in the 1 place that can be shown." in said
    assert "12.5%" in said
    assert "style=" not in seen.content.decode()


def test_twelve_charts_ask_the_database_little(initiative, backbone, resident, indicator, login):
    one, twelve = (
        building.a_public_board(initiative, backbone, indicator, panels=panels)
        for panels in (1, 12)
    )
    browser = login(resident.user)
    counts = []
    for board in (one, twelve):
        browser.get(page(board, "board"))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            browser.get(page(board, "board"))
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assert counts[1] <= 12


def test_a_panels_chart_and_picture_come_by_themselves(initiative, backbone, indicator):
    board = building.a_public_board(initiative, backbone, indicator, panels=1)
    panel = board.panels.get()

    chart = Client().get(page(board, "board_chart", panel.uid))
    picture = Client().get(page(board, "board_picture", panel.uid))

    assert [each["name"] for each in chart.json()["data"]][:1] == ["Everyone"]
    assert b"style=" not in picture.content
    assert "Here, 2020" in ET.fromstring(picture.content)[0].text  # noqa: S314 - our own


def test_no_byte_of_a_board_gives_a_hidden_number_away(initiative, partner, backbone):
    a_dimension(initiative)
    indicator = an_indicator(initiative)
    approved(
        indicator,
        partner,
        backbone,
        {
            (2020, "Here"): (680, 9000),
            (2020, "Here", "race:white"): (547, 6900),
            (2020, "Here", "race:black"): (130, 2020),
            (2020, "Here", "race:other"): (3, 80),
        },
    )
    a_release(indicator, backbone, ready=True).publish(by=backbone.user)
    board = building.a_board(initiative, backbone)
    for kind in Panel.Kind.values[:-1]:
        building.a_panel(board, backbone, indicator, kind)
    board.publish(by=backbone.user)

    pages = [Client().get(page(board, name)).content.decode() for name in ("board", "board_print")]
    pages += [
        Client().get(page(board, name, panel.uid)).content.decode()
        for panel in board.panels.all()
        for name in ("board_chart", "board_picture")
    ]

    assert "[c]" in pages[0]
    for each in pages:
        assert not re.search(r"\b(6\.4%|6\.43|3\.8%|3\.75)", each)  # 130 of 2,020, 3 of 80


def test_a_map_draws_outlines_and_hatches_what_is_hidden(initiative, partner, backbone):
    indicator = an_indicator(initiative)
    approved(
        indicator,
        partner,
        backbone,
        {
            (2020, "North"): (60, 900),
            (2020, "South"): (4, 90),
            (2020, "West"): (90, 800),
        },
    )
    a_release(indicator, backbone, ready=True).publish(by=backbone.user)
    for number, name in enumerate(("north", "south")):
        west = -80.0 + number
        square = [[west, 40], [west + 1, 40], [west + 1, 41], [west, 41], [west, 40]]
        Place.objects.filter(initiative=initiative, code=name).update(
            geojson={"type": "Polygon", "coordinates": [square]}
        )
    board = building.a_board(initiative, backbone)
    building.a_panel(board, backbone, indicator, "map")
    board.publish(by=backbone.user)

    seen = Client().get(page(board, "board")).content.decode()

    assert len(re.findall(r'<path class="choropleth__area band-\w+"', seen)) == 2
    assert 'band-hidden"' in seen
    assert 'fill="url(#hatch-1)"' in seen
    assert "Without an outline, so only in the table: West." in seen
    assert "For 1 place the number is hidden to protect people." in seen


def test_a_board_of_another_initiative_is_not_found(initiative, backbone, indicator, login):
    board = building.a_public_board(initiative, backbone, indicator)
    other = builders.an_initiative()
    theirs = builders.a_member(other, "backbone")
    wrong = reverse("measurement:board", args=[other.slug, board.slug])

    assert login(theirs.user).get(wrong).status_code == 404
    assert login(theirs.user).get(page(board, "board_compose")).status_code == 404


def test_numbers_that_were_withdrawn_leave_the_panel(initiative, backbone, indicator):
    board = building.a_board(initiative, backbone)
    panel = building.a_panel(board, backbone, indicator, choice=Choice(by="race"))
    Panel.objects.filter(pk=panel.pk).update(breakdown="income")
    board.publish(by=backbone.user)

    assert "These numbers are no longer public." in text(Client().get(page(board, "board")))


def test_paper_has_pictures_and_no_script(initiative, backbone, indicator):
    board = building.a_public_board(initiative, backbone, indicator, panels=1)

    paper = Client().get(page(board, "board_print")).content.decode()

    assert "picture.svg" in paper
    assert "chart.js" not in paper
