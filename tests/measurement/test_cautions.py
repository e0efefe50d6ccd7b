"""Wherever a gap is told its cause stands beside it, and who is in none of the groups."""

from __future__ import annotations

import re

import pytest

from measurement.boarding.presenting import faces
from measurement.drawing.pictures_text import Text
from measurement.saying import cautions
from measurement.showing.derived import of
from measurement.showing.shown import Choice, show
from tests import boards_building, builders
from tests.measurement.test_derived import a_table

CANNOT_BE_TOLD = (
    "For how many people the group is not known cannot be told, as not every number it takes can "
    "be shown."
)


def test_an_unknown_share_is_told_and_much_of_it_is_a_warning():
    little = cautions.unknown_groups(a_table({2020: {"": (9, 100), "a": (5, 50), "b": (4, 45)}}))
    much = cautions.unknown_groups(a_table({2020: {"": (9, 100), "a": (5, 50), "b": (4, 30)}}))

    assert (little.sentence, little.is_much) == (
        "The group of 5.0% of the people counted is not known.",
        False,
    )
    assert (much.sentence, much.is_much) == (
        "The group of 20.0% of the people counted is not known.",
        True,
    )


@pytest.mark.parametrize("hidden", ["", "b"])
def test_beside_a_hidden_number_it_cannot_be_told(hidden):
    row = {"": (9, 100), "a": (5, 50), "b": (4, 30)} | {hidden: "hidden"}

    assert cautions.unknown_groups(a_table({2020: row})) == cautions.Unknown(CANNOT_BE_TOLD, False)


def test_where_nobody_is_in_a_group_nothing_is_asked():
    assert cautions.unknown_groups(a_table({2020: {"": (9, 100)}})) is None


@pytest.fixture
def births(initiative, partner, backbone):
    race = builders.a_dimension(initiative, "race", ("white", "black"))
    made = builders.an_indicator(initiative, required=[race], slug="births")
    numbers = {
        (2020, "Here"): (600, 2000),
        (2020, "Here", "race:white"): (200, 1000),
        (2020, "Here", "race:black"): (300, 700),
    }
    builders.approved(made, partner, backbone, numbers)
    builders.a_release(made, backbone, ready=True).publish(by=backbone.user)
    return made


WHY = "Cause not yet researched"
UNKNOWN = "The group of 15.0% of the people counted is not known."


@pytest.mark.django_db
def test_a_dashboard_says_both_and_links_the_first(births, backbone):
    board = boards_building.a_board(births.initiative, backbone)
    boards_building.a_panel(board, backbone, births, kind="bars")

    (face,) = faces(board)

    assert (face.cause, face.unknown.sentence) == (f"{WHY}.", UNKNOWN)
    assert face.unknown.is_much


@pytest.mark.django_db
def test_a_picture_that_leaves_the_page_carries_both(births):
    shown = show(births, Choice(by="race"))

    text = Text.about(of(shown), "bars", 200)

    assert {f"{WHY}.", f"Read with care: {UNKNOWN}"} <= set(text.notes)


@pytest.mark.django_db
def test_causes_of_all_indicators_are_asked_once(births, django_assert_num_queries):
    first = cautions.why_of(births)

    with django_assert_num_queries(0):
        assert cautions.why_of(births) == first


def test_on_the_page_itself_it_leads_to_the_place_where_causes_stand(births, client):
    said = client.get(births.get_absolute_url()).content.decode()

    assert WHY in said
    assert re.findall(r'href="([^"]*)#h-why"', said) in ([""], ["", ""])
