"""Distances to a goal: from releases alone, in the same transaction, protected cells said so."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from agenda.models import Goal, GroupDistance
from agenda.models.plans import plan_of
from agenda.progress import everyone, everyone_sentence, group_rows, groups_sentence
from ciforum.people.models import Duty
from ciforum.people.words import Words
from equity.gates import GateClosed
from measurement.models import Release, Target
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

UP = {"direction": "up", "numerator": Words(en="mothers"), "denominator": Words(en="mothers")}


@pytest.fixture
def race(initiative):
    return builders.a_dimension(initiative, groups=("white", "black", "native"))


@pytest.fixture
def indicator(initiative, race, backbone):
    return builders.an_indicator(initiative, "Early care", [race], backbone.user, UP)


@pytest.fixture
def goal(initiative, backbone, race):
    return builders.a_goal(initiative, backbone, [race])


def numbers(year, **more):
    """640 of 800 white mothers, 120 of 200 Black ones, 7 of 9 Native ones."""
    return {
        (year, "Here"): (767, 1009),
        (year, "Here", "race:white"): (640, 800),
        (year, "Here", "race:black"): (120, 200),
        (year, "Here", "race:native"): (7, 9),
        **more,
    }


def release(indicator, partner, backbone, table, reason=""):
    builders.approved(indicator, partner, backbone, table, reason)
    builders.not_looked_into(indicator, backbone)
    made = builders.a_release(indicator, backbone, ready=True)
    made.publish(by=backbone.user)
    return made


def said(goal):
    """{group or "": (number, distance, why not)} of the newest period."""
    rows = goal.distances.order_by("-as_of")
    newest = [row for row in rows if row.period_id == rows[0].period_id]
    return {
        row.group.code if row.group else "": (row.number, row.distance, row.missing)
        for row in newest
    }


def test_publishing_writes_how_far_everyone_and_each_group_is(goal, indicator, partner, backbone):
    Target.aim(goal=goal, indicator=indicator, by=backbone.user)
    assert said_nothing(goal)

    made = release(indicator, partner, backbone, numbers(2020))

    found = said(goal)
    assert found["native"] == (None, None, "protected")
    shown = {code: row for code, row in found.items() if row[0] is not None}
    assert shown, "at least one number can be shown"
    for number, distance, missing in shown.values():
        assert (distance, missing) == (Decimal(90) - number, "")
    assert set(goal.distances.values_list("release_uid", flat=True)) == {made.uid}


def said_nothing(goal):
    return (
        not goal.distances.exists()
        and everyone_sentence(goal, everyone(goal))
        == "How far everyone is from the goal is not measured yet."
    )


def test_no_number_comes_down_that_the_release_hides(goal, indicator, partner, backbone):
    Target.aim(goal=goal, indicator=indicator, by=backbone.user)
    made = release(indicator, partner, backbone, numbers(2020))

    hidden = {
        "+".join(made_by) or ""
        for cell in made.cells.prefetch_related("stratum__groups")
        if cell.is_protected or cell.numerator is None
        for made_by in [[group.code for group in cell.stratum.groups.all()]]
    }

    assert {code for code, row in said(goal).items() if row[0] is None} == hidden
    rows = {row.name: row for row in group_rows(goal, plan_of(goal))}
    assert rows["Native"].note == "too few to show safely"
    assert "too few people" in groups_sentence(plan_of(goal))


def test_setting_a_target_reads_what_is_public_already(goal, indicator, partner, backbone):
    release(indicator, partner, backbone, numbers(2020))

    Target.aim(goal=goal, indicator=indicator, by=backbone.user)

    assert said(goal)[""][2] in ("", "protected")
    assert len(said(goal)) == 4


def test_a_restatement_changes_the_distance_and_a_new_period_is_the_newest(
    goal, initiative, partner, backbone
):
    plain = builders.an_indicator(initiative, "Early care", [], backbone.user, UP)
    Target.aim(goal=goal, indicator=plain, by=backbone.user)
    release(plain, partner, backbone, {(2020, "Here"): (700, 1000)})
    assert said(goal) == {"": (Decimal(70), Decimal(20), "")}

    release(plain, partner, backbone, {(2020, "Here"): (720, 1000)}, "Late forms came in.")
    assert said(goal) == {"": (Decimal(72), Decimal(18), "")}

    release(plain, partner, backbone, {(2021, "Here"): (910, 1000)})
    assert said(goal) == {"": (Decimal(91), Decimal(-1), "")}
    assert goal.distances.count() == 2
    assert everyone_sentence(goal, everyone(goal)) == (
        "In 2021 it was 91; the goal of 90 percent is reached."
    )


def test_lower_may_be_better(initiative, partner, backbone):
    small = builders.an_indicator(initiative, "Babies born small", [], backbone.user)
    goal = builders.a_goal(initiative, backbone, target_value=Decimal(5))
    release(small, partner, backbone, {(2020, "Here"): (80, 1000)})

    Target.aim(goal=goal, indicator=small, by=backbone.user)

    assert said(goal) == {"": (Decimal(8), Decimal(3), "")}


def test_a_moved_target_moves_the_distance(goal, initiative, partner, backbone):
    plain = builders.an_indicator(initiative, "Early care", [], backbone.user, UP)
    release(plain, partner, backbone, {(2020, "Here"): (700, 1000)})
    Target.aim(goal=goal, indicator=plain, by=backbone.user)

    goal.describe(by=backbone.user, target_value=Decimal(95))

    assert said(goal) == {"": (Decimal(70), Decimal(25), "")}


def test_a_held_release_leaves_no_distance(goal, indicator, partner, backbone):
    Target.aim(goal=goal, indicator=indicator, by=backbone.user)
    builders.approved(indicator, partner, backbone, numbers(2020))
    draft = builders.a_release(indicator, backbone)

    with pytest.raises(GateClosed):
        draft.publish(by=backbone.user)

    assert Release.objects.get(pk=draft.pk).state == "draft"
    assert said_nothing(goal)


def test_a_sentence_names_the_goal_and_no_group(goal, indicator, partner, backbone):
    Target.aim(goal=goal, indicator=indicator, by=backbone.user)
    release(indicator, partner, backbone, numbers(2020))

    sentences = [everyone_sentence(goal, everyone(goal)), groups_sentence(plan_of(goal))]

    for group in goal.groups():
        assert not any(str(group) in sentence for sentence in sentences)


def test_what_may_measure_a_goal(goal, initiative, indicator, backbone):
    elsewhere = builders.an_initiative()
    foreign = builders.an_indicator(elsewhere, by=backbone.user)
    vague = builders.a_goal(initiative, backbone, target_value=None, target_unit=Words())

    for aimed, measure in ((goal, foreign), (vague, indicator)):
        with pytest.raises(ValidationError):
            Target.aim(goal=aimed, indicator=measure, by=backbone.user)


def test_dropping_the_target_forgets_the_distances(goal, indicator, partner, backbone):
    Target.aim(goal=goal, indicator=indicator, by=backbone.user)
    release(indicator, partner, backbone, numbers(2020))

    Target.drop(goal=goal, by=backbone.user)

    assert said_nothing(Goal.objects.get(pk=goal.pk))


def test_a_draft_that_is_measured_can_be_dropped(goal, indicator, backbone):
    Target.aim(goal=goal, indicator=indicator, by=backbone.user)

    goal.discard(by=backbone.user)

    assert (Goal.objects.count(), Target.objects.count()) == (0, 0)


def test_one_target_at_a_time_even_from_a_shell(goal, indicator, backbone):
    Target.aim(goal=goal, indicator=indicator, by=backbone.user)

    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.create(
            initiative=goal.initiative,
            goal=goal,
            version=indicator.current,
            set_by=backbone.user,
        )
    Target.aim(goal=goal, indicator=indicator, by=backbone.user)
    assert Target.objects.standing().filter(goal=goal).count() == 1


def test_a_distance_without_a_number_is_refused(goal, indicator, partner, backbone):
    Target.aim(goal=goal, indicator=indicator, by=backbone.user)
    release(indicator, partner, backbone, numbers(2020))

    with pytest.raises(IntegrityError), transaction.atomic():
        GroupDistance.objects.filter(goal=goal, number=None).update(distance=Decimal(1))


def test_the_page_ties_an_indicator_to_a_goal(goal, indicator, partner, backbone, login):
    release(indicator, partner, backbone, numbers(2020))
    url = reverse("measurement:target", args=[goal.initiative.slug, goal.slug])

    answer = login(backbone.user).post(url, {"indicator": indicator.pk}, follow=True)

    assert answer.redirect_chain == [(goal.step_url("everyone"), 302)]
    assert goal.distances.exists()


def test_a_new_definition_leaves_somebody_to_say_what_measures_the_goal(
    goal, indicator, partner, backbone
):
    Target.aim(goal=goal, indicator=indicator, by=backbone.user)
    version = indicator.current

    indicator.define(
        by=backbone.user,
        reason=Words(en="The law counts otherwise."),
        **{
            name: getattr(version, name)
            for name in ("measure", "numerator", "denominator", "direction", "scale")
        },
    )
    owed = Duty.objects.get(kind="target.aim")
    assert (owed.about, owed.owner, owed.done_at) == (goal.uid, backbone, None)

    Target.aim(goal=goal, indicator=indicator, by=backbone.user)
    assert Duty.objects.get(kind="target.aim").done_at
