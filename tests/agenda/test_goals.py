"""Universal goals: the gate, the decision that adopts, what stays, and the ways round."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from agenda import citing
from agenda.aims import content, strategies_made, systems_beside
from agenda.models import Barrier, Goal, GoalDimension, NotYet, Strategy
from agenda.models.plans import plan_of
from ciforum.people import clock, registry
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from equity.gates import GateClosed
from equity.models import LedgerEntry
from equity.steps import adopt_goal
from tests import builders, deciding

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def race(initiative):
    return builders.a_dimension(initiative, groups=("white", "black", "asian", "asian/hmong"))


@pytest.fixture
def goal(initiative, backbone, race):
    return builders.a_goal(initiative, backbone, [race])


def unmet(goal):
    return [answer.code for answer in adopt_goal.ask(goal) if answer.outcome == "unmet"]


def decided(goal, backbone, choice="agree"):
    """A decision that carries the goal, closed."""
    committee, seats = deciding.a_body(goal.initiative, backbone)
    decision = deciding.a_decision(
        committee, backbone, effect="goal.adopt", effect_params={"goal": str(goal.uid)}
    )
    deciding.closed(decision, backbone, dict.fromkeys(seats, choice))
    goal.refresh_from_db()
    return decision


# --- words


@pytest.mark.parametrize(
    "name", [{"en": "Close the achievement gap by 50%"}, {"en": "Fine", "es": "Cerrar la brecha"}]
)
def test_a_goal_about_a_gap_is_refused_with_a_wording_for_everyone(initiative, backbone, name):
    with pytest.raises(ValidationError) as refused:
        builders.a_goal(initiative, backbone, name=Words(name))

    said = str(refused.value.message_dict["name"][0])
    assert "is a goal about a gap" in said
    assert "90" in said
    assert not Goal.objects.for_initiative(initiative).exists()


def test_a_draft_cannot_be_turned_into_one_about_a_gap(goal, backbone):
    with pytest.raises(ValidationError):
        goal.describe(by=backbone.user, name=Words(en="Reduce disparities in care"))


def test_the_gate_refuses_what_a_shell_wrote(goal, backbone):
    builders.planned(goal, backbone)
    Goal.objects.filter(pk=goal.pk).update(name=Words(en="Narrow the gap"))

    assert unmet(Goal.objects.get(pk=goal.pk)) == ["gap_goal"]


# --- the gate


def test_every_group_needs_a_barrier_and_a_strategy(goal, backbone, race):
    assert unmet(goal) == ["barriers_missing", "strategies_missing"]

    white, black, asian, _hmong = (plan.group for plan in plan_of(goal))
    for group in (white, black):
        goal.name_barrier(group=group, kind="blocks", text=Words(en="No bus"), by=backbone.user)
    goal.name_barrier(group=asian, kind="helps", text=Words(en="A choir"), by=backbone.user)

    answers = {answer.code: answer.params for answer in adopt_goal.ask(goal)}
    assert [each["group"]["en"] for each in answers["barriers_missing"]["lacking"]] == [
        "Asian",
        "Hmong",
    ]


def test_a_part_nobody_measures_goes_with_its_whole(goal, backbone):
    plans = plan_of(goal)
    for plan in plans:
        if plan.group.parent_id is None:
            goal.name_barrier(
                group=plan.group, kind="blocks", text=Words(en="No bus"), by=backbone.user
            )
            goal.plan(group=plan.group, text=Words(en="A van"), by=backbone.user)

    assert unmet(goal) == []


def test_a_dated_not_yet_stands_until_it_runs_out(goal, backbone):
    builders.planned(goal, backbone)
    white = goal.groups()[0]
    goal.strategies.filter(group=white).delete()
    assert unmet(goal) == ["strategies_missing"]

    until = clock.now() + timedelta(days=30)
    goal.wait(group=white, until=until, why=Words(en="We ask first"), by=backbone.user)

    assert unmet(goal) == []
    with clock.at(until + timedelta(days=1)):
        assert unmet(goal) == ["strategies_missing"]
    with pytest.raises(ValidationError):
        goal.wait(group=white, until=clock.now(), why=Words(en="No"), by=backbone.user)


def test_a_goal_without_groups_is_held(initiative, backbone):
    assert unmet(builders.a_goal(initiative, backbone)) == ["goal_without_groups"]


def test_every_objection_leads_to_a_step_and_has_words(goal):
    from equity.presenting import present  # noqa: PLC0415

    lines = present(adopt_goal.ask(goal), record=goal).unmet

    assert [line.remedy_url for line in lines] == [
        goal.step_url("structures"),
        goal.step_url("strategies"),
    ]
    assert "White, Black, Asian, Hmong" in lines[0].sentence


# --- the decision


def test_a_passed_decision_adopts_it(goal, backbone):
    builders.planned(goal, backbone)

    decision = decided(goal, backbone)

    assert (goal.state, goal.decision_uid) == ("adopted", decision.uid)
    assert goal.passed.gate == "agenda.goal.adopt"
    assert Goal.objects.levels(goal.initiative) == {"population": 1, "systems": 0}


def test_a_decision_that_fails_lets_it_go(goal, backbone):
    builders.planned(goal, backbone)

    decided(goal, backbone, choice="disagree")

    assert (goal.state, goal.decision_uid) == ("draft", None)


def test_it_is_frozen_while_a_decision_carries_it(goal, backbone, race):
    builders.planned(goal, backbone)
    committee, _seats = deciding.a_body(goal.initiative, backbone)
    decision = deciding.a_decision(
        committee, backbone, effect="goal.adopt", effect_params={"goal": str(goal.uid)}
    )
    before = content(goal)

    deciding.in_input(decision, backbone)

    goal.refresh_from_db()
    assert goal.state == "proposed"
    with pytest.raises(StateChanged):
        goal.describe(by=backbone.user, name=Words(en="Another"))
    with pytest.raises(StateChanged):
        goal.plan(group=goal.groups()[0], text=Words(en="More"), by=backbone.user)
    for change in (
        lambda: Goal.objects.filter(pk=goal.pk).update(name=Words(en="Another")),
        lambda: Goal.objects.filter(pk=goal.pk).update(target_value=Decimal(50)),
        lambda: Goal.objects.filter(pk=goal.pk).delete(),
        lambda: Barrier.objects.filter(goal=goal).update(text=Words(en="Another")),
        lambda: Strategy.objects.filter(goal=goal).delete(),
        lambda: GoalDimension.objects.filter(goal=goal).delete(),
        lambda: NotYet.objects.create(
            initiative=goal.initiative,
            goal=goal,
            group=goal.groups()[0],
            until=clock.now(),
            why=Words(en="x"),
        ),
    ):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            change()
    assert content(Goal.objects.get(pk=goal.pk)) == before


def test_no_shell_adopts_it(goal, backbone):
    builders.planned(goal, backbone)
    entry = LedgerEntry.write(
        kind="pass", gate="agenda.goal.adopt", record=goal, answers=[], by=backbone.user
    )
    adopted = {"state": "adopted", "adopted_at": clock.now(), "passed": entry}

    for state in ({"state": "proposed"}, adopted, {**adopted, "decision_uid": goal.uid}):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            Goal.objects.filter(pk=goal.pk).update(**state)
    Goal.objects.filter(pk=goal.pk).update(state="proposed", decision_uid=goal.uid)
    with pytest.raises(IntegrityError, match="by a decision"), transaction.atomic():
        Goal.objects.filter(pk=goal.pk).update(**adopted)


def test_the_verb_asks_for_the_decision_that_carries_it(goal, backbone):
    builders.planned(goal, backbone)
    committee, _seats = deciding.a_body(goal.initiative, backbone)
    decision = deciding.a_decision(committee, backbone)

    with pytest.raises(ValidationError):
        goal.adopt(decision=decision, by=backbone.user)
    goal.propose(decision=decision, by=backbone.user)
    with pytest.raises((IntegrityError, DatabaseError)):
        goal.adopt(decision=decision, by=backbone.user)

    assert Goal.objects.get(pk=goal.pk).state == "proposed"


def test_a_goal_that_lacks_something_is_held_in_the_ledger(goal, backbone):
    committee, _seats = deciding.a_body(goal.initiative, backbone)
    decision = deciding.a_decision(committee, backbone)
    goal.propose(decision=decision, by=backbone.user)

    with pytest.raises(GateClosed):
        goal.adopt(decision=decision, by=backbone.user)

    assert LedgerEntry.objects.filter(gate="agenda.goal.adopt", kind="hold").count() == 1


def test_an_adopted_goal_gets_more_strategies_and_loses_none(goal, backbone):
    builders.planned(goal, backbone)
    decided(goal, backbone)

    goal.plan(group=goal.groups()[0], text=Words(en="A second van"), by=backbone.user)

    assert "A second van" in map(str, goal.strategies.all())
    with pytest.raises(StateChanged):
        goal.drop(goal.strategies.first(), by=backbone.user)
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        goal.strategies.all().delete()


def test_a_new_goal_takes_the_place_of_the_old_one(goal, backbone):
    builders.planned(goal, backbone)
    decided(goal, backbone)

    after = goal.renew(by=backbone.user)
    assert content(after) | {"not_yet": []} == content(goal) | {"not_yet": []}
    after.describe(by=backbone.user, target_value=Decimal(95))
    decided(after, backbone)

    goal.refresh_from_db()
    assert (goal.state, after.state) == ("superseded", "adopted")


def test_a_decision_can_end_a_goal(goal, backbone):
    builders.planned(goal, backbone)
    decided(goal, backbone)
    committee, seats = deciding.a_body(goal.initiative, backbone)
    ending = deciding.a_decision(
        committee, backbone, effect="goal.retire", effect_params={"goal": str(goal.uid)}
    )

    deciding.closed(ending, backbone, dict.fromkeys(seats, "agree"))

    goal.refresh_from_db()
    assert goal.state == "retired"


# --- entries


def test_an_entry_is_about_a_group_of_the_goal(goal, initiative, backbone):
    language = builders.a_dimension(initiative, code="language", groups=("mam",))

    with pytest.raises(ValidationError):
        goal.plan(group=language.groups.get(), text=Words(en="x"), by=backbone.user)


def test_a_strategy_lowers_a_barrier_of_its_own_group(goal, backbone):
    white, black, *_more = goal.groups()
    barrier = goal.name_barrier(
        group=white, kind="blocks", text=Words(en="No bus"), by=backbone.user
    )

    with pytest.raises(ValidationError):
        goal.plan(group=black, text=Words(en="x"), barrier=barrier, by=backbone.user)
    goal.plan(group=white, text=Words(en="A van"), barrier=barrier, by=backbone.user)
    with pytest.raises(ValidationError, match="lowers this barrier"):
        goal.drop(barrier, by=backbone.user)


def test_a_barrier_cites_an_event_of_the_history(goal, initiative, backbone):
    event = builders.an_event(initiative, backbone.user)
    barrier = goal.name_barrier(
        group=goal.groups()[0], kind="blocks", text=Words(en="A line"), by=backbone.user
    )

    citing.cite(barrier, kind="event", uid=event.uid, by=backbone.user)

    citer = registry.citers["agenda.barrier"]
    citation = event.citable.citations.get() if event.citable else barrier_citation(barrier)
    assert citer(citation, None) is None
    assert citer(citation, backbone).title == str(goal.name)


def barrier_citation(barrier):
    from ciforum.people.models import Citation  # noqa: PLC0415

    return Citation.objects.of(barrier).get()


def test_of_two_editors_the_second_is_told(goal, backbone):
    other = Goal.objects.get(pk=goal.pk)
    goal.describe(by=backbone.user, seen=1, why=Words(en="Because"))

    with pytest.raises(StateChanged):
        other.describe(by=backbone.user, seen=1, why=Words(en="Otherwise"))


# --- evidence


def test_evidence_for_the_strategies(goal, initiative, backbone):
    assert strategies_made(initiative, None).count == 0
    assert "No goal for systems" in systems_beside(initiative, None).sentence
    builders.planned(goal, backbone)
    decided(goal, backbone)

    made = strategies_made(initiative, None)

    assert made.count == 4
    assert made.sentence == (
        "Of 4 groups that have not reached a goal, 4 have a strategy made for them, and 0 are put "
        "off in the open."
    )


# --- pages


def test_the_form_offers_a_wording_to_take_over(initiative, login, resident):
    client, url = login(resident.user), reverse("agenda:goal_new", args=[initiative.slug])
    typed = {
        "level": "population",
        "name_en": "Close the gap in reading by 2030",
        "name_es": "Cerrar la brecha en la lectura",
        "target_value": "95",
        "target_unit_en": "percent",
    }

    refused = client.post(url, typed)
    offered = client.post(url, {**typed, "take_over": "yes"})

    assert refused.status_code == 422
    assert "Take over the example" in refused.content.decode()
    form = offered.context["form"]
    assert form["name"].value() is not None
    assert "In reading, every group reaches the goal we set for everyone: 95 percent, by 2030." in (
        offered.content.decode()
    )
    assert "brecha" not in str(form["name"])
    assert not Goal.objects.for_initiative(initiative).exists()


def test_the_wizard_leads_from_the_goal_to_the_strategies(initiative, race, login, resident):
    client = login(resident.user)
    new = reverse("agenda:goal_new", args=[initiative.slug])
    client.post(new, {"level": "population", "name_en": "Every child reads", "name_es": ""})
    goal = Goal.objects.get(initiative=initiative)
    client.post(goal.step_url("groups"), {"dimensions": [race.pk]})
    group = goal.groups()[0]
    address = [initiative.slug, goal.slug]
    client.post(
        reverse("agenda:goal_barrier_new", args=address),
        {"group": group.pk, "kind": "blocks", "text_en": "No library"},
    )
    client.post(
        reverse("agenda:goal_strategy_new", args=address),
        {"group": group.pk, "text_en": "A book bus", "barrier": goal.barriers.get().pk},
    )

    page = client.get(goal.get_absolute_url()).content.decode()

    assert goal.slug == "every-child-reads"
    for words in ("Every child reads", "No library", "A book bus", "not measured yet"):
        assert words in page
    for step in ("universal", "everyone", "groups", "structures", "strategies"):
        assert client.get(goal.step_url(step)).status_code == 200


def test_a_draft_is_unknown_outside(goal, client, login, resident):
    assert client.get(goal.get_absolute_url()).status_code == 404
    assert login(resident.user).get(goal.get_absolute_url()).status_code == 200
    assert (
        goal.slug
        not in client.get(reverse("agenda:goals", args=[goal.initiative.slug])).content.decode()
    )


def test_the_list_and_a_goal_ask_no_more_with_more(initiative, backbone, race, client, login):
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    signed_in = login(backbone.user)
    first = builders.planned(builders.a_goal(initiative, backbone, [race]), backbone)
    url = reverse("agenda:goals", args=[initiative.slug])

    def asked(address):
        with CaptureQueriesContext(connection) as queries:
            assert signed_in.get(address).status_code == 200
        return len(queries)

    asked(url)
    few = asked(url), asked(first.get_absolute_url())
    for _more in range(2):
        for group in first.groups():
            first.plan(group=group, text=Words(en="More"), by=backbone.user)
        builders.a_goal(initiative, backbone, [race])

    assert (asked(url), asked(first.get_absolute_url())) == few
