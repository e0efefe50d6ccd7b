"""Work in the background: reading files, protecting releases, forgetting uploads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.db import DataError, IntegrityError, connection

from ciforum.people import clock
from ciforum.people.jobs import MAX_TRIES, job
from ciforum.people.models import Job
from ciforum.people.transitions import StateChanged
from measurement.desk import catalogue, leftovers
from measurement.desk.staging import PROBLEMS_KEPT
from measurement.models import Release, Submission
from measurement.reading import child
from measurement.reading.errors import Unreadable
from measurement.reading.mapping import BadMapping, Mapping
from measurement.reading.rawlines import raw_lines

# A file of people is grouped by an engine in bounded memory; the rows of a table are all held.
READING_MB = {"people": 400, "table": 900}
READING_SECONDS = 900
# A file of people that nobody told how to read is not kept longer than this.
PATIENCE = timedelta(hours=24)
# The reading is most of the work; keeping what was read is the rest.
READING_SHARE = 90
HEARTBEAT = 30


@job("measurement.read")
def read_submission(row: Job, pk: int) -> None:
    """Read a submission's file in a child process. Safe to run twice: rows are replaced whole."""
    submission = Submission.objects.select_related("file", "initiative").get(pk=pk)
    if submission.state != Submission.State.CHECKING:
        return
    try:
        with _heartbeat(row):
            reading = _read(submission, row)
            raw = _raw(submission, reading)
            submission.store_reading(reading, raw)
    except (Unreadable, BadMapping) as trouble:
        _give_up(submission, trouble.code, {k: str(v) for k, v in trouble.params.items()})
    except StateChanged:
        return  # withdrawn in the meantime
    except (DataError, IntegrityError):
        # What the file says does not fit into the tables; trying again would not help.
        _give_up(submission, "could_not_be_kept", {})
    except Exception:
        submission.refresh_from_db()
        if submission.state != Submission.State.CHECKING:
            return
        if row.tries >= MAX_TRIES:
            _give_up(submission, "reading_failed", {})
        raise


def _read(submission: Submission, row: Job) -> Any:
    kind = "people" if submission.is_of_people else "table"
    known = {} if submission.is_of_people else {"groups": catalogue.groups(submission.initiative)}
    heavy = "table" if submission.sheets else kind  # a workbook is unfolded in memory
    return child.run(
        kind,
        submission.file.storage.path,
        Mapping.from_json(submission.mapping),
        memory_mb=READING_MB[heavy],
        seconds=READING_SECONDS,
        on_progress=_progress(row),
        sheets=submission.sheet_names,
        **known,
    )


def _progress(row: Job) -> Callable[[float], None]:
    """Shares of the reading, 0.0 to 1.0, as percents of the whole job."""
    return lambda share: row.report(share * READING_SHARE)


def _raw(submission: Submission, reading: Any) -> dict[int, str]:
    if submission.is_of_people:
        return {}
    lines = sorted({problem.line for problem in reading.problems if problem.line})
    path, wanted = submission.file.storage.path, lines[:PROBLEMS_KEPT]
    if not submission.sheets or not wanted:
        return raw_lines(path, wanted)
    names = submission.sheet_names
    found: dict[int, str] = child.run(
        "raw", path, wanted, sheets=names, memory_mb=READING_MB["table"], seconds=READING_SECONDS
    )
    return found


def _give_up(submission: Submission, code: str, params: dict[str, Any]) -> None:
    try:
        submission.store_trouble(code, params)
    except StateChanged:
        return  # withdrawn in the meantime


@contextmanager
def _heartbeat(row: Job) -> Iterator[None]:
    """Say that the job is alive, so that no second worker takes a long one for lost."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(HEARTBEAT):
            Job.objects.filter(pk=row.pk).update(started_at=clock.now())
            connection.close()  # this thread's own

    beating = threading.Thread(target=beat, daemon=True)
    beating.start()
    try:
        yield
    finally:
        over.set()
        beating.join()


@job("measurement.protect")
def protect_release(row: Job, pk: int, by_pk: int) -> None:
    """Find which cells of a draft to hide. Safe to run twice: the result is replaced whole."""
    release = _draft(pk)
    if release is None:
        return
    with _heartbeat(row):
        found = release.work_out_protection(progress=row.report)
    release.protect(found, by=None)
    if found.hidden or found.open_periods:
        release.start_offering(by=None)


@job("measurement.offer")
def offer_rolling_up(row: Job, pk: int) -> None:
    """Try out what adding up would let people see. Safe to run twice: the result is replaced."""
    release = _draft(pk)
    if release is None or not release.protected:
        return
    with _heartbeat(row):
        found = release.work_out_offers(progress=row.report)
    release.keep_offers(found)


def _draft(pk: int) -> Release | None:
    """The release, unless it was published or discarded since."""
    drafts = Release.objects.filter(state=Release.State.DRAFT)
    return drafts.select_related("initiative", "version", "indicator").filter(pk=pk).first()


@shared_task
def forget_old_uploads() -> None:
    """Delete files of people that were uploaded and never read, and what crashes left."""
    waiting = Submission.objects.filter(
        kind=Submission.Kind.PEOPLE,
        state__in=[Submission.State.UPLOADED, Submission.State.WITHDRAWN],
        file__forgotten_at=None,
        uploaded_at__lt=clock.now() - PATIENCE,
    ).select_related("file")
    for submission in waiting:
        submission.file.forget()
    leftovers.sweep()
