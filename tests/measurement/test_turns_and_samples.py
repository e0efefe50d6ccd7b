"""Whose turn it is to be hidden for others; and sample sizes that could be subtracted."""

from __future__ import annotations

from datetime import date

import pytest

from ciforum.people.models import Period, Place
from measurement.models import Observation, Release, ReleaseCell, Stratum
from tests.builders import STORY, a_dimension, a_release, an_indicator, approved, not_looked_into

pytestmark = pytest.mark.django_db(transaction=True)

RACE = {"": (99, 1000), "race:white": (50, 500), "race:black": (45, 420), "race:other": (4, 80)}
SAFE = {"": (99, 1000), "race:white": (50, 500), "race:black": (34, 420), "race:other": (15, 80)}


def table(numbers, year):
    return {(year, "Here", *filter(None, [groups])): value for groups, value in numbers.items()}


def hidden(release):
    """{year: groups without a count}"""
    found: dict[str, set[str]] = {}
    for cell in ReleaseCell.objects.filter(release=release):
        name = "".join(group.code for group in cell.stratum.groups.all())
        found.setdefault(str(cell.period), set())
        if cell.numerator is None:
            found[str(cell.period)].add(name)
    return found


@pytest.fixture
def indicator(initiative):
    a_dimension(initiative)
    return an_indicator(initiative)


def test_the_same_group_is_not_hidden_for_others_every_year(indicator, partner, backbone):
    approved(indicator, partner, backbone, table(RACE, 2020) | table(RACE, 2021))
    draft = a_release(indicator, backbone, ready=True)
    draft.publish(by=backbone.user)

    assert hidden(draft) == {"2020": {"other", "black"}, "2021": {"other", "white"}}


def test_later_releases_remember_whose_turn_it_was(indicator, partner, backbone):
    for year in (2020, 2021):
        approved(indicator, partner, backbone, table(RACE, year))
        draft = a_release(indicator, backbone, ready=True)
        draft.publish(by=backbone.user)

    assert hidden(draft) == {"2021": {"other", "white"}}


def test_nobody_rests_where_that_would_show_what_was_hidden(indicator, partner, backbone):
    """The same year again: another choice would give the first one away."""
    approved(indicator, partner, backbone, table(RACE, 2020))
    a_release(indicator, backbone, ready=True).publish(by=backbone.user)
    approved(
        indicator, partner, backbone, {(2020, "Here", "race:white"): (50, 501)}, reason="Recounted."
    )
    again = a_release(indicator, backbone, ready=True)
    again.publish(by=backbone.user)

    assert hidden(again)["2020"] == {"other", "black"}


@pytest.fixture
def surveyed(indicator, initiative, partner, backbone):
    """Release these numbers of 2022, each with a sample of a tenth of its people."""

    def make(numbers, samples=()):
        approved(indicator, partner, backbone, table(RACE, 2019))
        first = Observation.objects.filter(version=indicator.current).first()
        period = Period.objects.create(
            initiative=initiative, kind="year", start=date(2022, 1, 1), end=date(2023, 1, 1)
        )
        known = {
            "".join(f"race:{g.code}" for g in stratum.groups.all()): stratum
            for stratum in Stratum.objects.for_initiative(initiative)
        }
        Observation.objects.bulk_create(
            Observation(
                initiative=initiative,
                version=indicator.current,
                period=period,
                place=Place.objects.get(initiative=initiative, name="Here"),
                stratum=known[groups],
                numerator=x,
                denominator=n,
                sample_size=dict(samples).get(groups, n // 4),
                weight=n * 10,
                submission=first.submission,
            )
            for groups, (x, n) in numbers.items()
        )
        draft = Release.draft(indicator=indicator, by=backbone.user)
        not_looked_into(indicator, backbone)
        draft.tell(story=STORY, by=backbone.user)
        draft.protect(draft.work_out_protection(), by=None)
        draft.publish(by=backbone.user)
        return {
            "".join(group.code for group in cell.stratum.groups.all()): (
                cell.sample_size,
                cell.weight,
            )
            for cell in ReleaseCell.objects.filter(release=draft, period=period)
        }

    return make


def test_sample_sizes_are_shown_where_nothing_is_hidden(surveyed):
    assert surveyed(SAFE) == {
        "": (250, 10000),
        "white": (125, 5000),
        "black": (105, 4200),
        "other": (20, 800),
    }


def test_one_hidden_row_takes_the_sample_sizes_of_all_groups(surveyed):
    nothing = (None, None)

    assert surveyed(RACE) == {
        "": (250, 10000),
        "white": nothing,
        "black": nothing,
        "other": nothing,
    }


def test_a_small_sample_counts_as_hidden(surveyed):
    found = surveyed(SAFE, samples={"race:other": 7}.items())

    assert {name for name, (sample, _weight) in found.items() if sample is not None} == {""}


def test_a_small_sample_of_everyone_takes_all(surveyed):
    found = surveyed(SAFE, samples={"": 7}.items())

    assert set(found.values()) == {(None, None)}
