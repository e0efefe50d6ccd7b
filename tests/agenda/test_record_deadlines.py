"""The clock acts by itself and once, whoever else acts, and catches up after downtime."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection, connections

from agenda import tasks
from agenda.models import Decision, Outcome
from agenda.telling import decisions as telling
from ciforum.people import clock
from ciforum.people.models import AuditLine, ChainLink, Duty, Notice
from ciforum.people.verifying import verify
from tests import deciding

pytestmark = pytest.mark.django_db(transaction=True)

LONG_AGO = timedelta(days=40)


def overdue(committee, seats, backbone):
    """A vote that was opened long ago and ended long ago, while nobody was there to count."""
    with clock.at(clock.now() - LONG_AGO):
        decision = deciding.a_decision(committee, backbone)
        with clock.at(deciding.in_vote(decision, backbone)):
            for seat in seats:
                decision.cast(seat=seat, choice="agree", by=seat.holder.user)
    return decision


@pytest.fixture
def body(initiative, backbone):
    with clock.at(clock.now() - LONG_AGO):
        return deciding.a_body(initiative, backbone)


def counted_once(decision, seats):
    lines = AuditLine.objects.filter(record_uid=decision.uid, after="counted")
    told = Notice.objects.filter(kind="decision.counted", about=decision.uid)
    assert lines.count() == 1
    assert Outcome.objects.filter(decision=decision).count() == 1
    assert ChainLink.objects.filter(kind="agenda.count").count() == 1
    assert sorted(told.values_list("to", flat=True)) == sorted(
        seat.holder.user_id for seat in seats
    )
    assert Duty.objects.filter(kind=telling.FINISH, about=decision.uid).count() == 1
    return True


def test_two_workers_at_once_count_once(initiative, body, backbone):
    decision = overdue(*body, backbone)
    start = Barrier(4)

    def work(_number):
        start.wait(timeout=30)
        try:
            return tasks.act_on_deadlines()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        moved = list(pool.map(work, range(4)))

    assert sum(moved) == 1
    assert counted_once(decision, body[1])
    assert verify(initiative).trouble == ""


WORKER = """
import django; django.setup()
from agenda import tasks
print(tasks.act_on_deadlines())
"""


def test_two_processes_at_once_count_once(initiative, body, backbone):
    decision = overdue(*body, backbone)
    owner = connection.get_connection_params()
    url = f"postgres://{owner['user']}@/{owner['dbname']}?host={owner['host'].replace('/', '%2F')}"
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "ciforum.settings",
        "DEBUG": "1",
        "SECRET_KEY": settings.SECRET_KEY,
    }
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER],
            env=environment,
            cwd=settings.BASE_DIR,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]

    said = [worker.communicate(timeout=120) for worker in workers]

    assert [worker.returncode for worker in workers] == [0, 0], said
    assert sorted(out.strip() for out, _error in said) == ["0", "1"]
    assert counted_once(decision, body[1])


def test_all_that_came_due_during_downtime_is_done_in_a_few_rounds(initiative, body, backbone):
    committee, seats = body
    voted = overdue(committee, seats, backbone)
    with clock.at(clock.now() - LONG_AGO):
        asked = deciding.a_decision(committee, backbone)
        deciding.in_input(asked, backbone)
        heard = deciding.a_decision(committee, backbone)
        with clock.at(deciding.in_last_word(heard, backbone)):
            deciding.all_spoken(heard)

    moved = tasks.act_on_deadlines()
    again = tasks.act_on_deadlines()

    states = dict(Decision.objects.values_list("pk", "state"))
    assert (moved, again) == (3, 0)
    assert states == {voted.pk: "counted", asked.pk: "deliberation", heard.pk: "voting"}
    # A vote that opened late still has all its days.
    assert heard.round.voting_until > clock.now() + timedelta(days=6)


def test_a_decision_that_fails_does_not_keep_back_the_others(
    initiative, body, backbone, monkeypatch, caplog
):
    committee, seats = body
    broken = overdue(committee, seats, backbone)
    good = overdue(committee, seats, backbone)
    real = Decision.end_voting

    def end_voting(self):
        if self.pk == broken.pk:
            raise RuntimeError("the disk is full")
        return real(self)

    monkeypatch.setattr(Decision, "end_voting", end_voting)
    moved = tasks.act_on_deadlines()
    monkeypatch.undo()

    assert moved == 1
    assert "could not be taken on" in caplog.text
    assert Decision.objects.get(pk=good.pk).state == "counted"
    assert Decision.objects.get(pk=broken.pk).state == "voting"
    assert tasks.act_on_deadlines() == 1  # the next round tries again
    assert verify(initiative).trouble == ""


def test_a_held_vote_is_tried_by_the_clock_once_and_staff_told_once(initiative, body, backbone):
    with clock.at(clock.now() - LONG_AGO):
        decision = deciding.a_decision(body[0], backbone)
        deciding.in_last_word(decision, backbone)

    for _ in range(3):
        tasks.act_on_deadlines()

    assert Decision.objects.get(pk=decision.pk).state == "last_word"
    assert Duty.objects.filter(kind=telling.UNHEARD, about=decision.uid).count() == 1


def test_a_seat_is_reminded_once_and_only_if_it_has_not_voted(initiative, body, backbone):
    committee, seats = body
    decision = deciding.a_decision(committee, backbone)
    moment = deciding.in_vote(decision, backbone)
    with clock.at(moment):
        decision.cast(seat=seats[0], choice="agree", by=seats[0].holder.user)
    for hour in (0, 1, 2):
        with clock.at(moment + timedelta(days=6, hours=hour)):
            tasks.remind_voters()

    told = Notice.objects.filter(kind="decision.vote_ends", about=decision.uid)
    assert sorted(told.values_list("to", flat=True)) == sorted(
        seat.holder.user_id for seat in seats[1:]
    )
