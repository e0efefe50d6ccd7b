"""The whole path in a few lines: numbers, held, remedied, public."""

from __future__ import annotations

import pytest

from equity.gates import GateClosed
from equity.models import LedgerEntry
from measurement.models import ReleaseCell
from tests import builders

RACE = {
    (2020, "Here"): (62, 1051),
    (2020, "Here", "race:white"): (39, 867),
    (2020, "Here", "race:black"): (19, 117),
    (2020, "Here", "race:other"): (4, 67),
}


@pytest.fixture
def indicator(initiative, backbone, partner):
    race = builders.a_dimension(initiative)
    indicator = builders.an_indicator(initiative, required=[race], by=backbone.user)
    builders.approved(indicator, partner, backbone, RACE)
    return indicator


def test_a_release_is_held_with_every_unmet_rule_at_once(indicator, backbone):
    release = builders.a_release(indicator, backbone)

    with pytest.raises(GateClosed) as closed:
        release.publish(by=backbone.user)

    assert [unmet.code for unmet in closed.value.unmet] == [
        *("protection_none", "story_missing", "cause_missing")
    ]
    assert LedgerEntry.objects.about(release).get().kind == "hold"


def test_a_protected_release_with_its_story_passes_and_hides_the_small_group(indicator, backbone):
    release = builders.a_release(indicator, backbone, ready=True)

    release.publish(by=backbone.user)

    shown = sorted(
        ReleaseCell.objects.filter(release=release).values_list("numerator", "is_protected"),
        key=str,
    )
    assert (None, True) in shown
    assert not any(number and number < 11 for number, _protected in shown)
    assert release.state == "published"
