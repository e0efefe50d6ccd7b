"""The way of a decision, from draft to closed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from agenda.models import Decision
from ciforum.people import clock
from ciforum.people.models import ChainLink
from ciforum.people.words import Words
from equity.gates import GateClosed
from tests import deciding

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(initiative, backbone):
    return deciding.a_body(initiative, backbone)


@pytest.fixture
def decision(body, backbone):
    return deciding.a_decision(body[0], backbone)


def test_a_decision_goes_its_whole_way(decision, body, backbone):
    _committee, seats = body
    choices = dict(zip(seats, ("agree", "agree", "disagree", "abstain"), strict=True))

    deciding.closed(decision, backbone, choices)

    decision = Decision.objects.get(pk=decision.pk)
    assert decision.state == "closed"
    assert decision.outcome.outcome == "passed"
    kinds = list(ChainLink.objects.order_by("number").values_list("kind", flat=True))
    assert kinds == ["agenda.round", "agenda.count", "agenda.close"]


def test_nobody_shortens_the_input_that_was_promised(decision, backbone):
    deciding.in_input(decision, backbone)
    promised = decision.input_until

    for until in (None, clock.now() + timedelta(days=1)):
        with pytest.raises(ValidationError, match="at least 7 days"):
            decision.describe(by=backbone.user, input_until=until)

    assert Decision.objects.get(pk=decision.pk).input_until == promised


def test_no_vote_opens_before_every_last_word(decision, backbone):
    moment = deciding.in_last_word(decision, backbone)
    first, _second = decision.lived_seats()

    with clock.at(moment):
        decision.speak(seat=first, choice="support", by=first.holder.user)
        with pytest.raises(GateClosed) as held:
            decision.open_voting(by=backbone.user)

    assert [unmet.code for unmet in held.value.unmet] == ["seats_unheard", "too_few_heard"]


def test_a_last_word_lapses_for_one_seat_never_for_all(initiative, backbone):
    committee, _seats = deciding.a_body(initiative, backbone, lived=3)
    decision = deciding.a_decision(committee, backbone)
    moment = deciding.in_last_word(decision, backbone)
    silent, *others = decision.lived_seats()
    with clock.at(moment):
        for seat in others:
            decision.speak(seat=seat, choice="pass", by=seat.holder.user)
    for day in (1, 2):
        with clock.at(moment + timedelta(days=day)):
            decision.log_try(
                seat=silent, by=backbone.user, channel="email", language="en", delivered=True
            )

    with clock.at(moment + timedelta(days=6)), pytest.raises(GateClosed):
        decision.open_voting(by=backbone.user)
    with clock.at(moment + timedelta(days=8, minutes=1)):
        decision.open_voting(by=backbone.user)

    assert decision.state == "voting"


def test_an_edit_voids_what_was_said_and_chosen(decision, body, backbone):
    moment = deciding.in_vote(decision, backbone)
    seat = body[1][0]
    with clock.at(moment):
        decision.cast(seat=seat, choice="agree", by=seat.holder.user)
        decision.describe(by=backbone.user, text=Words(en="Saturdays from 9 to 12."))

    assert decision.state == "deliberation"
    assert decision.round is None
    assert not decision.ballots.effective().exists()
    assert decision.ballots.get().voided_at


def test_a_send_back_returns_it_once(decision, backbone):
    moment = deciding.in_last_word(decision, backbone)
    seat = decision.lived_seats()[0]
    with clock.at(moment):
        decision.speak(seat=seat, choice="send_back", words="Ask the aunts.", by=seat.holder.user)
        assert decision.state == "deliberation"
        decision.open_last_word(by=backbone.user)
        with pytest.raises(ValidationError):
            decision.speak(seat=seat, choice="send_back", words="Again.", by=seat.holder.user)


def test_secret_ballots_are_counted_apart_from_seats(initiative, backbone):
    committee, seats = deciding.a_body(initiative, backbone, lived=3)
    decision = deciding.a_decision(committee, backbone, secret=True)
    moment = deciding.in_vote(decision, backbone)
    from agenda import secrecy  # noqa: PLC0415

    receipts = {}
    with clock.at(moment):
        for seat in seats:
            receipts[seat] = secrecy.new_receipt()
            decision.cast_in_secret(
                seat=seat, choice="agree", receipt=receipts[seat], by=seat.holder.user
            )
        replaced = decision.cast_in_secret(
            seat=seats[0], choice="disagree", receipt=receipts[seats[0]], by=seats[0].holder.user
        )
    with clock.at(moment + timedelta(days=8, minutes=1)):
        decision.end_voting()

    assert replaced
    published = {each.code: each.choice for each in decision.round.counted_ballots.all()}
    assert published == {
        secrecy.code(receipt): "disagree" if seat == seats[0] else "agree"
        for seat, receipt in receipts.items()
    }
    assert not decision.round.sealed_ballots.exists()
