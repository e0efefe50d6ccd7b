"""Who votes, how often, until when: and every way round it."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connections, transaction

from agenda.models import Ballot, Decision, Goal, Outcome, Round
from agenda.tasks import act_on_deadlines
from ciforum.people import clock
from ciforum.people.models import AuditLine, ChainLink, Notice
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from equity.gates import GateClosed, Unmet
from equity.models import SeatClass
from equity.steps import adopt_goal
from tests import builders, deciding

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(initiative, backbone):
    return deciding.a_body(initiative, backbone)


@pytest.fixture
def decision(body, backbone):
    return deciding.a_decision(body[0], backbone)


@pytest.fixture
def voting(decision, backbone):
    """The moment at which the vote opened."""
    return deciding.in_vote(decision, backbone)


def test_staff_without_a_seat_cannot_vote_by_any_verb(decision, voting, body, backbone):
    seat = body[1][0]
    with clock.at(voting):
        with pytest.raises(ValidationError):
            decision.cast(seat=seat, choice="agree", by=backbone.user)
        with pytest.raises(ValidationError):
            decision.cast(seat=seat, choice="agree", by=backbone.user, recorded=True)
        with pytest.raises(ValidationError):
            decision.cast_in_secret(seat=seat, choice="agree", receipt="A" * 20, by=backbone.user)


def test_what_staff_writes_down_is_told_and_can_be_taken_back(decision, voting, body, backbone):
    seat = body[1][0]
    with clock.at(voting):
        ballot = decision.cast(
            seat=seat, choice="agree", by=backbone.user, recorded=True, channel="phone"
        )
        told = Notice.objects.filter(to=seat.holder.user, kind="decision.ballot_recorded")
        assert told.exists()
        with pytest.raises(ValidationError):
            decision.take_back_ballot(ballot, by=backbone.user)
        decision.take_back_ballot(ballot, by=seat.holder.user)

    assert not decision.ballots.effective().exists()


def test_staff_does_not_write_over_her_own_ballot(decision, voting, body, backbone):
    seat = body[1][0]
    with clock.at(voting):
        decision.cast(seat=seat, choice="agree", by=seat.holder.user)
        with pytest.raises(ValidationError):
            decision.cast(
                seat=seat, choice="disagree", by=backbone.user, recorded=True, channel="phone"
            )

    assert decision.ballots.effective().get().choice == "agree"


def test_a_seat_that_ended_cannot_vote(decision, voting, body):
    seat = body[1][0]
    with clock.at(voting):
        seat.end(by=seat.holder.user, because="I am moving away.")
        with pytest.raises(ValidationError):
            decision.cast(seat=seat, choice="agree", by=seat.holder.user)


def test_a_recusal_lowers_the_base_and_stays(decision, voting, body, backbone):
    first, second, third, fourth = body[1]
    with clock.at(voting):
        decision.recuse(seat=fourth, by=fourth.holder.user, interest="We would be paid for it.")
        with pytest.raises(ValidationError):
            decision.cast(seat=fourth, choice="agree", by=fourth.holder.user)
        for seat in (first, second):
            decision.cast(seat=seat, choice="agree", by=seat.holder.user)
        with pytest.raises(ValidationError):
            decision.recuse(seat=first, by=first.holder.user, interest="Too late.")
    with clock.at(voting + timedelta(days=8, minutes=1)):
        decision.end_voting()

    seats = decision.outcome.seats
    assert seats == {"funder": 0, "institution": 1, "lived_experience": 2}
    assert third.seat_class == SeatClass.INSTITUTION


def test_nobody_ends_a_vote_early(decision, voting):
    with clock.at(voting + timedelta(days=6)), pytest.raises(ValidationError):
        decision.end_voting()
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.filter(decision=decision).update(counted_at=voting)
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.filter(decision=decision).update(voting_until=voting)


def test_nobody_votes_when_time_is_over_even_before_the_clock_came(decision, voting, body):
    seat = body[1][0]
    with clock.at(voting + timedelta(days=8, minutes=1)), pytest.raises(ValidationError):
        decision.cast(seat=seat, choice="agree", by=seat.holder.user)


def test_nothing_moves_the_count_when_time_is_over_even_before_the_clock_came(
    decision, voting, body, backbone
):
    first, second = body[1][:2]
    with clock.at(voting):
        ballot = decision.cast(seat=first, choice="agree", by=first.holder.user)
    for late in (
        lambda: decision.take_back_ballot(ballot, by=first.holder.user),
        lambda: decision.recuse(seat=second, by=second.holder.user, interest="My sister."),
        lambda: decision.describe(by=backbone.user, text=Words(en="Another text.")),
    ):
        with (
            clock.at(voting + timedelta(days=8, minutes=1)),
            pytest.raises(ValidationError, match="over"),
        ):
            late()

    assert decision.ballots.effective().get() == ballot


def test_closed_is_closed(decision, body, backbone):
    seats = body[1]
    deciding.closed(decision, backbone, dict.fromkeys(seats, "agree"))
    ballot = decision.ballots.effective().first()
    attempts = [
        lambda: Decision.objects.filter(pk=decision.pk).update(state="voting"),
        lambda: Decision.objects.filter(pk=decision.pk).update(closed_at=None),
        lambda: Ballot.objects.filter(pk=ballot.pk).update(is_current=False),
        lambda: Ballot.objects.filter(pk=ballot.pk).update(choice="disagree"),
        lambda: Outcome.objects.update(outcome="failed"),
        lambda: Outcome.objects.update(reasons=Words(en="Because I say so.")),
        lambda: Round.objects.update(paper={}),
        lambda: ChainLink.objects.update(content="0" * 64),
        lambda: ChainLink.objects.all().delete(),
        lambda: Ballot.objects.create(
            initiative=decision.initiative,
            decision=decision,
            round=decision.round,
            seat=seats[0],
            seat_class="lived_experience",
            choice="agree",
            version=2,
            is_current=False,
            receipt="X",
            by=backbone.user,
            at=clock.now(),
        ),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    with pytest.raises(ValidationError):
        decision.describe(by=backbone.user, text=Words(en="Something else."))


def test_it_is_not_closed_without_reasons_and_replies(decision, body, backbone, resident):
    from agenda.models import Input  # noqa: PLC0415

    deciding.in_input(decision, backbone)
    said, _key = Input.give(decision=decision, words="And the bus?", member=resident)
    with clock.at(clock.now() + timedelta(days=9)):
        decision.end_input()
        decision.open_last_word(by=backbone.user)
        deciding.all_spoken(decision)
        decision.open_voting(by=backbone.user)
        for seat in body[1]:
            decision.cast(seat=seat, choice="agree", by=seat.holder.user)
    with clock.at(clock.now() + timedelta(days=18)):
        decision.end_voting()
        with pytest.raises(GateClosed) as held:
            decision.close(by=backbone.user)
        assert {unmet.code for unmet in held.value.unmet} == {
            "inputs_unanswered",
            "reasons_missing",
        }
        said.answer(reply="A bus is part of it.", by=backbone.user)
        decision.give_reasons(reasons=Words(en="Mothers asked."), by=backbone.user)
        decision.close(by=backbone.user)

    assert decision.state == "closed"


def test_without_quorum_it_goes_back_and_is_voted_on_again(decision, body, backbone):
    later = deciding.counted(decision, backbone, {body[1][0]: "agree"})
    assert decision.outcome.outcome == "no quorum"
    with clock.at(later):
        with pytest.raises(GateClosed):
            decision.close(by=backbone.user)
        decision.decide_again(by=backbone.user)
        decision.open_last_word(by=backbone.user)
        deciding.all_spoken(decision)
        decision.open_voting(by=backbone.user)
        for seat in body[1]:
            decision.cast(seat=seat, choice="agree", by=seat.holder.user)
    with clock.at(later + timedelta(days=8, minutes=1)):
        decision.end_voting()

    assert decision.outcome.outcome == "passed"
    assert [each.outcome for each in decision.outcomes.order_by("counted_at")] == [
        "no quorum",
        "passed",
    ]


def test_secret_is_refused_where_a_class_with_a_threshold_is_small(initiative, backbone):
    committee, _seats = deciding.a_body(initiative, backbone)
    decision = deciding.a_decision(
        committee, backbone, secret=True, threshold={"lived_experience": "1/2"}
    )
    moment = deciding.in_last_word(decision, backbone)
    with clock.at(moment):
        deciding.all_spoken(decision)
        with pytest.raises(ValidationError):
            decision.open_voting(by=backbone.user)


def test_the_same_request_sent_twice_counts_once(decision, voting, body):
    seat, key = body[1][0], uuid4()
    with clock.at(voting):
        first = decision.cast(seat=seat, choice="agree", by=seat.holder.user, key=key)
        again = decision.cast(seat=seat, choice="agree", by=seat.holder.user, key=key)

    assert first.pk == again.pk
    assert decision.ballots.count() == 1


def _at_once(number, work):
    """Run `work(index)` in threads, each with a connection of its own; answers the errors."""
    errors: list[Exception] = []
    start = threading.Barrier(number)

    def run(index: int) -> None:
        try:
            start.wait()
            work(index)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


@pytest.mark.django_db(transaction=True)
def test_many_ballots_of_one_seat_at_once_leave_one_in_force(decision, voting, body):
    seat = body[1][0]

    def vote(index: int) -> None:
        with clock.at(voting):
            mine = Decision.objects.get(pk=decision.pk)
            choice = ("agree", "disagree")[index % 2]
            mine.cast(seat=type(seat).objects.get(pk=seat.pk), choice=choice, by=seat.holder.user)

    errors = _at_once(20, vote)

    assert errors == []
    assert decision.ballots.effective().count() == 1
    versions = list(decision.ballots.order_by("version").values_list("version", flat=True))
    assert versions == list(range(1, 21))


@pytest.mark.django_db(transaction=True)
def test_of_two_clocks_one_counts(decision, voting, body):
    with clock.at(voting):
        for seat in body[1]:
            decision.cast(seat=seat, choice="agree", by=seat.holder.user)

    def tick(index: int) -> None:
        with clock.at(voting + timedelta(days=30)):
            act_on_deadlines()

    errors = _at_once(4, tick)

    assert errors == []
    assert Outcome.objects.count() == 1
    assert ChainLink.objects.filter(kind="agenda.count").count() == 1
    assert AuditLine.objects.filter(record_uid=decision.uid, after="counted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_vote_and_its_end_at_once_lose_no_ballot(decision, voting, body):
    """Whichever comes first: a ballot that was taken is counted, one that came late is refused."""
    seat = body[1][0]
    with clock.at(voting):
        for other in body[1][1:]:
            decision.cast(seat=other, choice="agree", by=other.holder.user)
    taken = []

    def act(index: int) -> None:
        mine = Decision.objects.get(pk=decision.pk)
        if index:
            with clock.at(voting + timedelta(days=8, minutes=1)):
                mine.end_voting()
        else:
            with clock.at(voting):
                try:
                    mine.cast(seat=seat, choice="agree", by=seat.holder.user)
                    taken.append(True)
                except StateChanged:
                    pass

    assert _at_once(2, act) == []
    counted = Decision.objects.get(pk=decision.pk).outcome
    assert counted.result["turnout"]["all"]["cast"] == 3 + len(taken)


def test_a_new_effect_is_asked_before_the_vote(decision, backbone, initiative):
    decision.describe(by=backbone.user, effect="charter.adopt", effect_params={"version": "x"})
    with pytest.raises(ValidationError):
        decision.open_input(by=backbone.user)


def test_a_seat_that_loses_cannot_stop_the_vote_with_a_comma(decision, voting, body):
    institution = body[1][2]
    with clock.at(voting), pytest.raises(ValidationError):
        decision.describe(by=institution.holder.user, text=Words(en="Saturdays, from 9 to 1."))

    assert Decision.objects.get(pk=decision.pk).state == "voting"


def test_a_date_beside_the_paper_or_the_same_words_void_nothing(decision, voting, backbone):
    with clock.at(voting):
        decision.describe(
            by=backbone.user,
            text=decision.text,
            groups=decision._groups(),
            review_on=(voting + timedelta(days=90)).date(),
        )

    assert Decision.objects.get(pk=decision.pk).state == "voting"


def test_an_effect_that_its_own_gate_holds_at_the_close_waits_and_is_tried_again(
    initiative, body, backbone, monkeypatch
):
    """The outcome stands; what it puts in force waits until the gate lets it through."""

    race = builders.a_dimension(initiative)
    goal = builders.planned(builders.a_goal(initiative, backbone, [race]), backbone)
    decision = deciding.a_decision(
        body[0], backbone, effect="goal.adopt", effect_params={"goal": str(goal.uid)}
    )
    later = deciding.counted(decision, backbone, dict.fromkeys(body[1], "agree"))
    rule = next(each for each in adopt_goal.rules if each.code == "universal")
    closed = type(rule)(
        **{**rule.__dict__, "ask": lambda *_asked: Unmet("gap_goal", {"words": "gap"})}
    )
    with clock.at(later):
        decision.give_reasons(reasons=Words(en="Mothers asked."), by=backbone.user)
        with monkeypatch.context() as patch:
            patch.setattr(
                adopt_goal,
                "rules",
                [closed if each is rule else each for each in adopt_goal.rules],
            )
            decision.close(by=backbone.user)
        assert (decision.state, decision.outcome.effect_state) == ("closed", "held")
        assert Goal.objects.get(pk=goal.pk).state == "proposed"
        decision.retry_effect(by=backbone.user)

    assert decision.outcome.effect_state == "done"
    assert Goal.objects.get(pk=goal.pk).state == "adopted"


def test_of_two_decisions_that_end_one_goal_both_are_closed(initiative, body, backbone):
    race = builders.a_dimension(initiative)
    goal = builders.planned(builders.a_goal(initiative, backbone, [race]), backbone)
    about = {"effect_params": {"goal": str(goal.uid)}}
    everybody = dict.fromkeys(body[1], "agree")
    adopting = deciding.a_decision(body[0], backbone, effect="goal.adopt", **about)
    deciding.closed(adopting, backbone, everybody)
    ending = [
        deciding.a_decision(body[0], backbone, effect="goal.retire", **about) for _each in range(2)
    ]

    for decision in ending:
        deciding.closed(decision, backbone, everybody)

    first, second = (Decision.objects.get(pk=each.pk) for each in ending)
    assert (first.state, first.outcome.effect_state) == ("closed", "done")
    assert (second.state, second.outcome.effect_state) == ("closed", "held")
    assert second.outcome.held_by == [{"code": "effect_gone", "params": {}}]
