"""The page of an indicator: goal, differences, forecast, comparison, in words and tables."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import plotly.graph_objects as go
import pytest
from django.urls import reverse

from agenda.models import Goal
from ciforum.people.words import Words
from equity.models import Group, Policy
from measurement.models import Comparison, CurveNote, Target
from measurement.protecting import preset_words
from measurement.protecting.presets import PRESETS
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

NUMBERS = {
    (year, place, *groups): number
    for year in range(2015, 2023)
    for place in ("Here", "There")
    for groups, number in (
        ((), (6_200 + 100 * (year - 2015), 10_510)),
        (("race:white",), (5_100 + 60 * (year - 2015), 8_670)),
        (("race:black",), (1_100 + 40 * (year - 2015), 1_840)),
    )
}


@pytest.fixture
def indicator(initiative, partner, backbone):
    builders.a_dimension(initiative, groups=("white", "black"))
    indicator = builders.an_indicator(
        initiative, slug="care", definition={"direction": "up", "numerator": Words(en="in care")}
    )
    builders.approved(indicator, partner, backbone, NUMBERS)
    builders.a_release(indicator, backbone, ready=True).publish(by=backbone.user)
    return indicator


@pytest.fixture
def goal(indicator, backbone):
    """Adopted as far as a page can see: put to a decision by the shell of a test."""

    goal = builders.a_goal(indicator.initiative, backbone, [], target_value=Decimal(90))
    Target.aim(goal=goal, indicator=indicator, by=backbone.user)
    Goal.objects.filter(pk=goal.pk).update(
        state="proposed", decision_uid="00000000-0000-4000-8000-000000000001"
    )
    indicator.initiative.public_changed()
    return goal


@pytest.fixture
def page(client, indicator):
    def read(query="", browser=client):
        answer = browser.get(indicator.get_absolute_url() + query)
        assert answer.status_code == 200
        return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())

    return read


@pytest.fixture
def figure(client, indicator):
    def read(query=""):
        url = reverse("measurement:chart", args=[indicator.initiative.slug, "care"])
        return json.loads(client.get(url + query).content)

    return read


def test_each_group_stands_beside_the_goal_for_everyone(page, goal):
    said = page()

    assert "The goal is the same for everyone: 90.0%." in said
    assert "Our systems still have 24.3 points to go for everyone together." in said
    assert "cause not yet researched" in said
    assert "White 63.7% 26.3 points 2,283" in said


def test_without_a_goal_nothing_is_said_of_one(page):
    assert "The goal, for everyone" not in page()


def test_a_draft_goal_is_nobodys_business_yet(page, indicator, backbone):
    goal = builders.a_goal(indicator.initiative, backbone, [], target_value=Decimal(90))
    Target.aim(goal=goal, indicator=indicator, by=backbone.user)
    indicator.initiative.public_changed()

    assert "90.0%" not in page()


def test_absolute_and_relative_stand_side_by_side_with_their_cause(page, goal):
    said = page()

    assert "Absolute: Largest difference" in said
    assert "Relative: Largest ratio" in said
    assert "Each group is compared with the universal goal, never with another group." in said
    assert "Cannot be worked out:" in said or "Not applicable:" in said


def test_another_comparison_stands_with_its_reason(page, goal, indicator, backbone):
    Comparison.compare_with(
        indicator=indicator,
        against="group",
        group=Group.objects.get(initiative=indicator.initiative, code="white"),
        reason=Words(en="The state's law asks for it."),
        by=backbone.user,
    )

    said = page()

    assert "The groups are compared with: White." in said
    assert "The state&#x27;s law asks for it." in said


def test_the_chart_has_the_goal_intervals_and_what_to_expect(figure, goal):
    drawn = figure()

    go.Figure(drawn)  # refuses what Plotly does not know
    names = [trace["name"] for trace in drawn["data"]]
    assert names[:3] == ["Everyone", "White", "Black"]
    assert "The goal for everyone" in names
    assert "If nothing changes" in names
    assert all(up > 0 for up in drawn["data"][0]["error_y"]["array"])
    assert len({trace["marker"]["symbol"] for trace in drawn["data"][:3]}) == 3


def test_the_curve_has_its_questions_and_answers(page, indicator, backbone):
    CurveNote.write(
        indicator=indicator, question="works", text=Words(en="Evening hours."), seen=0,
        by=backbone.user,
    )  # fmt: skip

    said = page()

    assert "What explains this curve? Not answered yet." in said
    assert "What works, here or elsewhere? Evening hours." in said


def test_places_are_compared_by_name(page, goal):
    said = page("?places=there,here,nowhere")

    rows = said[said.index("place by place") :]
    assert rows.index("Here") < rows.index("There")
    assert "65.7%" in rows


def test_each_place_has_a_small_chart_on_one_scale_with_the_goal(client, indicator, goal):
    text = client.get(indicator.get_absolute_url() + "?places=there,here").content.decode()
    shown = text[text.index('id="h-places"') : text.index("place by place")]

    assert shown.count('<svg class="pane"') == 2
    assert shown.index("Here") < shown.index("There")
    heights = re.findall(r'class="pane__goal" x1="0" y1="([\d.]+)"', shown)
    assert len(heights) == 2
    assert len(set(heights)) == 1
    assert "One small chart for each place, on one scale." in shown
    assert "The dashed line is the goal for everyone, 90.0%." in shown


def test_no_group_is_called_worst_or_best(page, goal, login, backbone):
    said = page("", login(backbone.user)).lower()

    assert not re.search(r"\b(worst|best group|lagging|behind other|underperform)", said)


def test_a_member_finds_the_way_to_each_number_and_a_stranger_does_not(
    page, login, resident, client
):
    assert "Explain : Everyone, 2022" in page("", login(resident.user))
    assert "Explain" not in page("", client)


def test_a_signed_in_member_needs_few_questions(
    indicator, goal, login, resident, django_assert_max_num_queries
):
    browser = login(resident.user)
    browser.get(indicator.get_absolute_url())

    with django_assert_max_num_queries(12):
        browser.get(indicator.get_absolute_url())


@pytest.mark.parametrize("query", ["", "?framing=failure", "?find=he", "?places=here"])
def test_the_page_speaks_spanish_too(client, indicator, goal, query):
    answer = client.get(indicator.get_absolute_url() + query, headers={"Accept-Language": "es"})

    assert answer.status_code == 200


def test_it_leads_to_the_map_of_its_places(client, indicator):
    address = reverse("measurement:place_map", args=[indicator.initiative.slug, indicator.slug])

    page = client.get(indicator.get_absolute_url()).content.decode()

    assert f'href="{address}"' in page


def test_it_names_the_rules_that_protect_it(client, initiative, partner, backbone):
    preset = PRESETS["cdc-wonder-10"]
    Policy.of(initiative).protect_by(
        preset=preset.key, version=preset.version, by=backbone.user, **preset_words.rules(preset)
    )
    builders.a_dimension(initiative, groups=("white", "black"))
    indicator = builders.an_indicator(initiative, slug="births")
    counted = {
        (2020, "Here"): (40, 900),
        (2020, "Here", "race:white"): (36, 700),
        (2020, "Here", "race:black"): (4, 200),
    }
    builders.approved(indicator, partner, backbone, counted)
    builders.a_release(indicator, backbone, ready=True).publish(by=backbone.user)

    page = client.get(indicator.get_absolute_url()).content.decode()

    assert f"Protected by these rules: CDC WONDER, 10, version {preset.version}" in page
