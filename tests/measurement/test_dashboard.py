"""The dashboard made for funders: released numbers, holds in counts, overdue requests."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from ciforum.people import clock
from equity.gates import GateClosed
from tests.builders import (
    a_dimension,
    a_member,
    a_release,
    a_request,
    an_indicator,
    an_initiative,
    approved,
)

pytestmark = pytest.mark.django_db(transaction=True)


def dashboard(initiative, browser):
    return browser.get(reverse("measurement:dashboard", args=[initiative.slug]))


@pytest.fixture
def funder(initiative, login):
    return login(a_member(initiative, "funder").user)


def test_a_funder_reads_results_by_group(initiative, partner, backbone, funder):
    a_dimension(initiative)
    indicator = an_indicator(initiative)
    approved(
        indicator,
        partner,
        backbone,
        {
            (2020, "Here"): (70, 900),
            (2020, "Here", "race:white"): (45, 600),
            (2020, "Here", "race:black"): (21, 220),
            (2020, "Here", "race:other"): (4, 80),
        },
    )
    a_release(indicator, backbone, ready=True).publish(by=backbone.user)

    page = dashboard(initiative, funder).content.decode()

    assert "7.5%" in page
    assert page.count("[c]") >= 3
    assert "9.5%" not in page


def test_what_is_not_released_is_not_on_it(initiative, partner, backbone, funder):
    indicator = an_indicator(initiative)
    approved(indicator, partner, backbone, {(2020, "Here"): (70_707, 900_000)})

    assert "70,707" not in dashboard(initiative, funder).content.decode()


def test_it_counts_what_was_held_and_why(initiative, partner, backbone, funder):
    indicator = an_indicator(initiative)
    approved(indicator, partner, backbone, {(2020, "Here"): (70, 900)})
    draft = a_release(indicator, backbone)
    with pytest.raises(GateClosed):
        draft.publish(by=backbone.user)

    page = dashboard(initiative, funder).content.decode()

    assert "A release was held 1 time." in page
    assert "No small group can be read or worked out" in page


def test_it_names_requests_that_are_overdue(initiative, backbone, funder):
    asked = a_request(an_indicator(initiative), a_dimension(initiative), backbone)

    with clock.at(asked.due + timedelta(days=1)):
        assert "State Department of Health" in dashboard(initiative, funder).content.decode()


def test_strangers_and_visitors_stay_outside(initiative, login):
    stranger = login(a_member(an_initiative(), "funder").user)

    assert dashboard(initiative, stranger).status_code == 404
    assert dashboard(initiative, Client()).status_code == 302
