"""No row, history, log or copy of the database links a seat with its secret ballot."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection

from agenda import secrecy
from agenda.models import CountedBallot, SealedBallot, SeatVoted
from ciforum.embedded.programs import _folders
from ciforum.people import clock
from tests.agenda.booths import an_open_vote, cast, signed_in, url

pytestmark = pytest.mark.django_db(transaction=True)

URN = ("agenda_seatvoted", "agenda_sealedballot")
DONE = {*URN, "people_duty"}
WORD = "zebra crossings"


@pytest.fixture
def vote(initiative, backbone):
    return an_open_vote(initiative, backbone, lived=3, secret=True)


def copies():
    """Every table as text, as a copy of the database has it: {table: [row]}."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                found[table] = b"".join(copy).decode().splitlines()
    return found


def counters():
    """Sequences say how often something was numbered."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1")
        return cursor.fetchall()


def on_disk(table, column):
    """The rows as they lie on disk: [(transaction, value)]."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT xmin::text, "{column}" FROM {table} ORDER BY ctid')
        return cursor.fetchall()


def secretly(decision, seat, choice, receipt=""):
    receipt = receipt or secrecy.new_receipt()
    decision.cast_in_secret(
        seat=seat, choice=choice, receipt=receipt, by=seat.holder.user, reason=WORD
    )
    return receipt


def count(decision):
    with clock.at(decision.round.voting_until + timedelta(minutes=1)):
        decision.end_voting()


def test_a_ballot_changes_the_urn_and_nothing_else(vote):
    decision, seats = vote
    for seat, choice in zip(seats, ("agree", "disagree", "agree"), strict=False):
        before, numbered = copies(), counters()
        secretly(decision, seat, choice)
        after = copies()

        # The duty to vote goes with it, as the row itself: no time is left behind.
        assert {table for table in after if after[table] != before[table]} == DONE
        assert set(after["people_duty"]) < set(before["people_duty"])
        assert counters() == numbered


def test_a_ballot_on_the_page_leaves_no_more_than_a_visit(vote):
    decision, seats = vote
    client, address = signed_in(seats[0].holder), url("ballot", decision)
    client.get(address)
    before = copies()

    page = cast(client, address, answer="disagree", reason=WORD)
    after = copies()

    assert page.status_code == 200
    changed = {table for table in after if after[table] != before[table]}
    assert changed <= {*DONE, "django_session"}
    kept = str([each.get_decoded() for each in Session.objects.all()])
    assert not re.search(f"disagree|receipt|{WORD}", kept)


def test_all_rows_of_the_urn_are_of_one_transaction_after_each_ballot(vote):
    decision, seats = vote
    for seat in seats:
        secretly(decision, seat, "agree")
        rows = on_disk("agenda_seatvoted", "id") + on_disk("agenda_sealedballot", "id")

        assert len({xmin for xmin, _id in rows}) == 1


def test_rows_have_no_time_and_no_number():
    for model in (SeatVoted, SealedBallot, CountedBallot):
        kinds = {field.get_internal_type() for field in model._meta.local_concrete_fields}

        assert model._meta.pk.get_internal_type() == "UUIDField"
        assert not kinds & {"DateTimeField", "DateField", "AutoField", "BigAutoField"}


def test_the_place_on_disk_tells_no_better_than_chance(vote):
    decision, seats = vote
    receipts = {seat: secretly(decision, seat, "agree") for seat in seats}
    marks = {seat.pk: secrecy.lookup(receipt) for seat, receipt in receipts.items()}
    rounds, together, last = 60, 0, 0
    for at in range(rounds):
        mover = seats[at % len(seats)]
        secretly(decision, mover, "disagree", receipts[mover])
        voted = [seat for _x, seat in on_disk("agenda_seatvoted", "seat_id")]
        lies = [mark for _x, mark in on_disk("agenda_sealedballot", "lookup")]
        together += sum(marks[seat] == lies[place] for place, seat in enumerate(voted))
        last += voted[-1] == mover.pk or lies[-1] == marks[mover.pk]

    # By chance one in each round (sd 1), and the mover is last in one of the two lists 9 times of
    # 25: six standard deviations each.
    assert together < rounds + 6 * rounds**0.5
    assert last < 0.36 * rounds + 6 * (0.24 * rounds) ** 0.5


def test_whoever_copied_the_database_after_each_ballot_links_no_seat_with_a_code(vote):
    """The linker knows all copies and every rule, but not the key of the site."""
    decision, seats = vote
    known, receipts = [], {}
    for seat in seats:
        receipts[seat.pk] = secretly(decision, seat, "agree")
        known.append(copies())
    count(decision)
    final = copies()
    published = {each.code for each in CountedBallot.objects.all()}

    # From two copies she learns which envelope came with which seat, and no more.
    marks = newcomers(known, "agenda_sealedballot", 1)
    assert len(marks) == len(seats)
    everything = "\n".join(line for copy in known for rows in copy.values() for line in rows)
    assert not [code for code in published if code in everything]
    for receipt in receipts.values():
        assert receipt not in everything
        # Even one who guesses a receipt cannot try it against the envelope's name.
        assert not set(marks) & {digest for digest in unkeyed(receipt)}
    assert not final["agenda_sealedballot"]
    assert len({row.split("\t")[0] for copy in known for row in copy["agenda_seatvoted"]}) == sum(
        range(1, len(seats) + 1)
    )  # each row is new each time


def newcomers(known, table, column):
    """The values that came with each copy."""
    seen: set[str] = set()
    found = []
    for copy in known:
        cells = [{cell for cell in row.split("\t") if len(cell) == 64} for row in copy[table]]
        new = set().union(*cells) - seen
        seen |= new
        found += sorted(new)
    return found


def unkeyed(receipt):
    for text in (receipt, f"agenda.envelope:{receipt}", f"agenda.envelope{receipt}"):
        yield hashlib.sha256(text.encode()).hexdigest()


def test_ballots_are_laid_out_in_no_order_that_the_urn_had(vote, monkeypatch):
    """Shuffled at the count: the order on disk is that of `shuffled`, and of nothing before."""
    decision, seats = vote
    for seat in seats:
        secretly(decision, seat, "agree")
    real, asked = secrecy.shuffled, []

    def watched(rows):
        mixed = real(rows)
        asked.append([row["code"] for row in mixed if isinstance(row, dict)])
        return mixed

    monkeypatch.setattr(secrecy, "shuffled", watched)
    count(decision)

    laid = [code for _x, code in on_disk("agenda_countedballot", "code")]
    assert laid == asked[-1]
    assert len({xmin for xmin, _code in on_disk("agenda_countedballot", "code")}) == 1


def test_a_backup_taken_during_the_vote_tells_no_choice(vote, tmp_path):
    decision, seats = vote
    receipts = [
        secretly(decision, seat, choice)
        for seat, choice in zip(seats, ("agree", "disagree", "abstain"), strict=False)
    ]
    program = pg_dump()
    if program is None:
        pytest.skip("this PostgreSQL came without pg_dump")

    backup = subprocess.run(
        [str(program), "--dbname", address_of_tests(), "--inserts"],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env={**os.environ, "LC_ALL": "C"},
    ).stdout

    assert "agenda_sealedballot VALUES" in backup
    rows = [line for line in backup.splitlines() if "agenda_sealedballot VALUES" in line]
    envelopes = {len(row.split("'\\x")[1]) for row in rows}
    assert len(envelopes) == 1  # all of one length
    for text in (WORD, '"disagree"', *receipts, *(secrecy.code(each) for each in receipts)):
        assert text not in backup


def pg_dump() -> Path | None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        major = int(cursor.fetchone()[0]) // 10_000
    folders = [*_folders(), *map(Path, os.environ.get("PATH", "").split(os.pathsep))]
    for program in (folder / "pg_dump" for folder in folders):
        if program.exists() and f" {major}." in version_of(program):
            return program
    return None


def version_of(program: Path) -> str:
    ran = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False)
    return ran.stdout


def address_of_tests():
    owner = connection.get_connection_params()
    return f"host={owner['host']} user={owner['user']} dbname={owner['dbname']}"


def test_no_log_line_tells_a_choice_or_a_receipt(vote, caplog, settings):
    decision, seats = vote
    settings.DEBUG = True
    connection.force_debug_cursor = True
    try:
        with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, "django"):
            receipt = secretly(decision, seats[0], "disagree")
            client, address = signed_in(seats[1].holder), url("ballot", decision)
            cast(client, address, answer="disagree", reason=WORD)
    finally:
        connection.force_debug_cursor = False

    assert "agenda_sealedballot" in caplog.text  # it did log
    for text in ("disagree", WORD, receipt, secrecy.code(receipt), secrecy.shown(receipt)):
        assert text not in caplog.text


def test_nothing_that_keeps_a_history_keeps_ballots(settings):
    tracked = {
        model._meta.label
        for model in apps.get_models()
        if hasattr(model, "pgh_tracked_model")
        and model.pgh_tracked_model in (SeatVoted, SealedBallot, CountedBallot)
    }

    assert tracked == set()
    assert "agenda" not in str(settings.CACHES)
