"""Work that must happen is a row first; the queue only says "look now".

A file broker forgets what was in flight, and a worker may be killed at any moment. So a periodic
task claims every row that is due and not done, and each job is written so that it may run twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from ciforum.people import clock, registry
from ciforum.people.models import Job

log = logging.getLogger(__name__)

Work = Callable[..., None]

PENDING = (Job.State.WAITING, Job.State.RUNNING)
MAX_TRIES = 5
# A running job reports at least this often; one that is silent for longer has lost its worker.
SILENCE = timedelta(minutes=3)


def job(kind: str) -> Callable[[Work], Work]:
    """Register a function as the work of jobs of this kind: `work(job, *args)`.

    It may run twice, so it claims or overwrites what it does.
    """

    def register(work: Work) -> Work:
        return registry.jobs.add(kind, work)

    return register


def enqueue(kind: str, *args: Any, dedup_key: str = "") -> Job:
    """Add a job in the current transaction; it starts when that commits.

    With a `dedup_key`, a job of the same kind and key that waits or runs is answered instead. So
    do not change what a running job has read already: let its record's state forbid that.
    """
    if registry.jobs.get(kind) is None:
        raise LookupError(f"no work is registered for {kind!r}")
    row = _add(kind, list(args), dedup_key)
    transaction.on_commit(lambda: _knock(row.pk))
    return row


def _add(kind: str, args: list[Any], dedup_key: str) -> Job:
    while True:
        try:
            with transaction.atomic():
                return Job.objects.create(
                    kind=kind, args=args, dedup_key=dedup_key, run_at=clock.now()
                )
        except IntegrityError:
            twin = Job.objects.filter(kind=kind, dedup_key=dedup_key, state__in=PENDING).first()
            if twin is not None:
                return twin
            # It ended in this very moment: the key is free again.


def _knock(pk: int) -> None:
    try:
        current_app.send_task("ciforum.people.tasks.run_job", [pk])
    except Exception:  # the broker is away: beat finds the row
        log.warning("the queue could not be reached; job %s waits for the next round", pk)


def due() -> list[int]:
    """The jobs that should be running and are not: new ones, and those whose worker went silent."""
    now = clock.now()
    lost = Q(state=Job.State.RUNNING, started_at__lte=now - SILENCE)
    waiting = Q(state=Job.State.WAITING, run_at__lte=now)
    return list(
        Job.objects.filter(lost | waiting).order_by("run_at").values_list("pk", flat=True)[:100]
    )


def run(pk: int) -> None:
    """Claim one job and do its work. Of two workers one gets it; a finished one is left alone."""
    row = _claim(pk)
    if row is None:
        return
    try:
        registry.jobs[row.kind](row, *row.args)
    except Exception as error:
        log.exception("job %s (%s) failed", row.pk, row.kind)
        _give_back(row, error)
        return
    _ours(row).update(state=Job.State.DONE, percent=100, ended_at=clock.now(), error="")


def _ours(row: Job) -> QuerySet[Job]:
    """The row while it is still in this worker's hands: nobody has claimed it again since."""
    return Job.objects.filter(pk=row.pk, state=Job.State.RUNNING, tries=row.tries)


def _claim(pk: int) -> Job | None:
    with transaction.atomic():
        row = Job.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
        now = clock.now()
        if row is None or not _may_start(row, now):
            return None
        if row.tries >= MAX_TRIES:  # each of its workers was killed: it may be what kills them
            row.state, row.ended_at, row.error = Job.State.FAILED, now, "WorkerLost"
            row.save(update_fields=["state", "ended_at", "error"])
            return None
        row.state, row.started_at, row.tries = Job.State.RUNNING, now, row.tries + 1
        row.save(update_fields=["state", "started_at", "tries"])
        return row


def _may_start(row: Job, now: datetime) -> bool:
    if row.state == Job.State.WAITING:
        return row.run_at <= now
    if row.state == Job.State.RUNNING:
        return row.started_at is None or row.started_at <= now - SILENCE
    return False


def _give_back(row: Job, error: Exception) -> None:
    """Try again later, each time after a longer pause; after MAX_TRIES say it failed."""
    final = row.tries >= MAX_TRIES
    _ours(row).update(
        state=Job.State.FAILED if final else Job.State.WAITING,
        run_at=clock.now() + timedelta(seconds=15 * 2**row.tries),
        ended_at=clock.now() if final else None,
        error=type(error).__name__,
    )
