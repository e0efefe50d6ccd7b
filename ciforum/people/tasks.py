"""What Celery calls."""

from __future__ import annotations

from celery import shared_task

from ciforum.people import jobs, notices


@shared_task(acks_late=True)
def run_job(pk: int) -> None:
    """Do one job, if nobody else has."""
    jobs.run(pk)


@shared_task
def run_overdue_jobs() -> None:
    """Pick up every job that the queue forgot or a killed worker left."""
    for pk in jobs.due():
        run_job.delay(pk)


@shared_task
def send_notices() -> None:
    """Mail the notices that have not gone out."""
    notices.send_unsent()
