"""The agenda's first page, its part of the front page, and what it tells of itself."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from agenda import glance
from ciforum.people import registry
from tests import builders, chartering, deciding

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(initiative):
    """The text of a page as somebody signed out reads it."""
    return lambda name: Client().get(reverse(name, args=[initiative.slug])).text


def test_an_empty_agenda_says_what_to_do_first(read):
    assert "Give residents seats" in read("agenda:overview")


def test_decisions_that_go_on_are_named_with_their_dates(initiative, backbone, read):
    committee, _seats = deciding.a_body(initiative, backbone)
    deciding.in_input(deciding.a_decision(committee, backbone), backbone)
    deciding.a_decision(committee, backbone, title={"en": "A draft that nobody saw"})

    text = read("agenda:overview")

    assert "Open the clinic on Saturdays" in text
    assert "A draft that nobody saw" not in text
    assert "open for input: 1" in text


def test_the_front_page_shows_the_vision_and_what_is_open(initiative, backbone, read):
    assert "From our charter" not in read("people:front")
    chartering.adopted(chartering.a_ready_draft(initiative, backbone), backbone)
    committee, _seats = deciding.a_body(initiative, backbone)
    deciding.in_input(deciding.a_decision(committee, backbone), backbone)

    text = read("people:front")

    assert "Every baby is born healthy." in text
    assert "Have your say now" in text


def test_the_vision_of_a_draft_stays_inside(initiative, backbone, read):
    chartering.a_draft(initiative, backbone)

    assert "Every baby is born healthy." not in read("people:front")


def test_drafts_are_not_in_the_sitemap(initiative, backbone):
    draft = chartering.a_draft(initiative, backbone)
    before = set(glance.public_urls(initiative))

    version = chartering.proposed(draft, backbone)

    assert version.get_absolute_url() not in before
    assert version.get_absolute_url() in set(glance.public_urls(initiative))


def test_the_evidence_counts_what_the_charter_cites(initiative, backbone):
    source = registry.evidence["agenda.charter"]
    assert source.answer(initiative, None).sentence == "No charter is in force yet."

    chartering.adopted(chartering.a_ready_draft(initiative, backbone), backbone)

    assert source.answer(initiative, None).sentence == (
        "1 of its 3 paragraphs cites something: figures 1, events of our history 1."
    )


def test_the_overview_asks_as_often_for_three_decisions_as_for_one(
    initiative, backbone, django_assert_max_num_queries
):
    from django.db import connection  # noqa: PLC0415 - only here
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 - only here

    committee, _seats = deciding.a_body(initiative, backbone)
    deciding.in_input(deciding.a_decision(committee, backbone), backbone)
    url = reverse("agenda:overview", args=[initiative.slug])
    Client().get(url)
    with CaptureQueriesContext(connection) as few:
        Client().get(url)
    for _number in range(2):
        deciding.in_input(deciding.a_decision(committee, backbone), backbone)
        builders.an_event(initiative, backbone.user)

    with django_assert_max_num_queries(len(few)):
        Client().get(url)
