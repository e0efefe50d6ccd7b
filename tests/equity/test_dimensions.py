"""Dimensions and their groups: added to, revised, never bent."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from equity.models import Dimension
from tests import builders


def add(dimension, code, parent=None):
    return dimension.add_group(code=code, name=Words(en=code), parent=parent, by=None)


def shape(dimension):
    """{code: code of its parent} of a dimension's groups."""
    return {group.code: group.parent and group.parent.code for group in dimension.groups.all()}


def test_groups_form_a_tree(initiative):
    race = builders.a_dimension(initiative, groups=["asian", "asian/hmong", "white"])

    assert shape(race) == {"asian": None, "hmong": "asian", "white": None}


def test_a_code_is_used_once_in_a_dimension(initiative):
    race = builders.a_dimension(initiative, groups=["asian"])

    with pytest.raises(ValidationError, match="a group with this code already"):
        add(race, "asian")


def test_a_dimension_is_there_once(initiative):
    builders.a_dimension(initiative)

    with pytest.raises(ValidationError, match="a dimension with this code already"):
        builders.a_dimension(initiative)


def test_two_initiatives_may_use_the_same_code(initiative):
    here = builders.a_dimension(initiative)
    there = builders.a_dimension(builders.an_initiative())

    assert here.code == there.code


def test_a_code_that_is_an_address_is_refused(initiative):
    with pytest.raises(ValidationError, match="used by the site"):
        builders.a_dimension(initiative, code="new")


def test_a_parent_comes_from_the_same_dimension(initiative):
    race = builders.a_dimension(initiative, groups=["asian"])
    language = builders.a_dimension(initiative, code="language", groups=[])

    with pytest.raises(ValidationError, match="same dimension"):
        add(language, "hmong", parent=race.groups.get())


def test_a_new_version_has_the_same_tree_and_the_old_one_stays(initiative, backbone):
    before = builders.a_dimension(
        initiative, groups=["asian", "asian/hmong", "asian/hmong/white", "other"]
    )

    after = before.revise(by=backbone.user)

    assert shape(after) == shape(before)
    assert (before.version, after.version) == (1, 2)
    assert list(Dimension.objects.for_initiative(initiative).current()) == [after]


def test_an_old_version_takes_no_more_groups(initiative, backbone):
    before = builders.a_dimension(initiative)
    before.revise(by=backbone.user)

    with pytest.raises(StateChanged):
        add(before, "asian")


def test_of_two_revisions_one_counts(initiative, backbone):
    race = builders.a_dimension(initiative)
    mine, hers = Dimension.objects.get(pk=race.pk), Dimension.objects.get(pk=race.pk)
    mine.revise(by=backbone.user)

    with pytest.raises(StateChanged):
        hers.revise(by=backbone.user)

    assert Dimension.objects.for_initiative(initiative).count() == 2


def test_only_groups_that_exclude_each_other_stand_in_an_order(initiative, backbone):
    with pytest.raises(ValidationError, match="in an order only where"):
        Dimension.start(
            initiative=initiative,
            code="languages",
            name=Words(en="Languages"),
            kind=Dimension.Kind.OVERLAPPING,
            is_ordered=True,
            by=backbone.user,
        )


def test_an_order_outlives_a_new_version(initiative, backbone):
    income = Dimension.start(
        initiative=initiative,
        code="income",
        name=Words(en="Income"),
        kind=Dimension.Kind.EXCLUSIVE,
        is_ordered=True,
        by=backbone.user,
    )

    assert income.revise(by=backbone.user).is_ordered
