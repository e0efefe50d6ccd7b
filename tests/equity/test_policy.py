"""An initiative may be stricter than others, never looser."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from ciforum.people.models import AuditLine
from equity.gates import GateClosed
from equity.models import Policy
from tests import builders


@pytest.fixture
def policy(initiative):
    return Policy.of(initiative)


def test_thresholds_can_be_made_stricter(policy, backbone):
    policy.tighten(by=backbone.user, small_count=20, waiver_days=30)

    policy.refresh_from_db()
    assert (policy.small_count, policy.story_words, policy.waiver_days) == (20, 25, 30)
    assert (
        AuditLine.objects.get(after="tightened").note == "small_count 11 → 20, waiver_days 90 → 30"
    )


@pytest.mark.parametrize("looser", [{"small_count": 15}, {"story_words": 39}, {"waiver_days": 31}])
def test_what_was_made_stricter_stays(policy, backbone, looser):
    policy.tighten(by=backbone.user, small_count=20, story_words=40, waiver_days=30)

    with pytest.raises(ValidationError, match="takes a decision of the community"):
        policy.tighten(by=backbone.user, **looser)

    policy.refresh_from_db()
    assert (policy.small_count, policy.story_words, policy.waiver_days) == (20, 40, 30)


@pytest.mark.parametrize("slip", [{"small_count": 1100}, {"story_words": 2500}, {"waiver_days": 0}])
def test_a_slip_of_the_hand_is_refused(policy, backbone, slip):
    with pytest.raises(ValidationError):
        policy.tighten(by=backbone.user, **slip)


def test_only_thresholds_can_be_set(policy, backbone):
    with pytest.raises(ValueError, match="initiative_id is no threshold"):
        policy.tighten(by=backbone.user, initiative_id=1)


def test_a_table_protected_for_less_is_held_once_the_policy_asks_for_more(
    initiative, policy, backbone, partner
):
    indicator = builders.an_indicator(initiative)
    builders.approved(indicator, partner, backbone, {(2020, "here"): (30, 300)})
    release = builders.a_release(indicator, backbone, ready=True)
    policy.tighten(by=backbone.user, small_count=20)

    with pytest.raises(GateClosed) as closed:
        release.publish(by=backbone.user)

    assert [unmet.code for unmet in closed.value.unmet] == ["protection_weak"]


@pytest.mark.django_db(transaction=True)
def test_a_policy_is_made_once_however_many_ask_at_once(initiative):
    Policy.objects.filter(initiative=initiative).delete()
    all_here = threading.Barrier(4)
    made = []

    def ask():
        all_here.wait(10)
        made.append(Policy.of(initiative).pk)
        connection.close()

    asking = [threading.Thread(target=ask) for _number in range(4)]
    for each in asking:
        each.start()
    for each in asking:
        each.join(20)

    assert made == [Policy.objects.get(initiative=initiative).pk] * 4
