"""A job that is in the table gets done, whatever happens to queue and workers."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from ciforum.people import clock, jobs, registry, tasks
from ciforum.people.models import Job

DONE: list[int] = []


@pytest.fixture(autouse=True)
def work(monkeypatch):
    """Two kinds of jobs: one that counts its runs, one that always fails."""
    DONE.clear()

    def fail(job):
        raise RuntimeError("no such luck")

    kinds = {"count": lambda job, number: DONE.append(number), "fail": fail}
    monkeypatch.setattr(registry.jobs, "_entries", {**registry.jobs._entries, **kinds})


def state(job):
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


@pytest.mark.django_db
def test_a_job_is_done_once_however_often_it_is_called_for():
    job = jobs.enqueue("count", 7)

    jobs.run(job.pk)
    jobs.run(job.pk)

    assert DONE == [7]
    assert state(job) == "done"


@pytest.mark.django_db
def test_work_that_nobody_registered_is_refused():
    with pytest.raises(LookupError):
        jobs.enqueue("nobody knows this")


@pytest.mark.django_db
def test_the_same_job_waits_only_once_and_may_come_again_when_it_is_done():
    first = jobs.enqueue("count", 1, dedup_key="x")
    again = jobs.enqueue("count", 1, dedup_key="x")
    jobs.run(first.pk)
    later = jobs.enqueue("count", 1, dedup_key="x")

    assert again == first
    assert later != first


@pytest.mark.django_db(transaction=True)
def test_a_job_is_knocked_for_only_when_its_transaction_commits(monkeypatch):
    knocks = []
    monkeypatch.setattr(jobs, "_knock", knocks.append)

    with transaction.atomic():
        jobs.enqueue("count", 1)
        transaction.set_rollback(True)
    assert knocks == []
    assert not Job.objects.exists()

    job = jobs.enqueue("count", 2)
    assert knocks == [job.pk]


@pytest.mark.django_db(transaction=True)
def test_a_queue_that_cannot_be_reached_loses_nothing(monkeypatch):
    def away(*args, **kwargs):
        raise OSError("no broker")

    monkeypatch.setattr(jobs.current_app, "send_task", away)

    job = jobs.enqueue("count", 3)

    assert jobs.due() == [job.pk]


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_gets_the_job():
    job = jobs.enqueue("count", 5)
    start = threading.Barrier(2)

    def worker():
        start.wait()
        jobs.run(job.pk)
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert DONE == [5]
    job.refresh_from_db()
    assert (job.state, job.tries) == ("done", 1)


@pytest.mark.django_db
def test_a_job_whose_worker_went_silent_is_picked_up_again():
    job = jobs.enqueue("count", 9)
    jobs._claim(job.pk)  # and then the worker is killed
    assert jobs.due() == []

    with clock.at(timezone.now() + jobs.SILENCE):
        assert jobs.due() == [job.pk]
        jobs.run(job.pk)

    assert DONE == [9]
    assert state(job) == "done"


@pytest.mark.django_db
def test_a_job_that_reports_is_left_to_its_worker():
    job = jobs.enqueue("count", 9)
    claimed = jobs._claim(job.pk)
    assert claimed is not None

    with clock.at(timezone.now() + jobs.SILENCE):
        claimed.report(40)
        assert jobs.due() == []


@pytest.mark.django_db
def test_a_worker_that_was_given_up_cannot_undo_what_the_next_one_did():
    job = jobs.enqueue("count", 1)
    slow = jobs._claim(job.pk)
    assert slow is not None
    with clock.at(timezone.now() + jobs.SILENCE):
        jobs.run(job.pk)

    jobs._give_back(slow, RuntimeError())

    assert state(job) == "done"


@pytest.mark.django_db
def test_a_failing_job_is_tried_again_after_longer_and_longer_pauses_and_then_given_up():
    job = jobs.enqueue("fail")
    moment, pauses = timezone.now(), []
    while state(job) == "waiting":
        with clock.at(moment):
            jobs.run(job.pk)
        job.refresh_from_db()
        pauses.append(round((job.run_at - moment).total_seconds()))
        moment = job.run_at

    assert pauses == [30, 60, 120, 240, 480]
    assert (job.state, job.tries, job.error) == ("failed", 5, "RuntimeError")
    assert jobs.due() == []


@pytest.mark.django_db
def test_a_job_that_pauses_is_not_started_early():
    job = jobs.enqueue("fail")
    jobs.run(job.pk)
    jobs.run(job.pk)

    job.refresh_from_db()
    assert job.tries == 1


@pytest.mark.django_db
def test_a_job_that_kills_its_workers_is_given_up():
    job = jobs.enqueue("count", 1)
    moment = timezone.now()
    for _ in range(jobs.MAX_TRIES):
        with clock.at(moment):
            assert jobs._claim(job.pk) is not None
        moment += jobs.SILENCE

    with clock.at(moment):
        jobs.run(job.pk)

    assert DONE == []
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "WorkerLost")


@pytest.mark.django_db
def test_the_periodic_task_calls_for_everything_that_is_due(monkeypatch):
    called = []
    monkeypatch.setattr(tasks.run_job, "delay", called.append)
    forgotten = jobs.enqueue("count", 1)
    finished = jobs.enqueue("count", 2)
    jobs.run(finished.pk)
    Job.objects.create(kind="count", args=[3], run_at=timezone.now() + timedelta(hours=1))

    tasks.run_overdue_jobs()

    assert called == [forgotten.pk]
