"""The page of a decision at every state, for each reader, and the log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from agenda.models import Decision
from ciforum.people import clock
from ciforum.people.words import Words
from tests import builders, deciding

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def body(initiative, backbone):
    return deciding.a_body(initiative, backbone)


@pytest.fixture
def decision(body, backbone):
    return deciding.a_decision(body[0], backbone)


@pytest.fixture
def read(login, initiative):
    """What a person (None: signed out) gets at a page of a decision, at a moment."""
    from django.test import Client  # noqa: PLC0415

    def fetch(decision, person, moment=None, name="decision", query=""):
        client = login(person) if person else Client()
        url = reverse(f"agenda:{name}", args=[initiative.slug, decision.uid]) + query
        with clock.at(moment or clock.now()):
            return client.get(url)

    return fetch


def text_of(response):
    """Its words, blanks made one."""
    return " ".join(response.content.decode().split())


def test_a_draft_is_for_members(decision, read, resident):
    assert read(decision, None).status_code == 404
    assert read(decision, resident.user).status_code == 200


def test_each_state_has_a_page_for_everybody(decision, body, backbone, read, resident):
    _committee, seats = body
    choices = dict(zip(seats, ("agree", "agree", "disagree", "abstain"), strict=True))
    people = [None, resident.user, backbone.user, *(seat.holder.user for seat in seats)]

    later = deciding.closed(decision, backbone, choices)

    assert [read(decision, each, later).status_code for each in people] == [200] * len(people)
    said = text_of(read(decision, None, later))
    assert "4 of 4 seats have voted. 2 agree, 1 disagree, 1 abstain." in said
    assert "Because mothers asked for it." in said
