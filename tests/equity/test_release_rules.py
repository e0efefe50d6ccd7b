"""What holds a release back, rule by rule."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ciforum.people import clock
from ciforum.people.words import Words
from equity.gates import GateClosed, publish_release
from equity.models import Waiver
from measurement.models import Release
from tests import asking_building as asking
from tests import builders
from tests import shifts_building as building

SMALL = {
    (2020, "here"): (100, 1000),
    (2020, "here", "race:white"): (97, 800),
    (2020, "here", "race:black"): (3, 200),
}


@pytest.fixture
def race(initiative):
    return builders.a_dimension(initiative, groups=["white", "black"])


@pytest.fixture
def indicator(initiative, race):
    return builders.an_indicator(initiative, required=[race])


@pytest.fixture
def release(indicator, partner, backbone):
    """A release that every rule is content with."""
    builders.approved(indicator, partner, backbone, SMALL)
    return builders.a_release(indicator, backbone, ready=True)


def held_by(release, by):
    """The codes that hold the release, [] when it is published."""
    try:
        release.publish(by=by.user)
    except GateClosed as closed:
        return [unmet.code for unmet in closed.unmet]
    return []


def test_a_release_that_meets_every_rule_is_published(release, backbone):
    assert held_by(release, backbone) == []
    assert release.state == "published"
    assert [
        (answer["rule"], answer["outcome"])
        for answer in release.passed.answers
        if answer["outcome"] != "not_yet"
    ] == [
        ("values", "met"),
        ("groups", "met"),
        ("small_cells", "met"),
        ("story", "met"),
        ("structural_cause", "met"),
        ("group_authority", "met"),
        ("systems_beside", "met"),
    ]


def test_rules_that_wait_are_listed_and_never_met(release, backbone):
    held_by(release, backbone)

    waiting = {a["rule"] for a in release.passed.answers if a["outcome"] == "not_yet"}
    assert waiting == {
        "lived_experience",
        "holder_accountable",
    }


def test_without_numbers_it_is_held(indicator, partner, backbone):
    builders.approved(indicator, partner, backbone, {(2020, "here"): "not_collected"})
    release = builders.a_release(indicator, backbone, ready=True)

    assert "no_values" in held_by(release, backbone)


def test_without_a_required_group_it_is_held(initiative, race, indicator, partner, backbone):
    race.add_group(code="asian", name=Words(en="Asian"), by=backbone.user)
    builders.approved(indicator, partner, backbone, SMALL)
    release = builders.a_release(indicator, backbone, ready=True)

    with pytest.raises(GateClosed) as closed:
        release.publish(by=backbone.user)

    assert [(unmet.code, unmet.params) for unmet in closed.value.unmet] == [
        (
            "groups_missing",
            {
                "missing": [
                    {
                        "dimension": {"en": "Race", "es": "Race"},
                        "groups": [{"en": "Asian"}],
                        "request": "none",
                    }
                ]
            },
        )
    ]


@pytest.fixture
def uncounted(indicator, partner, backbone):
    """A release whose required breakdown nobody counted."""
    builders.approved(indicator, partner, backbone, {(2020, "here"): (100, 1000)})
    return builders.a_release(indicator, backbone, ready=True)


def test_a_request_opens_the_gate_until_its_date(uncounted, indicator, race, backbone):
    builders.a_request(indicator, race, backbone, days=60)
    tomorrow_and_later = clock.now() + timedelta(days=61)

    with clock.at(tomorrow_and_later):
        assert held_by(uncounted, backbone) == ["request_overdue"]
    assert held_by(uncounted, backbone) == []


def test_a_refused_request_holds_until_it_is_taken_further(uncounted, indicator, race, backbone):
    request = builders.a_request(indicator, race, backbone)
    request.record_answer(outcome="refused", answer="We do not count it.", by=backbone.user)
    assert held_by(uncounted, backbone) == ["request_refused"]

    asking.escalated(request, backbone)

    assert held_by(uncounted, backbone) == []


def test_without_protection_it_is_held(indicator, partner, backbone):
    builders.approved(indicator, partner, backbone, SMALL)
    release = builders.a_release(indicator, backbone)
    release.tell(story=builders.STORY, by=backbone.user)

    assert held_by(release, backbone) == ["protection_none", "cause_missing"]


def test_a_protection_of_other_numbers_is_stale(release, indicator, partner, backbone):
    again = {**SMALL, (2020, "here", "race:black"): (4, 200)}
    builders.approved(indicator, partner, backbone, again, reason="counted again")

    assert held_by(release, backbone) == ["protection_stale"]


def test_a_table_without_a_safe_form_is_held(release, backbone):
    found = release.protected
    Release.objects.filter(pk=release.pk).update(protected={**found, "state": "impossible"})

    assert held_by(release, backbone) == ["protection_impossible"]


@pytest.mark.parametrize(("words", "codes"), [(24, ["story_missing"]), (25, [])])
def test_the_story_needs_its_words(release, backbone, words, codes):
    release.tell(story=Words(en="word " * words), by=backbone.user)

    assert held_by(release, backbone) == codes


def test_every_rule_in_force_is_tried_here():
    in_force = [rule.code for rule in publish_release.rules if rule.in_force]

    assert in_force == [
        *("values", "groups", "small_cells", "story", "structural_cause"),
        *("group_authority", "systems_beside"),
    ]


@pytest.fixture
def headline(initiative, partner, backbone):
    """A draft of a headline number that lacks nothing but the shifts that should move it."""
    indicator = builders.an_indicator(initiative, tier="headline")
    builders.approved(indicator, partner, backbone, {(2020, "here"): (100, 1000)})
    release = builders.a_release(indicator, backbone, ready=True)
    indicator.shifts.clear()
    return release


def test_a_headline_number_stands_beside_what_should_move_it(headline, initiative, backbone):
    assert held_by(headline, backbone) == ["no_systems_shift"]
    assert f"?indicator={headline.indicator.slug}" in headline.remedy_url("no_systems_shift")

    building.a_shift(initiative, backbone, indicators=[headline.indicator])

    assert held_by(headline, backbone) == []
    assert [a["params"] for a in headline.passed.answers if a["rule"] == "systems_beside"] == [
        {"headline": True, "shifts": {"hoped_for": 1}}
    ]


def test_a_withdrawn_shift_moves_nothing(headline, initiative, backbone):
    shift = building.a_shift(initiative, backbone, indicators=[headline.indicator])
    shift.withdraw(reason=Words(en="We found another way."), by=backbone.user)

    assert held_by(headline, backbone) == ["no_systems_shift"]


def test_a_resident_may_waive_it(headline, backbone, resident):
    waiver = Waiver.ask(
        gate=publish_release,
        record=headline,
        code="systems_beside",
        reason="The log of shifts is written at the next meeting.",
        days=30,
        by=backbone.user,
    )
    waiver.agree(by=resident.user)

    assert held_by(headline, backbone) == []
