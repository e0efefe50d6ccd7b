"""Data we asked for: public from the first day, with every answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from ciforum.people import clock
from measurement.models import DataRequest
from tests.builders import a_dimension, a_member, a_request, an_indicator, an_initiative

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def race(initiative):
    return a_dimension(initiative)


@pytest.fixture
def indicator(initiative, race):
    return an_indicator(initiative, required=[race])


@pytest.fixture
def asked(indicator, race, backbone):
    return a_request(indicator, race, backbone, days=30)


def address(name, asked):
    return reverse(f"measurement:{name}", args=[asked.initiative.slug, asked.uid])


def filled(race, **fields):
    day = (clock.now() + timedelta(days=30)).date().isoformat()
    return {
        "dimension": race.pk,
        "holder": "State Department of Health",
        "organization": "",
        "ask": "Please count births by race, so that we see whom we do not reach.",
        "due": day,
        **fields,
    }


def test_anyone_reads_what_was_asked_and_how_long_it_takes(asked):
    with clock.at(asked.sent_at + timedelta(days=12)):
        page = Client().get(reverse("measurement:requests", args=[asked.initiative.slug]))
        one = Client().get(asked.get_absolute_url())

    assert "State Department of Health" in page.content.decode()
    assert "Waiting for 12 days" in page.content.decode()
    assert "finer groups than white, black and other" in one.content.decode()


def test_the_backbone_asks_in_public(indicator, race, backbone, login):
    asking = reverse("measurement:request_new", args=[indicator.initiative.slug, indicator.slug])

    answer = login(backbone.user).post(asking, filled(race))

    asked = DataRequest.objects.get()
    assert answer.url == asked.get_absolute_url()
    assert asked.due == clock.end_of_day(
        (asked.sent_at + timedelta(days=30)).date(), indicator.initiative.time_zone
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("due", "2001-01-01"),
        ("due", "2999-01-01"),
        ("due", "soon"),
        ("ask", "Data!"),
        ("holder", ""),
    ],
)
def test_a_request_without_a_near_date_or_words_is_sent_back(
    indicator, race, backbone, login, field, value
):
    asking = reverse("measurement:request_new", args=[indicator.initiative.slug, indicator.slug])

    answer = login(backbone.user).post(asking, filled(race, **{field: value}))

    assert answer.status_code == 422
    assert not DataRequest.objects.exists()


def test_the_same_is_not_asked_twice_at_once(asked, race, backbone, login, indicator):
    asking = reverse("measurement:request_new", args=[indicator.initiative.slug, indicator.slug])

    answer = login(backbone.user).post(asking, filled(race))

    assert answer.status_code == 422
    assert "waits for an answer" in answer.content.decode()


def test_a_dimension_of_another_initiative_cannot_be_chosen(indicator, backbone, login):
    other = a_dimension(an_initiative(), "age")
    asking = reverse("measurement:request_new", args=[indicator.initiative.slug, indicator.slug])

    assert login(backbone.user).post(asking, filled(other)).status_code == 422


def test_an_answer_is_public_and_final(asked, backbone, login):
    browser = login(backbone.user)
    words = {"outcome": "refused", "answer": "They have no staff for it."}

    browser.post(address("request_answer", asked), words)
    browser.post(address("request_answer", asked), {**words, "answer": "Something else."})

    page = Client().get(asked.get_absolute_url()).content.decode()
    assert "They have no staff for it." in page
    assert "Something else." not in page


def test_a_request_is_taken_further_only_once_it_is_due(asked, backbone, login):
    words = "We ask the board of health in its public meeting in May."
    browser = login(backbone.user)

    early = browser.post(address("request_escalate", asked), {"words": words})
    with clock.at(asked.due + timedelta(days=1)):
        late = browser.post(address("request_escalate", asked), {"words": words})

    assert early.status_code == 422
    assert late.status_code == 302
    assert words in Client().get(asked.get_absolute_url()).content.decode()


def test_a_request_standing_is_one_in_time_or_taken_further(asked, backbone):
    assert asked.is_standing
    with clock.at(asked.due + timedelta(days=1)):
        assert not asked.is_standing
        assert list(DataRequest.objects.standing()) == []
        with pytest.raises(ValidationError):
            asked.escalate(words="Too short.", by=backbone.user)
        asked.escalate(words="We wrote to the commissioner and to the press.", by=backbone.user)
        assert asked.is_standing
        assert list(DataRequest.objects.standing()) == [asked]


@pytest.mark.parametrize("name", ["request_answer", "request_escalate"])
def test_only_the_backbone_writes(asked, resident, login, name):
    assert login(resident.user).get(address(name, asked)).status_code == 403
    stranger = a_member(an_initiative(), "backbone")
    assert login(stranger.user).get(address(name, asked)).status_code == 404


def test_requests_can_be_read_by_state(asked):
    listing = reverse("measurement:requests", args=[asked.initiative.slug])

    assert "State Department" in Client().get(listing + "?state=waiting").content.decode()
    assert "State Department" not in Client().get(listing + "?state=shared").content.decode()
    with clock.at(asked.due + timedelta(days=1)):
        assert "Overdue" in Client().get(listing + "?state=overdue").content.decode()


def test_a_longer_list_needs_no_more_questions(
    initiative, indicator, backbone, django_assert_max_num_queries
):
    for number in range(3):
        a_request(indicator, a_dimension(initiative, f"d{number}"), backbone)

    with django_assert_max_num_queries(8):
        Client().get(reverse("measurement:requests", args=[initiative.slug]))
