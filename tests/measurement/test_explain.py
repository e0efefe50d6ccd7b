"""Explain this number: for members, and never a way to a count that is hidden."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from ciforum.people.models import Period
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

NUMBERS = {
    (2020, "Here"): (6_812, 90_000),
    (2020, "Here", "race:white"): (4_605, 60_000),
    (2020, "Here", "race:black"): (2_203, 29_920),
    (2020, "Here", "race:other"): (4, 80),
}


@pytest.fixture
def indicator(initiative, partner, backbone):
    builders.a_dimension(initiative)
    indicator = builders.an_indicator(initiative, slug="births")
    builders.approved(indicator, partner, backbone, NUMBERS)
    builders.a_release(indicator, backbone, ready=True).publish(by=backbone.user)
    return indicator


@pytest.fixture
def explained(indicator, login):
    def of(member, group="", place="here"):
        period = Period.objects.get(initiative=indicator.initiative, start__year=2020)
        url = reverse(
            "measurement:explain", args=[indicator.initiative.slug, "births", period.uid, place]
        )
        answer = login(member.user).get(url, {"group": group} if group else {})
        return answer.status_code, " ".join(
            re.sub(r"<[^>]+>", " ", answer.content.decode()).split()
        )

    return of


def test_a_member_reads_who_brought_a_number_and_who_approved_it(explained, resident):
    status, page = explained(resident)

    assert status == 200
    assert "County Health Department" in page
    assert "Revision 1 · the newest · the one that is public" in page
    assert "6,812 / 90,000" in page
    assert "Go to the submission" not in page


def test_the_backbone_goes_on_to_the_submission(explained, backbone):
    assert "Go to the submission" in explained(backbone)[1]


def test_a_hidden_count_is_hidden_here_too(explained, resident):
    status, page = explained(resident, "race:other")

    assert status == 200
    assert "It is hidden here, too." in page
    assert "4 / 80" not in page
    assert "seen by the partner who brought them" in page


def test_whoever_brought_it_and_stewards_read_the_hidden_count(explained, partner, backbone):
    assert "4 / 80" in explained(partner, "race:other")[1]
    assert "4 / 80" in explained(backbone, "race:other")[1]


def test_what_a_number_was_before_it_was_corrected_is_no_public_number(
    explained, indicator, partner, backbone, resident
):
    later = {**NUMBERS, (2020, "Here"): (6_915, 90_000)}
    builders.approved(indicator, partner, backbone, later, reason="Recounted.")
    builders.a_release(indicator, backbone, ready=True).publish(by=backbone.user)

    _status, hers = explained(resident)
    _status, steward = explained(backbone)

    assert "Revision 2" in hers
    assert "6,915 / 90,000" in hers
    assert "6,812" not in hers
    assert "6,812 / 90,000" in steward


@pytest.mark.parametrize(("group", "place"), [
    ("race:nobody", "here"), ("age:old", "here"), ("", "nowhere"),
    ("race:white+race:black", "here"), ("::+", "here"),
])  # fmt: skip
def test_what_is_not_published_is_not_explained(explained, resident, group, place):
    assert explained(resident, group, place)[0] == 404
