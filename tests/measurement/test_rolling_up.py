"""Adding up before hiding: to the group above, to two years, and never a way to a small count."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from unittest.mock import patch

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from scipy.optimize import Bounds, LinearConstraint, milp

from ciforum.people.words import Words
from equity.gates import GateClosed
from measurement.models import Observation, Release, Restatement, Submission
from measurement.protecting.hierarchy import Hierarchy
from measurement.protecting.rolling import Counted, neighbours, to_two_years
from tests.builders import (
    a_dimension,
    a_release,
    an_indicator,
    approved,
    handed_in,
)
from tests.rolling_building import FINE, GROUPS, TWO, groups_of, protected, published, rows, year

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_a_part_that_nobody_handed_in_makes_no_sum(draft, origin, backbone):
    asian = origin.groups.get(code="asian")
    origin.add_group(code="thai", name=Words(en="Thai"), parent=asian, by=backbone.user)
    release = draft(FINE)

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


# --- taken back


def test_taking_back_leaves_the_release_as_it_was(draft, backbone):
    release = draft(TWO)
    before = rows(release)
    release.roll_up(to="two_years", by=backbone.user)

    release.undo_roll_up(to="two_years", by=backbone.user)

    assert rows(release) == before
    assert {str(period) for period in release.periods.all()} == {"2019", "2020"}


def test_what_rests_on_it_is_taken_back_too(draft, backbone):
    release = draft({**FINE, **year(2019, hmong=(50, 290), lao=(4, 310))})
    release.roll_up(to="parent", by=backbone.user)
    release.roll_up(to="two_years", by=backbone.user)
    assert ("2019–2020", "asian") in rows(release)

    release.undo_roll_up(to="parent", by=backbone.user)

    assert rows(release, "parent") == {}
    assert set(rows(release, "two_years")) == {("2019–2020", "hmong"), ("2019–2020", "lao")}


def test_again_is_the_next_revision_and_says_so(draft, backbone):
    release = draft(FINE)
    release.roll_up(to="parent", by=backbone.user)
    release.undo_roll_up(to="parent", by=backbone.user)

    release.roll_up(to="parent", by=backbone.user)

    row = release.observations().get(rolled_up="parent")
    assert (row.revision, row.reason) == (2, "Its parts are added up again.")


def test_a_discarded_draft_leaves_nothing_behind(draft, indicator, backbone):
    release = draft(TWO)
    release.roll_up(to="two_years", by=backbone.user)

    release.discard(by=backbone.user)

    assert not Observation.objects.filter(is_current=True, submission=None).exists()
    again = a_release(indicator, backbone)
    assert {str(period) for period in again.periods.all()} == {"2019", "2020"}


def test_what_is_public_cannot_be_taken_back(draft, backbone):
    first = draft(TWO)
    first.roll_up(to="two_years", by=backbone.user)
    published(first, backbone)
    later = draft(year(2021, everyone=(80, 920)))

    with pytest.raises(ValidationError):
        later.undo_roll_up(to="two_years", by=backbone.user)

    later.discard(by=backbone.user)
    assert Observation.objects.filter(is_current=True, submission=None).count() == 3


def test_a_published_release_adds_nothing_up(draft, backbone):
    release = published(draft(TWO), backbone)

    with pytest.raises(ValidationError):
        release.roll_up(to="two_years", by=backbone.user)


# --- parts that change


def test_a_part_restated_after_the_protection_keeps_the_gate_closed(
    draft, indicator, partner, backbone
):
    first = published(draft(year(2019, everyone=(70, 900), white=(63, 820))), backbone)
    release = draft(year(2020, everyone=(74, 910), white=(66, 830)))
    release.roll_up(to="two_years", by=backbone.user)
    protected(release, backbone)
    # The year before is public already and not in this release, until it is taken in.
    assert first.periods.get() not in release.periods.all()
    restated = handed_in(indicator, partner, year(2019, white=(50, 820)), reason="Recounted.")
    with patch.object(Release, "include_new", lambda *_args, **_named: None):
        restated.approve(by=backbone.user)

    assert release.protection() == {"state": "stale"}
    assert "protection_stale" in held(release, backbone)


def test_what_was_out_of_date_is_added_up_again(draft, indicator, partner, backbone):
    release = draft(TWO)
    release.roll_up(to="two_years", by=backbone.user)
    protected(release, backbone)
    approved(indicator, partner, backbone, year(2020, native=(18, 80)), reason="Recounted.")
    assert held(release, backbone) == ["protection_stale"]

    release.start_protecting(by=backbone.user)

    assert rows(release, "two_years")["2019–2020", "native"] == (25, 160)
    assert held(protected(release, backbone), backbone) == []


def test_a_new_part_of_a_group_makes_its_sum_out_of_date(draft, origin, backbone):
    release = draft(FINE)
    release.roll_up(to="parent", by=backbone.user)
    protected(release, backbone)
    asian = origin.groups.get(code="asian")

    origin.add_group(code="thai", name=Words(en="Thai"), parent=asian, by=backbone.user)

    assert release.protection() == {"state": "stale"}
    release.include_new(by=backbone.user)
    assert rows(release, "parent") == {}


def test_a_released_sum_whose_part_is_withdrawn_says_so_and_comes_back(
    draft, indicator, partner, backbone
):
    first = draft(TWO)
    first.roll_up(to="two_years", by=backbone.user)
    published(first, backbone)
    file = Submission.objects.get()

    file.retract(reason="The wrong county.", by=backbone.user)
    gone = a_release(indicator, backbone)

    assert rows(gone, "two_years")["2019–2020", "native"] == (None, None)
    assert set(gone.observations().values_list("missing", flat=True)) == {"withdrawn"}
    gone.discard(by=backbone.user)
    approved(indicator, partner, backbone, TWO, reason="The right county.")
    back = a_release(indicator, backbone)
    assert rows(back, "two_years")["2019–2020", "native"] == (15, 160)


def test_a_restatement_touches_the_release_that_shows_the_sum(draft, indicator, partner, backbone):
    first = published(draft(year(2019, everyone=(70, 900), white=(63, 820))), backbone)
    second = draft(year(2020, everyone=(74, 910), white=(66, 830)))
    second.roll_up(to="two_years", by=backbone.user)
    published(second, backbone)

    approved(indicator, partner, backbone, year(2019, everyone=(71, 900)), reason="Recounted.")

    assert set(Restatement.objects.get().releases.all()) == {first, second}


def test_a_partner_who_hands_the_sum_in_owns_it_from_then_on(draft, indicator, partner, backbone):
    release = draft(FINE)
    release.roll_up(to="parent", by=backbone.user)

    approved(indicator, partner, backbone, year(2020, asian=(60, 600)))

    row = release.observations().get(stratum__groups__code="asian")
    assert (row.rolled_up, row.revision, row.submission.organization) == (
        *("", 2),
        partner.organization,
    )
    assert not Restatement.objects.exists()


def test_a_number_that_was_taken_back_can_be_handed_in(draft, indicator, partner, backbone):
    release = draft(FINE)
    release.roll_up(to="parent", by=backbone.user)
    release.undo_roll_up(to="parent", by=backbone.user)

    approved(indicator, partner, backbone, year(2020, asian=(61, 600)))

    assert release.observations().get(stratum__groups__code="asian").numerator == 61


# --- the database


@pytest.mark.parametrize(
    "change",
    [
        {"numerator": 61},
        {"denominator": 601},
        {"parts": None},
        {"rolled_up": ""},
        {"rolled_up": "two_years"},
        {"parts": [1, 2]},
    ],
)
def test_the_database_takes_nothing_but_the_sum_of_parts(draft, backbone, change):
    release = draft(FINE)
    release.roll_up(to="parent", by=backbone.user)
    release.undo_roll_up(to="parent", by=backbone.user)
    row = Observation.objects.get(rolled_up="parent")
    row.pk, row.revision, row.reason, row.is_current = None, 2, "By hand.", True
    for name, value in change.items():
        setattr(row, name, value)

    with pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)


def test_a_sum_is_never_changed_in_place(draft, backbone):
    draft(FINE).roll_up(to="parent", by=backbone.user)

    with pytest.raises(DatabaseError), transaction.atomic():
        Observation.objects.filter(rolled_up="parent").update(numerator=61)


# --- what is kept beside the counts


def test_the_weakest_grade_stands_for_all_and_samples_are_added():
    here = Counted(1, 1, 1, frozenset(), 5, 50, False, 40, Decimal("100.5"), "administrative")
    there = Counted(2, 2, 1, frozenset(), 7, 60, True, None, None, "estimate")

    (found,) = to_two_years([here, there], {3: (1, 2)})

    assert (found.numerator, found.denominator, found.is_derived) == (12, 110, True)
    assert (found.sample_size, found.weight) == (100, None)


@pytest.mark.parametrize(("x", "n"), [((1, None), (5, 5)), ((1, 2), (5, None))])
def test_counts_add_up_only_where_all_are_there(x, n):
    rows = [Counted(i, i, 1, frozenset(), x[i - 1], n[i - 1]) for i in (1, 2)]

    assert list(to_two_years(rows, {3: (1, 2)})) == []


# --- nobody can work a small count out


LEAVES = ("hmong", "lao", "white", "native")
INSIDE = {"": LEAVES, "asian": ("hmong", "lao"), **{leaf: (leaf,) for leaf in LEAVES}}


def covered(row):
    """Which counts of one group in one year a row adds up: the attacker's own arithmetic."""
    years = range(row.period.start.year, row.period.end.year)
    inside = INSIDE[groups_of(row)]
    return [int(y in years and leaf in inside) for y in (2019, 2020) for leaf in LEAVES]


def can_be(target, count, sums, totals):
    """True while a table of whole counts fits all that is printed and makes the target so many."""
    fits = milp(
        np.zeros(len(target)),
        constraints=LinearConstraint(np.array([*sums, target]), [*totals, count], [*totals, count]),
        integrality=np.ones(len(target)),
        bounds=Bounds(0, np.inf),
    )
    return fits.status == 0


@pytest.mark.parametrize("seed", range(8))
def test_nobody_works_out_a_small_count_from_what_was_added_up(seed, initiative, draft, backbone):
    chance = random.Random(seed)
    small, large = (1, 2, 3, 5, 7, 10), (14, 30, 55, 80)
    numbers = {}
    for when in (2019, 2020):
        counts = {leaf: chance.choice(chance.choice((small, large))) for leaf in LEAVES}
        numbers |= year(when, everyone=sum(counts.values()), **counts)
    definition = {"measure": "count", "denominator": Words()}
    release = draft(numbers, of=an_indicator(initiative, definition=definition))
    release.roll_up(to="parent", by=backbone.user)
    release.roll_up(to="two_years", by=backbone.user)

    found = release.work_out_protection()

    assert found.state == "sound"
    hidden = {tuple(key) for *key, x, _n in found.hidden if x}
    table = list(release.observations().select_related("period"))
    shown = [row for row in table if (row.period_id, row.place_id, row.stratum_id) not in hidden]
    sums, totals = [covered(row) for row in shown], [row.numerator for row in shown]
    assert all(not 1 <= total <= 10 for total in totals)
    assert len(table) == 18
    for row in table:
        if 1 <= row.numerator <= 10:
            possible = [can_be(covered(row), count, sums, totals) for count in (1, 10)]
            assert possible == [True, True], row


def test_the_attacker_finds_what_a_careless_table_gives_away():
    """The test above can fail: a sum of two years beside one of them opens the other."""
    both, first = [1, 0, 0, 0, 1, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0]
    second = [0, 0, 0, 0, 1, 0, 0, 0]

    assert can_be(second, 4, [both, first], [18, 14])
    assert not can_be(second, 5, [both, first], [18, 14])


# --- pairs of years


def spans(*years):
    """A tree whose periods are these calendar years, by themselves."""
    days = {y: (date(y, 1, 1), date(y + 1, 1, 1)) for y in years}
    return Hierarchy(strata={}, parents={}, exclusive={}, places={}, spans=days)


def two(first):
    return date(first, 1, 1), date(first + 2, 1, 1)


@pytest.mark.parametrize(
    ("years", "new", "standing", "expected"),
    [
        ((2018, 2019, 2020), {2020}, [], [(2019, 2020)]),
        ((2017, 2018, 2019, 2020), {2017, 2018, 2019, 2020}, [], [(2019, 2020), (2017, 2018)]),
        ((2018, 2019, 2020), {2020}, [two(2018)], []),
        ((2018, 2019, 2020, 2021), {2020, 2021}, [two(2018)], [(2020, 2021)]),
        ((2019, 2020), {2020}, [two(2019)], [(2019, 2020)]),
        ((2018, 2020), {2018, 2020}, [], []),
    ],
)
def test_no_year_is_in_two_pairs(years, new, standing, expected):
    kinds = dict.fromkeys(years, "year")

    assert neighbours(spans(*years), kinds, new, standing) == expected


def test_months_and_years_are_never_a_pair():
    kinds = {2019: "year", 2020: "school_year"}

    assert neighbours(spans(2019, 2020), kinds, {2019, 2020}, []) == []
