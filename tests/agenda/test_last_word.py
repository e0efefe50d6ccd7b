"""Seats for lived experience are heard last, each in her own channel and language."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from agenda.models import ContactTry, Decision, Input, LastWord
from ciforum.people import clock
from ciforum.people.models import Notice
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from equity.gates import GateClosed
from equity.models import LedgerEntry
from tests import builders, deciding

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def body(initiative, backbone):
    """Three seats for lived experience, an institution and a funder: (committee, seats)."""
    return deciding.a_body(initiative, backbone, lived=3)


@pytest.fixture
def decision(body, backbone):
    return deciding.a_decision(body[0], backbone)


@pytest.fixture
def opened(decision, backbone):
    """The moment at which the last word opened."""
    return deciding.in_last_word(decision, backbone)


def _codes(decision: Decision, by: Any) -> list[str]:
    with pytest.raises(GateClosed) as held:
        decision.open_voting(by=by.user)
    return [unmet.code for unmet in held.value.unmet]


def _speak(decision: Decision, *seats: Any, choice: str = "support") -> None:
    for seat in seats:
        decision.speak(seat=seat, choice=choice, by=seat.holder.user)


def test_only_seats_for_lived_experience_add_anything(decision, opened, body, backbone, resident):
    institution = body[1][3]
    with clock.at(opened):
        with pytest.raises(ValidationError):
            decision.speak(seat=institution, choice="support", by=institution.holder.user)
        with pytest.raises(ValidationError):
            decision.speak(seat=body[1][0], choice="support", by=backbone.user)
        for member in (backbone, resident, institution.holder, body[1][0].holder):
            with pytest.raises(ValidationError):
                Input.give(decision=decision, words="One more thing.", member=member)


def test_the_database_takes_no_word_after_deliberation(decision, opened, backbone):
    with pytest.raises(IntegrityError), transaction.atomic():
        Input.objects.create(
            initiative=decision.initiative,
            decision=decision,
            stage="deliberation",
            author=backbone.user,
            words="From a shell.",
            digest="0" * 64,
            at=opened,
        )


def test_nobody_replies_while_the_last_word_is_open(decision, backbone, resident):
    deciding.in_input(decision, backbone)
    said, _key = Input.give(decision=decision, words="And the bus?", member=resident)
    with clock.at(clock.now() + 9 * DAY):
        decision.end_input()
        decision.open_last_word(by=backbone.user)
        with pytest.raises(ValidationError):
            said.answer(reply="It runs.", by=backbone.user)
        with pytest.raises(IntegrityError), transaction.atomic():
            Input.objects.filter(pk=said.pk).update(reply="It runs.")


def test_her_days_begin_when_the_text_reached_her_in_her_language(body, backbone, initiative):
    committee, seats = body
    seat = seats[0]
    seat.prefer(by=seat.holder.user, shown_as="", channel="phone", language="es")
    decision = deciding.a_decision(
        committee, backbone, text=Words(en="The clinic opens.", es="La clínica abre.")
    )
    opened = deciding.in_last_word(decision, backbone)
    with clock.at(opened + 8 * DAY):
        decision.reach(seat=seat, by=seat.holder.user, language="en")  # not the language she reads
        before = {each.seat.pk: each for each in decision.hearing()}[seat.pk]
        decision.reach(seat=seat, by=seat.holder.user, language="es")
        after = {each.seat.pk: each for each in decision.hearing()}[seat.pk]

    assert (before.why, before.reached_at) == ("not_reached", None)
    assert (after.why, after.reached_at) == ("days", opened + 8 * DAY)


def test_tries_in_another_channel_or_language_or_on_one_day_do_not_count(
    decision, opened, body, backbone
):
    seat = body[1][0]
    with clock.at(opened + DAY):
        for channel, language in (("phone", "en"), ("email", "es"), ("email", "en")):
            decision.log_try(
                seat=seat, by=backbone.user, channel=channel, language=language, delivered=False
            )
        decision.log_try(
            seat=seat, by=backbone.user, channel="email", language="en", delivered=False
        )
        heard = decision.hearing()[0]

    # The mail of the opening, and one more day.
    assert heard.tries == 2


def test_a_try_that_she_disputes_does_not_count(decision, opened, body, backbone):
    seat, *others = body[1][:3]
    with clock.at(opened):
        _speak(decision, *others)
    with clock.at(opened + DAY):
        tried = decision.log_try(
            seat=seat, by=backbone.user, channel="email", language="en", delivered=True
        )
    with clock.at(opened + 2 * DAY):
        decision.dispute_try(tried, by=seat.holder.user)
        with pytest.raises(ValidationError):
            decision.dispute_try(tried, by=backbone.user)

    with clock.at(opened + 9 * DAY):
        assert _codes(decision, backbone) == ["seats_unheard"]


def test_every_try_stands_in_the_ledger_without_an_address(decision, opened, body, backbone):
    seat = body[1][0]
    with clock.at(opened + DAY):
        decision.log_try(
            seat=seat, by=backbone.user, channel="phone", language="en", delivered=False
        )

    tries = LedgerEntry.objects.filter(kind="try", record_uid=decision.uid)
    assert tries.count() == 4  # three mails of the opening, and the call
    assert tries.first().answers[0]["params"] == {
        "seat": 1,
        "channel": "phone",
        "language": "en",
        "delivered": False,
        "opened": False,
    }


def test_the_last_word_never_lapses_for_all(decision, opened, body, backbone):
    with clock.at(opened):
        _speak(decision, body[1][0])
    for seat in body[1][1:3]:
        for day in (1, 2):
            with clock.at(opened + day * DAY):
                decision.log_try(
                    seat=seat, by=backbone.user, channel="email", language="en", delivered=True
                )

    with clock.at(opened + 10 * DAY):
        assert [each.state for each in decision.hearing()] == ["spoken", "lapsed", "lapsed"]
        assert _codes(decision, backbone) == ["too_few_heard"]


def test_what_staff_writes_down_needs_somebody_who_stands_by_it(decision, opened, body, backbone):
    first, second, third = body[1][:3]
    with clock.at(opened):
        _speak(decision, first, second)
        said = decision.speak(
            seat=third, choice="pass", by=backbone.user, recorded=True, channel="phone"
        )
        assert _codes(decision, backbone) == ["seats_unheard"]
        with pytest.raises(ValidationError):
            decision.confirm(said, by=backbone)
        decision.confirm(said, by=builders.a_member(decision.initiative, "community"))
        decision.open_voting(by=backbone.user)

    assert Notice.objects.filter(to=third.holder.user, kind="decision.word_recorded").exists()


def test_staff_does_not_write_over_her_own_words(decision, opened, body, backbone):
    seat = body[1][0]
    with clock.at(opened):
        _speak(decision, seat)
        with pytest.raises(ValidationError):
            decision.speak(
                seat=seat, choice="pass", by=backbone.user, recorded=True, channel="phone"
            )


def test_words_taken_back_while_the_vote_is_open_close_it(decision, opened, body, backbone):
    first, second, third = body[1][:3]
    with clock.at(opened):
        _speak(decision, first, second)
        said = decision.speak(
            seat=third, choice="support", by=backbone.user, recorded=True, channel="phone"
        )
        decision.confirm(said, by=builders.a_member(decision.initiative, "community"))
        decision.open_voting(by=backbone.user)
        decision.take_back_word(said, by=third.holder.user)

    assert decision.state == "deliberation"


def test_a_send_back_voids_the_round_and_tells_who_spoke(decision, opened, body, backbone):
    first, second = body[1][:2]
    with clock.at(opened):
        _speak(decision, first)
        decision.speak(
            seat=second, choice="send_back", words="Not on Saturdays.", by=second.holder.user
        )

    assert decision.state == "deliberation"
    assert decision.rounds.get().ended_how == "sent_back"
    assert Notice.objects.filter(to=first.holder.user, kind="decision.sent_back").exists()
    with clock.at(opened), pytest.raises(StateChanged):
        _speak(decision, first)


def test_the_text_is_frozen_in_the_database(decision, opened):
    for change in ({"text": Words(en="Other")}, {"method": "consent"}, {"secret": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.filter(pk=decision.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        decision.affected.all().delete()


def test_a_vote_opens_in_no_other_way(decision, opened, backbone):
    entry = LedgerEntry.objects.filter(kind="pass", record_uid=decision.uid).first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(state="voting", passed_voting=entry)
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE agenda_decision SET state = 'voting', passed_voting_id = %s WHERE id = %s",
            [entry.pk, decision.pk],
        )


def test_the_text_must_stand_in_every_seats_language(body, backbone):
    committee, seats = body
    seats[0].prefer(by=seats[0].holder.user, shown_as="", channel="phone", language="es")
    decision = deciding.a_decision(committee, backbone)
    moment = deciding.in_deliberation(decision, backbone)

    with clock.at(moment), pytest.raises(ValidationError) as refused:
        decision.open_last_word(by=backbone.user)

    assert "text" in refused.value.message_dict


def test_an_erased_last_word_leaves_its_choice_and_nothing_else(decision, opened, body):
    seat = body[1][0]
    with clock.at(opened):
        said = decision.speak(
            seat=seat, choice="changes", words="My son was born on a bus.", by=seat.holder.user
        )
        decision.erase_word(said, by=seat.holder.user)

    said = LastWord.objects.get(pk=said.pk)
    assert (said.words, said.salt, said.choice) == ("", "", "changes")


def test_what_is_erased_twice_is_erased_once(decision, opened, body):
    seat = body[1][0]
    with clock.at(opened):
        said = decision.speak(seat=seat, choice="changes", words="Earlier.", by=seat.holder.user)
        decision.erase_word(said, by=seat.holder.user)
    with clock.at(opened + DAY):
        decision.erase_word(said, by=seat.holder.user)

    assert LastWord.objects.get(pk=said.pk).erased_at == opened


def test_a_logged_try_stays_as_it_was_logged(decision, opened):
    with pytest.raises(DatabaseError):
        ContactTry.objects.update(delivered=False, channel="phone")


def test_a_mail_that_did_not_go_out_has_reached_nobody(decision, opened, backbone):
    Notice.objects.filter(kind="decision.speak").update(sent_at=None)

    with clock.at(opened + 9 * DAY):
        heard = decision.hearing()

    assert {(each.why, each.tries) for each in heard} == {("not_reached", 0)}


def test_a_send_back_that_staff_wrote_down_waits_until_somebody_stands_by_it(
    decision, opened, body, backbone
):
    seat = body[1][0]
    with clock.at(opened):
        said = decision.speak(
            seat=seat,
            choice="send_back",
            words="Not on Saturdays.",
            by=backbone.user,
            recorded=True,
            channel="phone",
        )
        assert decision.state == "last_word"
        decision.take_back_word(said, by=seat.holder.user)
        again = decision.speak(
            seat=seat,
            choice="send_back",
            words="Not on Saturdays.",
            by=backbone.user,
            recorded=True,
            channel="phone",
        )
        decision.confirm(again, by=seat.holder)

    assert decision.state == "deliberation"


def test_nobody_stands_by_a_word_twice(decision, opened, body, backbone, resident):
    seat = body[1][0]
    with clock.at(opened):
        said = decision.speak(
            seat=seat, choice="pass", by=backbone.user, recorded=True, channel="phone"
        )
        decision.confirm(said, by=seat.holder)
        with pytest.raises(StateChanged):
            decision.confirm(said, by=resident)
