"""The record can be recomputed, and the first row that was changed is named."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection

from agenda import secrecy
from agenda.models import Decision, Input, LastWord
from ciforum.people import clock
from ciforum.people.models import ChainHead, ChainLink, Citable, StoredFile
from ciforum.people.verifying import verify
from ciforum.people.words import Words
from tests import builders, deciding

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(initiative, backbone):
    return deciding.a_body(initiative, backbone)


def closed(body, backbone, choices=("agree", "agree", "disagree", "abstain"), **fields):
    """A decision with input, last words in words, and open ballots, closed."""
    committee, seats = body
    decision = deciding.a_decision(committee, backbone, **fields)
    deciding.in_input(decision, backbone)
    said, _key = Input.give(decision=decision, words="Mothers need it.", member=backbone)
    said.answer(reply="Yes.", by=backbone.user)
    moment = clock.now() + timedelta(days=9)
    with clock.at(moment):
        decision.end_input()
        decision.open_last_word(by=backbone.user)
        for seat in decision.lived_seats():
            decision.speak(seat=seat, choice="changes", words="Open at 8.", by=seat.holder.user)
        decision.open_voting(by=backbone.user)
        for seat, choice in zip(seats, choices, strict=True):
            decision.cast(seat=seat, choice=choice, by=seat.holder.user)
    with clock.at(moment + timedelta(days=8)):
        decision.end_voting()
        decision.give_reasons(reasons=Words(en="Mothers asked for it."), by=backbone.user)
        decision.close(by=backbone.user)
    return Decision.objects.get(pk=decision.pk)


def tamper(table, sql, *args):
    """As the owner of the database could: with the triggers of the table switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, args)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_an_untouched_record_verifies(initiative, body, backbone):
    closed(body, backbone)

    found = verify(initiative)

    assert (found.trouble, found.links) == ("", 3)
    assert found.head == ChainHead.objects.get(initiative=initiative).hash


def test_an_empty_record_verifies(initiative):
    assert verify(initiative).trouble == ""


ROWS = {
    "ballot": (
        "agenda_ballot",
        "UPDATE agenda_ballot SET choice = '\"agree\"' WHERE choice = '\"disagree\"'",
        "ballots ",
    ),
    "ballot gone": (
        "agenda_ballot",
        "DELETE FROM agenda_ballot WHERE choice = '\"disagree\"'",
        "ballots ",
    ),
    "version gone": (
        "agenda_ballot",
        "UPDATE agenda_ballot SET version = 3, uid = '11111111-1111-4111-8111-111111111111'"
        " WHERE is_current = false",
        "11111111-1111-4111-8111-111111111111",
    ),
    "result": (
        "agenda_outcome",
        "UPDATE agenda_outcome SET result = jsonb_set(result, '{winners}', '[\"a\"]')",
        "“result”",
    ),
    "outcome": ("agenda_outcome", "UPDATE agenda_outcome SET outcome = 'failed'", "outcome"),
    "reasons": ("agenda_outcome", "UPDATE agenda_outcome SET reasons = '{}'", "“reasons”"),
    "paper": (
        "agenda_round",
        "UPDATE agenda_round SET paper = jsonb_set(paper, '{method}', '\"consent\"')",
        "its paper does not fit",
    ),
    "text": (
        "agenda_decision",
        'UPDATE agenda_decision SET text = \'{"en": "Never."}\'',
        "“text”",
    ),
    "last word": ("agenda_lastword", "UPDATE agenda_lastword SET words = 'No.'", "the last word "),
    "its choice": (
        "agenda_lastword",
        "UPDATE agenda_lastword SET choice = 'support'",
        "the last word ",
    ),
    "input": ("agenda_input", "UPDATE agenda_input SET words = 'No.'", "the input "),
    "input gone": ("agenda_input", "DELETE FROM agenda_input", "“inputs”"),
    "recusal": (
        "equity_recusal",
        "INSERT INTO equity_recusal (uid, initiative_id, seat_id, about, interest, by_id, at)"
        " SELECT gen_random_uuid(), d.initiative_id, s.id, d.uid, 'x', d.proposed_by_id,"
        " d.created_at FROM agenda_decision d, equity_seat s"
        " WHERE s.seat_class = 'lived_experience' LIMIT 1",
        "“recused”",
    ),
    "link": (
        "people_chainlink",
        "UPDATE people_chainlink SET content = repeat('0', 64) WHERE number = 2",
        "Link 2 (agenda.count",
    ),
    "link gone": (
        "people_chainlink",
        "DELETE FROM people_chainlink WHERE number = 2",
        "Link 2 is missing",
    ),
    "last link gone": (
        "people_chainlink",
        "DELETE FROM people_chainlink WHERE number = 3",
        "its head says 3",
    ),
    "head": ("people_chainhead", "UPDATE people_chainhead SET number = 7", "its head says 7"),
    "ledger": (
        "equity_ledgerentry",
        "UPDATE equity_ledgerentry SET kind = 'hold' WHERE gate = 'agenda.decision.close'",
        "agenda.decision.close",
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_the_first_broken_row_is_named(initiative, body, backbone, row):
    table, sql, named = ROWS[row]
    make = with_two_versions if row == "version gone" else closed
    make(body, backbone)
    tamper(table, sql)

    assert named in verify(initiative).trouble


def with_two_versions(body, backbone):
    decision = deciding.a_decision(body[0], backbone)
    moment = deciding.in_vote(decision, backbone)
    with clock.at(moment):
        seat = body[1][0]
        for choice in ("agree", "disagree"):
            decision.cast(seat=seat, choice=choice, by=seat.holder.user)
        for seat in body[1][1:]:
            decision.cast(seat=seat, choice="agree", by=seat.holder.user)
    with clock.at(moment + timedelta(days=8)):
        decision.end_voting()
    return decision


def test_the_ballot_is_named_by_its_seat(initiative, body, backbone):
    decision = closed(body, backbone)
    seat = body[1][2]
    tamper(*ROWS["ballot"][:2])

    trouble = verify(initiative).trouble

    assert f"ballots {seat.uid}" in trouble
    assert f"the count of decision {decision.number}" in trouble


def test_a_consistent_forgery_of_a_count_is_found_by_the_chain(initiative, body, backbone):
    """Whoever changes ballots and result alike still has to change the chain."""
    closed(body, backbone)
    tamper(
        "agenda_outcome",
        "UPDATE agenda_outcome SET counted_at = counted_at + interval '1 day'",
    )

    assert "counted_at" in verify(initiative).trouble


def test_a_closed_decision_without_a_link_is_named(initiative, body, backbone):
    decision = closed(body, backbone)
    tamper("people_chainlink", "DELETE FROM people_chainlink WHERE number = 3")
    link = ChainLink.objects.get(number=2)
    tamper(
        "people_chainhead",
        "UPDATE people_chainhead SET number = 2, hash = %s",
        link.hash,
    )

    assert str(decision.uid) in verify(initiative).trouble


def test_what_was_erased_leaves_a_tombstone_and_verifies(initiative, body, backbone):
    voice = StoredFile.keep(
        ContentFile(b"RIFF a voice", name="voice.webm"), initiative=initiative, kind="voice"
    )
    decision = deciding.a_decision(body[0], backbone)
    moment = deciding.in_last_word(decision, backbone)
    with clock.at(moment):
        said = [
            decision.speak(
                seat=seat, choice="changes", words="Hear me.", voice=file, by=seat.holder.user
            )
            for seat, file in zip(decision.lived_seats(), (voice, None), strict=True)
        ]
    assert verify(initiative).trouble == ""

    decision.erase_word(said[0], by=said[0].seat.holder.user)

    assert verify(initiative).trouble == ""
    assert LastWord.objects.get(pk=said[0].pk).words == ""
    assert StoredFile.objects.get(pk=voice.pk).forgotten_at


def test_a_recording_whose_bytes_were_changed_is_named(initiative, body, backbone):
    voice = StoredFile.keep(
        ContentFile(b"RIFF a voice", name="voice.webm"), initiative=initiative, kind="voice"
    )
    decision = deciding.a_decision(body[0], backbone)
    moment = deciding.in_last_word(decision, backbone)
    with clock.at(moment):
        seat = decision.lived_seats()[0]
        said = decision.speak(seat=seat, choice="support", voice=voice, by=seat.holder.user)
    with open(voice.storage.path, "r+b") as file:
        file.write(b"FAKE")

    assert f"recording of the last word {said.uid}" in verify(initiative).trouble


def test_an_erased_input_and_an_anonymous_author_verify(initiative, body, backbone):
    decision = closed(body, backbone)
    decision.inputs.get().erase(by=backbone.user)
    backbone.user.name, backbone.user.email = "", "gone@invalid"
    backbone.user.save(update_fields=["name", "email"])

    assert verify(initiative).trouble == ""


def secret_vote(body, backbone, choices, **fields):
    committee, seats = body
    decision = deciding.a_decision(committee, backbone, secret=True, **fields)
    moment = deciding.in_vote(decision, backbone)
    with clock.at(moment):
        for seat, choice in zip(seats, choices, strict=True):
            receipt = secrecy.new_receipt()
            decision.cast_in_secret(seat=seat, choice=choice, receipt=receipt, by=seat.holder.user)
    with clock.at(moment + timedelta(days=8)):
        decision.end_voting()
    return decision


SECRET_ROWS = {
    "choice": (
        "agenda_countedballot",
        "UPDATE agenda_countedballot SET choice = '\"agree\"' WHERE choice = '\"disagree\"'",
        "ballots ",
    ),
    "ballot gone": (
        "agenda_countedballot",
        "DELETE FROM agenda_countedballot WHERE choice = '\"disagree\"'",
        "ballots ",
    ),
    "seat": ("agenda_seatvoted", "DELETE FROM agenda_seatvoted", "4 ballots were counted, but 0"),
}


def test_a_secret_count_verifies(initiative, body, backbone):
    secret_vote(body, backbone, ("agree", "agree", "disagree", "abstain"))

    assert verify(initiative).trouble == ""


@pytest.mark.parametrize("row", SECRET_ROWS)
def test_a_changed_secret_ballot_is_named(initiative, body, backbone, row):
    table, sql, named = SECRET_ROWS[row]
    secret_vote(body, backbone, ("agree", "agree", "disagree", "abstain"))
    tamper(table, sql)

    assert named in verify(initiative).trouble


def test_a_count_without_quorum_stays_what_it_was_when_the_text_is_changed(
    initiative, body, backbone
):
    decision = deciding.a_decision(body[0], backbone)
    later = deciding.counted(decision, backbone, {body[1][3]: "agree"})
    assert decision.counted().outcome == "no quorum"
    with clock.at(later + timedelta(hours=1)):
        decision.decide_again(by=backbone.user)
        decision.describe(
            by=backbone.user, method="consent", threshold={"all": "2/3"}, text=Words(en="Sundays.")
        )
        decision.recuse(seat=body[1][3], by=body[1][3].holder.user, interest="We own the building.")
        decision.open_last_word(by=backbone.user)
        deciding.all_spoken(decision)

    assert verify(initiative).trouble == ""


def test_evidence_taken_away_behind_the_verbs_is_named(initiative, body, backbone):
    event = builders.an_event(initiative, backbone.user, "Ward closed")
    decision = deciding.a_decision(body[0], backbone)
    decision.cite(Citable.of(event, "event"), by=backbone.user)
    deciding.in_last_word(decision, backbone)
    assert verify(initiative).trouble == ""

    tamper("people_citation", "DELETE FROM people_citation")

    assert "“evidence”" in verify(initiative).trouble


def test_thousands_of_links_take_a_bounded_number_of_queries(
    initiative, body, backbone, django_assert_max_num_queries, monkeypatch
):
    for _ in range(3):
        closed(body, backbone)

    with django_assert_max_num_queries(45):
        found = verify(initiative)

    assert (found.trouble, found.links) == ("", 9)


def test_the_command_says_ok_or_what_is_broken(initiative, body, backbone):
    closed(body, backbone)
    out = StringIO()

    call_command("verify_record", initiative.slug, stdout=out)
    tamper(*ROWS["input"][:2])

    assert out.getvalue().startswith("OK: 3 links, head ")
    with pytest.raises(CommandError, match="BROKEN after 2 good links"):
        call_command("verify_record", initiative.slug)
