"""Work in the background: reading files, protecting releases, forgetting uploads."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task

from ciforum.people import clock
from ciforum.people.jobs import job
from ciforum.people.models import Job
from measurement.models import Release, Submission
from measurement.reading import child
from measurement.reading.errors import Unreadable
from measurement.reading.mapping import Mapping

READING_MB = 400
READING_SECONDS = 900
# A file of people that nobody told how to read is not kept longer than this.
PATIENCE = timedelta(hours=24)


@job("measurement.read")
def read_submission(row: Job, pk: int) -> None:
    """Read a submission's file in a child process. Safe to run twice: rows are replaced whole."""
    submission = Submission.objects.select_related("file", "initiative").get(pk=pk)
    if submission.state != Submission.State.CHECKING:
        return
    mapping = Mapping.from_json(submission.mapping)
    try:
        reading = child.run(
            "people" if submission.is_of_people else "table",
            submission.file.storage.path,
            mapping,
            memory_mb=READING_MB,
            seconds=READING_SECONDS,
            on_progress=row.report,
        )
    except Unreadable as trouble:
        submission.store_trouble(trouble.code, {k: str(v) for k, v in trouble.params.items()})
        return
    submission.store_reading(reading)


@job("measurement.protect")
def protect_release(row: Job, pk: int, by_pk: int) -> None:
    """Find which cells of a draft to hide. Safe to run twice: the result is replaced whole."""
    release = Release.objects.select_related("initiative", "version", "indicator").get(pk=pk)
    if release.state != Release.State.DRAFT:
        return
    release.protect(release.work_out_protection(progress=row.report), by=None)


@shared_task
def forget_old_uploads() -> None:
    """Delete files of people that were uploaded and never read."""
    waiting = Submission.objects.filter(
        kind=Submission.Kind.PEOPLE,
        state=Submission.State.UPLOADED,
        file__forgotten_at=None,
        uploaded_at__lt=clock.now() - PATIENCE,
    ).select_related("file")
    for submission in waiting:
        submission.file.forget()
