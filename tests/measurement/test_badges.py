"""The badge of a needle that moved: whose it is, and what it says of everybody else."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from ciforum.people.models import Period
from ciforum.people.words import Words
from measurement.models import Crosswalk, Release
from measurement.models.crosswalks import Pair
from measurement.models.observations import KeptError
from measurement.saying.badges import badges
from measurement.showing.shown import Choice, show
from tests.builders import a_dimension, a_release, an_indicator, approved

pytestmark = pytest.mark.django_db


@pytest.fixture
def race(initiative):
    return a_dimension(initiative, "race", ("white", "black", "asian", "native"))


@pytest.fixture
def indicator(initiative, race):
    return an_indicator(
        initiative, required=[race], tier="headline", definition={"direction": "up"}
    )


def year(number, **groups):
    everyone = tuple(map(sum, zip(*groups.values(), strict=True)))
    return {
        (number, "Here"): everyone,
        **{(number, "Here", f"race:{code}"): value for code, value in groups.items()},
    }


OLD = {"white": (5000, 10000), "black": (2000, 5000), "asian": (12, 40), "native": (900, 2000)}
NEW = {"white": (5200, 10000), "black": (2200, 5000), "asian": (20, 40), "native": (1000, 2000)}


@pytest.fixture
def public(indicator, partner, backbone):
    """Two years released, the first of them the baseline."""

    def publish(old=None, new=None, between=lambda: None):
        approved(indicator, partner, backbone, year(2018, **(old or OLD)))
        between()
        approved(indicator, partner, backbone, year(2024, **(new or NEW)))
        a_release(indicator, backbone, ready=True).publish(by=backbone.user)
        baseline = Period.objects.get(start__year=2018)
        indicator.describe(
            by=backbone.user,
            required_dimensions=indicator.required_dimensions.all(),
            baseline=baseline,
        )
        return show(indicator, Choice(by="race"))

    return publish


def states(shown):
    return {badge.series.name: (badge.state, badge.reason) for badge in badges(shown)}


def test_each_group_has_its_own_answer_and_everyone_none(public):
    shown = public()

    assert states(shown) == {
        "White": ("not_moved", ""),
        "Black": ("moved", ""),
        "Asian": ("none", "unreliable"),
        "Native": ("moved", ""),
    }
    assert [badge.series for badge in badges(shown)] == shown.series[1:]


def test_the_sentence_says_from_where_to_where_and_for_whom(public):
    told = {badge.series.name: badge.sentence for badge in badges(public())}

    assert told["Black"] == (
        "Between 2018 and 2024 the share of babies born under 2,500 grams went from 40.0% to "
        "44.0% for Black: at least 10% better."
    )
    assert told["Asian"] == (
        "Asian: no badge, as the number for 2024 rests on too few people to be sure."
    )


def test_a_hidden_number_earns_no_badge_and_tells_nothing(public):
    shown = public(old={**OLD, "asian": (3, 4000)}, new={**NEW, "asian": (400, 4000)})

    told = {badge.series.name: badge for badge in badges(shown)}
    assert told["Asian"].reason == "protected"
    assert told["Asian"].sentence == (
        "Asian: no badge, as the number for 2018 is hidden to protect people."
    )


@pytest.mark.parametrize(
    "fields", [{"tier": "contributing"}, {"level": "performance"}, {"baseline": None}]
)
def test_only_a_headline_of_the_population_with_a_baseline_has_badges(
    public, indicator, backbone, fields
):
    shown = public()
    assert badges(shown)

    indicator.describe(
        by=backbone.user, required_dimensions=indicator.required_dimensions.all(), **fields
    )

    assert badges(show(indicator, Choice(by="race"))) == []


def test_everyone_alone_gets_none(public, indicator):
    public()

    assert badges(show(indicator, Choice(by=""))) == []


def test_the_baseline_alone_is_no_change(public, indicator, backbone):
    public()
    last = Period.objects.get(start__year=2024)
    indicator.describe(
        by=backbone.user,
        required_dimensions=indicator.required_dimensions.all(),
        baseline=last,
    )

    assert badges(show(indicator, Choice(by="race"))) == []


def test_less_is_better_where_that_is_the_aim(public, initiative, race, partner, backbone):
    falling = an_indicator(initiative, required=[race], tier="headline")
    approved(falling, partner, backbone, year(2018, **NEW))
    approved(falling, partner, backbone, year(2024, **OLD))
    a_release(falling, backbone, ready=True).publish(by=backbone.user)
    falling.describe(
        by=backbone.user,
        required_dimensions=[race],
        baseline=Period.objects.get(start__year=2018),
    )

    found = states(show(falling, Choice(by="race")))

    assert (found["Native"], found["White"]) == (("moved", ""), ("not_moved", ""))
    assert found["Black"] == ("not_moved", "")  # 44 → 40 is 9.1 %


def test_a_group_that_means_others_since_is_not_compared(public, race, initiative, backbone):
    def revise():
        race.revise(by=backbone.user)
        Crosswalk.start(
            initiative=initiative,
            dimension_code="race",
            name=Words(en="1 to 2"),
            pairs=[Pair("black", ("black", "native"), "split")],
            before=1,
            by=backbone.user,
        )

    found = states(public(between=revise))

    assert found["Black"] == found["Native"] == ("none", "other_people")
    assert found["White"] == ("not_moved", "")


def earned(shown, **fields):
    """Who earns the badge if this were also true of what is known of Black people in 2024."""
    cells = [
        replace(cell, **fields)
        if (cell.series.name, cell.period.start.year) == ("Black", 2024)
        else cell
        for cell in shown.cells
    ]
    found = states(replace(shown, cells=cells))
    return {name for name, (state, _why) in found.items() if state == "moved"}


def test_of_a_sample_the_people_asked_count(public):
    shown = public()

    assert earned(shown) == {"Black", "Native"}
    assert earned(shown, sample_size=20) == {"Native"}


def test_what_a_survey_says_of_its_error_decides(public):
    shown = public()

    assert earned(shown, se=Decimal("0.004")) == {"Black", "Native"}
    assert earned(shown, se=Decimal("0.12")) == {"Native"}
    assert earned(shown, kept_error=KeptError.UNRELIABLE) == {"Native"}


def test_fewer_events_than_the_rules_of_its_release_ask_for_earn_none(public):
    shown = public()
    release = Release.objects.get(pk=shown.release.pk)
    release.protected = {"rules": {"reliable_count": 2300}}

    assert earned(shown, release=release) == {"Native"}
