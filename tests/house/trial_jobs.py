"""Jobs for trying out workers, and a process that hands them out as the web does."""

from __future__ import annotations

import json
import sys
import threading

from celery import current_task
from django.db import transaction

from ciforum.people.jobs import enqueue, job
from ciforum.people.models import Job

EFFECT = "trial.effect"
ROWS = 10


@job("trial.mark")
def mark(row: Job, number: int) -> None:
    """Leave a row each time it runs, with the number and the name of the worker."""
    threading.Event().wait(0.02)  # so that a second worker gets its share
    Job.objects.create(kind=EFFECT, args=[number, current_task.request.hostname], state="done")


@job("trial.rows")
def make_rows(row: Job) -> None:
    """Write ROWS rows, however often it runs; the first time it never gets past the half."""
    for number in range(ROWS):
        if number == ROWS // 2 and row.tries == 1:
            row.report(50)
            threading.Event().wait(120)
        Job.objects.get_or_create(kind=EFFECT, args=[number], defaults={"state": "done"})


def hand_out(kind: str, count: int) -> None:
    """Enqueue jobs in one transaction and print their keys."""
    with transaction.atomic():
        keys = [enqueue(kind, number).pk for number in range(count)]
    json.dump(keys, sys.stdout)
