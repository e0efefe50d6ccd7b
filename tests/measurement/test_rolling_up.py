"""Adding up before hiding: to the group above, to two years, and never a way to a small count."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from ciforum.people.words import Words
from equity.gates import GateClosed
from tests.builders import a_dimension, a_release, an_indicator, approved

pytestmark = pytest.mark.django_db(transaction=True)

GROUPS = ("asian", "asian/hmong", "asian/lao", "white", "native")


def year(number, **groups):
    """{group: (x, n)} of one year at one place; `everyone` has no group."""
    return {
        (number, "Here", *([] if group == "everyone" else [f"origin:{group}"])): counts
        for group, counts in groups.items()
    }


FINE = year(
    2020, everyone=(703, 9000), white=(600, 8000), hmong=(57, 300), lao=(3, 300), native=(43, 400)
)
TWO = {
    **year(2019, everyone=(70, 900), white=(63, 820), native=(7, 80)),
    **year(2020, everyone=(74, 910), white=(66, 830), native=(8, 80)),
}


@pytest.fixture
def origin(initiative):
    return a_dimension(initiative, "origin", GROUPS)


@pytest.fixture
def indicator(initiative, origin):
    return an_indicator(initiative)


@pytest.fixture
def draft(indicator, partner, backbone):
    """A draft of these numbers, that lacks only its protection."""

    def make(numbers, of=None, reason=""):
        approved(of or indicator, partner, backbone, numbers, reason=reason)
        return a_release(of or indicator, backbone, ready=True)

    return make


def protected(release, by):
    release.protect(release.work_out_protection(), by=by.user)
    return release


def published(release, by):
    protected(release, by).publish(by=by.user)
    return release


def rows(release, way=None):
    """{(period, groups): (x, n)} of what stands in a release; only those of one way."""
    found = release.observations()
    if way is not None:
        found = found.filter(rolled_up=way)
    return {
        (str(row.period), _groups(row)): (row.numerator, row.denominator)
        for row in found.select_related("period")
    }


def _groups(row):
    return "+".join(sorted(group.code for group in row.stratum.groups.all()))


def held(release, by):
    try:
        release.publish(by=by.user)
    except GateClosed as closed:
        return [unmet.code for unmet in closed.unmet]
    return []


# --- to the group above


def test_a_group_nobody_counted_is_the_sum_of_all_its_parts(draft, backbone):
    release = draft(FINE)

    release.roll_up(to="parent", by=backbone.user)

    assert rows(release, "parent") == {("2020", "asian"): (60, 600)}


def test_a_part_that_is_missing_makes_no_sum(draft, backbone):
    release = draft({**FINE, (2020, "Here", "origin:lao"): "too_small"})

    with pytest.raises(ValidationError):
        release.roll_up(to="parent", by=backbone.user)


def test_a_part_that_nobody_handed_in_makes_no_sum(draft, backbone):
    release = draft({key: value for key, value in FINE.items() if "origin:lao" not in key})

    with pytest.raises(ValidationError):
        release.roll_up(to="parent", by=backbone.user)


def test_a_group_that_is_counted_already_keeps_its_own_number(draft, backbone):
    release = draft({**FINE, (2020, "Here", "origin:asian"): (61, 600)})

    with pytest.raises(ValidationError):
        release.roll_up(to="parent", by=backbone.user)


def test_groups_that_overlap_are_never_added_up(initiative, draft, backbone):
    a_dimension(initiative, "language", ("asian", "asian/lao", "asian/hmong"), kind="overlapping")
    release = draft(
        {
            (2020, "Here"): (100, 900),
            (2020, "Here", "language:lao"): (50, 400),
            (2020, "Here", "language:hmong"): (60, 500),
        }
    )

    with pytest.raises(ValidationError):
        release.roll_up(to="parent", by=backbone.user)


def test_a_tree_is_added_up_to_its_top_and_through_crossings(initiative, draft, backbone):
    a_dimension(initiative, "sex", ("female", "male"))
    a_dimension(
        initiative, "people", ("all", "all/north", "all/south", "all/north/a", "all/north/b")
    )
    release = draft(
        {
            (2020, "Here", "people:a", "sex:female"): (20, 100),
            (2020, "Here", "people:b", "sex:female"): (30, 200),
            (2020, "Here", "people:south", "sex:female"): (40, 300),
        }
    )

    release.roll_up(to="parent", by=backbone.user)

    assert rows(release, "parent") == {
        ("2020", "female+north"): (50, 300),
        ("2020", "all+female"): (90, 600),
    }


# --- to two years


def test_two_years_are_the_sum_of_both(draft, backbone):
    release = draft(TWO)

    release.roll_up(to="two_years", by=backbone.user)

    assert rows(release, "two_years") == {
        ("2019–2020", ""): (144, 1810),
        ("2019–2020", "white"): (129, 1650),
        ("2019–2020", "native"): (15, 160),
    }


def test_a_group_counted_in_one_year_only_has_no_two_years(draft, backbone):
    release = draft({**TWO, (2019, "Here", "origin:native"): "not_collected"})

    release.roll_up(to="two_years", by=backbone.user)

    assert ("2019–2020", "native") not in rows(release)
    assert ("2019–2020", "white") in rows(release)


def test_years_of_two_definitions_are_not_put_together(draft, indicator, backbone, partner):
    approved(indicator, partner, backbone, year(2019, everyone=(70, 900)))
    indicator.define(
        by=backbone.user,
        reason=Words(en="The state counts otherwise."),
        **{**_definition(indicator), "source": Words(en="New records")},
    )
    release = draft(year(2020, everyone=(74, 910)))

    with pytest.raises(ValidationError):
        release.roll_up(to="two_years", by=backbone.user)


def test_groups_of_two_versions_of_a_dimension_are_not_put_together(
    draft, indicator, origin, partner, backbone
):
    approved(indicator, partner, backbone, year(2019, everyone=(70, 900), native=(12, 80)))
    origin.revise(by=backbone.user)
    release = draft(year(2020, everyone=(74, 910), native=(13, 80)))

    release.roll_up(to="two_years", by=backbone.user)

    assert rows(release, "two_years") == {("2019–2020", ""): (144, 1810)}


def test_the_next_pair_goes_on_from_the_one_that_is_public(draft, backbone):
    first = draft(TWO)
    first.roll_up(to="two_years", by=backbone.user)
    published(first, backbone)
    later = draft(year(2021, everyone=(80, 920), native=(9, 80)))

    with pytest.raises(ValidationError):
        later.roll_up(to="two_years", by=backbone.user)

    later.discard(by=backbone.user)
    both = draft(year(2022, everyone=(81, 930), native=(9, 80)))
    both.roll_up(to="two_years", by=backbone.user)
    assert {period for period, _groups in rows(both, "two_years")} == {"2021–2022"}


def test_a_year_of_an_earlier_release_may_be_half_of_a_pair(draft, backbone):
    published(draft(year(2019, everyone=(70, 900), native=(7, 80))), backbone)
    release = draft(year(2020, everyone=(74, 910), native=(8, 80)))

    release.roll_up(to="two_years", by=backbone.user)

    assert rows(release, "two_years")["2019–2020", "native"] == (15, 160)


def _definition(indicator):
    version = indicator.current
    names = ("measure", "numerator", "denominator", "direction", "scale", "unit", "source")
    return {name: getattr(version, name) for name in names}


# --- the offer


def test_the_offer_says_what_more_people_would_see(draft, backbone):
    release = protected(draft(TWO), backbone)

    offers = release.work_out_offers()

    before, after = offers["before"], offers["after"]["two_years"]
    assert before == {"shown": 2, "hidden": 4, "unseen": 2}
    assert after == {"shown": 5, "hidden": 4, "unseen": 0}
