"""The same numbers told by those who are there, and by those who are not."""

from __future__ import annotations

import json
import re

import pytest
from django.urls import reverse

from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

NUMBERS = {
    (2019, "Here"): (6_800, 9_000),
    (2020, "Here"): (7_200, 9_000),
    (2020, "Here", "race:white"): (5_200, 6_000),
    (2020, "Here", "race:black"): (1_996, 2_920),
    (2020, "Here", "race:other"): (4, 80),
}


@pytest.fixture
def indicator(initiative, partner, backbone):
    builders.a_dimension(initiative)
    indicator = builders.an_indicator(initiative, slug="care", definition={"direction": "up"})
    builders.approved(indicator, partner, backbone, NUMBERS)
    builders.a_release(indicator, backbone, ready=True).publish(by=backbone.user)
    return indicator


def page(client, indicator, query):
    body = client.get(indicator.get_absolute_url() + query).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_a_link_tells_it_the_other_way_round(client, indicator):
    assert "Tell it by those who are not there" in page(client, indicator, "")

    said = page(client, indicator, "?framing=failure")

    assert "all but babies born under 2,500 grams were 20.0%" in said
    assert "as low as it can be" in said
    assert "Tell it by those who are there" in said


def test_what_is_hidden_is_hidden_either_way(client, indicator):
    said = page(client, indicator, "?framing=failure")

    assert "Other [c]" in said
    assert " 76 " not in said  # 80 less 4


def test_the_chart_and_the_file_turn_too(client, indicator):
    args = [indicator.initiative.slug, "care"]
    drawn = json.loads(
        client.get(reverse("measurement:chart", args=args) + "?framing=failure").content
    )
    file = client.get(reverse("measurement:table_csv", args=args) + "?framing=failure")

    assert drawn["data"][0]["y"][-1] == pytest.approx(20)
    assert "20.0000" in file.content.decode()


def test_a_rate_of_events_has_no_other_side(client, initiative, partner, backbone):
    rate = builders.an_indicator(
        initiative, slug="visits", definition={"measure": "rate", "scale": 1000}
    )
    builders.approved(rate, partner, backbone, {(2020, "Here"): (680, 9000)})
    builders.a_release(rate, backbone, ready=True).publish(by=backbone.user)

    assert "Tell it by" not in page(client, rate, "")
    assert page(client, rate, "?framing=failure") == page(client, rate, "?framing=")
