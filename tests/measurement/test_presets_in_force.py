"""A preset is chosen by name, adds its rules to what holds, and is kept with the release."""

from __future__ import annotations

import pytest
from django.db import DatabaseError
from django.urls import reverse

from ciforum.people.models import AuditLine
from equity.gates import GateClosed
from equity.models import Policy
from measurement.models import ReleaseCell
from measurement.protecting import preset_words
from measurement.protecting.presets import PRESETS
from tests.builders import a_dimension, a_member, a_release, an_indicator, approved

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def choose(initiative, backbone):
    def by_key(key):
        preset = PRESETS[key]
        Policy.of(initiative).protect_by(
            preset=key, version=preset.version, by=backbone.user, **preset_words.rules(preset)
        )
        return Policy.of(initiative)

    return by_key


@pytest.fixture
def draft(initiative, partner, backbone):
    """A draft of these numbers of one place and year."""
    a_dimension(initiative)

    def make(numbers):
        indicator = an_indicator(initiative)
        rows = {(2020, "Here", *filter(None, [g])): value for g, value in numbers.items()}
        approved(indicator, partner, backbone, rows)
        return a_release(indicator, backbone, ready=True)

    return make


def hidden(release, by):
    """Groups of which the release shows no count."""
    release.publish(by=by.user)
    return {
        "+".join(sorted(g.code for g in cell.stratum.groups.all()))
        for cell in ReleaseCell.objects.filter(release=release, numerator=None)
    }


@pytest.mark.parametrize("key", PRESETS)
def test_no_preset_goes_below_the_floor_of_every_initiative(choose, key):
    assert choose(key).small_count >= 11


def test_what_is_stricter_already_stays(choose, initiative, backbone):
    Policy.of(initiative).tighten(by=backbone.user, small_count=20)
    choose("idea-10-30")

    policy = choose("cms-11")

    assert (policy.small_count, policy.smallest_population, policy.hide_zeros) == (20, 30, 1)
    assert preset_words.in_force(policy) == "CMS, cell size 11, version 2020"
    assert AuditLine.objects.filter(after="protected").count() == 2


def test_a_shell_cannot_take_a_rule_back(choose, initiative):
    choose("nysed-5")

    with pytest.raises(DatabaseError, match="by a decision only"):
        Policy.objects.filter(initiative=initiative).update(next_smallest=0)


def test_without_a_preset_a_zero_and_a_whole_group_are_shown(draft, backbone):
    shown = draft(
        {"": (140, 500), "race:white": (100, 400), "race:black": (0, 60), "race:other": (40, 40)}
    )

    assert hidden(shown, backbone) == set()


def test_where_zero_is_hidden_another_group_goes_with_it(choose, draft, backbone):
    choose("cdc-wonder-10")

    found = hidden(
        draft(
            {
                "": (140, 500),
                "race:white": (100, 400),
                "race:black": (0, 60),
                "race:other": (40, 40),
            }
        ),
        backbone,
    )

    assert "black" in found
    assert len(found) > 1


def test_where_all_of_a_group_are_counted_it_is_hidden(choose, draft, backbone):
    choose("nysed-5")

    found = hidden(
        draft(
            {
                "": (140, 500),
                "race:white": (60, 400),
                "race:black": (40, 60),
                "race:other": (40, 40),
            }
        ),
        backbone,
    )

    assert "other" in found


def test_the_next_smallest_group_is_hidden_beside_a_small_one(choose, draft, backbone):
    choose("nysed-5")

    found = hidden(
        draft(
            {
                "": (150, 1000),
                "race:white": (21, 720),
                "race:black": (125, 200),
                "race:other": (4, 80),
            }
        ),
        backbone,
    )

    # White has the smaller count, but more people: black is the next smallest group.
    assert {"other", "black"} <= found


def test_a_total_is_hidden_where_a_part_is(choose, draft, backbone):
    choose("cdc-wonder-10")

    assert "" in hidden(
        draft(
            {
                "": (150, 1000),
                "race:white": (121, 720),
                "race:black": (25, 200),
                "race:other": (4, 80),
            }
        ),
        backbone,
    )


def test_a_group_of_fewer_than_thirty_shows_nothing(choose, draft, backbone):
    choose("idea-10-30")

    release = draft(
        {"": (151, 940), "race:white": (125, 720), "race:black": (14, 195), "race:other": (12, 25)}
    )

    assert "other" in hidden(release, backbone)
    cells = ReleaseCell.objects.filter(release=release, numerator=None)
    assert {
        c.denominator for c in cells if [g.code for g in c.stratum.groups.all()] == ["other"]
    } == {None}


def test_percents_at_the_ends_are_hidden_by_bands(choose, draft, backbone):
    choose("nces-bands")

    found = hidden(
        draft(
            {
                "": (719, 3400),
                "race:white": (19, 2000),
                "race:black": (400, 800),
                "race:other": (300, 600),
            }
        ),
        backbone,
    )

    assert "white" in found  # 0.95 percent of 2,000


def test_the_release_says_by_what_it_was_protected(choose, draft, backbone, client):
    choose("nysed-5")
    release = draft(
        {"": (150, 1000), "race:white": (121, 720), "race:black": (25, 200), "race:other": (4, 80)}
    )
    release.publish(by=backbone.user)

    assert (release.protected["rules"]["preset"], release.protected["rules"]["version"]) == (
        "nysed-5",
        PRESETS["nysed-5"].version,
    )


def test_a_preset_chosen_meanwhile_makes_a_draft_stale(choose, draft, backbone):
    release = draft(
        {"": (150, 1000), "race:white": (121, 720), "race:black": (25, 200), "race:other": (4, 80)}
    )
    choose("nysed-5")

    with pytest.raises(GateClosed) as held:
        release.publish(by=backbone.user)

    assert [unmet.code for unmet in held.value.unmet] == ["protection_stale"]


def test_the_page_chooses_only_when_it_is_understood(initiative, backbone, login):
    page, browser = reverse("measurement:protection", args=[initiative.slug]), login(backbone.user)

    browser.post(page, {"preset": "idea-10-30"})
    assert Policy.of(initiative).protection_preset == ""

    browser.post(page, {"preset": "idea-10-30", "understood": "on"})
    assert Policy.of(initiative).smallest_population == 30
    text = browser.get(page).content.decode()
    assert "IDEA, 10 and 30, version 2016" in text
    assert "Numbers about fewer than 30 people are not shown." in text


@pytest.mark.parametrize(("role", "status"), [(None, 302), ("community", 403), ("partner", 403)])
def test_only_the_backbone_chooses(initiative, login, client, role, status):
    browser = login(a_member(initiative, role).user) if role else client
    page = reverse("measurement:protection", args=[initiative.slug])

    assert browser.post(page, {"preset": "idea-10-30", "understood": "on"}).status_code == status
    assert browser.get(page).status_code == 200
