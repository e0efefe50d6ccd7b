"""Decisions as files: table, feed, calendars, paper."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests import deciding

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def decision(initiative, backbone):
    committee, _seats = deciding.a_body(initiative, backbone)
    return deciding.a_decision(committee, backbone)


@pytest.mark.parametrize("name", ["decision_json", "decision_ics", "decision_print"])
def test_a_draft_is_unknown_outside_and_open_once_it_asks_for_input(
    client, initiative, backbone, decision, name
):
    url = reverse(f"agenda:{name}", args=[initiative.slug, decision.uid])
    before = client.get(url).status_code

    deciding.in_input(decision, backbone)

    assert (before, client.get(url).status_code) == (404, 200)


@pytest.mark.parametrize(
    "name", ["records", "records_json", "decisions_csv", "decisions_atom", "decisions_ics"]
)
def test_the_log_is_open_to_everybody(client, initiative, decision, name):
    assert client.get(reverse(f"agenda:{name}", args=[initiative.slug])).status_code == 200
