"""Embedding: one site, one view, no cookie, nothing that acts; revoked, it is gone."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measurement.models import Embedding
from measurement.models.embeddings import origin_of
from measurement.showing.shown import Choice
from tests import boards_building as building
from tests import chartering

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def indicator(initiative, backbone):
    return chartering.a_figure(initiative, backbone)


@pytest.fixture
def board(initiative, backbone, indicator):
    return building.a_public_board(initiative, backbone, indicator)


def test_only_the_one_site_may_frame_it_and_only_this_page(board, backbone):
    embedding = building.an_embedding(board, backbone)

    inside = Client().get(embedding.get_embed_url())
    outside = Client().get(board.get_absolute_url())

    assert inside.status_code == 200
    assert f"frame-ancestors {building.SITE};" in inside["Content-Security-Policy"] + ";"
    assert "X-Frame-Options" not in inside
    assert outside["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in outside["Content-Security-Policy"]


def test_it_reads_no_session_sets_no_cookie_and_offers_nothing_that_acts(board, backbone, login):
    embedding = building.an_embedding(board, backbone)
    browser = login(backbone.user)

    with CaptureQueriesContext(connection) as asked:
        page = browser.get(embedding.get_embed_url())
    content = page.content.decode()

    assert page.cookies == {}
    assert page.wsgi_request.COOKIES == {}
    assert not [each for each in asked.captured_queries if "django_session" in each["sql"]]
    assert not re.search(r"<(form|button|script|input)", content)
    assert set(re.findall(r'target="(\w+)"', content)) == {"_blank"}
    assert backbone.user.name not in content


def test_an_indicators_view_and_its_picture_are_shown(indicator, backbone):
    embedding = Embedding.allow(
        subject=indicator,
        choice=Choice("here", "race", "year"),
        origin="www.partner.example",
        label="News",
        by=backbone.user,
    )

    page = Client().get(embedding.get_embed_url())
    picture = re.search(r'src="([^"]+\.svg[^"]*)"', page.content.decode())[1]
    answer = Client().get(picture)

    assert embedding.origin == "https://www.partner.example"
    assert answer["Content-Type"] == "image/svg+xml"
    assert b"style=" not in answer.content


def test_the_language_stands_in_the_address_alone(board, backbone):
    address = building.an_embedding(board, backbone).get_embed_url()

    asked = Client(headers={"Accept-Language": "es"})

    assert 'lang="en"' in asked.get(address).content.decode()
    assert 'lang="es"' in asked.get(address + "?lang=es").content.decode()


def test_views_are_counted_even_from_the_cache(board, backbone, settings):
    settings.DEBUG = False
    embedding = building.an_embedding(board, backbone)

    for _each in range(3):
        Client().get(embedding.get_embed_url())

    embedding.refresh_from_db()
    assert embedding.views == 3


def test_revoked_it_is_gone_for_good(board, backbone, login):
    embedding = building.an_embedding(board, backbone)
    address = reverse("measurement:embedding_revoke", args=[board.initiative.slug, embedding.uid])

    login(backbone.user).post(address)

    assert Client().get(embedding.get_embed_url()).status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():
        Embedding.objects.filter(pk=embedding.pk).update(revoked_at=None)


def test_a_board_that_is_no_longer_public_is_dark_everywhere(board, backbone):
    embedding = building.an_embedding(board, backbone)

    board.take_back(by=backbone.user)

    assert Client().get(embedding.get_embed_url()).status_code == 404


def test_a_draft_cannot_be_embedded(initiative, backbone):
    with pytest.raises(ValidationError):
        building.an_embedding(building.a_board(initiative, backbone), backbone)


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://www.example.org/page?x=1", "https://www.example.org"),
        ("WWW.Example.org", "https://www.example.org"),
        ("https://example.org:8443", "https://example.org:8443"),
        ("https://niño.example", "https://xn--nio-8ma.example"),
        ("http://localhost:3000", "http://localhost:3000"),
    ],
)
def test_a_site_is_told_by_its_address(typed, origin):
    assert origin_of(typed) == origin


@pytest.mark.parametrize(
    "typed",
    [
        "*",
        "https://*",
        "https://a b",
        "x; script-src *",
        "http://example.org",
        "javascript:x",
        "'",
        "",
    ],
)
def test_nothing_else_gets_into_the_header(typed):
    with pytest.raises(ValidationError):
        origin_of(typed)


def test_other_members_allow_no_site(board, resident, login):
    address = reverse("measurement:board_embed", args=[board.initiative.slug, board.slug])

    assert login(resident.user).get(address).status_code == 403
