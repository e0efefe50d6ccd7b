"""What the database holds of a decision, whoever asks it: the web's own role, in plain SQL."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import environ
import psycopg
import pytest
from django.conf import settings
from django.db import connection

from agenda import secrecy
from agenda.models import Decision, Input
from ciforum.people import clock
from ciforum.people.models import Citable
from ciforum.people.verifying import verify
from ciforum.people.words import Words
from tests import builders, deciding

pytestmark = pytest.mark.django_db(transaction=True)


def holes(web, statements):
    """The statements that the database lets through and that change something."""
    found = []
    for statement in statements:
        try:
            changed = web.execute(statement).rowcount
        except psycopg.DatabaseError:
            continue
        found.append((changed, " ".join(statement.split())))
    return found


NEVER_REMOVED = [
    f"DELETE FROM {table}"
    for table in (
        *("agenda_decision", "agenda_round", "agenda_lastword", "agenda_contacttry"),
        *("agenda_input", "agenda_option", "agenda_affectedgroup", "people_citation"),
        *("people_chainlink", "people_chainhead", "people_auditline", "equity_ledgerentry"),
    )
]
NEW_INPUT = """
    INSERT INTO agenda_input (uid, initiative_id, decision_id, stage, name, key_digest, words,
        language, salt, digest, at, reply)
    SELECT gen_random_uuid(), initiative_id, id, '{stage}', '', '', 'x', 'en', 's', 'd', now(), ''
    FROM agenda_decision WHERE state <> 'draft'
"""
NEW_WORD = """
    INSERT INTO agenda_lastword (uid, initiative_id, round_id, seat_id, choice, words, language,
        is_public, salt, digest, by_id, channel, at, is_current)
    SELECT gen_random_uuid(), r.initiative_id, r.id, s.id, 'pass', '', 'en', false, 's', 'd',
        m.user_id, 'site', now(), false
    FROM agenda_round r, equity_seat s JOIN people_membership m ON m.id = s.holder_id
    WHERE s.seat_class {which}
"""
NEW_BALLOT = """
    INSERT INTO agenda_ballot (uid, initiative_id, decision_id, round_id, seat_id, seat_class,
        choice, version, is_current, reason, key, receipt, by_id, channel, at)
    SELECT gen_random_uuid(), r.initiative_id, r.decision_id, r.id, s.id, {seat_class}, '"agree"',
        9, false, '', gen_random_uuid(), 'x', m.user_id, 'site', {at}
    FROM agenda_round r, equity_seat s JOIN people_membership m ON m.id = s.holder_id
    WHERE {where} LIMIT 1
"""
NEW_ELECTOR = """
    INSERT INTO agenda_elector (uid, initiative_id, round_id, seat_id, seat_class)
    SELECT gen_random_uuid(), r.initiative_id, r.id, s.id, 'funder'
    FROM agenda_round r, equity_seat s WHERE s.seat_class {which} LIMIT 1
"""
NEW_OUTCOME = """
    INSERT INTO agenda_outcome (uid, initiative_id, decision_id, round_id, outcome, result, seats,
        counted_at, reasons, effect_state, held_by)
    SELECT gen_random_uuid(), initiative_id, decision_id, id, 'passed', '{{}}', '{{}}', {at},
        '{{}}', '', '[]' FROM agenda_round LIMIT 1
"""
NEW_COUNTED = """
    INSERT INTO agenda_countedballot (id, decision_id, round_id, code, choice, reason)
    SELECT gen_random_uuid(), decision_id, id, 'FORGED22', '"agree"', ''
    FROM agenda_round ORDER BY id LIMIT 1
"""


def states_from(present, allowed):
    others = set(Decision.State.values) - {present, *allowed}
    return [f"UPDATE agenda_decision SET state = '{state}'" for state in sorted(others)]


FROZEN = [
    """UPDATE agenda_decision SET text = '{"en": "Never."}'""",
    """UPDATE agenda_decision SET text = '{"en": "Never."}', state = 'deliberation'""",
    "UPDATE agenda_decision SET method = 'consent'",
    "UPDATE agenda_decision SET secret = NOT secret",
    "UPDATE agenda_decision SET voting_days = 1",
    """UPDATE agenda_decision SET quorum = '{"all": "1/9"}'""",
    """UPDATE agenda_decision SET threshold = '{"all": "1/9"}'""",
    "UPDATE agenda_decision SET effect = 'charter.adopt'",
    "UPDATE agenda_option SET label = '{}'",
    'INSERT INTO agenda_option (uid, initiative_id, decision_id, key, label, "order")'
    " SELECT gen_random_uuid(), initiative_id, id, 'z', '{}', 9 FROM agenda_decision",
    "UPDATE agenda_option SET decision_id = (SELECT id FROM agenda_decision WHERE state = 'draft')",
    "UPDATE agenda_affectedgroup SET asked_how = '{}'"
    " WHERE decision_id IN (SELECT id FROM agenda_decision WHERE state <> 'draft')",
    "UPDATE people_citation SET source_uid = gen_random_uuid()",
    "UPDATE people_citation SET citable_id = citable_id, detail = '{\"x\": 1}'",
    "INSERT INTO people_citation (uid, initiative_id, citable_id, source_kind, source_uid, anchor,"
    " detail, note, by_id, at) SELECT gen_random_uuid(), initiative_id, citable_id, source_kind,"
    " source_uid, 'other', detail, note, by_id, at FROM people_citation",
    "UPDATE agenda_round SET paper = '{}'",
    "UPDATE agenda_round SET paper_digest = 'x'",
    "UPDATE agenda_round SET until = now()",
    "INSERT INTO agenda_round (uid, initiative_id, decision_id, number, paper, paper_digest,"
    " opened_at, until, ended_how) SELECT gen_random_uuid(), initiative_id, id, 9, '{}', '',"
    " now(), now() + interval '30 days', '' FROM agenda_decision WHERE state <> 'draft'",
    NEW_INPUT.format(stage="input"),
    NEW_INPUT.format(stage="deliberation"),
    "UPDATE agenda_input SET words = 'changed'",
    "UPDATE agenda_input SET words = '', salt = '', name = ''",
    "UPDATE agenda_input SET reply = 'changed'",
    "UPDATE agenda_input SET digest = 'x'",
]
CHAIN = [
    "UPDATE people_chainlink SET content = 'x'",
    "UPDATE people_chainlink SET parts = '{}'",
    "UPDATE people_chainhead SET number = 0",
    "UPDATE people_chainhead SET hash = repeat('0', 64)",
    "UPDATE people_chainhead SET number = number + 1",
    "INSERT INTO people_chainlink (uid, initiative_id, number, kind, record_uid, content, parts,"
    " at, previous, hash) SELECT gen_random_uuid(), initiative_id, 99, kind, gen_random_uuid(),"
    " content, parts, at, hash, 'x' FROM people_chainlink ORDER BY number DESC LIMIT 1",
]


@pytest.fixture
def body(initiative, backbone):
    return deciding.a_body(initiative, backbone)


@pytest.fixture
def decision(initiative, body, backbone):
    """With options to choose from, evidence, and an input."""
    options = [("a", Words(en="Saturdays")), ("b", Words(en="Evenings"))]
    decision = deciding.a_decision(body[0], backbone, method="score", options=options)
    event = builders.an_event(initiative, backbone.user, "Ward closed")
    decision.cite(Citable.of(event, "event"), by=backbone.user)
    deciding.in_input(decision, backbone)
    Input.give(decision=decision, words="Mothers need it.", member=backbone)
    return decision


def to_last_word(decision, backbone):
    moment = clock.now() + timedelta(days=9)
    with clock.at(moment):
        decision.end_input()
        decision.open_last_word(by=backbone.user)
        deciding.all_spoken(decision)
    return moment


def to_vote(decision, backbone, seats):
    moment = to_last_word(decision, backbone)
    with clock.at(moment):
        decision.open_voting(by=backbone.user)
        for seat in seats:
            if decision.secret:
                receipt = secrecy.new_receipt()
                decision.cast_in_secret(
                    seat=seat, choice={"a": 1}, receipt=receipt, by=seat.holder.user
                )
            else:
                decision.cast(seat=seat, choice={"a": 1}, by=seat.holder.user)
    return moment


def to_end(decision, backbone, moment):
    with clock.at(moment + timedelta(days=8)):
        decision.end_voting()
        decision.give_reasons(reasons=Words(en="So."), by=backbone.user)
        decision.inputs.get().answer(reply="Yes.", by=backbone.user)
        decision.close(by=backbone.user)


def test_nobody_walks_round_the_input(web, initiative, decision):
    statements = [
        *states_from("input", {"deliberation", "withdrawn"}),
        "UPDATE agenda_decision SET passed_input_id = NULL",
        "UPDATE agenda_input SET words = 'changed'",
        "UPDATE agenda_input SET author_id = NULL",
        "UPDATE agenda_input SET stage = 'deliberation'",
        NEW_INPUT.format(stage="deliberation"),
        "DELETE FROM agenda_decision",
        "DELETE FROM agenda_input",
    ]

    assert holes(web, statements) == []


def test_nobody_walks_round_the_last_word(web, initiative, decision, backbone):
    to_last_word(decision, backbone)
    statements = [
        *states_from("last_word", {"deliberation"}),
        *FROZEN,
        *CHAIN,
        *NEVER_REMOVED,
        NEW_WORD.format(which="<> 'lived_experience'"),
        "UPDATE agenda_lastword SET choice = 'send_back'",
        "UPDATE agenda_lastword SET words = 'changed'",
        "UPDATE agenda_lastword SET salt = ''",
        "UPDATE agenda_lastword SET by_id = recorded_by_id",
        "UPDATE agenda_contacttry SET at = now() - interval '30 days'",
        "UPDATE agenda_round SET voting_opened_at = now(), voting_until = now()",
        "UPDATE agenda_round SET counted_at = now()",
        "UPDATE agenda_round SET ended_how = 'edited'",
        NEW_ELECTOR.format(which="= 'institution'"),
        NEW_BALLOT.format(seat_class="s.seat_class", at="now()", where="true"),
        NEW_OUTCOME.format(at="now()"),
    ]

    assert holes(web, statements) == []
    assert verify(initiative).trouble == ""


NEW_TRY = """
    INSERT INTO agenda_contacttry (uid, initiative_id, round_id, seat_id, channel, language,
        delivered, opened, at)
    SELECT gen_random_uuid(), r.initiative_id, r.id, s.id, s.channel, s.language, true, false, {at}
    FROM agenda_round r, equity_seat s WHERE s.seat_class {which} LIMIT 1
"""


def test_tries_are_logged_when_they_were_made_and_stay_disputed(web, decision, body, backbone):
    to_last_word(decision, backbone)
    tried = decision.round.tries.first()
    decision.dispute_try(tried, by=tried.seat.holder.user)
    statements = [
        "UPDATE agenda_contacttry SET disputed_at = NULL WHERE disputed_at IS NOT NULL",
        NEW_TRY.format(at="r.opened_at - interval '30 days'", which="= 'lived_experience'"),
        NEW_TRY.format(at="r.opened_at", which="= 'institution'"),
        "UPDATE agenda_lastword SET is_public = true",
    ]

    assert holes(web, statements) == []


def test_a_vote_does_not_open_on_what_an_earlier_round_passed(web, decision, body, backbone):
    """The pass in the ledger was for words that an edit has voided since."""
    moment = to_vote(decision, backbone, [])
    old = decision.passed_voting_id
    with clock.at(moment + timedelta(days=1)):
        decision.describe(by=backbone.user, text=Words(en="Never."))
        decision.open_last_word(by=backbone.user)
        deciding.all_spoken(decision)
    web.execute(
        "UPDATE agenda_round SET voting_opened_at = opened_at,"
        " voting_until = opened_at + interval '8 days' WHERE ended_how = ''"
    )

    opening = f"UPDATE agenda_decision SET state = 'voting', passed_voting_id = {old}"
    assert holes(web, [opening]) == []


def test_no_vote_opens_with_a_pass_of_ones_own_before_two_have_spoken(web, decision, backbone):
    with clock.at(clock.now() + timedelta(days=9)):
        decision.end_input()
        decision.open_last_word(by=backbone.user)
    entry = web.execute(
        "INSERT INTO equity_ledgerentry (uid, initiative_id, kind, gate, record_kind, record_uid,"
        " label, url, answers, at) SELECT gen_random_uuid(), initiative_id, kind,"
        " 'agenda.decision.open_voting', record_kind, record_uid, label, url, answers,"
        " now() + interval '10 days' FROM equity_ledgerentry"
        " WHERE gate = 'agenda.decision.open_input' AND kind = 'pass' RETURNING id"
    ).fetchone()[0]
    web.execute(
        "UPDATE agenda_round SET voting_opened_at = opened_at,"
        " voting_until = opened_at + interval '8 days'"
    )

    opening = f"UPDATE agenda_decision SET state = 'voting', passed_voting_id = {entry}"
    assert holes(web, [opening]) == []
    with pytest.raises(psycopg.DatabaseError, match="two seats have spoken"):
        web.execute(opening)


def test_triggers_ask_no_table_of_the_session(web, decision, body, backbone):
    """Temporary tables come before all others where nobody says where to look."""
    to_end(decision, backbone, to_vote(decision, backbone, body[1]))
    for table in ("agenda_decision", "agenda_round"):
        web.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM public.{table}")
    web.execute("UPDATE agenda_decision SET state = 'voting'")
    web.execute("UPDATE agenda_round SET counted_at = NULL")

    forged = [
        "UPDATE agenda_ballot SET is_current = false",
        """UPDATE agenda_outcome SET reasons = '{"en": "Other."}'""",
    ]
    assert holes(web, forged) == []


def test_nobody_walks_round_an_open_vote(web, initiative, body, decision, backbone):
    to_vote(decision, backbone, body[1][:2])
    other = deciding.a_seat(body[0], "funder")
    statements = [
        *states_from("voting", {"deliberation"}),
        *FROZEN,
        *CHAIN,
        *NEVER_REMOVED,
        NEW_WORD.format(which="= 'lived_experience'"),
        "UPDATE agenda_lastword SET is_current = true, choice = 'pass'",
        "DELETE FROM agenda_ballot",
        "DELETE FROM agenda_elector",
        """UPDATE agenda_ballot SET choice = '{"a": 9}'""",
        "UPDATE agenda_ballot SET seat_class = 'lived_experience', version = 7",
        "UPDATE agenda_elector SET seat_class = 'funder'",
        NEW_ELECTOR.format(which="= 'funder'"),
        NEW_BALLOT.format(seat_class="s.seat_class", at="now()", where=f"s.id = {other.pk}"),
        NEW_BALLOT.format(
            seat_class="'funder'", at="r.voting_opened_at", where="s.seat_class <> 'funder'"
        ),
        NEW_BALLOT.format(
            seat_class="s.seat_class",
            at="r.voting_until + interval '1 minute'",
            where=f"s.id = {body[1][0].pk}",
        ),
        "UPDATE agenda_round SET voting_until = now()",
        "UPDATE agenda_round SET counted_at = now()",
        "UPDATE agenda_round SET counted_at = voting_until - interval '1 second'",
        NEW_OUTCOME.format(at="now()"),
        "INSERT INTO agenda_sealedballot (id, decision_id, round_id, lookup, envelope)"
        " SELECT gen_random_uuid(), decision_id, 0, 'x', '' FROM agenda_round",
        "INSERT INTO agenda_seatvoted (id, decision_id, round_id, seat_id)"
        " SELECT gen_random_uuid(), decision_id, round_id, seat_id FROM agenda_ballot",
    ]

    assert holes(web, statements) == []
    assert verify(initiative).trouble == ""


def test_nobody_counts_by_state_alone(web, decision, body, backbone):
    """Even whoever writes that time is over finds no count without an outcome."""
    to_vote(decision, backbone, body[1])
    web.execute("UPDATE agenda_round SET counted_at = voting_until")

    assert holes(web, ["UPDATE agenda_decision SET state = 'counted', acts_at = NULL"]) == []


@pytest.mark.parametrize("secret", [False, True])
def test_closed_is_closed(web, initiative, body, decision, backbone, secret):
    decision.describe(by=backbone.user, secret=secret)
    to_end(decision, backbone, to_vote(decision, backbone, body[1]))
    outcome = "UPDATE agenda_outcome SET"
    statements = [
        *states_from("closed", set()),
        *FROZEN,
        *CHAIN,
        *NEVER_REMOVED,
        NEW_WORD.format(which="= 'lived_experience'"),
        "UPDATE agenda_decision SET review_on = now()",
        "UPDATE agenda_decision SET closed_at = now()",
        "UPDATE agenda_decision SET passed_close_id = NULL",
        "UPDATE agenda_lastword SET is_current = false",
        "UPDATE agenda_lastword SET words = 'changed', erased_at = NULL",
        f"{outcome} outcome = 'failed'",
        f"{outcome} result = '{{}}'",
        f"{outcome} seats = '{{}}'",
        f"""{outcome} reasons = '{{"en": "Other."}}'""",
        f"{outcome} counted_at = now()",
        f"{outcome} reasons_by_id = NULL",
        "UPDATE agenda_round SET ended_how = 'edited', ended_at = now()",
        "UPDATE agenda_round SET ended_how = 'no_quorum', ended_at = now()",
        "UPDATE agenda_round SET uid = gen_random_uuid()",
        "UPDATE agenda_contacttry SET disputed_at = now()",
        "UPDATE agenda_lastword SET is_public = true",
        "UPDATE agenda_lastword SET taken_back_at = now()",
        "DELETE FROM agenda_outcome",
        "DELETE FROM agenda_elector",
        NEW_BALLOT.format(
            seat_class="s.seat_class", at="r.voting_opened_at", where=f"s.id = {body[1][0].pk}"
        ),
        NEW_COUNTED,
        *(
            [
                "UPDATE agenda_countedballot SET choice = '\"agree\"'",
                "DELETE FROM agenda_countedballot",
                "UPDATE agenda_seatvoted SET id = gen_random_uuid()",
                "DELETE FROM agenda_seatvoted",
                "INSERT INTO agenda_sealedballot (id, decision_id, round_id, lookup, envelope)"
                " SELECT gen_random_uuid(), decision_id, id, 'x', '' FROM agenda_round",
            ]
            if secret
            else [
                "UPDATE agenda_ballot SET is_current = false",
                "UPDATE agenda_ballot SET taken_back_at = now(), is_current = false",
                """UPDATE agenda_ballot SET choice = '{"b": 9}'""",
                "UPDATE agenda_ballot SET reason = 'other'",
                "DELETE FROM agenda_ballot",
            ]
        ),
    ]

    assert holes(web, statements) == []
    assert verify(initiative).trouble == ""


def test_ballots_of_an_earlier_vote_stay_while_the_next_one_is_open(
    web, initiative, body, decision, backbone
):
    moment = to_vote(decision, backbone, body[1][:1])
    later = moment + timedelta(days=9)
    with clock.at(later):
        decision.end_voting()
        decision.decide_again(by=backbone.user)
        decision.open_last_word(by=backbone.user)
        deciding.all_spoken(decision)
        decision.open_voting(by=backbone.user)
    statements = [
        "UPDATE agenda_ballot SET is_current = false",
        "UPDATE agenda_lastword SET is_current = false WHERE round_id ="
        " (SELECT min(id) FROM agenda_round)",
        NEW_COUNTED,
    ]

    assert holes(web, statements) == []
    assert verify(initiative).trouble == ""


def test_whoever_may_only_read_and_add_can_verify(initiative, body, decision, backbone):
    """In a process of its own, as the web's role."""
    to_end(decision, backbone, to_vote(decision, backbone, body[1]))
    owner = connection.get_connection_params()
    role = environ.Env.db_url_config(os.environ["DATABASE_URL"])["USER"]
    socket = owner["host"].replace("/", "%2F")

    ran = subprocess.run(
        [sys.executable, "manage.py", "verify_record", initiative.slug],
        env={
            **os.environ,
            "DATABASE_URL": f"postgres://{role}@/{owner['dbname']}?host={socket}",
            "DEBUG": "1",
            "SECRET_KEY": settings.SECRET_KEY,
        },
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("OK: 3 links")
